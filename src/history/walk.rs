//! Walks back through the commits and finds for each wanted path the last change in substance, and its first day.

use super::change::{Step, entry};
use super::{Aspect, Change, Limits, Past, SeeFacts, Watch, digest_of_facts};
use crate::fact::Fact;
use crate::fingerprint::digest_of_words;
use crate::git;
use crate::source::decode;
use git2::{Commit, ErrorCode, Oid, Repository};
use jiff::civil::Date;
use std::collections::{BinaryHeap, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// Stands for the commit of what is not committed.
const UNCOMMITTED: &str = "uncommitted";

/// Larger contents are compared by their ids alone.
const CONTENT_BYTES: usize = 16 << 20;

/// The facts of so many versions are kept.
const KEPT_VERSIONS: usize = 64;

/// Why the walk ended before all was found.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    /// A limit was reached.
    #[error(
        "what happened before the last {0} commits was not looked at; raise `history-commits` under [limits] in aimslint.toml"
    )]
    Commits(usize),
    /// A limit was reached.
    #[error(
        "more than {0} versions of files would have to be compared; raise `history-contents` under [limits] in aimslint.toml"
    )]
    Contents(usize),
    /// A partial clone lacks contents.
    #[error(
        "the past of {0} files is unknown, for git does not keep all versions here (a partial clone); fetch them with `git fetch --refetch --no-filter`"
    )]
    Missing(usize),
    /// Git cannot read something.
    #[error("git's history could not be read: {}", .0.message())]
    Git(#[from] git2::Error),
}

/// A path on its way back.
struct Track {
    /// Which watch it is for.
    watch: usize,
    /// Its path at the commit that is looked at, from the repository's root.
    path: String,
    /// Its content there.
    content: Oid,
    /// The digest of its substance there, once it was asked for.
    digest: Option<String>,
    changed: Option<Change>,
}

