//! Bytes of a file, or of a part of it, read piece by piece: weights of many gigabytes are never held whole.

use std::cell::Cell;
use std::io::{self, Read, Seek, SeekFrom};

/// Where bytes come from.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// Why reading ended early.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// The file ends where more was announced.
    #[error("it ends in the middle, at byte {0}")]
    CutShort(u64),
    /// A limit was reached.
    #[error("it goes beyond the limit of {0}")]
    Limit(String),
    /// It does not keep to its format.
    #[error("{0}")]
    Malformed(String),
    /// The system could not read it.
    #[error("{0}")]
    System(#[from] io::Error),
}

impl Unread {
    /// It does not keep to its format, in these words.
    pub fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }
}

/// What reading gives.
pub type Outcome<T> = Result<T, Unread>;

/// How many bytes are fetched at once.
const CHUNK: usize = 16 << 10;

/// A range of a source, with a place in it. Skipping reads nothing; what is read counts against a budget that all parts share.
pub struct Bytes<'a> {
    source: &'a mut dyn Source,
    budget: &'a Cell<u64>,
    start: u64,
    end: u64,
    /// Where the next byte is read, counted from the source's start.
    at: u64,
    chunk: Vec<u8>,
    chunk_at: u64,
}

impl<'a> Bytes<'a> {
    /// The whole source, `length` bytes long.
    pub fn whole(source: &'a mut dyn Source, length: u64, budget: &'a Cell<u64>) -> Self {
        Self { source, budget, start: 0, end: length, at: 0, chunk: Vec::new(), chunk_at: 0 }
    }

