//! What panels may read. They get it whole, change nothing in it, and answer with actions.

use crate::catalog::{Catalog, Generation, Rack};
use crate::diag::Diagnostic;
use crate::editor::Kept;
use crate::editor::appraisal::Appraised;
use crate::editor::network::Electrical;
use crate::editor::risk::Risks;
use crate::editor::valuation::Finances;
use crate::plan::result::{BlockResult, LimitResult};
use crate::scene::plan::{Event, Overlay, PlanFacts};
use crate::scene::tokens::ranks_of_tiers;
use crate::site::{
    Block, ElementRef, Feed, Hall, HallGroup, Hour, Loop, Node, Site, Tier, TourStep, Variant,
};
use crate::study::Outcome;
use crate::study::network::{Moment, Scenario, State, WhatIf};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Limits of an answer that its key looks at.
const SAMPLED: usize = 64;

/// Everything that a panel sees of the program.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    /// The newest answer, maybe of an older state of the site: see `freshness`.
    pub outcome: Option<&'a Outcome>,
    pub freshness: &'a Freshness,
    /// Findings of the newest validation, else of the newest answer.
    pub problems: &'a [Diagnostic],
    pub selection: &'a [Element],
    pub document: Document<'a>,
    /// The electrical check of the newest full answer, and the what-if that is shown.
    pub grid: Grid<'a>,
    /// The value of the newest plan.
    pub finances: &'a Finances,
    /// What may come otherwise for it.
    pub risks: &'a Risks,
}

/// The electrical network of the site, as it is or under a what-if.
#[derive(Clone, Copy)]
pub struct Grid<'a> {
    pub electrical: &'a Electrical,
    /// What happens, while somebody looks at it.
    pub scenario: Option<&'a Scenario>,
    /// The moment before switches close and load is run back.
    pub at_once: bool,
}

impl Default for Grid<'_> {
    fn default() -> Self {
        Self { electrical: Electrical::none(), scenario: None, at_once: false }
    }
}

impl<'a> Grid<'a> {
    /// The answer to the scenario that is looked at.
    pub fn what_if(&self) -> Option<&'a WhatIf> {
        let scenario = self.scenario?;
        self.electrical.answer().filter(|w| w.scenario == *scenario)
    }

    /// The moment of it that is looked at.
    pub fn moment(&self) -> Option<&'a Moment> {
        let found = self.what_if()?;
        Some(if self.at_once { &found.at_once } else { found.lasting() })
    }

    /// The overlay that is shown in place of a chosen one: what-ifs show the power flow.
    pub fn overlay(&self, chosen: Overlay) -> Overlay {
        match self.scenario {
            Some(_) if !chosen.is_of_flow() => Overlay::Flow,
            _ => chosen,
        }
    }

    /// What is known of the network, as the lookups of plan and diagram take it.
    pub fn facts(&self, facts: PlanFacts, site: &Site) -> PlanFacts {
        let event = self.what_if().zip(self.moment()).map(|(w, m)| Event::of(w, m, site));
        facts.with_network(self.state(), event)
    }

    /// The network as the plan has it.
    pub fn normal(&self) -> Option<&'a State> {
        self.electrical.flow.as_ref().map(|f| &f.state)
    }

    /// What is looked at: the what-if, else the network as the plan has it.
    pub fn state(&self) -> Option<&'a State> {
        self.moment().map(|m| &m.state).or(self.normal())
    }
}

