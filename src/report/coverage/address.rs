//! Where a place can be seen: its address at the code host, in the commit that was scanned.

use crate::finding::{Provenance, from_root};

/// The address of a place, where its code host is known to show it; `None` also for the repository as a whole.
pub(super) fn at_host(path: &str, line: Option<usize>, provenance: Option<&Provenance>) -> Option<String> {
    let provenance = provenance.filter(|_| !matches!(path, "" | "."))?;
    let pages = pages(provenance)?;
    let path = in_address(&from_root(&provenance.folder, path));
    Some(format!("{pages}/blob/{}/{path}{}", provenance.revision, fragment(line)))
}

/// The address of a commit, where its code host is known to show it.
pub(super) fn commit_at_host(commit: &str, provenance: Option<&Provenance>) -> Option<String> {
    Some(format!("{}/commit/{commit}", pages(provenance?)?))
}

/// Where the pages of the repository's files and commits begin: hosts of GitHub and GitLab are told by their names.
fn pages(provenance: &Provenance) -> Option<String> {
    let address = provenance.repository.as_deref()?;
    let host = address.strip_prefix("https://")?.split('/').next()?;
    match host.split('.').next()? {
        "github" => Some(address.to_owned()),
        "gitlab" => Some(format!("{address}/-")),
        _ => None,
    }
}

/// The address of a place from the scanned folder.
pub(super) fn in_folder(path: &str, line: Option<usize>) -> String {
    format!("{}{}", in_address(path), fragment(line))
}

fn fragment(line: Option<usize>) -> String {
    line.map_or_else(String::new, |line| format!("#L{line}"))
}

/// A path as it stands in an address.
fn in_address(path: &str) -> String {
    let mut address = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            address.push(char::from(byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shown_by_hosts_that_are_known() {
        let at = |repository: &str| {
            let provenance = Provenance {
                repository: Some(repository.to_owned()),
                revision: "c0ffee".to_owned(),
                branch: None,
                folder: String::new(),
            };
            at_host("a b.py", Some(3), Some(&provenance))
        };
        assert_eq!(at("https://github.com/o/n").as_deref(), Some("https://github.com/o/n/blob/c0ffee/a%20b.py#L3"));
        assert_eq!(
            at("https://gitlab.example.org/o/n").as_deref(),
            Some("https://gitlab.example.org/o/n/-/blob/c0ffee/a%20b.py#L3")
        );
        assert_eq!(at("https://example.org/github.com/o/n"), None);
        assert_eq!(at("javascript:github.com"), None);
    }

    #[test]
    fn a_path_can_leave_its_address_no_more_than_it_can_leave_its_name() {
        assert_eq!(in_address("a b/\"><script>.py"), "a%20b/%22%3E%3Cscript%3E.py");
        assert_eq!(in_folder("a#b?c.py", Some(2)), "a%23b%3Fc.py#L2");
    }

    #[test]
    fn only_a_known_host_has_addresses() {
        let of = |repository: Option<&str>| Provenance {
            repository: repository.map(str::to_owned),
            revision: "abc".to_owned(),
            branch: None,
            folder: "sub/".to_owned(),
        };
        let address = at_host("a.py", Some(3), Some(&of(Some("https://github.com/o/n"))));
        assert_eq!(address.as_deref(), Some("https://github.com/o/n/blob/abc/sub/a.py#L3"));
        for repository in [None, Some("https://git.example.org/o/n")] {
            assert_eq!(at_host("a.py", Some(3), Some(&of(repository))), None);
        }
    }
}
