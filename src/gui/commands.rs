//! Every command of the window: words, shortcut, icon and the action that it
//! stands for. Menus, context menus, keys, the palette and the list of shortcuts
//! iterate over [`ALL`].

mod arrange;
mod keys;
mod look;
mod money;
mod subject;
#[cfg(test)]
mod tests;
mod tips;
pub mod whatif;
mod words;

pub use keys::{Taken, pasted, pressed, pressed_on_plan, typed_ahead};
pub use subject::{for_selection, has_place};
use words::Words;

use super::action::{Action, BottomTab, Edit, File, Run, Tab, View};
use super::context::Context;
use crate::editor::{Axis, Edge, Relation, Side, VariantCommand};
use crate::scene::plan::Overlay;
use crate::units::format::System;
use eframe::egui::ThemePreference;

/// The menu that a command stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    View,
    Site,
    Arrange,
    Run,
    Help,
}

impl Menu {
    pub const ALL: [Menu; 7] =
        [Menu::File, Menu::Edit, Menu::View, Menu::Site, Menu::Arrange, Menu::Run, Menu::Help];

    pub const fn title(self) -> &'static str {
        match self {
            Menu::File => "File",
            Menu::Edit => "Edit",
            Menu::View => "View",
            Menu::Site => "Site",
            Menu::Arrange => "Arrange",
            Menu::Run => "Run",
            Menu::Help => "Help",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    New,
    NewWindow,
    Open,
    Save,
    SaveAs,
    Export,
    SavePicture,
    Import,
    Weather,
    Reload,
    Compare,
    Recover,
    StopReading,
    Quit,
    Undo,
    Redo,
    Cut,
    Copy,
    Paste,
    Duplicate,
    Array,
    Delete,
    SelectAll,
    InvertSelection,
    SelectNothing,
    SelectSame,
    SelectUpstream,
    SelectPathA,
    SelectPathB,
    SelectDownstream,
    SelectChildren,
    ResetToCatalog,
    SitePlan,
    OneLine,
    Economics,
    Finance,
    Throughput,
    Cooling,
    CompareVariants,
    Present,
    Challenge,
    Catalogue,
    Limits,
    Problems,
    Contingencies,
    Fit,
    ZoomIn,
    ZoomOut,
    ZoomReset,
    Dark,
    Light,
    SystemTheme,
    MetricUnits,
    UsUnits,
    /// What the colours of plan and diagram say.
    Colour(Overlay),
    SelectTool,
    PanTool,
    Measure,
    Snap,
    Palette,
    ShowOnPlan,
    ContextMenu,
    AddTier,
    Place,
    ChangeRackType,
    FeedFrom,
    FeedFromB,
    CoolFrom,
    Disconnect,
    DrawConnections,
    DrawConstraint,
    AddConstraint,
    Rotate,
    MoveNorth,
    MoveSouth,
    MoveWest,
    MoveEast,
    MoveFarNorth,
    MoveFarSouth,
    MoveFarWest,
    MoveFarEast,
    NewVariant,
    NextVariant,
    RenameVariant,
    DeleteVariant,
    Align(Edge),
    Distribute(Axis),
    Group,
    Ungroup,
    Lock,
    Unlock,
    /// Moves one side of the selection outwards.
    Grow(Side),
    /// Moves it inwards.
    Shrink(Side),
    Solve,
    Fail,
    FailMachine,
    CloseTie,
    OpenSwitch,
    Restore,
    LeaveWhatIf,
    /// The inputs of the value, contracts and loan in the inspector.
    MoneyInputs,
    AddContract,
    AddLoan,
    Draws,
    StopDraws,
    Shortcuts,
    About,
}

/// In the order of the menus.
pub const ALL: &[Command] = &[
    Command::New,
    Command::NewWindow,
    Command::Open,
    Command::Save,
    Command::SaveAs,
    Command::Import,
    Command::Weather,
    Command::Export,
    Command::SavePicture,
    Command::Reload,
    Command::Compare,
    Command::Recover,
    Command::StopReading,
    Command::Quit,
    Command::Undo,
    Command::Redo,
    Command::Cut,
    Command::Copy,
    Command::Paste,
    Command::Duplicate,
    Command::Delete,
    Command::SelectAll,
    Command::InvertSelection,
    Command::SelectNothing,
    Command::SelectSame,
    Command::SelectUpstream,
    Command::SelectPathA,
    Command::SelectPathB,
    Command::SelectDownstream,
    Command::SelectChildren,
    Command::ResetToCatalog,
    Command::SitePlan,
    Command::OneLine,
    Command::Economics,
    Command::Finance,
    Command::Throughput,
    Command::Cooling,
    Command::CompareVariants,
    Command::Present,
    Command::Challenge,
    Command::Limits,
    Command::Problems,
    Command::Contingencies,
    Command::Fit,
    Command::ZoomIn,
    Command::ZoomOut,
    Command::ZoomReset,
    Command::Dark,
    Command::Light,
    Command::SystemTheme,
    Command::MetricUnits,
    Command::UsUnits,
    Command::SelectTool,
    Command::PanTool,
    Command::Measure,
    Command::Snap,
    Command::Colour(Overlay::None),
    Command::Colour(Overlay::Loading),
    Command::Colour(Overlay::Headroom),
    Command::Colour(Overlay::Firm),
    Command::Colour(Overlay::Flow),
    Command::Colour(Overlay::Voltage),
    Command::Colour(Overlay::Redundancy),
    Command::Colour(Overlay::Tier),
    Command::Colour(Overlay::Revenue),
    Command::Colour(Overlay::Temperature),
    Command::Colour(Overlay::Reach),
    Command::Colour(Overlay::Phase),
    Command::Palette,
    Command::ShowOnPlan,
    Command::ContextMenu,
    Command::AddTier,
    Command::MoneyInputs,
    Command::AddContract,
    Command::AddLoan,
    Command::Catalogue,
    Command::Place,
    Command::ChangeRackType,
    Command::FeedFrom,
    Command::FeedFromB,
    Command::CoolFrom,
    Command::Disconnect,
    Command::DrawConnections,
    Command::DrawConstraint,
    Command::AddConstraint,
    Command::NewVariant,
    Command::NextVariant,
    Command::RenameVariant,
    Command::DeleteVariant,
    Command::Rotate,
    Command::Array,
    Command::MoveNorth,
    Command::MoveSouth,
    Command::MoveWest,
    Command::MoveEast,
    Command::MoveFarNorth,
    Command::MoveFarSouth,
    Command::MoveFarWest,
    Command::MoveFarEast,
    Command::Align(Edge::Left),
    Command::Align(Edge::Centre),
    Command::Align(Edge::Right),
    Command::Align(Edge::Top),
    Command::Align(Edge::Middle),
    Command::Align(Edge::Bottom),
    Command::Distribute(Axis::Horizontal),
    Command::Distribute(Axis::Vertical),
    Command::Group,
    Command::Ungroup,
    Command::Lock,
    Command::Unlock,
    Command::Grow(Side::North),
    Command::Grow(Side::South),
    Command::Grow(Side::West),
    Command::Grow(Side::East),
    Command::Shrink(Side::North),
    Command::Shrink(Side::South),
    Command::Shrink(Side::West),
    Command::Shrink(Side::East),
    Command::Solve,
    Command::Draws,
    Command::StopDraws,
    Command::Fail,
    Command::FailMachine,
    Command::CloseTie,
    Command::OpenSwitch,
    Command::Restore,
    Command::LeaveWhatIf,
    Command::Shortcuts,
    Command::About,
];

impl Command {
    /// What commands of documents ask for.
    fn file(self, cx: &Context<'_>) -> Option<File> {
        Some(match self {
            Command::New => File::New,
            Command::NewWindow => File::NewWindow,
            Command::Open => File::Open,
            Command::Save => File::Save,
            Command::SaveAs => File::SaveAs,
            Command::Export => File::Export,
            Command::SavePicture => File::SavePicture,
            Command::Import => File::Import,
            Command::Weather => File::Weather,
            Command::Catalogue => File::Catalogue(subject::record(cx)),
            Command::Reload => cx.document.path.map(|_| File::Reload)?,
            Command::Compare => cx.document.path.map(|_| File::Compare)?,
            Command::Recover => File::Recover,
            Command::StopReading => cx.document.opening.map(|_| File::StopReading)?,
            Command::Quit => File::Quit,
            _ => return None,
        })
    }

