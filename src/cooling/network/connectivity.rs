//! Which junctions have a way to a fixed head.

use super::{Network, NodeIx, NodeKind};

/// Junctions without a way to a fixed head over the links that `open` lets through.
pub fn cut_off(net: &Network, open: impl Fn(usize) -> bool) -> Vec<NodeIx> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); net.nodes.len()];
    for (_, link) in net.links.iter().enumerate().filter(|(k, _)| open(*k)) {
        next[link.from.0].push(link.to.0);
        next[link.to.0].push(link.from.0);
    }
    let fixed = |n: &usize| matches!(net.nodes[*n].kind, NodeKind::Fixed { .. });
    let mut todo: Vec<usize> = (0..net.nodes.len()).filter(fixed).collect();
    let mut seen = vec![false; net.nodes.len()];
    todo.iter().for_each(|n| seen[*n] = true);
    while let Some(n) = todo.pop() {
        for &m in &next[n] {
            if !seen[m] {
                seen[m] = true;
                todo.push(m);
            }
        }
    }
    (0..net.nodes.len()).filter(|n| !seen[*n]).map(NodeIx).collect()
}
