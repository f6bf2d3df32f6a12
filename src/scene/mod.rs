//! What is drawn, as plain shapes and text with roles: site plan, charts, flows,
//! and the tokens of colour and type. It must not know egui or files.

pub mod by_name;
pub mod chart;
pub mod geom;
pub mod labels;
pub mod oneline;
pub mod plan;
pub mod sankey;
pub mod shape;
pub mod squares;
pub mod tokens;
