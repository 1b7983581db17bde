//! The format `sarif`.

use super::Options;
use crate::finding::Report;
use std::io::{self, Write};

/// Writes `report`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write(_report: &Report, _options: &Options, _out: &mut dyn Write) -> io::Result<()> {
    Ok(())
}
