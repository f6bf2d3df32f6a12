//! Draws the retained diagram for one view: lines, symbols, texts that never overlap.
//! It must not know egui; what lies outside the screen is left out.

use super::caption::Reading;
use super::group::Item;
use super::network::{Symbol, Vertex};
use super::route::Wire;
use super::scene::{Card, OneLineScene};
use super::symbols::{self, Style};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{self, Label};
use crate::scene::plan::{DrawOptions, Drawing, ElementKind};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape, overload};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format;
use std::collections::BTreeMap;

/// Zoom from which names stand beside symbols that have little room.
const NAMES: f64 = 1.05;
/// Lines that a name may take.
const NAME_LINES: usize = 3;

struct Canvas<'a> {
    scene: &'a OneLineScene,
    options: &'a DrawOptions<'a>,
    readings: Vec<Reading>,
    visible: Bounds,
    out: Drawing,
    wanted: Vec<Label>,
    taken: Vec<Bounds>,
}

/// The picture of a diagram.
pub fn draw(scene: &OneLineScene, options: &DrawOptions, measure: &mut Measure) -> Drawing {
    let items = &scene.layout.diagram.items;
    let reading = |i: &Item| Reading::of(&scene.network, i, options.facts, options.overlay);
    let mut canvas = Canvas {
        scene,
        options,
        readings: items.iter().map(reading).collect(),
        visible: options.view.visible().grown(40.0 / options.view.scale),
        out: Drawing::default(),
        wanted: Vec::new(),
        taken: options.taken.clone(),
    };
    canvas.wires();
    canvas.joints();
    for (i, item) in items.iter().enumerate() {
        canvas.item(i, item, measure);
    }
    for card in &scene.layout.cards {
        canvas.card(card, measure);
    }
    let Canvas { mut out, wanted, mut taken, .. } = canvas;
    out.labels = labels::place(wanted, &mut taken, measure);
    out
}

/// Weight of a line and of a bar by voltage; thin where the layout states none.
fn weights(kv: Option<f64>) -> (f32, f32) {
    match kv {
        Some(kv) if kv >= 100.0 => (3.0, 5.0),
        Some(kv) if kv >= 1.0 => (2.0, 4.5),
        Some(_) => (1.5, 3.0),
        None => (1.0, 2.0),
    }
}

