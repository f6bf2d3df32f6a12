//! The reference backend: all cores and their lanes, f32. It must not know what the rows
//! mean.

use super::kernel::{Mode, score};
use super::row::Row;
use super::space::{BINS, Best, Space, bin_of, place};
use rayon::prelude::*;

/// Least rows of one task, and most tasks: each brings bins of its own.
const ROWS_A_TASK: usize = 8;
const TASKS: usize = 1024;
/// Batches that go through the lanes of a core together.
const LANES: usize = 8;

/// Evaluates every configuration and keeps the best of each group and bin.
pub fn sweep(space: &Space) -> Best {
    let rows = ROWS_A_TASK.max(space.narrow.len().div_ceil(TASKS));
    // Bins of one group stay in the nearest cache; those of all would not.
    let mut tasks = Vec::new();
    let mut first = 0;
    for same in space.tags.chunk_by(|a, b| a.group == b.group) {
        let end = first + same.len();
        tasks.extend((first..end).step_by(rows).map(|at| at..end.min(at + rows)));
        first = end;
    }
    let found: Vec<(usize, Best)> = tasks
        .into_par_iter()
        .map(|task| {
            let group = space.tags[task.start].group as usize;
            let mut best = Best::empty(1);
            for at in task {
                one_row(space, at, &mut best);
            }
            (group, best)
        })
        .collect();
    let mut all = Best::empty(space.groups.len());
    for (group, best) in found {
        for (bin, (score, index)) in best.score.into_iter().zip(best.index).enumerate() {
            all.offer(group * BINS + bin, score, index);
        }
    }
    all
}

fn one_row(space: &Space, at: usize, best: &mut Best) {
    let row = &space.narrow[at];
    let batches = &space.batches;
    let sweep = Sweep {
        row,
        batches: &batches[..batches.partition_point(|b| *b <= row.capacity)],
        limit_us: space.ttft_limit_us,
    };
    for (m, mode) in space.modes.iter().enumerate() {
        let first = (at * space.modes.len() + m) * batches.len();
        // Each mode is compiled by itself, without its questions in the loop.
        match (mode.split, mode.speculative) {
            (false, false) => sweep.run::<false, false>(first, best),
            (false, true) => sweep.run::<false, true>(first, best),
            (true, false) => sweep.run::<true, false>(first, best),
            (true, true) => sweep.run::<true, true>(first, best),
        }
    }
}

/// The batches of one row.
struct Sweep<'a> {
    row: &'a Row<f32>,
    batches: &'a [f32],
    limit_us: f32,
}

impl Sweep<'_> {
    fn run<const SPLIT: bool, const SPECULATIVE: bool>(&self, first: usize, best: &mut Best) {
        let mode = Mode { split: SPLIT, speculative: SPECULATIVE };
        let (groups, rest) = self.batches.as_chunks::<LANES>();
        for (i, group) in groups.iter().enumerate() {
            self.lanes(group, mode, first + i * LANES, best);
        }
        let first = first + groups.len() * LANES;
        for (i, batch) in rest.iter().enumerate() {
            self.lanes(&[*batch], mode, first + i, best);
        }
    }

    #[inline(always)]
    fn lanes<const N: usize>(&self, batches: &[f32; N], mode: Mode, at: usize, best: &mut Best) {
        let (mut places, mut values) = ([0; N], [0.0; N]);
        // One loop without branches for the lanes, one for the bins.
        for i in 0..N {
            let s = score(self.row, batches[i], mode);
            places[i] = place(1e6 / s.tpot_us);
            values[i] = if s.ttft_us <= self.limit_us { s.tok_s_gpu } else { 0.0 };
        }
        for i in 0..N {
            best.offer(bin_of(places[i]), values[i], (at + i) as u32);
        }
    }
}
