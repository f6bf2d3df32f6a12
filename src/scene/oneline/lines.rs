//! Lines and switches of the diagram, and what a what-if does to them. It must not know where
//! texts stand.

use super::caption::Mark;
use super::draw::{Canvas, weights};
use super::route::Wire;
use super::symbols;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{Label, along};
use crate::scene::oneline::caption::Reading;
use crate::scene::plan::Overlay;
use crate::scene::shape::{Anchor, Ink, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format;
use std::collections::BTreeMap;

/// Middle of the last stretch of a way.
fn middle(points: &[Pt]) -> Option<Pt> {
    let [.., a, b] = points else { return None };
    Some(pt(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y)))
}

impl Canvas<'_> {
    /// The class of what a line leads to, or of its source above a bar or a load.
    fn wire_ink(&self, wire: &Wire) -> Ink {
        let symbol = |i: usize| self.scene.layout.diagram.items.get(i).map(|i| i.symbol);
        let says = |r: &&Reading| r.share.is_some() || r.hue.is_some();
        let of = |i: usize| self.readings.get(i).filter(says).map(Reading::ink);
        let source = symbol(wire.to).is_some_and(|s| s.is_bus() || s.is_load());
        let order = if source { [wire.from, wire.to] } else { [wire.to, wire.from] };
        order.into_iter().find_map(of).unwrap_or(Ink::token(Token::Text3))
    }

    pub fn wires(&mut self) {
        let layout = &self.scene.layout;
        let around = |points: &[Pt]| {
            points.iter().fold(Bounds::NOTHING, |b, p| b.union(&Bounds { min: *p, max: *p }))
        };
        let mut closed: Vec<(f64, Shape)> = Vec::new();
        for wire in &layout.wires {
            if !around(&wire.points).grown(1.0).intersects(&self.visible) {
                continue;
            }
            let points = self.points(&wire.points);
            self.lines.extend(along(&points, 1.0));
            let thrown = self.thrown(wire);
            if let Some(at) = wire.switch.or_else(|| thrown.and(middle(&wire.points))) {
                let at = self.options.view.to_screen(at);
                self.switch(at, thrown);
            }
            if !thrown.unwrap_or(!wire.open) || self.is_dead(wire) {
                let ink = Ink::token(Token::Text3);
                let pen = Pen::new(ink, 1.2 * self.thin()).dashed(4.0, 4.0);
                self.out.ground.push(Shape::Line { points, pen });
                continue;
            }
            let pen = Pen::new(self.wire_ink(wire), weights(self.kv(wire.from)).0 * self.thin());
            let load = self.readings.get(wire.to).and_then(|r| r.share).unwrap_or(0.0);
            closed.push((load, Shape::Line { points, pen }));
        }
        // The most loaded on top, where lines share a trunk.
        closed.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.out.ground.extend(closed.into_iter().map(|c| c.1));
        for way in layout.cards.iter().flat_map(|c| &c.ways) {
            let pen = Pen::token(Token::Text3, 1.2);
            self.out.ground.push(Shape::Line { points: self.points(way), pen });
        }
    }

    /// Whether the what-if that is shown has thrown the switch of a connection: closed now.
    fn thrown(&self, wire: &Wire) -> Option<bool> {
        let event = self.options.facts.event.as_ref().filter(|e| !e.thrown.is_empty())?;
        let ids = |item: usize| -> Vec<&str> {
            let members = self.scene.layout.diagram.items.get(item).map(|i| &i.members);
            let vertices = members.into_iter().flatten();
            let vertices = vertices.filter_map(|m| self.scene.network.vertices.get(*m));
            vertices.flat_map(|v| v.elements.iter().map(|e| e.id.as_str())).collect()
        };
        let (from, to) = (ids(wire.from), ids(wire.to));
        let of = |(source, node): &(String, String)| {
            from.contains(&source.as_str()) && to.contains(&node.as_str())
        };
        event.thrown.iter().find(|(pair, closed)| of(pair) && **closed == wire.open).map(|t| *t.1)
    }

    /// Whether nothing flows: what it leads to is out or dark.
    fn is_dead(&self, wire: &Wire) -> bool {
        let mark = |i: usize| self.readings.get(i).and_then(|r| r.mark);
        let dead = |mark| matches!(mark, Some(Mark::Dark | Mark::Out));
        dead(mark(wire.to)) || dead(mark(wire.from))
    }

    /// A switch: hollow and named where it is open, filled where it has just closed.
    fn switch(&mut self, at: Pt, thrown: Option<bool>) {
        let scale = self.scale();
        let (word, token) = match thrown {
            None => ("NO", Token::Text3),
            Some(true) => ("closed", Token::Accent),
            Some(false) => ("open", Token::Warn),
        };
        self.out.over.push(match thrown {
            Some(true) => symbols::closed_switch(at, scale.clamp(0.6, 1.2)),
            _ => symbols::open_switch(at, scale.clamp(0.6, 1.2)),
        });
        self.taken.push(Bounds::around(at, 8.0, 8.0));
        if scale > 0.45 || thrown.is_some() {
            let role = if thrown.is_some() { TextRole::TinyStrong } else { TextRole::Tiny };
            let priority = if thrown.is_some() { 93 } else { 20 };
            let label = Label::new(at.plus(7.0, 0.0), Anchor::LeftCentre, priority);
            self.wanted.push(label.line(word, role, Ink::token(token)));
        }
    }

    /// A cross over what has failed.
    pub fn failed(&mut self, index: usize, on: &Bounds) {
        let mark = self.readings.get(index).and_then(|r| r.mark);
        if !matches!(mark, Some(Mark::Out | Mark::PartlyOut)) {
            return;
        }
        let (c, k) = (on.centre(), if mark == Some(Mark::Out) { 13.0 } else { 7.0 });
        let k = k * self.scale().clamp(0.5, 1.2);
        let pen = Pen::token(Token::Err, if mark == Some(Mark::Out) { 2.2 } else { 1.6 });
        for sign in [-1.0, 1.0] {
            let ends = (c.plus(-k, sign * k), c.plus(k, -sign * k));
            self.out.over.push(Shape::line(ends.0, ends.1, pen));
        }
    }

    /// Voltage at the right end of a bar: nominal, and as it is where a power flow tells.
    pub fn bar_voltage(&self, index: usize) -> Option<String> {
        let nominal = self.kv(index).map(format::voltage_kv);
        let item = self.scene.layout.diagram.items.get(index)?;
        let vertex = self.scene.network.vertices.get(*item.members.first()?)?;
        let id = vertex.elements.first().map(|e| e.id.as_str())?;
        let volts = self.options.facts.volts.get(id);
        let volts = volts.filter(|_| self.options.overlay == Overlay::Flow);
        let volts = volts.map(|v| format!("{} pu", format::fixed(v.vm_pu, 3)));
        let words: Vec<String> = nominal.into_iter().chain(volts).collect();
        (!words.is_empty()).then(|| words.join(" · "))
    }

    /// A dot where a line branches between its two outermost ways.
    pub fn joints(&mut self) {
        let share = |i: usize| self.readings.get(i).and_then(|r| r.share).unwrap_or(-1.0);
        let mut trunks: BTreeMap<(usize, bool, u64), (Vec<f64>, usize)> = BTreeMap::new();
        for wire in &self.scene.layout.wires {
            let [_, a, b, ..] = wire.points.as_slice() else { continue };
            if a.y == b.y {
                let key = (wire.from, wire.open, a.y.to_bits());
                let trunk = trunks.entry(key).or_insert((Vec::new(), wire.to));
                trunk.0.extend([a.x, b.x]);
                if share(wire.to) > share(trunk.1) {
                    trunk.1 = wire.to;
                }
            }
        }
        for ((_, open, y), (mut columns, most)) in trunks {
            columns.sort_by(f64::total_cmp);
            columns.dedup();
            let inner = columns.get(1..columns.len().saturating_sub(1)).unwrap_or(&[]);
            let ink = match self.readings.get(most) {
                Some(reading) if !open => reading.ink(),
                _ => Ink::token(Token::Text3),
            };
            for x in inner {
                let at = pt(*x, f64::from_bits(y));
                if self.visible.contains(at) {
                    let centre = self.options.view.to_screen(at);
                    let radius = 2.6 * f64::from(self.thin());
                    let (fill, pen) = (Some(ink), None);
                    self.out.ground.push(Shape::Circle { centre, radius, fill, pen });
                }
            }
        }
    }
}
