//! What is read from a requirements file: its packages and options in order.
//!
//! The grammar of one line is here, and not with the parser of requirements files, because `pyproject.toml` and conda
//! environments hold such lines too.

use super::{Fault, Faults};
use crate::source::Span;
use std::ops::Range;

/// One requirements file.
#[derive(Debug, Default)]
pub struct PackageList {
    /// Packages in order.
    pub packages: Vec<Package>,
    /// Options in order.
    pub options: Vec<PackageOption>,
    /// What could not be read.
    pub faults: Faults,
}

/// One entry that asks for a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Name as written; for an address the name that it tells, empty when it tells none.
    pub name: String,
    /// Specifier as written, `==1.2`; empty when there is none.
    pub specifier: String,
    /// Address for `name @ address`, a bare address or a path; empty otherwise.
    pub location: String,
    /// A `--hash` stands with it.
    pub hashed: bool,
    /// The entry without its hashes and other options.
    pub span: Span,
}

/// One option, such as `--extra-index-url https://...`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOption {
    /// Its long name without dashes: `index-url`, `extra-index-url`, `trusted-host`, `find-links`, `requirement`, `constraint`.
    pub name: String,
    /// Its value; empty for a flag.
    pub value: String,
    /// The option with its value.
    pub span: Span,
}

/// Short names of options and other spellings, with the long name.
const OPTION_NAMES: &[(&str, &str)] = &[
    ("r", "requirement"),
    ("c", "constraint"),
    ("e", "editable"),
    ("i", "index-url"),
    ("f", "find-links"),
    ("C", "config-settings"),
    ("pypi-url", "index-url"),
];

/// Options that take a value, which may stand after a blank.
const OPTIONS_WITH_VALUE: &[&str] = &[
    "requirement",
    "constraint",
    "editable",
    "index-url",
    "extra-index-url",
    "find-links",
    "trusted-host",
    "hash",
    "no-binary",
    "only-binary",
    "use-feature",
    "config-settings",
    "config-setting",
    "global-option",
    "install-option",
];

impl PackageList {
    /// Adds what one logical line says (continuation lines are joined already; a comment may still be there). `place` tells
    /// where a range of the line stands in the file.
    pub fn add_line(&mut self, line: &str, place: &dyn Fn(Range<usize>) -> Span) {
        let line = without_comment(line);
        let options_start =
            tokens(line).find(|token| token.text.starts_with('-')).map_or(line.len(), |token| token.start);
        let (entry, options) = line.split_at_checked(options_start).unwrap_or((line, ""));
        let entry_start = entry.len() - entry.trim_start().len();
        let entry = entry.trim();
        let package = self.packages.len();
        if !entry.is_empty() {
            let span = place(entry_start..entry_start + entry.len());
            let read = Package::read(entry, span);
            if read.is_none() {
                self.faults.push(Fault::new(span, "this is neither a requirement nor an option that pip knows"));
            }
            self.packages.extend(read);
        }
        let first_option = self.options.len();
        self.add_options(options, &|range| place(range.start + options_start..range.end + options_start));
        let own_options = self.options.split_off(first_option);
        if let Some(package) = self.packages.get_mut(package) {
            package.hashed |= own_options.iter().any(|option| option.name == "hash");
        }
        self.options.extend(own_options.into_iter().filter(|option| option.name != "hash"));
    }

    fn add_options(&mut self, text: &str, place: &dyn Fn(Range<usize>) -> Span) {
        let mut rest = tokens(text);
        while let Some(token) = rest.next() {
            let Some((written, attached)) = split_option(token.text) else { continue };
            let name = OPTION_NAMES.iter().find(|(other, _)| *other == written).map_or(written, |(_, long)| *long);
            let mut end = token.end();
            let mut value = attached.unwrap_or_default();
            if attached.is_none() && OPTIONS_WITH_VALUE.contains(&name) {
                let Some(next) = rest.next() else { continue };
                value = next.text;
                end = next.end();
            }
            let value = unquoted(value);
            let span = place(token.start..end);
            match (name, Package::read(value, span)) {
                ("editable", Some(package)) => self.packages.push(package),
                _ => self.options.push(PackageOption { name: name.to_owned(), value: value.to_owned(), span }),
            }
        }
    }

    /// The first option of this long name.
    #[must_use]
    pub fn option(&self, name: &str) -> Option<&PackageOption> {
        self.options.iter().find(|option| option.name == name)
    }
}

impl Package {
    /// Reads one requirement without options, as PEP 508 or pip writes it: `name[extra] >= 1 ; marker`, `name @ address`, a
    /// bare address or a path. `None` when it is none of these.
    #[must_use]
    pub fn read(text: &str, span: Span) -> Option<Self> {
        let text = text.trim();
        if text.contains("{{") || text.contains("{%") {
            return None;
        }
        Self::read_named(text, span).or_else(|| Self::read_location(text, span))
    }

