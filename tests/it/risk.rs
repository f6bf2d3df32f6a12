//! What may come otherwise: against closed forms, against the engine asked another way, and on any
//! number of threads.

mod draws;
mod ladder;
mod moves;

use crate::support::{embedded, layout};
use gigasite::study::risk::Appraiser;

/// A shipped layout, ready for changes.
fn appraiser(name: &str) -> Appraiser {
    Appraiser::new(&layout(name), &embedded()).unwrap()
}
