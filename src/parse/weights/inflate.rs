//! Unpacks deflate (RFC 1951) within bounds: members of archives, gzip and zlib streams.

use super::Limits;
use super::bytes::{Bytes, Outcome, Unread};

/// Longest code, in bits.
const LONGEST: usize = 15;
/// Lengths of copies by symbol, from 257: the base and how many more bits follow.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
/// Distances of copies by symbol.
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
/// In which order the lengths of the code for lengths are written.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Unpacks what stands from the next byte on; what was unpacked before a fault is given with it.
pub(super) fn inflate(bytes: &mut Bytes<'_>, limits: &Limits) -> (Vec<u8>, Option<Unread>) {
    let packed = bytes.left();
    let ratio = packed.saturating_mul(limits.ratio).max(limits.unpacked_at_any_ratio);
    let limit = usize::try_from(limits.unpacked.min(ratio)).unwrap_or(usize::MAX);
    let mut stream = Stream { bytes, bits: 0, count: 0, out: Vec::new(), limit };
    let fault = stream.run().err();
    (stream.out, fault)
}

/// Unpacks a gzip stream (RFC 1952).
pub(super) fn gunzip(bytes: &mut Bytes<'_>, limits: &Limits) -> (Vec<u8>, Option<Unread>) {
    match skip_gzip_header(bytes) {
        Ok(()) => inflate(bytes, limits),
        Err(unread) => (Vec::new(), Some(unread)),
    }
}

fn skip_gzip_header(bytes: &mut Bytes<'_>) -> Outcome<()> {
    let [_, _, _, flags, ..] = bytes.array::<10>()?;
    if flags & 4 != 0 {
        let length = u64::from(bytes.u16()?);
        bytes.skip(length)?;
    }
    // Name and comment, each ended by a zero.
    for flag in [8, 16] {
        if flags & flag != 0 {
            while bytes.byte()? != 0 {}
        }
    }
    if flags & 2 != 0 {
        bytes.skip(2)?;
    }
    Ok(())
}

struct Stream<'a, 'b> {
    bytes: &'a mut Bytes<'b>,
    bits: u32,
    count: u32,
    out: Vec<u8>,
    limit: usize,
}

impl Stream<'_, '_> {
    fn run(&mut self) -> Outcome<()> {
        loop {
            let last = self.take_bits(1)? == 1;
            match self.take_bits(2)? {
                0 => self.stored()?,
                1 => {
                    let (literals, distances) = fixed()?;
                    self.codes(&literals, &distances)?;
                }
                2 => {
                    let (literals, distances) = self.dynamic()?;
                    self.codes(&literals, &distances)?;
                }
                _ => return Err(broken()),
            }
            if last {
                return Ok(());
            }
        }
    }

    fn take_bits(&mut self, wanted: u8) -> Outcome<u32> {
        let wanted = u32::from(wanted);
        while self.count < wanted {
            self.bits |= u32::from(self.bytes.byte()?) << self.count;
            self.count += 8;
        }
        let taken = self.bits & ((1 << wanted) - 1);
        self.bits >>= wanted;
        self.count -= wanted;
        Ok(taken)
    }

    fn push(&mut self, byte: u8) -> Outcome<()> {
        if self.out.len() >= self.limit {
            return Err(Unread::Limit(format!("{} unpacked bytes", self.limit)));
        }
        self.out.push(byte);
        Ok(())
    }

    fn stored(&mut self) -> Outcome<()> {
        self.bits = 0;
        self.count = 0;
        let length = self.bytes.u16()?;
        if self.bytes.u16()? != !length {
            return Err(broken());
        }
        for byte in self.bytes.take(u64::from(length), u64::from(u16::MAX))? {
            self.push(byte)?;
        }
        Ok(())
    }

    fn codes(&mut self, literals: &Code, distances: &Code) -> Outcome<()> {
        loop {
            let symbol = self.symbol(literals)?;
            match symbol {
                0..=255 => self.push(u8::try_from(symbol).unwrap_or_default())?,
                256 => return Ok(()),
                _ => {
                    let length = self.extended(&LENGTHS, symbol - 257)?;
                    let symbol = self.symbol(distances)?;
                    let distance = self.extended(&DISTANCES, symbol)?;
                    let from = self.out.len().checked_sub(distance).ok_or_else(broken)?;
                    for at in from..from + length {
                        let byte = self.out.get(at).copied().ok_or_else(broken)?;
                        self.push(byte)?;
                    }
                }
            }
        }
    }

