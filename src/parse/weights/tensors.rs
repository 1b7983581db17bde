//! Headers of plain tensors: safetensors and `NumPy`.

use super::bytes::{Bytes, Outcome, Unread};
use super::{Limits, Place, note, pickle};
use crate::document::weights::{ModelFile, ModelFormat};

/// True for safetensors: eight bytes that say how long the header is, then the header in JSON.
pub(super) fn is_safetensors(bytes: &mut Bytes<'_>) -> bool {
    let Ok(head) = bytes.peek(9) else { return false };
    let Some((length, _)) = head.split_first_chunk::<8>() else { return false };
    u64::from_le_bytes(*length).checked_add(8).is_some_and(|end| end <= bytes.length())
}

/// Longest header of an array that `NumPy` itself reads without being told to.
const HEADER_LIMIT: u64 = 10_000;

/// Reads an array of `NumPy`: one of objects is a pickle.
pub(super) fn read_numpy(
    bytes: &mut Bytes<'_>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    let format = Some(ModelFormat::Numpy);
    match holds_objects(bytes) {
        Ok(true) => {
            let pickles = pickle::walk(bytes, place.member, limits);
            model.holds_pickle = true;
            model.imports.extend(pickles.imports);
            // An array of objects is not plain, even when its pickle imports nothing.
            match pickles.unread {
                Some(unread) => note(&unread, place, Some(ModelFormat::Pickle), model),
                None => Some(ModelFormat::Pickle),
            }
        }
        Ok(false) => format,
        Err(unread) => note(&unread, place, format, model),
    }
}

/// Reads the header, up to where the data begins; true when the data is a pickle.
fn holds_objects(bytes: &mut Bytes<'_>) -> Outcome<bool> {
    bytes.skip(6)?;
    let [major, _] = bytes.array()?;
    let length = match major {
        1 => u64::from(bytes.u16()?),
        2 | 3 => u64::from(bytes.u32()?),
        other => return Err(Unread::malformed(format!("version {other} of the array format is not known"))),
    };
    let header = bytes.take(length, HEADER_LIMIT)?;
    let header = String::from_utf8_lossy(&header).into_owned();
    // 'descr': '|O', or a list of fields of which one is.
    Ok(["'|O'", "'O'", "\"|O\"", "\"O\"", "'<O'", "'|O8'", "'O8'"].iter().any(|code| header.contains(code)))
}
