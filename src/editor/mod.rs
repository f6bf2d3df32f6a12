//! Editing a site: commands, labelled history, selection, and the session that
//! keeps a background thread computing the newest answer.
//!
//! [`Editor::apply`] is the only way to change a site. This module must not
//! know egui: it works the same under a test, a script or a window.
mod command;
mod document;
mod duplicate;
mod edit;
mod element;
mod engine;
mod files;
mod history;
mod insert;
mod label;
mod relocate;
mod remove;
pub mod selection;
pub mod session;
mod set;
mod tiers;

pub use command::{Command, EditError, Element, Signature, TierSource, apply};
pub use document::Document;
pub use edit::{Change, Editor};
pub use element::ElementId;
pub use engine::StudyEngine;
pub use files::{FileStamp, OpenError, SaveError};
pub use history::History;
pub use insert::new_block;
pub use selection::Selection;
pub use session::{Clock, Engine, Session, SolveStatus};
pub use set::catalog_in_force;
