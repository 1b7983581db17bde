//! What must hold of everything that is read from a file: its places lie within the file, on the boundaries of characters.

use aimslint::document::{Document, Fault, Parsed};
use aimslint::fact::{Fact, Location};
use aimslint::shell::Word;
use aimslint::source::Span;
use aimslint::waiver::{Scope, Waiver};

/// Of so many values of a tree places are looked at: aliases can make it endless.
const NODES: usize = 100_000;

fn within(span: Span, text: &str, what: &str) {
    assert!(text.get(span.start..span.end).is_some(), "{what} at {span:?} of {} bytes", text.len());
}

fn of_faults(faults: &[Fault], text: &str) {
    for fault in faults {
        within(fault.at, text, &fault.reason);
    }
}

fn of_document(document: &Document, text: &str) {
    of_faults(&document.faults, text);
    for root in &document.roots {
        root.walk(NODES, &mut |node, entry| {
            within(node.span, text, "a value");
            if let Some(entry) = entry {
                within(entry.key_span, text, "a key");
            }
        });
    }
}

/// What a parser made of the text.
pub fn of_parsed(parsed: &Parsed, text: &str) {
    of_faults(parsed.faults(), text);
    match parsed {
        Parsed::Tree(document) => of_document(document, text),
        Parsed::Prose(prose) => {
            prose.front_matter.iter().for_each(|document| of_document(document, text));
            for section in &prose.sections {
                within(section.title_span, text, "a title");
                within(section.body_span, text, "a section");
            }
            prose.rows.iter().for_each(|row| within(row.span, text, "a row"));
        }
        Parsed::Code(code) => {
            code.imports.iter().for_each(|import| within(import.at, text, "an import"));
            for call in &code.calls {
                within(call.at, text, "a call");
                within(call.name_at, text, "a called name");
                within(call.arguments_at, text, "arguments");
                let arguments = call.positional.iter().chain(call.named.iter().map(|(_, argument)| argument));
                arguments.for_each(|argument| within(argument.at, text, "an argument"));
            }
            for assignment in &code.assignments {
                within(assignment.at, text, "an assignment");
                within(assignment.value.at, text, "an assigned value");
            }
            code.decorators.iter().for_each(|decorator| within(decorator.at, text, "a decorator"));
        }
        Parsed::Instructions(instructions) => {
            for instruction in &instructions.all {
                within(instruction.span, text, "an instruction");
                within(instruction.text_span, text, "an instruction's text");
            }
        }
        Parsed::Packages(list) => {
            list.packages.iter().for_each(|package| within(package.span, text, "a package"));
            list.options.iter().for_each(|option| within(option.span, text, "an option"));
        }
        Parsed::Patterns(list) => list.lines.iter().for_each(|line| within(line.span, text, "a line")),
        Parsed::Text => {}
    }
}

/// What extractors saw.
pub fn of_facts(facts: &[Fact], text: &str) {
    for fact in facts {
        let what = fact.kind.spec().name;
        match fact.at {
            Location::Within(span) | Location::AbsentFrom(span) => within(span, text, what),
            Location::WholeFile => {}
        }
        for (field, at) in fact.fields.places() {
            within(*at, text, &format!("{what}.{field}"));
        }
    }
}

/// Waivers beside what they cover.
pub fn of_waivers(waivers: &[Waiver], text: &str) {
    for waiver in waivers {
        within(waiver.at, text, "a waiver");
        if let Scope::Line(line) = &waiver.scope {
            within(*line, text, "a waived line");
        }
    }
}

/// Words of a script: in order, none over another.
pub fn of_words(words: &[Word], text: &str) {
    let mut end = 0;
    for word in words {
        within(Span::new(word.start, word.end), text, "a word");
        assert!(word.start >= end && word.end >= word.start, "a word begins before the one before it has ended");
        end = word.end;
    }
}
