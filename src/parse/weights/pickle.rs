//! Walks the opcodes of a pickle for what loading it would import. Nothing is unpickled: values are followed only as far as names and
//! the sizes of joblib's arrays need it.

mod machine;

use super::Limits;
use super::bytes::{Bytes, Outcome, Unread};
use crate::document::weights::PickleImport;
use machine::{Machine, Value};
use std::collections::BTreeSet;

/// What was seen in a file of pickles.
#[derive(Debug, Default)]
pub(super) struct Pickles {
    /// What they would import, each name once, in order.
    pub(super) imports: Vec<PickleImport>,
    /// Arrays of joblib stand between the opcodes.
    pub(super) joblib: bool,
    /// How many were read to their end.
    pub(super) complete: usize,
    /// What stopped the walk.
    pub(super) unread: Option<Unread>,
    arrays: Option<Arrays>,
    seen: BTreeSet<(String, String)>,
    opcodes: u64,
}

/// The first value of the old format of `PyTorch`: five pickles, then raw numbers.
const TORCH_MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/// How many pickles the old format of `PyTorch` begins with.
const TORCH_PICKLES: usize = 5;

/// How long a name may be that is followed; longer ones count as computed.
const NAME_LIMIT: u64 = 512;
/// How long an argument may be that ends with its line.
const LINE_LIMIT: usize = 1 << 20;
/// How deep pickles may stand in arrays of joblib.
const NESTING_LIMIT: usize = 8;

/// Walks all pickles that follow one another. `member` is the path in the archive.
pub(super) fn walk(bytes: &mut Bytes<'_>, member: &str, limits: &Limits) -> Pickles {
    let start = bytes.offset();
    let mut pickles = walk_all(bytes, member, limits, Arrays::Follow);
    if pickles.joblib && bytes.seek(start).is_ok() {
        // Only joblib leaves out the arrays: for `pickle.load` they are opcodes, and could hide some.
        let plain = walk_all(bytes, member, limits, Arrays::Ignore);
        let hidden = plain.imports.into_iter().filter(|import| plain.complete > 0 || is_plausible(import));
        pickles.imports.extend(hidden.filter(|import| !pickles.seen.contains(&key(import))));
    }
    pickles
}

/// Whether arrays between the opcodes are left out, as joblib does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Arrays {
    Follow,
    Ignore,
}

/// True for an import whose names could be written in Python: numbers read as opcodes give others.
fn is_plausible(import: &PickleImport) -> bool {
    let is_name =
        |text: &str| text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    is_name(&import.module) && is_name(&import.name)
}

fn key(import: &PickleImport) -> (String, String) {
    (import.module.clone(), import.name.clone())
}

fn walk_all(bytes: &mut Bytes<'_>, member: &str, limits: &Limits, arrays: Arrays) -> Pickles {
    let mut pickles = Pickles { arrays: Some(arrays), ..Pickles::default() };
    pickles.walk_row(bytes, member, limits, 0);
    pickles
}

impl Pickles {
    /// Walks one pickle after the other.
    fn walk_row(&mut self, bytes: &mut Bytes<'_>, member: &str, limits: &Limits, depth: usize) {
        let old_torch = bytes.peek(14).is_ok_and(|head| head.get(4..) == Some(&TORCH_MAGIC[..]));
        while bytes.left() > 0 && !(old_torch && self.complete == TORCH_PICKLES) {
            let start = bytes.offset();
            match self.walk_one(bytes, member, limits, depth) {
                Ok(()) => self.complete += 1,
                Err(unread) => {
                    // What follows a whole pickle is read by whoever calls `pickle.load` again.
                    let follows = self.complete > 0 && matches!(unread, Unread::Malformed(_) | Unread::CutShort(_));
                    self.unread = Some(if follows {
                        Unread::malformed(format!("what follows the pickle at byte {start} is none"))
                    } else {
                        unread
                    });
                    return;
                }
            }
        }
    }

