//! Editing a site: commands, labelled history, selection, and the session that
//! keeps a background thread computing the newest answer.
//!
//! [`Editor::apply`] is the only way to change a site, and [`Editor::apply_variant`] to change
//! which there are; what is unsaved is kept in a
//! side file until it is saved. This module must not
//! know egui: it works the same under a test, a script or a window.
mod autosave;
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
mod history;
mod insert;
mod label;
mod loader;
mod paste;
pub mod place;
mod recovery;
mod relations;
mod relocate;
mod remove;
mod room;
pub mod selection;
pub mod session;
mod set;
mod tiers;
mod variants;
mod watch;

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
pub use history::History;
pub use insert::new_block;
pub use loader::{Loader, Read, Reading, read};
pub use paste::lost_by_paste;
pub use place::{Ghost, Placing, Shape, What};
pub use recovery::{Found, Standing, Store};
pub use relations::{Relation, related};
pub use room::{beside, room_for};
pub use selection::Selection;
pub use session::{Clock, Engine, Session, SolveStatus};
pub use set::catalog_in_force;
pub use variants::VariantCommand;
pub use watch::Watch;
