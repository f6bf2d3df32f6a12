//! Commands that choose a tool of the plan, and what its colours say. They change no site.

use super::{Command, Menu, Words};
use crate::gui::action::{Action, View};
use crate::gui::canvas::Tool;
use crate::gui::icons::Icon;
use crate::scene::plan::Overlay;
use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// What stands in the menu; `None` for commands of other families.
pub const fn words(command: Command) -> Option<Words> {
    const fn w(text: &'static str, icon: Option<Icon>, group: bool) -> Option<Words> {
        Some(Words { menu: Menu::View, text, icon, group })
    }
    match command {
        Command::SelectTool => w("Select and move", None, true),
        Command::PanTool => w("Pan", None, false),
        Command::Measure => w("Measure", None, false),
        Command::Snap => w("Snap to neighbours and grid", None, false),
        Command::Colour(Overlay::None) => w("Colour by rack generation", None, true),
        Command::Colour(Overlay::Loading) => w("Colour by loading in the worst hour", None, false),
        Command::Colour(Overlay::Headroom) => {
            w("Colour by headroom in the worst hour", None, false)
        }
        Command::Colour(Overlay::Firm) => w("Colour by firm power in the worst hour", None, false),
        Command::Colour(Overlay::Flow) => w("Colour by loading of the AC power flow", None, false),
        Command::Colour(Overlay::Voltage) => {
            w("Colour by voltage of the AC power flow", None, false)
        }
        Command::Colour(Overlay::Redundancy) => w("Colour by redundancy class", None, false),
        Command::Colour(Overlay::Tier) => w("Colour by tier served", None, false),
        Command::Colour(Overlay::Revenue) => w("Colour by revenue density", None, false),
        Command::Colour(Overlay::Temperature) => w("Colour by temperature margin", None, false),
        Command::Colour(Overlay::Reach) => w("Colour by network reach", None, false),
        Command::Colour(Overlay::Phase) => w("Colour by phase", None, false),
        _ => None,
    }
}

/// What it does in a sentence; `None` for commands of other families.
pub const fn tip(command: Command) -> Option<&'static str> {
    match command {
        Command::SelectTool => Some("Clicks select, drags move, resize or frame"),
        Command::PanTool => Some("Drags move the view; Space does too"),
        Command::Measure => Some("Drags measure on the plan; two selected elements say their gap"),
        Command::Snap => Some("Drags hold on to edges, rows and 0.6 m, or no longer"),
        Command::Colour(_) => Some("What the fill of racks, machines and cables says"),
        _ => None,
    }
}

/// Keys; `None` for commands of other families.
pub fn shortcuts(command: Command) -> Option<&'static [KeyboardShortcut]> {
    const fn k(key: Key) -> KeyboardShortcut {
        KeyboardShortcut::new(Modifiers::NONE, key)
    }
    Some(match command {
        Command::SelectTool => const { &[k(Key::V)] },
        Command::PanTool => const { &[k(Key::H)] },
        Command::Measure => const { &[k(Key::M)] },
        Command::Snap => const { &[k(Key::G)] },
        Command::Colour(_) => &[],
        _ => return None,
    })
}

/// What it asks for; `None` for commands of other families.
pub fn action(command: Command) -> Option<Action> {
    Some(Action::View(match command {
        Command::SelectTool => View::Tool(Tool::Select),
        Command::PanTool => View::Tool(Tool::Pan),
        Command::Measure => View::Tool(Tool::Measure),
        Command::Snap => View::Snap,
        Command::Colour(overlay) => View::Overlay(overlay),
        _ => return None,
    }))
}
