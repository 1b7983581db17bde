//! The functions that conditions can call besides CEL's operators: their signatures for the check and their bodies.

use super::value_type::Type;
use crate::problem::unknown;
use crate::register::section::SECTIONS;
use cel::common::types::{self, CelString};
use cel::common::value::CowVal;
use cel::extractors::This;
use cel::{Context, Env, ExecutionError, ResolveResult, Value};
use globset::{Glob, GlobMatcher};
use jiff::civil::Date;
use pep440_rs::{Version, VersionSpecifiers};
use regex::{Regex, RegexBuilder};
use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;
use std::sync::{Arc, PoisonError, RwLock};

/// What the run gives to rules, beside the facts.
#[derive(Debug, Clone)]
pub struct Environment {
    /// The day that counts as today.
    pub today: Date,
    /// The sections of the register that have entries: `systems`, `vendors`, ...
    pub declared: BTreeSet<&'static str>,
    /// How many pairs of facts one rule may look at.
    pub pairs: usize,
}

/// Finds the fault of a literal argument, if it has one.
type Check = fn(&str) -> Result<(), String>;

/// How a function is called.
pub(super) struct Signature {
    name: &'static str,
    member: bool,
    /// For each argument (the receiver first) the types that it takes.
    pub arguments: &'static [&'static [Type]],
    pub result: Type,
    pub usage: &'static str,
    /// Checks the last argument where it is a literal.
    pub check_literal: Option<Check>,
}

const TEXT: &[Type] = &[Type::Text(&[])];
const LIST: &[Type] = &[Type::List];
const MAP: &[Type] = &[Type::Map];
const SIZED: &[Type] = &[Type::Text(&[]), Type::List, Type::Map];

static SIGNATURES: &[Signature] = &[
    Signature {
        name: "size",
        member: true,
        arguments: &[SIZED],
        result: Type::Number,
        usage: "x.size()",
        check_literal: None,
    },
    Signature {
        name: "size",
        member: false,
        arguments: &[SIZED],
        result: Type::Number,
        usage: "size(x)",
        check_literal: None,
    },
    Signature {
        name: "startsWith",
        member: true,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "text.startsWith('…')",
        check_literal: None,
    },
    Signature {
        name: "endsWith",
        member: true,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "text.endsWith('…')",
        check_literal: None,
    },
    Signature {
        name: "contains",
        member: true,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "text.contains('…')",
        check_literal: None,
    },
    Signature {
        name: "matches",
        member: true,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "text.matches('regular expression')",
        check_literal: Some(check_regex),
    },
    Signature {
        name: "get",
        member: true,
        arguments: &[MAP, TEXT],
        result: Type::Text(&[]),
        usage: "map.get('name')",
        check_literal: None,
    },
    Signature {
        name: "glob",
        member: true,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "text.glob('*…*')",
        check_literal: Some(check_glob),
    },
    Signature {
        name: "any_glob",
        member: true,
        arguments: &[LIST, TEXT],
        result: Type::Truth,
        usage: "list.any_glob('*…*')",
        check_literal: Some(check_glob),
    },
    Signature {
        name: "lower",
        member: true,
        arguments: &[TEXT],
        result: Type::Text(&[]),
        usage: "text.lower()",
        check_literal: None,
    },
    Signature {
        name: "days_since",
        member: false,
        arguments: &[TEXT],
        result: Type::Number,
        usage: "days_since(date)",
        check_literal: None,
    },
    Signature {
        name: "version_below",
        member: false,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "version_below(version, '2.6')",
        check_literal: Some(check_version),
    },
    Signature {
        name: "same_figure",
        member: false,
        arguments: &[TEXT, TEXT],
        result: Type::Truth,
        usage: "same_figure(stated, measured)",
        check_literal: None,
    },
    Signature {
        name: "declared",
        member: false,
        arguments: &[TEXT],
        result: Type::Truth,
        usage: "declared('vendors')",
        check_literal: Some(check_declared),
    },
];

