//! What an answer says about the elements of a plan: loads, tiers, megawatts.
//! It must not know where elements stand or how they are drawn.

use super::build::{BlockGeom, Holding};
use super::network::{Event, Volts};
use super::overlay::{Ground, Overlay, Sheet};
use crate::catalog::{Catalog, Generation};
use crate::scene::by_name::ByName;
use crate::scene::shape::{Hue, Ink};
use crate::scene::tokens::{Token, loading_class, ranks_of_tiers};
use crate::site::Site;
use crate::study::Outcome;
use crate::units::{Power, format};
use std::collections::BTreeMap;

/// Racks of a block that run one operating point.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    pub generation: Generation,
    /// Price rank of the tier that takes most of the point; `None` where they run nothing.
    pub tier: Option<usize>,
    pub racks: f64,
}

/// Lookups over one answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanFacts {
    /// Load over rating of nodes and feeds.
    pub load: ByName<f64>,
    /// Load of nodes and feeds, MW.
    pub used_mw: ByName<f64>,
    /// What nodes and feeds could carry beyond their load, MW; negative where overloaded.
    pub left_mw: ByName<f64>,
    /// Firm load and firm capacity of nodes and feeds, MW.
    pub firm_mw: ByName<(f64, f64)>,
    pub segments: ByName<Vec<Segment>>,
    /// IT power of blocks, MW.
    pub block_mw: ByName<f64>,
    /// Names of the tiers with their price rank, dearest first.
    pub tiers: Vec<(usize, String)>,
    /// Whether there is an answer at all.
    pub solved: bool,
    /// Load over rating by AC power flow, of the machine that is loaded most.
    pub flow: ByName<f64>,
    pub flow_mw: ByName<f64>,
    pub volts: ByName<Volts>,
    /// Whether there is a power flow at all.
    pub flows: bool,
    /// What happens to the network, while a what-if is shown.
    pub event: Option<Event>,
    /// What the overlay on top says, where it is one with a sheet of its own.
    pub sheet: Sheet,
}

impl PlanFacts {
    /// Of an answer; without one every element is only where it stands.
    pub fn of(site: &Site, catalog: &Catalog, outcome: Option<&Outcome>) -> Self {
        let mut facts = PlanFacts::default();
        let ranks = tier_rank_of(site);
        let mut tiers: Vec<(usize, String)> = site
            .terms
            .tiers
            .iter()
            .filter_map(|t| ranks.get(&t.id).map(|r| (*r, t.name.clone())))
            .collect();
        tiers.sort_by_key(|t| std::cmp::Reverse(t.0));
        facts.tiers = tiers;
        let Some(outcome) = outcome else { return facts };
        facts.solved = true;
        for limit in &outcome.plan.limits {
            if limit.kind == "node_firm" {
                if let Some(capacity) = limit.capacity.filter(|c| *c > 0.0) {
                    facts.firm_mw.insert(limit.element.clone(), (limit.used, capacity));
                }
                continue;
            }
            if !matches!(limit.kind.as_str(), "node_capacity" | "feed_capacity") {
                continue;
            }
            facts.used_mw.insert(limit.element.clone(), limit.used);
            if let Some(capacity) = limit.capacity.filter(|c| *c > 0.0) {
                facts.load.insert(limit.element.clone(), limit.used / capacity);
                facts.left_mw.insert(limit.element.clone(), capacity - limit.used);
            }
        }
        facts.read_blocks(outcome, catalog, &ranks);
        facts
    }

    /// The same with what an overlay says of each element.
    pub fn under(
        mut self,
        overlay: Overlay,
        site: &Site,
        catalog: &Catalog,
        outcome: Option<&Outcome>,
    ) -> Self {
        self.sheet = overlay.sheet(&Ground { site, catalog, outcome, facts: &self });
        self
    }

    fn read_blocks(
        &mut self,
        outcome: &Outcome,
        catalog: &Catalog,
        ranks: &BTreeMap<String, usize>,
    ) {
        // The tier that takes most power of each rack type's operating point.
        let mut main: BTreeMap<(&str, &str), (f64, usize)> = BTreeMap::new();
        for row in &outcome.plan.allocation {
            let Some(rank) = ranks.get(&row.tier) else { continue };
            let best = main.entry((&row.rack, &row.operating_point)).or_insert((-1.0, *rank));
            if row.it_mw > best.0 {
                *best = (row.it_mw, *rank);
            }
        }
        for b in &outcome.plan.blocks {
            *self.block_mw.entry(b.id.clone()).or_default() += b.it_mw;
            let record = catalog.racks.get(&b.rack);
            let segment = Segment {
                generation: record.map_or(Generation::Other, |r| r.generation),
                tier: main.get(&(b.rack.as_str(), b.operating_point.as_str())).map(|m| m.1),
                racks: b.racks.unwrap_or(0.0),
            };
            self.segments.entry(b.id.clone()).or_default().push(segment);
        }
        for segments in self.segments.values_mut() {
            segments.sort_by_key(|s| std::cmp::Reverse(s.tier));
        }
    }

