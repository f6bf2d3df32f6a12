//! Deals with work that programs left behind on a thread of its own: side files are as large as
//! layouts, and each is compared with its document's file. It must not know what is asked about
//! them.

use super::document::Document;
use super::recovery::{Found, Standing, Store};
use crate::catalog::Catalog;
use crate::jobs::{SpawnError, Worker};
use crate::site::Layout;
use std::path::PathBuf;
use std::sync::Arc;

/// What is wanted of work that was left behind.
pub enum Wish {
    /// All of it, with how it stands to the files; the catalogue is that without overrides of a
    /// site. What stands in its file already is no loss, and goes.
    Look(Arc<Catalog>),
    /// The document of one side file, as another window asked for.
    Take(PathBuf),
    /// The document of work that is held.
    Recover(Found),
}

/// What came of it.
pub enum News {
    Work(Vec<(Found, Standing)>),
    Recovered(Box<Recovered>),
    /// Another program has the work, or it is gone.
    Gone,
}

/// Work with the document that it becomes.
pub struct Recovered {
    pub found: Found,
    /// The document as its file stands, and the work on top; or what is wrong with the side file.
    pub document: Result<(Document, Layout), String>,
}

/// Fulfils one wish after the other; the newest counts.
pub struct Leftovers {
    worker: Option<Worker<Wish, News>>,
    store: Store,
    /// Done in between frames where there is no thread.
    done: Option<News>,
}

impl Leftovers {
    /// `wake` is called on the thread when there is something to poll. Without a thread wishes
    /// are fulfilled at once.
    pub fn new(store: Store, wake: impl Fn() + Send + 'static) -> Self {
        let worker: Result<_, SpawnError> = {
            let store = store.clone();
            let make = move || store.clone();
            Worker::spawn("gigasite-recovery", wake, make, |store: &mut Store, wish, _| {
                fulfil(store, wish)
            })
        };
        Self { worker: worker.ok(), store, done: None }
    }

    pub fn ask(&mut self, wish: Wish) {
        match &self.worker {
            Some(worker) => {
                worker.submit(wish);
            }
            None => self.done = Some(fulfil(&self.store, wish)),
        }
    }

    pub fn is_busy(&self) -> bool {
        self.done.is_some() || self.worker.as_ref().is_some_and(Worker::is_busy)
    }

    /// What came of the last wish, once. A wish that stopped half way has come to nothing: the
    /// work lies where it was.
    pub fn poll(&mut self) -> Option<News> {
        let delivered = || Some(self.worker.as_ref()?.poll()?.output.unwrap_or(News::Gone));
        self.done.take().or_else(delivered)
    }
}

fn fulfil(store: &Store, wish: Wish) -> News {
    match wish {
        Wish::Look(catalog) => {
            let mut work = Vec::new();
            for found in store.abandoned() {
                match found.standing(&catalog) {
                    Standing::File { difference, .. } if difference.is_empty() => found.discard(),
                    standing => work.push((found, standing)),
                }
            }
            News::Work(work)
        }
        Wish::Take(side) => store.take(side).map_or(News::Gone, recovered),
        Wish::Recover(found) => recovered(found),
    }
}

fn recovered(found: Found) -> News {
    let document = found.document();
    News::Recovered(Box::new(Recovered { found, document }))
}
