//! Every command of the window: words, shortcut, icon and the action that it
//! stands for. Menus, keys and the list of shortcuts iterate over [`ALL`].

use super::action::{Action, BottomTab, Edit, File, Run, Tab, View};
use super::context::Context;
use super::icons::Icon;
use eframe::egui::{self, Key, KeyboardShortcut, Modifiers, ThemePreference};

/// The menu that a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    View,
    Run,
    Help,
}

impl Menu {
    pub const ALL: [Menu; 5] = [Menu::File, Menu::Edit, Menu::View, Menu::Run, Menu::Help];

    pub const fn title(self) -> &'static str {
        match self {
            Menu::File => "File",
            Menu::Edit => "Edit",
            Menu::View => "View",
            Menu::Run => "Run",
            Menu::Help => "Help",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Open,
    Save,
    SaveAs,
    Quit,
    Undo,
    Redo,
    Delete,
    SelectNothing,
    SitePlan,
    OneLine,
    Economics,
    Throughput,
    Limits,
    Problems,
    Fit,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    Dark,
    Light,
    SystemTheme,
    Solve,
    Shortcuts,
    About,
}

/// In the order of the menus.
pub const ALL: [Command; 24] = [
    Command::Open,
    Command::Save,
    Command::SaveAs,
    Command::Quit,
    Command::Undo,
    Command::Redo,
    Command::Delete,
    Command::SelectNothing,
    Command::SitePlan,
    Command::OneLine,
    Command::Economics,
    Command::Throughput,
    Command::Limits,
    Command::Problems,
    Command::Fit,
    Command::ZoomIn,
    Command::ZoomOut,
    Command::ZoomReset,
    Command::Dark,
    Command::Light,
    Command::SystemTheme,
    Command::Solve,
    Command::Shortcuts,
    Command::About,
];

const CTRL: Modifiers = Modifiers::COMMAND;
const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// What stands in a menu.
struct Words {
    menu: Menu,
    text: &'static str,
    icon: Option<Icon>,
    /// A hairline above.
    group: bool,
}

impl Command {
    pub const fn menu(self) -> Menu {
        self.words().menu
    }

    pub const fn text(self) -> &'static str {
        self.words().text
    }

    pub const fn icon(self) -> Option<Icon> {
        self.words().icon
    }

    pub const fn starts_group(self) -> bool {
        self.words().group
    }

    const fn words(self) -> Words {
        const fn w(menu: Menu, text: &'static str, icon: Option<Icon>, group: bool) -> Words {
            Words { menu, text, icon, group }
        }
        match self {
            Command::Open => w(Menu::File, "Open...", Some(Icon::File), false),
            Command::Save => w(Menu::File, "Save", None, true),
            Command::SaveAs => w(Menu::File, "Save as...", None, false),
            Command::Quit => w(Menu::File, "Quit", None, true),
            Command::Undo => w(Menu::Edit, "Undo", Some(Icon::Undo), false),
            Command::Redo => w(Menu::Edit, "Redo", Some(Icon::Redo), false),
            Command::Delete => w(Menu::Edit, "Delete selection", Some(Icon::Trash), true),
            Command::SelectNothing => w(Menu::Edit, "Select nothing", None, false),
            Command::SitePlan => w(Menu::View, "Site plan", Some(Icon::Plan), false),
            Command::OneLine => w(Menu::View, "One-line", Some(Icon::OneLine), false),
            Command::Economics => w(Menu::View, "Economics", Some(Icon::Chart), false),
            Command::Throughput => w(Menu::View, "Throughput", Some(Icon::Gauge), false),
            Command::Limits => w(Menu::View, "Limits", None, true),
            Command::Problems => w(Menu::View, "Problems", None, false),
            Command::Fit => w(Menu::View, "Fit the site", Some(Icon::Fit), true),
            Command::ZoomIn => w(Menu::View, "Larger", Some(Icon::Plus), true),
            Command::ZoomOut => w(Menu::View, "Smaller", Some(Icon::Minus), false),
            Command::ZoomReset => w(Menu::View, "Actual size", None, false),
            Command::Dark => w(Menu::View, "Dark", Some(Icon::Moon), true),
            Command::Light => w(Menu::View, "Light", Some(Icon::Sun), false),
            Command::SystemTheme => w(Menu::View, "As the system", None, false),
            Command::Solve => w(Menu::Run, "Compute again", Some(Icon::Reset), false),
            Command::Shortcuts => w(Menu::Help, "Keyboard shortcuts", None, false),
            Command::About => w(Menu::Help, "About Gigasite", Some(Icon::Info), false),
        }
    }

