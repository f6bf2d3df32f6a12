//! Further windows of the program: each is a process of its own, so that none
//! can take another down. It must not know what is shown in them.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Somebody who can open another window.
pub trait Windows {
    /// Opens a window; `arguments` follow `gigasite open`.
    ///
    /// # Errors
    /// Where the system starts no process.
    fn open(&mut self, arguments: &[OsString]) -> io::Result<()>;
    /// Shows the folder of a file in the system's file manager.
    ///
    /// # Errors
    /// Where the system has none that starts.
    fn reveal(&mut self, path: &Path) -> io::Result<()>;
}

/// This program, started again.
#[derive(Default)]
pub struct Processes {
    /// What this window was started with and the next has to know.
    inherited: Vec<OsString>,
    children: Vec<Child>,
}

impl Processes {
    /// `inherited` is passed to every window before its own arguments.
    pub fn new(inherited: Vec<OsString>) -> Self {
        Self { inherited, children: Vec::new() }
    }
}

impl Windows for Processes {
    fn open(&mut self, arguments: &[OsString]) -> io::Result<()> {
        // Windows that have been closed need to be asked for their end once.
        self.children.retain_mut(|child| !matches!(child.try_wait(), Ok(Some(_))));
        let child = Command::new(std::env::current_exe()?)
            .arg("open")
            .args(&self.inherited)
            .args(arguments)
            .stdin(Stdio::null())
            .spawn()?;
        self.children.push(child);
        Ok(())
    }

    fn reveal(&mut self, path: &Path) -> io::Result<()> {
        let folder = path.parent().filter(|f| !f.as_os_str().is_empty());
        let folder = folder.unwrap_or(Path::new("."));
        let program = match () {
            () if cfg!(target_os = "macos") => "open",
            () if cfg!(windows) => "explorer",
            () => "xdg-open",
        };
        let silent = || Stdio::null();
        let child = Command::new(program)
            .arg(folder)
            .stdin(silent())
            .stdout(silent())
            .stderr(silent())
            .spawn()?;
        self.children.push(child);
        Ok(())
    }
}

/// Keeps what was asked for, for tests.
#[derive(Clone, Default)]
pub struct FakeWindows {
    opened: Arc<Mutex<Vec<Vec<OsString>>>>,
    revealed: Arc<Mutex<Vec<PathBuf>>>,
}

impl FakeWindows {
    /// The arguments of each window, in order.
    pub fn opened(&self) -> Vec<Vec<OsString>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The files whose folders were shown, in order.
    pub fn revealed(&self) -> Vec<PathBuf> {
        self.revealed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Windows for FakeWindows {
    fn open(&mut self, arguments: &[OsString]) -> io::Result<()> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.push(arguments.to_vec());
        Ok(())
    }

    fn reveal(&mut self, path: &Path) -> io::Result<()> {
        let mut revealed = self.revealed.lock().unwrap_or_else(PoisonError::into_inner);
        revealed.push(path.to_owned());
        Ok(())
    }
}
