//! How exactly a specifier or an address fixes what is installed.

use crate::fact::Choice;

/// How exactly a version specifier of pip or conda fixes a version.
#[must_use]
pub fn pin_of_specifier(specifier: &str) -> Choice {
    let is_exact = |clause: &str| {
        let clause = clause.trim();
        match clause.strip_prefix("==") {
            Some(version) => !version.ends_with('*'),
            // conda: `=1.2=build` and, three numbers long, `=1.2.3`.
            None => clause.strip_prefix('=').is_some_and(|version| {
                version.contains('=') || version.split('.').count() >= 3 && !version.ends_with('*')
            }),
        }
    };
    Choice(match specifier.trim() {
        "" | "*" | ">=0" => "none",
        clauses if clauses.split(',').any(is_exact) => "exact",
        _ => "range",
    })
}

/// How exactly an address fixes what it gives: `exact` for a commit, a checksum or a version in it.
#[must_use]
pub fn pin_of_location(location: &str) -> Choice {
    let exact = Choice("exact");
    let (address, fragment) = location.split_once('#').unwrap_or((location, ""));
    if fragment.contains("sha256=") || fragment.contains("sha512=") {
        return exact;
    }
    let path = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = path.split_once('/').map_or(path, |(_, path)| path);
    if address.starts_with("git") || address.strip_suffix(".git").is_some() {
        // pip writes the revision after `@` (it may hold `/`), npm after `#`.
        let revision = path.rsplit_once('@').map_or(fragment, |(_, revision)| revision);
        return match revision.strip_prefix("semver:") {
            Some(range) => pin_of_npm(range),
            None if is_commit(revision) || is_version(revision) => exact,
            None => Choice("location"),
        };
    }
    let last = path.rsplit('/').next().unwrap_or_default();
    let holds_version = last.split(['-', '_']).any(|word| is_version(word) || word.split('.').any(is_commit));
    if holds_version { exact } else { Choice("location") }
}

/// How exactly a specifier of npm fixes a version.
#[must_use]
pub fn pin_of_npm(specifier: &str) -> Choice {
    let specifier = specifier.trim();
    let bare = specifier.trim_start_matches(['=', 'v']).trim_start();
    let numbers = bare.split(['-', '+']).next().unwrap_or_default();
    let is_exact = numbers.split('.').count() == 3
        && numbers.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
    Choice(match specifier {
        "" | "*" | "x" | "X" => "none",
        _ if is_exact => "exact",
        // A word is a tag, such as `latest`, that its owner moves.
        tag if tag.starts_with(|c: char| c.is_ascii_alphabetic()) && !tag.starts_with(['v', 'x', 'X']) => "none",
        _ => "range",
    })
}

/// How exactly a version of Maven or Gradle fixes what is installed: as good as always, save for ranges and words that move.
#[must_use]
pub fn pin_of_maven(version: &str) -> Choice {
    let version = version.trim();
    Choice(match version {
        "" | "+" | "LATEST" | "RELEASE" => "none",
        _ if version.starts_with("latest.") => "none",
        _ if is_interval(version) || version.ends_with('+') || version.ends_with("-SNAPSHOT") => "range",
        _ => "exact",
    })
}

/// How exactly a version of `NuGet` fixes what is installed. A plain one is the least that will do, and the least is what is taken.
#[must_use]
pub fn pin_of_nuget(version: &str) -> Choice {
    let version = version.trim();
    Choice(match version {
        "" | "*" | "*-*" => "none",
        _ if is_interval(version) || version.contains('*') => "range",
        _ => "exact",
    })
}

/// `[1.0,2.0)` leaves several versions, `[1.0]` one.
fn is_interval(version: &str) -> bool {
    version.starts_with(['[', '(', ']']) && version.contains(',')
}

/// A commit's hash, whole or shortened.
fn is_commit(text: &str) -> bool {
    (7..=64).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_hexdigit())
        && text.bytes().any(|b| b.is_ascii_digit())
}

