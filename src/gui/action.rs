//! What panels ask for. Painting only pushes actions; the application applies them between frames.

use super::canvas::Tool;
use super::chooser::Ask;
use super::context::Element;
use crate::editor::catalogue::RecordKey;
use crate::editor::{
    self, Beside, Placing, Relation, ScenarioCommand, Supply, VariantCommand, What,
};
use crate::scene::plan::Overlay;
use crate::site::import::Imported;
use crate::site::{ConstraintKind, Site};
use crate::study::network::Scenario;
use crate::units::format::System;
use eframe::egui::{Pos2, ThemePreference};
use std::path::PathBuf;

/// Actions of one frame, in order.
pub type Actions = Vec<Action>;

#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    Edit(Edit),
    View(View),
    File(File),
    Run(Run),
}

/// Where in a gesture an edit stands; one gesture is one entry of the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gesture {
    /// A gesture of its own.
    Once,
    /// Part of a drag that goes on: a preview is enough.
    Dragging,
    /// The drag ended with this value.
    Finished,
}

/// Changes of the site.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Sets the value at a path (the vocabulary of `--set`) to a RON text;
    /// `label` completes "Undo ...".
    Set {
        path: String,
        value: String,
        label: String,
        gesture: Gesture,
    },
    /// A command of the editor; within a gesture in place of what it did so far.
    Apply {
        command: Box<editor::Command>,
        gesture: Gesture,
    },
    /// Asks for another rack type of the blocks of elements, of the whole site without any.
    AskRackType(Vec<Element>),
    /// Ends the gesture that goes on and takes back what it did.
    Abandon,
    /// Moves elements, metres: the whole way since the gesture began.
    Move {
        elements: Vec<Element>,
        delta_m: [f64; 2],
        gesture: Gesture,
    },
    /// Sets several values to RON texts, all or none.
    SetMany {
        changes: Vec<(String, String)>,
        gesture: Gesture,
    },
    /// Takes catalogue values, by path, back to the catalogue's.
    Reset(Vec<String>),
    /// A tier as the template of the catalogue has it.
    AddTier(String),
    /// Things of the catalogue onto the plan.
    Place(Placing),
    /// Asks for the figures of a constraint area.
    AskConstraint,
    /// A constraint area of a kind on the ground of an outline, metres.
    AddConstraint(ConstraintKind, Vec<[f64; 2]>),
    /// What was read from a foreign file.
    Import(Box<Imported>),
    /// Copies of elements beside them.
    Duplicate(Vec<Element>),
    /// Feeds or cools elements by a source.
    Connect {
        elements: Vec<Element>,
        source: Element,
        supply: Supply,
        beside: Beside,
    },
    /// Takes a supply away: that of one source, or all of it.
    Disconnect {
        elements: Vec<Element>,
        source: Option<Element>,
        supply: Supply,
    },
    /// A quarter clockwise.
    Rotate(Vec<Element>),
    /// Elements as text to the clipboard of the system.
    Copy(Vec<Element>),
    Cut(Vec<Element>),
    /// Asks the system for the text of its clipboard.
    Paste,
    /// That text.
    PasteText(String),
    /// Asks first where more goes than what is named.
    Delete(Vec<Element>),
    /// Without asking.
    DeleteNow(Vec<Element>),
    /// Makes, names, removes or switches variants.
    Variant(VariantCommand),
    /// Takes over, changes or removes scenarios.
    Scenario(ScenarioCommand),
    /// Asks for the name of a new variant.
    NewVariant,
    /// Asks for another name and notes of the variant of this id.
    RenameVariant(String),
    Undo,
    Redo,
}

impl Edit {
    /// One value set in a gesture of its own.
    pub fn set(
        path: impl Into<String>,
        value: impl Into<String>,
        label: impl Into<String>,
    ) -> Action {
        Action::Edit(Edit::Set {
            path: path.into(),
            value: value.into(),
            label: label.into(),
            gesture: Gesture::Once,
        })
    }
}

/// Centre tabs.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Tab {
    #[default]
    SitePlan,
    OneLine,
    Economics,
    Finance,
    Throughput,
    Cooling,
    Compare,
}

/// Tabs of the bottom panel.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum BottomTab {
    #[default]
    Limits,
    Problems,
    Contingencies,
}

