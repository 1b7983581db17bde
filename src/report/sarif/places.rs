//! Places in SARIF: relative addresses, regions with their text, notebook cells.

use crate::finding::{Context, Region};
use serde_sarif::sarif;
use std::fmt::Write;

/// The name of the scanned root. It is declared without an address, so that no path of this machine gets into the file.
pub const SRCROOT: &str = "%SRCROOT%";

/// The declaration of [`SRCROOT`].
pub fn srcroot() -> (String, sarif::ArtifactLocation) {
    let root = sarif::ArtifactLocation::builder()
        .description(sarif::Message::builder().text("The root of the scanned tree.").build())
        .build();
    (SRCROOT.to_owned(), root)
}

/// A place with its text.
pub fn location(region: &Region) -> sarif::Location {
    let mut snippet_region = bounds((region.line, region.column), (region.end_line, region.end_column));
    snippet_region.snippet = region.snippet.as_deref().map(content);
    let mut physical =
        sarif::PhysicalLocation::builder().artifact_location(artifact(&region.path)).region(snippet_region).build();
    physical.context_region =
        region.context.as_ref().filter(|context| context.bytes != region.bytes).map(context_region);
    let mut location = sarif::Location::builder().physical_location(physical).build();
    if let Some(cell) = region.cell {
        let cell = format!("cell {cell}");
        let logical = sarif::LogicalLocation::builder()
            .fully_qualified_name(format!("{}/{cell}", region.path))
            .name(cell)
            .kind("cell")
            .build();
        location.logical_locations = Some(vec![logical]);
    }
    location
}

/// A line of a file that was not read to the end, or the file.
pub fn line(path: &str, line: Option<usize>) -> sarif::Location {
    let mut physical = sarif::PhysicalLocation::builder().artifact_location(artifact(path)).build();
    physical.region = line.map(|line| sarif::Region::builder().start_line(number(line)).build());
    sarif::Location::builder().physical_location(physical).build()
}

fn context_region(context: &Context) -> sarif::Region {
    let mut region = bounds((context.line, context.column), (context.end_line, context.end_column));
    region.snippet = Some(content(&context.text));
    region
}

fn bounds(start: (usize, usize), end: (usize, usize)) -> sarif::Region {
    sarif::Region::builder()
        .start_line(number(start.0))
        .start_column(number(start.1))
        .end_line(number(end.0))
        .end_column(number(end.1))
        .build()
}

fn content(text: &str) -> sarif::ArtifactContent {
    sarif::ArtifactContent::builder().text(text).build()
}

fn artifact(path: &str) -> sarif::ArtifactLocation {
    sarif::ArtifactLocation::builder().uri(uri(path)).uri_base_id(SRCROOT).build()
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The path as a relative address: all but unreserved characters and `/` percent-encoded.
fn uri(path: &str) -> String {
    path.bytes().fold(String::new(), |mut uri, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
        uri
    })
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn addresses_hold_nothing_that_has_a_meaning_in_them() {
        assert_eq!(uri("src/a-b_c.~1/x.py"), "src/a-b_c.~1/x.py");
        assert_eq!(uri("a b%/ü\n\"c:?#[].py"), "a%20b%25/%C3%BC%0A%22c%3A%3F%23%5B%5D.py");
    }
}
