//! Inks of all racks under one overlay and one answer, kept until either changes.
//! It must not know the zoom.

use super::build::{HallPart, PlanScene};
use super::facts::PlanFacts;
use super::overlay::Overlay;
use super::racks::Runs;
use crate::scene::shape::Ink;
use crate::site::HallGroup;
use std::collections::HashMap;
use std::sync::Arc;

/// Inks of the racks of one hall.
#[derive(Clone, Debug)]
pub struct HallFills {
    source: Arc<HallGroup>,
    runs: Vec<(Ink, u32)>,
    /// Where the runs of each block end.
    ends: Vec<usize>,
    /// Ink of most racks of each row; none for a row without racks.
    pub rows: Vec<Option<Ink>>,
}

impl HallFills {
    /// Inks of a block in order of its racks; blocks are counted as the hall's.
    pub fn runs(&self, block: usize) -> &Runs {
        let end = |at: usize| self.ends.get(at).copied().unwrap_or(0);
        let from = block.checked_sub(1).map_or(0, end);
        self.runs.get(from..end(block)).unwrap_or_default()
    }

    fn of(hall: &HallPart, facts: &PlanFacts, overlay: Overlay) -> Self {
        let mut runs = Vec::with_capacity(hall.blocks.len());
        let mut ends = Vec::with_capacity(hall.blocks.len());
        let row_at: HashMap<&str, usize> =
            hall.rows.iter().enumerate().rev().map(|(i, r)| (r.id.as_str(), i)).collect();
        let mut sums: Vec<Vec<(Ink, u32)>> = vec![Vec::new(); hall.rows.len()];
        for block in &hall.blocks {
            let own = facts.inks(block, overlay);
            let row = block.row.as_deref().and_then(|r| row_at.get(r));
            if let Some(sums) = row.and_then(|at| sums.get_mut(*at)) {
                for (ink, n) in &own {
                    match sums.iter_mut().find(|s| s.0 == *ink) {
                        Some(s) => s.1 += n,
                        None => sums.push((*ink, *n)),
                    }
                }
            }
            runs.extend(own);
            ends.push(runs.len());
        }
        let rows = sums.into_iter().map(|s| s.into_iter().max_by_key(|s| s.1).map(|s| s.0));
        Self { source: hall.source(), runs, ends, rows: rows.collect() }
    }
}

/// Inks of the racks of every hall of a scene, in its order.
#[derive(Clone, Debug, Default)]
pub struct RackFills {
    halls: Vec<Arc<HallFills>>,
    /// Answer and overlay that the inks are of.
    of: Option<(u64, Overlay)>,
}

impl RackFills {
    /// Of a scene, once.
    pub fn new(scene: &PlanScene, facts: &PlanFacts, overlay: Overlay) -> Self {
        let mut fills = Self::default();
        fills.update(scene, (facts, 0), overlay);
        fills
    }

    /// Brings the inks up to the scene and the answer, which goes by a number; what both left
    /// alone is kept.
    pub fn update(&mut self, scene: &PlanScene, facts: (&PlanFacts, u64), overlay: Overlay) {
        let (facts, answer) = facts;
        let now = Some((answer, overlay));
        let same = |(hall, fills): (&HallPart, &Arc<HallFills>)| hall.is_of(&fills.source);
        let known = self.of == now && self.halls.len() == scene.halls.len();
        if known && scene.halls.iter().zip(&self.halls).all(same) {
            return;
        }
        let mut old = std::mem::take(&mut self.halls);
        if self.of != now {
            old.clear();
        }
        self.of = now;
        self.halls = scene
            .halls
            .iter()
            .enumerate()
            .map(|(at, hall)| {
                let same = |f: &&Arc<HallFills>| hall.is_of(&f.source);
                let kept = old.get(at).filter(same).or_else(|| old.iter().find(same));
                kept.map_or_else(|| Arc::new(HallFills::of(hall, facts, overlay)), Arc::clone)
            })
            .collect();
    }

    /// Inks of a hall, counted as the scene's.
    pub fn hall(&self, at: usize) -> Option<&Arc<HallFills>> {
        self.halls.get(at)
    }
}
