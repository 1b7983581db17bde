//! Reads the header of GGUF: its metadata, in which the chat template stands.

use super::Limits;
use super::bytes::{Bytes, Outcome, Unread};
use crate::document::weights::{ChatTemplate, ModelFile};

/// How many entries the metadata may have.
const ENTRY_LIMIT: u64 = 100_000;
/// How many texts the lists of the metadata may have, all together: the words of a tokenizer.
const TEXT_LIMIT: u64 = 5_000_000;
/// How long a key may be.
const KEY_LIMIT: u64 = 65_535;
/// The types of values that are not as wide as their name says.
const TEXT: u32 = 8;
const LIST: u32 = 9;

/// Reads the metadata for chat templates.
pub(super) fn read(bytes: &mut Bytes<'_>, limits: &Limits, model: &mut ModelFile) -> Outcome<()> {
    bytes.skip(4)?;
    let version = bytes.u32()?;
    if !matches!(version, 2 | 3) {
        return Err(Unread::malformed(format!("version {version} of GGUF is not read")));
    }
    bytes.skip(8)?;
    let entries = bytes.u64()?;
    if entries > ENTRY_LIMIT {
        return Err(Unread::Limit(format!("{ENTRY_LIMIT} entries of metadata")));
    }
    let mut texts_left = TEXT_LIMIT;
    for _ in 0..entries {
        let length = bytes.u64()?;
        let key = bytes.take(length, KEY_LIMIT)?;
        let value_type = bytes.u32()?;
        let template = key.strip_prefix(b"tokenizer.chat_template").filter(|_| value_type == TEXT);
        if let Some(name) = template {
            let length = bytes.u64()?;
            let text = bytes.take(length, limits.piece)?;
            let name = String::from_utf8_lossy(name).trim_start_matches('.').to_owned();
            model.chat_templates.push(ChatTemplate {
                name,
                text: String::from_utf8_lossy(&text).into_owned(),
                at: None,
            });
        } else {
            skip_value(bytes, value_type, &mut texts_left)?;
        }
    }
    Ok(())
}

fn skip_value(bytes: &mut Bytes<'_>, value_type: u32, texts_left: &mut u64) -> Outcome<()> {
    match value_type {
        TEXT => {
            let length = bytes.u64()?;
            bytes.skip(length)
        }
        LIST => {
            let item_type = bytes.u32()?;
            let count = bytes.u64()?;
            if item_type != TEXT {
                return bytes.skip(width(item_type)?.saturating_mul(count));
            }
            for _ in 0..count {
                let fewer = texts_left.checked_sub(1);
                *texts_left = fewer.ok_or_else(|| Unread::Limit(format!("{TEXT_LIMIT} texts of metadata")))?;
                let length = bytes.u64()?;
                bytes.skip(length)?;
            }
            Ok(())
        }
        other => bytes.skip(width(other)?),
    }
}

/// How many bytes a number of this type has.
fn width(value_type: u32) -> Outcome<u64> {
    Ok(match value_type {
        0 | 1 | 7 => 1,
        2 | 3 => 2,
        4..=6 => 4,
        10..=12 => 8,
        other => return Err(Unread::malformed(format!("metadata of type {other} is not known"))),
    })
}
