//! What may come otherwise, and what it would do to the value of a site: ladder from the keynote
//! figure, tornado, two-way table, draws, break-evens, price of time, ways of doing business,
//! scenarios.
//!
//! Every figure is that of the same engine on a changed layout or catalogue, the plan solved anew
//! where the change reaches it. It must not know files, screens or the inner parts of the project
//! model.

mod appraiser;
mod break_even;
mod change;
mod drivers;
mod gap;
mod ladder;
mod models;
pub mod monte_carlo;
mod quick;
mod result;
mod scenarios;
mod time;
mod tornado;
mod two_way;

pub use appraiser::{Appraisal, Appraiser, rate};
pub use break_even::{break_evens, search};
pub use change::{Change, ChangeError, LEVELS, apply, number};
pub use drivers::{base_of, drivers, ends, energy_path, utilisation_path};
pub use gap::{Gap, gaps};
pub use ladder::ladder;
pub use models::business_models;
pub use monte_carlo::{NoDraws, Question, Shape, Watch, monte_carlo};
pub use result::*;
pub use scenarios::{made_from_ranges, scenarios};
pub use time::{price_of_time, shifted};
pub use tornado::{MOST_BARS, tornado, tornado_of};
pub use two_way::{default_pair, two_way};
