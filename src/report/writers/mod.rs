//! Pictures as bytes of a file format. They must not know what a picture shows.

pub mod dxf;
pub mod pdf;
pub mod png;
pub mod svg;
