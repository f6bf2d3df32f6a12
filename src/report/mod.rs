//! What leaves the program as a document: each report kind gathers its figures once, for
//! the terminal, for JSON and for a picture alike; writers turn a picture into bytes. It
//! must not know egui, nor where files go.

mod picture;
pub mod throughput;
pub mod writers;

pub use picture::Picture;
