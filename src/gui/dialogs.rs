//! Asking for a file: the system's dialogs behind a trait, so that tests answer
//! in their place. It must not know what is done with the answer.

use crate::cooling::weather::epw;
use crate::site::import;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};

/// What the dialog is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Open,
    Save,
    /// A foreign file.
    Import,
    /// The weather of a year.
    Weather,
    /// The folder of own records of the catalogue.
    Catalogue,
    /// To write a copy in another format.
    Export(Target),
}

/// What is written to where the dialog points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// Name of the format for people.
    pub name: &'static str,
    /// Ending of the file; a folder is asked for where there is none.
    pub ending: Option<&'static str>,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The dialog is still open.
    Waiting,
    Cancelled,
    Picked(PathBuf),
}

/// Somebody who can be asked for a file; at most one question at a time.
pub trait FileDialogs {
    /// False where the system has no dialog to show: the window then asks for a path itself.
    fn is_available(&self) -> bool;
    /// Opens the dialog. `start` is the document's file; `wake` is called when there is an answer.
    fn ask(&mut self, purpose: Purpose, start: Option<&Path>, wake: Box<dyn FnOnce() + Send>);
    /// The answer to the last question.
    fn poll(&mut self) -> Answer;
}

/// The dialogs of the system, shown from a thread of their own.
#[derive(Default)]
pub struct SystemDialogs {
    pending: Option<Receiver<Option<PathBuf>>>,
}

impl FileDialogs for SystemDialogs {
    fn is_available(&self) -> bool {
        if !cfg!(target_os = "linux") {
            return true;
        }
        // The portal answers on the session bus; without one the only other way is zenity.
        std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some_and(|a| !a.is_empty())
            || on_path("zenity")
    }

    fn ask(&mut self, purpose: Purpose, start: Option<&Path>, wake: Box<dyn FnOnce() + Send>) {
        let (name, endings): (&str, Vec<&str>) = match purpose {
            Purpose::Open | Purpose::Save => ("Gigasite layout", vec!["ron"]),
            Purpose::Import => {
                let endings = import::ALL.iter().flat_map(|i| i.extensions.iter().copied());
                let device_types = import::device_type::EXTENSIONS;
                ("Files that can be imported", endings.chain(device_types).collect())
            }
            Purpose::Weather => ("EPW weather file", vec![epw::EXTENSION]),
            Purpose::Catalogue => ("Folder", vec!["*"]),
            Purpose::Export(target) => (target.name, vec![target.ending.unwrap_or("*")]),
        };
        let mut dialog = rfd::FileDialog::new().add_filter(name, &endings);
        let folder = match purpose {
            // The folder itself is what is asked for.
            Purpose::Catalogue => start.filter(|folder| folder.is_dir()),
            _ => start.and_then(Path::parent),
        };
        if let Some(folder) = folder {
            dialog = dialog.set_directory(folder);
        }
        if let Some(name) = start.and_then(Path::file_name)
            && !matches!(purpose, Purpose::Open | Purpose::Catalogue)
        {
            dialog = dialog.set_file_name(name.to_string_lossy());
        }
        let (sender, receiver) = sync_channel(1);
        self.pending = Some(receiver);
        let question = move || {
            let picked = match purpose {
                Purpose::Open | Purpose::Import | Purpose::Weather => dialog.pick_file(),
                Purpose::Catalogue | Purpose::Export(Target { ending: None, .. }) => {
                    dialog.pick_folder()
                }
                Purpose::Save | Purpose::Export(_) => dialog.save_file(),
            };
            // Nobody listens where the window has gone; then there is nothing to tell.
            let _ = sender.send(picked);
            wake();
        };
        if cfg!(target_os = "macos") {
            // The system creates dialogs on the main thread alone.
            question();
        } else if std::thread::Builder::new()
            .name("gigasite-dialog".into())
            .spawn(question)
            .is_err()
        {
            self.pending = None;
        }
    }

    fn poll(&mut self) -> Answer {
        let Some(receiver) = &self.pending else { return Answer::Cancelled };
        let answer = match receiver.try_recv() {
            Err(TryRecvError::Empty) => return Answer::Waiting,
            Err(TryRecvError::Disconnected) | Ok(None) => Answer::Cancelled,
            Ok(Some(path)) => Answer::Picked(path),
        };
        self.pending = None;
        answer
    }
}

/// Whether a program of that name is on the search path.
fn on_path(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Answers that are known beforehand, for tests.
#[derive(Default)]
pub struct FakeDialogs {
    /// What the next question is answered with; `None` cancels.
    pub answer: Option<PathBuf>,
    /// What has been asked.
    pub asked: Vec<Purpose>,
    pub unavailable: bool,
}

impl FileDialogs for FakeDialogs {
    fn is_available(&self) -> bool {
        !self.unavailable
    }

    fn ask(&mut self, purpose: Purpose, _start: Option<&Path>, wake: Box<dyn FnOnce() + Send>) {
        self.asked.push(purpose);
        wake();
    }

    fn poll(&mut self) -> Answer {
        self.answer.clone().map_or(Answer::Cancelled, Answer::Picked)
    }
}

/// A path to save to: with an ending where it has none.
pub fn with_ending(path: PathBuf, ending: &str) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension(ending) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_an_ending_gets_one() {
        assert_eq!(with_ending("a/site".into(), "ron"), PathBuf::from("a/site.ron"));
        assert_eq!(with_ending("a/site.txt".into(), "ron"), PathBuf::from("a/site.txt"));
    }

    #[test]
    fn without_a_question_there_is_no_answer() {
        assert_eq!(SystemDialogs::default().poll(), Answer::Cancelled);
    }
}
