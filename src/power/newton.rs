//! AC power flow: Newton's method in polar form (equation W4), sparse.

use super::blocks::{Block, BlockLu, BlockRows};
use super::lu::{Singular, SparseLu};
use super::model::{Model, NodeKind};
use num_complex::Complex64;

/// Greatest mismatch of a solution, per unit.
const TOLERANCE: f64 = 1e-10;
/// A stalled iteration this close is a solution: what is left is rounding, which grows with
/// the greatest admittance.
const ROUNDING: f64 = 1e-8;
const ROUNDING_SHARE: f64 = 1e-14;
const PLAIN: usize = 15;
const DAMPED: usize = 60;
/// Least share of a Newton step that is still tried.
const LEAST_STEP: f64 = 1.0 / 64.0;
/// Below this voltage a solution is looked for from a flat start as well: the case's own start
/// may have led to the low branch of the nose curve.
const LOW_PU: f64 = 0.6;

/// Voltages that satisfy the network, or the last ones tried.
#[derive(Clone, Debug)]
pub struct Iterated {
    pub converged: bool,
    /// Voltage of each node, per unit; dead nodes keep zero.
    pub v: Vec<Complex64>,
    pub iterations: usize,
    /// Greatest power mismatch, per unit.
    pub mismatch: f64,
    /// Node of that mismatch.
    pub worst: usize,
}

/// Solves from the start of the case, then, where that fails, from a flat start with shortened
/// steps.
pub fn solve(model: &Model) -> Iterated {
    let mut newton = Newton::new(model);
    let first = newton.run(from_case(model), PLAIN, false);
    if first.converged && newton.least(&first.v) >= LOW_PU {
        return first;
    }
    let second = newton.run(flat(model), DAMPED, true);
    match (first.converged, second.converged) {
        (true, true) if newton.least(&second.v) <= newton.least(&first.v) => first,
        (true, false) => first,
        _ => second,
    }
}

/// Solves from given voltages, falling back to [`solve`].
pub fn solve_from(model: &Model, v: &[Complex64]) -> Iterated {
    if v.len() == model.kinds.len() {
        let mut newton = Newton::new(model);
        let start = from_case(model)
            .into_iter()
            .zip(v)
            .zip(&model.kinds)
            .map(|((own, v), kind)| match kind {
                NodeKind::Load if v.norm() > LOW_PU => *v,
                NodeKind::Voltage if v.norm() > 0.0 => Complex64::from_polar(own.norm(), v.arg()),
                _ => own,
            })
            .collect();
        let found = newton.run(start, PLAIN, false);
        if found.converged && newton.least(&found.v) >= LOW_PU {
            return found;
        }
    }
    solve(model)
}

fn from_case(model: &Model) -> Vec<Complex64> {
    let live = |k: &NodeKind| *k != NodeKind::Dead;
    let pairs = model.start.iter().zip(&model.kinds);
    pairs.map(|(v, k)| if live(k) { *v } else { Complex64::ZERO }).collect()
}

/// Set points where they are held, else 1 pu at the angles of the DC solution.
fn flat(model: &Model) -> Vec<Complex64> {
    let angles = super::dc::solve(model).map(|dc| dc.angle);
    let at = |i: usize| angles.as_ref().map_or(0.0, |a| a[i]);
    (0..model.kinds.len())
        .map(|i| match model.kinds[i] {
            NodeKind::Dead => Complex64::ZERO,
            NodeKind::Slack => model.start[i],
            NodeKind::Voltage => Complex64::from_polar(model.start[i].norm(), at(i)),
            NodeKind::Load => Complex64::from_polar(1.0, at(i)),
        })
        .collect()
}

/// Equations and unknowns of every node but slacks and dead ones: active and reactive power
/// against angle and logarithm of the magnitude. Where the magnitude is held, its equation is
/// that it stays.
struct Newton<'a> {
    model: &'a Model,
    /// Nodes with unknowns.
    nodes: Vec<usize>,
    /// Rows of the admittance matrix by node, each with its own node first.
    starts: Vec<usize>,
    others: Vec<usize>,
    admittance: Vec<Complex64>,
    jacobian: Jacobian,
    /// Mismatch that cannot be told from rounding, per unit.
    rounding: f64,
}

