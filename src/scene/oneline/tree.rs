//! Which items share a stretch of the diagram: every item has an exclusive interval inside
//! that of the item that dominates it, so that nothing below can get in each other's way.
//! Parallel ways into one item stand above it, in its interval. It must not know widths.

use super::graph::Dominators;
use super::group::Diagram;
use std::collections::BTreeMap;

/// What takes a stretch of its parent's interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Child {
    Item(usize),
    /// A free column for a connection between distant items.
    Lane(usize),
}

/// A free column: from below the source to above a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lane {
    pub source: usize,
    /// Item whose interval holds the lane; none for the diagram itself.
    pub under: Option<usize>,
    /// Item below `under` that the lane leads to.
    pub towards: usize,
    /// Depth of what it feeds.
    pub depth: usize,
}

/// Nested intervals, in order from left to right.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub depth: Vec<usize>,
    /// Dominator of each item.
    pub above: Dominators,
    /// What stands side by side below each item.
    pub below: Vec<Vec<Child>>,
    pub roots: Vec<Child>,
    /// Heads of the branches that stand above each item, in its interval.
    pub hosted: Vec<Vec<usize>>,
    /// The item that hosts each head.
    pub host: Vec<Option<usize>>,
    pub lanes: Vec<Lane>,
    /// The lane of a connection through an open switch, by source and target.
    pub lane_of: BTreeMap<(usize, usize), usize>,
}

impl Tree {
    pub fn of(diagram: &Diagram) -> Self {
        let n = diagram.items.len();
        let above = diagram.graph.dominators();
        let (own, roots) = above.children();
        let mut tree = Tree {
            depth: depths(diagram),
            above,
            below: vec![Vec::new(); n],
            roots: Vec::new(),
            hosted: vec![Vec::new(); n],
            host: vec![None; n],
            lanes: Vec::new(),
            lane_of: BTreeMap::new(),
        };
        let light = light(diagram, &own);
        let children = diagram.graph.children();
        // Heads before what hangs below them: a branch is hosted as a whole.
        let mut open: Vec<usize> = roots.clone();
        while let Some(v) = open.pop() {
            if light[v] {
                tree.host[v] = tree.host_for(v, &own, &children);
            }
            if tree.host[v].is_none() {
                open.extend(own[v].iter().copied());
            }
        }
        let stays = |tree: &Tree, all: &[usize]| -> Vec<Child> {
            all.iter().filter(|c| tree.host[**c].is_none()).map(|c| Child::Item(*c)).collect()
        };
        for (v, below) in own.iter().enumerate() {
            tree.below[v] = stays(&tree, below);
            if let Some(host) = tree.host[v] {
                tree.hosted[host].push(v);
            }
        }
        tree.roots = stays(&tree, &roots);
        tree.add_lanes(diagram);
        tree
    }

    /// The item that every way out of a branch can stand above.
    fn host_for(&self, head: usize, own: &[Vec<usize>], children: &[Vec<usize>]) -> Option<usize> {
        let (mut open, mut deepest) = (vec![head], 0);
        let mut targets: Vec<usize> = Vec::new();
        while let Some(v) = open.pop() {
            deepest = deepest.max(self.depth[v]);
            let outside = children[v].iter().filter(|c| !own[v].contains(c));
            targets.extend(outside.copied());
            open.extend(own[v].iter().copied());
        }
        let best = targets.into_iter().max_by_key(|t| (self.depth[*t], std::cmp::Reverse(*t)))?;
        (self.depth[best] > deepest).then_some(best)
    }

    /// The interval that holds an item: that of its host, else of its dominator.
    pub fn holder(&self, v: usize) -> Option<usize> {
        self.host[v].or(self.above.above[v])
    }

    /// Whether the interval of `v` lies in that of `p`.
    pub fn holds(&self, p: usize, v: usize) -> bool {
        let mut at = self.holder(v);
        while let Some(x) = at {
            if x == p {
                return true;
            }
            at = self.holder(x);
        }
        false
    }

    fn add_lanes(&mut self, diagram: &Diagram) {
        let mut known: BTreeMap<Lane, usize> = BTreeMap::new();
        for (v, sources) in diagram.graph.open.iter().enumerate() {
            for &s in sources {
                if self.depth[v] == self.depth[s] + 1 {
                    continue;
                }
                let common = self.above.common(s, v);
                let own = self.above.above[v];
                if common == own && self.depth[s] < self.depth[v] {
                    continue;
                }
                let under = if common == Some(v) { own } else { common };
                let mut towards = v;
                while let Some(a) = self.above.above[towards].filter(|a| Some(*a) != under) {
                    towards = a;
                }
                let lane = Lane { source: s, under, towards, depth: self.depth[v] };
                let next = self.lanes.len();
                let index = *known.entry(lane).or_insert(next);
                if index == next {
                    self.lanes.push(lane);
                    let list = match under {
                        Some(u) => &mut self.below[u],
                        None => &mut self.roots,
                    };
                    let place = list.iter().position(|c| *c == Child::Item(towards));
                    list.insert(place.unwrap_or(list.len()), Child::Lane(index));
                }
                self.lane_of.insert((s, v), index);
            }
        }
    }
}

/// The longest way from a source; loads stand together below everything.
fn depths(diagram: &Diagram) -> Vec<usize> {
    let mut depth = diagram.graph.depths();
    let load = |i: usize| diagram.items[i].symbol.is_load();
    let bottom = (0..depth.len()).filter(|i| !load(*i)).map(|i| depth[i] + 1).max().unwrap_or(0);
    for (i, d) in depth.iter_mut().enumerate() {
        if load(i) {
            *d = bottom;
        }
    }
    depth
}

/// Whether everything that an item dominates only leads on to items that others feed too.
fn light(diagram: &Diagram, own: &[Vec<usize>]) -> Vec<bool> {
    let children = diagram.graph.children();
    let mut light = vec![false; own.len()];
    for v in diagram.graph.order().into_iter().rev() {
        let passes = |c: &usize| light[*c] && diagram.graph.parents[*c].len() == 1;
        light[v] = !children[v].is_empty() && own[v].iter().all(passes);
    }
    light
}
