//! The order of intervals from left to right: each goes to the mean place of what it is
//! connected with elsewhere, round after round; the best round stays. It must not know widths.

use super::group::Diagram;
use super::tree::{Child, Tree};
use std::collections::BTreeMap;

/// Rounds of sorting: after some six nothing moves any more.
const ROUNDS: usize = 10;

/// Sorts the intervals of a tree.
pub fn sort(tree: &mut Tree, diagram: &Diagram) {
    let links = links(tree, diagram);
    let mut best = (cost(&positions(tree), &links), tree.clone());
    for _ in 0..ROUNDS {
        let at = positions(tree);
        let pulls = pulls(tree, &at, &links);
        let lane_pulls = lane_pulls(tree, &at);
        let wish = |child: &Child| match child {
            Child::Item(v) => pulls[*v].unwrap_or(at[*v]),
            Child::Lane(k) => lane_pulls[*k],
        };
        let sorted = |list: &mut Vec<Child>| list.sort_by(|a, b| wish(a).total_cmp(&wish(b)));
        tree.below.iter_mut().for_each(sorted);
        sorted(&mut tree.roots);
        for hosted in &mut tree.hosted {
            hosted.sort_by(|a, b| wish(&Child::Item(*a)).total_cmp(&wish(&Child::Item(*b))));
        }
        let now = cost(&positions(tree), &links);
        if now + 1e-9 < best.0 {
            best = (now, tree.clone());
        }
    }
    *tree = best.1;
}

/// Items that want to be near each other beyond what the tree says.
struct Links {
    pairs: Vec<(usize, usize)>,
    /// Loads of each hall.
    halls: Vec<Vec<usize>>,
}

fn links(tree: &Tree, diagram: &Diagram) -> Links {
    let mut pairs = Vec::new();
    for (v, parents) in diagram.graph.parents.iter().enumerate() {
        let beyond = parents.iter().filter(|p| tree.above.above[v] != Some(**p));
        pairs.extend(beyond.map(|p| (*p, v)));
        pairs.extend(diagram.graph.open[v].iter().map(|s| (*s, v)));
    }
    let mut halls: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, hall) in diagram.halls.iter().enumerate() {
        if let Some(hall) = hall {
            halls.entry(hall).or_default().push(i);
        }
    }
    Links { pairs, halls: halls.into_values().filter(|h| h.len() > 1).collect() }
}

/// Middle of each item's interval, counted in columns.
fn positions(tree: &Tree) -> Vec<f64> {
    let mut at = vec![0.0; tree.depth.len()];
    let mut column = 0.0;
    for child in &tree.roots {
        walk(tree, *child, &mut column, &mut at);
    }
    at
}

fn walk(tree: &Tree, child: Child, column: &mut f64, at: &mut [f64]) {
    let start = *column;
    let Child::Item(v) = child else {
        *column += 0.25;
        return;
    };
    for below in &tree.below[v] {
        walk(tree, *below, column, at);
    }
    // What stands above needs as much room as what stands below, if not more.
    let mut beside = start;
    for head in &tree.hosted[v] {
        walk(tree, Child::Item(*head), &mut beside, at);
    }
    *column = column.max(beside).max(start + 1.0);
    at[v] = (start + *column) / 2.0;
}

fn cost(at: &[f64], links: &Links) -> f64 {
    let pairs: f64 = links.pairs.iter().map(|(a, b)| (at[*a] - at[*b]).abs()).sum();
    let spread = |hall: &Vec<usize>| {
        let (least, most) = hall.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), i| {
            (f64::min(l, at[*i]), f64::max(m, at[*i]))
        });
        most - least
    };
    pairs + 2.0 * links.halls.iter().map(spread).sum::<f64>()
}

/// Mean place of what each interval is connected with outside itself.
fn pulls(tree: &Tree, at: &[f64], links: &Links) -> Vec<Option<f64>> {
    let mut sums = vec![(0.0, 0.0); at.len()];
    let mut pull = |from: usize, to: f64| {
        let mut v = Some(from);
        while let Some(x) = v {
            sums[x].0 += to;
            sums[x].1 += 1.0;
            v = tree.holder(x);
        }
    };
    for (a, b) in &links.pairs {
        pull(*a, at[*b]);
        pull(*b, at[*a]);
    }
    for hall in &links.halls {
        let mean = hall.iter().map(|i| at[*i]).sum::<f64>() / hall.len() as f64;
        hall.iter().for_each(|i| pull(*i, mean));
    }
    sums.into_iter().map(|(sum, n)| (n > 0.0).then(|| sum / n)).collect()
}

/// A lane stands between what it joins.
fn lane_pulls(tree: &Tree, at: &[f64]) -> Vec<f64> {
    tree.lanes.iter().map(|l| (at[l.source] + at[l.towards]) / 2.0).collect()
}
