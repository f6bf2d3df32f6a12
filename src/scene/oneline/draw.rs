//! Draws the retained diagram for one view: lines, symbols, texts that never overlap.
//! It must not know egui; what lies outside the screen is left out.

use super::caption::Reading;
use super::card;
use super::group::Item;
use super::network::{Symbol, Vertex};
use super::scene::OneLineScene;
use super::symbols::{self, Style};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{self, Label, Line, before_comma};
use crate::scene::plan::{DrawOptions, Drawing, Overlay};
use crate::scene::shape::{Anchor, Ink, Measure, Shape, overload};
use crate::scene::squares::Squares;
use crate::scene::tokens::{TextRole, Token};
use crate::units::{Power, format};

/// Zoom from which names stand beside symbols that have little room.
const NAMES: f64 = 1.05;
/// Width of a bar on the screen from which its texts stand in one line.
const WIDE: f64 = 160.0;
/// Lines that a name may take.
const NAME_LINES: usize = 3;
/// Of labels that are shown where there is room beside the lines alone.
const SQUEEZED: i32 = 58;
/// Width of a figure beside a symbol with little room, points: a share without decimals.
const NARROW: f64 = 32.0;

pub(super) struct Canvas<'a> {
    pub scene: &'a OneLineScene,
    pub options: &'a DrawOptions<'a>,
    pub readings: Vec<Reading>,
    pub visible: Bounds,
    pub out: Drawing,
    pub wanted: Vec<Label>,
    pub taken: Vec<Bounds>,
    /// What texts do not stand on.
    pub lines: Squares,
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
        lines: Squares::over(&options.view.screen),
    };
    canvas.wires();
    canvas.joints();
    for (i, item) in items.iter().enumerate() {
        canvas.item(i, item, measure);
    }
    for card in &scene.layout.cards {
        card::draw(&mut canvas, card, measure);
    }
    let Canvas { mut out, wanted, mut taken, lines, .. } = canvas;
    // What has no place beside the lines stands on one, with a plate below it.
    let plated = |label: Label| match label.plate {
        None if label.priority != SQUEEZED => {
            label.clone().or(label.plate(Ink::token(Token::Canvas).faded(0.85)))
        }
        _ => label,
    };
    let wanted = wanted.into_iter().map(plated).collect();
    out.labels = labels::place(wanted, (&mut taken, &lines), measure);
    out
}

/// Weight of a line and of a bar by voltage; thin where the layout states none.
pub(super) fn weights(kv: Option<f64>) -> (f32, f32) {
    match kv {
        Some(kv) if kv >= 100.0 => (3.0, 5.0),
        Some(kv) if kv >= 1.0 => (2.0, 4.5),
        Some(_) => (1.5, 3.0),
        None => (1.0, 2.0),
    }
}

