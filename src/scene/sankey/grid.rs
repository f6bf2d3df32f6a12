//! The flow of a plan from the grid over racks and tiers to tokens and dollars.
//! Every figure comes from the answer.

use super::{Flow, FlowColumn, FlowLink, FlowNode};
use crate::catalog::{Catalog, Generation};
use crate::scene::plan::tier_rank_of;
use crate::scene::shape::{Hue, Ink};
use crate::scene::tokens::Token;
use crate::site::Site;
use crate::study::Outcome;

/// Ribbons are this opaque.
const RIBBON_ALPHA: f32 = 0.32;
/// Power that no row of the plan takes is shown from this share of the grid on.
const IDLE_FRAC: f64 = 0.002;

/// Text beside a bar: the figure, then what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowText {
    pub column: usize,
    pub node: usize,
    pub figure: String,
    pub words: String,
}

/// The flow of a plan and its texts; empty where nothing is allocated.
pub fn grid_to_dollars(site: &Site, catalog: &Catalog, outcome: &Outcome) -> (Flow, Vec<FlowText>) {
    let plan = &outcome.plan;
    let ranks = tier_rank_of(site);
    let mut racks: Vec<(String, f64)> = Vec::new();
    let mut tiers: Vec<(String, f64)> = Vec::new();
    for row in &plan.allocation {
        add(&mut racks, &row.rack, row.grid_mw);
        add(&mut tiers, &row.tier, row.grid_mw);
    }
    if racks.is_empty() || plan.grid_mw <= 0.0 {
        return (Flow::default(), Vec::new());
    }
    racks.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let rank = |id: &str| ranks.get(id).copied().unwrap_or(0);
    tiers.sort_by(|a, b| rank(&b.0).cmp(&rank(&a.0)).then(a.0.cmp(&b.0)));

    let mut flow = Flow::default();
    let mut texts = Vec::new();
    let running: f64 = racks.iter().map(|r| r.1).sum();
    let idle = (plan.grid_mw - running).max(0.0);
    let idle = if idle > IDLE_FRAC * plan.grid_mw { idle } else { 0.0 };
    let generation = |id: &str| catalog.racks.get(id).map_or(Generation::Other, |r| r.generation);
    let short = |id: &str| catalog.racks.get(id).map_or(id.to_owned(), |r| r.short.clone());

    let grey = Ink::token(Token::Text3);
    flow.columns.push(column("Grid", vec![node("Grid", running + idle, grey)]));
    let mut bars: Vec<FlowNode> = racks
        .iter()
        .map(|(id, mw)| node(&short(id), *mw, Ink::of(Hue::Rack(generation(id)))))
        .collect();
    if idle > 0.0 {
        bars.push(node("not running", idle, grey));
    }
    flow.columns.push(column("Racks, grid MW", bars));
    let tier_bars = |value: &dyn Fn(&str, f64) -> f64| -> Vec<FlowNode> {
        tiers
            .iter()
            .map(|(id, mw)| {
                node(&tier_name(site, id), value(id, *mw), Ink::of(Hue::Tier(rank(id))))
            })
            .collect()
    };
    let sold = |id: &str| plan.tiers.iter().find(|t| t.id == id);
    flow.columns.push(column("Tiers, grid MW", tier_bars(&|_, mw| mw)));
    let tokens = |id: &str, _| sold(id).map_or(0.0, |t| t.tokens_per_s / 1e6);
    flow.columns.push(column("Output tokens, M/s", tier_bars(&tokens)));
    let dollars = |id: &str, _| sold(id).map_or(0.0, |t| t.revenue_usd_per_year / 1e9);
    flow.columns.push(column("Revenue, $B/yr", tier_bars(&dollars)));

    links(&mut flow, outcome, &racks, &tiers);
    for (c, col) in flow.columns.iter().enumerate().skip(1) {
        for (n, bar) in col.nodes.iter().enumerate() {
            let figure =
                if c == 4 { format!("{:.2}", bar.value) } else { format!("{:.1}", bar.value) };
            let words = if c <= 2 { bar.name.clone() } else { String::new() };
            texts.push(FlowText { column: c, node: n, figure, words });
        }
    }
    (flow, texts)
}

fn links(flow: &mut Flow, outcome: &Outcome, racks: &[(String, f64)], tiers: &[(String, f64)]) {
    let ink = |flow: &Flow, c: usize, n: usize| {
        flow.columns
            .get(c)
            .and_then(|k| k.nodes.get(n))
            .map_or(Ink::token(Token::Text3), |b| b.ink.faded(RIBBON_ALPHA))
    };
    let bars = flow.columns.get(1).map_or(0, |c| c.nodes.len());
    for to in 0..bars {
        let value = flow.columns.get(1).and_then(|c| c.nodes.get(to)).map_or(0.0, |b| b.value);
        let ink = ink(flow, 1, to);
        flow.links.push(FlowLink {
            column: 0,
            from: 0,
            to,
            value_from: value,
            value_to: value,
            ink,
        });
    }
    for (from, (rack, _)) in racks.iter().enumerate() {
        for (to, (tier, _)) in tiers.iter().enumerate() {
            let rows = outcome.plan.allocation.iter();
            let mw: f64 =
                rows.filter(|r| r.rack == *rack && r.tier == *tier).map(|r| r.grid_mw).sum();
            if mw > 0.0 {
                let ink = ink(flow, 2, to);
                flow.links.push(FlowLink {
                    column: 1,
                    from,
                    to,
                    value_from: mw,
                    value_to: mw,
                    ink,
                });
            }
        }
    }
    for column in [2, 3] {
        for n in 0..tiers.len() {
            let value = |c: usize| {
                flow.columns.get(c).and_then(|k| k.nodes.get(n)).map_or(0.0, |b| b.value)
            };
            let (value_from, value_to) = (value(column), value(column + 1));
            let ink = ink(flow, column, n);
            flow.links.push(FlowLink { column, from: n, to: n, value_from, value_to, ink });
        }
    }
}

fn add(sums: &mut Vec<(String, f64)>, id: &str, value: f64) {
    match sums.iter_mut().find(|s| s.0 == id) {
        Some(sum) => sum.1 += value,
        None => sums.push((id.to_owned(), value)),
    }
}

fn node(name: &str, value: f64, ink: Ink) -> FlowNode {
    FlowNode { name: name.to_owned(), value, ink }
}

fn column(title: &str, nodes: Vec<FlowNode>) -> FlowColumn {
    FlowColumn { title: title.to_owned(), nodes }
}

/// Name of a tier of the site; its id where the site has none.
fn tier_name(site: &Site, id: &str) -> String {
    site.terms.tiers.iter().find(|t| t.id == id).map_or(id.to_owned(), |t| t.name.clone())
}
