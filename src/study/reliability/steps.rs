//! Steps of redundancy, each taken away or added in turn: what it costs a year beside the margin
//! that it saves.

use super::rates::Rates;
use super::{MarginPerMwh, risks};
use crate::catalog::{Catalog, Fact};
use crate::power::electrical::Draw;
use crate::site::{Feed, Node, NodeKind, Site};
use crate::study::input::recovery_frac;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is added or was there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Open switches between two sources.
    Tie,
    /// A grid feed beside another.
    Feed,
    /// A main transformer beside others.
    Transformer,
    /// One more of them.
    OneMore,
    /// A spare transformer on the site.
    Spare,
}

/// A step of redundancy.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub kind: StepKind,
    /// In words.
    pub what: String,
    /// Whether the site has it; else it would be added.
    pub standing: bool,
    /// Price; absent is unknown.
    pub price_usd: Option<f64>,
    /// Recovery of the price over the life of the site.
    pub cost_usd_per_year: Option<f64>,
    /// Lost margin that the step saves; absent where without it the network does not carry the
    /// plan at all.
    pub saves_usd_per_year: Option<f64>,
}

impl Step {
    /// What it saves less what it costs.
    pub fn net_usd_per_year(&self) -> Option<f64> {
        Some(self.saves_usd_per_year? - self.cost_usd_per_year?)
    }
}

/// What every step starts from.
pub(super) struct Base<'a> {
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    pub draws: &'a [Draw],
    pub rates: &'a Rates<'a>,
    pub margin: MarginPerMwh,
}

impl Base<'_> {
    /// Lost margin a year of another site under the same loads; `None` where it cannot carry
    /// them.
    fn lost_usd_per_year(&self, site: &Site) -> Option<f64> {
        let given = (self.draws, self.rates, self.margin);
        let found = risks(site, self.catalog, given).ok()?;
        let sum = found.elements.iter().map(|e| e.lost_margin_usd_per_year).sum();
        found.stands.then_some(sum)
    }

    /// Yearly recovery of a price.
    fn annual(&self, price: Option<f64>, unknown: &mut Vec<String>) -> Option<f64> {
        let f = &self.site.terms.finance;
        let mut cost = |own: Option<f64>, id: &str| {
            let listed = self.catalog.costs.get(id).and_then(|c| c.value.get());
            let found = own.or(listed);
            if found.is_none() {
                unknown.push(format!("costs.{id}.value"));
            }
            found
        };
        let rate = cost(f.discount_frac, "discount-frac")?;
        let life = cost(f.site_life_years, "site-life-years")?;
        price.map(|usd| usd * recovery_frac(rate, life))
    }

    fn transformer_usd(&self, node: &Node, unknown: &mut Vec<String>) -> Option<f64> {
        let id = node.equipment.as_deref()?;
        let equipment = self.catalog.equipment.get(id)?;
        let per_mva = equipment.usd_per_mva.as_ref().and_then(Fact::get);
        let factor = self.catalog.costs.get("power-factor").and_then(|c| c.value.get());
        if per_mva.is_none() {
            unknown.push(format!("equipment.{id}.usd_per_mva"));
        }
        Some(per_mva? * node.capacity_mw? / factor?)
    }
}

/// All steps, those that are worth most first.
pub(super) fn all(base: &Base<'_>, lost_now: f64, unknown: &mut Vec<String>) -> Vec<Step> {
    let mut steps = ties(base, lost_now, unknown);
    steps.extend(feeds(base, lost_now, unknown));
    steps.extend(transformers(base, lost_now, unknown));
    unknown.sort();
    unknown.dedup();
    let worth = |s: &Step| s.saves_usd_per_year.unwrap_or(f64::INFINITY);
    steps.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
    steps
}

fn name(site: &Site, id: &str) -> String {
    let feed = site.campus.feeds.iter().find(|f| f.id == id).map(|f| &f.name);
    let node = site.campus.nodes.iter().find(|n| n.id == id).map(|n| &n.name);
    feed.or(node).map_or_else(|| id.to_owned(), Clone::clone)
}

/// Open switches, all between the same two sources as one step.
fn ties(base: &Base<'_>, lost_now: f64, unknown: &mut Vec<String>) -> Vec<Step> {
    let mut pairs: BTreeMap<BTreeSet<&str>, usize> = BTreeMap::new();
    for node in &base.site.campus.nodes {
        for (from, to) in node.from.iter().flat_map(|f| node.alternate.iter().map(move |a| (f, a)))
        {
            *pairs.entry(BTreeSet::from([from.as_str(), to.as_str()])).or_default() += 1;
        }
    }
    let each = base.catalog.costs.get("tie-switch-usd").and_then(|c| c.value.get());
    if each.is_none() && !pairs.is_empty() {
        unknown.push("costs.tie-switch-usd.value".to_owned());
    }
    let found = pairs.into_iter().map(|(pair, switches)| {
        let mut site = base.site.clone();
        for node in &mut Arc::make_mut(&mut site.campus).nodes {
            if node.from.iter().any(|f| pair.contains(f.as_str())) {
                node.alternate.retain(|a| !pair.contains(a.as_str()));
            }
        }
        let names: Vec<String> = pair.iter().map(|id| name(base.site, id)).collect();
        let price_usd = each.map(|usd| usd * switches as f64);
        let plural = if switches == 1 { "Open switch" } else { "Open switches" };
        Step {
            kind: StepKind::Tie,
            what: format!("{plural} between {}", names.join(" and ")),
            standing: true,
            price_usd,
            cost_usd_per_year: base.annual(price_usd, unknown),
            saves_usd_per_year: base.lost_usd_per_year(&site).map(|without| without - lost_now),
        }
    });
    found.collect()
}

