//! The site plan and the one-line diagram as pages: the same shapes that the window paints,
//! with what a reader of paper needs beside them. It must not know file formats.

mod ground;
mod legend;
mod page;
mod sheet;

pub use ground::Sheet;
pub use page::{framed, picture, view_picture};
pub use sheet::sheet;
