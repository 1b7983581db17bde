//! Reads archives that hold models: zip as `torch.save`, Keras, `NumPy` and others write it, tar, and what is packed with gzip or zlib.

use super::bytes::{Bytes, Outcome, Unread};
use super::{Limits, Place, inflate, keras, note, read, read_unpacked};
use crate::document::weights::{ModelFile, ModelFormat, extension};
use crate::source::file_name;

/// How far from the end of a zip archive its last record may begin.
const LAST_RECORD_REACH: u64 = 65_557;

/// One member of a zip archive, as its central directory says.
#[derive(Debug)]
struct Member {
    name: String,
    method: u16,
    packed: u64,
    header_at: u64,
}

/// Reads a zip archive; `None` when it holds no model.
pub(super) fn read_zip(
    bytes: &mut Bytes<'_>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    let named = place.named_format().or(is_archive_of_models(place).then_some(ModelFormat::Archive));
    let (members, unread) = directory(bytes, limits);
    let format = format_of(&members).or(named);
    let any_model = members.iter().any(|member| is_worth_reading(&member.name));
    if format.is_none() && !any_model {
        return None;
    }
    let mut holds_model = false;
    for member in members.iter().filter(|member| is_read(member, format)) {
        holds_model |= read_member(bytes, member, format, place, limits, model);
    }
    // Archives of data or code are not this file's matter.
    let format = format.or(holds_model.then_some(ModelFormat::Archive))?;
    if let Some(unread) = unread {
        note(&unread, place, Some(format), model);
    }
    Some(format)
}

/// Extensions of archives that hold models by their purpose.
fn is_archive_of_models(place: Place<'_>) -> bool {
    matches!(place.extension().as_str(), "mar" | "nemo" | "ptl" | "pte")
}

/// What the names of the members say of the archive.
fn format_of(members: &[Member]) -> Option<ModelFormat> {
    let has = |name: &str| members.iter().any(|member| member.name == name);
    let any_ends = |end: &str| members.iter().any(|member| member.name.ends_with(end));
    if any_ends("/data.pkl") || (has("data.pkl") && any_ends("version")) {
        Some(ModelFormat::Torch)
    } else if has("config.json") && has("metadata.json") {
        Some(ModelFormat::Keras)
    } else if has("schema.json") && members.iter().all(|it| it.name == "schema.json" || extension(&it.name) == "npy") {
        Some(ModelFormat::Skops)
    } else if !members.is_empty() && members.iter().all(|member| extension(&member.name) == "npy") {
        Some(ModelFormat::NumpyArchive)
    } else {
        None
    }
}

/// True for a name that a model has.
fn is_worth_reading(name: &str) -> bool {
    ModelFormat::of_name(name).is_some()
        || matches!(extension(name).as_str(), "bin" | "model" | "dat" | "data" | "tar" | "gz" | "zip")
}

/// Which members of an archive are looked into.
fn is_read(member: &Member, format: Option<ModelFormat>) -> bool {
    match format {
        // The numbers of a checkpoint have no extension; everything else may be loaded.
        Some(ModelFormat::Torch) => !member.name.contains("/data/"),
        Some(ModelFormat::Archive | ModelFormat::Keras | ModelFormat::NumpyArchive | ModelFormat::Skops) => true,
        _ => is_worth_reading(&member.name),
    }
}