/// The walk.
pub(super) struct Walk<'a> {
    repository: &'a Repository,
    watches: &'a [Watch],
    see: &'a SeeFacts<'a>,
    limits: Limits,
    contents_read: usize,
    missing: usize,
    seen: HashMap<(Arc<str>, Oid), Rc<[Fact]>>,
    /// Commits that are still to be looked at, newest first.
    open: BinaryHeap<(i64, Oid)>,
    tracks: HashMap<Oid, Vec<Track>>,
    /// What was found, watch by watch.
    pub(super) found: Vec<Option<Past>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(repository: &'a Repository, watches: &'a [Watch], see: &'a SeeFacts<'a>, limits: Limits) -> Self {
        Self {
            repository,
            watches,
            see,
            limits,
            contents_read: 0,
            missing: 0,
            seen: HashMap::new(),
            open: BinaryHeap::new(),
            tracks: HashMap::new(),
            found: vec![None; watches.len()],
        }
    }

    /// Walks back from `tip`. What is in the folder `below` and differs from it has changed on the day `today`.
    pub(super) fn run(&mut self, tip: Option<&Commit<'_>>, below: &str, today: Date) -> Result<(), Halt> {
        let uncommitted = Change { date: today, commit: UNCOMMITTED.to_owned() };
        let mut starts = Vec::new();
        for (index, watch) in self.watches.iter().enumerate() {
            let path = format!("{below}{}", watch.path);
            let content = tip.map(|tip| entry(&tip.tree()?, &path)).transpose()?.flatten();
            let Some(content) = content else {
                self.finish(index, uncommitted.clone(), Some(today));
                continue;
            };
            let mut track = Track { watch: index, path, content, digest: None, changed: None };
            match self.digest_if_comparable(&mut track) {
                Ok(committed) if committed != watch.today => track.changed = Some(uncommitted.clone()),
                Ok(_) => {}
                Err(halt) => {
                    self.skip_missing(halt)?;
                    continue;
                }
            }
            starts.push(track);
        }
        if let Some(tip) = tip {
            self.follow(starts, tip);
        }
        let mut walked = 0;
        while let Some((_, id)) = self.open.pop() {
            let Some(tracks) = self.tracks.remove(&id) else { continue };
            walked += 1;
            if walked > self.limits.commits {
                return Err(Halt::Commits(self.limits.commits));
            }
            self.look(&self.repository.find_commit(id)?, tracks)?;
        }
        if self.missing > 0 { Err(Halt::Missing(self.missing)) } else { Ok(()) }
    }

    /// The digest of what is committed, where there is one of today to hold it against.
    fn digest_if_comparable(&mut self, track: &mut Track) -> Result<Option<String>, Halt> {
        match self.watch(track).map(|watch| watch.today.is_some()) {
            Some(true) => self.digest(track),
            _ => Ok(None),
        }
    }

    /// Sends tracks on to a commit.
    fn follow(&mut self, tracks: impl IntoIterator<Item = Track>, commit: &Commit<'_>) {
        for track in tracks {
            let done = track.changed.is_some() && self.watch(&track).is_some_and(|watch| !watch.origin);
            if let (true, Some(changed)) = (done, &track.changed) {
                self.finish(track.watch, changed.clone(), None);
                continue;
            }
            let waiting = self.tracks.entry(commit.id()).or_default();
            if waiting.is_empty() {
                self.open.push((commit.time().seconds(), commit.id()));
            }
            waiting.push(track);
        }
    }

    /// Sends each track on to the parent that has the same content; what no parent has was changed here.
    fn look(&mut self, commit: &Commit<'_>, mut tracks: Vec<Track>) -> Result<(), Halt> {
        let mut parents = Vec::new();
        for parent in commit.parents() {
            let step = Step::new(self.repository, parent.tree()?, commit.tree()?);
            let (mut same, mut other) = (Vec::new(), Vec::new());
            for track in tracks {
                let is_same = step.before(&track.path)? == Some(track.content);
                if is_same { same.push(track) } else { other.push(track) }
            }
            self.follow(same, &parent);
            parents.push((parent, step));
            tracks = other;
        }
        for track in tracks {
            self.change(commit, &mut parents, track).or_else(|halt| self.skip_missing(halt))?;
        }
        Ok(())
    }

    /// Goes on without a path of which a version is missing.
    fn skip_missing(&mut self, halt: Halt) -> Result<(), Halt> {
        match halt {
            Halt::Git(error) if error.code() == ErrorCode::NotFound => {
                self.missing += 1;
                Ok(())
            }
            other => Err(other),
        }
    }

    /// Judges what a commit did to a path, and sends it on to the parent that had it before.
    fn change(
        &mut self,
        commit: &Commit<'_>,
        parents: &mut [(Commit<'_>, Step<'_>)],
        track: Track,
    ) -> Result<(), Halt> {
        let change = Change { date: git::day(commit).unwrap_or_default(), commit: git::short(commit) };
        let mut before = None;
        for (index, (_, step)) in parents.iter().enumerate() {
            if let Some(content) = step.before(&track.path)? {
                before = Some((index, track.path.clone(), content));
                break;
            }
        }
        if before.is_none()
            && let Some((_, step)) = parents.first_mut()
        {
            before = step.renamed_from(&track.path)?.map(|(path, content)| (0, path, content));
        }
        let Some((index, path, content)) = before else {
            self.finish(track.watch, track.changed.unwrap_or_else(|| change.clone()), Some(change.date));
            return Ok(());
        };
        let Some((parent, step)) = parents.get_mut(index) else { return Ok(()) };
        let mut earlier = Track { path, content, digest: None, ..track };
        let watch = self.watch(&earlier).cloned();
        let by_facts = watch.as_ref().is_some_and(|watch| matches!(watch.aspect, Aspect::Facts(..)));
        if earlier.content != track.content && (earlier.changed.is_none() || by_facts) {
            let mut later = Track { watch: earlier.watch, changed: None, ..track };
            let (new, old) = (self.digest(&mut later)?, self.digest(&mut earlier)?);
            if by_facts && old.is_none() && new.is_some() {
                // The file was there already, what is looked for in it was not.
                self.finish(earlier.watch, earlier.changed.unwrap_or_else(|| change.clone()), Some(change.date));
                return Ok(());
            }
            if earlier.changed.is_none() && old != new && !step.is_mass()? {
                earlier.changed = Some(change);
            }
        }
        let parent = parent.clone();
        self.follow([earlier], &parent);
        Ok(())
    }

    fn watch(&self, track: &Track) -> Option<&Watch> {
        self.watches.get(track.watch)
    }

    fn finish(&mut self, watch: usize, changed: Change, begun: Option<Date>) {
        if let Some(found) = self.found.get_mut(watch) {
            *found = Some(Past { changed, begun });
        }
    }

    /// The digest of the substance of a path; `None` when there is nothing of the wanted kind in it.
    fn digest(&mut self, track: &mut Track) -> Result<Option<String>, Halt> {
        if track.digest.is_some() {
            return Ok(track.digest.clone());
        }
        let digest = match self.watch(track).map(|watch| watch.aspect.clone()) {
            None | Some(Aspect::Bytes) => Some(track.content.to_string()),
            Some(Aspect::Words) => {
                let text = self.read(track.content)?.and_then(|bytes| decode(bytes).ok());
                // What is no text has no white space to leave out.
                Some(text.map_or_else(|| track.content.to_string(), |text| digest_of_words(&text)))
            }
            Some(Aspect::Facts(kind, subject)) => {
                // By today's path: another folder makes no other thing of it.
                let path = self.watch(track).map(|watch| Arc::clone(&watch.path)).unwrap_or_default();
                digest_of_facts(self.facts(&path, track.content)?.iter(), kind, subject.as_deref())
            }
        };
        track.digest.clone_from(&digest);
        Ok(digest)
    }

    /// The facts of a version of a file. Several things may stand in one file, so they are kept for a while.
    fn facts(&mut self, path: &Arc<str>, content: Oid) -> Result<Rc<[Fact]>, Halt> {
        if let Some(known) = self.seen.get(&(Arc::clone(path), content)) {
            return Ok(Rc::clone(known));
        }
        let facts: Rc<[Fact]> = (self.see)(path, self.read(content)?.unwrap_or_default()).into();
        if self.seen.len() >= KEPT_VERSIONS {
            self.seen.clear();
        }
        self.seen.insert((Arc::clone(path), content), Rc::clone(&facts));
        Ok(facts)
    }

    /// The content; `None` for one that is larger than [`CONTENT_BYTES`].
    fn read(&mut self, content: Oid) -> Result<Option<Vec<u8>>, Halt> {
        self.contents_read += 1;
        if self.contents_read > self.limits.contents {
            return Err(Halt::Contents(self.limits.contents));
        }
        let objects = self.repository.odb()?;
        if objects.read_header(content)?.0 > CONTENT_BYTES {
            return Ok(None);
        }
        Ok(Some(objects.read(content)?.data().to_vec()))
    }
}
