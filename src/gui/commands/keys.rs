//! Which commands the keyboard asks for in a frame.

use super::{ALL, Command};
use eframe::egui::{self, Event, KeyboardShortcut, Modifiers, Popup};

/// Without Ctrl, Alt or the command key: what types, or moves within a text.
fn is_plain(shortcut: &KeyboardShortcut) -> bool {
    matches!(shortcut.modifiers, Modifiers::NONE | Modifiers::SHIFT)
}

/// Commands that text fields have of their own while they are edited.
fn belongs_to_text(command: Command) -> bool {
    matches!(
        command,
        Command::Undo
            | Command::Redo
            | Command::Cut
            | Command::Copy
            | Command::Paste
            | Command::SelectAll
    )
}

/// Keys that type nothing, whatever has the keyboard.
fn is_function_key(shortcut: &KeyboardShortcut) -> bool {
    use egui::Key;
    matches!(shortcut.logical_key, Key::F1 | Key::F5 | Key::F10 | Key::F11 | Key::Menu)
}

/// Commands whose keys were pressed this frame, most specific modifiers first.
/// While a text field has the keyboard, or the plan for `placing`, only combinations with a
/// modifier count.
pub fn pressed(ctx: &egui::Context, placing: bool) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    // Escape closes what floats before it selects nothing.
    let floats = Popup::is_any_open(ctx);
    let mut found = take(ctx, |command, shortcut| {
        // Arrows belong to whatever has the keyboard; the plan asks for them itself.
        let elsewhere = command.is_of_plan();
        let text = typing
            && (belongs_to_text(command) || is_plain(shortcut) && !is_function_key(shortcut));
        let plan = placing && is_plain(shortcut) && !is_function_key(shortcut);
        let closes = floats && command == Command::SelectNothing;
        !elsewhere && !text && !plan && !closes
    });
    if floats && !found.is_empty() {
        // What a command opens has the keyboard for itself.
        Popup::close_all(ctx);
    }
    if !typing {
        found.extend(clipboard(ctx));
    }
    found
}

/// Commands of the plan whose keys were pressed, for when the plan has the keyboard.
pub fn pressed_on_plan(ctx: &egui::Context) -> Vec<Command> {
    take(ctx, |command, _| command.is_of_plan())
}

fn take(ctx: &egui::Context, counts: impl Fn(Command, &KeyboardShortcut) -> bool) -> Vec<Command> {
    let mut bindings: Vec<(Command, KeyboardShortcut)> = ALL
        .iter()
        .copied()
        .flat_map(|c| c.shortcuts().iter().map(move |s| (c, *s)))
        .filter(|(command, shortcut)| counts(*command, shortcut))
        .collect();
    bindings.sort_by_key(|(_, s)| u8::from(!s.modifiers.shift) + u8::from(!s.modifiers.alt));
    ctx.input_mut(|input| {
        bindings
            .into_iter()
            .filter(|(_, shortcut)| input.consume_shortcut(shortcut))
            .map(|(command, _)| command)
            .collect()
    })
}

/// The system turns the keys of the clipboard into events of their own; the
/// text that is pasted comes with its event and is read where it is applied.
fn clipboard(ctx: &egui::Context) -> Vec<Command> {
    ctx.input_mut(|input| {
        let mut found = Vec::new();
        input.events.retain(|event| {
            match event {
                Event::Copy => found.push(Command::Copy),
                Event::Cut => found.push(Command::Cut),
                _ => return true,
            }
            false
        });
        found
    })
}

/// Texts that were pasted while no text field had the keyboard.
pub fn pasted(ctx: &egui::Context) -> Vec<String> {
    if ctx.text_edit_focused() {
        return Vec::new();
    }
    ctx.input_mut(|input| {
        let mut texts = Vec::new();
        input.events.retain(|event| match event {
            Event::Paste(text) => {
                texts.push(text.clone());
                false
            }
            _ => true,
        });
        texts
    })
}