    fn walk_one(&mut self, bytes: &mut Bytes<'_>, member: &str, limits: &Limits, depth: usize) -> Outcome<()> {
        if depth > NESTING_LIMIT {
            return Err(Unread::Limit(format!("{NESTING_LIMIT} pickles within one another")));
        }
        let mut machine = Machine::new(limits);
        loop {
            self.opcodes += 1;
            if self.opcodes > limits.opcodes {
                return Err(Unread::Limit(format!("{} opcodes", limits.opcodes)));
            }
            let at = bytes.offset();
            let opcode = bytes.byte()?;
            match opcode {
                b'.' => return Ok(()),
                b'c' | b'i' => {
                    let module = name(bytes.line(LINE_LIMIT)?);
                    let attribute = name(bytes.line(LINE_LIMIT)?);
                    let import = self.add(module, attribute, at, member, limits)?;
                    if opcode == b'i' {
                        machine.pop_to_mark();
                        machine.push(Value::Other)?;
                    } else {
                        machine.push(import)?;
                    }
                }
                0x93 => {
                    let attribute = machine.pop().into_text();
                    let module = machine.pop().into_text();
                    let import = self.add(module, attribute, at, member, limits)?;
                    machine.push(import)?;
                }
                // Numbers that the program that loads the file gives a meaning to.
                0x82..=0x84 => {
                    bytes.skip([1, 2, 4].get(usize::from(opcode - 0x82)).copied().unwrap_or(0))?;
                    let import = self.add(None, None, at, member, limits)?;
                    machine.push(import)?;
                }
                b'C' | b'B' | 0x8e | 0x96 => {
                    let length = data_length(opcode, bytes)?;
                    self.look_into(bytes, length, member, limits, depth)?;
                    bytes.skip(length)?;
                    machine.push(Value::Other)?;
                }
                _ => step(opcode, bytes, &mut machine)?,
            }
            if let Some(array) = machine.take_array().filter(|_| self.arrays == Some(Arrays::Follow)) {
                self.joblib = true;
                match array {
                    machine::Array::Plain { bytes: length, aligned } => {
                        if aligned {
                            let padding = bytes.byte()?;
                            bytes.skip(u64::from(padding))?;
                        }
                        bytes.skip(length)?;
                    }
                    machine::Array::Objects => self.walk_one(bytes, member, limits, depth + 1)?,
                    machine::Array::Unclear => {
                        return Err(Unread::malformed(format!("the array of joblib at byte {at} has no plain size")));
                    }
                }
            }
        }
    }

    /// Walks bytes that may be a pickle themselves, as those of a tensor within a pickle are. What is none gives nothing.
    fn look_into(
        &mut self,
        bytes: &mut Bytes<'_>,
        length: u64,
        member: &str,
        limits: &Limits,
        depth: usize,
    ) -> Outcome<()> {
        if depth > NESTING_LIMIT || length < 2 {
            return Ok(());
        }
        let start = bytes.offset();
        let mut inner = Pickles { arrays: self.arrays, opcodes: self.opcodes, ..Pickles::default() };
        inner.walk_row(&mut bytes.part(start, length), member, limits, depth + 1);
        self.opcodes = inner.opcodes;
        let is_pickle = inner.complete > 0;
        for import in inner.imports.into_iter().filter(|import| is_pickle || is_plausible(import)) {
            self.add(Some(import.module), Some(import.name), start + import.offset, member, limits)?;
        }
        Ok(())
    }

    /// Notes what is imported; `None` for a name that is not written out.
    fn add(
        &mut self,
        module: Option<String>,
        name: Option<String>,
        offset: u64,
        member: &str,
        limits: &Limits,
    ) -> Outcome<Value> {
        let (module, name) = match (module, name) {
            (Some(module), Some(name)) if !module.is_empty() => (module, name),
            _ => (String::new(), String::new()),
        };
        let value = Value::of_import(&module, &name);
        if self.seen.insert((module.clone(), name.clone())) {
            if self.imports.len() >= limits.imports {
                return Err(Unread::Limit(format!("{} imported names", limits.imports)));
            }
            self.imports.push(PickleImport { module, name, offset, member: member.to_owned() });
        }
        Ok(value)
    }
}

/// A name as it stands in a line. Python's old protocols wrote `\r\n` nowhere, so that nothing is trimmed.
fn name(line: Vec<u8>) -> Option<String> {
    String::from_utf8(line).ok().filter(|line| line.len() as u64 <= NAME_LIMIT)
}

