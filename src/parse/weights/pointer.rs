//! Reads the small text that stands for a file that Git LFS keeps elsewhere. What it points at is never fetched.

use super::bytes::Bytes;
use crate::contents::LfsPointer;
use crate::document::weights::{ModelFile, ModelFormat, Pointer, PointerKind, extension};

/// Reads a pointer of Git LFS that stands for a model, told from its name; `None` for anything else.
#[expect(clippy::option_option, reason = "no pointer, and a pointer to a file of unknown format, are two things")]
pub(super) fn read(bytes: &mut Bytes<'_>, path: &str, model: &mut ModelFile) -> Option<Option<ModelFormat>> {
    if bytes.length() > LfsPointer::LIMIT {
        return None;
    }
    let text = String::from_utf8(bytes.peek(LfsPointer::LIMIT).ok()?).ok()?;
    let pointer = LfsPointer::of(&text)?;
    let of_model = ModelFormat::of_name(path).is_some() || is_model_name(path);
    if !of_model {
        return None;
    }
    match pointer.size.parse() {
        Ok(size) => model.bytes = size,
        Err(_) => model.unread.push("the pointer of Git LFS names no size".to_owned()),
    }
    if pointer.hash.strip_prefix("sha256:").is_none_or(|digits| digits.len() != 64) {
        model.unread.push("the pointer of Git LFS names no SHA-256".to_owned());
    }
    model.pointer = Some(Pointer { kind: PointerKind::Lfs, hash: pointer.hash.to_owned() });
    Some(ModelFormat::of_name(path))
}

/// True for other names that models have.
fn is_model_name(path: &str) -> bool {
    matches!(extension(path).as_str(), "bin" | "model" | "pb" | "nemo" | "mar" | "llamafile" | "engine" | "msgpack")
}