    /// What colours a node or feed under an electrical overlay: a share of its rating, or of
    /// its firm capacity.
    pub fn share(&self, overlay: Overlay, id: &str) -> Option<f64> {
        match overlay {
            Overlay::Loading | Overlay::Headroom => self.load.get(id).copied(),
            Overlay::Flow => self.flow.get(id).copied().filter(|_| !self.is_dark(id)),
            Overlay::Firm => self.firm_mw.get(id).map(|(used, capacity)| used / capacity),
            _ => None,
        }
    }

    /// The ink of a node, feed or loop under an overlay; `None` where nothing is known of it.
    pub fn ink(&self, overlay: Overlay, id: &str) -> Option<Ink> {
        if overlay.is_electrical() {
            return self.share(overlay, id).map(|s| Ink::of(Hue::Load(loading_class(s))));
        }
        self.sheet.hue(id).map(Ink::of)
    }

    /// The figure beside a node or feed: `67.9 %`, `75.3 MW left`, `81.2 % firm`; its loading
    /// under overlays that are not electrical.
    pub fn figure(&self, overlay: Overlay, id: &str) -> Option<String> {
        if let Some(word) = self.event.as_ref().and_then(|e| e.word(id)) {
            return Some(word);
        }
        match overlay {
            Overlay::Flow => self.share(overlay, id).map(format::share),
            Overlay::Headroom => self.left_mw.get(id).map(|left| headroom(*left)),
            Overlay::Firm => self.share(overlay, id).map(|s| format!("{} firm", format::share(s))),
            Overlay::Loading | Overlay::None | Overlay::Tier => {
                self.load.get(id).map(|l| format::share(*l))
            }
            _ => self.sheet.readings.get(id).map(|r| r.tag.clone()),
        }
    }

    /// Inks of a block's racks in order, under an overlay.
    pub fn inks(&self, block: &BlockGeom, overlay: Overlay) -> Vec<(Ink, u32)> {
        let places = block.places().max(1);
        let idle = (Ink::token(Token::Line2).faded(0.55), places);
        let reserved = Ink::token(Token::Line2).faded(0.35);
        match overlay {
            _ if self.is_dark(&block.id) => {
                vec![(Ink::token(Token::Line2).faded(0.25), places)]
            }
            Overlay::Loading | Overlay::Headroom | Overlay::Firm | Overlay::Flow => {
                let load = block.node.as_ref().and_then(|n| self.share(overlay, n));
                vec![load.map_or(idle, |l| (Ink::of(Hue::Load(loading_class(l))), places))]
            }
            Overlay::None if matches!(block.holding, Holding::Installed(_) | Holding::Pool) => {
                vec![(Ink::of(Hue::Rack(block.generation)), places)]
            }
            Overlay::None => {
                self.runs(block, places, reserved, |s| Ink::of(Hue::Rack(s.generation)))
            }
            Overlay::Tier => self.runs(block, places, reserved, |s| {
                s.tier.map_or(idle.0, |rank| Ink::of(Hue::Tier(rank)))
            }),
            _ => vec![self.sheet.hue(&block.id).map_or(idle, |hue| (Ink::of(hue), places))],
        }
    }

    /// Whole racks for each segment by largest remainder; the rest of the places in `rest`.
    fn runs(
        &self,
        block: &BlockGeom,
        places: u32,
        rest: Ink,
        ink: impl Fn(&Segment) -> Ink,
    ) -> Vec<(Ink, u32)> {
        let segments = self.segments.get(&block.id).map_or(&[][..], Vec::as_slice);
        let mut runs = Vec::new();
        let (mut exact, mut drawn) = (0.0, 0u32);
        for s in segments {
            exact += s.racks;
            let upto = (exact.round().max(0.0) as u32).min(places);
            if upto > drawn {
                runs.push((ink(s), upto - drawn));
                drawn = upto;
            }
        }
        if drawn < places {
            runs.push((rest, places - drawn));
        }
        runs
    }
}

/// `75.3 MW left`, or `3.1 MW over`.
pub fn headroom(left_mw: f64) -> String {
    let word = if left_mw < -1e-6 { "over" } else { "left" };
    format!("{} {word}", format::power(Power::mw(left_mw.abs().max(0.0))))
}

/// Colour slot of each tier, 0 the cheapest: token tiers by the price of their dearest step,
/// spread over the five slots where there are more; tiers that are not sold by the token share
/// the neutral first slot.
pub fn tier_rank_of(site: &Site) -> BTreeMap<String, usize> {
    let tiers = &site.terms.tiers;
    tiers.iter().zip(ranks_of_tiers(tiers)).map(|(t, r)| (t.id.clone(), r)).collect()
}