    /// What it asks for now; `None` while it makes no sense.
    pub fn action(self, cx: &Context<'_>) -> Option<Action> {
        Some(match self {
            Command::New
            | Command::NewWindow
            | Command::Open
            | Command::Save
            | Command::SaveAs
            | Command::Export
            | Command::SavePicture
            | Command::Import
            | Command::Weather
            | Command::Catalogue
            | Command::Reload
            | Command::Compare
            | Command::Recover
            | Command::StopReading
            | Command::Quit => Action::File(self.file(cx)?),
            Command::Undo => {
                cx.document.undo?;
                Action::Edit(Edit::Undo)
            }
            Command::Redo => {
                cx.document.redo?;
                Action::Edit(Edit::Redo)
            }
            Command::Cut => Action::Edit(Edit::Cut(subject::copyable(cx)?)),
            Command::Copy => Action::Edit(Edit::Copy(subject::copyable(cx)?)),
            Command::Paste => Action::Edit(Edit::Paste),
            Command::Duplicate => Action::Edit(Edit::Duplicate(subject::copyable(cx)?)),
            Command::Delete => Action::Edit(Edit::Delete(subject::removable(cx)?)),
            Command::SelectAll => Action::View(View::SelectRelated(Relation::All)),
            Command::InvertSelection => Action::View(View::SelectRelated(Relation::Others)),
            Command::SelectNothing => subject::nothing(cx)?,
            Command::SelectSame
            | Command::SelectUpstream
            | Command::SelectPathA
            | Command::SelectPathB
            | Command::SelectDownstream
            | Command::SelectChildren => subject::relate(cx, self)?,
            Command::ResetToCatalog => Action::Edit(Edit::Reset(subject::overridden(cx)?)),
            Command::AddConstraint => Action::Edit(Edit::AskConstraint),
            Command::ShowOnPlan => Action::View(View::Jump(subject::shown(cx)?)),
            // The palette lists templates, and what can be placed.
            Command::AddTier => Action::View(View::Palette(">add tier ".to_owned())),
            Command::Place => Action::View(View::Palette(">place ".to_owned())),
            Command::ChangeRackType => Action::Edit(Edit::AskRackType(subject::holding_racks(cx)?)),
            Command::FeedFrom | Command::FeedFromB | Command::CoolFrom | Command::Disconnect => {
                subject::supplied(cx, self)?
            }
            Command::DrawConnections => Action::View(View::DrawConnections),
            Command::Rotate => Action::Edit(Edit::Rotate(subject::placed(cx)?)),
            Command::NewVariant => Action::Edit(Edit::NewVariant),
            Command::NextVariant => Action::Edit(Edit::Variant(subject::next_variant(cx)?)),
            Command::RenameVariant => {
                Action::Edit(Edit::RenameVariant(cx.document.variant()?.id.clone()))
            }
            Command::DeleteVariant => {
                let id = subject::other_variants(cx)?.id.clone();
                Action::Edit(Edit::Variant(VariantCommand::Delete { id }))
            }
            Command::Solve => Action::Run(Run::Solve),
            // What comes in several directions, and what changes the view alone.
            other => match other.view() {
                Some(view) => Action::View(view),
                None => look::action(other)
                    .or_else(|| whatif::action(other, cx))
                    .or_else(|| money::action(other, cx))
                    .or_else(|| subject::nudge(cx, other))
                    .or_else(|| arrange::action(other, cx))?,
            },
        })
    }

