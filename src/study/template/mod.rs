//! A complete campus from a few answers: feeds, substations, halls with scalable units,
//! cooling, ground, phases, hours and tiers.
//!
//! Pure: the same answers and catalogue give the same layout. Every rating, rule of thumb and
//! price comes from the catalogue; what stands here is geometry and arithmetic. It must not
//! know files, clocks or screens.

mod assumptions;
mod figures;
mod ground;
mod hall;
mod network;
mod parts;
mod request;
mod size;
mod terms;

pub use assumptions::{Assumption, assumptions};
pub use hall::HallParts;
pub use parts::{Place, Wired, area, at_size, hundredth, node};
pub use request::{Fit, Holding, LEAST_MW, MOST_MW, Refusal, Request, Scheme, racks};
pub use size::Size;
pub use terms::{Offer, offers, typical_hours};

use crate::catalog::Catalog;
use crate::site::{FinanceInputs, LAYOUT_VERSION, LayoutFile, Phase, SiteInfo};
use figures::Figures;
use ground::Ground;
use hall::HallPlan;

/// A campus with what it was sized by.
#[derive(Clone, Debug, PartialEq)]
pub struct Campus {
    pub layout: LayoutFile,
    pub size: Size,
}

/// Lays out the campus that a request asks for.
///
/// As many whole scalable units stand as the grid contract can feed in the worst hour with
/// every rack at its first power cap ([`Fit`] says on which side of the contract they end);
/// they are spread evenly over halls. Every bank of transformers, feeders, UPS and coolers is
/// sized for that load. What nodes keep after an outage is computed from the network; of a single
/// path (N) it is stated to be nothing. The layout passes validation without findings.
///
/// # Errors
/// An answer outside its range, or a rack type or catalogue that lacks a figure.
pub fn campus(request: &Request, catalog: &Catalog) -> Result<Campus, Refusal> {
    let contract = request.grid_contract_mw;
    if !(LEAST_MW..=MOST_MW).contains(&contract) {
        return Err(Refusal::Contract(contract));
    }
    let hours = terms::hours(request, catalog)?;
    let figures = Figures::new(request, catalog, &hours)?;
    let tiers = terms::sold(request, catalog)?;
    let size = Size::new(request, &figures)?;
    let ground = Ground::new(&size, &figures, request);
    let network = network::build(&ground, &size, &figures, request);
    let mut parts = HallParts::default();
    for (number, place) in (1..).zip(&ground.halls) {
        let plan = HallPlan {
            number,
            units: size.hall_units[place.index],
            sources: &network.sources[place.group],
            phase: phase_id(place.index),
            at: place.at,
            mirrored: place.mirrored,
            size: &size,
            figures: &figures,
            request,
        };
        parts.extend(plan.build());
    }
    let mut nodes = network.nodes;
    nodes.extend(parts.nodes);
    if request.scheme == Scheme::N {
        nodes.iter_mut().for_each(|n| n.firm_mw = Some(0.0));
    }
    let layout = LayoutFile {
        version: LAYOUT_VERSION,
        site: terms::site(request, catalog, (&ground.parcel, &size))?,
        policy: tiers.policy,
        hours,
        tiers: tiers.tiers,
        phases: phases(&size, &figures),
        supply: Vec::new(),
        finance: FinanceInputs::default(),
        feeds: network.feeds,
        nodes,
        loops: parts.loops,
        generators: ground.generators(request, &figures, &network.sources),
        batteries: ground.batteries(request, &figures, &network.sources),
        areas: ground.areas,
        constraints: Vec::new(),
        underlays: Vec::new(),
        halls: parts.halls,
        rows: parts.rows,
        network_racks: parts.network,
        blocks: parts.blocks,
        groups: Vec::new(),
        locked: Vec::new(),
        overrides: terms::overrides(request, catalog)?,
        base: None,
        variants: Vec::new(),
        tour: Vec::new(),
        scenarios: Vec::new(),
    };
    Ok(Campus { layout, size })
}

/// The parcel and the terms of a campus, on which nothing stands yet: a site to be laid out by
/// hand.
///
/// # Errors
/// As [`campus`].
pub fn empty_parcel(request: &Request, catalog: &Catalog) -> Result<LayoutFile, Refusal> {
    let layout = campus(request, catalog)?.layout;
    let site = SiteInfo { notes: String::new(), ..layout.site };
    Ok(LayoutFile {
        site,
        phases: Vec::new(),
        feeds: Vec::new(),
        nodes: Vec::new(),
        loops: Vec::new(),
        generators: Vec::new(),
        batteries: Vec::new(),
        areas: Vec::new(),
        halls: Vec::new(),
        rows: Vec::new(),
        network_racks: Vec::new(),
        blocks: Vec::new(),
        overrides: Vec::new(),
        ..layout
    })
}

/// Two neighbouring halls go live together.
const HALLS_PER_PHASE: usize = 2;

fn phase_id(hall: usize) -> String {
    format!("p{}", hall / HALLS_PER_PHASE + 1)
}

/// Month in which the phase of a hall is energised.
fn phase_month(hall: usize, figures: &Figures) -> u32 {
    let months =
        figures.first_phase_months + figures.phase_months * (hall / HALLS_PER_PHASE) as f64;
    months.round() as u32
}

fn phases(size: &Size, figures: &Figures) -> Vec<Phase> {
    let halls = size.hall_units.len();
    (0..halls)
        .step_by(HALLS_PER_PHASE)
        .map(|first| {
            let number = first / HALLS_PER_PHASE + 1;
            let last = (first + HALLS_PER_PHASE).min(halls);
            let name = match last - first {
                1 => format!("Phase {number}, hall {last}"),
                _ => format!("Phase {number}, halls {} and {last}", first + 1),
            };
            Phase { id: phase_id(first), name, month: phase_month(first, figures) }
        })
        .collect()
}
