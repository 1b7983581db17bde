//! Files that say how a repository is looked after: owners, bots, hooks, rules of branches.

use crate::document::FileKind;
use crate::source::{file_name, folder};

/// What such a file is, told from its path and its name in lower case.
pub(super) fn named(path: &str, name: &str) -> Option<FileKind> {
    let within = file_name(folder(path));
    match name {
        "codeowners" | ".gitattributes" => Some(FileKind::PatternList),
        "owners" | ".pre-commit-config.yaml" | ".pre-commit-config.yml" => Some(FileKind::UpkeepYaml),
        "dependabot.yml" | "dependabot.yaml" | "settings.yml" | "settings.yaml" if within == ".github" => {
            Some(FileKind::UpkeepYaml)
        }
        "renovate.json" | ".renovaterc" | ".renovaterc.json" => Some(FileKind::UpkeepJson),
        "security.txt" => Some(FileKind::SecurityText),
        _ if within == "rulesets" && name.rsplit_once('.').is_some_and(|(_, extension)| extension == "json") => {
            Some(FileKind::UpkeepJson)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::classify::classify;
    use crate::document::FileKind;

    #[test]
    fn files_of_upkeep_are_told_from_their_names() {
        for (path, kind) in [
            (".github/CODEOWNERS", Some(FileKind::PatternList)),
            ("sdk/OWNERS", Some(FileKind::UpkeepYaml)),
            (".github/dependabot.yml", Some(FileKind::UpkeepYaml)),
            ("config/settings.yml", Some(FileKind::Text)),
            (".github/rulesets/main.json", Some(FileKind::UpkeepJson)),
            (".well-known/security.txt", Some(FileKind::SecurityText)),
            (".renovaterc", Some(FileKind::UpkeepJson)),
            ("CODEOWNERS.txt", Some(FileKind::Text)),
        ] {
            assert_eq!(classify(path), kind, "{path}");
        }
    }
}