impl<'a> Newton<'a> {
    fn new(model: &'a Model) -> Self {
        let has = |i: &usize| matches!(model.kinds[*i], NodeKind::Voltage | NodeKind::Load);
        let nodes: Vec<usize> = (0..model.kinds.len()).filter(has).collect();
        let (mut starts, mut others, mut admittance) = (vec![0], Vec::new(), Vec::new());
        for row in rows(model) {
            for (node, y) in row {
                others.push(node);
                admittance.push(y);
            }
            starts.push(others.len());
        }
        let rounding = admittance.iter().map(|y| y.norm()).fold(0.0, f64::max);
        let rounding = ROUNDING.max(ROUNDING_SHARE * rounding);
        let jacobian = Jacobian::new(&nodes, &starts, &others);
        Self { model, nodes, starts, others, admittance, jacobian, rounding }
    }

    /// Least voltage of a live node.
    fn least(&self, v: &[Complex64]) -> f64 {
        let live = v.iter().zip(&self.model.kinds).filter(|(_, k)| **k != NodeKind::Dead);
        live.map(|(v, _)| v.norm()).fold(f64::INFINITY, f64::min)
    }

    fn run(&mut self, mut v: Vec<Complex64>, most: usize, damped: bool) -> Iterated {
        let (mut power, mut residual) = self.residual(&v);
        let mut iterations = 0;
        loop {
            let (mismatch, worst) = self.greatest(&residual);
            let done =
                |converged, v, iterations| Iterated { converged, v, iterations, mismatch, worst };
            if mismatch <= TOLERANCE {
                return done(true, v, iterations);
            }
            if iterations == most || !mismatch.is_finite() {
                return done(mismatch <= self.rounding, v, iterations);
            }
            self.fill(&v, &power);
            let mut step: Vec<[f64; 2]> = residual.iter().map(|[p, q]| [-p, -q]).collect();
            if self.jacobian.solve(&mut step).is_err() {
                return done(mismatch <= self.rounding, v, iterations);
            }
            let mut share = 1.0;
            let next = loop {
                let tried = self.moved(&v, &step, share);
                let (power, residual) = self.residual(&tried);
                let better = self.greatest(&residual).0 < mismatch;
                if better || !damped || share <= LEAST_STEP {
                    break (tried, power, residual, better);
                }
                share /= 2.0;
            };
            iterations += 1;
            if !next.3 && mismatch <= self.rounding {
                return done(true, v, iterations);
            }
            (v, power, residual) = (next.0, next.1, next.2);
        }
    }

    /// Power that leaves every node with unknowns, and what the equations miss.
    fn residual(&self, v: &[Complex64]) -> (Vec<Complex64>, Vec<[f64; 2]>) {
        let one = |&i: &usize| {
            let entries = self.starts[i]..self.starts[i + 1];
            let current: Complex64 = entries.map(|e| self.admittance[e] * v[self.others[e]]).sum();
            let power = v[i] * current.conj();
            let miss = power + self.model.load[i].at(v[i].norm()) - self.model.generation[i];
            let held = self.model.kinds[i] == NodeKind::Voltage;
            (power, [miss.re, if held { 0.0 } else { miss.im }])
        };
        self.nodes.iter().map(one).unzip()
    }

    fn greatest(&self, residual: &[[f64; 2]]) -> (f64, usize) {
        let mut greatest = (0.0, 0);
        for (&i, miss) in self.nodes.iter().zip(residual) {
            let most = miss[0].abs().max(miss[1].abs());
            if miss[0].is_nan() || miss[1].is_nan() {
                return (f64::INFINITY, i);
            }
            if most > greatest.0 {
                greatest = (most, i);
            }
        }
        greatest
    }

    /// The Jacobian: over the angle of another node `-j S_ij`, over the logarithm of its
    /// magnitude `S_ij`, with the sums of the node on the diagonal.
    fn fill(&mut self, v: &[Complex64], power: &[Complex64]) {
        let held = |i: usize| self.model.kinds[i] == NodeKind::Voltage;
        let mut at = 0;
        for (&i, power) in self.nodes.iter().zip(power) {
            for e in self.starts[i]..self.starts[i + 1] {
                let j = self.others[e];
                if self.jacobian.row[j].is_none() {
                    continue;
                }
                let own = v[i] * (self.admittance[e] * v[j]).conj();
                let (angle, magnitude) = if i == j {
                    let rest = power - own;
                    let slope = self.model.load[i].slope(v[i].norm());
                    (Complex64::new(-rest.im, rest.re), power + own + slope)
                } else {
                    (Complex64::new(own.im, -own.re), own)
                };
                let mut block = [angle.re, magnitude.re, angle.im, magnitude.im];
                if held(j) {
                    (block[1], block[3]) = (0.0, 0.0);
                }
                if held(i) {
                    (block[2], block[3]) = (0.0, if i == j { 1.0 } else { 0.0 });
                }
                self.jacobian.values[at] = block;
                at += 1;
            }
        }
    }

