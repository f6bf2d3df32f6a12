//! What commands are called and where they stand in the menus.

use super::{Command, Menu, arrange, look, money, whatif};
use crate::gui::icons::Icon;

/// What stands in a menu.
pub(super) struct Words {
    pub menu: Menu,
    pub text: &'static str,
    pub icon: Option<Icon>,
    /// A hairline above.
    pub group: bool,
}

const fn w(menu: Menu, text: &'static str, icon: Option<Icon>, group: bool) -> Words {
    Words { menu, text, icon, group }
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
        match self {
            Command::New => w(Menu::File, "New...", Some(Icon::Plus), false),
            Command::NewWindow => w(Menu::File, "New window", None, false),
            Command::Open => w(Menu::File, "Open...", Some(Icon::File), true),
            Command::Save => w(Menu::File, "Save", None, true),
            Command::SaveAs => w(Menu::File, "Save as...", None, false),
            Command::Export => w(Menu::File, "Export...", Some(Icon::Export), false),
            Command::SavePicture => w(Menu::File, "Save picture...", None, false),
            Command::Import => w(Menu::File, "Import...", None, true),
            Command::Weather => w(Menu::File, "Weather file...", None, false),
            Command::Reload => w(Menu::File, "Reload from disk", None, true),
            Command::Compare => w(Menu::File, "Compare with the file...", None, false),
            Command::Recover => w(Menu::File, "Recover unsaved work...", None, false),
            Command::StopReading => w(Menu::File, "Stop reading", None, false),
            Command::Quit => w(Menu::File, "Quit", None, true),
            Command::Undo => w(Menu::Edit, "Undo", Some(Icon::Undo), false),
            Command::Redo => w(Menu::Edit, "Redo", Some(Icon::Redo), false),
            Command::Cut => w(Menu::Edit, "Cut", None, true),
            Command::Copy => w(Menu::Edit, "Copy", Some(Icon::Copy), false),
            Command::Paste => w(Menu::Edit, "Paste", None, false),
            Command::Duplicate => w(Menu::Edit, "Duplicate", Some(Icon::Plus), false),
            Command::Delete => w(Menu::Edit, "Delete selection", Some(Icon::Trash), false),
            Command::SelectNothing => w(Menu::Edit, "Select nothing", None, false),
            Command::SelectSame => w(Menu::Edit, "Select same type", Some(Icon::Compare), false),
            Command::SelectUpstream => w(Menu::Edit, "Select upstream", Some(Icon::Feed), false),
            Command::SelectPathA => w(Menu::Edit, "Select A path", None, false),
            Command::SelectPathB => w(Menu::Edit, "Select B path", None, false),
            Command::SelectDownstream => {
                w(Menu::Edit, "Select downstream", Some(Icon::Downstream), false)
            }
            Command::SelectChildren => w(Menu::Edit, "Select children", Some(Icon::Row), false),
            Command::ResetToCatalog => {
                w(Menu::Edit, "Reset to catalogue values", Some(Icon::Reset), true)
            }
            Command::SitePlan => w(Menu::View, "Site plan", Some(Icon::Plan), false),
            Command::OneLine => w(Menu::View, "One-line", Some(Icon::OneLine), false),
            Command::Economics => w(Menu::View, "Economics", Some(Icon::Chart), false),
            Command::Throughput => w(Menu::View, "Throughput", Some(Icon::Gauge), false),
            Command::Challenge => w(Menu::View, "Challenge...", Some(Icon::Feed), false),
            Command::Limits => w(Menu::View, "Limits", None, true),
            Command::Problems => w(Menu::View, "Problems", None, false),
            Command::Fit => w(Menu::View, "Fit the site", Some(Icon::Fit), true),
            Command::ZoomIn => w(Menu::View, "Larger", Some(Icon::Plus), true),
            Command::ZoomOut => w(Menu::View, "Smaller", Some(Icon::Minus), false),
            Command::ZoomReset => w(Menu::View, "Actual size", None, false),
            Command::Dark => w(Menu::View, "Dark", Some(Icon::Moon), true),
            Command::Light => w(Menu::View, "Light", Some(Icon::Sun), false),
            Command::SystemTheme => w(Menu::View, "As the system", None, false),
            Command::MetricUnits => w(Menu::View, "Metric units", None, true),
            Command::UsUnits => w(Menu::View, "US units", None, false),
            Command::Palette => {
                w(Menu::View, "Search or run a command...", Some(Icon::Search), true)
            }
            Command::ShowOnPlan => w(Menu::Site, "Show on the plan", Some(Icon::Plan), false),
            Command::ContextMenu => w(Menu::Site, "Menu of the selection", None, false),
            Command::AddTier => w(Menu::Site, "Add a tier...", Some(Icon::Tier), false),
            Command::Place => w(Menu::Site, "Place...", Some(Icon::Plus), false),
            Command::Rotate => w(Menu::Arrange, "Rotate a quarter", Some(Icon::Redo), false),
            Command::FeedFrom => w(Menu::Site, "Feed from...", Some(Icon::Feed), true),
            Command::FeedFromB => w(Menu::Site, "Feed from on path B...", None, false),
            Command::CoolFrom => w(Menu::Site, "Cool from...", Some(Icon::DryCooler), false),
            Command::Disconnect => w(Menu::Site, "Disconnect...", Some(Icon::Cross), false),
            Command::DrawConnections => w(Menu::Site, "Draw connections", Some(Icon::Link), false),
            Command::DrawConstraint => {
                w(Menu::Site, "Draw a constraint area", Some(Icon::Area), true)
            }
            Command::AddConstraint => w(Menu::Site, "Add a constraint area...", None, false),
            Command::Solve => w(Menu::Run, "Compute again", Some(Icon::Reset), false),
            Command::Shortcuts => w(Menu::Help, "Keyboard shortcuts", None, false),
            Command::About => w(Menu::Help, "About Gigasite", Some(Icon::Info), false),
            other => other.further_words(),
        }
    }

    /// Of variants, presentations and what comes in several directions.
    const fn further_words(self) -> Words {
        match self {
            Command::CompareVariants => w(Menu::View, "Compare", Some(Icon::Compare), false),
            Command::Finance => w(Menu::View, "Finance", Some(Icon::Finance), false),
            Command::Cooling => w(Menu::View, "Cooling", Some(Icon::DryCooler), false),
            Command::Contingencies => w(Menu::View, "Contingencies", None, false),
            Command::Present => w(Menu::View, "Present", Some(Icon::Play), true),
            Command::NewVariant => w(Menu::Site, "New variant...", Some(Icon::Plus), true),
            Command::NextVariant => w(Menu::Site, "Next variant", Some(Icon::Compare), false),
            Command::RenameVariant => w(Menu::Site, "Rename variant...", None, false),
            Command::DeleteVariant => w(Menu::Site, "Delete variant", Some(Icon::Trash), false),
            other => of_family(other),
        }
    }
}

/// Of a family that has a file of its own.
const fn of_family(command: Command) -> Words {
    match (arrange::words(command), whatif::words(command)) {
        (Some(words), _) | (None, Some(words)) => words,
        (None, None) => match (money::words(command), look::words(command)) {
            (Some(words), _) | (None, Some(words)) => words,
            // A test holds every command to words of its own.
            (None, None) => w(Menu::Help, "", None, false),
        },
    }
}
