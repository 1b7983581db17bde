//! `secret` facts: keys, tokens, private keys and passwords in addresses, by their form. The secret itself stays in this file.

use super::place::{Part, Places, is_source};
use super::placeholder::{is_placeholder, looks_random};
use crate::catalogue::{Clue, ClueOf, KeyFormat, KeyGroup, KeyMatch};
use crate::document::FileKind;
use crate::extract::Context;
use crate::fact::{Choice, Facts, Field, Secret, Seen};
use crate::source::Span;
use std::collections::{BTreeMap, BTreeSet};

/// How many secrets of one file are kept: a dump of keys is one trouble, not millions.
const LIMIT: usize = 10_000;

/// Follows the clues of keys through one file.
pub(super) struct Search<'a> {
    places: &'a Places<'a>,
    formats: &'a [KeyFormat],
    /// By row of the format, the ranges that hold its clues. Those that overlap are one, so that no byte is searched twice.
    ranges: BTreeMap<usize, Vec<Span>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(places: &'a Places<'a>, context: &Context<'a>) -> Self {
        Self { places, formats: &context.catalogue.keys, ranges: BTreeMap::new() }
    }

    pub(super) fn follow(&mut self, clue: Clue) {
        let ClueOf::Key(row) = clue.of else { return };
        let Some(format) = self.formats.get(row) else { return };
        let reach = format.reach(clue.at, self.places.text());
        let ranges = self.ranges.entry(row).or_default();
        match ranges.last_mut() {
            Some(last) if reach.start <= last.end => *last = last.cover(reach),
            _ => ranges.push(reach),
        }
    }

    pub(super) fn finish(self, facts: &mut Facts) {
        let places = self.places;
        let text = places.text();
        let mut found: Vec<(KeyMatch, &KeyFormat)> = Vec::new();
        for (row, ranges) in self.ranges {
            let Some(format) = self.formats.get(row) else { continue };
            found.extend(ranges.into_iter().flat_map(|range| format.find(text, range)).map(|it| (it, format)));
        }
        found.sort_by_key(|(it, format)| (it.secret.start, !format.words.is_empty()));
        let mut last_end = 0;
        let mut left = LIMIT;
        for (it, format) in found {
            let secret = it.secret.text(text);
            if it.secret.start < last_end || !is_secret(it, format, places) {
                continue;
            }
            let at = extent(it, format, text);
            last_end = at.end;
            // A password stands within its address, and the address is what is assigned.
            let value_start = if format.group == KeyGroup::Password { it.whole.start } else { it.secret.start };
            let setting = match places.setting(value_start) {
                // Without a name the address is told by how it begins.
                "" if format.group == KeyGroup::Password => {
                    let beginning = it.whole.text(text).split_inclusive("://").next().unwrap_or_default();
                    format!("{beginning}…")
                }
                setting => setting.to_owned(),
            };
            let fact = Secret {
                form: format.form.as_str().into(),
                group: format.group.name().into(),
                vendor: format.vendor.as_str().into(),
                // The whole secret, so that reports can hide all of it where the finding shows only a part.
                shown: Field::found(masked(secret, format), it.secret),
                holder: Field::known(holder(places, it.secret.start)),
                setting: setting.as_str().into(),
                certain: is_certain(it, format, text).into(),
                machine_made: Field::default(),
            };
            let name = if setting.is_empty() { format.form.as_str() } else { setting.as_str() };
            facts.add(name, at, fact);
            left -= 1;
            if left == 0 {
                break;
            }
        }
    }
}

/// Keeps one `secret` fact for each place: a key that is known by its form may also have been seen by the name that holds it. Of those
/// that are not certain, one whose value only a machine makes says more.
pub(crate) fn keep_the_surest(facts: &mut Facts) {
    let secrets = facts.all.iter().enumerate().filter(|(_, fact)| fact.kind == Secret::kind());
    let mut order: Vec<(bool, bool, usize, Span)> = secrets
        .filter_map(|(index, fact)| {
            Some((fact.text("certain") != "yes", fact.text("machine_made") != "yes", index, fact.at.span()?))
        })
        .collect();
    order.sort_unstable_by_key(|(unsure, by_hand, index, _)| (*unsure, *by_hand, *index));
    let mut kept: BTreeMap<usize, Span> = BTreeMap::new();
    let mut seen_before = BTreeSet::new();
    for (unsure, _, index, at) in order {
        // Kept places do not overlap, so that the last one that starts before this one's end is the only one that can.
        let overlaps =
            kept.range(..at.end.max(at.start + 1)).next_back().is_some_and(|(_, other)| other.end > at.start);
        if !overlaps || !unsure {
            kept.insert(at.start, at);
        } else {
            seen_before.insert(index);
        }
    }
    let mut index = 0..;
    facts.all.retain(|_| index.next().is_none_or(|index| !seen_before.contains(&index)));
}