/// The file behind the window and its history.
#[derive(Clone, Copy, Default)]
pub struct Document<'a> {
    pub title: &'a str,
    pub path: Option<&'a Path>,
    pub dirty: bool,
    /// Completes "Undo ..."; absent where there is nothing to undo.
    pub undo: Option<&'a str>,
    pub redo: Option<&'a str>,
    pub recent: &'a [PathBuf],
    /// Whether unsaved work would outlive the program.
    pub kept: Option<&'a Kept>,
    /// Seconds since the newest state was kept.
    pub kept_ago_s: Option<f64>,
    /// Whether its file refuses to be written.
    pub read_only: bool,
    pub disk: Disk,
    /// All variants of the layout, the base first, and the index of the one that is edited.
    pub variants: &'a [Variant],
    pub active: usize,
    /// The newest full answer of each variant, where they are compared; else empty.
    pub answers: &'a [VariantAnswer],
    /// The steps of the guided tour.
    pub tour: &'a [TourStep],
    /// Its scenarios; empty where it has none of its own.
    pub scenarios: &'a [crate::site::Scenario],
    /// A file that is being read to stand in its place.
    pub opening: Option<&'a Path>,
    /// A file that the document is being written to.
    pub saving: Option<&'a Path>,
}

/// The newest full answer to a variant.
#[derive(Clone)]
pub struct VariantAnswer {
    /// `None` while there is none.
    pub outcome: Option<Arc<Outcome>>,
    /// Whether it is of the variant as it is now.
    pub fresh: bool,
    /// With the overrides of the variant.
    pub catalog: Arc<Catalog>,
    /// What it is worth, as far as that is known.
    pub appraised: Appraised,
}

impl<'a> Document<'a> {
    /// The variant that is edited.
    pub fn variant(&self) -> Option<&'a Variant> {
        self.variants.get(self.active)
    }
}

/// How the document's file stands to what the document knows of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Disk {
    #[default]
    Same,
    /// Another program has written it.
    Changed,
    /// It was moved or deleted.
    Gone,
    /// It may not be written, and nobody has taken note of that yet.
    ReadOnly,
}

/// How the shown answer relates to the site as it is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Freshness {
    /// Nothing has been computed.
    #[default]
    None,
    /// The answer belongs to this site.
    Full { age_s: f64 },
    /// A quick answer while a gesture goes on.
    Preview,
    /// An older answer; the next has been running for `for_s` seconds.
    Stale { for_s: f64 },
    /// The run failed; the sentence says why.
    Failed(String),
}

/// What kind of element a path names; the collections of `--set`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    Site,
    Policy,
    Finance,
    Tier,
    Hour,
    Feed,
    Node,
    Loop,
    Generator,
    Battery,
    Area,
    Constraint,
    Underlay,
    Hall,
    Row,
    Block,
    NetworkRack,
}

impl Kind {
    pub const ALL: [Kind; 17] = [
        Kind::Site,
        Kind::Policy,
        Kind::Finance,
        Kind::Tier,
        Kind::Hour,
        Kind::Feed,
        Kind::Node,
        Kind::Loop,
        Kind::Generator,
        Kind::Battery,
        Kind::Area,
        Kind::Constraint,
        Kind::Underlay,
        Kind::Hall,
        Kind::Row,
        Kind::Block,
        Kind::NetworkRack,
    ];

    /// First part of the path.
    pub const fn collection(self) -> &'static str {
        match self {
            Kind::Site => "site",
            Kind::Policy => "policy",
            Kind::Finance => "finance",
            Kind::Tier => "tiers",
            Kind::Hour => "hours",
            Kind::Feed => "feeds",
            Kind::Node => "nodes",
            Kind::Loop => "loops",
            Kind::Generator => "generators",
            Kind::Battery => "batteries",
            Kind::Area => "areas",
            Kind::Constraint => "constraints",
            Kind::Underlay => "underlays",
            Kind::Hall => "halls",
            Kind::Row => "rows",
            Kind::Block => "blocks",
            Kind::NetworkRack => "network_racks",
        }
    }

    /// Whether the site has one of it, which then has no id.
    pub const fn is_single(self) -> bool {
        matches!(self, Kind::Site | Kind::Policy | Kind::Finance)
    }

    /// What a planner calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Kind::Site => "Site",
            Kind::Policy => "Policy",
            Kind::Finance => "Finance",
            Kind::Tier => "Tier",
            Kind::Hour => "Hour",
            Kind::Feed => "Grid feed",
            Kind::Node => "Node",
            Kind::Loop => "Cooling loop",
            Kind::Generator => "Generators",
            Kind::Battery => "Battery",
            Kind::Area => "Area",
            Kind::Constraint => "Constraint area",
            Kind::Underlay => "Underlay",
            Kind::Hall => "Hall",
            Kind::Row => "Row",
            Kind::Block => "Block",
            Kind::NetworkRack => "Network rack",
        }
    }
}