    /// The `length` bytes from `start`, cut to what is there.
    pub fn part(&mut self, start: u64, length: u64) -> Bytes<'_> {
        let start = self.start.saturating_add(start).min(self.end);
        let end = start.saturating_add(length).min(self.end);
        Bytes { source: &mut *self.source, budget: self.budget, start, end, at: start, chunk: Vec::new(), chunk_at: 0 }
    }

    /// How many bytes there are.
    pub fn length(&self) -> u64 {
        self.end - self.start
    }

    /// How many bytes stand before the next one.
    pub fn offset(&self) -> u64 {
        self.at - self.start
    }

    /// How many bytes are left.
    pub fn left(&self) -> u64 {
        self.end - self.at
    }

    /// Goes to this byte.
    pub fn seek(&mut self, offset: u64) -> Outcome<()> {
        let to = self.start.saturating_add(offset);
        if to > self.end {
            return Err(Unread::CutShort(self.length()));
        }
        self.at = to;
        Ok(())
    }

    /// Leaves out this many bytes without reading them.
    pub fn skip(&mut self, count: u64) -> Outcome<()> {
        self.seek(self.offset().saturating_add(count))
    }

    /// What is fetched already from the next byte on; empty only at the end.
    pub fn ahead(&mut self) -> Outcome<&[u8]> {
        let fetched = self.chunk_at..self.chunk_at + self.chunk.len() as u64;
        if !fetched.contains(&self.at) {
            let wanted = self.left().min(CHUNK as u64);
            let Some(budget) = self.budget.get().checked_sub(wanted) else {
                return Err(Unread::Limit("bytes that are read of one file".to_owned()));
            };
            self.budget.set(budget);
            self.chunk.clear();
            self.chunk_at = self.at;
            self.source.seek(SeekFrom::Start(self.at))?;
            (&mut *self.source).take(wanted).read_to_end(&mut self.chunk)?;
        }
        let skipped = usize::try_from(self.at - self.chunk_at).unwrap_or(usize::MAX);
        Ok(self.chunk.get(skipped..).unwrap_or_default())
    }

    fn cut_short(&self) -> Unread {
        Unread::CutShort(self.offset())
    }

    /// The next byte.
    pub fn byte(&mut self) -> Outcome<u8> {
        let byte = self.ahead()?.first().copied().ok_or_else(|| self.cut_short())?;
        self.at += 1;
        Ok(byte)
    }

    /// The next `count` bytes; more than `limit` are refused.
    pub fn take(&mut self, count: u64, limit: u64) -> Outcome<Vec<u8>> {
        if count > limit {
            return Err(Unread::Limit(format!("{limit} bytes in one piece")));
        }
        if count > self.left() {
            return Err(self.cut_short());
        }
        let mut taken = Vec::new();
        let mut missing = usize::try_from(count).unwrap_or(usize::MAX);
        while missing > 0 {
            let ahead = self.ahead()?;
            let piece = ahead.get(..missing.min(ahead.len())).unwrap_or_default();
            if piece.is_empty() {
                return Err(self.cut_short());
            }
            taken.extend_from_slice(piece);
            let length = piece.len();
            missing -= length;
            self.at += length as u64;
        }
        Ok(taken)
    }

    /// The next `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Outcome<[u8; N]> {
        let mut array = [0; N];
        for place in &mut array {
            *place = self.byte()?;
        }
        Ok(array)
    }

    /// A number of two bytes, the lowest first.
    pub fn u16(&mut self) -> Outcome<u16> {
        Ok(u16::from_le_bytes(self.array()?))
    }

    /// A number of four bytes, the lowest first.
    pub fn u32(&mut self) -> Outcome<u32> {
        Ok(u32::from_le_bytes(self.array()?))
    }

    /// A number of eight bytes, the lowest first.
    pub fn u64(&mut self) -> Outcome<u64> {
        Ok(u64::from_le_bytes(self.array()?))
    }

    /// What stands before the next line feed, which is left out; a longer line than `limit` is refused.
    pub fn line(&mut self, limit: usize) -> Outcome<Vec<u8>> {
        let mut line = Vec::new();
        loop {
            match self.byte()? {
                b'\n' => return Ok(line),
                _ if line.len() >= limit => return Err(Unread::Limit(format!("{limit} bytes in one line"))),
                byte => line.push(byte),
            }
        }
    }

    /// The first `count` bytes, fewer where there are fewer; the place stays.
    pub fn peek(&mut self, count: u64) -> Outcome<Vec<u8>> {
        let at = self.at;
        let taken = self.take(count.min(self.left()), count);
        self.at = at;
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn parts_count_from_their_start_and_end_where_they_end() {
        let mut source = Cursor::new((0_u8..100).collect::<Vec<_>>());
        let budget = Cell::new(1 << 20);
        let mut whole = Bytes::whole(&mut source, 100, &budget);
        let mut part = whole.part(10, 4);
        assert_eq!((part.length(), part.byte().unwrap(), part.offset()), (4, 10, 1));
        part.skip(2).unwrap();
        assert_eq!(part.peek(9).unwrap(), [13]);
        assert_eq!(part.byte().unwrap(), 13);
        assert!(matches!(part.byte(), Err(Unread::CutShort(4))));
        assert!(part.skip(1).is_err());
        assert_eq!(whole.part(98, 50).length(), 2);
    }

    #[test]
    fn what_is_read_is_counted_and_what_is_skipped_is_not() {
        let mut source = Cursor::new(vec![0; 1 << 20]);
        let budget = Cell::new(CHUNK as u64 + 10);
        let mut whole = Bytes::whole(&mut source, 1 << 20, &budget);
        whole.byte().unwrap();
        whole.seek((1 << 20) - 10).unwrap();
        whole.byte().unwrap();
        whole.seek(CHUNK as u64 * 3).unwrap();
        assert!(matches!(whole.byte(), Err(Unread::Limit(_))));
    }

    #[test]
    fn a_length_that_lies_takes_no_memory() {
        let mut source = Cursor::new(vec![0; 10]);
        let budget = Cell::new(1 << 20);
        let mut whole = Bytes::whole(&mut source, 10, &budget);
        assert!(matches!(whole.take(u64::MAX, u64::MAX), Err(Unread::CutShort(0))));
        assert!(matches!(whole.take(5, 4), Err(Unread::Limit(_))));
        assert!(matches!(whole.line(4), Err(Unread::Limit(_))));
    }
}
