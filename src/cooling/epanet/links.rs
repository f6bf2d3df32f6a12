//! Pipes, pumps and valves of an EPANET file.

use super::lines::{Line, Section, Wrong, number, starts, wrong};
use super::{Draft, LinkIx, NodeIx};
use crate::cooling::network::{
    Link, LinkKind, NodeKind, Pipe, Pump, PumpCurve, Setting, Valve, ValveKind,
};

/// Shut-off head over the head of a curve of one point, and its largest flow over that of the
/// point: EPANET 2.2 user manual, section 3.1.
const SHUTOFF_RATIO: f64 = 1.33334;
const MOST_RATIO: f64 = 2.0;
/// Exponents of a pump curve that EPANET accepts.
const EXPONENT_MOST: f64 = 20.0;

impl<'a> Draft<'a> {
    pub(super) fn links(&mut self) {
        self.each(Section::Pipes, |d, line| d.pipe(line));
        self.each(Section::Pumps, |d, line| d.pump(line));
        self.each(Section::Valves, |d, line| d.valve(line));
    }

    fn add_link(
        &mut self,
        line: &'a Line<'a>,
        kind: LinkKind,
        setting: Setting,
    ) -> Result<(), Wrong> {
        let id = line.word(0, "The link's name")?;
        let (from, to) = (self.node_at(line, 1)?, self.node_at(line, 2)?);
        if from == to {
            let message = format!("Link `{id}` ends where it starts");
            return Err(wrong(2, "same-ends", message, "Name two nodes"));
        }
        if self.link.contains_key(id) {
            let message = format!("Two links are called `{id}`");
            return Err(wrong(0, "duplicate-id", message, "Give each link its own name"));
        }
        let at = self.network.add_link(Link { id: id.to_owned(), from, to, kind, setting });
        self.link.insert(id, at);
        Ok(())
    }

    fn pipe(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        self.node_at(line, 1)?;
        self.node_at(line, 2)?;
        let length_m = self.options.length(line.positive(3, "The length")?);
        let diameter_m = self.options.diameter(line.positive(4, "The diameter")?);
        let roughness = self.options.roughness(line.positive(5, "The roughness")?);
        let (mut minor_ratio, mut check_valve, mut setting) = (0.0, false, Setting::Open);
        for (at, word) in line.words.iter().enumerate().take(8).skip(6) {
            if starts(word, "CV") {
                check_valve = true;
            } else if starts(word, "CLOSED") {
                setting = Setting::Closed;
            } else if starts(word, "OPEN") {
                setting = Setting::Open;
            } else {
                minor_ratio = line.at_least_zero(at, "The loss coefficient or status")?;
            }
        }
        let pipe = Pipe { length_m, diameter_m, roughness, minor_ratio, check_valve };
        self.add_link(line, LinkKind::Pipe(pipe), setting)
    }

    fn pump(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        self.node_at(line, 1)?;
        self.node_at(line, 2)?;
        let mut pump = Pump { curve: PumpCurve::None, speed_ratio: 1.0 };
        let mut factor = None;
        if line.words.get(3).is_some_and(|w| number(w).is_some()) {
            pump.curve = self.old_curve(line)?;
        } else {
            let mut at = 3;
            while at < line.words.len() {
                let word = line.words[at];
                if starts(word, "POWE") {
                    let power = line.positive(at + 1, "The power")?;
                    let head_flow_m4_s = self.options.power(power);
                    pump.curve = PumpCurve::Constant { head_flow_m4_s };
                } else if starts(word, "HEAD") {
                    let points = self.curve_at(line, at + 1)?;
                    pump.curve = self.pump_curve(points, at + 1)?;
                } else if starts(word, "PATT") {
                    line.word(at + 1, "The pattern")?;
                    factor = self.named_pattern(line, at + 1)?;
                } else if starts(word, "SPEE") {
                    pump.speed_ratio = line.at_least_zero(at + 1, "The speed")?;
                } else {
                    let message = format!("`{word}` is no property of a pump");
                    let hint = "Use HEAD, POWER, SPEED or PATTERN";
                    return Err(wrong(at, "unknown-keyword", message, hint));
                }
                at += 2;
            }
        }
        pump.speed_ratio = factor.unwrap_or(pump.speed_ratio);
        let setting = if pump.speed_ratio > 0.0 { Setting::Open } else { Setting::Closed };
        self.add_link(line, LinkKind::Pump(pump), setting)
    }

    /// Numbers behind the nodes, as EPANET 1 wrote them: power; head and flow; or shut-off head
    /// and two points.
    fn old_curve(&self, line: &Line) -> Result<PumpCurve, Wrong> {
        let x = |at: usize| line.at_least_zero(at, "The pump's figure");
        match line.words.len() - 3 {
            1 => Ok(PumpCurve::Constant { head_flow_m4_s: self.options.power(x(3)?) }),
            2..=4 => self.pump_curve(&[(x(4)?, x(3)?)], 3),
            _ => self.pump_curve(&[(0.0, x(3)?), (x(5)?, x(4)?), (x(7)?, x(6)?)], 3),
        }
    }

    /// A curve of one point, of three from rest, or of straight lines.
    fn pump_curve(&self, points: &[(f64, f64)], word: usize) -> Result<PumpCurve, Wrong> {
        let scaled: Vec<(f64, f64)> =
            points.iter().map(|p| (self.options.flow(p.0), self.options.length(p.1))).collect();
        let curve = match scaled[..] {
            [(q, h)] => power_curve(h * SHUTOFF_RATIO, (q, h), (q * MOST_RATIO, 0.0)),
            [(0.0, shutoff), middle, last] => power_curve(shutoff, middle, last),
            _ => {
                let falls = scaled.len() > 1 && scaled.windows(2).all(|w| w[1].1 < w[0].1);
                falls.then(|| PumpCurve::Points(scaled.clone()))
            }
        };
        curve.ok_or_else(|| {
            let message = "The head of the pump's curve does not fall with flow".to_owned();
            let hint = "Give one point, three from zero flow, or two and more of falling head";
            wrong(word, "bad-pump-curve", message, hint)
        })
    }

