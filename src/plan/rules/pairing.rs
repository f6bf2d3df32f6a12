//! Adjunct racks decode only what their partners prefill.
//!
//! Equation P8: `sum of adjunct output * x <= ratio * sum of partner prefill * x`, by hour.

use super::Build;
use crate::plan::limits::Limit;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    for (r, rack) in input.racks.iter().enumerate() {
        let Some((partner, ratio)) = rack.pairs_with else { continue };
        for h in 0..cols.hours {
            let mut entries = Vec::new();
            for (b, points) in cols.block_points.iter().enumerate() {
                for (k, &p) in points.iter().enumerate() {
                    let point = &input.points[p];
                    let c = if point.rack == r {
                        point.output
                    } else if point.rack == partner {
                        -ratio * point.prefill
                    } else {
                        continue;
                    };
                    entries.extend(cols.x(h, b, k).map(|x| (x, c)));
                }
            }
            if !entries.is_empty() {
                build.limit_row(Limit::Pairing(r), 0.0, 1.0, entries);
            }
        }
    }
}
