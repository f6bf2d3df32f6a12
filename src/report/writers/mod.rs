//! Pictures as bytes of a file format. They must not know what a picture shows.

pub mod cad;
pub mod csv;
pub mod pdf;
pub mod png;
pub mod svg;
pub mod xlsx;
