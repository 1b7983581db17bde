//! Reads model files piece by piece, recognised by their content: what loading them would import, reach or run. Nothing is loaded.

mod archive;
mod bytes;
mod gguf;
mod inflate;
mod keras;
mod pickle;
mod pointer;
mod protobuf;
mod tensors;

pub use bytes::Source;

use crate::document::weights::{ModelFile, ModelFormat, extension};
use bytes::{Bytes, Unread};
use std::cell::Cell;
use std::io::Cursor;

/// How much is read: reaching a limit is reported, never silent.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes that are read of one file. What is skipped, such as the numbers of a tensor, does not count.
    pub bytes: u64,
    /// Opcodes of the pickles of one member.
    pub opcodes: u64,
    /// Values that a pickle may have on its stack, and in its memo.
    pub values: usize,
    /// Names that one pickle may import.
    pub imports: usize,
    /// Members of one archive.
    pub members: usize,
    /// How deep archives may stand within one another.
    pub depth: usize,
    /// Bytes that one packed member may unpack to.
    pub unpacked: u64,
    /// How many times larger than packed it may be, once it is larger than `unpacked_at_any_ratio`.
    pub ratio: u64,
    /// Up to this size any ratio is fine: zeros pack well.
    pub unpacked_at_any_ratio: u64,
    /// Bytes of a header, a template or a configuration that are held at once.
    pub piece: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            opcodes: 20_000_000,
            values: 1 << 20,
            imports: 4_096,
            members: 10_000,
            depth: 3,
            unpacked: 64 << 20,
            ratio: 200,
            unpacked_at_any_ratio: 16 << 20,
            piece: 16 << 20,
        }
    }
}

/// Reads the file at `path`, `length` bytes long; `None` for a file that is no model file.
#[must_use]
pub fn parse(source: &mut dyn Source, length: u64, path: &str, limits: &Limits) -> Option<ModelFile> {
    let budget = Cell::new(limits.bytes);
    let mut bytes = Bytes::whole(source, length, &budget);
    let mut model = ModelFile { bytes: length, ..ModelFile::default() };
    let place = Place { name: path, member: "", depth: 0 };
    let format = match pointer::read(&mut bytes, path, &mut model) {
        Some(format) => format,
        None => Some(read(&mut bytes, place, limits, &mut model)?),
    };
    model.format = format;
    Some(model)
}

/// Where a file or a member of an archive stands.
#[derive(Debug, Clone, Copy)]
struct Place<'a> {
    /// Its path.
    name: &'a str,
    /// Its path within the outermost archive; empty for a file that is in none.
    member: &'a str,
    /// How many archives it stands in.
    depth: usize,
}

impl Place<'_> {
    /// The format that its name says.
    fn named_format(self) -> Option<ModelFormat> {
        ModelFormat::of_name(self.name)
    }

    /// What stands behind the last `.` of its name, in lower case.
    fn extension(self) -> String {
        extension(self.name)
    }
}

/// Recognises and reads a file or member; `None` when it is no model file.
fn read(bytes: &mut Bytes<'_>, place: Place<'_>, limits: &Limits, model: &mut ModelFile) -> Option<ModelFormat> {
    let head = match bytes.peek(16) {
        Ok(head) if head.is_empty() => return None,
        Ok(head) => head,
        Err(unread) => return note(&unread, place, place.named_format(), model),
    };
    let outcome = match head.as_slice() {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => return archive::read_zip(bytes, place, limits, model),
        [0x1f, 0x8b, 8, ..] => return archive::read_gzip(bytes, place, limits, model),
        [b'G', b'G', b'U', b'F', ..] => gguf::read(bytes, limits, model).map(|()| ModelFormat::Gguf),
        [0x93, b'N', b'U', b'M', b'P', b'Y', ..] => return tensors::read_numpy(bytes, place, limits, model),
        [0x89, b'H', b'D', b'F', b'\r', b'\n', 0x1a, b'\n', ..] => {
            keras::read_hdf5(bytes, model).map(|()| ModelFormat::Hdf5)
        }
        [_, _, _, _, b'T', b'F', b'L', b'3', ..] => Ok(ModelFormat::TfLite),
        [_, _, _, _, _, _, 0, 0, b'{', ..] if tensors::is_safetensors(bytes) => Ok(ModelFormat::Safetensors),
        [0x80, 0..=5, ..] => return read_pickle(bytes, place, limits, model),
        [0x78, 0x01 | 0x5e | 0x9c | 0xda, ..] if is_pickle_name(&place.extension()) => {
            return archive::read_zlib(bytes, place, limits, model);
        }
        _ if archive::is_tar(bytes) => return archive::read_tar(bytes, place, limits, model),
        _ => return read_named(bytes, place, limits, model),
    };
    match outcome {
        Ok(format) => Some(format),
        Err(unread) => note(&unread, place, place.named_format(), model),
    }
}

