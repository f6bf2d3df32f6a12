//! DC power flow and its sensitivities (equation W5): magnitudes are 1, branches have no
//! resistance, angles are small.

use super::lu::{Singular, SparseLu};
use super::model::{Edge, Model, NodeKind};

/// Angles and flows of the linear model.
#[derive(Clone, Debug)]
pub struct Dc {
    /// Angle of each node, radians.
    pub angle: Vec<f64>,
    /// Flow of each edge of the model at its from side, per unit.
    pub flow: Vec<f64>,
    /// Generation of each node, at slacks what balances their island, per unit.
    pub generation: Vec<f64>,
}

/// The linear equations of a network, factorised once.
pub struct Linear<'a> {
    model: &'a Model,
    /// Position of a node's angle among the unknowns; slacks and dead nodes have none.
    unknown: Vec<Option<usize>>,
    unknowns: usize,
    lu: SparseLu,
}

/// Solves the linear model.
///
/// # Errors
/// A branch has no reactance, or the equations are singular.
pub fn solve(model: &Model) -> Result<Dc, Singular> {
    Linear::new(model)?.flow()
}

impl<'a> Linear<'a> {
    /// Builds and factorises the equations.
    ///
    /// # Errors
    /// A branch has no reactance, or the equations are singular.
    pub fn new(model: &'a Model) -> Result<Self, Singular> {
        if model.edges.iter().any(|e| !e.linear_b.is_finite()) {
            return Err(Singular);
        }
        let mut unknown = vec![None; model.kinds.len()];
        let mut unknowns = 0;
        for (i, kind) in model.kinds.iter().enumerate() {
            if matches!(kind, NodeKind::Voltage | NodeKind::Load) {
                unknown[i] = Some(unknowns);
                unknowns += 1;
            }
        }
        let mut columns: Vec<Vec<(usize, f64)>> = (0..unknowns).map(|i| vec![(i, 0.0)]).collect();
        let mut add = |row: usize, column: usize, b: f64| match columns[column]
            .iter_mut()
            .find(|(r, _)| *r == row)
        {
            Some((_, sum)) => *sum += b,
            None => columns[column].push((row, b)),
        };
        for e in &model.edges {
            let (from, to) = (unknown[e.from], unknown[e.to]);
            [from, to].into_iter().flatten().for_each(|i| add(i, i, e.linear_b));
            if let (Some(from), Some(to)) = (from, to) {
                add(from, to, -e.linear_b);
                add(to, from, -e.linear_b);
            }
        }
        let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
        for column in &mut columns {
            column.sort_by_key(|(row, _)| *row);
            rows.extend(column.iter().map(|(row, _)| *row));
            values.extend(column.iter().map(|(_, b)| *b));
            starts.push(rows.len());
        }
        let mut lu = SparseLu::new(starts, rows)?;
        lu.factor(&values)?;
        Ok(Self { model, unknown, unknowns, lu })
    }

    /// Angles and flows with the injections of the model.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn flow(&mut self) -> Result<Dc, Singular> {
        let model = self.model;
        let taken = |i: usize| model.load[i].at(1.0).re + model.shunt[i].re;
        let mut right = vec![0.0; self.unknowns];
        for (i, at) in self.unknown.iter().enumerate() {
            if let Some(at) = at {
                right[*at] = model.generation[i].re - taken(i);
            }
        }
        let slack = |i: usize| {
            if model.kinds[i] == NodeKind::Slack { model.start[i].arg() } else { 0.0 }
        };
        for e in &model.edges {
            // A known angle and a shift act like injections.
            let ends = [(e.from, e.to, e.shift), (e.to, e.from, -e.shift)];
            for (own, other, shift) in ends {
                if let Some(at) = self.unknown[own] {
                    right[at] += e.linear_b * (shift + slack(other));
                }
            }
        }
        let angle = self.angles(right, slack)?;
        let flow: Vec<f64> = model.edges.iter().map(|e| flow(e, &angle)).collect();
        let mut generation: Vec<f64> = model.generation.iter().map(|s| s.re).collect();
        for i in (0..model.kinds.len()).filter(|&i| model.kinds[i] == NodeKind::Slack) {
            generation[i] = taken(i);
        }
        for (e, p) in model.edges.iter().zip(&flow) {
            for (node, p) in [(e.from, *p), (e.to, -p)] {
                if model.kinds[node] == NodeKind::Slack {
                    generation[node] += p;
                }
            }
        }
        Ok(Dc { angle, flow, generation })
    }

    fn angles(
        &mut self,
        mut right: Vec<f64>,
        slack: impl Fn(usize) -> f64,
    ) -> Result<Vec<f64>, Singular> {
        self.lu.again(&mut right)?;
        let at = |(i, u): (usize, &Option<usize>)| u.map_or_else(|| slack(i), |u| right[u]);
        Ok(self.unknown.iter().enumerate().map(at).collect())
    }

    /// Change of every edge's flow when `amount` enters at one node and leaves at another.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn transfer(&mut self, from: usize, to: usize) -> Result<Vec<f64>, Singular> {
        let mut right = vec![0.0; self.unknowns];
        if let Some(at) = self.unknown[from] {
            right[at] += 1.0;
        }
        if let Some(at) = self.unknown[to] {
            right[at] -= 1.0;
        }
        let angle = self.angles(right, |_| 0.0)?;
        let change = |e: &Edge| e.linear_b * (angle[e.from] - angle[e.to]);
        Ok(self.model.edges.iter().map(change).collect())
    }

    /// Power transfer distribution factors: change of each edge's flow for power that enters
    /// at a node and leaves at the slack of its island.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn ptdf(&mut self, node: usize) -> Result<Vec<f64>, Singular> {
        // Slacks take what enters; as the end of a transfer they change nothing.
        match self.model.kinds.iter().position(|k| *k == NodeKind::Slack) {
            Some(slack) => self.transfer(node, slack),
            None => Err(Singular),
        }
    }

    /// Line outage distribution factors of one edge: change of each edge's flow over the flow
    /// that the edge carried before it went out. `None` if the outage splits the network.
    ///
    /// # Errors
    /// The solution is not finite.
    pub fn lodf(&mut self, out: usize) -> Result<Option<Vec<f64>>, Singular> {
        let e = self.model.edges[out];
        let transfer = self.transfer(e.from, e.to)?;
        let own = transfer[out];
        // All of the transfer runs through the edge: it is a bridge.
        if (1.0 - own).abs() < 1e-9 {
            return Ok(None);
        }
        let mut factors: Vec<f64> = transfer.iter().map(|t| t / (1.0 - own)).collect();
        factors[out] = -1.0;
        Ok(Some(factors))
    }
}

fn flow(e: &Edge, angle: &[f64]) -> f64 {
    e.linear_b * (angle[e.from] - angle[e.to] - e.shift)
}
