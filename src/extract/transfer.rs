//! Commands that fetch or send over the network: `curl`, `wget`. They give `transfer` facts, and for data and models `address` facts.

use super::code::{host, is_internal, of_download};
use crate::fact::{Facts, Field, Transfer};
use crate::source::Span;

/// One command and the address that it is given.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fetched {
    program: &'static str,
    url: String,
    checked: bool,
}

/// False for a script that fetches nothing: a cheap look before its commands are asked.
pub(super) fn may_fetch(script: &str) -> bool {
    script.contains("curl") || script.contains("wget")
}

impl Fetched {
    /// What a command fetches, if it names an address in full.
    pub(super) fn by(program: &[&str]) -> Option<Self> {
        let (first, rest) = program.split_first()?;
        let (program, unchecked): (_, fn(&&str) -> bool) = match first.trim_start_matches(['@', '-']) {
            "curl" => ("curl", is_insecure_of_curl),
            "wget" => ("wget", |word| *word == "--no-check-certificate"),
            _ => return None,
        };
        let url = rest.iter().find(|word| word.starts_with("https://") || word.starts_with("http://"))?;
        Some(Self { program, url: (*url).to_owned(), checked: !rest.iter().any(unchecked) })
    }

    /// Adds what is known of it: plain HTTP has no certificate to check.
    pub(super) fn add(self, at: Span, facts: &mut Facts) {
        of_download(self.program, &self.url, at, facts);
        if self.url.starts_with("http://") {
            return;
        }
        let host = host(&self.url);
        let internal: Field<bool> = if host.contains('$') { Field::default() } else { is_internal(host).into() };
        let subject = format!("{} {host}", self.program);
        let transfer = Transfer {
            program: self.program.into(),
            host: host.into(),
            internal,
            checked: Field::found(self.checked, at),
        };
        facts.add(subject, at, transfer);
    }
}

/// Short options of curl that take no value: what stands behind one of them is an option too.
const SWITCHES_OF_CURL: &str = "#0123456BGIJLNORSafgijlnpqsvZ";

/// `-k`, `--insecure`, and `k` among other short options: `-fsSLk`.
fn is_insecure_of_curl(word: &&str) -> bool {
    if let Some(letters) = word.strip_prefix('-').filter(|rest| !rest.starts_with('-')) {
        return letters
            .split_once('k')
            .is_some_and(|(before, _)| before.chars().all(|it| SWITCHES_OF_CURL.contains(it)));
    }
    *word == "--insecure"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell;

    #[test]
    fn switches_that_turn_the_check_off() {
        let checked =
            |command: &str| Fetched::by(&shell::commands(command)[0].program()).map(|fetched| fetched.checked);
        for command in [
            "curl -k https://a.b/c",
            "curl -fsSLk https://a.b/c -o c",
            "curl --insecure https://a.b/c",
            "sudo wget -q --no-check-certificate 'https://a.b/c?x=1&y=2' -O c",
        ] {
            assert_eq!(checked(command), Some(false), "{command}");
        }
        for command in
            ["curl -Ls https://a.b/c", "curl -obook https://a.b/c", "wget https://a.b/c", "curl -H k https://a.b"]
        {
            assert_eq!(checked(command), Some(true), "{command}");
        }
        for command in ["curl -k $URL", "echo curl -k https://a.b/c", "curl"] {
            assert_eq!(checked(command), None, "{command}");
        }
    }
}
