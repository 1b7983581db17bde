//! Files of ours that a hostile repository can bring: settings with their register, baselines, rules and conditions.

use super::{BOOK, invariants};
use aimslint::PolicyBook;
use aimslint::baseline::Baseline;
use aimslint::fact::{Fact, FieldType, FieldValue, KINDS, Kind, Location};
use aimslint::parse;
use aimslint::policy::{Condition, Environment, Evaluator, Scope};
use aimslint::problem::Problems;
use aimslint::register::{Known, Register};
use aimslint::settings::Settings;
use aimslint::source::SourceFile;
use aimslint::table::Table;
use jiff::civil::Date;

const TODAY: Date = Date::constant(2026, 11, 21);

/// Reads settings and register.
pub fn settings(file: &SourceFile) {
    let document = parse::toml::parse(&file.text);
    let Some(root) = document.root() else { return };
    let rules: Vec<&str> = BOOK.rules.keys().map(String::as_str).collect();
    let clauses: Vec<&str> = BOOK.controls.clauses.keys().map(String::as_str).collect();
    let mut problems = Problems::of(file);
    let table = Table::root(root);
    Settings::new(TODAY).read(&table, &rules, &mut problems);
    let mut register = Register::empty(&file.path);
    register.read(&table, &Known { rules: &rules, clauses: &clauses, today: TODAY }, &mut problems);
    table.finish(&mut problems);
    invariants::of_facts(&register.facts.all, &file.text);
    invariants::of_waivers(&register.waivers, &file.text);
}

/// Reads a baseline; one that is read without a problem is written and read again.
pub fn baseline(file: &SourceFile) {
    let read = |file: &SourceFile| {
        let document = parse::json::parse(&file.text);
        let mut problems = Problems::of(file);
        let baseline = document.root().map(|root| Baseline::read(root, &mut problems));
        baseline.filter(|_| problems.all.is_empty() && document.faults.is_empty())
    };
    if let Some(first) = read(file) {
        let written = SourceFile::new(&*file.path, first.text());
        assert_eq!(read(&written), Some(first), "a baseline that is written is read as another");
    }
}

/// Loads a rule.
pub fn rule(file: &SourceFile) {
    let _ = PolicyBook::load([file.clone()]);
}

/// Checks a condition on the kind of fact that the file's name says, and holds one such fact against it. What was checked may fail
/// only on values, never on names or types.
pub fn condition(file: &SourceFile) {
    let kind = Kind::named(file.name()).unwrap_or_else(|| Kind::named(KINDS[0].name).expect("it is in the table"));
    let Ok(condition) = Condition::checked(&file.text, Scope { kind, this: Some(kind) }) else { return };
    let environment = Environment { today: TODAY, vendors_declared: true, systems_declared: false };
    let fact = fact(kind);
    let verdict = condition.holds(&fact, Some(&fact), &Evaluator::new(&environment));
    assert_eq!(condition.holds(&fact, Some(&fact), &Evaluator::new(&environment)), verdict, "another answer");
}

/// A fact of this kind, every field filled.
fn fact(kind: Kind) -> Fact {
    let value = |field: FieldType| match field {
        FieldType::Number => FieldValue::Number(3),
        FieldType::List => FieldValue::List(vec!["a".to_owned(), "b".to_owned()]),
        FieldType::Map => FieldValue::Map([("a".to_owned(), "b".to_owned())].into()),
        _ => FieldValue::Text("2026-01-01".into()),
    };
    let fields = kind.spec().fields.iter().map(|field| (value(field.field_type), None)).collect();
    Fact { kind, path: "a/b.py".into(), at: Location::WholeFile, subject: "x".to_owned(), cell: None, fields }
}
