//! Commands that arrange what stands on the plan: words, tips, keys and actions of those
//! that come in several directions.

use super::{Command, Menu, Words, subject};
use crate::editor::{self, Axis, Edge, ElementId, Side};
use crate::gui::action::{Action, Edit, Gesture, View};
use crate::gui::context::{Context, Element};
use crate::gui::icons::Icon;
use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// What stands in the menu; `None` for commands of other families.
pub const fn words(command: Command) -> Option<Words> {
    const fn w(text: &'static str, group: bool) -> Option<Words> {
        Some(Words { menu: Menu::Arrange, text, icon: None, group })
    }
    const fn of(menu: Menu, text: &'static str, icon: Option<Icon>, group: bool) -> Option<Words> {
        Some(Words { menu, text, icon, group })
    }
    match command {
        Command::SelectAll => of(Menu::Edit, "Select all", None, true),
        Command::InvertSelection => of(Menu::Edit, "Invert the selection", None, false),
        Command::ChangeRackType => of(Menu::Site, "Change rack type...", Some(Icon::Rack), false),
        Command::Catalogue => of(Menu::Site, "Catalogue...", Some(Icon::Catalogue), false),
        Command::Array => of(Menu::Arrange, "Array...", Some(Icon::Array), false),
        Command::MoveNorth => w("Move north", true),
        Command::MoveSouth => w("Move south", false),
        Command::MoveWest => w("Move west", false),
        Command::MoveEast => w("Move east", false),
        Command::MoveFarNorth => w("Move far north", true),
        Command::MoveFarSouth => w("Move far south", false),
        Command::MoveFarWest => w("Move far west", false),
        Command::MoveFarEast => w("Move far east", false),
        Command::Align(Edge::Left) => w("Align left edges", true),
        Command::Align(Edge::Centre) => w("Align centres", false),
        Command::Align(Edge::Right) => w("Align right edges", false),
        Command::Align(Edge::Top) => w("Align top edges", false),
        Command::Align(Edge::Middle) => w("Align middles", false),
        Command::Align(Edge::Bottom) => w("Align bottom edges", false),
        Command::Distribute(Axis::Horizontal) => w("Distribute horizontally", true),
        Command::Distribute(Axis::Vertical) => w("Distribute vertically", false),
        Command::Grow(Side::North) => w("Grow north", true),
        Command::Grow(Side::South) => w("Grow south", false),
        Command::Grow(Side::West) => w("Grow west", false),
        Command::Grow(Side::East) => w("Grow east", false),
        Command::Shrink(Side::North) => w("Shrink from the north", true),
        Command::Shrink(Side::South) => w("Shrink from the south", false),
        Command::Shrink(Side::West) => w("Shrink from the west", false),
        Command::Shrink(Side::East) => w("Shrink from the east", false),
        Command::Group => w("Group", true),
        Command::Ungroup => w("Ungroup", false),
        Command::Lock => match w("Lock", true) {
            Some(words) => Some(Words { icon: Some(Icon::Lock), ..words }),
            None => None,
        },
        Command::Unlock => w("Unlock", false),
        _ => None,
    }
}

/// What it does in a sentence.
pub const fn tip(command: Command) -> &'static str {
    match command {
        Command::Align(Edge::Left) => "Brings the left edges of the selection to one line",
        Command::Align(Edge::Centre) => "Brings the centres of the selection to one upright line",
        Command::Align(Edge::Right) => "Brings the right edges of the selection to one line",
        Command::Align(Edge::Top) => "Brings the top edges of the selection to one line",
        Command::Align(Edge::Middle) => "Brings the middles of the selection to one level line",
        Command::Align(Edge::Bottom) => "Brings the bottom edges of the selection to one line",
        Command::Distribute(Axis::Horizontal) => "Makes the gaps from west to east equal",
        Command::Distribute(Axis::Vertical) => "Makes the gaps from north to south equal",
        Command::Catalogue => "Every record with its sources; own racks, equipment and prices",
        Command::Array => "Repeats the selection in columns and rows, with a preview",
        Command::Group => "Makes one group of the selection: a click selects all of it",
        Command::Ungroup => "Dissolves the groups of the selection",
        Command::Lock => "Keeps the selection, and what stands in it, from being changed",
        Command::Unlock => "Lets the selection be changed again",
        Command::SelectAll => "Selects everything that stands on the plan",
        Command::InvertSelection => {
            "Selects everything else, but neither what stands in the selection nor what holds it"
        }
        Command::MoveNorth | Command::MoveSouth | Command::MoveWest | Command::MoveEast => {
            "Moves the selection by 0.6 m; keys while the plan has the keyboard"
        }
        Command::MoveFarNorth
        | Command::MoveFarSouth
        | Command::MoveFarWest
        | Command::MoveFarEast => {
            "Moves the selection by 6 m; keys while the plan has the keyboard"
        }
        Command::ChangeRackType => {
            "Gives the selection, or the whole site, another rack type; tells first what fits"
        }
        Command::Grow(_) => "Moves this side out by 0.6 m, of blocks by a rack or a line of racks",
        Command::Shrink(_) => "Moves this side in by 0.6 m, of blocks by a rack or a line of racks",
        // Their own words say it.
        other => other.text(),
    }
}

