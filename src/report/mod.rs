//! What leaves the program as a document: each report kind gathers its figures once, for
//! the terminal, for JSON and for a picture alike; writers turn a picture into bytes. It
//! must not know egui, nor where files go.

pub mod cooling;
pub mod document;
pub mod drawing;
pub mod finance;
pub mod kinds;
pub mod paper;
mod picture;
mod subject;
pub mod throughput;
pub mod workbook;
pub mod writers;

pub use kinds::{ALL, Choice, Form, Kind, Needs};
pub use paper::Paper;
pub use picture::{Layer, Picture};
pub use subject::{Draws, Face, Options, Part, ReportError, Subject};
