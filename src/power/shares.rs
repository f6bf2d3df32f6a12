//! How sources in parallel share what they feed: as DC power flow splits it over their reactances
//! and those of everything above them, feeds at one angle (equation W1b).
//!
//! It must not know loads: a share is of one MW at the node.

use std::collections::BTreeMap;

/// The network above a node in one state.
#[derive(Clone, Copy, Debug)]
pub struct Ways<'a> {
    /// Live sources of each element.
    pub sources: &'a [Vec<usize>],
    /// Reactance of each element's machines in parallel; zero for a bar, `None` where it is
    /// unknown. Feeds need none.
    pub x_pu: &'a [Option<f64>],
}

/// Buses that are one. `0` is the ground of the feeds.
struct Fused(Vec<usize>);

impl Fused {
    fn root(&self, mut bus: usize) -> usize {
        while self.0[bus] != bus {
            bus = self.0[bus];
        }
        bus
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

impl Ways<'_> {
    /// Share of each source of a node, in their order; `None` where a reactance is unknown, or
    /// where nothing but switches stands between node and feeds, so that nothing tells.
    pub fn shares(&self, node: usize) -> Option<Vec<f64>> {
        let above = self.above(node);
        let place: BTreeMap<usize, usize> =
            above.iter().enumerate().map(|(k, e)| (*e, k)).collect();
        // Of the k-th element above the output is bus 1 + 2k, the input the one after it.
        let output = |e: &usize| place.get(e).map(|k| 1 + 2 * k);
        let input = |e: &usize| place.get(e).map(|k| 2 + 2 * k);
        let load = 1 + 2 * above.len();
        let mut fused = Fused((0..=load).collect());
        for source in &self.sources[node] {
            fused.join(load, output(source)?);
        }
        for e in &above {
            match self.sources[*e].as_slice() {
                // What has no sources and yet is live is a feed.
                [] => fused.join(output(e)?, 0),
                many => many.iter().try_for_each(|s| {
                    fused.join(input(e)?, output(s)?);
                    Some(())
                })?,
            }
            if !self.sources[*e].is_empty() && self.x_pu[*e]? <= 0.0 {
                fused.join(input(e)?, output(e)?);
            }
        }
        if fused.root(load) == 0 {
            return None;
        }
        let branch = |e: &usize| Some((fused.root(output(e)?), fused.root(input(e)?)));
        let mut equations = Equations::new(load);
        for e in above.iter().filter(|e| !self.sources[**e].is_empty()) {
            let (x, (a, b)) = (self.x_pu[*e]?, branch(e)?);
            if x > 0.0 && a != b {
                equations.add(a, b, 1.0 / x);
            }
        }
        let angle = equations.solve(fused.root(load))?;
        let mut flow: BTreeMap<usize, f64> = BTreeMap::new();
        // From the feeds down: what a bar passes on is what its sources bring.
        for e in above.iter().rev() {
            let x = self.x_pu[*e].unwrap_or(0.0);
            let own = match x > 0.0 && !self.sources[*e].is_empty() {
                true => branch(e).map(|(a, b)| (angle[a] - angle[b]) / x)?,
                false => self.sources[*e].iter().filter_map(|s| flow.get(s)).sum(),
            };
            flow.insert(*e, own);
        }
        let own = self.sources[node].iter().map(|s| flow.get(s).copied().unwrap_or(0.0));
        let own: Vec<f64> = own.collect();
        let total: f64 = own.iter().sum();
        let known = total > 0.0 && own.iter().all(|f| f.is_finite() && *f >= 0.0);
        known.then(|| own.iter().map(|f| f / total).collect())
    }

    /// Everything above a node, each before what feeds it.
    fn above(&self, node: usize) -> Vec<usize> {
        let mut depth: BTreeMap<usize, usize> = BTreeMap::new();
        let mut open: Vec<(usize, usize)> = self.sources[node].iter().map(|s| (*s, 1)).collect();
        while let Some((e, at)) = open.pop() {
            // Without circles no way is longer than there are elements.
            if depth.get(&e).is_none_or(|d| *d < at) && at <= self.sources.len() {
                depth.insert(e, at);
                open.extend(self.sources[e].iter().map(|s| (*s, at + 1)));
            }
        }
        let mut above: Vec<(usize, usize)> = depth.into_iter().map(|(e, at)| (at, e)).collect();
        above.sort_unstable();
        above.into_iter().map(|(_, e)| e).collect()
    }
}

/// Nodal equations of a few buses, dense; bus 0 is ground.
struct Equations {
    rows: Vec<Vec<f64>>,
}

impl Equations {
    fn new(buses: usize) -> Self {
        Self { rows: vec![vec![0.0; buses + 2]; buses + 1] }
    }

    fn add(&mut self, a: usize, b: usize, y: f64) {
        for (i, j) in [(a, b), (b, a)] {
            self.rows[i][i] += y;
            self.rows[i][j] -= y;
        }
    }

    /// Angles for one unit that enters at a bus and leaves at the ground; `None` where no way
    /// leads there.
    fn solve(mut self, at: usize) -> Option<Vec<f64>> {
        let n = self.rows.len();
        let right = n;
        self.rows[at][right] = 1.0;
        let own: Vec<usize> = (1..n).filter(|&i| self.rows[i][i] > 0.0).collect();
        for (k, &i) in own.iter().enumerate() {
            let pivot = self.rows[i][i];
            if pivot <= f64::EPSILON {
                return None;
            }
            let from = self.rows[i].clone();
            for &j in &own[k + 1..] {
                let factor = self.rows[j][i] / pivot;
                if factor != 0.0 {
                    let row = self.rows[j].iter_mut().zip(&from);
                    row.for_each(|(to, from)| *to -= factor * from);
                }
            }
        }
        let mut angle = vec![0.0; n];
        for (k, &i) in own.iter().enumerate().rev() {
            let known: f64 = own[k + 1..].iter().map(|&j| self.rows[i][j] * angle[j]).sum();
            angle[i] = (self.rows[i][right] - known) / self.rows[i][i];
        }
        Some(angle)
    }
}
