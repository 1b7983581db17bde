//! What the names that pickles import can do: allowed, dangerous, or unknown.

use crate::globs;
use serde::Deserialize;
use std::error::Error;

/// What importing a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickleVerdict {
    /// It makes plain values.
    Allowed,
    /// It runs code or commands, or reaches files or the network.
    Dangerous,
    /// It is in no list.
    Unknown,
}

/// The lists, compiled.
#[derive(Debug, Default)]
pub(super) struct PickleIndex {
    allowed: globs::Names,
    dangerous: globs::Names,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PickleFile {
    allowed: Vec<Names>,
    dangerous: Vec<Names>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Names {
    modules: Vec<String>,
    names: Vec<String>,
}

/// How many dots of a name are looked behind.
const DOTS: usize = 16;

impl PickleIndex {
    pub(super) fn read(text: &str) -> Result<Self, Box<dyn Error>> {
        let file: PickleFile = serde_json::from_str(text)?;
        Ok(Self { allowed: set(&file.allowed)?, dangerous: set(&file.dangerous)? })
    }

    pub(super) fn verdict(&self, module: &str, name: &str) -> PickleVerdict {
        let listed = |list: &globs::Names, module: &str, name: &str| list.mean(&format!("{module}:{name}"));
        // `os.system` of the module `torch` is an attribute of what `torch` has imported, and `os` of it is the whole module.
        let dots = name.match_indices('.').take(DOTS);
        let mut inner = dots.filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)));
        let is_dangerous = listed(&self.dangerous, module, name)
            || MODULES_BY_NAME.contains(&last_part(name))
            || inner.any(|(before, after)| {
                listed(&self.dangerous, before, after)
                    || listed(&self.dangerous, last_part(before), after)
                    || listed(&self.dangerous, &format!("{module}.{before}"), after)
            });
        if is_dangerous {
            PickleVerdict::Dangerous
        } else if !name.contains('.') && listed(&self.allowed, module, name) {
            PickleVerdict::Allowed
        } else {
            PickleVerdict::Unknown
        }
    }
}

/// Modules that others import: `os` as a name of `torch` is the module itself.
const MODULES_BY_NAME: &[&str] =
    &["os", "sys", "subprocess", "builtins", "__builtins__", "importlib", "shutil", "socket", "ctypes", "pickle"];

/// What stands behind the last dot.
fn last_part(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

fn set(lists: &[Names]) -> Result<globs::Names, globset::Error> {
    let names = lists
        .iter()
        .flat_map(|list| list.modules.iter().flat_map(|module| list.names.iter().map(move |name| (module, name))));
    globs::Names::of(names.map(|(module, name)| format!("{module}:{name}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_judged_by_every_way_to_reach_them() {
        let index = PickleIndex::read(crate::catalogue::PICKLE_GLOBALS).unwrap();
        for (module, name, verdict) in [
            ("posix", "system", PickleVerdict::Dangerous),
            ("__builtin__", "eval", PickleVerdict::Dangerous),
            ("os.path", "expanduser", PickleVerdict::Dangerous),
            ("torch", "os.system", PickleVerdict::Dangerous),
            ("torch", "os", PickleVerdict::Dangerous),
            ("torch", "serialization.os.system", PickleVerdict::Dangerous),
            ("sklearn.utils", "os.system", PickleVerdict::Dangerous),
            ("builtins", "str.__class__", PickleVerdict::Unknown),
            ("builtins", "getattr", PickleVerdict::Unknown),
            ("torch._utils", "_rebuild_tensor_v2", PickleVerdict::Allowed),
            ("torch", "FloatStorage", PickleVerdict::Allowed),
            ("sklearn.tree._classes", "DecisionTreeClassifier", PickleVerdict::Allowed),
            ("sklearn.tree.tree", "DecisionTreeClassifier", PickleVerdict::Allowed),
            ("sklearn.datasets", "fetch_openml", PickleVerdict::Unknown),
            ("mypackage", "MyModel", PickleVerdict::Unknown),
            ("numpy.core.multiarray", "_reconstruct", PickleVerdict::Allowed),
            ("numpy.testing._private.utils", "runstring", PickleVerdict::Dangerous),
            ("ossaudio", "system", PickleVerdict::Unknown),
        ] {
            assert_eq!(index.verdict(module, name), verdict, "{module} {name}");
        }
    }
}
