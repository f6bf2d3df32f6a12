//! The files opened or saved last, in one list that all windows of the program share.
//!
//! Each change is made to what stands in the file at that moment, so that no window writes
//! an old list over the work of another. It must not know windows.

use crate::jobs::{SpawnError, Worker};
use crate::site::file::{self, Backup};
use std::fs::File;
use std::path::{Path, PathBuf};

/// The list on disk: paths as JSON, newest first.
#[derive(Clone, Debug)]
pub struct RecentFiles {
    path: PathBuf,
}

/// Files that are kept.
pub const MOST_RECENT: usize = 8;

/// Puts a file in front of a list.
pub fn remember(list: &mut Vec<PathBuf>, path: &Path) {
    // The next program may start in another folder.
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    forget(list, &path);
    list.insert(0, path);
    list.truncate(MOST_RECENT);
}

/// Takes a file off a list.
pub fn forget(list: &mut Vec<PathBuf>, path: &Path) {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    list.retain(|p| p != path && *p != whole);
}

impl RecentFiles {
    /// The list in a file, which is made at the first change.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The list as it is now; `None` where there is none that can be read.
    pub fn read(&self) -> Option<Vec<PathBuf>> {
        serde_json::from_str(&file::read_text(&self.path).ok()?).ok()
    }

    /// Makes a change to the newest list and tells what came of it. Without a list yet, or with
    /// a broken one, the change is made to `known`. A list that cannot be written is told
    /// all the same: this window then has it alone.
    pub fn change(
        &self,
        known: Vec<PathBuf>,
        change: impl FnOnce(&mut Vec<PathBuf>),
    ) -> Vec<PathBuf> {
        if let Some(folder) = self.path.parent() {
            // What cannot be made shows when the list is written.
            let _ = std::fs::create_dir_all(folder);
        }
        // Held while it is read and written; a file system without locks does without.
        let lock = File::create(self.path.with_extension("lock")).ok();
        let _held = lock.as_ref().map(File::lock);
        let mut list = self.read().unwrap_or(known);
        change(&mut list);
        // A path that is no text has no place in the file.
        let texts: Vec<&str> = list.iter().filter_map(|p| p.to_str()).collect();
        if let Ok(text) = serde_json::to_string_pretty(&texts) {
            let _ = file::save_text(&self.path, &text, Backup::None);
        }
        list
    }
}

/// A change to the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecentChange {
    Remember(PathBuf),
    Forget(PathBuf),
}

impl RecentChange {
    /// Makes the change to a list.
    pub fn make(&self, list: &mut Vec<PathBuf>) {
        match self {
            RecentChange::Remember(path) => remember(list, path),
            RecentChange::Forget(path) => forget(list, path),
        }
    }
}

/// What is known of the list, and what is to be changed in it; nothing only looks.
type Job = (Vec<PathBuf>, Vec<RecentChange>);

/// Reads and changes the shared list on a thread of its own, so that a slow folder never holds up
/// the window. Changes are made in their order and none is left out.
pub struct SharedRecent {
    worker: Worker<Job, Option<Vec<PathBuf>>>,
    waiting: Vec<RecentChange>,
    looks: bool,
    is_busy: bool,
}

impl SharedRecent {
    /// `wake` is called on the thread when there is something to poll.
    ///
    /// # Errors
    /// [`SpawnError`] where the system gives no thread.
    pub fn new(files: RecentFiles, wake: impl Fn() + Send + 'static) -> Result<Self, SpawnError> {
        let worker = Worker::spawn(
            "gigasite-recent",
            wake,
            || (),
            move |(), (known, changes): Job, _| {
                if changes.is_empty() {
                    return files.read();
                }
                Some(files.change(known, |list| changes.iter().for_each(|c| c.make(list))))
            },
        )?;
        Ok(Self { worker, waiting: Vec::new(), looks: false, is_busy: false })
    }

    /// Makes a change to the newest list; without one to `known`, which has the change already.
    pub fn change(&mut self, known: &[PathBuf], change: RecentChange) {
        self.waiting.push(change);
        self.start(known);
    }

