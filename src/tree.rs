//! Which files the repository holds: the list that discovery makes and extractors ask about neighbours.

use crate::source::{file_name, folder};
use foldhash::HashMap;
use globset::Glob;
use std::collections::BTreeSet;
use std::ops::Bound;
use std::sync::{Arc, OnceLock};

/// The files of the scanned repository.
#[derive(Debug, Default, Clone)]
pub struct Tree {
    /// Paths from the root, sorted by bytes.
    pub files: BTreeSet<Arc<str>>,
    /// The paths that git tracks; `None` where there is no git repository that can be read.
    pub tracked: Option<BTreeSet<Arc<str>>>,
    /// The folders that hold a Python module, by its name; gathered when somebody first asks.
    modules: OnceLock<HashMap<Box<str>, Vec<Box<str>>>>,
    /// The folders that images are built from; gathered when somebody first asks.
    image_folders: OnceLock<BTreeSet<Box<str>>>,
}

impl Tree {
    /// The files at these paths, of which nobody knows whether git tracks them.
    #[must_use]
    pub fn of(files: BTreeSet<Arc<str>>) -> Self {
        Self { files, ..Self::default() }
    }

    /// True when this file is there.
    #[must_use]
    pub fn contains(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// The path of the file called `name` in the same folder as `path`, if it is there.
    #[must_use]
    pub fn beside(&self, path: &str, name: &str) -> Option<&Arc<str>> {
        self.files.get(join(folder(path), name).as_str())
    }

    /// The path of the file called `name` in the folder of `path` or in one above it, nearest first.
    #[must_use]
    pub fn beside_or_above(&self, path: &str, name: &str) -> Option<&Arc<str>> {
        let mut here = folder(path);
        loop {
            if let Some(found) = self.files.get(join(here, name).as_str()) {
                return Some(found);
            }
            if here.is_empty() {
                return None;
            }
            here = folder(here);
        }
    }

    /// True when the Python module `name`, as a file or a package, lies in `folder`, in a folder above it, or in a folder `src` of these.
    #[must_use]
    pub fn has_module(&self, folder_of_file: &str, name: &str) -> bool {
        let holders = self.modules.get_or_init(|| module_folders(&self.files)).get(name);
        holders.into_iter().flatten().any(|holder| {
            let beside = match holder.strip_suffix("src") {
                Some("") => "",
                Some(above) if above.ends_with('/') => above.trim_end_matches('/'),
                _ => holder,
            };
            is_at_or_below(folder_of_file, holder) || is_at_or_below(folder_of_file, beside)
        })
    }

    /// True when a Dockerfile lies in the folder of `path` or in one above it: an image may hold the file.
    #[must_use]
    pub fn builds_image_from(&self, path: &str) -> bool {
        let folders = self.image_folders.get_or_init(|| image_folders(&self.files));
        let mut here = folder(path);
        loop {
            if folders.contains(here) {
                return true;
            }
            if here.is_empty() {
                return false;
            }
            here = folder(here);
        }
    }

    /// True when some file lies in the folder at `path`.
    #[must_use]
    pub fn has_folder(&self, path: &str) -> bool {
        let start = format!("{path}/");
        let mut after = self.files.range::<str, _>((Bound::Excluded(start.as_str()), Bound::Unbounded));
        after.next().is_some_and(|file| file.starts_with(&start))
    }

    /// True when a file is at a path that a person wrote: a file, a folder, or a glob. One that is no glob is nowhere.
    #[must_use]
    pub fn has_path(&self, written: &str) -> bool {
        let folder = written.trim_end_matches('/');
        self.has_folder(folder)
            || Glob::new(written).is_ok_and(|glob| {
                let matcher = glob.compile_matcher();
                self.files.iter().any(|path| matcher.is_match(&**path))
            })
    }

    /// Takes a file out.
    pub fn remove(&mut self, path: &str) {
        self.files.remove(path);
        if let Some(tracked) = &mut self.tracked {
            tracked.remove(path);
        }
    }

    /// Adds a file that git tracks.
    pub fn add_tracked(&mut self, path: &Arc<str>) {
        self.modules.take();
        self.image_folders.take();
        self.files.insert(Arc::clone(path));
        self.tracked.get_or_insert_default().insert(Arc::clone(path));
    }

    /// Whether git tracks this file; `None` when that cannot be known.
    #[must_use]
    pub fn is_tracked(&self, path: &str) -> Option<bool> {
        self.tracked.as_ref().map(|tracked| tracked.contains(path))
    }
}

/// The folders of Dockerfiles; of one that lies in a folder for such files alone (`docker/`), the folder that this lies in.
fn image_folders(files: &BTreeSet<Arc<str>>) -> BTreeSet<Box<str>> {
    let holds = |name: &str, word: &str| name.to_ascii_lowercase().contains(word);
    let builds = |path: &&Arc<str>| ["dockerfile", "containerfile"].iter().any(|word| holds(file_name(path), word));
    let holder = |path: &Arc<str>| {
        let holder = folder(path);
        if holds(file_name(holder), "docker") { folder(holder).into() } else { holder.into() }
    };
    files.iter().filter(builds).map(holder).collect()
}

/// The names that these files can be imported under: `a` of `x/a.py` and of `x/a/__init__.py`.
fn module_folders(files: &BTreeSet<Arc<str>>) -> HashMap<Box<str>, Vec<Box<str>>> {
    let mut folders: HashMap<Box<str>, Vec<Box<str>>> = HashMap::default();
    for path in files {
        if let Some(module) = path.strip_suffix("/__init__.py").or_else(|| path.strip_suffix(".py")) {
            folders.entry(file_name(module).into()).or_default().push(folder(module).into());
        }
    }
    folders
}

/// True when `path` is `wanted` or lies in the folder `wanted`.
#[must_use]
pub fn is_at_or_below(path: &str, wanted: &str) -> bool {
    path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || wanted.is_empty())
}

