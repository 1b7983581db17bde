//! Where results go.

use super::{CLEAN, Trouble};
use aimslint::arguments::Output;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

pub fn print(text: &str) -> Result<u8, Trouble> {
    io::stdout().lock().write_all(text.as_bytes())?;
    Ok(CLEAN)
}

/// The outputs that the user wants, or `format` on standard output.
pub fn outputs<F: Clone>(wanted: &[Output<F>], format: F) -> Result<Vec<Output<F>>, Trouble> {
    let outputs = if wanted.is_empty() { vec![Output { format, file: None }] } else { wanted.to_vec() };
    if outputs.iter().filter(|output| output.file.is_none()).count() > 1 {
        return Err(Trouble::TwoToStandardOutput);
    }
    Ok(outputs)
}

pub fn to_standard_output(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    write(&mut out)?;
    out.flush()
}

/// Writes the file beside its place and then renames it, so that nobody ever reads half a file. What is there and is no file, such as
/// `/dev/stderr` or a pipe, is written to as it is.
pub fn replace_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Trouble> {
    if fs::metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let written = fs::OpenOptions::new().write(true).open(path).and_then(|mut place| {
            write(&mut place)?;
            place.flush()
        });
        return written.map_err(|error| Trouble::File { path: path.to_path_buf(), error });
    }
    let mut beside = path.to_path_buf().into_os_string();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = PathBuf::from(beside);
    // A link of this name, in a hostile repository, would lead the result elsewhere.
    let _ = fs::remove_file(&beside);
    let written = fs::File::create_new(&beside).and_then(|file| {
        let mut out = BufWriter::new(file);
        write(&mut out)?;
        out.flush()?;
        fs::rename(&beside, path)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&beside);
        Trouble::File { path: path.to_path_buf(), error }
    })
}

/// Writes a file that must not be there yet: whoever writes it in the meantime keeps theirs.
pub fn write_new(path: &Path, text: &str) -> Result<(), Trouble> {
    let file = fs::OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Trouble::AlreadyThere(path.to_path_buf()),
        _ => Trouble::File { path: path.to_path_buf(), error },
    })
}