impl Canvas<'_> {
    fn scale(&self) -> f64 {
        self.options.view.scale
    }

    /// Lines and symbols keep their weight until they would run into each other.
    fn thin(&self) -> f32 {
        (self.scale() / 0.55).clamp(0.45, 1.0) as f32
    }

    fn vertex(&self, item: usize) -> Option<&Vertex> {
        let first = self.scene.layout.diagram.items.get(item)?.members.first()?;
        self.scene.network.vertices.get(*first)
    }

    fn kv(&self, item: usize) -> Option<f64> {
        self.vertex(item).and_then(|v| v.kv)
    }

    fn screen(&self, b: &Bounds) -> Bounds {
        self.options.view.box_to_screen(b)
    }

    fn points(&self, points: &[Pt]) -> Vec<Pt> {
        points.iter().map(|p| self.options.view.to_screen(*p)).collect()
    }

    /// The class of what a line leads to, or of its source above a bar or a load.
    fn wire_ink(&self, wire: &Wire) -> Ink {
        let symbol = |i: usize| self.scene.layout.diagram.items.get(i).map(|i| i.symbol);
        let of = |i: usize| self.readings.get(i).filter(|r| r.share.is_some()).map(Reading::ink);
        let source = symbol(wire.to).is_some_and(|s| s.is_bus() || s.is_load());
        let order = if source { [wire.from, wire.to] } else { [wire.to, wire.from] };
        order.into_iter().find_map(of).unwrap_or(Ink::token(Token::Text3))
    }

    fn wires(&mut self) {
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
            if wire.open {
                let ink = Ink::token(Token::Text3);
                let pen = Pen::new(ink, 1.2 * self.thin()).dashed(4.0, 4.0);
                self.out.ground.push(Shape::Line { points, pen });
                if let Some(at) = wire.switch {
                    self.switch(self.options.view.to_screen(at));
                }
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

    /// A normally open point: hollow, and named where there is room.
    fn switch(&mut self, at: Pt) {
        let scale = self.scale();
        self.out.over.push(symbols::open_switch(at, scale.clamp(0.6, 1.2)));
        self.taken.push(Bounds::around(at, 8.0, 8.0));
        if scale > 0.6 {
            let label = Label::new(at.plus(7.0, 0.0), Anchor::LeftCentre, 20);
            self.wanted.push(label.line("NO", TextRole::Tiny, Ink::token(Token::Text3)));
        }
    }

    /// A dot where a line branches between its two outermost ways.
    fn joints(&mut self) {
        let mut trunks: BTreeMap<(usize, bool, u64), Vec<f64>> = BTreeMap::new();
        for wire in &self.scene.layout.wires {
            let [_, a, b, ..] = wire.points.as_slice() else { continue };
            if a.y == b.y {
                let columns = trunks.entry((wire.from, wire.open, a.y.to_bits())).or_default();
                columns.extend([a.x, b.x]);
            }
        }
        for ((from, open, y), mut columns) in trunks {
            columns.sort_by(f64::total_cmp);
            columns.dedup();
            let inner = columns.get(1..columns.len().saturating_sub(1)).unwrap_or(&[]);
            let ink = match self.readings.get(from) {
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

    fn item(&mut self, index: usize, item: &Item, measure: &mut Measure) {
        let layout = &self.scene.layout;
        let (Some(own), Some(room)) = (layout.boxes.get(index), layout.room.get(index)) else {
            return;
        };
        let reach = Bounds { min: pt(room.0, own.min.y - 40.0), max: pt(room.1, own.max.y + 40.0) };
        if !reach.intersects(&self.visible) {
            return;
        }
        let on = self.screen(own);
        let ink = self.readings[index].ink();
        match item.symbol {
            Symbol::Bus => self.bar(index, &on, ink, measure),
            Symbol::Racks | Symbol::Cooling => self.load(index, item, &on, measure),
            symbol => {
                let parents = layout.diagram.graph.parents.get(index);
                let source = parents.and_then(|p| p.first()).and_then(|p| self.kv(*p));
                let style = Style {
                    ink,
                    weight: (weights(source.or(self.kv(index))).0, weights(self.kv(index)).0),
                    scale: self.scale().clamp(0.25, 1.3),
                };
                self.out.over.extend(symbols::symbol(symbol, on.centre(), style));
                self.taken.push(on);
                self.beside(index, item, &on, measure);
            }
        }
        if item.symbol != Symbol::Bus {
            self.count(item, &on);
        }
        if self.readings[index].is_over() && item.symbol != Symbol::Bus {
            let away = if item.members.len() > 1 || item.folded { 36.0 } else { 14.0 };
            let at = pt(on.min.x - away, on.centre().y);
            self.taken.push(Bounds::around(at, 14.0, 13.0));
            self.out.over.extend(overload(at));
        }
    }

    /// How many it stands for and how many are folded into it, at the left of a symbol.
    fn count(&mut self, item: &Item, on: &Bounds) {
        let mut label = Label::new(pt(on.min.x - 5.0, on.centre().y), Anchor::RightCentre, 80);
        if item.members.len() > 1 {
            let text = format!("{}×", item.members.len());
            label = label.line(text, TextRole::TinyStrong, Ink::token(Token::Text2));
        }
        if item.folded {
            let text = format!("+{}", item.hidden.len());
            label = label.line(text, TextRole::TinyStrong, Ink::token(Token::Accent));
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
        }
    }

    /// Figure, power and name at the right of a symbol, as far as there is room.
    fn beside(&mut self, index: usize, item: &Item, on: &Bounds, measure: &mut Measure) {
        let room = self.room_right(index, on);
        let at = pt(on.max.x + 6.0, on.centre().y);
        let strong = if item.main { TextRole::SmallStrong } else { TextRole::TinyStrong };
        let plain = if item.main { TextRole::Small } else { TextRole::Tiny };
        let reading = self.readings[index].clone();
        let mut lines: Vec<(String, TextRole, Ink)> = Vec::new();
        let name = self.vertex(index).map(|v| v.name.clone()).unwrap_or_default();
        let named = item.main || self.scale() >= NAMES;
        if named {
            let role = match item.symbol {
                Symbol::Source => TextRole::BodyStrong,
                _ if item.main => TextRole::SmallStrong,
                _ => plain,
            };
            let wrapped = wrap(&name, role, room, measure);
            lines.extend(wrapped.into_iter().map(|l| (l, role, Ink::token(Token::Text1))));
        }
        if item.symbol == Symbol::Source {
            let volts = self.kv(index).map(format::voltage_kv).filter(|v| !name.contains(v));
            let all = [volts, reading.figure.clone(), reading.power()];
            let text = all.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            lines.push((text, plain, Ink::token(Token::Text2)));
        } else {
            lines.extend(reading.figure.clone().map(|f| (f, strong, reading.text_ink())));
            lines.extend(reading.power().map(|p| (p, plain, Ink::token(Token::Text2))));
        }
        let mut label = Label::new(at, Anchor::LeftCentre, if item.main { 90 } else { 60 });
        for (text, role, ink) in lines {
            if measure(&text, role).0 <= room {
                label = label.line(text, role, ink);
            }
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
        }
    }

    /// Points on the screen between a symbol and the end of its interval.
    fn room_right(&self, index: usize, on: &Bounds) -> f64 {
        let room = self.scene.layout.room.get(index).map_or(0.0, |r| r.1);
        self.options.view.to_screen(pt(room, 0.0)).x - on.max.x - 8.0
    }

    /// A bar with its name at the left, its figure, and its voltage at the right end.
    fn bar(&mut self, index: usize, on: &Bounds, ink: Ink, measure: &mut Measure) {
        let weight = f64::from(weights(self.kv(index)).1 * self.thin());
        let bar = Bounds::around(on.centre(), on.width(), weight);
        self.out.over.push(Shape::Rect { bounds: bar, fill: Some(ink), pen: None, radius: 1.0 });
        self.taken.push(bar);
        let item = &self.scene.layout.diagram.items[index];
        let reading = self.readings[index].clone();
        // Text stands above the bar, between the lines that come down on it.
        let (mut left, right) = self.free_stretch(index, on);
        let y = bar.min.y - 2.0;
        let mut text = |canvas: &mut Self, words: String, role: TextRole, ink: Ink, need: f64| {
            let wide = measure(&words, role).0;
            if left + wide + need > right {
                return;
            }
            let label = Label::new(pt(left, y), Anchor::LeftBottom, 85).line(words, role, ink);
            canvas.wanted.push(label);
            left += wide + 6.0;
        };
        if item.members.len() > 1 {
            let count = format!("{}×", item.members.len());
            text(self, count, TextRole::TinyStrong, Ink::token(Token::Text2), 0.0);
        }
        if item.folded {
            let count = format!("+{}", item.hidden.len());
            text(self, count, TextRole::TinyStrong, Ink::token(Token::Accent), 0.0);
        }
        let named = self.vertex(index).map(|v| v.name.clone()).unwrap_or_default();
        let wide = on.width() > 220.0;
        let role = if wide { TextRole::SmallStrong } else { TextRole::Tiny };
        let keep = if wide { 0.0 } else { 40.0 };
        text(self, named, role, Ink::token(Token::Text1), keep);
        if let Some(figure) = reading.figure.clone() {
            text(self, figure, TextRole::TinyStrong, reading.text_ink(), 0.0);
        }
        if let Some(power) = reading.power() {
            text(self, power, TextRole::Tiny, Ink::token(Token::Text2), 0.0);
        }
        if reading.is_over() && left + 18.0 < right {
            let at = pt(left + 8.0, y - 7.0);
            self.taken.push(Bounds::around(at, 14.0, 13.0));
            self.out.over.extend(overload(at));
        }
        if let Some(kv) = self.kv(index).filter(|_| wide) {
            let at = pt(on.max.x, y);
            let label = Label::new(at, Anchor::RightBottom, 84);
            let words = format::voltage_kv(kv);
            self.wanted.push(label.line(words, TextRole::Tiny, Ink::token(Token::Text2)));
        }
    }

    /// The widest stretch above a bar without a line, on the screen; the first of equals.
    fn free_stretch(&self, index: usize, on: &Bounds) -> (f64, f64) {
        let wires = self.scene.layout.wires.iter().filter(|w| w.to == index);
        let mut stops: Vec<f64> = wires
            .filter_map(|w| w.points.last())
            .map(|p| self.options.view.to_screen(*p).x)
            .collect();
        let room = self.scene.layout.room.get(index).map_or(0.0, |r| r.1);
        stops.push(self.options.view.to_screen(pt(room, 0.0)).x);
        stops.sort_by(f64::total_cmp);
        let mut best = (on.min.x, on.min.x);
        let mut from = on.min.x;
        for stop in stops {
            let wide = stop - 5.0 - from;
            if wide > best.1 - best.0 + 40.0 {
                best = (from, stop - 5.0);
            }
            from = stop + 5.0;
        }
        best
    }

    /// The arrow of a load with what it goes to.
    fn load(&mut self, index: usize, item: &Item, on: &Bounds, measure: &mut Measure) {
        let parents = self.scene.layout.diagram.graph.parents.get(index);
        let source = parents.and_then(|p| p.first()).copied();
        let ink = source.map_or(Ink::token(Token::Text3), |s| self.readings[s].ink());
        self.out.over.extend(symbols::arrow(on, ink, self.scale()));
        self.taken.push(*on);
        let room = self.room_right(index, on);
        let word = if item.symbol == Symbol::Racks { "IT" } else { "cool" };
        let mut words: Vec<(String, Token)> = vec![(word.to_owned(), Token::Text3)];
        if item.symbol == Symbol::Racks {
            words.extend(self.readings[index].power().map(|p| (p, Token::Text2)));
        } else if self.vertex(index).is_some_and(|v| v.hall.is_none())
            && let Some(v) = self.vertex(index)
        {
            words.push((v.name.clone(), Token::Text2));
        }
        let at = pt(on.max.x + 3.0, on.centre().y);
        let mut label = Label::new(at, Anchor::LeftCentre, 50);
        for (text, token) in words {
            if measure(&text, TextRole::Tiny).0 <= room {
                label = label.line(text, TextRole::Tiny, Ink::token(token));
            }
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
        }
    }

    /// A hall: name, rack type, IT power, racks.
    fn card(&mut self, card: &Card, measure: &mut Measure) {
        if !card.bounds.intersects(&self.visible) {
            return;
        }
        let b = self.screen(&card.bounds);
        let hue = Ink::of(Hue::Rack(card.hall.generation));
        self.out.over.push(Shape::Rect {
            bounds: b,
            fill: Some(Ink::token(Token::Panel)),
            pen: Some(Pen::token(Token::Line2, 1.0)),
            radius: 3.0,
        });
        let stripe = Bounds { min: b.min, max: pt(b.min.x + 3.0, b.max.y) };
        self.out.over.push(Shape::fill(stripe, hue));
        let inner = Bounds { min: b.min.plus(9.0, 5.0), max: b.max.plus(-7.0, -5.0) };
        let facts = self.options.facts;
        let blocks = card.loads.iter().filter_map(|l| self.scene.spots.get(*l));
        let blocks = blocks.flat_map(|s| &s.elements).filter(|e| e.kind == ElementKind::Block);
        let mw: f64 = blocks.filter_map(|e| facts.block_mw.get(&e.id)).sum();
        let mut y = inner.min.y;
        let lines = [
            (Some(card.hall.name.clone()), TextRole::SmallStrong, Token::Text1),
            (
                facts.solved.then(|| format!("{} MW IT", format::fixed(mw, 1))),
                TextRole::Small,
                Token::Text1,
            ),
            (
                Some(format!("{} racks", format::count(card.hall.racks as f64))),
                TextRole::Small,
                Token::Text2,
            ),
        ];
        for (text, role, token) in lines {
            let Some(text) = text else { continue };
            let size = measure(&text, role);
            if size.0 <= inner.width() && y + size.1 <= inner.max.y + 1.0 {
                let label = Label::new(pt(inner.min.x, y), Anchor::LeftTop, 95);
                self.wanted.push(label.line(text, role, Ink::token(token)));
                y += size.1;
            }
        }
        let rack = measure(&card.hall.rack, TextRole::Tiny).0;
        if rack + measure(&card.hall.name, TextRole::SmallStrong).0 + 10.0 <= inner.width() {
            let label = Label::new(pt(inner.max.x, inner.min.y + 1.0), Anchor::RightTop, 70);
            self.wanted.push(label.line(card.hall.rack.clone(), TextRole::Tiny, hue));
        }
    }
}

/// Words of a name in lines of at most `room`; nothing where they do not fit.
fn wrap(name: &str, role: TextRole, room: f64, measure: &mut Measure) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split_whitespace() {
        let longer = lines.last().map(|l| format!("{l} {word}"));
        match longer.filter(|l| measure(l, role).0 <= room) {
            Some(longer) => {
                lines.pop();
                lines.push(longer);
            }
            None => lines.push(word.to_owned()),
        }
    }
    let fits = lines.len() <= NAME_LINES && lines.iter().all(|l| measure(l, role).0 <= room);
    if fits { lines } else { Vec::new() }
}