    /// Looks at what other windows have made of the list.
    pub fn look(&mut self, known: &[PathBuf]) {
        self.looks = true;
        self.start(known);
    }

    pub fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// The list as it is now, once after each change and look.
    pub fn poll(&mut self, known: &[PathBuf]) -> Option<Vec<PathBuf>> {
        let delivery = self.worker.poll()?;
        self.is_busy = false;
        let mut list = delivery.output.ok().flatten();
        // What was done meanwhile goes on top.
        for change in &self.waiting {
            list.iter_mut().for_each(|list| change.make(list));
        }
        self.start(known);
        list
    }

    /// Waits until every change is written.
    pub fn finish(&mut self, known: &[PathBuf]) {
        while self.is_busy && self.worker.wait().is_some() {
            self.is_busy = false;
            self.start(known);
        }
    }

    fn start(&mut self, known: &[PathBuf]) {
        if self.is_busy || (self.waiting.is_empty() && !self.looks) {
            return;
        }
        (self.is_busy, self.looks) = (true, false);
        self.worker.submit((known.to_vec(), std::mem::take(&mut self.waiting)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_once_newest_first() {
        let mut list = Vec::new();
        for name in ["a", "b", "a"] {
            remember(&mut list, Path::new(name));
        }
        let here = std::env::current_dir().expect("a folder");
        assert_eq!(list, [here.join("a"), here.join("b")], "whatever folder comes next");
        forget(&mut list, Path::new("b"));
        assert_eq!(list, [here.join("a")]);
        for n in 0..20 {
            remember(&mut list, Path::new(&n.to_string()));
        }
        assert_eq!(list.len(), MOST_RECENT);
    }

    #[test]
    fn two_windows_add_to_one_list() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = RecentFiles::new(folder.path().join("new/recent.json"));
        assert_eq!(files.read(), None);
        // The second window has not heard of what the first one added.
        let first = files.change(vec!["/old".into()], |l| remember(l, Path::new("/a")));
        let second = files.change(vec!["/old".into()], |l| remember(l, Path::new("/b")));
        assert_eq!(first, [PathBuf::from("/a"), "/old".into()]);
        assert_eq!(second, [PathBuf::from("/b"), "/a".into(), "/old".into()]);
        assert_eq!(files.read(), Some(second));
        let after = files.change(Vec::new(), |l| forget(l, Path::new("/a")));
        assert_eq!(after, [PathBuf::from("/b"), "/old".into()]);
    }

    #[test]
    fn windows_that_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("recent.json");
        std::thread::scope(|threads| {
            for n in 0..MOST_RECENT {
                let files = RecentFiles::new(path.clone());
                threads.spawn(move || {
                    files.change(Vec::new(), |l| remember(l, &PathBuf::from(format!("/{n}"))))
                });
            }
        });
        let mut list = RecentFiles::new(path).read().expect("a list");
        list.sort();
        let all: Vec<PathBuf> = (0..MOST_RECENT).map(|n| format!("/{n}").into()).collect();
        assert_eq!(list, all);
    }

    #[test]
    fn changes_beside_the_window_are_all_made_in_their_order() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = RecentFiles::new(folder.path().join("recent.json"));
        let mut shared = SharedRecent::new(files.clone(), || ()).expect("a thread");
        let mut list = vec![PathBuf::from("/old")];
        for n in 0..5 {
            let change = RecentChange::Remember(format!("/{n}").into());
            change.make(&mut list);
            shared.change(&list, change);
        }
        shared.change(&list, RecentChange::Forget("/3".into()));
        shared.finish(&list);
        assert!(!shared.is_busy());
        let all: Vec<PathBuf> = ["/4", "/2", "/1", "/0", "/old"].map(PathBuf::from).to_vec();
        assert_eq!(files.read(), Some(all));
    }

    #[test]
    fn a_broken_list_is_begun_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("recent.json");
        std::fs::write(&path, "[\"/a\"").expect("writes");
        let files = RecentFiles::new(path);
        assert_eq!(files.read(), None);
        let list = files.change(vec!["/b".into()], |l| remember(l, Path::new("/c")));
        assert_eq!(list, [PathBuf::from("/c"), "/b".into()]);
    }
}