/// An element of the site, by kind and id; the ids of site, policy and finance are empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Element {
    pub kind: Kind,
    pub id: String,
}

impl Element {
    pub fn new(kind: Kind, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }

    /// The path in the vocabulary of `--set`.
    pub fn path(&self) -> String {
        match self.kind {
            kind if kind.is_single() => kind.collection().to_owned(),
            kind => format!("{}.{}", kind.collection(), self.id),
        }
    }

    /// The element that a path points into; `None` for the catalogue.
    pub fn of_path(path: &str) -> Option<Self> {
        let mut parts = path.split('.');
        let collection = parts.next()?;
        let kind = Kind::ALL.into_iter().find(|k| k.collection() == collection)?;
        match kind {
            kind if kind.is_single() => Some(Self::new(kind, "")),
            _ => parts.next().filter(|id| !id.is_empty()).map(|id| Self::new(kind, id)),
        }
    }
}

impl<'a> Context<'a> {
    /// Tells one answer from another: by where it lies, the times that its run took, which no
    /// other run has, and some of its figures, as it has no name. 0 without one. Every frame
    /// asks several times: what it costs must not grow with the site.
    pub fn answer_key(&self) -> u64 {
        let Some(outcome) = self.outcome else { return 0 };
        let plan = &outcome.plan;
        let mut hash = DefaultHasher::new();
        outcome.provenance.input_sha256.hash(&mut hash);
        std::ptr::from_ref(outcome).hash(&mut hash);
        plan.blocks.len().hash(&mut hash);
        plan.revenue_usd_per_year.to_bits().hash(&mut hash);
        plan.grid_mw.to_bits().hash(&mut hash);
        plan.limits.len().hash(&mut hash);
        let timing = &outcome.timing;
        for seconds in [timing.seconds, timing.solve_seconds, timing.marginal_seconds] {
            seconds.to_bits().hash(&mut hash);
        }
        let step = (plan.limits.len() / SAMPLED).max(1);
        for limit in plan.limits.iter().step_by(step) {
            limit.used.to_bits().hash(&mut hash);
            limit.gain_usd_per_year.map(f64::to_bits).hash(&mut hash);
        }
        hash.finish().max(1)
    }

