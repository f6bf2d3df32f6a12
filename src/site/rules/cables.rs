//! Cables reach: from racks to the network racks that they home to, and across the racks
//! of one scale-up domain.

use super::Rule;
use super::context::{Context, error, warning};
use super::spacing::metres;
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::site::grid::RackGrid;
use crate::site::{Block, NetworkRack, Site};
use std::collections::HashMap;

pub(super) const RULE: Rule = Rule {
    name: "cables",
    about: "Racks stand within the reach of their network racks, and the racks of a scale-up domain within the reach of its cables.",
    codes: &[
        ("out-of-reach", "no known cable or transceiver reaches from a block to its network rack"),
        (
            "domain-spread",
            "the racks of a scale-up domain stand farther apart than its cables reach",
        ),
    ],
    check,
};

/// A kind of cable or transceiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Medium {
    /// Figure of the catalogue: greatest length, metres.
    pub figure: &'static str,
    pub name: &'static str,
    /// For legends.
    pub short: &'static str,
}

/// From the shortest reach to the longest.
pub const MEDIA: &[Medium] = &[
    Medium { figure: "copper-reach-m", name: "passive copper", short: "copper" },
    Medium { figure: "aec-reach-m", name: "active copper", short: "AEC" },
    Medium { figure: "aoc-reach-m", name: "active optical cable", short: "AOC" },
    Medium { figure: "dr-reach-m", name: "DR transceivers", short: "DR" },
    Medium { figure: "fr-reach-m", name: "FR transceivers", short: "FR" },
];

fn figure(catalog: &Catalog, id: &str) -> Option<f64> {
    catalog.practice.get(id).and_then(|p| p.value.get())
}

/// The shortest medium that reaches a length, with its reach.
pub fn medium_for(catalog: &Catalog, length_m: f64) -> Option<(&'static Medium, f64)> {
    let reaches = |m: &'static Medium| Some((m, figure(catalog, m.figure)?));
    MEDIA.iter().filter_map(reaches).find(|(_, reach)| length_m <= *reach)
}

/// The longest reach that the catalogue knows.
pub(super) fn longest_m(catalog: &Catalog) -> Option<f64> {
    MEDIA.iter().filter_map(|m| figure(catalog, m.figure)).reduce(f64::max)
}

/// Length of a cable over a distance along the walls: with slack, up at one end and down at
/// the other.
fn cable_m(catalog: &Catalog, way_m: f64) -> Option<f64> {
    let slack = figure(catalog, "cable-slack-ratio")?;
    Some(way_m * slack + 2.0 * figure(catalog, "cable-drop-m")?)
}

fn manhattan(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).abs() + (a[1] - b[1]).abs()
}

/// Longest cable from a rack of a block to a network rack, metres.
pub fn reach_m(catalog: &Catalog, block: &Block, rack: &NetworkRack) -> Option<f64> {
    let to = [rack.at[0] + rack.size[0] / 2.0, rack.at[1] + rack.size[1] / 2.0];
    let farthest =
        RackGrid::of(block).ends().map(|p| manhattan(p, to)).into_iter().reduce(f64::max);
    cable_m(catalog, farthest?)
}

/// Places of a block up to which its domains are measured; a block of more is a typing error.
const MOST_PLACES: u32 = 100_000;

/// A scale-up domain of several racks in a block.
pub(super) struct Domain {
    /// Racks of one domain.
    pub racks: u32,
    /// Longest cable between two racks of any domain; `None` where the block holds less than
    /// one, so that a part stands elsewhere.
    pub cable_m: Option<f64>,
}

/// The widest domain of the rack types of a block; `None` where every domain is one rack,
/// or a figure is unknown.
pub(super) fn domain(catalog: &Catalog, block: &Block) -> Option<Domain> {
    let planned = block.planned.iter().flat_map(|p| &p.racks);
    let racks = block
        .rack
        .iter()
        .chain(planned)
        .filter_map(|id| {
            let rack = catalog.racks.get(id)?;
            let (domain, own) = (rack.scale_up_gpus.get()?, rack.gpus.get()?);
            // A share of a rack would be a domain inside it.
            (own > 0.0 && domain > own).then(|| (domain / own).ceil() as u32)
        })
        .max()?;
    let grid = RackGrid::of(block);
    if grid.places < racks {
        return Some(Domain { racks, cable_m: None });
    }
    let places = grid.places.min(MOST_PLACES);
    // The greatest distance along walls is the greatest range of x + y or of x - y.
    let spread = |first: u32| {
        let mut sums = [f64::INFINITY, f64::NEG_INFINITY];
        let mut differences = sums;
        for place in first..first.saturating_add(racks).min(places) {
            let [x, y] = grid.middle(place);
            for (range, value) in [(&mut sums, x + y), (&mut differences, x - y)] {
                *range = [range[0].min(value), range[1].max(value)];
            }
        }
        (sums[1] - sums[0]).max(differences[1] - differences[0])
    };
    let widest = (0..places).step_by(racks as usize).map(spread).fold(0.0, f64::max);
    Some(Domain { racks, cable_m: cable_m(catalog, widest) })
}

/// Greatest cable between the racks of a domain, metres.
pub(super) fn domain_limit_m(catalog: &Catalog) -> Option<f64> {
    figure(catalog, "domain-reach-m")
}

/// The network racks of a site by id.
pub(super) fn network_racks(site: &Site) -> HashMap<&str, &NetworkRack> {
    let racks = site.halls.iter().flat_map(|g| &g.network_racks);
    racks.map(|r| (r.id.as_str(), r)).collect()
}

fn check(context: &Context, report: &mut Report) {
    if !context.built() {
        return;
    }
    let racks = network_racks(context.site);
    let catalog = context.catalog;
    for block in context.site.blocks() {
        for (i, id) in block.network.iter().enumerate() {
            let Some(rack) = racks.get(id.as_str()) else { continue };
            let (Some(length), Some(longest)) = (reach_m(catalog, block, rack), longest_m(catalog))
            else {
                continue;
            };
            if length > longest {
                let message = format!(
                    "Cables from `{}` to network rack `{id}` take {}; the longest medium reaches {}",
                    block.id,
                    metres(length),
                    metres(longest)
                );
                let hint = "Home the block to a nearer network rack, or move one of them";
                let path = format!("blocks.{}.network.{i}", block.id);
                error(report, "out-of-reach", path, message, hint);
            }
        }
        let Some(Domain { racks, cable_m: Some(length) }) = domain(catalog, block) else {
            continue;
        };
        if let Some(limit) = domain_limit_m(catalog)
            && length > limit
        {
            let message = format!(
                "A scale-up domain of {racks} racks in `{}` needs cables of {}; they reach {}",
                block.id,
                metres(length),
                metres(limit)
            );
            let hint = "Put the racks of a domain into several lines, or nearer to each other";
            warning(report, "domain-spread", format!("blocks.{}.size", block.id), message, hint);
        }
    }
}
