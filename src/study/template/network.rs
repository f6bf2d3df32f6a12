//! Feeds and main substations.

use super::figures::{Figures, made_of};
use super::ground::Ground;
use super::parts::{Bank, Place, Wired, at_size, hundredth, node};
use super::request::{Request, Scheme};
use super::size::Size;
use crate::site::{Feed, FeedStep, Node, NodeKind};

/// Nominal voltages of transmission in North America, ANSI C84.1, kV.
const TRANSMISSION_KV: [f64; 4] = [138.0, 230.0, 345.0, 500.0];

/// What stands above the halls.
pub(super) struct Network {
    pub feeds: Vec<Feed>,
    pub nodes: Vec<Node>,
    /// Ids of the substations of each group, one for each path.
    pub sources: Vec<Vec<String>>,
}

/// Transformers of one substation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Transformers {
    pub bank: Bank,
    pub each_mva: f64,
}

/// From a transformer to the fence of its substation, metres.
const FENCE_M: f64 = 8.0;

impl Transformers {
    /// Length of one transformer with its radiators, metres.
    fn length_m(self) -> f64 {
        if self.each_mva < 60.0 { 12.0 } else { 20.0 }
    }

    /// Width of the substation, metres.
    pub fn width_m(self, figures: &Figures) -> f64 {
        let count = f64::from(self.bank.count);
        count * self.length_m() + (count - 1.0) * figures.transformer_gap_m + 2.0 * FENCE_M
    }

    /// For the halls of a group, all of whose load either path must carry.
    pub fn of(units: u32, figures: &Figures, scheme: Scheme) -> Self {
        let f = figures;
        let it = f.it_mw(units) / (f.busway_frac * f.unit_frac * f.ups_frac * f.cable_frac);
        let mechanical = f.mechanical_of(units) / f.unit_frac;
        let (it, mechanical) = (it / f.main_frac, mechanical / f.main_frac);
        let mva = it / f.power_factor_racks + mechanical / f.power_factor_mechanical;
        let needed = (mva / f.main_most_mva).ceil().max(1.0);
        let step = if mva / needed < 100.0 { 5.0 } else { 25.0 };
        let each_mva = (mva / needed / step).ceil() * step;
        let power_factor = (it + mechanical) / mva;
        let bank = Bank::of_path(it + mechanical, each_mva * power_factor, scheme);
        Self { bank, each_mva }
    }
}

pub(super) fn build(ground: &Ground, size: &Size, figures: &Figures, request: &Request) -> Network {
    let feeds = feeds(ground, size, figures, request);
    let mut nodes = Vec::new();
    let mut sources = vec![Vec::new(); size.groups];
    for place in &ground.substations {
        // Each path of a pair has a feed of its own; elsewhere all share all of them.
        let from: Vec<&str> = match request.scheme {
            Scheme::TwoN => feeds.iter().skip(place.path).take(1).map(|f| f.id.as_str()).collect(),
            _ => feeds.iter().map(|f| f.id.as_str()).collect(),
        };
        let letter = char::from(b'a' + (sources.iter().flatten().count() as u8));
        let made = substation(letter, &from, (place.place, place.transformers), figures);
        sources[place.group].extend(made.last().map(|n| n.id.clone()));
        nodes.extend(made);
    }
    Network { feeds, nodes, sources }
}

/// A main substation: its transformers, then its bus.
fn substation(
    letter: char,
    feeds: &[&str],
    (place, transformers): (Place, Transformers),
    figures: &Figures,
) -> Vec<Node> {
    let capital = letter.to_ascii_uppercase();
    let Transformers { bank, each_mva } = transformers;
    let count = f64::from(bank.count);
    let [x, y, _, h] = place;
    let wide = transformers.length_m();
    let each = bank.capacity_mw / count;
    let mut nodes: Vec<Node> = (1..=bank.count)
        .map(|i| {
            let left = x + FENCE_M + (wide + figures.transformer_gap_m) * f64::from(i - 1);
            let name = format!("T-{capital}{i}, {each_mva:.0} MVA");
            let place = [left, y + h * 0.2, wide, h * 0.6];
            node(&format!("t-{letter}{i}"), name, NodeKind::MainTransformer, each, place)
                .from(feeds)
                .made_of(made_of::MAIN)
                .at_kv(figures.medium_kv)
        })
        .collect();
    let ids: Vec<&str> = nodes.iter().map(|t| t.id.as_str()).collect();
    let name = format!("Substation {capital}");
    let bus = node(&format!("sub-{letter}"), name, NodeKind::Substation, bank.capacity_mw, place)
        .from(&ids)
        .made_of(made_of::GEAR)
        .at_kv(figures.medium_kv);
    nodes.push(bus);
    nodes
}

/// Circuits at the lowest transmission voltage at which one of them carries the contract; they
/// grow with the phases.
fn feeds(ground: &Ground, size: &Size, figures: &Figures, request: &Request) -> Vec<Feed> {
    let contract = request.grid_contract_mw;
    let thermal = |kv: f64| 3.0_f64.sqrt() * kv * figures.line_a / 1e3 * figures.power_factor_racks;
    let highest = TRANSMISSION_KV[TRANSMISSION_KV.len() - 1];
    let kv = TRANSMISSION_KV.into_iter().find(|kv| thermal(*kv) >= contract).unwrap_or(highest);
    // Two feeds share the load, and either carries all of it: half of each is firm.
    let many = ground.feeds.len() as f64;
    let capacity = thermal(kv).max(contract).floor();
    let firm = if ground.feeds.len() > 1 { capacity / 2.0 } else { 0.0 };
    ground
        .feeds
        .iter()
        .zip(1..)
        .map(|(place, number)| {
            let (at, box_size) = at_size(*place);
            Feed {
                id: format!("feed-{number}"),
                name: format!("Feed {number}, {kv:.0} kV"),
                voltage_kv: Some(kv),
                capacity_mw: Some(capacity),
                firm_mw: Some(firm),
                steps: steps(size, figures, contract / many),
                minimum_bill_usd_per_year: None,
                fault_mva: None,
                at,
                size: box_size,
            }
        })
        .collect()
}

/// With each phase the share of the contract that its halls need, the whole with the last.
fn steps(size: &Size, figures: &Figures, whole_mw: f64) -> Vec<FeedStep> {
    let total = f64::from(size.units);
    let halls = size.hall_units.len();
    let mut live = 0.0;
    let mut steps = Vec::new();
    for (hall, units) in size.hall_units.iter().enumerate() {
        live += f64::from(*units);
        let last = hall + 1 == halls;
        if last || (hall + 1) % super::HALLS_PER_PHASE == 0 {
            steps.push(FeedStep {
                from_month: super::phase_month(hall, figures),
                firm_mw: hundredth(whole_mw * live / total),
                conditional_mw: 0.0,
                curtailable_h_per_year: 0.0,
                notice_h: 0.0,
            });
        }
    }
    steps
}