    /// The one selected element; `None` where nothing or several are selected.
    pub fn selected(&self) -> Option<&'a Element> {
        match self.selection {
            [one] => Some(one),
            _ => None,
        }
    }

    pub fn is_selected(&self, kind: Kind, id: &str) -> bool {
        self.selection.iter().any(|e| e.kind == kind && e.id == id)
    }

    pub fn tier(&self, id: &str) -> Option<&'a Tier> {
        self.site.terms.tiers.iter().find(|t| t.id == id)
    }

    pub fn hour(&self, id: &str) -> Option<&'a Hour> {
        self.site.terms.hours.iter().find(|h| h.id == id)
    }

    /// The physical element of a kind with an id.
    fn element(&self, kind: Kind, id: &str) -> Option<ElementRef<'a>> {
        let (element, field) = self.site.find_in(kind.collection(), id)?;
        field.is_empty().then_some(element)
    }

    pub fn feed(&self, id: &str) -> Option<&'a Feed> {
        match self.element(Kind::Feed, id)? {
            ElementRef::Feed(feed) => Some(feed),
            _ => None,
        }
    }

    pub fn node(&self, id: &str) -> Option<&'a Node> {
        match self.element(Kind::Node, id)? {
            ElementRef::Node(node) => Some(node),
            _ => None,
        }
    }

    pub fn cooling_loop(&self, id: &str) -> Option<&'a Loop> {
        match self.element(Kind::Loop, id)? {
            ElementRef::Loop(one) => Some(one),
            _ => None,
        }
    }

    pub fn hall_group(&self, id: &str) -> Option<&'a HallGroup> {
        let known = self.site.place(id).and_then(|place| self.site.halls.get(place.hall()?));
        let own = known.filter(|group| group.is_of(id));
        own.or_else(|| self.site.halls.iter().find(|group| group.is_of(id))).map(AsRef::as_ref)
    }

    pub fn hall(&self, id: &str) -> Option<&'a Hall> {
        self.hall_group(id).and_then(|g| g.hall.as_ref())
    }

    pub fn block(&self, id: &str) -> Option<&'a Block> {
        match self.element(Kind::Block, id)? {
            ElementRef::Block(block) => Some(block),
            _ => None,
        }
    }

    pub fn rack(&self, id: &str) -> Option<&'a Rack> {
        self.catalog.racks.get(id)
    }

    /// Short name of a rack type, or its id where the catalogue has none.
    pub fn rack_short(&self, id: &'a str) -> &'a str {
        self.rack(id).map_or(id, |r| r.short.as_str())
    }

    pub fn generation(&self, rack: &str) -> Generation {
        self.rack(rack).map_or(Generation::Other, |r| r.generation)
    }

    /// The generation that a block is coloured by: its own, or the plan's choice.
    pub fn block_generation(&self, block: &Block) -> Generation {
        let rack = block
            .rack
            .as_deref()
            .or_else(|| self.block_result(&block.id).map(|r| r.rack.as_str()))
            .or_else(|| block.planned.as_ref().and_then(|p| p.racks.first()).map(String::as_str));
        rack.map_or(Generation::Other, |id| self.generation(id))
    }

    /// The first operating point of a block.
    pub fn block_result(&self, id: &str) -> Option<&'a BlockResult> {
        self.block_results(id).next()
    }

    /// A block's operating points; a plan may run its racks at several.
    pub fn block_results<'b>(
        &self,
        id: &'b str,
    ) -> impl Iterator<Item = &'a BlockResult> + use<'a, 'b> {
        let blocks = self.outcome.map_or(&[][..], |o| o.plan.blocks.as_slice());
        blocks.iter().filter(move |b| b.id == id)
    }

    /// Rank of each tier by its price, in the order of the site; 0 is the cheapest.
    pub fn tier_ranks(&self) -> Vec<usize> {
        ranks_of_tiers(&self.site.terms.tiers)
    }

    /// Rank of one tier; the cheapest where the site has no such tier.
    pub fn tier_rank(&self, id: &str) -> usize {
        let index = self.site.terms.tiers.iter().position(|t| t.id == id);
        index.and_then(|i| self.tier_ranks().get(i).copied()).unwrap_or(0)
    }

    /// Limits of the newest answer.
    pub fn limits(&self) -> &'a [LimitResult] {
        self.outcome.map_or(&[], |o| o.plan.limits.as_slice())
    }

    /// The limit whose number stands at a path.
    pub fn limit(&self, path: &str) -> Option<&'a LimitResult> {
        self.limits().iter().find(|l| l.id == path)
    }

    /// Limits of one kind at one element.
    pub fn limit_of(&self, kind: &str, element: &str) -> Option<&'a LimitResult> {
        self.limits().iter().find(|l| l.kind == kind && l.element == element)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn element_paths_round_trip() {
        for kind in Kind::ALL {
            let id = if kind.is_single() { "" } else { "a-1" };
            let element = Element::new(kind, id);
            assert_eq!(Element::of_path(&element.path()), Some(element));
        }
    }

    #[test]
    fn paths_into_an_element_name_the_element() {
        let path = "tiers.premium.demand.2.price_usd_per_mtok";
        assert_eq!(Element::of_path(path), Some(Element::new(Kind::Tier, "premium")));
        assert_eq!(Element::of_path("site.grid_contract_mw").map(|e| e.kind), Some(Kind::Site));
        assert_eq!(Element::of_path("racks.vr-nvl72.price_usd"), None);
        assert_eq!(Element::of_path("nodes."), None);
        assert_eq!(Element::of_path(""), None);
    }
}
