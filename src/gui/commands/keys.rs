//! The keys of commands, and which of them the keyboard asks for in a frame.

use super::{ALL, Command, arrange, look, whatif};
use eframe::egui::{self, Event, Key, KeyboardShortcut, Modifiers, Popup};

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

impl Command {
    /// Key combinations, the one to show first.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        const fn k(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(modifiers, key)
        }
        const NONE: Modifiers = Modifiers::NONE;
        const SHIFT: Modifiers = Modifiers::SHIFT;
        const ALT: Modifiers = Modifiers::ALT;
        match self {
            Command::New => const { &[k(CTRL, Key::N)] },
            Command::NewWindow => const { &[k(CTRL_SHIFT, Key::N)] },
            Command::Open => const { &[k(CTRL, Key::O)] },
            Command::Save => const { &[k(CTRL, Key::S)] },
            Command::SaveAs => const { &[k(CTRL_SHIFT, Key::S)] },
            Command::Export => const { &[k(CTRL, Key::E)] },
            Command::SavePicture => const { &[k(CTRL_SHIFT, Key::E)] },
            Command::Import => const { &[k(CTRL, Key::I)] },
            Command::StopReading => const { &[k(CTRL, Key::Period)] },
            Command::Quit => const { &[k(CTRL, Key::Q)] },
            Command::Undo => const { &[k(CTRL, Key::Z)] },
            Command::Redo => const { &[k(CTRL_SHIFT, Key::Z), k(CTRL, Key::Y)] },
            Command::Cut => const { &[k(CTRL, Key::X)] },
            Command::Copy => const { &[k(CTRL, Key::C)] },
            Command::Paste => const { &[k(CTRL, Key::V)] },
            Command::Duplicate => const { &[k(CTRL, Key::D)] },
            Command::Delete => const { &[k(NONE, Key::Delete)] },
            Command::SelectAll => const { &[k(CTRL, Key::A)] },
            Command::InvertSelection => const { &[k(CTRL.plus(ALT), Key::A)] },
            Command::SelectSame => const { &[k(CTRL_SHIFT, Key::A)] },
            Command::SelectUpstream => const { &[k(ALT, Key::ArrowUp)] },
            Command::FeedFrom => const { &[k(CTRL_SHIFT, Key::F)] },
            Command::CoolFrom => const { &[k(CTRL_SHIFT, Key::L)] },
            Command::Disconnect => const { &[k(CTRL_SHIFT, Key::D)] },
            Command::DrawConnections => const { &[k(NONE, Key::C)] },
            Command::SelectDownstream => const { &[k(ALT, Key::ArrowDown)] },
            Command::SelectChildren => const { &[k(ALT, Key::ArrowRight)] },
            Command::Palette => const { &[k(CTRL, Key::K)] },
            Command::Place => const { &[k(NONE, Key::P)] },
            Command::ShowOnPlan => const { &[k(CTRL, Key::J)] },
            Command::ContextMenu => const { &[k(SHIFT, Key::F10), k(NONE, Key::Menu)] },
            Command::Rotate => const { &[k(NONE, Key::R)] },
            Command::MoveNorth => const { &[k(NONE, Key::ArrowUp)] },
            Command::MoveSouth => const { &[k(NONE, Key::ArrowDown)] },
            Command::MoveWest => const { &[k(NONE, Key::ArrowLeft)] },
            Command::MoveEast => const { &[k(NONE, Key::ArrowRight)] },
            Command::MoveFarNorth => const { &[k(SHIFT, Key::ArrowUp)] },
            Command::MoveFarSouth => const { &[k(SHIFT, Key::ArrowDown)] },
            Command::MoveFarWest => const { &[k(SHIFT, Key::ArrowLeft)] },
            Command::MoveFarEast => const { &[k(SHIFT, Key::ArrowRight)] },
            Command::NextVariant => const { &[k(CTRL, Key::B)] },
            Command::NewVariant => const { &[k(CTRL_SHIFT, Key::B)] },
            Command::SelectNothing => const { &[k(NONE, Key::Escape)] },
            Command::SitePlan => const { &[k(CTRL, Key::Num1)] },
            Command::OneLine => const { &[k(CTRL, Key::Num2)] },
            Command::Economics => const { &[k(CTRL, Key::Num3)] },
            Command::Throughput => const { &[k(CTRL, Key::Num4)] },
            Command::CompareVariants => const { &[k(CTRL, Key::Num5)] },
            Command::Cooling => const { &[k(CTRL, Key::Num6)] },
            Command::Finance => const { &[k(CTRL, Key::Num7)] },
            Command::Present => const { &[k(NONE, Key::F11)] },
            Command::Fit => const { &[k(NONE, Key::F)] },
            Command::ZoomIn => const { &[k(CTRL, Key::Plus), k(CTRL, Key::Equals)] },
            Command::ZoomOut => const { &[k(CTRL, Key::Minus)] },
            Command::ZoomReset => const { &[k(CTRL, Key::Num0)] },
            Command::Solve => const { &[k(NONE, Key::F5)] },
            Command::Shortcuts => const { &[k(NONE, Key::F1)] },
            other => look::shortcuts(other)
                .or_else(|| whatif::shortcuts(other))
                .unwrap_or_else(|| arrange::shortcuts(other)),
        }
    }

    /// The first shortcut as text, empty where there is none.
    pub fn keys(self, ctx: &egui::Context) -> String {
        self.shortcuts().first().map(|s| ctx.format_shortcut(s)).unwrap_or_default()
    }
}

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
    matches!(shortcut.logical_key, Key::F1 | Key::F5 | Key::F10 | Key::F11 | Key::Menu)
}