/// One opcode that imports nothing.
fn step(opcode: u8, bytes: &mut Bytes<'_>, machine: &mut Machine) -> Outcome<()> {
    match opcode {
        b'(' => machine.push(Value::Mark)?,
        b'0' => drop(machine.pop()),
        b'1' => machine.pop_to_mark(),
        b'2' => machine.duplicate()?,
        b'N' | 0x88 | 0x89 | b']' | 0x8f => machine.push(Value::Other)?,
        b'}' => machine.push(Value::empty_dict())?,
        b')' => machine.push(Value::empty_tuple())?,
        b'F' | b'L' | b'P' => {
            bytes.line(LINE_LIMIT)?;
            machine.push(Value::Other)?;
        }
        b'I' => {
            let line = bytes.line(LINE_LIMIT)?;
            let number = std::str::from_utf8(&line).ok().and_then(|text| text.trim().parse().ok());
            machine.push(number.map_or(Value::Other, Value::Number))?;
        }
        b'J' => machine.push(Value::Number(i64::from(i32::from_le_bytes(bytes.array()?))))?,
        b'K' => machine.push(Value::Number(i64::from(bytes.byte()?)))?,
        b'M' => machine.push(Value::Number(i64::from(bytes.u16()?)))?,
        0x8a => {
            let length = bytes.byte()?;
            machine.push(long(bytes, u64::from(length))?)?;
        }
        0x8b => {
            let length = u64::from(bytes.u32()?);
            machine.push(long(bytes, length)?)?;
        }
        b'G' => {
            bytes.skip(8)?;
            machine.push(Value::Other)?;
        }
        b'S' | b'V' => {
            let line = bytes.line(LINE_LIMIT)?;
            machine.push(Value::text(&line_text(opcode, &line)))?;
        }
        b'U' | 0x8c => {
            let length = u64::from(bytes.byte()?);
            machine.push(text(bytes, length)?)?;
        }
        b'T' | b'X' => {
            let length = u64::from(bytes.u32()?);
            machine.push(text(bytes, length)?)?;
        }
        0x8d => {
            let length = bytes.u64()?;
            machine.push(text(bytes, length)?)?;
        }
        0x97 => machine.push(Value::Other)?,
        b'a' => drop(machine.pop()),
        b'e' | 0x90 => machine.pop_to_mark(),
        b's' => machine.set_item(),
        b'u' => machine.set_items(),
        b'l' | b'd' | b'o' | 0x91 => {
            machine.pop_to_mark();
            machine.push(Value::Other)?;
        }
        b't' => machine.tuple_to_mark()?,
        0x85..=0x87 => machine.tuple(usize::from(opcode - 0x84))?,
        b'R' => machine.reduce()?,
        0x81 => machine.new_object()?,
        0x92 => {
            drop(machine.pop());
            machine.new_object()?;
        }
        b'b' => machine.build(),
        b'Q' => {
            drop(machine.pop());
            machine.push(Value::Other)?;
        }
        b'g' => machine.recall(line_number(bytes)?)?,
        b'h' => machine.recall(u64::from(bytes.byte()?))?,
        b'j' => machine.recall(u64::from(bytes.u32()?))?,
        b'p' => machine.remember(line_number(bytes)?)?,
        b'q' => machine.remember(u64::from(bytes.byte()?))?,
        b'r' => machine.remember(u64::from(bytes.u32()?))?,
        0x94 => machine.remember_next()?,
        0x80 => bytes.skip(1)?,
        0x95 => bytes.skip(8)?,
        // Marks a buffer as read-only.
        0x98 => {}
        other => {
            let at = bytes.offset().saturating_sub(1);
            return Err(Unread::malformed(format!("no pickle from byte {at} on: 0x{other:02x} is no opcode")));
        }
    }
    Ok(())
}

/// A whole number of any length.
fn long(bytes: &mut Bytes<'_>, length: u64) -> Outcome<Value> {
    if length > 8 {
        bytes.skip(length)?;
        return Ok(Value::Other);
    }
    let digits = bytes.take(length, 8)?;
    let negative = digits.last().is_some_and(|last| last & 0x80 != 0);
    let mut padded = [if negative { 0xff } else { 0 }; 8];
    for (place, digit) in padded.iter_mut().zip(digits) {
        *place = digit;
    }
    Ok(Value::Number(i64::from_le_bytes(padded)))
}

fn text(bytes: &mut Bytes<'_>, length: u64) -> Outcome<Value> {
    if length > NAME_LIMIT {
        bytes.skip(length)?;
        return Ok(Value::Other);
    }
    let text = bytes.take(length, NAME_LIMIT)?;
    Ok(std::str::from_utf8(&text).map_or(Value::Other, Value::text))
}

/// How many bytes an argument of plain bytes has.
fn data_length(opcode: u8, bytes: &mut Bytes<'_>) -> Outcome<u64> {
    match opcode {
        b'C' => bytes.byte().map(u64::from),
        b'B' => bytes.u32().map(u64::from),
        _ => bytes.u64(),
    }
}

/// The text of `S'os'` and `Vos`; with escapes it is no plain name, and is given so that it is none.
fn line_text(opcode: u8, line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    if opcode == b'V' {
        return text.into_owned();
    }
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    quoted('\'').or_else(|| quoted('"')).unwrap_or("\\").to_owned()
}

fn line_number(bytes: &mut Bytes<'_>) -> Outcome<u64> {
    let line = bytes.line(LINE_LIMIT)?;
    let number = std::str::from_utf8(&line).ok().and_then(|text| text.trim().parse().ok());
    number.ok_or_else(|| Unread::malformed("a place of the pickle's memo is no number"))
}

#[cfg(test)]
mod tests;