/// Reads what only its name tells: formats without a mark of their own at the beginning.
fn read_named(bytes: &mut Bytes<'_>, place: Place<'_>, limits: &Limits, model: &mut ModelFile) -> Option<ModelFormat> {
    let extension = place.extension();
    match extension.as_str() {
        extension if is_pickle_name(extension) => read_pickle(bytes, place, limits, model),
        "onnx" => match protobuf::read_onnx(bytes, limits, model) {
            Ok(()) => Some(ModelFormat::Onnx),
            Err(unread) => note(&unread, place, Some(ModelFormat::Onnx), model),
        },
        "pb" => match protobuf::read_graph(bytes, place.name, limits, model) {
            Ok(true) => Some(ModelFormat::SavedModel),
            Ok(false) => None,
            Err(unread) => note(&unread, place, Some(ModelFormat::SavedModel), model),
        },
        "pt" | "pth" | "ckpt" | "safetensors" | "gguf" | "h5" | "keras" | "tflite" | "npy" | "npz" | "skops" => {
            let unread = Unread::malformed(format!("it is named .{extension} and is none"));
            note(&unread, place, place.named_format(), model)
        }
        _ => None,
    }
}

/// Notes why something could not be read, and gives the format that it is taken for.
fn note(unread: &Unread, place: Place<'_>, format: Option<ModelFormat>, model: &mut ModelFile) -> Option<ModelFormat> {
    // A file that nothing says to be a model may well begin with the mark of one by chance.
    if format.is_some() || matches!(unread, Unread::Limit(_)) {
        let member = if place.member.is_empty() { String::new() } else { format!("{}: ", place.member) };
        model.unread.push(format!("{member}{unread}"));
    }
    format
}

/// True for an extension that only pickles have. Those of protocols 0 and 1 begin with no mark.
fn is_pickle_name(extension: &str) -> bool {
    matches!(extension, "pkl" | "pickle" | "joblib" | "dill" | "pdparams" | "cloudpickle")
}

/// Reads the pickles of a file or member; `None` when it only seems to be one.
fn read_pickle(bytes: &mut Bytes<'_>, place: Place<'_>, limits: &Limits, model: &mut ModelFile) -> Option<ModelFormat> {
    let pickles = pickle::walk(bytes, place.member, limits);
    let extension = place.extension();
    let named = is_pickle_name(&extension) || place.named_format().is_some();
    // The two bytes of the mark stand in other files by chance; a whole pickle, or a name that could be one, does not.
    let is_name = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let believable = pickles.complete > 0 || pickles.imports.iter().any(|it| is_name(&it.module) && is_name(&it.name));
    if !named && !believable {
        return None;
    }
    let format = if pickles.joblib || extension == "joblib" { ModelFormat::Joblib } else { ModelFormat::Pickle };
    model.holds_pickle = true;
    model.imports.extend(pickles.imports);
    if let Some(unread) = pickles.unread {
        note(&unread, place, Some(format), model);
    }
    Some(format)
}

/// Reads what was unpacked into memory.
fn read_unpacked(unpacked: Vec<u8>, place: Place<'_>, limits: &Limits, model: &mut ModelFile) -> Option<ModelFormat> {
    let length = unpacked.len() as u64;
    let budget = Cell::new(limits.bytes);
    let mut source = Cursor::new(unpacked);
    read(&mut Bytes::whole(&mut source, length, &budget), place, limits, model)
}

#[cfg(test)]
mod tests;
