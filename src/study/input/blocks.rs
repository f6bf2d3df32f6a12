//! Blocks of the input: how many units, and what each MW of them asks of the network.

use super::Maker;
use super::racks::option;
use crate::catalog::Catalog;
use crate::plan::input::{BlockIn, Holding};
use crate::site::{Block, Site};

impl Maker<'_> {
    pub(super) fn blocks(&mut self) {
        let network = match self.reference() {
            Some(_) => None,
            None => self.tree().ok(),
        };
        for block in self.site.blocks() {
            let Some(holding) = holding(block) else { continue };
            let planned = block.planned.iter().flat_map(|p| p.racks.iter());
            let ids: Vec<&String> = block.rack.iter().chain(planned).collect();
            let pool = block.mw.is_some();
            let racks: Vec<usize> = ids.iter().filter_map(|id| self.rack_index(id, pool)).collect();
            if racks.is_empty() {
                continue;
            }
            let path = block.node.as_ref().and_then(|n| network.as_ref()?.path(n));
            let (grid_per_it, node_per_it) = match (self.reference(), path) {
                (Some((pue, path_efficiency)), _) => (pue / path_efficiency, Vec::new()),
                (None, path) => {
                    let path = path.unwrap_or_default();
                    let k = coincidence(self.site, self.catalog);
                    let nodes = path.carriers.into_iter().map(|(n, mw)| (n, mw * k)).collect();
                    (path.grid_per_mw * k, nodes)
                }
            };
            let hall = |id: &String| self.input.halls.iter().position(|h| h.id == *id);
            let cooling = |id: &String| self.input.loops.iter().position(|l| l.id == *id);
            let built = self.reference().is_none();
            self.input.blocks.push(BlockIn {
                id: block.id.clone(),
                name: block.name.clone(),
                racks,
                holding,
                hall: block.hall.as_ref().filter(|_| built).and_then(hall),
                cooling: block.cooling_loop.as_ref().filter(|_| built).and_then(cooling),
                grid_per_it,
                node_per_it,
            });
        }
    }

    /// Index of a rack type in the input; pools stand apart.
    pub(super) fn rack_index(&self, id: &str, pool: bool) -> Option<usize> {
        // Only a pool has no positions: a rack takes at least its own.
        self.input.racks.iter().position(|r| r.id == id && (r.positions == 0.0) == pool)
    }
}

/// What nodes above the racks see at once of a MW at the racks, with the gain of the electrical
/// path through the site's options.
pub fn coincidence(site: &Site, catalog: &Catalog) -> f64 {
    let gain = |o: &crate::catalog::SiteOption| o.path_gain_frac.as_ref()?.get();
    let gain = option(site, catalog, "distribution").and_then(gain).unwrap_or(0.0);
    site.terms.site.coincidence_frac / (1.0 + gain)
}

fn holding(block: &Block) -> Option<Holding> {
    if let Some(count) = block.count {
        return Some(Holding::Installed(f64::from(count)));
    }
    if let Some(planned) = &block.planned {
        let (min, max) = (f64::from(planned.min), f64::from(planned.max));
        return Some(Holding::Planned { min, max });
    }
    block.mw.map(|mw| Holding::Pool(mw.value()))
}
