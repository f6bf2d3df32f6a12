//! Editing a site: commands, labelled history, selection, and the session that
//! keeps a background thread computing the newest answer.
//!
//! [`Editor::apply`] is the only way to change a site, and [`Editor::apply_variant`] to change
//! which there are; what is unsaved is kept in a
//! side file until it is saved. This module must not
//! know egui: it works the same under a test, a script or a window.
mod align;
pub mod appraisal;
mod array;
mod autosave;
pub mod catalogue;
mod clipboard;
mod command;
mod connect;
mod consequences;
mod difference;
mod document;
mod duplicate;
mod edit;
mod element;
mod engine;
mod files;
mod foreign;
mod groups;
mod history;
mod insert;
mod label;
mod leftover;
mod loader;
mod locks;
mod mappings;
pub mod network;
mod paste;
pub mod place;
mod rack_fit;
mod rack_type;
pub mod recent;
mod recovery;
mod relations;
mod relocate;
mod remove;
mod resize;
pub mod risk;
mod room;
mod saver;
mod scenarios;
pub mod selection;
pub mod session;
mod set;
mod tiers;
pub mod user;
pub mod valuation;
mod variants;
mod watch;
mod weather;

pub use align::{Axis, Edge};
pub use array::{Array, ArrayGhost, array_ghost};
pub use autosave::{Autosave, Kept};
pub use clipboard::copied;
pub use command::{Command, EditError, Element, Signature, TierSource, apply};
pub use connect::{
    Beside, Connection, Offer, Refusal, Supply, offers, possible, supplied_by, supplies, takers,
};
pub use consequences::{Consequences, consequences};
pub use difference::Difference;
pub use document::Document;
pub use edit::{Change, Editor};
pub use element::ElementId;
pub use engine::StudyEngine;
pub use files::{Disk, OpenError, SaveError, Seen};
pub use foreign::{DeviceDraft, Foreign, ImportDraft, Wanted};
pub use groups::{group_of, with_groups};
pub use history::History;
pub use insert::new_block;
pub use leftover::{Leftovers, News, Recovered, Wish};
pub use loader::{Loader, Read, Reading, read};
pub use locks::{Lock, lock_of, locked_words};
pub use mappings::Mappings;
pub use paste::lost_by_paste;
pub use place::{Ghost, Placing, Shape, What};
pub use rack_fit::Misfit;
pub use rack_type::{RackChange, RackCount, rack_change};
pub use recent::{RecentChange, RecentFiles, SharedRecent};
pub use recovery::{Found, Standing, Store};
pub use relations::{Relation, related};
pub use relocate::{carried, extent};
pub use resize::{Side, resized};
pub use room::{beside, room_for};
pub use saver::{Ended, Saver, Target};
pub use scenarios::ScenarioCommand;
pub use selection::Selection;
pub use session::{Clock, Engine, Session, SolveStatus};
pub use set::catalog_in_force;
pub use variants::VariantCommand;
pub use watch::Watch;
pub use weather::{WeatherFile, is_weather};
