//! Variables that containers take from maps: entries of secrets and configuration maps that are written out in a manifest.

use super::super::environment::{self, Given, Scope, Variable};
use super::{kind, name};
use crate::document::{Entry, Node};
use crate::fact::{Facts, Field};

/// Adds the entries of a `Secret` or `ConfigMap`, and those of the secrets that a kustomization makes.
pub(super) fn add(object: &Node, facts: &mut Facts) {
    if kind(object) == "Kustomization" {
        add_generated(object, facts);
        return;
    }
    let entries = |key: &str| object.get(key).map(Node::entries).unwrap_or_default();
    let decoded: Vec<(&Entry, String)> = match kind(object) {
        "Secret" => {
            let plain = entries("stringData").iter().filter_map(|entry| Some((entry, entry.node.scalar()?.to_owned())));
            let coded = entries("data").iter().filter_map(|entry| Some((entry, base64(entry.node.scalar()?)?)));
            plain.chain(coded).collect()
        }
        // Whole files stand in a configuration map as well; variables have names of their own form.
        "ConfigMap" => {
            let variables = entries("data").iter().filter(|entry| is_variable_name(&entry.key));
            variables.filter_map(|entry| Some((entry, entry.node.scalar()?.to_owned()))).collect()
        }
        _ => return,
    };
    let variables: Vec<Variable<'_>> = decoded
        .iter()
        .map(|(entry, value)| Variable {
            name: &entry.key,
            value: Given::written(value),
            at: entry.key_span.cover(entry.node.span),
            value_at: entry.node.span,
        })
        .collect();
    let scope = format!("{}/{}", kind(object), name(object));
    let scope = Scope { name: &scope, holder: "kubernetes", secret_holder: "configuration", ai: Field::default() };
    environment::add(&variables, &scope, facts);
}

/// `secretGenerator: [{literals: [NAME=value]}]`.
fn add_generated(object: &Node, facts: &mut Facts) {
    for generator in object.get("secretGenerator").map(Node::items).unwrap_or_default() {
        let literals = generator.get("literals").map(Node::items).unwrap_or_default();
        let variables: Vec<Variable<'_>> = literals
            .iter()
            .filter_map(|literal| {
                let (name, value) = literal.text()?.split_once('=')?;
                let value = Given::written(value.trim_matches(['"', '\'']));
                Some(Variable { name, value, at: literal.span, value_at: literal.span })
            })
            .collect();
        let scope = format!("Kustomization/{}", generator.get("name").and_then(Node::scalar).unwrap_or_default());
        let scope = Scope { name: &scope, holder: "kubernetes", secret_holder: "configuration", ai: Field::default() };
        environment::add(&variables, &scope, facts);
    }
}

fn is_variable_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(allowed)
}

/// The text that a base64 value stands for; `None` when it is no text.
fn base64(coded: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in coded.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=') {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = ((bits << 6) | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(((bits >> count) & 0xff).try_into().ok()?);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let text = text.trim_end_matches('\n');
    (!text.contains(|character: char| character.is_control())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_gives_text_or_nothing() {
        assert_eq!(base64("bWluaW8xMjM=").as_deref(), Some("minio123"));
        assert_eq!(base64("bWluaW8xMjMK").as_deref(), Some("minio123"));
        assert_eq!(base64("w6k=").as_deref(), Some("é"));
        assert_eq!(base64("/w=="), None);
        assert_eq!(base64("not base64!"), None);
        assert_eq!(base64("").as_deref(), Some(""));
    }
}
