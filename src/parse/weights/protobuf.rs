//! Walks protocol buffers without their schema in code: ONNX for data outside of its folder, TensorFlow graphs for operations on files.

use super::bytes::{Bytes, Outcome, Unread};
use super::{Limits, keras};
use crate::document::weights::ModelFile;
use crate::source::file_name;
use std::collections::BTreeSet;

/// How many fields are looked at.
const FIELD_LIMIT: u64 = 20_000_000;
/// How deep messages may stand within one another.
const DEPTH_LIMIT: usize = 64;
/// How long a text may be that is of interest.
const TEXT_LIMIT: u64 = 4_096;
/// How many findings of one kind are kept.
const KEPT: usize = 100;

/// The messages that lead to what is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Message {
    // ONNX
    Model,
    OnnxGraph,
    OnnxNode,
    OnnxAttribute,
    OnnxTensor,
    OnnxEntry,
    OnnxFunction,
    // TensorFlow
    SavedModel,
    MetaGraph,
    Graph,
    Library,
    Function,
    Operation,
}

/// What a field of a message holds.
enum Holds {
    Message(Message),
    Text(Text),
    Other,
}

/// A text that is of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Text {
    Key,
    Value,
    Operation,
}

/// What the field of this number holds.
fn field(of: Message, number: u64) -> Holds {
    use Message as M;
    let message = match (of, number) {
        (M::Model, 7) | (M::OnnxAttribute, 6 | 11) => M::OnnxGraph,
        (M::Model, 25) => M::OnnxFunction,
        (M::OnnxGraph, 1) | (M::OnnxFunction, 7) => M::OnnxNode,
        (M::OnnxGraph, 5) | (M::OnnxAttribute, 5 | 10) => M::OnnxTensor,
        (M::OnnxNode, 5) => M::OnnxAttribute,
        (M::OnnxTensor, 13) => M::OnnxEntry,
        (M::SavedModel, 2) => M::MetaGraph,
        (M::MetaGraph, 2) => M::Graph,
        (M::Graph, 1) | (M::Function, 3) => M::Operation,
        (M::Graph, 2) => M::Library,
        (M::Library, 1) => M::Function,
        (M::OnnxEntry, 1) => return Holds::Text(Text::Key),
        (M::OnnxEntry, 2) => return Holds::Text(Text::Value),
        (M::Operation, 2) => return Holds::Text(Text::Operation),
        _ => return Holds::Other,
    };
    Holds::Message(message)
}

/// What was met on the walk.
#[derive(Debug, Default)]
struct Met {
    key: Vec<u8>,
    locations: BTreeSet<String>,
    operations: BTreeSet<String>,
    fields: u64,
}

/// Reads an ONNX model for tensors whose data lies in files of their own.
pub(super) fn read_onnx(bytes: &mut Bytes<'_>, limits: &Limits, model: &mut ModelFile) -> Outcome<()> {
    let mut met = Met::default();
    let outcome = met.walk(bytes, Message::Model, limits);
    model.outside_paths.extend(met.locations.into_iter().filter(|location| leaves_folder(location)));
    outcome
}

/// True for a path that does not stay in the folder of the model.
fn leaves_folder(location: &str) -> bool {
    location.starts_with(['/', '\\', '~'])
        || location.get(1..3).is_some_and(|drive| drive == ":\\" || drive == ":/")
        || location.split(['/', '\\']).any(|part| part == "..")
}

/// Operations of TensorFlow that read or write any file they are given.
const FILE_OPERATIONS: &[&str] =
    &["ReadFile", "WriteFile", "PyFunc", "PyFuncStateless", "EagerPyFunc", "MatchingFiles"];
/// Operations that nearly every graph has, and no other protocol buffer.
const COMMON_OPERATIONS: &[&str] = &["Placeholder", "Const", "NoOp", "Identity", "VarHandleOp"];

/// Reads a graph of TensorFlow; false for another protocol buffer, many of which have the same extension.
pub(super) fn read_graph(bytes: &mut Bytes<'_>, path: &str, limits: &Limits, model: &mut ModelFile) -> Outcome<bool> {
    let is_saved_model = file_name(path) == "saved_model.pb";
    if file_name(path) == "keras_metadata.pb" {
        return keras::read_hdf5(bytes, model).map(|()| true);
    }
    let mut met = Met::default();
    let root = if is_saved_model { Message::SavedModel } else { Message::Graph };
    let outcome = met.walk(bytes, root, limits);
    let is_graph = COMMON_OPERATIONS.iter().any(|operation| met.operations.contains(*operation));
    if !is_saved_model && !is_graph {
        return Ok(false);
    }
    model.file_operations.extend(met.operations.into_iter().filter(|it| FILE_OPERATIONS.contains(&it.as_str())));
    outcome.map(|()| true)
}

impl Met {
    fn walk(&mut self, bytes: &mut Bytes<'_>, root: Message, limits: &Limits) -> Outcome<()> {
        // The messages that are open, each with the byte at which it ends.
        let mut open = vec![(root, bytes.length())];
        while let Some((message, end)) = open.last().copied() {
            if bytes.offset() >= end {
                open.pop();
                continue;
            }
            self.fields += 1;
            if self.fields > FIELD_LIMIT {
                return Err(Unread::Limit(format!("{FIELD_LIMIT} fields")));
            }
            let tag = varint(bytes)?;
            match tag & 7 {
                0 => drop(varint(bytes)?),
                1 => bytes.skip(8)?,
                5 => bytes.skip(4)?,
                2 => {
                    let length = varint(bytes)?;
                    let field_end = bytes.offset().saturating_add(length);
                    if field_end > end {
                        return Err(Unread::malformed(format!("no protocol buffer at byte {}", bytes.offset())));
                    }
                    match field(message, tag >> 3) {
                        Holds::Message(inner) if open.len() < DEPTH_LIMIT => open.push((inner, field_end)),
                        Holds::Message(_) => {
                            return Err(Unread::Limit(format!("{DEPTH_LIMIT} messages within one another")));
                        }
                        Holds::Text(text) if length <= TEXT_LIMIT.min(limits.piece) => {
                            let value = bytes.take(length, TEXT_LIMIT)?;
                            self.meet(text, value);
                        }
                        Holds::Text(_) | Holds::Other => bytes.skip(length)?,
                    }
                }
                _ => return Err(Unread::malformed(format!("no protocol buffer at byte {}", bytes.offset()))),
            }
        }
        Ok(())
    }

    fn meet(&mut self, text: Text, value: Vec<u8>) {
        match text {
            Text::Key => self.key = value,
            Text::Value if self.key == b"location" && self.locations.len() < KEPT => {
                self.locations.insert(String::from_utf8_lossy(&value).into_owned());
            }
            Text::Value => {}
            Text::Operation => {
                let name = String::from_utf8_lossy(&value).into_owned();
                let known = FILE_OPERATIONS.contains(&name.as_str()) || COMMON_OPERATIONS.contains(&name.as_str());
                if known {
                    self.operations.insert(name);
                }
            }
        }
    }
}

/// A number in groups of seven bits, the lowest first.
fn varint(bytes: &mut Bytes<'_>) -> Outcome<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let byte = bytes.byte()?;
        value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Unread::malformed("a number of a protocol buffer has no end"))
}
