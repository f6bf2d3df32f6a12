//! A pipe network in steady state: junctions, fixed heads, pipes, pumps and valves, solved as
//! one by Todini's global gradient method.
//!
//! Equations and semantics are those of EPANET 2.2 (L. Rossman et al., "EPANET 2.2 User Manual",
//! EPA/600/R-20/133, section 12), so that its files give its answers; the convergence is
//! tighter. Quantities are SI. It must not know files or layouts.

mod coefficients;
mod connectivity;
mod matrix;
mod solve;
mod status;

pub use solve::{Fault, Solution, Warning};

/// EPANET computes in feet and cubic feet per second. Its constants, in SI.
pub mod epanet_units {
    pub const FOOT_M: f64 = 0.3048;
    pub const CUBIC_FOOT_M3: f64 = FOOT_M * FOOT_M * FOOT_M;
    /// A resistance of 1 ft/cfs in s/m2.
    pub const FT_PER_CFS: f64 = FOOT_M / CUBIC_FOOT_M3;
    /// Gravity as EPANET rounds it, 32.2 ft/s2.
    pub const GRAVITY_M_S2: f64 = 32.2 * FOOT_M;
    /// Kinematic viscosity of water that file figures are relative to, 1.1e-5 ft2/s.
    pub const VISCOSITY_M2_S: f64 = 1.1e-5 * FOOT_M * FOOT_M;
}

/// A node of a [`Network`], given out by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeIx(pub(crate) usize);

/// A link of a [`Network`], given out by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkIx(pub(crate) usize);

/// Head-loss formula of all pipes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Formula {
    #[default]
    HazenWilliams,
    DarcyWeisbach,
    ChezyManning,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: String,
    pub elevation_m: f64,
    pub kind: NodeKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    Junction {
        demand_m3_s: f64,
        /// Resistance of an emitter: head over `flow^n`, m (m3/s)^-n.
        emitter: Option<f64>,
    },
    /// A reservoir, or a tank at its level.
    Fixed { head_m: f64, tank: Option<Tank> },
}

/// Heads between which a tank takes and gives water, m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tank {
    pub empty_m: f64,
    pub full_m: f64,
    /// A full tank spills what arrives instead of shutting it off.
    pub overflows: bool,
}

/// State that the file or a control gives a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Open,
    Closed,
    /// A valve that works to its setting.
    Active,
}

/// A link; flow is positive from `from` to `to`.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    pub id: String,
    pub from: NodeIx,
    pub to: NodeIx,
    pub kind: LinkKind,
    pub setting: Setting,
}

#[derive(Clone, Debug, PartialEq)]
pub enum LinkKind {
    Pipe(Pipe),
    Pump(Pump),
    Valve(Valve),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    pub length_m: f64,
    pub diameter_m: f64,
    /// Roughness height in m (Darcy-Weisbach), or the coefficient C or n of the formula.
    pub roughness: f64,
    /// Sum of the loss coefficients of fittings.
    pub minor_ratio: f64,
    /// Lets nothing flow back.
    pub check_valve: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Pump {
    pub curve: PumpCurve,
    /// Speed over that of the curve.
    pub speed_ratio: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum PumpCurve {
    /// No curve: an open valve.
    None,
    /// Head `shutoff - coefficient * flow^exponent`.
    Power { shutoff_m: f64, coefficient: f64, exponent: f64, design_m3_s: f64 },
    /// Straight lines between points of flow (m3/s, rising) and head (m, falling).
    Points(Vec<(f64, f64)>),
    /// Head times flow is constant, m4/s.
    Constant { head_flow_m4_s: f64 },
}

#[derive(Clone, Debug, PartialEq)]
pub struct Valve {
    pub diameter_m: f64,
    /// Loss coefficient when fully open.
    pub minor_ratio: f64,
    pub kind: ValveKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ValveKind {
    /// Keeps the head above the downstream node's elevation at most at this, m.
    PressureReducing(f64),
    /// Keeps the head above the upstream node's elevation at least at this, m.
    PressureSustaining(f64),
    /// Takes this head, m.
    PressureBreaker(f64),
    /// Lets at most this flow pass, m3/s.
    FlowControl(f64),
    /// Loss coefficient of the throttled valve.
    Throttle(f64),
    /// Head loss (m) by flow (m3/s).
    General(Vec<(f64, f64)>),
}

/// Changes a link where the head of a junction passes a level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Control {
    pub link: LinkIx,
    pub node: NodeIx,
    pub head_m: f64,
    /// Acts below the level, else above it.
    pub below: bool,
    pub action: Action,
}

/// What a control does to a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    Open,
    Close,
    /// Speed of a pump or setting of a valve, in the units of its kind.
    Set(f64),
}

/// A pipe network at one instant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    nodes: Vec<Node>,
    links: Vec<Link>,
    pub formula: Formula,
    pub viscosity_m2_s: f64,
    /// Exponent of emitter head loss over flow.
    pub emitter_exponent: f64,
    pub controls: Vec<Control>,
    /// Trials before the network counts as not converging.
    pub trials: usize,
}

