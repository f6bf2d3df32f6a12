//! AC power flow: Newton's method in polar form (equation W4), sparse.

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
    let Ok(mut newton) = Newton::new(model) else {
        return Iterated {
            converged: false,
            v: model.start.clone(),
            iterations: 0,
            mismatch: f64::INFINITY,
            worst: 0,
        };
    };
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
    if v.len() == model.kinds.len()
        && let Ok(mut newton) = Newton::new(model)
    {
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

/// An admittance between two nodes, in the column of the second.
#[derive(Clone, Copy)]
struct Entry {
    row: usize,
    y: Complex64,
}

/// The equations with their pattern: unknowns are the angle of every node but slacks, and the
/// logarithm of the magnitude of load nodes.
struct Newton<'a> {
    model: &'a Model,
    /// Position of the angle and of the magnitude among the unknowns.
    angle: Vec<Option<usize>>,
    magnitude: Vec<Option<usize>>,
    unknowns: usize,
    /// Columns of the admittance matrix, rows in the order of the unknowns.
    columns: Vec<Vec<Entry>>,
    lu: SparseLu,
    values: Vec<f64>,
    /// Mismatch that cannot be told from rounding, per unit.
    rounding: f64,
}

impl<'a> Newton<'a> {
    fn new(model: &'a Model) -> Result<Self, Singular> {
        let count = model.kinds.len();
        let (mut angle, mut magnitude) = (vec![None; count], vec![None; count]);
        let mut unknowns = 0;
        for (i, kind) in model.kinds.iter().enumerate() {
            if matches!(kind, NodeKind::Voltage | NodeKind::Load) {
                angle[i] = Some(unknowns);
                unknowns += 1;
            }
            if *kind == NodeKind::Load {
                magnitude[i] = Some(unknowns);
                unknowns += 1;
            }
        }
        let columns = admittance(model);
        let (mut starts, mut rows) = (vec![0], Vec::new());
        for (j, column) in columns.iter().enumerate() {
            for _ in [angle[j], magnitude[j]].into_iter().flatten() {
                for e in column {
                    rows.extend([angle[e.row], magnitude[e.row]].into_iter().flatten());
                }
                starts.push(rows.len());
            }
        }
        let values = vec![0.0; rows.len()];
        let lu = SparseLu::new(starts, rows)?;
        let entries = columns.iter().flatten().map(|e| e.y.norm());
        let rounding = ROUNDING.max(ROUNDING_SHARE * entries.fold(0.0, f64::max));
        Ok(Self { model, angle, magnitude, unknowns, columns, lu, values, rounding })
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
            let mut step: Vec<f64> = residual.iter().map(|r| -r).collect();
            if self.lu.solve(&self.values, &mut step).is_err() {
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

    /// Power that leaves every node, and what the equations miss.
    fn residual(&self, v: &[Complex64]) -> (Vec<Complex64>, Vec<f64>) {
        let mut current = vec![Complex64::ZERO; v.len()];
        for (j, column) in self.columns.iter().enumerate() {
            for e in column {
                current[e.row] += e.y * v[j];
            }
        }
        let power: Vec<Complex64> = v.iter().zip(&current).map(|(v, i)| v * i.conj()).collect();
        let mut residual = vec![0.0; self.unknowns];
        for (i, s) in power.iter().enumerate() {
            let Some(row) = self.angle[i] else { continue };
            let miss = s + self.model.load[i].at(v[i].norm()) - self.model.generation[i];
            residual[row] = miss.re;
            if let Some(row) = self.magnitude[i] {
                residual[row] = miss.im;
            }
        }
        (power, residual)
    }

    fn greatest(&self, residual: &[f64]) -> (f64, usize) {
        let mut greatest = (0.0, 0);
        for i in 0..self.angle.len() {
            for row in [self.angle[i], self.magnitude[i]].into_iter().flatten() {
                let miss = residual[row].abs();
                if miss.is_nan() {
                    return (f64::INFINITY, i);
                }
                if miss > greatest.0 {
                    greatest = (miss, i);
                }
            }
        }
        greatest
    }

    /// The Jacobian: over the angle of another node `-j S_ij`, over the logarithm of its
    /// magnitude `S_ij`, with the sums of the node on the diagonal.
    fn fill(&mut self, v: &[Complex64], power: &[Complex64]) {
        let mut at = 0;
        for (j, column) in self.columns.iter().enumerate() {
            for over_angle in [self.angle[j].map(|_| true), self.magnitude[j].map(|_| false)] {
                let Some(over_angle) = over_angle else { continue };
                for e in column {
                    let own = v[e.row] * (e.y * v[j]).conj();
                    let d = match (over_angle, e.row == j) {
                        (true, false) => Complex64::new(own.im, -own.re),
                        (true, true) => {
                            let rest = power[j] - own;
                            Complex64::new(-rest.im, rest.re)
                        }
                        (false, false) => own,
                        (false, true) => power[j] + own + self.model.load[j].slope(v[j].norm()),
                    };
                    if self.angle[e.row].is_some() {
                        self.values[at] = d.re;
                        at += 1;
                    }
                    if self.magnitude[e.row].is_some() {
                        self.values[at] = d.im;
                        at += 1;
                    }
                }
            }
        }
    }

    fn moved(&self, v: &[Complex64], step: &[f64], share: f64) -> Vec<Complex64> {
        let take = |at: Option<usize>| at.map_or(0.0, |at| share * step[at]);
        v.iter()
            .enumerate()
            .map(|(i, v)| {
                if self.angle[i].is_none() {
                    return *v;
                }
                // The magnitude stays positive, however long the step.
                let stretch = (1.0 + take(self.magnitude[i])).max(0.05);
                v * Complex64::from_polar(stretch, take(self.angle[i]))
            })
            .collect()
    }
}

/// Columns of the admittance matrix, each with its diagonal and ascending rows.
fn admittance(model: &Model) -> Vec<Vec<Entry>> {
    let mut columns: Vec<Vec<Entry>> =
        (0..model.kinds.len()).map(|i| vec![Entry { row: i, y: model.shunt[i] }]).collect();
    let mut add = |row: usize, column: usize, y: Complex64| {
        let entries = &mut columns[column];
        match entries.iter_mut().find(|e| e.row == row) {
            Some(e) => e.y += y,
            None => entries.push(Entry { row, y }),
        }
    };
    for e in &model.edges {
        add(e.from, e.from, e.yff);
        add(e.from, e.to, e.yft);
        add(e.to, e.from, e.ytf);
        add(e.to, e.to, e.ytt);
    }
    columns.iter_mut().for_each(|c| c.sort_by_key(|e| e.row));
    columns
}