/// Not a placeholder, and where the form alone says little, assigned to something that keeps secrets.
fn is_secret(it: KeyMatch, format: &KeyFormat, places: &Places<'_>) -> bool {
    let secret = it.secret.text(places.text());
    match format.group {
        KeyGroup::PrivateKey => !is_placeholder(secret) && is_whole_key(it, places.text()),
        KeyGroup::Password => Address::of(it, places.text()).is_some_and(|address| address.password_is_secret()),
        _ if is_placeholder(secret) || !looks_random(secret) => false,
        // A signed address names the key that signed it, as it should.
        KeyGroup::Cloud if places.setting(it.secret.start).ends_with("Credential") => false,
        _ if format.words.is_empty() => true,
        _ => names_a_secret(it.whole.text(places.text())),
    }
}

/// What stands before the value speaks of a key, and not of a checksum that looks the same.
fn names_a_secret(assignment: &str) -> bool {
    let lower = assignment.to_ascii_lowercase();
    let speaks_of = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    speaks_of(&["key", "token", "secret", "auth", "credential", "("])
        && !speaks_of(&[
            "commit", "sha1", "sha256", "revision", "hash", "digest", "checksum", "version", "run_id", "entity",
            "project",
        ])
}

/// A match is a key beyond doubt.
fn is_certain(it: KeyMatch, format: &KeyFormat, text: &str) -> bool {
    if format.group == KeyGroup::Password {
        return Address::of(it, text).is_some_and(|address| address.is_reachable());
    }
    format.is_certain_in(text) || format.is_certain_by_name(it, text)
}

/// An address with a password: `postgres://user:password@host:5432/name`.
struct Address<'a> {
    user: &'a str,
    password: &'a str,
    host: &'a str,
}

/// Passwords that stand in every example and every image.
const WELL_KNOWN: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "pwd",
    "pw",
    "secret",
    "root",
    "admin",
    "user",
    "username",
    "postgres",
    "postgresql",
    "mysql",
    "mongo",
    "mongodb",
    "redis",
    "rabbitmq",
    "guest",
    "test",
    "testing",
    "dev",
    "demo",
    "example",
    "mlflow",
    "airflow",
    "langfuse",
    "litellm",
    "dbpassword",
    "db_password",
    "mypassword",
    "mysecretpassword",
    "mypass",
    "hunter2",
    "1234",
    "12345",
    "123456",
    "foo",
    "bar",
    "p",
    "xxx",
];

impl<'a> Address<'a> {
    fn of(it: KeyMatch, text: &'a str) -> Option<Self> {
        let before = Span::new(it.whole.start, it.secret.start.saturating_sub(1)).text(text);
        let (_, user) = before.rsplit_once("://")?;
        let after = Span::new(it.secret.end.saturating_add(1), it.secret.end.saturating_add(256)).text(text);
        let is_of_host = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
        let host = after.split(|character| !is_of_host(character)).next().unwrap_or_default();
        Some(Self { user, password: it.secret.text(text), host })
    }

    fn password_is_secret(&self) -> bool {
        let lower = self.password.to_ascii_lowercase();
        let from_elsewhere =
            self.password.contains(['$', '{', '}', '<', '>', '*', '[', '(']) || holds_directive(self.password);
        !from_elsewhere
            && !is_placeholder(self.password)
            && !WELL_KNOWN.contains(&lower.as_str())
            && !self.password.eq_ignore_ascii_case(self.user)
            && self.password.chars().count() >= 4
            && !self.host.is_empty()
            && !self.is_local()
            && !self.host.contains("example")
            && !matches!(self.host.to_ascii_lowercase().as_str(), "host" | "hostname" | "server" | "your-host")
    }