    /// The number that a symbol stands for, with the bits that follow it.
    fn extended(&mut self, table: &[(u16, u8)], symbol: u16) -> Outcome<usize> {
        let (base, more) = table.get(usize::from(symbol)).copied().ok_or_else(broken)?;
        let more = self.take_bits(more)?;
        Ok(usize::from(base) + usize::try_from(more).unwrap_or(usize::MAX))
    }

    fn symbol(&mut self, code: &Code) -> Outcome<u16> {
        // Codes of one length are consecutive numbers, so that counting them tells whether a code is complete.
        let (mut value, mut first, mut index) = (0_usize, 0_usize, 0_usize);
        for count in code.counts.iter().skip(1) {
            value |= usize::try_from(self.take_bits(1)?).unwrap_or(0);
            if let Some(within) = value.checked_sub(first).filter(|within| within < count) {
                return code.symbols.get(index + within).copied().ok_or_else(broken);
            }
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        Err(broken())
    }

    fn dynamic(&mut self) -> Outcome<(Code, Code)> {
        let literals = self.take_bits(5)? as usize + 257;
        let distances = self.take_bits(5)? as usize + 1;
        let written = self.take_bits(4)? as usize + 4;
        let mut lengths = [0_u8; 19];
        for place in ORDER.iter().take(written) {
            let length = self.take_bits(3)?;
            if let Some(slot) = lengths.get_mut(*place) {
                *slot = u8::try_from(length).unwrap_or_default();
            }
        }
        let code = Code::of(&lengths)?;
        let mut all: Vec<u8> = Vec::new();
        while all.len() < literals + distances {
            let symbol = self.symbol(&code)?;
            let (value, times) = match symbol {
                16 => (all.last().copied().ok_or_else(broken)?, 3 + self.take_bits(2)?),
                17 => (0, 3 + self.take_bits(3)?),
                18 => (0, 11 + self.take_bits(7)?),
                length => (u8::try_from(length).unwrap_or_default(), 1),
            };
            all.extend(std::iter::repeat_n(value, times as usize));
        }
        let (first, second) = all.split_at_checked(literals).ok_or_else(broken)?;
        if second.len() != distances {
            return Err(broken());
        }
        Ok((Code::of(first)?, Code::of(second)?))
    }
}

/// A Huffman code: how many codes there are of each length, and the symbols in the order of their codes.
struct Code {
    counts: [usize; LONGEST + 1],
    symbols: Vec<u16>,
}

impl Code {
    fn of(lengths: &[u8]) -> Outcome<Self> {
        let mut counts = [0; LONGEST + 1];
        for length in lengths {
            *counts.get_mut(usize::from(*length)).ok_or_else(broken)? += 1;
        }
        let mut left = 1_usize;
        for count in counts.iter().skip(1) {
            left = (left << 1).checked_sub(*count).ok_or_else(broken)?;
        }
        let mut symbols = Vec::with_capacity(lengths.len());
        for wanted in 1..=LONGEST {
            let of_length = lengths.iter().enumerate().filter(|(_, length)| usize::from(**length) == wanted);
            symbols.extend(of_length.map(|(symbol, _)| u16::try_from(symbol).unwrap_or_default()));
        }
        Ok(Self { counts, symbols })
    }
}

/// The code that needs no table in the stream.
fn fixed() -> Outcome<(Code, Code)> {
    let mut lengths = [8_u8; 288];
    for (symbol, length) in lengths.iter_mut().enumerate() {
        *length = match symbol {
            144..=255 => 9,
            256..=279 => 7,
            _ => 8,
        };
    }
    Ok((Code::of(&lengths)?, Code::of(&[5; 30])?))
}

fn broken() -> Unread {
    Unread::malformed("what is packed in it is broken")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::io::Cursor;

    fn unpack(packed: &[u8], limits: &Limits) -> (Vec<u8>, Option<Unread>) {
        let mut source = Cursor::new(packed.to_vec());
        let budget = Cell::new(1 << 30);
        inflate(&mut Bytes::whole(&mut source, packed.len() as u64, &budget), limits)
    }

    #[test]
    fn every_form_of_block_is_unpacked() {
        let limits = Limits::default();
        // Made with `zlib.compressobj(9, zlib.DEFLATED, -15)`.
        let fixed = [0x4b, 0x4c, 0x4a, 0x4e, 0x84, 0x20, 0x00];
        let stored = [1, 3, 0, 0xfc, 0xff, b'x', b'y', b'z'];
        let dynamic = b"%\x92\xc9\x01\x031\x08\x03\x1b\xf2\xc3\x1c\xcb\xd1\x7fc\x199\x9f\x98\xac\x05\x0c\xc2\xf7\xd8\xc9\xb3\xc7\xea\xf8w\xa2N\xee\xa9<c\xc7\xee=\xe6\x9c\x99\xdc\xa2X$h\xfc\xe3\x9c=\xe1\x89\x9elt\x99\x9c\
            \x93\xe7\xf3=_\xd7)t\xc5\xd9\xfco\xbe\x0f\xf7\x8bnKuI\xb4K\x053J\x99j\x9aS\xdcB]R\xed>\xf5-\x01\x94H\x1a\x22\x9b\x14\x03\x84~Ea\x22\xf6\xbb\xc7\xe3\xe6\xf1\xbc\x06\x19\x19\
            ^\x8aZ\xdfF\xb7\x8b.\x94\x11\xd4\x174\xe4A\xbdH*\x87zD\xd3-\x86\xbe\xb1\x10\xe4\x85%E\x95\x01_&\xa4Y0gkZ\x8d\xf1]\xe6\xf9L\x03\x87&\xe6\xe6|\x9a\xf9kE\xcb\xb7\xba\
            \xdc\x92e\xb8IF}\xe4VS\xa5\x86z}?\x99CF\xd3\xf3\xf4G\xdfn\x08za\x19Y?\x0e\xdf\xa4vQ0\xcf@\xbf\x9a\x03\x05\x11\x94\xb8\xc9\x94;\xf7\xedJf]\x7fq^\x19\x5c(\xb0\
            \x19\xb1\x99\xf2\xcc<\x14\xa7|\xb4\x92\xa56r\xd7\xff\x9b\x0ey\xee\x9f\xec\xf7\xd6&|\xdfR\xde~\x22\xbf\xb7 m-V\x0bL\xab\xf76\x94\x0b\xa5\xe2\x19\xad\x8e<~\x03#\xecyb\xdf(\xae\xf7\
            \xbdB\x9az\xfa\x92\x95\xd6\xafN\xa7j\xf6\xab\xdf\xab^\xf3\xfa\xb2t\xc5\x8fg\xaf\xd8\xf6q\xee{\x1c+~ff\x16\xbf\x9a\xcbo\xeb\x81\xd8\xff\x85\x84\x9e\x88\xc9\x07W2\xcf\x05\xed\x0f";
        let text = (0..150).map(|i| (i * i).to_string()).collect::<Vec<_>>().join(",").into_bytes();
        for (packed, expected) in [(&fixed[..], &b"abcabcabca"[..]), (&stored, b"xyz"), (&dynamic[..], &text)] {
            let (out, fault) = unpack(packed, &limits);
            assert!(fault.is_none(), "{fault:?}");
            assert_eq!(out, expected);
        }
    }

    #[test]
    fn bombs_and_broken_streams_end() {
        // A copy of one zero, 258 at a time.
        let bomb: Vec<u8> = [&[0xec, 0xc1, 0x01, 0x01, 0x00, 0x00][..], &[0; 64]].concat();
        let few = Limits { unpacked: 1_000, ..Limits::default() };
        assert!(unpack(&bomb, &few).0.len() <= 1_000);
        let ratio = Limits { ratio: 2, unpacked_at_any_ratio: 10, ..Limits::default() };
        let (out, fault) = unpack(&[0x4b, 0x4c, 0x4a, 0x4e, 0x84, 0x20, 0x00], &ratio);
        assert_eq!((out.len(), fault.is_none()), (10, true));
        for packed in [&[][..], &[7], &[0xff; 40], &[5], &[4, 0xff, 0xff, 0xff, 0xff], &[0x4b]] {
            assert!(unpack(packed, &Limits::default()).1.is_some(), "{packed:?}");
        }
    }

    #[test]
    fn names_in_the_header_of_gzip_are_skipped() {
        let packed = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"model\0", &[1, 1, 0, 0xfe, 0xff, b'x']].concat();
        let mut source = Cursor::new(packed.clone());
        let budget = Cell::new(1 << 20);
        let (out, fault) = gunzip(&mut Bytes::whole(&mut source, packed.len() as u64, &budget), &Limits::default());
        assert!(fault.is_none());
        assert_eq!(out, b"x");
    }
}