/// What has plain keys for itself in a frame.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// The plan, on which something is being placed.
    pub placing: bool,
    /// Nothing is there to be ended by Escape but what a page shows of itself.
    pub escape: bool,
}

/// Commands whose keys were pressed this frame, most specific modifiers first.
/// While a text field has the keyboard, or the plan for placing, only combinations with a
/// modifier count.
pub fn pressed(ctx: &egui::Context, taken: Taken) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    // Escape closes what floats before it selects nothing.
    let floats = Popup::is_any_open(ctx);
    let mut found = take(ctx, |command, shortcut| {
        // Arrows belong to whatever has the keyboard; the plan asks for them itself.
        let elsewhere = command.is_of_plan();
        let text = typing
            && (belongs_to_text(command) || is_plain(shortcut) && !is_function_key(shortcut));
        let plan = taken.placing && is_plain(shortcut) && !is_function_key(shortcut);
        let closes = (floats || taken.escape) && command == Command::SelectNothing;
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

/// Text that came behind the key that opens the palette, in the same frame: it is meant for the
/// palette, and its keys for nothing else. Slow frames gather what was typed meanwhile.
pub fn typed_ahead(ctx: &egui::Context) -> Option<String> {
    let opens = |event: &Event| {
        let Event::Key { key, pressed: true, modifiers, .. } = event else { return false };
        let mut shortcuts = Command::Palette.shortcuts().iter();
        shortcuts.any(|s| s.logical_key == *key && modifiers.matches_exact(s.modifiers))
    };
    if ctx.text_edit_focused() {
        return None;
    }
    ctx.input_mut(|input| {
        let at = input.events.iter().position(opens)?;
        let mut text = String::new();
        let mut behind = 0;
        input.events.retain(|event| {
            behind += 1;
            match event {
                _ if behind <= at + 1 => true,
                Event::Text(typed) => {
                    text.push_str(typed);
                    false
                }
                Event::Key { modifiers, .. } => !modifiers.is_none() && !modifiers.shift_only(),
                _ => true,
            }
        });
        Some(text)
    })
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
