//! What is joined with what: buses that closed switches make one, and islands.

use super::case::{BusKind, Case};

/// Joins sets of positions (union-find with path halving).
#[derive(Clone, Debug)]
struct Sets {
    parent: Vec<usize>,
}

impl Sets {
    fn new(len: usize) -> Self {
        Self { parent: (0..len).collect() }
    }

    fn find(&mut self, mut i: usize) -> usize {
        while self.parent[i] != i {
            self.parent[i] = self.parent[self.parent[i]];
            i = self.parent[i];
        }
        i
    }

    /// The lower position stands for both, so that the order of elements does not matter.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b)] = a.min(b);
    }

    /// Consecutive numbers of the sets, in the order of their first members.
    fn numbered(&mut self) -> (Vec<usize>, usize) {
        let mut number = vec![usize::MAX; self.parent.len()];
        let mut next = 0;
        let of = (0..self.parent.len())
            .map(|i| {
                let root = self.find(i);
                if number[root] == usize::MAX {
                    number[root] = next;
                    next += 1;
                }
                number[root]
            })
            .collect();
        (of, next)
    }
}

/// The node of each bus: buses joined by closed switches share one. Nodes are numbered in the
/// order of their first bus.
pub fn nodes(case: &Case) -> Vec<usize> {
    let mut sets = Sets::new(case.buses.len());
    for switch in case.switches.iter().filter(|s| s.closed) {
        let out = |i: usize| case.buses[i].kind == BusKind::Isolated;
        if !out(switch.a) && !out(switch.b) {
            sets.join(switch.a, switch.b);
        }
    }
    sets.numbered().0
}

/// The island of each of `count` nodes, joined by edges; and how many there are.
pub fn islands(count: usize, edges: impl Iterator<Item = (usize, usize)>) -> (Vec<usize>, usize) {
    let mut sets = Sets::new(count);
    edges.for_each(|(a, b)| sets.join(a, b));
    sets.numbered()
}