    fn read_named(text: &str, span: Span) -> Option<Self> {
        let is_part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let (name, rest) = text.split_at_checked(text.find(|c| !is_part_of_name(c)).unwrap_or(text.len()))?;
        if !name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') || is_archive(name) {
            return None;
        }
        let rest = rest.trim_start();
        let rest = rest
            .strip_prefix('[')
            .and_then(|extras| extras.split_once(']'))
            .map_or(rest, |(_, after)| after.trim_start());
        let package = |specifier: &str, location: &str| Self {
            name: name.to_owned(),
            specifier: specifier.to_owned(),
            location: location.to_owned(),
            hashed: location.contains("#sha256=") || location.contains("#sha512="),
            span,
        };
        match rest.chars().next() {
            None | Some(';') => Some(package("", "")),
            Some('@') => rest.strip_prefix('@').map(|location| package("", without_marker(location))),
            Some('=' | '<' | '>' | '!' | '~' | '(') => {
                let specifier = rest.split(';').next().unwrap_or_default().trim();
                let specifier =
                    specifier.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')).unwrap_or(specifier);
                Some(package(specifier.trim(), ""))
            }
            Some(_) => None,
        }
    }

    fn read_location(text: &str, span: Span) -> Option<Self> {
        let location = without_marker(text);
        let looks_like_one = location.contains(['/', '\\']) || location.starts_with(['.', '~']) || is_archive(location);
        let hashed = location.contains("#sha256=") || location.contains("#sha512=");
        (looks_like_one && !location.contains(char::is_whitespace)).then(|| Self {
            name: name_in_location(location).to_owned(),
            specifier: String::new(),
            location: location.to_owned(),
            hashed,
            span,
        })
    }

    /// True for a folder or file beside the list, which brings nothing in from outside.
    #[must_use]
    pub fn is_local(&self) -> bool {
        let remote = self.location.contains("://") || self.location.starts_with("git+");
        !self.location.is_empty() && (!remote || self.location.starts_with("file:"))
    }
}

/// A word of a line and where it starts.
struct Token<'a> {
    text: &'a str,
    start: usize,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The words of a line, separated by blanks.
fn tokens(line: &str) -> impl Iterator<Item = Token<'_>> {
    let mut start = 0;
    line.split(char::is_whitespace).filter_map(move |text| {
        let token = Token { text, start };
        // A blank can be longer than one byte, so its length is asked of the line.
        start = token.end() + line.get(token.end()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        (!text.is_empty()).then_some(token)
    })
}

/// `--name=value`, `--name`, `-nvalue` or `-n`: the name and the value that is attached to it.
fn split_option(token: &str) -> Option<(&str, Option<&str>)> {
    if let Some(long) = token.strip_prefix("--") {
        return Some(long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value))));
    }
    let short = token.strip_prefix('-')?;
    let (name, value) = short.split_at_checked(1)?;
    let value = value.strip_prefix('=').unwrap_or(value);
    Some((name, (!value.is_empty()).then_some(value)))
}

fn unquoted(value: &str) -> &str {
    let inner = |quote: char| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).unwrap_or(value)
}

/// The line up to its comment. A `#` within an address (`#egg=`) starts none: a comment's `#` stands first or after a blank.
fn without_comment(line: &str) -> &str {
    let starts_comment =
        |at: usize| line.get(..at).is_none_or(|before| before.is_empty() || before.ends_with(char::is_whitespace));
    line.match_indices('#').find(|(at, _)| starts_comment(*at)).and_then(|(at, _)| line.get(..at)).unwrap_or(line)
}

/// An address without the marker after it. In an address a `;` is allowed, so a marker needs a blank before it.
fn without_marker(location: &str) -> &str {
    let location = location.trim();
    location.split_once(" ;").map_or(location, |(address, _)| address.trim_end())
}

fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".whl", ".zip", ".tar.gz", ".tar.bz2", ".tgz"].iter().any(|suffix| name.ends_with(suffix))
}

/// The name that an address tells: its `egg`, or the name of the repository or archive.
fn name_in_location(location: &str) -> &str {
    let is_part_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let (address, fragment) = location.split_once('#').unwrap_or((location, ""));
    if let Some(egg) = fragment.split('&').find_map(|part| part.strip_prefix("egg=")) {
        return egg.split(|c| !is_part_of_name(c)).next().unwrap_or_default();
    }
    let last = address.trim_end_matches('/').rsplit(['/', '\\']).next().unwrap_or_default();
    if is_archive(last) {
        // A code host's archive is called by its revision: `owner/repository/archive/main.zip`.
        let repository =
            address.split_once("/archive/").map(|(before, _)| before.rsplit('/').next().unwrap_or_default());
        return repository.unwrap_or_else(|| last.split('-').next().unwrap_or_default());
    }
    if !address.starts_with("git+") {
        return "";
    }
    // One repository can hold several packages, each in a folder that is usually called as the package is.
    if let Some(folder) = fragment.split('&').find_map(|part| part.strip_prefix("subdirectory=")) {
        return folder.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    }
    let repository = last.split('@').next().unwrap_or_default();
    repository.strip_suffix(".git").unwrap_or(repository)
}
