//! What a directed graph without cycles says about itself: order, depth, dominators.
//! It must not know what its vertices are.

use std::collections::VecDeque;

/// Sources of each vertex, by index, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// Sources in normal operation.
    pub parents: Vec<Vec<usize>>,
    /// Sources behind open switches; they say nothing about order.
    pub open: Vec<Vec<usize>>,
}

impl Graph {
    pub fn len(&self) -> usize {
        self.parents.len()
    }

    pub fn is_empty(&self) -> bool {
        self.parents.is_empty()
    }

    /// The vertices that each one feeds, ascending.
    pub fn children(&self) -> Vec<Vec<usize>> {
        let mut children = vec![Vec::new(); self.len()];
        for (v, parents) in self.parents.iter().enumerate() {
            for &p in parents {
                children[p].push(v);
            }
        }
        children
    }

    /// Sources before what they feed; of equals the lower index first.
    pub fn order(&self) -> Vec<usize> {
        let children = self.children();
        let mut waiting: Vec<usize> = self.parents.iter().map(Vec::len).collect();
        let mut ready: VecDeque<usize> = (0..self.len()).filter(|v| waiting[*v] == 0).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(v) = ready.pop_front() {
            order.push(v);
            for &c in &children[v] {
                waiting[c] -= 1;
                if waiting[c] == 0 {
                    ready.push_back(c);
                }
            }
        }
        order
    }

    /// Takes out sources that close a cycle, in the order of the vertices.
    pub fn without_cycles(mut self) -> Self {
        while self.order().len() < self.len() {
            let ordered: Vec<bool> = {
                let mut seen = vec![false; self.len()];
                self.order().into_iter().for_each(|v| seen[v] = true);
                seen
            };
            // What cannot be ordered lies on a cycle or below one: walking up within it ends
            // on a cycle, whose last step is taken out.
            let Some(start) = ordered.iter().position(|o| !o) else { break };
            let (mut v, mut visited) = (start, vec![false; self.len()]);
            loop {
                visited[v] = true;
                let up = self.parents[v].iter().copied().find(|p| !ordered[*p]);
                match up {
                    Some(p) if visited[p] => {
                        self.parents[v].retain(|q| *q != p);
                        break;
                    }
                    Some(p) => v = p,
                    None => break,
                }
            }
        }
        self
    }

    /// Steps of the longest way from a source.
    pub fn depths(&self) -> Vec<usize> {
        let mut depths = vec![0; self.len()];
        for v in self.order() {
            depths[v] = self.parents[v].iter().map(|p| depths[*p] + 1).max().unwrap_or(0);
        }
        depths
    }

    /// The nearest vertex that every way from a source to each vertex passes.
    pub fn dominators(&self) -> Dominators {
        let mut tree = Dominators { above: vec![None; self.len()], level: vec![0; self.len()] };
        for v in self.order() {
            let mut parents = self.parents[v].iter().copied();
            let mut above = parents.next();
            for p in parents {
                above = above.and_then(|a| tree.common(a, p));
            }
            tree.above[v] = above;
            tree.level[v] = above.map_or(0, |a| tree.level[a] + 1);
        }
        tree
    }
}

/// The tree of dominators; its roots hang under nothing.
#[derive(Clone, Debug, Default)]
pub struct Dominators {
    pub above: Vec<Option<usize>>,
    level: Vec<usize>,
}

impl Dominators {
    /// The nearest vertex above or at both.
    pub fn common(&self, mut a: usize, mut b: usize) -> Option<usize> {
        while a != b {
            if self.level[a] >= self.level[b] {
                a = self.above[a]?;
            } else {
                b = self.above[b]?;
            }
        }
        Some(a)
    }

    /// Whether `v` hangs somewhere under `top` or is it.
    pub fn is_under(&self, v: usize, top: usize) -> bool {
        let mut at = Some(v);
        while let Some(x) = at {
            if x == top {
                return true;
            }
            at = self.above[x];
        }
        false
    }

    /// What hangs directly under each vertex, ascending, and the roots.
    pub fn children(&self) -> (Vec<Vec<usize>>, Vec<usize>) {
        let mut children = vec![Vec::new(); self.above.len()];
        let mut roots = Vec::new();
        for (v, above) in self.above.iter().enumerate() {
            match above {
                Some(a) => children[*a].push(v),
                None => roots.push(v),
            }
        }
        (children, roots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(parents: &[&[usize]]) -> Graph {
        Graph {
            parents: parents.iter().map(|p| p.to_vec()).collect(),
            open: vec![Vec::new(); parents.len()],
        }
    }

    #[test]
    fn a_bus_behind_parallel_transformers_hangs_under_their_feed() {
        // 0 feeds 1 and 2, both feed 3, which feeds 4.
        let tree = graph(&[&[], &[0], &[0], &[1, 2], &[3]]).dominators();
        assert_eq!(tree.above, [None, Some(0), Some(0), Some(0), Some(3)]);
        assert_eq!(tree.common(1, 4), Some(0));
        assert!(tree.is_under(4, 0) && !tree.is_under(4, 1));
    }

    #[test]
    fn depth_is_the_longest_way() {
        assert_eq!(graph(&[&[], &[0], &[1], &[0, 2]]).depths(), [0, 1, 2, 3]);
    }

    #[test]
    fn two_feeds_of_one_bus_leave_it_without_a_dominator() {
        assert_eq!(graph(&[&[], &[], &[0, 1]]).dominators().above[2], None);
    }

    #[test]
    fn a_cycle_is_cut_once() {
        let cut = graph(&[&[2], &[0], &[1], &[2]]).without_cycles();
        assert_eq!(cut.order().len(), 4);
        assert_eq!(cut.parents.iter().map(Vec::len).sum::<usize>(), 3);
    }
}