/// Reads one member; true when it is a model.
fn read_member(
    bytes: &mut Bytes<'_>,
    member: &Member,
    format: Option<ModelFormat>,
    outer: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> bool {
    let path = join(outer, &member.name);
    let place = Place { name: &member.name, member: &path, depth: outer.depth + 1 };
    let found = read_data(bytes, member, place, format, limits, model);
    match found {
        Ok(found) => found,
        Err(unread) => note(&unread, place, format.or(place.named_format()), model).is_some(),
    }
}

fn read_data(
    bytes: &mut Bytes<'_>,
    member: &Member,
    place: Place<'_>,
    format: Option<ModelFormat>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Outcome<bool> {
    if place.depth > limits.depth {
        return Err(Unread::Limit(format!("{} archives within one another", limits.depth)));
    }
    bytes.seek(member.header_at)?;
    if bytes.array()? != *b"PK\x03\x04" {
        return Err(Unread::malformed("the directory of the archive points at no member"));
    }
    bytes.skip(22)?;
    let name_length = u64::from(bytes.u16()?);
    let extra_length = u64::from(bytes.u16()?);
    bytes.skip(name_length + extra_length)?;
    let start = bytes.offset();
    let mut data = bytes.part(start, member.packed);
    let is_keras_config = format == Some(ModelFormat::Keras) && place.name == "config.json";
    match member.method {
        0 if is_keras_config => {
            let length = data.length();
            keras::read_config(&data.take(length, limits.piece)?, place.member, model)?;
            Ok(true)
        }
        0 => Ok(read(&mut data, place, limits, model).is_some()),
        8 => {
            let (unpacked, unread) = inflate::inflate(&mut data, limits);
            let found = if is_keras_config {
                keras::read_config(&unpacked, place.member, model)?;
                true
            } else {
                read_unpacked(unpacked, place, limits, model).is_some()
            };
            unread.map_or(Ok(found), Err)
        }
        other => Err(Unread::malformed(format!("it is packed by method {other}, which is not read"))),
    }
}

/// The members that the central directory lists, and why the list is not whole.
fn directory(bytes: &mut Bytes<'_>, limits: &Limits) -> (Vec<Member>, Option<Unread>) {
    let mut members = Vec::new();
    let unread = read_directory(bytes, limits, &mut members).err();
    (members, unread)
}

fn read_directory(bytes: &mut Bytes<'_>, limits: &Limits, members: &mut Vec<Member>) -> Outcome<()> {
    let length = bytes.length();
    let reach = length.min(LAST_RECORD_REACH);
    bytes.seek(length - reach)?;
    let tail = bytes.take(reach, LAST_RECORD_REACH)?;
    let at = tail.windows(4).rposition(|window| window == b"PK\x05\x06");
    let at = at.ok_or_else(|| Unread::malformed("the archive has no directory"))?;
    let end_record = length - reach + at as u64;
    bytes.seek(end_record + 10)?;
    let mut count = u64::from(bytes.u16()?);
    bytes.skip(4)?;
    let mut start = u64::from(bytes.u32()?);
    if count == 0xffff || start == 0xffff_ffff {
        // Large archives say it in another record, which a third one finds.
        bytes.seek(end_record.saturating_sub(20))?;
        if bytes.array()? == *b"PK\x06\x07" {
            bytes.skip(4)?;
            let record = bytes.u64()?;
            bytes.seek(record)?;
            bytes.skip(32)?;
            count = bytes.u64()?;
            bytes.skip(8)?;
            start = bytes.u64()?;
        }
    }
    bytes.seek(start)?;
    for _ in 0..count {
        if members.len() >= limits.members {
            return Err(Unread::Limit(format!("{} members of an archive", limits.members)));
        }
        members.push(read_entry(bytes)?);
    }
    Ok(())
}

fn read_entry(bytes: &mut Bytes<'_>) -> Outcome<Member> {
    if bytes.array()? != *b"PK\x01\x02" {
        return Err(Unread::malformed("the directory of the archive is broken"));
    }
    bytes.skip(6)?;
    let method = bytes.u16()?;
    bytes.skip(8)?;
    let mut packed = u64::from(bytes.u32()?);
    let size = bytes.u32()?;
    let name_length = u64::from(bytes.u16()?);
    let extra_length = u64::from(bytes.u16()?);
    let comment_length = u64::from(bytes.u16()?);
    bytes.skip(8)?;
    let mut header_at = u64::from(bytes.u32()?);
    let name = bytes.take(name_length, u64::from(u16::MAX))?;
    let extra_end = bytes.offset().saturating_add(extra_length);
    while bytes.offset() + 4 <= extra_end {
        let field = bytes.u16()?;
        let field_end = u64::from(bytes.u16()?) + bytes.offset();
        if field == 1 {
            // Numbers that did not fit into four bytes, in this order.
            if size == u32::MAX {
                bytes.skip(8)?;
            }
            if packed == u64::from(u32::MAX) {
                packed = bytes.u64()?;
            }
            if header_at == u64::from(u32::MAX) {
                header_at = bytes.u64()?;
            }
        }
        bytes.seek(field_end)?;
    }
    bytes.seek(extra_end)?;
    bytes.skip(comment_length)?;
    Ok(Member { name: String::from_utf8_lossy(&name).into_owned(), method, packed, header_at })
}

/// The path of a member from the outermost archive.
fn join(outer: Place<'_>, name: &str) -> String {
    if outer.member.is_empty() { name.to_owned() } else { format!("{}/{name}", outer.member) }
}

/// True for a tar archive.
pub(super) fn is_tar(bytes: &mut Bytes<'_>) -> bool {
    bytes.peek(262).is_ok_and(|head| head.get(257..262) == Some(b"ustar"))
}

/// Size of a header, and of what members are filled up to.
const TAR_BLOCK: u64 = 512;

/// Reads a tar archive; `None` when it holds no model.
pub(super) fn read_tar(
    bytes: &mut Bytes<'_>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    let mut holds_model = is_archive_of_models(place);
    match read_tar_members(bytes, place, limits, model, &mut holds_model) {
        Ok(()) => holds_model.then_some(ModelFormat::Archive),
        Err(unread) => note(&unread, place, holds_model.then_some(ModelFormat::Archive), model),
    }
}

fn read_tar_members(
    bytes: &mut Bytes<'_>,
    outer: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
    holds_model: &mut bool,
) -> Outcome<()> {
    if outer.depth >= limits.depth {
        return Err(Unread::Limit(format!("{} archives within one another", limits.depth)));
    }
    for _ in 0..limits.members {
        if bytes.left() < TAR_BLOCK {
            return Ok(());
        }
        let header = bytes.take(TAR_BLOCK, TAR_BLOCK)?;
        if header.iter().all(|byte| *byte == 0) {
            return Ok(());
        }
        let name = header.get(..100).unwrap_or_default();
        let name = String::from_utf8_lossy(name.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned();
        let size = tar_size(header.get(124..136).unwrap_or_default())
            .ok_or_else(|| Unread::malformed("a header of the tar archive is broken"))?;
        let start = bytes.offset();
        let is_file = matches!(header.get(156), Some(b'0' | 0));
        // A model of SageMaker has no extension.
        let is_model_name = is_worth_reading(&name) || !file_name(&name).contains('.');
        if is_file && is_model_name && !file_name(&name).starts_with("._") {
            let path = join(outer, &name);
            let place = Place { name: &name, member: &path, depth: outer.depth + 1 };
            *holds_model |= read(&mut bytes.part(start, size), place, limits, model).is_some();
        }
        bytes.seek(start)?;
        bytes.skip(size.div_ceil(TAR_BLOCK).saturating_mul(TAR_BLOCK).min(bytes.left()))?;
    }
    Err(Unread::Limit(format!("{} members of an archive", limits.members)))
}

/// A size in octal digits, or in binary when its first bit is set.
fn tar_size(field: &[u8]) -> Option<u64> {
    match field.split_first() {
        Some((first, rest)) if first & 0x80 != 0 => rest
            .iter()
            .try_fold(u64::from(first & 0x7f), |size, byte| size.checked_mul(256)?.checked_add((*byte).into())),
        _ => {
            let text = std::str::from_utf8(field).ok()?.trim_matches(['\0', ' ']);
            if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
        }
    }
}

/// Reads what is packed with gzip; `None` when it is no model.
pub(super) fn read_gzip(
    bytes: &mut Bytes<'_>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    if place.depth >= limits.depth {
        return note(
            &Unread::Limit(format!("{} archives within one another", limits.depth)),
            place,
            place.named_format(),
            model,
        );
    }
    let (unpacked, unread) = inflate::gunzip(bytes, limits);
    read_stream(unpacked, unread, place, limits, model)
}

/// Reads what is packed with zlib, as joblib does.
pub(super) fn read_zlib(
    bytes: &mut Bytes<'_>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    let (unpacked, unread) = match bytes.skip(2) {
        Ok(()) => inflate::inflate(bytes, limits),
        Err(unread) => (Vec::new(), Some(unread)),
    };
    read_stream(unpacked, unread, place, limits, model)
}

fn read_stream(
    unpacked: Vec<u8>,
    unread: Option<Unread>,
    place: Place<'_>,
    limits: &Limits,
    model: &mut ModelFile,
) -> Option<ModelFormat> {
    let inner = Place { depth: place.depth + 1, ..place };
    let format = read_unpacked(unpacked, inner, limits, model).or(place.named_format());
    match unread {
        Some(unread) => note(&unread, place, format, model),
        None => format,
    }
}
