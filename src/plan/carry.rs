//! What one solved model says of another that has more rows, whose blocks are merged otherwise, or
//! whose points differ.

use super::build::Built;
use super::columns::Columns;
use super::input::PlanInput;
use super::posted::Root;
use super::reduce::units;
use super::simplex::{Known, Rows, Start};

/// A solved model: what its columns are and where they ended.
pub struct Ended {
    cols: Columns,
    /// Units of each block.
    units: Vec<f64>,
    /// Block that stands for each block of the full input.
    group: Vec<usize>,
    steps: Vec<usize>,
    /// Start of each row of the model in the list of its columns.
    row_start: Vec<i32>,
    index: Vec<i32>,
    /// The basis, with the rows that it has.
    start: Start,
    rows: Vec<usize>,
    x: Vec<f64>,
}

impl Ended {
    pub fn new(
        (input, group): (&PlanInput, &[usize]),
        built: &Built,
        (root, rows): (&Root, &Rows),
    ) -> Self {
        Self {
            cols: built.cols.clone(),
            units: input.blocks.iter().map(units).collect(),
            group: group.to_vec(),
            steps: built.steps.clone(),
            row_start: built.model.row_start.clone(),
            index: built.model.index.clone(),
            start: root.start.clone(),
            rows: rows.own()[..root.start.rows()].to_vec(),
            x: root.x.clone(),
        }
    }

    /// The same basis for a model of the same columns and at least these rows; others have room
    /// in it, and start inside their bounds.
    pub fn extended(&self, group: &[usize], built: &Built) -> Option<Start> {
        let same = self.cols == built.cols && self.group == group && self.steps == built.steps;
        same.then_some(())?;
        let model = &built.model;
        let mut rows = Vec::with_capacity(self.row_start.len());
        let mut own = self.row_start.windows(2).map(|w| &self.index[w[0] as usize..w[1] as usize]);
        let mut next = own.next();
        for (row, w) in model.row_start.windows(2).enumerate() {
            if next == Some(&model.index[w[0] as usize..w[1] as usize]) {
                rows.push(row);
                next = own.next();
            }
        }
        next.is_none().then_some(())?;
        let rows: Vec<usize> = self.rows.iter().map(|row| rows[*row]).collect();
        Some(self.start.among(&rows, (model.columns(), model.rows())))
    }

    /// What is known of each column of another model of the same site; nothing where too little
    /// of it is the same.
    pub fn known(
        &self,
        (input, group): (&PlanInput, &[usize]),
        built: &Built,
    ) -> Option<Vec<Known>> {
        let (old, new) = (&self.cols, &built.cols);
        let same = old.hours == new.hours
            && old.slots.len() == new.slots.len()
            && self.steps == built.steps
            && self.group.len() == group.len();
        same.then_some(())?;
        let mut known = vec![Known::default(); new.count];
        for (b, points) in new.block_points.iter().enumerate() {
            let member = group.iter().position(|g| *g == b)?;
            let was = self.group[member];
            let share = units(&input.blocks[b]) / self.units[was];
            let share = if share.is_finite() { share } else { 0.0 };
            for (k, p) in points.iter().enumerate() {
                let Some(from) = old.block_points[was].iter().position(|old| old == p) else {
                    continue;
                };
                for h in 0..new.hours {
                    for (to, from) in new.x(h, b, k).zip(old.x(h, was, from)) {
                        known[to] = self.of(from, share);
                    }
                }
            }
            for r in 0..input.blocks[b].racks.len() {
                if let (Some(to), Some(from)) = (new.bought(b, r), old.bought(was, r)) {
                    known[to] = self.of(from, share);
                }
            }
        }
        for h in 0..new.hours {
            for (p, slots) in new.slots.iter().enumerate() {
                for (s, slot) in slots.iter().enumerate() {
                    if let Some(from) = old.slots[p].iter().position(|old| old == slot) {
                        known[new.y(h, p, s)] = self.of(old.y(h, p, from), 1.0);
                    }
                }
                for (u, tier) in new.unsold[p].iter().enumerate() {
                    if let Some(from) = old.unsold[p].iter().position(|old| old == tier) {
                        known[new.unsold(h, p, u)] = self.of(old.unsold(h, p, from), 1.0);
                    }
                }
            }
        }
        self.of_tiers(built, &mut known);
        Some(known)
    }

    /// Columns that belong to no block and point.
    fn of_tiers(&self, built: &Built, known: &mut [Known]) {
        let (old, new) = (&self.cols, &built.cols);
        let mut pairs = vec![(new.peak, old.peak)];
        for (t, steps) in built.steps.iter().enumerate() {
            pairs.extend((0..*steps).map(|s| (new.posted(t, s), old.posted(t, s))));
            for h in 0..new.hours {
                pairs.push((new.shortfall(t, h), old.shortfall(t, h)));
                pairs.push((new.idle_share(t, h), old.idle_share(t, h)));
            }
            if old.deferrals[t] == new.deferrals[t] {
                let all =
                    (0..*steps).flat_map(|s| (0..new.deferrals[t].len()).map(move |k| (s, k)));
                pairs.extend(all.map(|(s, k)| (new.deferred(t, s, k), old.deferred(t, s, k))));
            }
        }
        for (to, from) in pairs {
            if let (Some(to), Some(from)) = (to, from) {
                known[to] = self.of(from, 1.0);
            }
        }
    }

    fn of(&self, column: usize, share: f64) -> Known {
        self.start.known(column, self.x[column] * share)
    }
}
