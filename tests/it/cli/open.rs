//! `gigasite open` where no window can come: no display, and above all no such layout.

use super::{Folder, program, stderr};

/// The last words on standard error of a window on this layout, where there is no display.
fn words(layout: &str) -> String {
    let mut program = program();
    program.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    let output = program.args(["open", layout]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    stderr(&output)
}

#[test]
fn a_layout_that_cannot_be_read_is_told_of_before_a_missing_display() {
    let folder = Folder::new();
    let missing = folder.path("not-there.ron").display().to_string();
    let told = words(&missing);
    assert!(told.contains("not-there.ron") && !told.contains("window"), "{told}");
    let broken = folder.file("broken.ron", "(");
    let told = words(&broken);
    assert!(told.contains("broken.ron") && !told.contains("window"), "{told}");
    // One that can be read leaves the display as the reason.
    let told = words(&super::shipped("pilot-20mw"));
    assert!(told.contains("window"), "{told}");
}
