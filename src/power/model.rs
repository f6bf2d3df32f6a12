//! A case made ready for solving: fused nodes, islands, per-unit admittances and injections.

use super::case::{BusKind, Case, CaseError};
use super::topology;
use num_complex::Complex64;

/// What is given at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Slack,
    Voltage,
    Load,
    /// Nothing energises it.
    Dead,
}

/// A branch in service between live nodes with its four admittances: what flows in at the from
/// side is `yff V_from + yft V_to`, at the to side `ytf V_from + ytt V_to`.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Index of the branch in the case.
    pub branch: usize,
    pub from: usize,
    pub to: usize,
    pub yff: Complex64,
    pub yft: Complex64,
    pub ytf: Complex64,
    pub ytt: Complex64,
    /// Susceptance of the linear model, `1 / (x tap)`; infinite without reactance.
    pub linear_b: f64,
    /// Angle by which the from side leads, radians.
    pub shift: f64,
}

/// Load of a node per unit, by how it follows the voltage.
#[derive(Clone, Copy, Debug, Default)]
pub struct NodeLoad {
    pub constant: Complex64,
    pub current: Complex64,
    pub impedance: Complex64,
}

impl NodeLoad {
    /// Power drawn at a voltage magnitude.
    pub fn at(&self, vm: f64) -> Complex64 {
        self.constant + self.current * vm + self.impedance * (vm * vm)
    }

    /// Its derivative over the logarithm of the voltage.
    pub fn slope(&self, vm: f64) -> Complex64 {
        self.current * vm + self.impedance * (2.0 * vm * vm)
    }
}

/// The network per unit, in normal order of its nodes.
#[derive(Clone, Debug)]
pub struct Model {
    pub base_mva: f64,
    /// Node of each bus.
    pub node_of: Vec<usize>,
    pub kinds: Vec<NodeKind>,
    /// Island of each node, and how many there are, dead ones included.
    pub island: Vec<usize>,
    pub islands: usize,
    /// Power of the generators; reactive power counts at load nodes alone.
    pub generation: Vec<Complex64>,
    pub load: Vec<NodeLoad>,
    /// Admittance of the shunts.
    pub shunt: Vec<Complex64>,
    /// Start of the iteration, with the set points of voltage-holding nodes.
    pub start: Vec<Complex64>,
    pub edges: Vec<Edge>,
}

impl Model {
    /// Compiles a case.
    ///
    /// An island without a slack node is dead, and its load lost. Where no bus of the whole
    /// network is a slack with a generator, the first voltage-holding one takes its place.
    ///
    /// # Errors
    /// The case cannot be solved as it stands.
    pub fn of(case: &Case) -> Result<Self, CaseError> {
        case.check()?;
        Self::of_checked(case)
    }

    /// Compiles a case that was checked before, as after an outage of one that was.
    ///
    /// # Errors
    /// Nothing is left that can balance it.
    pub(super) fn of_checked(case: &Case) -> Result<Self, CaseError> {
        let node_of = topology::nodes(case);
        let count = node_of.iter().max().map_or(0, |m| m + 1);
        let mut model = Self {
            base_mva: case.base_mva,
            kinds: vec![NodeKind::Dead; count],
            island: vec![0; count],
            islands: 0,
            generation: vec![Complex64::ZERO; count],
            load: vec![NodeLoad::default(); count],
            shunt: vec![Complex64::ZERO; count],
            start: vec![Complex64::ONE; count],
            edges: Vec::new(),
            node_of,
        };
        model.connect(case);
        model.fill(case);
        model.name_slacks(case)?;
        Ok(model)
    }

