//! The one-line diagram: the electrical network of a site from its feeds down to its loads,
//! laid out by itself and drawn as plain shapes. What the layout does not state, such as
//! breakers, is not drawn. It must not know egui or files.

mod caption;
mod card;
mod draw;
mod graph;
mod group;
mod lines;
mod network;
mod order;
mod place;
mod route;
mod scene;
mod symbols;
mod tree;

pub use caption::sentence;
pub use draw::draw;
pub use group::{Choices, Diagram, Item};
pub use network::{HallInfo, Network, Symbol, Vertex, natural};
pub use route::Wire;
pub use scene::{Card, Layout, OneLineScene, Spot, Step, Target, layout};
pub use symbols::key_symbol;