    /// Key combinations, the one to show first.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        const fn k(modifiers: Modifiers, key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(modifiers, key)
        }
        const NONE: Modifiers = Modifiers::NONE;
        match self {
            Command::Open => const { &[k(CTRL, Key::O)] },
            Command::Save => const { &[k(CTRL, Key::S)] },
            Command::SaveAs => const { &[k(CTRL_SHIFT, Key::S)] },
            Command::Quit => const { &[k(CTRL, Key::Q)] },
            Command::Undo => const { &[k(CTRL, Key::Z)] },
            Command::Redo => const { &[k(CTRL_SHIFT, Key::Z), k(CTRL, Key::Y)] },
            Command::Delete => const { &[k(NONE, Key::Delete)] },
            Command::SelectNothing => const { &[k(NONE, Key::Escape)] },
            Command::SitePlan => const { &[k(CTRL, Key::Num1)] },
            Command::OneLine => const { &[k(CTRL, Key::Num2)] },
            Command::Economics => const { &[k(CTRL, Key::Num3)] },
            Command::Throughput => const { &[k(CTRL, Key::Num4)] },
            Command::Fit => const { &[k(NONE, Key::F)] },
            Command::ZoomIn => const { &[k(CTRL, Key::Plus), k(CTRL, Key::Equals)] },
            Command::ZoomOut => const { &[k(CTRL, Key::Minus)] },
            Command::ZoomReset => const { &[k(CTRL, Key::Num0)] },
            Command::Solve => const { &[k(NONE, Key::F5)] },
            Command::Shortcuts => const { &[k(NONE, Key::F1)] },
            _ => &[],
        }
    }

    /// What it asks for now; `None` while it makes no sense.
    pub fn action(self, cx: &Context<'_>) -> Option<Action> {
        Some(match self {
            Command::Open => Action::File(File::Open),
            Command::Save => Action::File(File::Save),
            Command::SaveAs => Action::File(File::SaveAs),
            Command::Quit => Action::File(File::Quit),
            Command::Undo => {
                cx.document.undo?;
                Action::Edit(Edit::Undo)
            }
            Command::Redo => {
                cx.document.redo?;
                Action::Edit(Edit::Redo)
            }
            Command::Delete => {
                let elements: Vec<_> =
                    cx.selection.iter().filter(|e| !e.kind.is_single()).cloned().collect();
                if elements.is_empty() {
                    return None;
                }
                Action::Edit(Edit::Delete(elements))
            }
            Command::SelectNothing => {
                if cx.selection.is_empty() {
                    return None;
                }
                Action::View(View::Select(Vec::new()))
            }
            Command::SitePlan => Action::View(View::Tab(Tab::SitePlan)),
            Command::OneLine => Action::View(View::Tab(Tab::OneLine)),
            Command::Economics => Action::View(View::Tab(Tab::Economics)),
            Command::Throughput => Action::View(View::Tab(Tab::Throughput)),
            Command::Limits => Action::View(View::BottomTab(BottomTab::Limits)),
            Command::Problems => Action::View(View::BottomTab(BottomTab::Problems)),
            Command::Fit => Action::View(View::Fit),
            Command::ZoomIn => Action::View(View::ZoomIn),
            Command::ZoomOut => Action::View(View::ZoomOut),
            Command::ZoomReset => Action::View(View::ZoomReset),
            Command::Dark => Action::View(View::Theme(ThemePreference::Dark)),
            Command::Light => Action::View(View::Theme(ThemePreference::Light)),
            Command::SystemTheme => Action::View(View::Theme(ThemePreference::System)),
            Command::Solve => Action::Run(Run::Solve),
            Command::Shortcuts => Action::View(View::ShowShortcuts(true)),
            Command::About => Action::View(View::ShowAbout(true)),
        })
    }

    /// The words of a menu entry; undo and redo name what they take back.
    pub fn menu_text(self, cx: &Context<'_>) -> String {
        let label = match self {
            Command::Undo => cx.document.undo,
            Command::Redo => cx.document.redo,
            _ => None,
        };
        match label {
            Some(label) => format!("{} \"{label}\"", self.text()),
            None => self.text().to_owned(),
        }
    }

    /// The first shortcut as text, empty where there is none.
    pub fn keys(self, ctx: &egui::Context) -> String {
        self.shortcuts().first().map(|s| ctx.format_shortcut(s)).unwrap_or_default()
    }
}

/// Commands whose keys were pressed this frame, most specific modifiers first.
/// While a text field has the keyboard, only combinations with a modifier count.
pub fn pressed(ctx: &egui::Context) -> Vec<Command> {
    let typing = ctx.text_edit_focused();
    let mut bindings: Vec<(Command, KeyboardShortcut)> = ALL
        .into_iter()
        .flat_map(|c| c.shortcuts().iter().map(move |s| (c, *s)))
        .filter(|(_, s)| !typing || s.modifiers != Modifiers::NONE)
        // Text fields have an undo of their own while they are edited.
        .filter(|(c, _)| !typing || !matches!(c, Command::Undo | Command::Redo))
        .collect();
    bindings.sort_by_key(|(_, s)| !s.modifiers.shift);
    ctx.input_mut(|input| {
        bindings
            .into_iter()
            .filter(|(_, shortcut)| input.consume_shortcut(shortcut))
            .map(|(command, _)| command)
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_shortcut() {
        let mut seen: Vec<(KeyboardShortcut, Command)> = Vec::new();
        for command in ALL {
            for shortcut in command.shortcuts() {
                let other = seen.iter().find(|(s, _)| s == shortcut);
                assert!(other.is_none(), "{command:?} and {other:?}");
                seen.push((*shortcut, command));
            }
        }
    }

    #[test]
    fn every_menu_has_commands_and_they_stand_together() {
        let menus: Vec<Menu> = ALL.iter().map(|c| c.menu()).collect();
        let mut order = menus.clone();
        order.dedup();
        assert_eq!(order, Menu::ALL);
    }
}