    fn connect(&mut self, case: &Case) {
        let out = |i: usize| case.buses[i].kind == BusKind::Isolated;
        for (i, b) in case.branches.iter().enumerate() {
            if !b.in_service || out(b.from) || out(b.to) {
                continue;
            }
            let series = Complex64::new(b.r_pu, b.x_pu).inv();
            let charging = Complex64::new(0.0, b.b_pu / 2.0);
            let tap = Complex64::from_polar(b.tap_ratio, b.shift_deg.to_radians());
            self.edges.push(Edge {
                branch: i,
                from: self.node_of[b.from],
                to: self.node_of[b.to],
                yff: (series + charging) / (b.tap_ratio * b.tap_ratio),
                yft: -series / tap.conj(),
                ytf: -series / tap,
                ytt: series + charging,
                linear_b: 1.0 / (b.x_pu * b.tap_ratio),
                shift: b.shift_deg.to_radians(),
            });
        }
        // A closed switch in parallel leaves no voltage across a branch: nothing flows.
        self.edges.retain(|e| e.from != e.to);
        let pairs = self.edges.iter().map(|e| (e.from, e.to));
        (self.island, self.islands) = topology::islands(self.kinds.len(), pairs);
    }

    fn fill(&mut self, case: &Case) {
        let base = case.base_mva;
        let mut placed = vec![false; self.kinds.len()];
        for (bus, &node) in case.buses.iter().zip(&self.node_of) {
            if bus.kind == BusKind::Isolated {
                continue;
            }
            let s = Complex64::new(bus.load.p_mw, bus.load.q_mvar) / base;
            let (z, i) = (bus.load.z_frac, bus.load.i_frac);
            self.load[node].impedance += s * z;
            self.load[node].current += s * i;
            self.load[node].constant += s * (1.0 - z - i);
            self.shunt[node] += Complex64::new(bus.gs_mw, bus.bs_mvar) / base;
            if !placed[node] || bus.kind == BusKind::Slack {
                let vm = if bus.vm_pu > 0.0 { bus.vm_pu } else { 1.0 };
                self.start[node] = Complex64::from_polar(vm, bus.va_deg.to_radians());
                placed[node] = true;
            }
        }
        for g in case.generators.iter().filter(|g| g.in_service) {
            self.generation[self.node_of[g.bus]] += Complex64::new(g.p_mw, g.q_mvar) / base;
        }
    }

    fn name_slacks(&mut self, case: &Case) -> Result<(), CaseError> {
        let mut wish = vec![NodeKind::Load; self.kinds.len()];
        let running = |bus: usize| case.generators.iter().any(|g| g.in_service && g.bus == bus);
        for (i, bus) in case.buses.iter().enumerate() {
            let node = self.node_of[i];
            match bus.kind {
                BusKind::Slack if running(i) => wish[node] = NodeKind::Slack,
                BusKind::Voltage if running(i) && wish[node] == NodeKind::Load => {
                    wish[node] = NodeKind::Voltage;
                }
                _ => {}
            }
        }
        if !wish.contains(&NodeKind::Slack) {
            let first = wish.iter().position(|k| *k == NodeKind::Voltage);
            wish[first.ok_or(CaseError::NoSlack)?] = NodeKind::Slack;
        }
        let mut live = vec![false; self.islands];
        for (node, kind) in wish.iter().enumerate() {
            live[self.island[node]] |= *kind == NodeKind::Slack;
        }
        for (node, kind) in wish.into_iter().enumerate() {
            self.kinds[node] = if live[self.island[node]] { kind } else { NodeKind::Dead };
        }
        for g in case.generators.iter().filter(|g| g.in_service) {
            let node = self.node_of[g.bus];
            if matches!(self.kinds[node], NodeKind::Slack | NodeKind::Voltage) {
                self.start[node] = Complex64::from_polar(g.vset_pu, self.start[node].arg());
            }
        }
        for (i, bus) in case.buses.iter().enumerate() {
            if bus.kind == BusKind::Isolated {
                self.kinds[self.node_of[i]] = NodeKind::Dead;
            }
        }
        let kinds = &self.kinds;
        self.edges.retain(|e| kinds[e.from] != NodeKind::Dead);
        Ok(())
    }

    /// Power that leaves each node into branches and shunt, per unit.
    pub fn injections(&self, v: &[Complex64]) -> Vec<Complex64> {
        let mut current: Vec<Complex64> = v.iter().zip(&self.shunt).map(|(v, y)| v * y).collect();
        for e in &self.edges {
            current[e.from] += e.yff * v[e.from] + e.yft * v[e.to];
            current[e.to] += e.ytf * v[e.from] + e.ytt * v[e.to];
        }
        v.iter().zip(&current).map(|(v, i)| v * i.conj()).collect()
    }
}
