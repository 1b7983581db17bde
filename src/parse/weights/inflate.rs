//! Unpacks deflate (RFC 1951) within bounds, with `miniz_oxide`: members of archives, gzip and zlib streams.

use super::Limits;
use super::bytes::{Bytes, Outcome, Unread};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::{TINFL_FLAG_HAS_MORE_INPUT, TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF};
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

/// How many bytes are unpacked before more room is made.
const FIRST_ROOM: usize = 64 << 10;

/// Unpacks what stands from the next byte on; what was unpacked before a fault is given with it.
pub(super) fn inflate(bytes: &mut Bytes<'_>, limits: &Limits) -> (Vec<u8>, Option<Unread>) {
    let packed = bytes.left();
    let ratio = packed.saturating_mul(limits.ratio).max(limits.unpacked_at_any_ratio);
    let limit = usize::try_from(limits.unpacked.min(ratio)).unwrap_or(usize::MAX);
    let mut unpacked = Vec::new();
    let fault = unpack(bytes, limit, &mut unpacked).err();
    (unpacked, fault)
}

fn unpack(bytes: &mut Bytes<'_>, limit: usize, unpacked: &mut Vec<u8>) -> Outcome<()> {
    let mut stream = DecompressorOxide::new();
    let mut length = 0_usize;
    // Room for one byte more than allowed tells whether there is one.
    let most = limit.saturating_add(1);
    unpacked.resize(FIRST_ROOM.min(most), 0);
    let outcome = loop {
        let packed = match bytes.ahead() {
            Ok(packed) => packed,
            Err(unread) => break Err(unread),
        };
        let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF | TINFL_FLAG_HAS_MORE_INPUT;
        let (status, read, written) = decompress(&mut stream, packed, unpacked, length, flags);
        length += written;
        bytes.skip(read as u64)?;
        match status {
            _ if length > limit => break Err(Unread::Limit(format!("{limit} unpacked bytes"))),
            TINFLStatus::Done => break Ok(()),
            TINFLStatus::HasMoreOutput => unpacked.resize(unpacked.len().saturating_mul(2).min(most), 0),
            TINFLStatus::NeedsMoreInput if bytes.left() > 0 => {}
            TINFLStatus::NeedsMoreInput => break Err(Unread::CutShort(bytes.offset())),
            _ => break Err(Unread::malformed("what is packed in it is broken")),
        }
    };
    unpacked.truncate(length.min(limit));
    outcome
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
