//! Every command has words, a tip and keys of its own.

use super::*;
use eframe::egui::KeyboardShortcut;

#[test]
fn no_two_commands_share_a_shortcut() {
    let mut seen: Vec<(KeyboardShortcut, Command)> = Vec::new();
    for command in ALL.iter().copied() {
        assert!(!command.tip().is_empty() && !command.tip().ends_with('.'), "{command:?}");
        for shortcut in command.shortcuts() {
            let other = seen.iter().find(|(s, _)| s == shortcut);
            assert!(other.is_none(), "{command:?} and {other:?}");
            seen.push((*shortcut, command));
        }
    }
}

#[test]
fn every_command_has_words_of_its_own() {
    let mut seen: Vec<(Menu, &str)> = ALL.iter().map(|c| (c.menu(), c.text())).collect();
    let all = seen.len();
    seen.sort_by_key(|(menu, text)| (*menu as u8, *text));
    seen.dedup();
    assert_eq!(seen.len(), all);
}

#[test]
fn every_menu_has_commands_and_they_stand_together() {
    let menus: Vec<Menu> = ALL.iter().map(|c| c.menu()).collect();
    let mut order = menus.clone();
    order.dedup();
    assert_eq!(order, Menu::ALL);
}