    /// The change of the view that it stands for, where that asks for nothing else.
    fn view(self) -> Option<View> {
        Some(match self {
            Command::SitePlan => View::Tab(Tab::SitePlan),
            Command::OneLine => View::Tab(Tab::OneLine),
            Command::Economics => View::Tab(Tab::Economics),
            Command::Finance => View::Tab(Tab::Finance),
            Command::Throughput => View::Tab(Tab::Throughput),
            Command::Cooling => View::Tab(Tab::Cooling),
            Command::CompareVariants => View::Tab(Tab::Compare),
            Command::Present => View::Present(true),
            Command::Challenge => View::Challenge,
            Command::Limits => View::BottomTab(BottomTab::Limits),
            Command::Problems => View::BottomTab(BottomTab::Problems),
            Command::Contingencies => View::BottomTab(BottomTab::Contingencies),
            Command::Fit => View::Fit,
            Command::DrawConstraint => View::DrawConstraint,
            Command::ZoomIn => View::ZoomIn,
            Command::ZoomOut => View::ZoomOut,
            Command::ZoomReset => View::ZoomReset,
            Command::Dark => View::Theme(ThemePreference::Dark),
            Command::Light => View::Theme(ThemePreference::Light),
            Command::SystemTheme => View::Theme(ThemePreference::System),
            Command::MetricUnits => View::Units(System::Metric),
            Command::UsUnits => View::Units(System::Us),
            Command::Palette => View::Palette(String::new()),
            Command::ContextMenu => View::ContextMenu(None),
            Command::Shortcuts => View::ShowShortcuts(true),
            Command::About => View::ShowAbout(true),
            _ => return None,
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
}
