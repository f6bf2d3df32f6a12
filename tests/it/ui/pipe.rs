//! A pipe in place of a file: it is read for as long as a test wants. Nothing here waits for the
//! reader, which may have been stopped before it came to open the pipe.

use std::path::{Path, PathBuf};

pub fn pipe(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let made = std::process::Command::new("mkfifo").arg(&path).status().expect("runs");
    assert!(made.success());
    path
}

/// Gives whoever reads the pipe, now or later, a text and its end.
#[cfg(unix)]
pub fn feed(path: &Path, text: &str) {
    let (path, text) = (path.to_owned(), text.to_owned());
    // Opening to write waits for a reader.
    std::thread::spawn(move || std::fs::write(path, text));
}

/// Lets go whoever still waits for a text that nobody wants any more.
pub fn release(path: &Path) {
    // Opening both ways waits for nobody.
    let both = std::fs::OpenOptions::new().read(true).write(true).open(path);
    drop(both.expect("opens"));
}