/// The signature of a function, called on a receiver or not.
pub(super) fn signature(name: &str, member: bool) -> Option<&'static Signature> {
    SIGNATURES.iter().find(|signature| signature.name == name && signature.member == member)
}

/// The names of all functions called that way.
pub(super) fn names(member: bool) -> impl Iterator<Item = &'static str> {
    SIGNATURES.iter().filter(move |signature| signature.member == member).map(|signature| signature.name)
}

fn check_regex(pattern: &str) -> Result<(), String> {
    compile_regex(pattern).map(drop)
}

fn check_glob(pattern: &str) -> Result<(), String> {
    compile_glob(pattern).map(drop)
}

fn check_version(text: &str) -> Result<(), String> {
    Version::from_str(text).map(drop).map_err(|error| format!("not a version: {error}"))
}

fn check_declared(what: &str) -> Result<(), String> {
    let known = || SECTIONS.iter().map(|section| section.plural);
    if known().any(|plural| plural == what) { Ok(()) } else { Err(unknown("section of the register", what, known())) }
}

/// The root of every evaluation: CEL's own functions and ours.
pub(super) fn context(environment: &Environment) -> Context<'static, 'static> {
    let mut declarations = Env::stdlib();
    // Told as an overload and not as a function, because those take copies of their arguments: of the whole map, at every call.
    let _ = declarations.add_member_overload("get", "dyn.get(string)", types::DYN_TYPE, vec![types::STRING_TYPE], get);
    let mut context = Context::with_env(Arc::new(declarations));
    let environment = environment.clone();
    let globs = Arc::new(Compiled::new(compile_glob));
    let any_globs = Arc::clone(&globs);
    let regexes = Compiled::new(compile_regex);
    let today = environment.today;
    // A name that is taken already would be a fault of this file: the test below calls each of them.
    let _ = context.add_function("glob", move |This(text): This<Arc<String>>, pattern: Arc<String>| -> ResolveResult {
        Ok(Value::Bool(globs.get("glob", &pattern)?.is_match(text.as_str())))
    });
    let _ = context.add_function("any_glob", move |This(list): This<Value>, pattern: Arc<String>| -> ResolveResult {
        let Value::List(items) = list else { return Ok(Value::Bool(false)) };
        let glob = any_globs.get("any_glob", &pattern)?;
        let fits = |item: &Value| matches!(item, Value::String(text) if glob.is_match(text.as_str()));
        Ok(Value::Bool(items.iter().any(fits)))
    });
    // CEL's own compiles the expression for every call.
    let _ =
        context.add_function("matches", move |This(text): This<Arc<String>>, pattern: Arc<String>| -> ResolveResult {
            Ok(Value::Bool(regexes.get("matches", &pattern)?.is_match(&text)))
        });
    let _ = context.add_function("lower", |This(text): This<Arc<String>>| text.to_lowercase());
    let _ = context.add_function("days_since", move |date: Arc<String>| days_since(&date, today));
    let _ = context
        .add_function("version_below", |version: Arc<String>, limit: Arc<String>| version_below(&version, &limit));
    let _ = context
        .add_function("same_figure", |stated: Arc<String>, measured: Arc<String>| same_figure(&stated, &measured));
    let _ = context.add_function("declared", move |what: Arc<String>| environment.declared.contains(what.as_str()));
    context
}

/// How large a compiled regular expression may be, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

fn compile_regex(pattern: &str) -> Result<Regex, String> {
    let regex = RegexBuilder::new(pattern).size_limit(REGEX_LIMIT).build();
    regex.map_err(|error| format!("not a regular expression: {error}"))
}

fn compile_glob(pattern: &str) -> Result<GlobMatcher, String> {
    Glob::new(pattern).map(|glob| glob.compile_matcher()).map_err(|error| format!("not a glob: {error}"))
}

/// How many patterns are kept compiled: a pattern may be a field of a fact, so that the repository decides how many there are.
const PATTERN_LIMIT: usize = 1_000;