impl Canvas<'_> {
    pub(super) fn scale(&self) -> f64 {
        self.options.view.scale
    }

    /// Lines and symbols keep their weight until they would run into each other.
    pub(super) fn thin(&self) -> f32 {
        (self.scale() / 0.55).clamp(0.45, 1.0) as f32
    }

    fn vertex(&self, item: usize) -> Option<&Vertex> {
        let first = self.scene.layout.diagram.items.get(item)?.members.first()?;
        self.scene.network.vertices.get(*first)
    }

    pub(super) fn kv(&self, item: usize) -> Option<f64> {
        self.vertex(item).and_then(|v| v.kv)
    }

    pub fn screen(&self, b: &Bounds) -> Bounds {
        self.options.view.box_to_screen(b)
    }

    pub(super) fn points(&self, points: &[Pt]) -> Vec<Pt> {
        points.iter().map(|p| self.options.view.to_screen(*p)).collect()
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
        self.failed(index, &on);
        if self.readings[index].is_over() && item.symbol != Symbol::Bus {
            let at = pt(on.min.x - 11.0, on.centre().y);
            self.taken.push(Bounds::around(at, 14.0, 13.0));
            self.out.over.extend(overload(at));
        }
    }

    /// How many it stands for and how many are folded into it.
    fn counts(item: &Item) -> Vec<Line> {
        let line = |text, token| Line { text, role: TextRole::TinyStrong, ink: Ink::token(token) };
        let many = (item.members.len() > 1)
            .then(|| line(format!("{}×", item.members.len()), Token::Text2));
        let folded = item.folded.then(|| line(format!("+{}", item.hidden.len()), Token::Accent));
        many.into_iter().chain(folded).collect()
    }

    /// Name and power of an item are as large as its figure.
    fn roles(item: &Item) -> (TextRole, TextRole) {
        match item.main {
            true => (TextRole::SmallStrong, TextRole::Small),
            false => (TextRole::TinyStrong, TextRole::Tiny),
        }
    }

    /// The deciding figure of an item, without decimals where that is what has room.
    fn figure(&self, index: usize, room: f64, measure: &mut Measure) -> Option<Line> {
        let reading = &self.readings[index];
        let role = Self::roles(&self.scene.layout.diagram.items[index]).0;
        let short = reading.share.map(|s| format!("{} %", format::fixed(s * 100.0, 0)));
        let figures = [reading.figure.clone(), short.filter(|_| self.is_share())];
        let text = figures.into_iter().flatten().find(|f| measure(f, role).0 <= room)?;
        Some(Line { text, role, ink: reading.text_ink() })
    }

    /// Name, counts, figure and power of an item in lines of at most `room`, as many as there
    /// is height for; the name stands first, and goes before the figure does.
    fn lines(&self, index: usize, room: f64, measure: &mut Measure) -> Vec<Line> {
        let item = &self.scene.layout.diagram.items[index];
        let reading = &self.readings[index];
        let (strong, plain) = Self::roles(item);
        let mut lines = Self::counts(item);
        lines.extend(self.figure(index, room, measure));
        let used = reading.used_mw.map(|mw| format::power(Power::mw(mw)));
        let powers = [reading.power(), used].into_iter().flatten();
        let power = powers.into_iter().find(|p| measure(p, plain).0 <= room);
        let name = self.vertex(index).map(|v| v.name.clone()).unwrap_or_default();
        let most = self.most_lines(item);
        let role = if item.main { strong } else { plain };
        let mut named = if item.main || self.scale() >= NAMES {
            wrap(&name, role, room, measure)
        } else {
            Vec::new()
        };
        if named.len() + lines.len() > most && !item.main {
            named.clear();
        }
        let line = |text, role, token| Line { text, role, ink: Ink::token(token) };
        let named = named.into_iter().map(|text| line(text, role, Token::Text1));
        let mut all: Vec<Line> = named.chain(lines).collect();
        let power = power.filter(|_| item.main || all.len() < most);
        all.extend(power.map(|text| line(text, plain, Token::Text2)));
        all
    }

    /// Whether the figure is a share, which may lose its decimal.
    fn is_share(&self) -> bool {
        self.options.overlay != Overlay::Headroom
    }

    /// Lines of text that fit between two rows.
    fn most_lines(&self, item: &Item) -> usize {
        // Above a bar end the texts of the row before.
        let taken = if item.symbol.is_bus() { 26.0 } else { 0.0 };
        ((self.scene.layout.pitch * self.scale() - taken) / 12.5).max(1.0) as usize
    }

    /// Texts at the right of a symbol.
    fn beside(&mut self, index: usize, item: &Item, on: &Bounds, measure: &mut Measure) {
        let room = self.room_right(index, on);
        // Where a switch hangs above the symbol, texts begin below it.
        let hangs = self.scene.layout.diagram.graph.open.get(index).is_some_and(|o| !o.is_empty());
        let (y, anchor) = match hangs {
            true => (on.min.y - 1.0, Anchor::LeftTop),
            false => (on.centre().y, Anchor::LeftCentre),
        };
        let at = pt(on.max.x + 5.0, y);
        let mut label = Label::new(at, anchor, if item.main { 90 } else { 60 });
        if item.symbol == Symbol::Source {
            let reading = &self.readings[index];
            let name = self.vertex(index).map(|v| v.name.clone()).unwrap_or_default();
            let volts = self.kv(index).map(format::voltage_kv).filter(|v| !name.contains(v));
            let all = [volts, reading.figure.clone(), reading.power()];
            let text = all.into_iter().flatten().collect::<Vec<_>>().join(" · ");
            label = label.line(name, TextRole::BodyStrong, Ink::token(Token::Text1)).line(
                text,
                TextRole::Small,
                Ink::token(Token::Text2),
            );
            let room = room.max(self.room_in_row(index, on));
            label.lines.retain(|l| measure(&l.text, l.role).0 <= room);
            // Above the line that leaves the source, however small its symbol is.
            label.at.y = (on.max.y + 2.0).min(on.centre().y + 15.0);
            label.anchor = Anchor::LeftBottom;
            if let Some(line) = one_line(&label, room, measure) {
                // Where a legend stands right above: lower too, clear of the line below.
                let plate = Some(Ink::token(Token::Canvas).faded(0.85));
                let at = label.at.plus(0.0, 4.0);
                label = label.clone().or(Label { at, lines: vec![line], plate, ..label });
            }
        } else if self.figure(index, room, measure).is_none()
            && self.readings[index].figure.is_some()
        {
            self.narrow(index, (on, anchor), measure);
            return;
        } else {
            label.lines = self.lines(index, room, measure);
        }
        let has_power = label.lines.last().is_some_and(|l| l.role == Self::roles(item).1);
        if hangs && item.main && label.lines.len() > 1 && has_power {
            // The last line, the power, gives way to the name of the bar below.
            let last = label.lines.pop();
            let tall: f64 = label.lines.iter().map(|l| f64::from(l.role.style().line)).sum();
            let mut below = Label::new(at.plus(0.0, tall + 2.1), anchor, 40);
            below.lines.extend(last);
            self.wanted.push(below);
        }
        if item.main && label.lines.len() > 1 {
            // Where a name has no room its first word and the figure may.
            let name = self.vertex(index).map(|v| before_comma(&v.name).to_owned());
            let mut short = Label { lines: Vec::new(), instead: None, ..label.clone() };
            let role = Self::roles(item).0;
            short.lines.extend(name.map(|text| Line { text, role, ink: Ink::token(Token::Text1) }));
            short.lines.extend(self.figure(index, room, measure));
            label = label.or(short);
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
        }
    }

    /// The figure of a symbol whose interval is too narrow for it: beside the line above, so that
    /// it is not read with the counts of the next one, else beside the symbol up to whatever comes
    /// next, else below; the counts at the left.
    fn narrow(&mut self, index: usize, (on, anchor): (&Bounds, Anchor), measure: &mut Measure) {
        let item = &self.scene.layout.diagram.items[index];
        let c = on.centre();
        let y = if anchor == Anchor::LeftTop { on.min.y } else { c.y };
        let of = |at, anchor, lines: Vec<Line>| Label { lines, ..Label::new(at, anchor, SQUEEZED) };
        let counts = Self::counts(item);
        if !counts.is_empty() {
            self.wanted.push(of(pt(on.min.x - 2.5, c.y), Anchor::RightCentre, counts));
        }
        let Some(figure) = self.figure(index, NARROW, measure) else { return };
        let lines = vec![figure];
        let right = of(pt(on.max.x + 3.0, y), anchor, lines.clone());
        let above = of(pt(c.x + 3.0, on.min.y - 4.0), Anchor::LeftBottom, lines.clone());
        let below = of(pt(c.x + 3.0, on.max.y + 1.0), Anchor::LeftTop, lines);
        // A switch that hangs there takes the room above.
        self.wanted.push(match anchor {
            Anchor::LeftTop => right.or(above).or(below),
            _ => above.or(right).or(below),
        });
    }

    /// Points on the screen between a symbol and the end of its interval; of main transformers
    /// in one row the least, so that all of them say as much.
    fn room_right(&self, index: usize, on: &Bounds) -> f64 {
        let layout = &self.scene.layout;
        let end = |i: usize| layout.room.get(i).map_or(0.0, |r| r.1);
        let x = |x: f64| self.options.view.to_screen(pt(x, 0.0)).x;
        let own = x(end(index)) - on.max.x - 8.5;
        let is_main = |i: usize| layout.diagram.items.get(i).is_some_and(|i| i.main);
        if !is_main(index) {
            return own;
        }
        let equals = (0..layout.boxes.len())
            .filter(|i| is_main(*i) && layout.depth.get(*i) == layout.depth.get(index));
        let room = |i: usize| x(end(i)) - x(layout.boxes[i].max.x) - 8.5;
        equals.map(room).fold(own, f64::min)
    }

    /// Points on the screen from a source to the next one in its row, or to the edge.
    fn room_in_row(&self, index: usize, on: &Bounds) -> f64 {
        let layout = &self.scene.layout;
        let same = |i: &usize| layout.depth.get(*i) == layout.depth.get(index);
        let left = |i: usize| self.screen(&layout.boxes[i]).min.x;
        let next = (0..layout.boxes.len()).filter(same).map(left).filter(|x| *x > on.max.x);
        next.fold(self.options.view.screen.max.x, f64::min) - on.max.x - 16.0
    }

    /// A bar with its name at the left, its figure, and its voltage at the right end.
    fn bar(&mut self, index: usize, on: &Bounds, ink: Ink, measure: &mut Measure) {
        let weight = f64::from(weights(self.kv(index)).1 * self.thin());
        let bar = Bounds::around(on.centre(), on.width(), weight);
        self.out.over.push(Shape::Rect { bounds: bar, fill: Some(ink), pen: None, radius: 1.0 });
        self.taken.push(bar);
        let reading = self.readings[index].clone();
        if on.width() < WIDE {
            self.short_bar(index, &bar, on, measure);
            return;
        }
        // Text stands above the bar, between the lines that come down on it.
        let (mut left, right) = self.free_stretch(index, on);
        let y = bar.min.y - 2.5;
        if reading.is_over() {
            let at = pt(left + 8.0, y - 7.0);
            self.taken.push(Bounds::around(at, 14.0, 13.0));
            self.out.over.extend(overload(at));
            left += 20.0;
        }
        for (words, role, ink) in self.bar_words(index, right - left, measure) {
            let wide = measure(&words, role).0;
            // The name of a bar before what stands above it, its figures after.
            let priority = if role == TextRole::SmallStrong { 92 } else { 85 };
            let label =
                Label::new(pt(left, y), Anchor::LeftBottom, priority).line(words, role, ink);
            self.wanted.push(label);
            left += wide + 6.0;
        }
        if let Some(words) = self.bar_voltage(index) {
            let at = pt(on.max.x, y);
            let label = Label::new(at, Anchor::RightBottom, 84);
            self.wanted.push(label.line(words, TextRole::Tiny, Ink::token(Token::Text2)));
        }
    }

    /// What fits into one line above a bar: the figure goes last, the power first.
    fn bar_words(
        &self,
        index: usize,
        room: f64,
        measure: &mut Measure,
    ) -> Vec<(String, TextRole, Ink)> {
        let reading = &self.readings[index];
        let name = self.vertex(index).map(|v| v.name.clone());
        let strong = |text| (text, TextRole::TinyStrong, reading.text_ink());
        let name = name.map(|n| (n, TextRole::SmallStrong, Ink::token(Token::Text1)));
        let plain = |text| (text, TextRole::Tiny, Ink::token(Token::Text2));
        // In the order in which they stand, with what goes before what.
        let mut words: Vec<(u8, (String, TextRole, Ink))> =
            Self::counts(&self.scene.layout.diagram.items[index])
                .into_iter()
                .map(|c| (1, (c.text, c.role, c.ink)))
                .collect();
        words.extend(name.map(|n| (2, n)));
        words.extend(reading.figure.clone().map(|f| (0, strong(f))));
        words.extend(reading.power().map(|p| (3, plain(p))));
        let mut taken = 0.0;
        let mut order: Vec<usize> = (0..words.len()).collect();
        order.sort_by_key(|i| words[*i].0);
        let mut kept = vec![false; words.len()];
        for i in order {
            let (_, (text, role, _)) = &words[i];
            let wide = measure(text, *role).0 + 6.0;
            if taken + wide - 6.0 <= room {
                kept[i] = true;
                taken += wide;
            }
        }
        words.into_iter().zip(kept).filter(|(_, k)| *k).map(|(w, _)| w.1).collect()
    }

    /// Texts of a short bar stand in lines at the right of the line that comes down on it.
    fn short_bar(&mut self, index: usize, bar: &Bounds, on: &Bounds, measure: &mut Measure) {
        let down = self.scene.layout.wires.iter().filter(|w| w.to == index && !w.open);
        let last = down.filter_map(|w| w.points.last()).map(|p| p.x).reduce(f64::max);
        let x = last.map_or(on.min.x, |x| self.options.view.to_screen(pt(x, 0.0)).x);
        let right = self.scene.layout.room.get(index).map_or(0.0, |r| r.1);
        let room = self.options.view.to_screen(pt(right, 0.0)).x - x - 8.0;
        let mut label = Label::new(pt(x + 6.0, bar.min.y - 2.5), Anchor::LeftBottom, 60);
        label.lines = self.lines(index, room, measure);
        if self.figure(index, room, measure).is_none()
            && let Some(figure) = self.figure(index, NARROW, measure)
        {
            let counts = Self::counts(&self.scene.layout.diagram.items[index]);
            let at = pt(x - 3.0, label.at.y);
            self.wanted
                .push(Label { lines: counts, ..Label::new(at, Anchor::RightBottom, SQUEEZED) });
            label = Label { at: pt(x + 4.0, label.at.y), lines: vec![figure], ..label };
        }
        if self.readings[index].is_over() {
            let at = pt(on.min.x - 10.0, on.centre().y);
            self.taken.push(Bounds::around(at, 14.0, 13.0));
            self.out.over.extend(overload(at));
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
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
        let own = &self.readings[index];
        let ink = match (own.hue, source) {
            (Some(hue), _) => Ink::of(hue),
            (None, Some(source)) if !own.is_unknown => self.readings[source].ink(),
            _ => Ink::token(Token::Text3),
        };
        self.out.over.extend(symbols::arrow(on, ink, self.scale()));
        self.taken.push(*on);
        let room = self.room_right(index, on);
        let word = if item.symbol == Symbol::Racks { "IT" } else { "cool" };
        let many = item.symbol == Symbol::Cooling && item.members.len() > 1;
        let word = if many { format!("{}× {word}", item.members.len()) } else { word.to_owned() };
        let mut words: Vec<(String, Token)> = vec![(word, Token::Text3)];
        let tone = if own.is_unknown { Token::Warn } else { Token::Text1 };
        words.extend(own.figure.clone().map(|figure| (figure, tone)));
        if own.mark.is_none() && item.symbol == Symbol::Racks {
            words.extend(self.readings[index].power().map(|p| (p, Token::Text2)));
        } else if self.vertex(index).is_some_and(|v| v.hall.is_none())
            && let Some(v) = self.vertex(index)
        {
            words.push((v.name.clone(), Token::Text2));
        }
        // Up from the tip: below it stands the card of the hall.
        let at = pt(on.max.x + 3.0, on.max.y - 2.0);
        let mut label = Label::new(at, Anchor::LeftBottom, 50);
        for (text, token) in words {
            if measure(&text, TextRole::Tiny).0 <= room {
                label = label.line(text, TextRole::Tiny, Ink::token(token));
            }
        }
        if !label.lines.is_empty() {
            self.wanted.push(label);
        }
    }
}

/// Name and figures of a label in one line, as many of them as have room; nothing where they
/// stand in one line already.
fn one_line(label: &Label, room: f64, measure: &mut Measure) -> Option<Line> {
    let [name, figures] = label.lines.as_slice() else { return None };
    let mut parts: Vec<&str> =
        std::iter::once(name.text.as_str()).chain(figures.text.split(" · ")).collect();
    while measure(&parts.join(" · "), TextRole::SmallStrong).0 > room {
        parts.pop()?;
    }
    Some(Line { text: parts.join(" · "), role: TextRole::SmallStrong, ink: name.ink })
}

/// A name in lines of at most `room`: broken at its comma, else without what stands behind the
/// comma, else by words; nothing where it does not fit.
fn wrap(name: &str, role: TextRole, room: f64, measure: &mut Measure) -> Vec<String> {
    if measure(name, role).0 > room
        && let Some((head, rest)) = name.split_once(", ")
        && measure(head, role).0 <= room
    {
        let rest = Some(rest).filter(|rest| measure(rest, role).0 <= room);
        return std::iter::once(head).chain(rest).map(str::to_owned).collect();
    }
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