/// A version number of at least two parts, with or without `v`, as tags and archives carry it.
fn is_version(text: &str) -> bool {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let mut parts = text.split('.');
    let is_number = |part: Option<&str>| part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    is_number(parts.next()) && is_number(parts.next())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pip_specifier_is_exact_only_when_it_leaves_one_version() {
        for exact in ["==2.1", "===2.1", "== 2.1.0+cu118", ">=2,==2.1", "=1.2=py39_0", "=1.2.3", "==1.2=py39_0"] {
            assert_eq!(pin_of_specifier(exact).0, "exact", "{exact}");
        }
        for range in ["==2.*", ">=2", "~=2.1", "=1.2", "=1.2.*", "!=2.0", "^2.1"] {
            assert_eq!(pin_of_specifier(range).0, "range", "{range}");
        }
        for none in ["", "*", " "] {
            assert_eq!(pin_of_specifier(none).0, "none", "{none}");
        }
    }

    #[test]
    fn an_npm_specifier_is_exact_only_with_three_numbers() {
        for exact in ["1.2.3", "=1.2.3", "v1.2.3", "1.2.3-beta.1", "1.2.3+build"] {
            assert_eq!(pin_of_npm(exact).0, "exact", "{exact}");
        }
        for range in ["^1.2.3", "~1.2.3", "1.2", "1.x", ">=1.2.3", "1.2.3 - 2.0.0", "1.2.x", "^1 || ^2"] {
            assert_eq!(pin_of_npm(range).0, "range", "{range}");
        }
        for none in ["*", "", "latest", "next", "beta"] {
            assert_eq!(pin_of_npm(none).0, "none", "{none}");
        }
    }

    #[test]
    fn maven_and_nuget_fix_versions_but_for_words_and_ranges() {
        for (version, pin) in [
            ("1.2.3", "exact"),
            ("[1.2.3]", "exact"),
            ("1.0.0-M3", "exact"),
            ("[1.0,2.0)", "range"),
            ("1.+", "range"),
            ("1.0-SNAPSHOT", "range"),
            ("LATEST", "none"),
            ("latest.release", "none"),
            ("+", "none"),
        ] {
            assert_eq!(pin_of_maven(version).0, pin, "{version}");
        }
        for (version, pin) in
            [("1.2.3", "exact"), ("[1.2]", "exact"), ("3.*", "range"), ("(1,2]", "range"), ("*", "none"), ("", "none")]
        {
            assert_eq!(pin_of_nuget(version).0, pin, "{version}");
        }
    }

    #[test]
    fn an_address_is_exact_with_a_commit_a_version_or_a_checksum() {
        for exact in [
            "git+https://github.com/openai/CLIP.git@d05afc436d78f1c48dc0dbf8e5980a9d471f35f6",
            "git+https://github.com/a/b@v1.2.0#egg=b",
            "git+ssh://git@example.com/a/b.git@1a2b3c4",
            "https://example.com/flash_attn-2.6.3-cp311-linux_x86_64.whl",
            "https://example.com/latest.zip#sha256=00",
            "https://github.com/a/b/archive/d05afc436d78f1c48dc0dbf8e5980a9d471f35f6.zip",
            "https://registry.example.com/@scope/pkg/-/pkg-1.0.0.tgz",
            "git+https://github.com/a/b.git#d05afc436d78f1c48dc0dbf8e5980a9d471f35f6",
        ] {
            assert_eq!(pin_of_location(exact).0, "exact", "{exact}");
        }
        for moving in [
            "git+https://github.com/openai/CLIP.git",
            "git+https://github.com/a/b@main",
            "git+https://github.com/a/b@feature/deadbeef",
            "git+ssh://git@example.com/a/b.git",
            "https://github.com/a/b/archive/main.zip",
            "git+https://github.com/a/b.git#main",
        ] {
            assert_eq!(pin_of_location(moving).0, "location", "{moving}");
        }
        assert_eq!(pin_of_location("git+https://github.com/a/b#semver:^1.2").0, "range");
    }
}
