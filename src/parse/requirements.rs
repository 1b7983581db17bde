//! Reads requirements files of pip.

use crate::document::packages::PackageList;

/// Reads one requirements file.
#[must_use]
pub fn parse(_text: &str) -> PackageList {
    PackageList::default()
}