    fn is_local(&self) -> bool {
        matches!(self.host, "localhost" | "0.0.0.0" | "host.docker.internal") || self.host.starts_with("127.")
    }

    /// The host has a name that others can resolve; `db` or `postgres` is the neighbour in a compose file.
    fn is_reachable(&self) -> bool {
        self.host.rsplit_once('.').is_some_and(|(_, last_label)| {
            !matches!(last_label, "local" | "internal" | "svc" | "localhost" | "lan" | "test")
        })
    }
}

/// A `%` that is to be replaced by something, such as `%s` and `%PASSWORD%`; `%40` is a sign that an address cannot hold as it is, and
/// other signs behind it belong to a password that somebody did not escape.
fn holds_directive(password: &str) -> bool {
    let closed = password.len() > 1 && password.starts_with('%') && password.ends_with('%');
    closed || password == "%s" || password.contains("%%")
}

/// How many characters of a secret's beginning are shown, at most: never more than the letters that all keys of its form share.
const SHOWN: usize = 8;

/// The block goes on to its last line with nothing but the key: in documentation it is often cut short.
fn is_whole_key(it: KeyMatch, text: &str) -> bool {
    let reach = Span::new(it.whole.end, it.whole.end.saturating_add(PRIVATE_KEY_LENGTH)).within(text);
    let is_of_body = |character: char| {
        character.is_ascii_alphanumeric()
            || character.is_ascii_whitespace()
            || matches!(character, '+' | '/' | '=' | '\\' | '"' | '\'' | ',')
    };
    reach.text(text).split_once("-----END").is_some_and(|(body, _)| body.chars().all(is_of_body))
}

/// Bytes of a private key: the longest in use have 4,096 bits, which is under 4,000 characters.
const PRIVATE_KEY_LENGTH: usize = 8_000;

/// The bytes that must not be shown: of a private key all up to its last line.
fn extent(it: KeyMatch, format: &KeyFormat, text: &str) -> Span {
    if format.group != KeyGroup::PrivateKey {
        return it.secret;
    }
    let reach = Span::new(it.whole.end, it.whole.end.saturating_add(PRIVATE_KEY_LENGTH)).within(text);
    let body = reach.text(text).split("-----").next().unwrap_or_default();
    Span::new(it.whole.start, it.whole.end + body.len())
}

/// The shared beginning of the form, and the last two characters; of a private key nothing.
fn masked(secret: &str, format: &KeyFormat) -> String {
    if format.group == KeyGroup::PrivateKey {
        return "…".to_owned();
    }
    let shared = format
        .literals
        .iter()
        .filter(|literal| secret.starts_with(literal.as_str()))
        .max_by_key(|literal| literal.len());
    let shared = shared.map_or("", String::as_str);
    let prefix: String = shared.chars().take(SHOWN).collect();
    let tail: String = if secret.len() >= 16 { last_two(secret) } else { String::new() };
    format!("{prefix}…{tail}")
}

fn last_two(secret: &str) -> String {
    let mut tail: Vec<char> = secret.chars().rev().take(2).collect();
    tail.reverse();
    tail.into_iter().collect()
}

/// What kind of file, or part of a notebook, holds the place.
fn holder(places: &Places<'_>, offset: usize) -> Choice {
    let holder = match places.kind {
        FileKind::Notebook if places.part(offset) == Some(Part::Output) => "notebook-output",
        FileKind::Python | FileKind::JavaScript | FileKind::Notebook => "code",
        FileKind::EnvironmentFile => "environment-file",
        FileKind::Dockerfile | FileKind::Compose => "container",
        FileKind::Pipeline(_) => "pipeline",
        FileKind::DvcConfig => "data-remote",
        FileKind::Markdown | FileKind::AgentInstructions => "text",
        FileKind::AssistantSettings(_) => "assistant",
        FileKind::Text => match places.extension() {
            "txt" | "rst" | "html" | "jsonl" | "xml" => "text",
            extension if is_source(extension) => "code",
            _ => "configuration",
        },
        _ => "configuration",
    };
    Choice(holder)
}
