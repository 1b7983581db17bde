//! What is read from a requirements file: its packages and options in order.

use super::Fault;
use crate::source::Span;

/// One requirements file.
#[derive(Debug, Default)]
pub struct PackageList {
    /// Packages in order.
    pub packages: Vec<Package>,
    /// Options in order.
    pub options: Vec<PackageOption>,
    /// What could not be read.
    pub faults: Vec<Fault>,
}

/// One line that asks for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name as written.
    pub name: String,
    /// Specifier as written, `==1.2`; empty when there is none.
    pub specifier: String,
    /// Address for `name @ address`, a bare address or a path; empty otherwise.
    pub location: String,
    /// A `--hash` stands with it.
    pub hashed: bool,
    /// The whole entry.
    pub span: Span,
}

/// One option line, such as `--extra-index-url https://...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOption {
    /// Its long name without dashes: `index-url`, `extra-index-url`, `trusted-host`, `find-links`, `requirement`, `constraint`.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The whole line.
    pub span: Span,
}
