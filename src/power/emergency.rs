//! What machines bear after an outage: over their rating, for hours and for minutes. A layout's
//! word on a node counts before the catalogue's on its equipment.

use crate::catalog::{Catalog, Fact};
use crate::site::Node;

/// Emergency ratings over the normal one, at least 1; absent is unknown, and the next lower rating
/// counts in its place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Emergency {
    pub long_ratio: Option<f64>,
    pub long_h: Option<f64>,
    pub short_ratio: Option<f64>,
    pub short_min: Option<f64>,
}

impl Emergency {
    /// Of the machines of a node.
    pub fn of(node: &Node, catalog: &Catalog) -> Self {
        let equipment = node.equipment.as_deref().and_then(|id| catalog.equipment.get(id));
        let listed = |own: Option<f64>, fact: Option<&Fact>| own.or(fact.and_then(Fact::get));
        let e = equipment;
        Self {
            long_ratio: listed(
                node.emergency_long_ratio,
                e.and_then(|e| e.emergency_long_ratio.as_ref()),
            ),
            long_h: listed(node.emergency_long_h, e.and_then(|e| e.emergency_long_h.as_ref())),
            short_ratio: listed(
                node.emergency_short_ratio,
                e.and_then(|e| e.emergency_short_ratio.as_ref()),
            ),
            short_min: listed(
                node.emergency_short_min,
                e.and_then(|e| e.emergency_short_min.as_ref()),
            ),
        }
    }

    /// Over the rating for as long as the outage lasts.
    pub fn lasting_ratio(self) -> f64 {
        self.long_ratio.unwrap_or(1.0)
    }

    /// Over the rating until load is run back, which takes `run_back_s`.
    pub fn bridging_ratio(self, run_back_s: f64) -> f64 {
        let short = self.short_ratio.zip(self.short_min);
        let in_time = short.filter(|(_, minutes)| run_back_s <= minutes * 60.0);
        in_time.map_or(0.0, |(ratio, _)| ratio).max(self.lasting_ratio())
    }
}
