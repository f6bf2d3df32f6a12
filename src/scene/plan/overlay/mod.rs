//! What the fill of racks, nodes and cables can say: one file an overlay, one line in `TABLE`.
//!
//! An overlay reads the site and the newest answer and says a class, a short tag and a sentence
//! of each element, or that it does not know. Legend, fill, tag, hatching of what is unknown, the
//! badge at the pointer and the diagram follow from that. It must not know places on the screen.

mod phase;
mod reach;
mod redundancy;
mod revenue;
mod temperature;
mod tier;
mod voltage;

pub use phase::energised_by;
pub use revenue::{Earning, earnings};

use super::facts::PlanFacts;
use crate::catalog::Catalog;
use crate::scene::shape::Hue;
use crate::site::Site;
use crate::study::Outcome;
use std::collections::BTreeMap;

/// What the fill of racks, nodes and cables says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Overlay {
    /// Rack generation.
    None,
    /// Share of the rating of the node that feeds them.
    #[default]
    Loading,
    /// The same with the megawatts that are left.
    Headroom,
    /// Firm power over what survives the loss of one element.
    Firm,
    /// Share of the rating of each machine by AC power flow.
    Flow,
    /// Voltage by AC power flow.
    Voltage,
    /// Tier that the racks serve.
    Tier,
    /// What of the sources may fail.
    Redundancy,
    /// What a block earns for its power and floor.
    Revenue,
    /// Coolant that the racks accept, less what the loop supplies.
    Temperature,
    /// Medium that reaches from a block to its network racks.
    Reach,
    /// Energisation.
    Phase,
}

/// An overlay in the table.
struct Entry {
    overlay: Overlay,
    /// Name on the command line.
    id: &'static str,
    /// Name for menus.
    name: &'static str,
    /// What it says; `None` where loads of the answer say it.
    read: Option<fn(&Ground<'_>) -> Sheet>,
}

/// All overlays in the order of the menu.
static TABLE: [Entry; 12] = [
    Entry { overlay: Overlay::None, id: "generation", name: "Rack generation", read: None },
    Entry { overlay: Overlay::Loading, id: "loading", name: "Loading, worst hour", read: None },
    Entry { overlay: Overlay::Headroom, id: "headroom", name: "Headroom, worst hour", read: None },
    Entry { overlay: Overlay::Firm, id: "firm", name: "Firm power, worst hour", read: None },
    Entry { overlay: Overlay::Flow, id: "flow", name: "Loading, AC power flow", read: None },
    Entry {
        overlay: Overlay::Voltage,
        id: "voltage",
        name: "Voltage, AC power flow",
        read: Some(voltage::read),
    },
    Entry {
        overlay: Overlay::Redundancy,
        id: "redundancy",
        name: "Redundancy class",
        read: Some(redundancy::read),
    },
    Entry { overlay: Overlay::Tier, id: "tier", name: "Tier served", read: Some(tier::read) },
    Entry {
        overlay: Overlay::Revenue,
        id: "revenue",
        name: "Revenue density",
        read: Some(revenue::read),
    },
    Entry {
        overlay: Overlay::Temperature,
        id: "temperature",
        name: "Temperature margin, worst hour",
        read: Some(temperature::read),
    },
    Entry { overlay: Overlay::Reach, id: "reach", name: "Network reach", read: Some(reach::read) },
    Entry { overlay: Overlay::Phase, id: "phase", name: "Phase", read: Some(phase::read) },
];

/// What an overlay may read.
pub struct Ground<'a> {
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    pub outcome: Option<&'a Outcome>,
    /// Loads and limits of the answer.
    pub facts: &'a PlanFacts,
}

/// What an overlay says of the whole site.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Of the legend, from what needs no care to what does.
    pub classes: Vec<Class>,
    /// One line below the legend.
    pub note: String,
    /// By id of the element; what is not in it has no part in the overlay.
    pub readings: BTreeMap<String, Reading>,
}

/// A class of the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    pub hue: Hue,
    pub words: String,
}

/// What an overlay says of one element.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Index into the classes; `None` where it is unknown.
    pub class: Option<usize>,
    /// A figure or a word on the element: the second sign beside the colour.
    pub tag: String,
    /// The same in full with its unit, or why it is unknown.
    pub words: String,
}

impl Reading {
    fn unknown(why: impl Into<String>) -> Self {
        Self { class: None, tag: "?".to_owned(), words: why.into() }
    }
}