    fn moved(&self, v: &[Complex64], step: &[[f64; 2]], share: f64) -> Vec<Complex64> {
        let mut moved = v.to_vec();
        for (&i, [angle, stretch]) in self.nodes.iter().zip(step) {
            // The magnitude stays positive, however long the step.
            let stretch = (1.0 + share * stretch).max(0.05);
            moved[i] *= Complex64::from_polar(stretch, share * angle);
        }
        moved
    }
}

/// Derivatives of the equations over the unknowns, in blocks of a node each.
struct Jacobian {
    /// Row of each node, if it has unknowns.
    row: Vec<Option<usize>>,
    starts: Vec<usize>,
    columns: Vec<usize>,
    values: Vec<Block>,
    blocks: BlockLu,
    /// The same matrix with row exchanges, once a pivot was lost without them.
    exchanging: Option<SparseLu>,
}

impl Jacobian {
    fn new(nodes: &[usize], node_starts: &[usize], others: &[usize]) -> Self {
        let mut row = vec![None; node_starts.len() - 1];
        nodes.iter().enumerate().for_each(|(at, &i)| row[i] = Some(at));
        let (mut starts, mut columns) = (vec![0], Vec::new());
        for &i in nodes {
            let entries = &others[node_starts[i]..node_starts[i + 1]];
            columns.extend(entries.iter().filter_map(|&j| row[j]));
            starts.push(columns.len());
        }
        let values = vec![[0.0; 4]; columns.len()];
        let blocks = BlockLu::new(&starts, &columns);
        Self { row, starts, columns, values, blocks, exchanging: None }
    }

    fn solve(&mut self, b: &mut [[f64; 2]]) -> Result<(), Singular> {
        if self.exchanging.is_none() {
            let matrix =
                BlockRows { starts: &self.starts, columns: &self.columns, values: &self.values };
            let kept = b.to_vec();
            if self.blocks.factor(&matrix).and_then(|()| self.blocks.solve(b)).is_ok() {
                return Ok(());
            }
            b.copy_from_slice(&kept);
        }
        self.solve_exchanging(b)
    }

    fn solve_exchanging(&mut self, b: &mut [[f64; 2]]) -> Result<(), Singular> {
        // The pattern is symmetric, so its rows are its columns; values change places.
        let n = self.starts.len() - 1;
        let mut by_column: Vec<Vec<(usize, Block)>> = vec![Vec::new(); n];
        for i in 0..n {
            for e in self.starts[i]..self.starts[i + 1] {
                by_column[self.columns[e]].push((i, self.values[e]));
            }
        }
        let (mut starts, mut rows, mut values) = (vec![0], Vec::new(), Vec::new());
        for column in &by_column {
            for side in 0..2 {
                for (i, block) in column {
                    rows.extend([2 * i, 2 * i + 1]);
                    values.extend([block[side], block[2 + side]]);
                }
                starts.push(rows.len());
            }
        }
        if self.exchanging.is_none() {
            self.exchanging = Some(SparseLu::new(starts, rows)?);
        }
        let Some(lu) = &mut self.exchanging else { return Err(Singular) };
        lu.solve(&values, b.as_flattened_mut())
    }
}

/// Rows of the admittance matrix, each with its diagonal first.
fn rows(model: &Model) -> Vec<Vec<(usize, Complex64)>> {
    let mut rows: Vec<Vec<(usize, Complex64)>> =
        model.shunt.iter().enumerate().map(|(i, y)| vec![(i, *y)]).collect();
    let mut add = |row: usize, column: usize, y: Complex64| match rows[row]
        .iter_mut()
        .find(|(j, _)| *j == column)
    {
        Some((_, sum)) => *sum += y,
        None => rows[row].push((column, y)),
    };
    for e in &model.edges {
        add(e.from, e.from, e.yff);
        add(e.from, e.to, e.yft);
        add(e.to, e.from, e.ytf);
        add(e.to, e.to, e.ytt);
    }
    rows
}
