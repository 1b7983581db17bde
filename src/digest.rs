//! Computes the checksums of the files that manifests list, so that rules can hold them against what is listed.

use crate::contents::{LfsPointer, Opened, Snapshot};
use crate::fact::{DataFile, Fact, FieldValue, Seen};
use crate::finding::NotAssessed;
use md5::Md5;
use rayon::prelude::*;
use sha2::Sha256;
use sha2::digest::Digest;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek};
use std::sync::Arc;

/// Larger files are not hashed: this is a second or two of one processor.
const SIZE_LIMIT: u64 = 512 << 20;
/// How much of a file is held at once.
const PIECE: usize = 64 << 10;
/// What the contents begin with that git-annex keeps elsewhere, where links are not possible.
const ANNEX_POINTER: &[u8] = b"/annex/objects/";

/// Fills in the checksums of listed files that are there and that are `wanted`, each computed once; says which could not be.
pub fn fill(facts: &mut [Fact], files: &Snapshot, wanted: &dyn Fn(&str) -> bool) -> Vec<NotAssessed> {
    let all: BTreeSet<(Arc<str>, Algorithm)> =
        facts.iter().filter_map(|fact| asked(fact, files)).filter(|(path, _)| wanted(path)).collect();
    let computed: BTreeMap<(Arc<str>, Algorithm), Result<Option<Sums>, String>> = all
        .into_par_iter()
        .map(|(path, algorithm)| {
            let sums = compute(files, &path, algorithm);
            ((path, algorithm), sums)
        })
        .collect();
    for fact in facts.iter_mut() {
        let Some(Ok(Some(sums))) = asked(fact, files).and_then(|asked| computed.get(&asked)) else { continue };
        let actual = sums.nearest(fact.text("digest")).into();
        if let Some(value) = fact.kind.field("actual").and_then(|index| fact.fields.get_mut(index)) {
            *value = FieldValue::Text(actual);
        }
    }
    let failed = computed.into_iter().filter_map(|((path, _), sums)| Some((path, sums.err()?)));
    failed.map(|(path, reason)| NotAssessed { path, line: None, reason }).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Algorithm {
    Sha256,
    Md5,
}

/// The file whose checksum is listed, and how it is computed; `None` where there is nothing to compare.
fn asked(fact: &Fact, files: &Snapshot) -> Option<(Arc<str>, Algorithm)> {
    // What lies in an archive is listed by its path in there.
    if fact.kind != DataFile::kind() || fact.text("contained") != "no" {
        return None;
    }
    let algorithm = match fact.text("digest").split_once(':')?.0 {
        "sha256" => Algorithm::Sha256,
        "md5" => Algorithm::Md5,
        _ => return None,
    };
    let path = files.tree.files.get(fact.text("file"))?;
    Some((Arc::clone(path), algorithm))
}

/// The checksums of one file; `None` for a pointer to a file that is not here and that names none of this algorithm.
fn compute(files: &Snapshot, path: &str, algorithm: Algorithm) -> Result<Option<Sums>, String> {
    let (mut file, length) = files.contents.open(path)?;
    if length > SIZE_LIMIT {
        return Err(format!("not held against its checksum: larger than the limit of {SIZE_LIMIT} bytes"));
    }
    let read = |file: &mut Box<dyn Opened>| match algorithm {
        Algorithm::Sha256 => Hashing::<Sha256>::of(file, "sha256"),
        Algorithm::Md5 => Hashing::<Md5>::of(file, "md5"),
    };
    match pointer(&mut file, length) {
        Ok(None) => read(&mut file).map(Some),
        Ok(Some(hash)) => {
            let is_comparable = algorithm == Algorithm::Sha256 && hash.starts_with("sha256:");
            Ok(is_comparable.then(|| Sums { whole: hash.to_ascii_lowercase(), unix: None }))
        }
        Err(error) => Err(error),
    }
    .map_err(|error: io::Error| error.to_string())
}

/// The checksum in a pointer that stands for the file; `None` when the file is the file itself.
fn pointer(file: &mut Box<dyn Opened>, length: u64) -> io::Result<Option<String>> {
    if length > LfsPointer::LIMIT {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.take(LfsPointer::LIMIT).read_to_end(&mut bytes)?;
    file.rewind()?;
    if bytes.starts_with(ANNEX_POINTER) {
        return Ok(Some(String::new()));
    }
    Ok(std::str::from_utf8(&bytes).ok().and_then(LfsPointer::of).map(|pointer| pointer.hash.to_owned()))
}

/// The checksums of one file.
#[derive(Debug, PartialEq, Eq)]
struct Sums {
    /// Of the file as it is.
    whole: String,
    /// With the line ends that git keeps: on Windows it may have written others into the folder.
    unix: Option<String>,
}

impl Sums {
    /// The checksum that is listed, if the file has it in either form; else that of the file as it is.
    fn nearest(&self, listed: &str) -> &str {
        self.unix.as_deref().filter(|unix| *unix == listed).unwrap_or(&self.whole)
    }
}

struct Hashing<D> {
    whole: D,
    /// From the first carriage return on.
    unix: Option<D>,
    /// A carriage return was read last, and it is not yet known whether a line ends there.
    returned: bool,
}

impl<D: Digest + Clone> Hashing<D> {
    fn of(file: &mut dyn Read, algorithm: &str) -> io::Result<Sums> {
        let mut hashing = Self { whole: D::new(), unix: None, returned: false };
        let mut piece = vec![0; PIECE];
        loop {
            match file.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => hashing.update(piece.get(..length).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        if let (true, Some(unix)) = (hashing.returned, &mut hashing.unix) {
            unix.update(b"\r");
        }
        let shown = |hash: D| {
            let digits: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{algorithm}:{digits}")
        };
        Ok(Sums { whole: shown(hashing.whole), unix: hashing.unix.map(shown) })
    }

    fn update(&mut self, bytes: &[u8]) {
        let has_returns = memchr::memchr(b'\r', bytes).is_some();
        let unix = self.unix.take().or_else(|| has_returns.then(|| self.whole.clone()));
        self.whole.update(bytes);
        let Some(mut unix) = unix else { return };
        for part in bytes.split_inclusive(|byte| *byte == b'\r') {
            if self.returned && part.first() != Some(&b'\n') {
                unix.update(b"\r");
            }
            self.returned = part.last() == Some(&b'\r');
            unix.update(part.strip_suffix(b"\r").unwrap_or(part));
        }
        self.unix = Some(unix);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(bytes: &[u8]) -> Sums {
        Hashing::<Sha256>::of(&mut &*bytes, "sha256").unwrap()
    }

    #[test]
    fn a_file_has_its_checksum_whatever_line_ends_git_wrote() {
        let unix = sums(b"a,b\n1,2\n");
        assert_eq!(unix.whole, "sha256:492d5ea496056f1a6a6592241032fab764c321596317930b4fa0e1e8bc3b7470");
        assert_eq!(unix.unix, None);
        assert_eq!(sums(b"a,b\r\n1,2\r\n").nearest(&unix.whole), unix.whole);
        assert_ne!(sums(b"a,b\r\n1,3\r\n").nearest(&unix.whole), unix.whole);
        // A carriage return that ends no line stays.
        assert_eq!(sums(b"a\rb\r\n\r").unix, Some(sums(b"a\rb\n\r").whole));
    }

    #[test]
    fn line_ends_are_seen_across_pieces() {
        let mut windows = vec![b'x'; PIECE - 1];
        windows.extend(b"\r\ny");
        let mut unix = vec![b'x'; PIECE - 1];
        unix.extend(b"\ny");
        assert_eq!(sums(&windows).unix, Some(sums(&unix).whole));
    }
}