impl Sheet {
    pub fn hue(&self, id: &str) -> Option<Hue> {
        let class = self.readings.get(id)?.class?;
        self.classes.get(class).map(|c| c.hue)
    }

    /// Whether an element takes part and nothing is known of it.
    pub fn is_unknown(&self, id: &str) -> bool {
        self.readings.get(id).is_some_and(|r| r.class.is_none())
    }

    /// Whether anything is unknown.
    pub fn has_unknown(&self) -> bool {
        self.readings.values().any(|r| r.class.is_none())
    }

    /// What is said of several elements that are drawn as one: the class that needs most care,
    /// and every tag. Unknown where one of them is.
    pub fn together<'i>(&self, ids: impl Iterator<Item = &'i str>) -> Option<Reading> {
        let found: Vec<&Reading> = ids.filter_map(|id| self.readings.get(id)).collect();
        let first = found.first()?;
        let class = found.iter().map(|r| r.class).reduce(|a, b| a.zip(b).map(|(a, b)| a.max(b)));
        let mut tags: Vec<&str> = found.iter().map(|r| r.tag.as_str()).collect();
        tags.sort_unstable();
        tags.dedup();
        let (tag, words) = match tags.as_slice() {
            [_] => (first.tag.clone(), first.words.clone()),
            [a, b] => (format!("{a}, {b}"), format!("{a} and {b}")),
            many => (format!("{} values", many.len()), format!("{} values", many.len())),
        };
        Some(Reading { class: class.flatten(), tag, words })
    }
}

impl Overlay {
    /// All of them, in the order of the menu.
    pub fn all() -> Vec<Overlay> {
        TABLE.iter().map(|e| e.overlay).collect()
    }

    /// Those that the diagram can show.
    pub fn of_network() -> Vec<Overlay> {
        TABLE.iter().map(|e| e.overlay).filter(|o| o.is_of_network()).collect()
    }

    /// Whether the diagram can show it: racks of a generation have no place there.
    pub fn is_of_network(self) -> bool {
        self != Overlay::None
    }

    /// Whether loads of the network say it.
    pub fn is_electrical(self) -> bool {
        matches!(self, Overlay::Loading | Overlay::Headroom | Overlay::Firm | Overlay::Flow)
    }

    /// Whether the power flow of the network says it.
    pub fn is_of_flow(self) -> bool {
        matches!(self, Overlay::Flow | Overlay::Voltage)
    }

    /// Whether it reads the site for more than loads.
    pub fn has_sheet(self) -> bool {
        self.entry().is_some_and(|e| e.read.is_some())
    }

    fn entry(self) -> Option<&'static Entry> {
        TABLE.iter().find(|e| e.overlay == self)
    }

    /// Name on the command line.
    pub fn id(self) -> &'static str {
        self.entry().map_or("", |e| e.id)
    }

    /// Whether its colours tell of an answer.
    pub fn needs_answer(self) -> bool {
        let of_answer = [Overlay::Tier, Overlay::Revenue, Overlay::Temperature, Overlay::Voltage];
        self.is_electrical() || of_answer.contains(&self)
    }

    /// Name for menus.
    pub fn name(self) -> &'static str {
        self.entry().map_or("", |e| e.name)
    }

    /// What it says of a site; nothing for those that loads say.
    pub(super) fn sheet(self, ground: &Ground<'_>) -> Sheet {
        self.entry().and_then(|e| e.read).map(|read| read(ground)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_as_one_takes_the_class_of_most_care_and_is_unknown_where_one_is() {
        let reading = |class, tag: &str| Reading { class, tag: tag.into(), words: tag.into() };
        let sheet = Sheet {
            readings: BTreeMap::from([
                ("a".to_owned(), reading(Some(0), "2N")),
                ("b".to_owned(), reading(Some(2), "N")),
                ("c".to_owned(), reading(None, "?")),
            ]),
            ..Sheet::default()
        };
        let of = |ids: &[&str]| sheet.together(ids.iter().copied());
        assert_eq!(
            of(&["a", "b"]),
            Some(Reading { words: "2N and N".into(), ..reading(Some(2), "2N, N") })
        );
        assert_eq!(of(&["a", "c"]).and_then(|r| r.class), None);
        assert_eq!(of(&["z"]), None, "takes no part");
    }
}
