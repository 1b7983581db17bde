//! Facts about files that hold prompts, told by their paths: `prompt`.

use super::Context;
use crate::fact::{Facts, Prompt, Seen as _};
use crate::fingerprint::digest_of_words;
use crate::source::{SourceFile, file_name, folder};

/// Endings of files that hold nothing else.
const OWN_ENDINGS: &[&str] = &[".prompt", ".prompty", ".prompt.yml", ".prompt.yaml", ".prompt.md", ".prompt.txt"];

/// Extensions of texts that prompts are kept in.
const TEXTS: &[&str] = &["txt", "md", "j2", "jinja", "jinja2", "yaml", "yml", "json", "toml", "xml", "mustache", "hbs"];

/// Folders of prompts.
const FOLDERS: &[&str] = &["prompts", "prompt_templates", "system_prompts"];

/// Sees that a file holds a prompt.
pub fn extract(file: &SourceFile, context: &Context<'_>, facts: &mut Facts) {
    if context.interest.wants(Prompt::kind()) && holds_prompt(&file.path) && !file.text.trim().is_empty() {
        facts.add_whole(&*file.path, Prompt { digest: digest_of_words(&file.text).into() });
    }
}

fn holds_prompt(path: &str) -> bool {
    let lower = path.to_lowercase().replace('-', "_");
    let parts = || folder(&lower).split('/');
    // Prompts for the assistants of those who write the code are no part of the product.
    if parts().any(|part| matches!(part, ".github" | ".claude" | ".cursor" | ".vscode" | ".gemini")) {
        return false;
    }
    let name = file_name(&lower);
    if OWN_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return true;
    }
    let Some((stem, extension)) = name.rsplit_once('.') else { return false };
    if matches!(stem, "readme" | "index" | "changelog" | "package" | "config" | "schema")
        || stem.starts_with("promptfoo")
    {
        return false;
    }
    let says_prompt = matches!(
        stem,
        "prompt" | "prompts" | "system_prompt" | "system_prompts" | "prompt_template" | "prompt_templates"
    ) || stem.ends_with("_prompt");
    match extension {
        "py" | "ts" | "js" => says_prompt,
        extension if TEXTS.contains(&extension) => says_prompt || parts().any(|part| FOLDERS.contains(&part)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_by_their_paths() {
        for (path, holds) in [
            ("prompts/answer.txt", true),
            ("app/Prompts/v2/answer.j2", true),
            ("app/system_prompt.md", true),
            ("app/prompts.py", true),
            ("app/answer.prompty", true),
            ("triage.prompt.yml", true),
            ("prompts/README.md", false),
            (".github/prompts/review.prompt.md", false),
            ("promptfooconfig.yaml", false),
            ("prompts/load.py", false),
            ("src/prompt_toolkit.py", false),
            ("docs/prompting.md", false),
        ] {
            assert_eq!(holds_prompt(path), holds, "{path}");
        }
    }
}
