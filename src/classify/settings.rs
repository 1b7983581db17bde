//! Settings of any program, told by a name of a model or dataset in them.

use crate::document::Syntax;
use regex::Regex;
use std::sync::LazyLock;

/// How large a file of settings may be, in bytes: what is larger is data.
const LENGTH_LIMIT: usize = 1 << 20;

/// A key that may name a model or dataset, or an option of a command.
static KEY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        "(?i)model|dataset|tokenizer|checkpoint|pretrained|llm|embed|rerank|adapter|repo_?id|hf_|huggingface|ollama",
    )
    .ok()
});

/// A value that may be an id: `owner/name`, alone between quotes or blanks.
static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?m)[\s"'=:/\[][A-Za-z0-9][A-Za-z0-9_.-]*/[A-Za-z0-9][A-Za-z0-9_.-]*(?:[@:][A-Za-z0-9_.-]+)?["']?\s*(?:[,}\]#]|\s|$)"#).ok()
});

/// How the settings are written; `None` for a file that names no model and no dataset, or is no file of settings.
pub(super) fn syntax(extension: &str, text: &str) -> Option<Syntax> {
    let syntax = match extension {
        "yaml" | "yml" => Syntax::Yaml,
        "json" => Syntax::Json,
        "toml" => Syntax::Toml,
        "ini" | "properties" => Syntax::Ini,
        _ => return None,
    };
    let has = |pattern: &LazyLock<Option<Regex>>| pattern.as_ref().is_some_and(|pattern| pattern.is_match(text));
    (text.len() <= LENGTH_LIMIT && has(&KEY) && has(&VALUE)).then_some(syntax)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_the_ids_in_them() {
        for (extension, text, syntax) in [
            ("yaml", "model: org/name-7b\n", Some(Syntax::Yaml)),
            ("yaml", "args: [\"--model\", \"org/name-7b\"]\n", Some(Syntax::Yaml)),
            ("json", "{\"repo_id\": \"org/name-7b\"}", Some(Syntax::Json)),
            ("toml", "[model]\nname = \"org/name\" # x\n", Some(Syntax::Toml)),
            ("yaml", "model: gpt-4o\n", None),
            ("yaml", "path: a/b\n", None),
            ("txt", "model: org/name-7b\n", None),
        ] {
            assert_eq!(super::syntax(extension, text), syntax, "{text}");
        }
    }
}
