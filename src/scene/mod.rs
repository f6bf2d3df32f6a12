//! What is drawn, as plain shapes and text with roles, and the tokens that colour it.
//!
//! It must not know egui or files.

pub mod tokens;
