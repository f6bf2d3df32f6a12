//! Backward/forward sweep (equation W6) over the radial parts of a network: no matrix, so it
//! checks Newton's answer independently.

use super::model::{Edge, Model, NodeKind};
use num_complex::Complex64;
use std::collections::BTreeMap;

const ROUNDS: usize = 200;
const TOLERANCE: f64 = 1e-12;

/// How the sweep compares with a solution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Nodes that hang on the rest by a tree.
    pub nodes: usize,
    /// Greatest difference of a voltage, per unit.
    pub greatest_pu: f64,
}

/// A node that hangs on its parent by one edge.
struct Hanging {
    node: usize,
    parent: usize,
    edge: Edge,
}

/// Solves the trees that hang on a network anew, each from the voltage of its root, and
/// compares. `None` where the network has no such part, or the sweep does not settle.
pub fn compare(model: &Model, v: &[Complex64]) -> Option<Comparison> {
    let leaves_first = hanging(model);
    if leaves_first.is_empty() {
        return None;
    }
    let mut own = v.to_vec();
    for h in leaves_first.iter().rev() {
        own[h.node] = own[h.parent];
    }
    for _ in 0..ROUNDS {
        // Backward: current into every node, from the leaves to the roots.
        let mut current: Vec<Complex64> = vec![Complex64::ZERO; own.len()];
        let mut taken = vec![Complex64::ZERO; own.len()];
        for h in &leaves_first {
            let at = own[h.node];
            let s = model.load[h.node].at(at.norm()) - model.generation[h.node];
            current[h.node] += (s / at).conj() + model.shunt[h.node] * at;
            taken[h.node] = current[h.node];
            let (near, _) = sides(h);
            current[h.parent] += near.0 * own[h.parent] + near.1 * own[h.node];
        }
        // Forward: from the roots to the leaves.
        let mut moved: f64 = 0.0;
        for h in leaves_first.iter().rev() {
            let (_, far) = sides(h);
            let new = -(taken[h.node] + far.1 * own[h.parent]) / far.0;
            moved = moved.max((new - own[h.node]).norm());
            own[h.node] = new;
        }
        if moved < TOLERANCE {
            let miss = leaves_first.iter().map(|h| (own[h.node] - v[h.node]).norm());
            let greatest_pu = miss.fold(0.0, f64::max);
            return Some(Comparison { nodes: leaves_first.len(), greatest_pu });
        }
    }
    None
}

/// Admittances seen from the parent (own, mutual) and from the hanging node (own, mutual).
fn sides(h: &Hanging) -> ((Complex64, Complex64), (Complex64, Complex64)) {
    let e = &h.edge;
    if e.from == h.parent {
        ((e.yff, e.yft), (e.ytt, e.ytf))
    } else {
        ((e.ytt, e.ytf), (e.yff, e.yft))
    }
}

/// Load nodes of the trees that hang on the rest, leaves first.
fn hanging(model: &Model) -> Vec<Hanging> {
    let joined = parallels(model);
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); model.kinds.len()];
    for (i, e) in joined.iter().enumerate() {
        edges[e.from].push(i);
        edges[e.to].push(i);
    }
    let mut gone = vec![false; joined.len()];
    let mut degree: Vec<usize> = edges.iter().map(Vec::len).collect();
    let mut open: Vec<usize> = (0..degree.len()).filter(|&i| degree[i] == 1).collect();
    let mut found = Vec::new();
    while let Some(node) = open.pop() {
        if model.kinds[node] != NodeKind::Load || degree[node] != 1 {
            continue;
        }
        let Some(&i) = edges[node].iter().find(|&&i| !gone[i]) else { continue };
        let edge = joined[i];
        let parent = if edge.from == node { edge.to } else { edge.from };
        gone[i] = true;
        degree[node] = 0;
        degree[parent] -= 1;
        if degree[parent] == 1 {
            open.push(parent);
        }
        found.push(Hanging { node, parent, edge });
    }
    found
}

/// Edges between the same two nodes as one: currents of parallel branches add up.
fn parallels(model: &Model) -> Vec<Edge> {
    let mut joined: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
    for e in &model.edges {
        let turned =
            Edge { from: e.to, to: e.from, yff: e.ytt, yft: e.ytf, ytf: e.yft, ytt: e.yff, ..*e };
        let e = if e.from <= e.to { *e } else { turned };
        joined
            .entry((e.from, e.to))
            .and_modify(|sum| {
                sum.yff += e.yff;
                sum.yft += e.yft;
                sum.ytf += e.ytf;
                sum.ytt += e.ytt;
            })
            .or_insert(e);
    }
    joined.into_values().collect()
}
