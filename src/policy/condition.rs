//! Conditions of rules: CEL, checked against the table of facts when they load.

use super::functions::{self, Environment};
use super::typecheck::{self, Names, Scope};
use super::variables::Variables;
use crate::fact::{Fact, FieldValue, UNKNOWN};
use crate::finding::Parameter;
use cel::{Context, Program, Value};
use std::sync::OnceLock;

/// How long a condition may be, in bytes: longer chains would overflow the evaluator's stack.
const LENGTH_LIMIT: usize = 4_096;

/// How many steps `all`, `exists` and their like may take within one another.
const STEP_LIMIT: usize = 1_000_000;

/// A condition that names only what exists.
#[derive(Debug)]
pub struct Condition {
    source: String,
    scope: Scope,
    compiled: OnceLock<Result<Compiled, Vec<Fault>>>,
}

/// A fault of a condition: its byte offset and what is wrong.
type Fault = (usize, String);

#[derive(Debug)]
struct Compiled {
    program: Program,
    names: Names,
}

impl Condition {
    /// A condition that is compiled when it is first asked. Most rules meet no fact to judge, and compiling all that the product
    /// ships takes longer than reading a small repository.
    #[must_use]
    pub fn unchecked(source: &str, scope: Scope) -> Self {
        Self { source: source.to_owned(), scope, compiled: OnceLock::new() }
    }

    /// Compiles and checks `source`.
    ///
    /// # Errors
    ///
    /// Every fault with its byte offset in `source`.
    pub fn checked(source: &str, scope: Scope) -> Result<Self, Vec<Fault>> {
        let condition = Self::unchecked(source, scope);
        match condition.compiled() {
            Ok(_) => Ok(condition),
            Err(faults) => Err(faults.clone()),
        }
    }

    fn compiled(&self) -> Result<&Compiled, &Vec<Fault>> {
        self.compiled.get_or_init(|| Compiled::of(&self.source, &self.scope)).as_ref()
    }

    /// True when the answer depends on the judged fact, `this`.
    #[must_use]
    pub fn asks_about_this(&self) -> bool {
        self.compiled().is_ok_and(|compiled| !compiled.names.this.is_empty())
    }

    /// True when it names this parameter of its rule.
    #[must_use]
    pub fn asks_about_parameter(&self, name: &str) -> bool {
        self.compiled().is_ok_and(|compiled| compiled.names.parameters.contains(name))
    }

    /// True when it is known of `fact` what the condition asks about. Conditions let pass what is unknown, so that it is never a finding;
    /// that shows nothing. Where there are alternatives, one that is known may have decided.
    #[must_use]
    pub fn is_told_by(&self, fact: &Fact) -> bool {
        let Ok(Compiled { names, .. }) = self.compiled() else { return false };
        let mut known = names.own.iter().map(|name| !fact.get(name).is_some_and(is_unknown));
        if self.source.contains("||") { known.any(|known| known) } else { known.all(|known| known) }
    }

    /// Whether the condition is true of `fact`; `this` is the judged fact in the condition of another fact. `parameters` are those of
    /// the rule as they are in force.
    ///
    /// # Errors
    ///
    /// What went wrong when it ran, in words: never a pass.
    pub fn holds(
        &self,
        fact: &Fact,
        this: Option<&Fact>,
        parameters: &[Parameter],
        evaluator: &Evaluator,
    ) -> Result<bool, String> {
        let Compiled { program, names } = self
            .compiled()
            .map_err(|faults| faults.iter().map(|(_, fault)| fault.as_str()).collect::<Vec<_>>().join("; "))?;
        if names.nesting > 0 {
            let longest = names.longest(fact, this);
            if longest.checked_pow(names.nesting).is_none_or(|steps| steps > STEP_LIMIT) {
                return Err(format!("with a list of {longest} entries it would take more than {STEP_LIMIT} steps"));
            }
        }
        let variables = Variables::of(fact, this, parameters, names);
        let mut scope = evaluator.root.new_inner_scope();
        scope.set_variable_resolver(&variables);
        match program.execute(&scope) {
            Ok(Value::Bool(answer)) => Ok(answer),
            Ok(other) => Err(format!("gave {other:?} instead of true or false")),
            Err(error) => Err(error.to_string()),
        }
    }
}

fn is_unknown(value: &FieldValue) -> bool {
    match value {
        FieldValue::Text(text) => **text == *UNKNOWN,
        FieldValue::UnknownNumber => true,
        FieldValue::Number(_) | FieldValue::List(_) | FieldValue::Map(_) => false,
    }
}

impl Names {
    /// How long the longest list is that a condition of these names can go through.
    fn longest(&self, fact: &Fact, this: Option<&Fact>) -> usize {
        let own = self.own.iter().map(|name| length(fact, name));
        let of_this = this.into_iter().flat_map(|this| self.this.iter().map(|name| length(this, name)));
        own.chain(of_this).max().unwrap_or_default().max(self.longest_literal)
    }
}