    fn valve(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        let (from, to) = (self.node_at(line, 1)?, self.node_at(line, 2)?);
        let diameter_m = self.options.diameter(line.positive(3, "The diameter")?);
        let word = line.word(4, "The kind of valve")?;
        let value = |d: &Self, of: fn(&super::Options, f64) -> f64| {
            let value = if line.words.len() > 5 { line.number(5, "The setting")? } else { 0.0 };
            Ok(of(&d.options, value))
        };
        let pressure = super::Options::pressure as fn(&super::Options, f64) -> f64;
        let kind = match word.to_ascii_uppercase().get(..3) {
            Some("PRV") => ValveKind::PressureReducing(value(self, pressure)?),
            Some("PSV") => ValveKind::PressureSustaining(value(self, pressure)?),
            Some("PBV") => ValveKind::PressureBreaker(value(self, pressure)?),
            Some("FCV") => ValveKind::FlowControl(value(self, super::Options::flow)?),
            Some("TCV") => ValveKind::Throttle(value(self, |_, v| v)?),
            Some("GPV") => ValveKind::General(self.loss_curve(line)?),
            _ => {
                let message = format!("`{word}` is no kind of valve");
                let hint = "Use PRV, PSV, PBV, FCV, TCV or GPV";
                return Err(wrong(4, "unknown-valve", message, hint));
            }
        };
        let minor_ratio = match line.words.len() > 6 {
            true => line.at_least_zero(6, "The loss coefficient")?,
            false => 0.0,
        };
        self.neighbours(&kind, (from, to))?;
        let setting = match kind {
            ValveKind::General(_) => Setting::Open,
            _ => Setting::Active,
        };
        let valve = Valve { diameter_m, minor_ratio, kind };
        self.add_link(line, LinkKind::Valve(valve), setting)
    }

    fn loss_curve(&self, line: &Line) -> Result<Vec<(f64, f64)>, Wrong> {
        let points = self.curve_at(line, 5)?;
        let scaled: Vec<(f64, f64)> =
            points.iter().map(|p| (self.options.flow(p.0), self.options.length(p.1))).collect();
        if scaled.len() < 2 {
            let message = "The curve of head loss has fewer than two points".to_owned();
            return Err(wrong(5, "bad-valve-curve", message, "Add points of flow and head loss"));
        }
        Ok(scaled)
    }

    /// Valves that hold a pressure or a flow cannot stand at a fixed head, nor contradict each
    /// other (EPANET errors 219 and 220).
    fn neighbours(&self, kind: &ValveKind, (from, to): (NodeIx, NodeIx)) -> Result<(), Wrong> {
        let holds = |k: &ValveKind| match k {
            ValveKind::PressureReducing(_) => Some('r'),
            ValveKind::PressureSustaining(_) => Some('s'),
            ValveKind::FlowControl(_) => Some('f'),
            _ => None,
        };
        let Some(own) = holds(kind) else { return Ok(()) };
        for (at, node) in [(1, from), (2, to)] {
            if matches!(self.network.node(node).kind, NodeKind::Fixed { .. }) {
                let message = "The valve stands at a reservoir or tank".to_owned();
                return Err(wrong(at, "valve-at-tank", message, "Put a pipe between the two"));
            }
        }
        let clash = |other: &Link| {
            let LinkKind::Valve(v) = &other.kind else { return false };
            let (a, b) = (other.from, other.to);
            match (own, holds(&v.kind)) {
                ('r', Some('r')) => b == to || b == from || a == to,
                ('s', Some('s')) => a == from || b == from || a == to,
                ('r', Some('s')) | ('r', Some('f')) => a == to,
                ('s', Some('r')) | ('f', Some('r')) => b == from,
                ('s', Some('f')) => b == from,
                ('f', Some('s')) => a == to,
                _ => false,
            }
        };
        match self.network.links().iter().find(|l| clash(l)) {
            Some(other) => {
                let message = format!("The valve works against valve `{}`", other.id);
                Err(wrong(0, "valves-clash", message, "Put a pipe and a node between the two"))
            }
            None => Ok(()),
        }
    }

    /// The link that a word names.
    pub(super) fn link_at(&self, line: &Line, at: usize) -> Result<LinkIx, Wrong> {
        let id = line.word(at, "The link")?;
        self.link.get(id).copied().ok_or_else(|| {
            let message = format!("There is no link `{id}`");
            wrong(at, "unknown-link", message, "Add it to [PIPES], [PUMPS] or [VALVES]")
        })
    }
}

/// `shutoff - b q^c` through two points.
fn power_curve(shutoff_m: f64, (q1, h1): (f64, f64), (q2, h2): (f64, f64)) -> Option<PumpCurve> {
    if !(q1 > 0.0 && q2 > q1 && h1 < shutoff_m && h2 < h1) {
        return None;
    }
    let exponent = ((shutoff_m - h2) / (shutoff_m - h1)).ln() / (q2 / q1).ln();
    let coefficient = (shutoff_m - h1) / q1.powf(exponent);
    let fine = exponent > 0.0 && exponent <= EXPONENT_MOST && coefficient.is_normal();
    fine.then_some(PumpCurve::Power { shutoff_m, coefficient, exponent, design_m3_s: q1 })
}
