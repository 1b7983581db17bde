//! Keys and passwords that stand in files of settings, told by the names that they are given to: `api_key: ...`.

use crate::document::FileKind;
use crate::extract::machine_made::{is_machine_made, is_random, speaks_of_web_page};
use crate::extract::secret::{is_secret_name, told_by_name};
use crate::fact::{Facts, Secret};
use crate::source::{SourceFile, Span};
use regex::Regex;
use std::sync::LazyLock;

/// How large a file of settings may be, in bytes: what is larger is data.
const LENGTH_LIMIT: usize = 128 << 10;

/// `AutoGen`'s list of models and their keys, which is JSON.
const LIST_OF_MODELS: &str = "OAI_CONFIG_LIST";

/// One of these stands in every name of a secret: a cheap look before the names are looked for.
const WORDS: &[&str] = &["key", "Key", "KEY", "oken", "OKEN", "ecret", "ECRET", "pass", "Pass", "PASS"];

/// A name and its value, in YAML, JSON, TOML and the like.
static SETTING: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)([A-Za-z][A-Za-z0-9_.-]{2,60})["']?[ \t]{0,20}[:=][ \t]{0,20}["']?([A-Za-z0-9_+/=.-]{16,400})["']?[ \t\r]{0,20}(?:[,}\]#;]|$)"#,
    )
    .ok()
});

/// False for files whose settings are read by those who know their syntax, and for data.
pub(super) fn holds_settings(file: &SourceFile, kind: FileKind) -> bool {
    let is_known = matches!(
        kind,
        FileKind::Text | FileKind::Configuration(_) | FileKind::Parameters(_) | FileKind::AssistantSettings(_)
    );
    let extension = super::place::extension(file.name());
    let is_of_settings =
        matches!(extension, "yaml" | "yml" | "json" | "toml" | "ini" | "cfg" | "conf" | "config" | "properties");
    is_known
        && file.text.len() <= LENGTH_LIMIT
        && (is_of_settings || file.name() == LIST_OF_MODELS)
        && WORDS.iter().any(|word| file.text.contains(word))
}

/// Sees values that are long and disordered and whose names say that they are secret.
pub(super) fn extract(file: &SourceFile, facts: &mut Facts) {
    let Some(pattern) = SETTING.as_ref().filter(|_| !speaks_of_web_page(&file.text)) else { return };
    for captures in pattern.captures_iter(&file.text) {
        let (Some(name), Some(value)) = (captures.get(1), captures.get(2)) else { continue };
        let (name, at) = (name.as_str(), Span::new(value.start(), value.end()));
        let value = value.as_str();
        let last = name.rsplit('.').next().unwrap_or(name);
        // Settings and answers of every program stand here: what a person may have thought up is no sign of a secret.
        if !is_secret_name(last) || !is_random(value) || !is_machine_made(last, value) {
            continue;
        }
        let secret = Secret { machine_made: true.into(), ..told_by_name(name, value, "configuration") };
        facts.add(name, at, secret);
    }
}
