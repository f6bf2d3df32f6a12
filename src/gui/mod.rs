//! The desktop window: paints what the engine says and turns gestures into actions.
//!
//! It must not compute: every figure comes from the outcome, every change goes
//! through the editor.

pub mod action;
pub mod app;
mod ask;
pub mod canvas;
pub mod challenge;
pub mod chooser;
pub mod commands;
pub mod components;
pub mod context;
pub mod context_menu;
pub mod dialogs;
pub mod examples;
pub mod exports;
pub mod icons;
pub mod measure;
pub mod memo;
pub mod palette;
pub mod panels;
pub mod prompts;
pub mod records;
mod run;
pub mod shell;
pub mod stopwatch;
pub mod theme;
pub mod view;
pub mod windows;
pub mod wizard;

pub use run::{Options, Shown, run};
pub use stopwatch::{Moment, Stopwatch};
