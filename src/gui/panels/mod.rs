//! The panels of the window, one a file. Each reads a context, paints, and pushes actions.

pub mod headline;
pub mod inspector;
pub mod limits;
pub mod problems;
pub mod rows;
pub mod status;
pub mod tabs;
pub mod title_bar;
pub mod tree;

mod derivation;