/// Compiled patterns by their text: conditions ask the same few thousands of times.
struct Compiled<M> {
    compile: fn(&str) -> Result<M, String>,
    known: RwLock<HashMap<String, Arc<M>>>,
}

impl<M> Compiled<M> {
    fn new(compile: fn(&str) -> Result<M, String>) -> Self {
        Self { compile, known: RwLock::default() }
    }

    /// The pattern, compiled; `function` asks for it.
    fn get(&self, function: &str, pattern: &str) -> Result<Arc<M>, ExecutionError> {
        if let Some(known) = self.known.read().unwrap_or_else(PoisonError::into_inner).get(pattern) {
            return Ok(Arc::clone(known));
        }
        let compiled = (self.compile)(pattern).map_err(|error| ExecutionError::function_error(function, error))?;
        let compiled = Arc::new(compiled);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < PATTERN_LIMIT {
            known.insert(pattern.to_owned(), Arc::clone(&compiled));
        }
        Ok(compiled)
    }
}

/// The text under a name of a map; empty where there is none, or where there is no map because nothing is known.
#[allow(clippy::unnecessary_wraps)] // The form of every function that CEL calls.
fn get<'b, 'v>(arguments: Vec<CowVal<'b, 'v>>) -> Result<CowVal<'b, 'v>, ExecutionError> {
    let mut arguments = arguments.into_iter();
    let found = match (arguments.next(), arguments.next()) {
        (Some(CowVal::Borrowed(map)), Some(name)) => map.as_indexer().and_then(|map| map.get(&*name).ok()),
        (Some(CowVal::Owned(map)), Some(name)) => {
            map.into_indexer().and_then(|map| map.steal(&*name).ok()).map(CowVal::Owned)
        }
        _ => None,
    };
    Ok(found.unwrap_or_else(|| CowVal::owned(CelString::from(""))))
}

fn days_since(date: &str, today: Date) -> ResolveResult {
    let date: Date =
        date.parse().map_err(|_| ExecutionError::function_error("days_since", format!("`{date}` is no known day")))?;
    let span = date.until(today).map_err(|error| ExecutionError::function_error("days_since", error))?;
    Ok(Value::Int(i64::from(span.get_days())))
}

/// True when a measured figure is the stated one at the rounding that the stated one shows; a share may be stated in per cent. What is
/// no figure is never different.
fn same_figure(stated: &str, measured: &str) -> bool {
    let number = stated.trim().trim_end_matches('%').trim_end();
    let (Ok(value), Ok(measured)) = (number.parse::<f64>(), measured.trim().parse::<f64>()) else { return true };
    let decimals = number.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let Ok(decimals) = i32::try_from(decimals) else { return true };
    // Some round, some cut off: either is less than one unit of the last place away.
    let unit = 10f64.powi(-decimals) * (1.0 + 1e-9);
    let is_near = |measured: f64| (measured - value).abs() < unit;
    is_near(measured) || is_near(measured * 100.0) || (measured - value * 100.0).abs() < unit * 100.0
}

/// True when every version that the text allows is below the limit: `1.9`, `==1.9.*`, `<2`, `~=1.4`. False when it allows others or
/// is no version at all.
fn version_below(text: &str, limit: &str) -> ResolveResult {
    let limit = Version::from_str(limit).map_err(|error| ExecutionError::function_error("version_below", error))?;
    if let Ok(version) = Version::from_str(text.trim()) {
        return Ok(Value::Bool(version < limit));
    }
    if let Some(series) = series(text.trim()) {
        return Ok(Value::Bool(is_series_below(&series, &limit)));
    }
    let Ok(specifiers) = VersionSpecifiers::from_str(text.trim()) else { return Ok(Value::Bool(false)) };
    let bounded = specifiers.iter().any(|specifier| {
        use pep440_rs::Operator;
        match specifier.operator() {
            Operator::Equal | Operator::ExactEqual | Operator::LessThanEqual => *specifier.version() < limit,
            Operator::EqualStar => is_series_below(specifier.version(), &limit),
            Operator::LessThan => *specifier.version() <= limit,
            // `~=1.4` allows 1.x only: below the limit when the next release of its parent series is.
            Operator::TildeEqual => specifier
                .version()
                .release()
                .first()
                .is_some_and(|major| is_series_below(&Version::new([*major]), &limit)),
            _ => false,
        }
    });
    Ok(Value::Bool(bounded))
}