/// Changes of what is shown, never of the site.
#[derive(Clone, Debug, PartialEq)]
pub enum View {
    Tab(Tab),
    BottomTab(BottomTab),
    /// Replaces the selection.
    Select(Vec<Element>),
    /// Adds an element to the selection or takes it out.
    Toggle(Element),
    /// Selects an element and brings it into view, on the diagram where that is shown and holds
    /// it, else on the plan.
    Jump(Element),
    /// The plan takes clicks as corners of a constraint area.
    DrawConstraint,
    /// The plan takes two clicks on an underlay, by id; then the distance is asked for.
    Calibrate(String),
    /// The two points have been clicked, ground.
    Calibrated {
        underlay: String,
        from: [f64; 2],
        to: [f64; 2],
    },
    /// Shows what happens to the network, in place of what was shown of it; nothing without one.
    WhatIf(Option<Scenario>),
    /// The moment before switches close and load is run back, or the one after.
    WhatIfAtOnce(bool),
    /// Whole site, or whole diagram, in view.
    Fit,
    Theme(ThemePreference),
    ZoomIn,
    ZoomOut,
    ZoomReset,
    ShowShortcuts(bool),
    ShowAbout(bool),
    /// Replaces the selection by what is related to it.
    SelectRelated(Relation),
    /// Units in which measures are shown and typed.
    Units(System),
    /// Starts to repeat elements in columns and rows on the plan.
    Array(Vec<Element>),
    /// Starts to place something on the plan.
    Place(What),
    /// The same, with the pointer's button held: its release places.
    Carry(What),
    /// Turns the tool that draws connections on or off, on the plan or the diagram.
    DrawConnections,
    /// What the primary button does on the plan.
    Tool(Tool),
    /// Drags hold on to neighbours, or no longer.
    Snap,
    /// What the colours of the plan and the diagram say.
    Overlay(Overlay),
    /// Opens the list of what can supply the selection, or of what does.
    Choose(Ask),
    /// Opens the command palette with this text in its field.
    Palette(String),
    ClosePalette,
    /// Opens the challenge.
    Challenge,
    /// Opens the menu of the selection there; by the keyboard at the selection itself.
    ContextMenu(Option<Pos2>),
    /// Opens the inspector and puts the keyboard into the field of a path.
    EditField(String),
    /// Starts or ends the presentation.
    Present(bool),
    /// Goes to a step of it, counted from 0.
    PresentStep(usize),
    /// A text to the clipboard of the system.
    CopyText(String),
}

/// Documents.
#[derive(Clone, Debug, PartialEq)]
pub enum File {
    /// Opens the page on which a new site is laid out.
    New,
    /// A site that stands in no file yet.
    Create(Site),
    /// A site that is a parcel and nothing else.
    EmptyParcel,
    /// Another window of the program.
    NewWindow,
    /// Asks for a file.
    Open,
    OpenPath(PathBuf),
    /// One of the layouts that are part of the program, by index into `examples::ALL`.
    OpenExample(usize),
    Save,
    SaveAs,
    /// Asks what to make of the site.
    Export,
    /// The same with a kind of report chosen, by its id.
    ExportKind(&'static str),
    /// What the plan or the diagram shows, as a picture.
    SavePicture,
    /// Opens the catalogue, at a record.
    Catalogue(Option<RecordKey>),
    SaveCatalogue,
    /// Asks first where that would lose something.
    CloseCatalogue,
    /// Asks for the folder of own records.
    CatalogueFolder,
    /// Asks for a foreign file.
    Import,
    ImportPath(PathBuf),
    /// Asks for the weather of a year, hour by hour, for the page of cooling.
    Weather,
    WeatherPath(PathBuf),
    /// Offers work that programs left behind.
    Recover,
    /// Takes over the document's file as it stands on disk.
    Reload,
    /// The document stays as it is although its file is another now.
    KeepMine,
    /// Shows what reloading would change.
    Compare,
    /// Leaves alone the file that is being read.
    StopReading,
    Quit,
}

/// Computation.
#[derive(Clone, Debug, PartialEq)]
pub enum Run {
    /// Computes the full answer again.
    Solve,
    /// Draws all uncertain inputs of the value at once, so many times.
    Draws(usize),
    /// Ends that; what was known before stays.
    StopDraws,
}
