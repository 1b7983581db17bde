//! Files of ours that a hostile repository can bring: settings with their register, baselines, rules and conditions.

use super::{BOOK, invariants};
use aimslint::fact::{Fact, FieldType, FieldValue, KINDS, Kind, Location};
use aimslint::policy::{Condition, Environment, Evaluator, Scope};
use aimslint::settings::Settings;
use aimslint::source::SourceFile;
use aimslint::{PolicyBook, read_baseline, read_settings_file};
use jiff::civil::Date;

const TODAY: Date = Date::constant(2026, 11, 21);

/// Reads settings and register.
pub fn settings(file: &SourceFile) {
    if let Ok(register) = read_settings_file(file, &[], &BOOK, &mut Settings::new(TODAY)) {
        invariants::of_facts(&register.facts.all, &file.text);
        invariants::of_waivers(&register.waivers, &file.text);
    }
}

/// Reads a baseline; one that can be read is written and read again.
pub fn baseline(file: &SourceFile) {
    if let Ok(first) = read_baseline(file) {
        let written = SourceFile::new(&*file.path, first.text());
        assert_eq!(read_baseline(&written).ok(), Some(first), "a baseline that is written is read as another");
    }
}

/// Loads a rule.
pub fn rule(file: &SourceFile) {
    let _ = PolicyBook::load([file.clone()]);
}

/// Checks a condition on the kind of fact that the file's name says, and holds one such fact against it.
pub fn condition(file: &SourceFile) {
    let kind = Kind::named(file.name()).unwrap_or_else(|| Kind::named(KINDS[0].name).expect("it is in the table"));
    let scope = Scope { kind, this: Some(kind), parameters: [].into() };
    let Ok(condition) = Condition::checked(&file.text, scope) else { return };
    let environment = Environment { today: TODAY, declared: ["vendors"].into(), pairs: 1_000 };
    let fact = fact(kind);
    let verdict = || condition.holds(&fact, Some(&fact), &[], &Evaluator::new(&environment));
    assert_eq!(verdict(), verdict(), "another answer");
}

/// A fact of this kind, every field filled.
fn fact(kind: Kind) -> Fact {
    let value = |field: FieldType| match field {
        FieldType::Number => FieldValue::Number(3),
        FieldType::List => vec!["a".to_owned(), "b".to_owned()].into(),
        FieldType::Map => FieldValue::Map(Box::new([("a".to_owned(), "b".to_owned())])),
        _ => FieldValue::Text("2026-01-01".into()),
    };
    let fields = kind.spec().fields.iter().map(|field| (value(field.field_type), None)).collect();
    Fact { kind, path: "a/b.py".into(), at: Location::WholeFile, subject: "x".to_owned(), cell: None, fields }
}
