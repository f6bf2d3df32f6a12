//! The reference backend: all cores, f32. It must not know what the rows mean.

use super::kernel::{Mode, score};
use super::row::Row;
use super::space::{BINS, Best, Space, bin};
use rayon::prelude::*;

/// Rows that one task takes at a time.
const ROWS_A_TASK: usize = 8;

/// Evaluates every configuration and keeps the best of each group and bin.
pub fn sweep(space: &Space) -> Best {
    let groups = space.groups.len();
    let tasks = space.narrow.par_chunks(ROWS_A_TASK).enumerate();
    tasks
        .fold(
            || Best::empty(groups),
            |mut best, (task, rows)| {
                for (i, row) in rows.iter().enumerate() {
                    one_row(space, task * ROWS_A_TASK + i, row, &mut best);
                }
                best
            },
        )
        .reduce(|| Best::empty(groups), merge)
}

fn one_row(space: &Space, at: usize, row: &Row<f32>, best: &mut Best) {
    let base = space.tags[at].group as usize * BINS;
    let batches = &space.batches;
    let fitting = batches.partition_point(|b| *b <= row.capacity);
    for (m, mode) in space.modes.iter().enumerate() {
        let first = (at * space.modes.len() + m) * batches.len();
        one_mode(row, *mode, &batches[..fitting], space.ttft_limit_us, |b, speed, value| {
            best.offer(base + bin(speed), value, (first + b) as u32);
        });
    }
}

#[inline(always)]
fn one_mode(
    row: &Row<f32>,
    mode: Mode,
    batches: &[f32],
    limit_us: f32,
    mut found: impl FnMut(usize, f32, f32),
) {
    for (b, batch) in batches.iter().enumerate() {
        let s = score(row, *batch, mode);
        if s.ttft_us <= limit_us {
            found(b, 1e6 / s.tpot_us, s.tok_s_gpu);
        }
    }
}

fn merge(mut a: Best, b: Best) -> Best {
    for (slot, (score, index)) in b.score.into_iter().zip(b.index).enumerate() {
        if index != u32::MAX {
            a.offer(slot, score, index);
        }
    }
    a
}
