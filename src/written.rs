//! Files that cells of notebooks write (`%%writefile NAME`), read as what they are; what is seen in them stands in the notebook.

use crate::document::cells::WrittenFile;
use crate::document::{FileKind, Parsed};
use crate::fact::{self, Fact, Facts, Location, Seen as _};
use crate::finding::NotAssessed;
use crate::source::{Lines, SourceFile, Span, folder};
use crate::{classify, extract, parse};
use std::sync::Arc;

/// The facts of the files that a notebook, parsed before, writes, and what could not be read of them.
pub(crate) fn see(notebook: &SourceFile, parsed: &Parsed, context: &extract::Context<'_>) -> (Facts, Vec<NotAssessed>) {
    let mut facts = Facts::at_most(extract::FACT_LIMIT, &notebook.path);
    let mut not_assessed = Vec::new();
    let Parsed::Code(code) = parsed else { return (facts, not_assessed) };
    if code.written.is_empty() {
        return (facts, not_assessed);
    }
    let lines = Lines::new(&notebook.text);
    for written in &code.written {
        let Some((file, kind)) = file_of(written, notebook) else { continue };
        let parsed = parse::parse(kind, &file.text);
        // The first fault tells that the cell has to be looked at.
        if let Some(fault) = parsed.faults().iter().next() {
            let line = Some(lines.number(written.place(fault.at, &notebook.text).start));
            let reason = format!("{}: {}", file.name(), fault.reason);
            not_assessed.push(NotAssessed { path: Arc::clone(&notebook.path), line, reason });
        }
        for fact in extract_alone(file, kind, parsed, context).into_iter().filter(is_of_the_file) {
            facts.adopt(moved(fact, written, &notebook.text));
        }
    }
    (facts, not_assessed)
}

/// The facts of a file that is read without those that give values to it.
pub(crate) fn extract_alone(
    file: SourceFile,
    kind: FileKind,
    parsed: Parsed,
    context: &extract::Context<'_>,
) -> Vec<Fact> {
    let facts = extract::extract(&file, kind, &parsed, context);
    if let (true, Parsed::Tree(document)) = (kind.is_linked(), parsed) {
        let mut linked = [facts];
        extract::infrastructure::extract(&[(file, kind, document)], &mut linked);
        return linked.into_iter().flat_map(|facts| facts.all).collect();
    }
    facts.all
}

/// What a cell writes, as a file beside the notebook; `None` for kinds that mean something only where they lie: a lock or a card.
fn file_of(written: &WrittenFile, notebook: &SourceFile) -> Option<(SourceFile, FileKind)> {
    let folder = folder(&notebook.path);
    let separator = if folder.is_empty() { "" } else { "/" };
    let file = SourceFile::new(format!("{folder}{separator}{}", written.path), written.text.as_str());
    let kind = classify::settle(classify::classify(&file.path)?, &file.path, &file.text);
    let is_read = matches!(
        kind,
        FileKind::Requirements
            | FileKind::CondaEnvironment
            | FileKind::Dockerfile
            | FileKind::Compose
            | FileKind::Kubernetes
            | FileKind::HelmValues
            | FileKind::Configuration(_)
            | FileKind::Pipeline(_)
            | FileKind::Terraform
            | FileKind::CloudFormation
            | FileKind::AccessPolicy
            | FileKind::ModelGateway
            | FileKind::Text
    );
    is_read.then_some((file, kind))
}

/// Keys and hosts are told by their form: they were found in the text of the notebook already.
fn is_of_the_file(fact: &Fact) -> bool {
    let by_form = [fact::Secret::kind(), fact::SecretFile::kind(), fact::VendorUse::kind()];
    !by_form.contains(&fact.kind)
}

/// The fact with its places in the notebook, whose JSON is `file`.
fn moved(mut fact: Fact, written: &WrittenFile, file: &str) -> Fact {
    let place = |span| written.place(span, file);
    fact.cell = Some(written.cell);
    fact.at = match fact.at {
        Location::Within(span) => Location::Within(place(span)),
        Location::AbsentFrom(span) => Location::AbsentFrom(place(span)),
        Location::WholeFile => Location::Within(place(Span::new(0, written.text.len()))),
    };
    fact.fields.relocate(place);
    fact
}