/// The versions that a specifier of conda (`=2.1`, `=2.1.*=cuda*`) or of Poetry (`^1.13`) allows, by the numbers that they share.
fn series(specifier: &str) -> Option<Version> {
    if let Some(least) = specifier.strip_prefix('^') {
        let major = least.split(['.', ',', ' ']).next()?;
        return Version::from_str(major).ok().filter(|major| major.release().first() != Some(&0));
    }
    let conda = specifier.strip_prefix('=').filter(|rest| !rest.starts_with('='))?;
    Version::from_str(conda.split('=').next()?.trim().trim_end_matches(".*")).ok()
}

/// True when all versions that begin with these numbers are below the limit: the next series begins there at the latest.
fn is_series_below(series: &Version, limit: &Version) -> bool {
    let mut next = series.release().to_vec();
    if let Some(last) = next.last_mut() {
        *last = last.saturating_add(1);
    }
    Version::new(next) <= *limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(source: &str) -> Value {
        let environment =
            Environment { today: Date::constant(2026, 11, 21), declared: BTreeSet::from(["vendors"]), pairs: 1 };
        cel::Program::compile(source).expect("compiles").execute(&context(&environment)).expect("runs")
    }

    #[test]
    fn every_function_of_ours_is_there_and_answers() {
        for (source, expected) in [
            ("{'a': 'b'}.get('a')", Value::from("b")),
            ("{'a': 'b'}.get('c')", Value::from("")),
            ("'gpt-4o'.glob('gpt-*')", Value::Bool(true)),
            ("['x', 'gpt-4o'].any_glob('gpt-*')", Value::Bool(true)),
            ("'ABC'.lower()", Value::from("abc")),
            ("days_since('2026-11-01')", Value::Int(20)),
            ("days_since('2025-11-21')", Value::Int(365)),
            ("declared('vendors')", Value::Bool(true)),
            ("declared('systems')", Value::Bool(false)),
            ("same_figure('0.91', '0.9123')", Value::Bool(true)),
            ("same_figure('91.2%', '0.9123')", Value::Bool(true)),
            ("same_figure('91.2', '0.9123')", Value::Bool(true)),
            ("same_figure('0.912', '91.23')", Value::Bool(true)),
            ("same_figure('0.93', '0.9123')", Value::Bool(false)),
            ("same_figure('93', '0.9123')", Value::Bool(false)),
            ("same_figure('-0.5', '0.5')", Value::Bool(false)),
            ("same_figure('high', '0.9')", Value::Bool(true)),
            ("version_below('2.5.1', '2.6')", Value::Bool(true)),
            ("version_below('==2.10', '2.6')", Value::Bool(false)),
            ("version_below('>=2.0,<2.6', '2.6')", Value::Bool(true)),
            ("version_below('>=2.0', '2.6')", Value::Bool(false)),
            ("version_below('', '2.6')", Value::Bool(false)),
            ("version_below('==2.*', '2.6')", Value::Bool(false)),
            ("version_below('==2.5.*', '2.6')", Value::Bool(true)),
            ("version_below('=2.1.*=cuda118*', '2.6')", Value::Bool(true)),
            ("version_below('=2', '2.6')", Value::Bool(false)),
            ("version_below('^1.13', '2.6')", Value::Bool(true)),
            ("version_below('^2.1', '2.6')", Value::Bool(false)),
            ("version_below('=18446744073709551615', '2.6')", Value::Bool(false)),
            ("version_below('~=18446744073709551615.0', '2.6')", Value::Bool(false)),
        ] {
            assert_eq!(run(source), expected, "{source}");
        }
    }
}
