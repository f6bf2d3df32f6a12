//! What is sold was made; what firm tiers are sold was made on firm power.
//!
//! Equation P2: `sum of y <= sellable * sum of x` by hour and point; the same
//! over firm tiers and firm x. With fixed shares the first is an equality that
//! counts unsold output too.

use super::Build;

pub(super) fn add(build: &mut Build) {
    let (input, cols) = (build.input, build.cols);
    let mut homes: Vec<Vec<(usize, usize)>> = vec![Vec::new(); input.points.len()];
    for (b, points) in cols.block_points.iter().enumerate() {
        for (k, &p) in points.iter().enumerate() {
            homes[p].push((b, k));
        }
    }
    for h in 0..cols.hours {
        for (p, homes) in homes.iter().enumerate() {
            if homes.is_empty() {
                continue;
            }
            let made = input.sellable(p);
            let fixed = !cols.unsold[p].is_empty();
            let lower = if fixed { 0.0 } else { f64::NEG_INFINITY };
            let x = homes.iter().flat_map(|&(b, k)| cols.x(h, b, k)).map(|x| (x, -made));
            let y = (0..cols.slots[p].len()).map(|s| (cols.y(h, p, s), 1.0));
            let unsold = (0..cols.unsold[p].len()).map(|u| (cols.unsold(h, p, u), 1.0));
            build.model.add_row(lower, 0.0, x.chain(y).chain(unsold));
            if cols.firm[p] {
                firm(build, h, p, homes);
            }
        }
    }
}

fn firm(build: &mut Build, h: usize, p: usize, homes: &[(usize, usize)]) {
    let (input, cols) = (build.input, build.cols);
    let made = input.sellable(p);
    let y = (0..cols.slots[p].len())
        .filter(|&s| input.tiers[cols.slots[p][s].tier].firm)
        .map(|s| (cols.y(h, p, s), 1.0));
    let x = homes.iter().filter_map(|&(b, k)| cols.firm_x(h, b, k)).map(|x| (x, -made));
    build.model.add_row(f64::NEG_INFINITY, 0.0, x.chain(y));
}