/// Trials where a network states none, as in EPANET.
pub const TRIALS: usize = 200;

impl Network {
    /// An empty network of a kinematic viscosity in m2/s.
    pub fn new(formula: Formula, viscosity_m2_s: f64) -> Self {
        Network {
            formula,
            viscosity_m2_s,
            emitter_exponent: 2.0,
            trials: TRIALS,
            ..Network::default()
        }
    }

    pub fn add_node(&mut self, node: Node) -> NodeIx {
        self.nodes.push(node);
        NodeIx(self.nodes.len() - 1)
    }

    pub fn add_link(&mut self, link: Link) -> LinkIx {
        self.links.push(link);
        LinkIx(self.links.len() - 1)
    }

    /// Nodes in the order in which they were added.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The node of a name.
    pub fn find(&self, id: &str) -> Option<NodeIx> {
        self.nodes.iter().position(|n| n.id == id).map(NodeIx)
    }

    /// The link of a name.
    pub fn find_link(&self, id: &str) -> Option<LinkIx> {
        self.links.iter().position(|l| l.id == id).map(LinkIx)
    }

    pub fn node(&self, at: NodeIx) -> &Node {
        &self.nodes[at.0]
    }

    pub fn link(&self, at: LinkIx) -> &Link {
        &self.links[at.0]
    }

    pub fn node_mut(&mut self, at: NodeIx) -> &mut Node {
        &mut self.nodes[at.0]
    }

    pub fn link_mut(&mut self, at: LinkIx) -> &mut Link {
        &mut self.links[at.0]
    }

    /// Does to a link what a control or a status says.
    pub fn act(&mut self, at: LinkIx, action: Action) {
        self.links[at.0].act(action);
    }

    /// Heads and flows.
    ///
    /// # Errors
    /// There is no fixed head, a part of the network is joined to none, or the equations have
    /// no solution.
    pub fn solve(&self) -> Result<Solution, Fault> {
        solve::run(self)
    }
}

impl Link {
    /// Does what a control or a status says; it means nothing to a check valve.
    pub fn act(&mut self, action: Action) {
        let valve = matches!(self.kind, LinkKind::Valve(_));
        match (&mut self.kind, action) {
            (LinkKind::Pipe(p), _) if p.check_valve => {}
            (LinkKind::Pump(pump), Action::Open) => {
                pump.speed_ratio = 1.0;
                self.setting = Setting::Open;
            }
            (_, Action::Open) => self.setting = Setting::Open,
            (_, Action::Close) => self.setting = Setting::Closed,
            (LinkKind::Pump(pump), Action::Set(speed)) => {
                pump.speed_ratio = speed;
                self.setting = if speed > 0.0 { Setting::Open } else { Setting::Closed };
            }
            (LinkKind::Valve(v), Action::Set(value)) => v.kind.set(value),
            (LinkKind::Pipe(_), Action::Set(value)) => {
                self.setting = if value == 0.0 { Setting::Closed } else { Setting::Open };
            }
        }
        if let (true, Action::Set(_)) = (valve, action) {
            self.setting = Setting::Active;
        }
    }

    /// Inner cross-section, m2; pumps have none.
    pub fn area_m2(&self) -> Option<f64> {
        let d = match &self.kind {
            LinkKind::Pipe(p) => p.diameter_m,
            LinkKind::Valve(v) => v.diameter_m,
            LinkKind::Pump(_) => return None,
        };
        Some(std::f64::consts::PI * d * d / 4.0)
    }
}

impl ValveKind {
    fn set(&mut self, value: f64) {
        match self {
            ValveKind::PressureReducing(v)
            | ValveKind::PressureSustaining(v)
            | ValveKind::PressureBreaker(v)
            | ValveKind::FlowControl(v)
            | ValveKind::Throttle(v) => *v = value,
            ValveKind::General(_) => {}
        }
    }
}