/// The path that `relative` (`./x`, `../x/y`) leads to from a folder.
#[must_use]
pub fn resolved(folder: &str, relative: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// `folder/name`, or `name` alone at the root.
#[must_use]
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_beside_above_and_in_source_folders() {
        let files =
            ["app/chat.py", "app/tools/web/__init__.py", "src/core.py", "lib/src/deep/a.py", "xsrc/odd.py", "top.py"];
        let tree = Tree::of(files.into_iter().map(Arc::from).collect());
        for (folder, name, expected) in [
            ("app", "chat", true),
            ("app/tools", "chat", true),
            ("app/tools", "web", true),
            ("app", "web", false),
            ("application", "chat", false),
            ("tests", "core", true),
            ("", "core", true),
            ("lib/src/deep", "a", true),
            ("lib", "a", false),
            ("x", "odd", false),
            ("any/where", "top", true),
            ("", "missing", false),
        ] {
            assert_eq!(tree.has_module(folder, name), expected, "{name} from {folder}");
        }
    }

    #[test]
    fn relative_paths_lead_somewhere() {
        for (folder, relative, path) in [
            ("infra/dev", "../modules/x", "infra/modules/x"),
            ("", "./x.bicep", "x.bicep"),
            ("infra", "x/./y/", "infra/x/y"),
            ("a", "../../..", ""),
        ] {
            assert_eq!(resolved(folder, relative), path);
        }
    }

    #[test]
    fn an_image_may_hold_what_lies_below_its_dockerfile() {
        let tree = |paths: &[&str]| Tree::of(paths.iter().map(|path| Arc::from(*path)).collect());
        let own = tree(&["serving/Dockerfile", "serving/scripts/start.sh", "train/run.sh"]);
        assert!(own.builds_image_from("serving/scripts/start.sh"));
        assert!(!own.builds_image_from("train/run.sh"));
        assert!(tree(&["docker/gpu.Dockerfile"]).builds_image_from("scripts/start.sh"));
        assert!(!tree(&["serving/compose.yaml"]).builds_image_from("serving/start.sh"));
    }
}
