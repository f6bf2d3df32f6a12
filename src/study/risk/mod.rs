//! What may come otherwise, and what it would do to the value of a site: ladder from the keynote
//! figure, tornado, two-way table, draws, break-evens, price of time, ways of doing business,
//! scenarios.
//!
//! Every figure is that of the same engine on a changed layout or catalogue, the plan solved anew
//! where the change reaches it. It must not know files, screens or the inner parts of the project
//! model.

mod appraiser;
mod change;
mod result;

pub use appraiser::{Appraisal, Appraiser, rate};
pub use change::{Change, ChangeError, LEVELS, apply, number};
pub use result::*;
