//! What stands in a layout, counted once for many values of it.

use super::NoFinance;
use super::phases::{self, Stage};
use super::sheet::Sheet;
use super::takeoff::Item;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::site::Site;

/// Racks, and the priced rows of everything else; holds while neither elements nor equipment
/// change.
#[derive(Clone, Debug)]
pub struct Inventory {
    pub(super) racks: Racks,
    /// Ids of the stages that the rows are of.
    stages: Vec<String>,
    rows: Vec<Item>,
}

impl Inventory {
    /// Of a layout with the stages of a plan.
    ///
    /// # Errors
    /// A term is unknown.
    pub fn of(site: &Site, catalog: &Catalog, plan: &Plan) -> Result<Self, NoFinance> {
        let mut sheet = Sheet::new(site, catalog);
        let terms = sheet.terms()?;
        let stages = phases::stages(site, plan, &terms);
        let mut rows = sheet.quantities(&stages);
        // A quantity without a price moves no money.
        rows.retain(|item| item.class.is_some());
        let stages = stages.into_iter().map(|s| s.id).collect();
        Ok(Self { racks: Racks::of(site), stages, rows })
    }

    /// The rows, where they are of these stages.
    pub(super) fn priced(&self, stages: &[Stage]) -> Option<Vec<Item>> {
        let same = stages.iter().map(|s| &s.id).eq(&self.stages);
        same.then(|| self.rows.clone())
    }
}

/// Blocks by what of them is known without a plan, in the order of the layout.
#[derive(Clone, Debug)]
pub(super) struct Racks {
    blocks: Vec<Holding>,
}

#[derive(Clone, Debug)]
enum Holding {
    /// Phase, type and how many of all blocks of that phase and type.
    Counted(Option<String>, String, f64),
    /// Id and phase.
    Planned(String, Option<String>),
    /// Id, phase and type.
    Pool(String, Option<String>, String),
}

impl Racks {
    pub fn of(site: &Site) -> Self {
        let mut found = Self { blocks: Vec::new() };
        for block in site.blocks() {
            let phase = &block.phase;
            if block.planned.is_some() {
                found.blocks.push(Holding::Planned(block.id.clone(), phase.clone()));
            } else if let Some(rack) = &block.rack {
                let Some(count) = block.count else {
                    let (id, rack) = (block.id.clone(), rack.clone());
                    found.blocks.push(Holding::Pool(id, phase.clone(), rack));
                    continue;
                };
                let same = found.blocks.iter_mut().find_map(|held| match held {
                    Holding::Counted(p, r, n) if p == phase && r == rack => Some(n),
                    _ => None,
                });
                match same {
                    Some(sum) => *sum += f64::from(count),
                    None => found.blocks.push(Holding::Counted(
                        phase.clone(),
                        rack.clone(),
                        f64::from(count),
                    )),
                }
            }
        }
        found
    }

    /// Racks on the site: phase of the block, type, and how many; none where that is unknown.
    pub fn held(&self, plan: &Plan) -> Vec<(Option<String>, String, Option<f64>)> {
        let mut held = Vec::new();
        for block in &self.blocks {
            match block {
                Holding::Counted(phase, rack, n) => {
                    held.push((phase.clone(), rack.clone(), Some(*n)));
                }
                Holding::Planned(id, phase) => {
                    let own = plan.bought.iter().filter(|b| b.block == *id);
                    held.extend(own.map(|b| (phase.clone(), b.rack.clone(), Some(b.racks))));
                }
                Holding::Pool(id, phase, rack) => {
                    let racks = plan.pool(id).and_then(|pool| pool.racks);
                    held.push((phase.clone(), rack.clone(), racks));
                }
            }
        }
        held
    }
}