/// Keys, while the plan has the keyboard.
pub fn shortcuts(command: Command) -> &'static [KeyboardShortcut] {
    const fn k(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
        KeyboardShortcut::new(modifiers, key)
    }
    const CTRL: Modifiers = Modifiers::COMMAND;
    const BOTH: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    match command {
        Command::Array => const { &[k(CTRL, Key::R)] },
        Command::Catalogue => const { &[k(CTRL, Key::T)] },
        Command::Group => const { &[k(CTRL, Key::G)] },
        Command::Ungroup => const { &[k(BOTH, Key::G)] },
        Command::Lock => const { &[k(CTRL, Key::L)] },
        Command::Unlock => const { &[k(CTRL.plus(Modifiers::ALT), Key::L)] },
        Command::Grow(Side::North) => const { &[k(CTRL, Key::ArrowUp)] },
        Command::Grow(Side::South) => const { &[k(CTRL, Key::ArrowDown)] },
        Command::Grow(Side::West) => const { &[k(CTRL, Key::ArrowLeft)] },
        Command::Grow(Side::East) => const { &[k(CTRL, Key::ArrowRight)] },
        // The key names the side, so that pressing it again with Shift takes back what it gave.
        Command::Shrink(Side::North) => const { &[k(BOTH, Key::ArrowUp)] },
        Command::Shrink(Side::South) => const { &[k(BOTH, Key::ArrowDown)] },
        Command::Shrink(Side::West) => const { &[k(BOTH, Key::ArrowLeft)] },
        Command::Shrink(Side::East) => const { &[k(BOTH, Key::ArrowRight)] },
        _ => &[],
    }
}

/// What it asks for now; `None` while it makes no sense.
pub fn action(command: Command, cx: &Context<'_>) -> Option<Action> {
    let elements = subject::placed(cx)?;
    if command == Command::Array {
        return Some(Action::View(View::Array(elements)));
    }
    let ids = ids(&elements);
    let command = match command {
        Command::Align(edge) if ids.len() >= 2 => editor::Command::Align { ids, edge },
        Command::Distribute(axis) if ids.len() >= 3 => editor::Command::Distribute { ids, axis },
        Command::Grow(side) => editor::Command::Grow { ids, side, by_m: subject::STEP_M },
        Command::Shrink(side) => editor::Command::Grow { ids, side, by_m: -subject::STEP_M },
        Command::Group if ids.len() >= 2 => editor::Command::Group { ids },
        Command::Ungroup if is_grouped(cx, &elements) => editor::Command::Ungroup { ids },
        Command::Lock if elements.iter().any(|e| !is_locked(cx, e)) => {
            editor::Command::Lock { ids }
        }
        Command::Unlock if elements.iter().any(|e| is_locked(cx, e)) => {
            editor::Command::Unlock { ids }
        }
        _ => return None,
    };
    Some(apply(command))
}

fn is_grouped(cx: &Context<'_>, elements: &[Element]) -> bool {
    let mut members = cx.site.campus.groups.iter().flat_map(|g| &g.members);
    members.any(|m| elements.iter().any(|e| e.id == *m))
}

fn is_locked(cx: &Context<'_>, element: &Element) -> bool {
    cx.site.campus.locked.contains(&element.id)
}

/// A command of the editor as a gesture of its own.
pub fn apply(command: editor::Command) -> Action {
    Action::Edit(Edit::Apply { command: Box::new(command), gesture: Gesture::Once })
}

/// Elements as the editor names them.
pub fn ids(elements: &[Element]) -> Vec<ElementId> {
    elements.iter().map(|e| ElementId::new(e.path())).collect()
}