/// Each of several feeds taken away, what it fed on its open switches; of a feed whose load has none,
/// one more behind them.
fn feeds(base: &Base<'_>, lost_now: f64, unknown: &mut Vec<String>) -> Vec<Step> {
    let campus = &base.site.campus;
    let per_mw = base.catalog.costs.get("feed-usd-per-mw").and_then(|c| c.value.get());
    if per_mw.is_none() && !campus.feeds.is_empty() {
        unknown.push("costs.feed-usd-per-mw.value".to_owned());
    }
    let bare = |feed: &Feed| {
        let mut fed = campus.nodes.iter().filter(|n| n.from.contains(&feed.id));
        fed.any(|n| n.from.len() == 1 && n.alternate.is_empty())
    };
    let mut steps = Vec::new();
    for feed in campus.feeds.iter() {
        let price_usd = per_mw.zip(feed.capacity_mw).map(|(usd, mw)| usd * mw);
        let cost_usd_per_year = base.annual(price_usd, unknown);
        let mut step = |kind, what: String, standing, saves_usd_per_year| {
            steps.push(Step {
                kind,
                what,
                standing,
                price_usd,
                cost_usd_per_year,
                saves_usd_per_year,
            });
        };
        if campus.feeds.len() > 1 {
            let without = base.lost_usd_per_year(&without_feed(base.site, &feed.id));
            let what = format!("{}, one of {} feeds", feed.name, campus.feeds.len());
            step(StepKind::Feed, what, true, without.map(|w| w - lost_now));
        }
        if bare(feed) {
            let with = base.lost_usd_per_year(&with_feed(base.site, feed));
            let what = format!("One more feed like {} behind open switches", feed.name);
            step(StepKind::Feed, what, false, with.map(|w| lost_now - w));
        }
    }
    steps
}

/// The site without a feed: what it fed stands on its open switches.
fn without_feed(site: &Site, id: &str) -> Site {
    let mut site = site.clone();
    let campus = Arc::make_mut(&mut site.campus);
    campus.feeds.retain(|f| f.id != id);
    for node in &mut campus.nodes {
        node.from.retain(|f| f != id);
        node.alternate.retain(|f| f != id);
        if node.from.is_empty() {
            node.from = std::mem::take(&mut node.alternate);
        }
    }
    site
}

/// The site with a twin of a feed behind open switches of all that has none.
fn with_feed(site: &Site, like: &Feed) -> Site {
    let mut site = site.clone();
    let campus = Arc::make_mut(&mut site.campus);
    let twin = format!("{}-more", like.id);
    campus.feeds.push(Feed { id: twin.clone(), ..like.clone() });
    let fed = |n: &&mut Node| n.from.contains(&like.id) && n.alternate.is_empty();
    campus.nodes.iter_mut().filter(fed).for_each(|n| n.alternate.push(twin.clone()));
    site
}

/// Of each group of main transformers on one bar: one less, one more, a spare.
fn transformers(base: &Base<'_>, lost_now: f64, unknown: &mut Vec<String>) -> Vec<Step> {
    let nodes = &base.site.campus.nodes;
    let main =
        |id: &String| nodes.iter().find(|n| n.id == *id && n.kind == NodeKind::MainTransformer);
    let mut steps = Vec::new();
    for bar in nodes {
        let group: Vec<&Node> = bar.from.iter().filter_map(main).collect();
        let Some(last) = group.last() else { continue };
        let price_usd = base.transformer_usd(last, unknown);
        let cost_usd_per_year = base.annual(price_usd, unknown);
        let step = |kind, what: String, standing, saves_usd_per_year| Step {
            kind,
            what,
            standing,
            price_usd,
            cost_usd_per_year,
            saves_usd_per_year,
        };
        if group.len() > 1 {
            let mut site = base.site.clone();
            let campus = Arc::make_mut(&mut site.campus);
            campus.nodes.retain(|n| n.id != last.id);
            for node in &mut campus.nodes {
                node.from.retain(|f| *f != last.id);
                node.alternate.retain(|f| *f != last.id);
            }
            let without = base.lost_usd_per_year(&site);
            let what = format!("{}, the last of {} on {}", last.name, group.len(), bar.name);
            steps.push(step(StepKind::Transformer, what, true, without.map(|w| w - lost_now)));
        }
        let mut site = base.site.clone();
        let campus = Arc::make_mut(&mut site.campus);
        let twin = format!("{}-more", last.id);
        campus.nodes.push(Node { id: twin.clone(), ..(*last).clone() });
        for node in campus.nodes.iter_mut().filter(|n| n.id == bar.id) {
            node.from.push(twin.clone());
        }
        let with = base.lost_usd_per_year(&site);
        let what = format!("One more transformer like {} on {}", last.name, bar.name);
        steps.push(step(StepKind::OneMore, what, false, with.map(|w| lost_now - w)));
        let standing = group.iter().any(|n| n.spare_on_site);
        let mut site = base.site.clone();
        let own: BTreeSet<&str> = group.iter().map(|n| n.id.as_str()).collect();
        for node in &mut Arc::make_mut(&mut site.campus).nodes {
            if own.contains(node.id.as_str()) {
                node.spare_on_site = !standing;
            }
        }
        let other = base.lost_usd_per_year(&site);
        let saves = other.map(|o| if standing { o - lost_now } else { lost_now - o });
        let what = format!("A spare transformer on the site for {}", bar.name);
        steps.push(step(StepKind::Spare, what, standing, saves));
    }
    steps
}