/// How many entries a field has.
fn length(fact: &Fact, name: &str) -> usize {
    match fact.get(name) {
        Some(FieldValue::List(items)) => items.len(),
        Some(FieldValue::Map(entries)) => entries.len(),
        _ => 0,
    }
}

impl Compiled {
    fn of(source: &str, scope: &Scope) -> Result<Self, Vec<Fault>> {
        if source.len() > LENGTH_LIMIT {
            return Err(vec![(0, format!("a condition may have at most {LENGTH_LIMIT} bytes"))]);
        }
        let program = Program::compile(source).map_err(|errors| {
            errors.errors.iter().map(|error| (offset_of(source, error.pos), error.msg.clone())).collect::<Vec<_>>()
        })?;
        let names = typecheck::check(program.expression(), program.source_info(), scope)?;
        Ok(Self { program, names })
    }
}

/// What conditions run in: CEL's functions and ours.
pub struct Evaluator {
    root: Context<'static, 'static>,
    /// How many pairs of facts one rule may look at.
    pub pairs: usize,
}

impl Evaluator {
    /// An evaluator that answers `days_since` and `declared` from `environment`.
    #[must_use]
    pub fn new(environment: &Environment) -> Self {
        Self { root: functions::context(environment), pairs: environment.pairs }
    }
}

/// The byte at CEL's line (from 1) and column (from 1, in characters).
fn offset_of(source: &str, (line, column): (isize, isize)) -> usize {
    let line = usize::try_from(line).unwrap_or(1).max(1);
    let column = usize::try_from(column).unwrap_or(1).max(1);
    let before: usize = source.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let within: usize = source.get(before..).unwrap_or_default().chars().take(column - 1).map(char::len_utf8).sum();
    before + within
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::{Call, Facts, Field, Kind};
    use crate::source::Span;

    fn scope() -> Scope {
        Scope { kind: Kind::named("call").expect("in the table"), this: None, parameters: [].into() }
    }

    fn faults(source: &str) -> Vec<(usize, String)> {
        Condition::checked(source, scope()).expect_err(source)
    }

    #[test]
    fn a_typo_is_found_before_anything_runs_and_names_the_nearest() {
        let found = faults("true || naem == 'x'");
        assert_eq!(found[0].0, 8);
        assert!(found[0].1.contains("did you mean `name`"), "{found:?}");
        assert!(faults("context == 'tests'")[0].1.contains("`test`"));
        assert!(faults("name > 3")[0].1.contains("must be a number"));
        assert!(faults("positional == 'x'")[0].1.contains("never equal"));
        assert!(faults("name.glbo('x')")[0].1.contains("`glob`"));
        assert!(faults("name")[0].1.contains("true or false"));
        assert!(faults("positional.exists(x, y == 'a')")[0].1.contains("`y`"));
        assert!(faults("name.matches('(')")[0].1.contains("regular expression"));
        assert!(faults("name == ")[0].0 > 0);
        assert!(faults("this.name == 'x'")[0].1.contains("[must.exist]"));
        assert_eq!(faults(&"a".repeat(5_000)).len(), 1);
    }

    #[test]
    fn every_field_can_be_named() {
        // CEL reserves words such as `function` and `package`: no field may be called so.
        for spec in crate::fact::KINDS {
            let kind = Kind::named(spec.name).expect("in the table");
            for field in spec.fields {
                let source = format!("{0} == {0}", field.name);
                assert!(
                    Condition::checked(&source, Scope { kind, this: None, parameters: [].into() }).is_ok(),
                    "{}.{}",
                    spec.name,
                    field.name
                );
            }
        }
    }

    #[test]
    fn conditions_run_on_facts() {
        let mut facts = Facts::of(&"tests/a.py".into());
        let arguments =
            [("verify".to_owned(), "False".to_owned())].into_iter().collect::<std::collections::BTreeMap<_, _>>();
        let call = Call { name: "requests.get".into(), arguments: Field::known(arguments), ..Call::default() };
        facts.add("x", Span::empty(0), call);
        let environment = Environment {
            today: jiff::civil::Date::constant(2026, 1, 1),
            declared: std::collections::BTreeSet::new(),
            pairs: 1,
        };
        let evaluator = Evaluator::new(&environment);
        for (source, expected) in [
            ("name.startsWith('requests.') && arguments.get('verify') == 'False'", true),
            ("arguments.get('timeout') == ''", true),
            ("context == 'test' && folder == 'tests'", true),
            ("positional.exists(p, p == 'a')", false),
            ("positional.all(p, p == 'unknown')", true),
            ("within == 'unknown'", true),
            ("name in ['a', 'requests.get']", true),
        ] {
            let condition = Condition::checked(source, scope()).expect(source);
            assert_eq!(condition.holds(&facts.all[0], None, &[], &evaluator), Ok(expected), "{source}");
        }
        let fails = Condition::checked("days_since(within) > 3", scope()).expect("compiles");
        assert!(fails.holds(&facts.all[0], None, &[], &evaluator).is_err());
    }
}
