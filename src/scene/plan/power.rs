//! Feeds, substations, transformers and cables. It must not know racks.

use super::campus::{CampusPart, FeedGeom, NodeGeom};
use super::draw::{Canvas, EDGED_PX, rounding};
use super::power_inks::{NodeInk, ink_of};
use super::routes::Route;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{Label, along};
use crate::scene::shape::{Anchor, Hue, Ink, Pen, Shape, overload};
use crate::scene::tokens::{TextRole, Token, loading_class};
use crate::site::NodeKind;
use crate::units::Power;
use crate::units::format::{fixed, power};

/// The figure of an element in the tone of its class.
fn figure(canvas: &Canvas, id: &str, plain: Token) -> Option<(String, Ink)> {
    let text = canvas.facts.figure(canvas.overlay, id)?;
    if canvas.facts.event.as_ref().is_some_and(|e| e.word(id).is_some()) {
        let token = if canvas.facts.is_out(id) { Token::Err } else { Token::Warn };
        return Some((text, Ink::token(token)));
    }
    let over = canvas.facts.share(canvas.overlay, id).or(canvas.facts.load.get(id).copied());
    let token = if over.is_some_and(|l| loading_class(l) == 5) { Token::Err } else { plain };
    Some((text, Ink::token(token)))
}

/// Zoom from which cables and rooms inside halls are drawn, points per metre.
const INSIDE_SCALE: f64 = 3.0;

/// Cables between yards, feeders and unit substations: a casing, then a double line in the ink
/// of the load, the most loaded on top. Cables inside a hall are single.
pub(super) fn routes(canvas: &mut Canvas, campus: &CampusPart) {
    if canvas.is_far() {
        return from_afar(canvas);
    }
    if canvas.view.scale < INSIDE_SCALE {
        campus.trunks.iter().for_each(|at| way(canvas, campus, *at));
    } else {
        (0..campus.routes.len()).for_each(|at| way(canvas, campus, at));
    }
    let (inks, view) = (canvas.inks, canvas.view);
    let trunks = inks.trunks.iter().filter_map(|at| Some((campus.routes.get(*at)?, inks.way(*at))));
    let trunks: Vec<_> = trunks.filter(|(route, _)| shows(canvas, route)).collect();
    let mut line = |route: &Route, pen| {
        let points = route.on_screen(view).collect();
        canvas.out.ground.push(Shape::Line { points, pen });
    };
    trunks.iter().for_each(|(route, _)| line(route, Pen::token(Token::Land2, 10.0)));
    trunks.iter().for_each(|(route, ink)| line(route, Pen::new(*ink, TRUNK_PX as f32)));
    trunks.iter().for_each(|(route, _)| line(route, Pen::token(Token::Land, 2.4)));
}

/// Ways shorter than this on the screen are not drawn, points.
const LEAST_WAY_PX: f64 = 8.0;

fn shows(canvas: &Canvas, route: &Route) -> bool {
    let around = &route.around;
    let long = around.width().max(around.height()) * canvas.view.scale;
    long >= LEAST_WAY_PX && around.grown(1.0).intersects(&canvas.visible)
}

/// A cable that is no overhead line: its room, and itself where it is no closed trunk.
fn way(canvas: &mut Canvas, campus: &CampusPart, at: usize) {
    let route = campus.routes.get(at).filter(|r| r.feed.is_none() || r.open);
    let Some(route) = route.filter(|r| shows(canvas, r)) else { return };
    let corners: Vec<Pt> = route.on_screen(canvas.view).collect();
    canvas.lines.extend(along(&corners, if route.trunk { TRUNK_PX } else { FAR_WAY_PX }));
    if route.open && canvas.facts.event.as_ref().is_some_and(|e| e.closes(&route.node)) {
        let pen = Pen::token(Token::Accent, 2.4);
        canvas.out.ground.push(Shape::Line { points: corners, pen });
    } else if route.open {
        open_route(canvas, corners);
    } else if !route.trunk {
        let pen = Pen::new(canvas.inks.way(at).faded(0.9), 1.2);
        canvas.out.ground.push(Shape::Line { points: corners, pen });
    }
}

/// Trunks from far, as boxes.
fn from_afar(canvas: &mut Canvas) {
    let scale = canvas.view.scale;
    for piece in &canvas.inks.pieces {
        let is_long = piece.long_m * scale >= LEAST_WAY_PX;
        if is_long && piece.bounds.grown(1.0).intersects(&canvas.visible) {
            let on = canvas.screen(&piece.bounds).grown(FAR_WAY_PX / 2.0);
            canvas.lines.add(on);
            canvas.out.ground.push(Shape::fill(on, piece.ink));
        }
    }
}

/// Width of a way from far, points.
const FAR_WAY_PX: f64 = 1.4;
/// Width of the double line of a trunk, points.
const TRUNK_PX: f64 = 6.0;
/// Width of the double line of a feed, points.
const FEED_PX: f64 = 7.0;

/// Behind an open switch: dashed, with a hollow point half way.
fn open_route(canvas: &mut Canvas, points: Vec<Pt>) {
    let middle = points.get(points.len() / 2).copied();
    let pen = Pen::new(Ink::of(Hue::Load(0)).faded(0.8), 1.2).dashed(4.0, 4.0);
    canvas.out.ground.push(Shape::Line { points, pen });
    if let Some(centre) = middle {
        canvas.out.ground.push(Shape::Circle {
            centre,
            radius: 3.5,
            fill: Some(Ink::token(Token::Canvas)),
            pen: Some(Pen::token(Token::Text2, 1.2)),
        });
    }
}

/// Feeds: a double line from the edge of the parcel, a mast, the name and the load.
pub(super) fn feeds(canvas: &mut Canvas, campus: &CampusPart, site: Option<Bounds>) {
    let site = site.unwrap_or(Bounds::NOTHING);
    for (at, route) in campus.overhead.iter().filter_map(|at| Some((*at, campus.routes.get(*at)?)))
    {
        let feed = route.feed.and_then(|feed| campus.feeds.get(feed));
        let from = feed.map_or(route.around, |f| route.around.union(&f.bounds));
        if !from.grown(8.0 / canvas.view.scale).intersects(&canvas.visible) {
            continue;
        }
        let of_feed = |f: &FeedGeom| ink_of(canvas.facts, canvas.overlay, &f.id);
        let ink = feed.map_or_else(|| canvas.inks.way(at), of_feed);
        let centre = feed.map(|f| f.bounds.centre());
        let points = centre.iter().chain(&route.points);
        let points: Vec<Pt> = points.map(|p| canvas.view.to_screen(*p)).collect();
        double(canvas, points, ink);
    }
    for feed in &campus.feeds {
        let ink = ink_of(canvas.facts, canvas.overlay, &feed.id);
        let c = feed.bounds.centre();
        let sides = [
            (c.y - site.min.y, pt(c.x, canvas.visible.min.y)),
            (site.max.y - c.y, pt(c.x, canvas.visible.max.y)),
            (c.x - site.min.x, pt(canvas.visible.min.x, c.y)),
            (site.max.x - c.x, pt(canvas.visible.max.x, c.y)),
        ];
        let out = sides.iter().min_by(|a, b| a.0.total_cmp(&b.0)).map(|s| s.1);
        if let Some(out) = out {
            let outside = match () {
                () if out.x == c.x && out.y < c.y => out.y < feed.bounds.min.y,
                () if out.x == c.x => out.y > feed.bounds.max.y,
                () if out.x < c.x => out.x < feed.bounds.min.x,
                () => out.x > feed.bounds.max.x,
            };
            if outside {
                let points = vec![canvas.view.to_screen(out), canvas.view.to_screen(c)];
                double(canvas, points, ink);
            }
        }
        mast(canvas, feed, ink);
        failed(canvas, &feed.id, &feed.bounds);
    }
}

fn double(canvas: &mut Canvas, points: Vec<Pt>, ink: Ink) {
    canvas.lines.extend(along(&points, FEED_PX));
    let pen = Pen::new(ink, FEED_PX as f32);
    canvas.out.ground.push(Shape::Line { points: points.clone(), pen });
    let core = Pen::token(Token::Land, 3.4);
    canvas.out.ground.push(Shape::Line { points, pen: core });
}

fn mast(canvas: &mut Canvas, feed: &FeedGeom, ink: Ink) {
    // The mast stands on the part of the line that shows.
    let (on, screen) = (canvas.screen(&feed.bounds), canvas.view.screen);
    let mut c = on.centre();
    let reach = on.height().max(on.width()) / 2.0 + 20.0;
    c.y = c.y.clamp(screen.min.y + 30.0, (screen.max.y - 30.0).max(screen.min.y + 30.0));
    if !screen.contains(c) || (c.y - on.centre().y).abs() > reach {
        return;
    }
    let pen = Pen::token(Token::Text2, 1.2);
    let line = |a: (f64, f64), b: (f64, f64)| Shape::line(c.plus(a.0, a.1), c.plus(b.0, b.1), pen);
    let plate = Bounds::around(c, 20.0, 20.0);
    canvas.symbols.push(plate);
    canvas.out.over.push(Shape::Rect {
        bounds: plate,
        fill: Some(Ink::token(Token::Panel)),
        pen: Some(Pen::new(ink, 1.2)),
        radius: 3.0,
    });
    canvas.out.over.extend([line((-4.5, 7.0), (0.0, -7.0)), line((4.5, 7.0), (0.0, -7.0))]);
    if !canvas.is_far() {
        canvas.out.over.extend([
            line((-6.0, -2.0), (6.0, -2.0)),
            line((-4.5, 2.0), (4.5, 2.0)),
            line((-3.0, 2.4), (4.5, 7.0)),
            line((3.0, 2.4), (-4.5, 7.0)),
        ]);
    }
    let flows = canvas.overlay.is_of_flow() && canvas.facts.flows;
    let facts = canvas.facts;
    let used = if flows { facts.flow_mw.get(&feed.id) } else { facts.used_mw.get(&feed.id) };
    let word = facts.event.as_ref().and_then(|e| e.word(&feed.id));
    let figure = match used {
        _ if word.is_some() => word.unwrap_or_default(),
        Some(mw) => format!("{} of {}", fixed(*mw, 1), feed.capacity),
        None => feed.capacity.clone(),
    };
    let words = |side: f64, anchor, figure: &str| {
        Label::new(c.plus(17.0 * side, 0.0), anchor, 95)
            .within(screen)
            .line(&feed.title, TextRole::SmallStrong, Ink::token(Token::Text1))
            .line(figure, TextRole::Tiny, Ink::token(Token::Text2))
    };
    let (right, left) = (Anchor::LeftCentre, Anchor::RightCentre);
    let label = words(1.0, right, &figure).or(words(-1.0, left, &figure));
    // Between two feeds that stand close the load alone may have room.
    let label = match used {
        Some(mw) => {
            let short = power(Power::mw(*mw));
            label.or(words(1.0, right, &short)).or(words(-1.0, left, &short))
        }
        None => label,
    };
    // Where the edge of the parcel or a fence is in the way on both sides, over it.
    let plate = Ink::token(Token::Canvas).faded(0.85);
    let over = words(1.0, right, &figure).plate(plate);
    canvas.wanted.push(label.or(over).or(words(-1.0, left, &figure).plate(plate)));
}

pub(super) fn nodes(canvas: &mut Canvas, campus: &CampusPart) {
    let shown = campus.nodes_at(canvas.view.scale);
    let shown = || shown.iter().filter_map(|at| Some((*at, campus.nodes.get(*at)?)));
    for (at, node) in shown().filter(|(_, n)| n.yard) {
        if canvas.shows(&node.bounds) {
            substation(canvas, campus, (at, node));
        }
    }
    for (at, node) in shown() {
        if !canvas.shows(&node.bounds) {
            continue;
        }
        let NodeInk { ink, .. } = canvas.inks.node(at);
        match node.kind {
            NodeKind::Substation if node.yard => {}
            NodeKind::MainTransformer => transformer(canvas, node, ink),
            _ => unit(canvas, node, ink),
        }
    }
    // What has failed is told of rooms that are too small to be drawn as well.
    let nodes = canvas.facts.event.iter().flat_map(|_| &campus.nodes);
    for node in nodes {
        if canvas.shows(&node.bounds) {
            failed(canvas, &node.id, &node.bounds);
        }
    }
}

/// A cross over what has failed; smaller where only a part of it has.
fn failed(canvas: &mut Canvas, id: &str, bounds: &Bounds) {
    let Some(event) = canvas.facts.event.as_ref().filter(|e| e.out.contains_key(id)) else {
        return;
    };
    let whole = event.is_out(id);
    let b = canvas.screen(bounds);
    let c = b.centre();
    let reach = (b.width().min(b.height()) / 2.0).clamp(5.0, if whole { 16.0 } else { 8.0 });
    let pen = Pen::token(Token::Err, if whole { 2.2 } else { 1.6 });
    for sign in [-1.0, 1.0] {
        let ends = (c.plus(-reach, sign * reach), c.plus(reach, -sign * reach));
        canvas.out.over.push(Shape::line(ends.0, ends.1, pen));
    }
}

fn substation(canvas: &mut Canvas, campus: &CampusPart, (at, node): (usize, &NodeGeom)) {
    let b = canvas.screen(&node.bounds);
    let NodeInk { ink, is_overloaded } = canvas.inks.node(at);
    canvas.out.ground.push(Shape::Rect {
        bounds: b,
        fill: Some(Ink::token(Token::Land2)),
        pen: Some(canvas.fence((5.0, 3.0))),
        radius: rounding(&b, 2.0),
    });
    let broken =
        is_overloaded || node.transformers.iter().any(|t| canvas.inks.node(*t).is_overloaded);
    covers(canvas, &b);
    let inside = b.width() > 90.0 && b.height() > 40.0;
    let alone = stands_alone(canvas, node);
    canvas.wanted.extend(substation_name(&node.name, &b, &canvas.view.screen, alone));
    if inside {
        let volts = match (node.source_kv, node.voltage_kv) {
            (Some(s), Some(v)) if (s - v).abs() > 1e-6 => Some(format!("{s} / {v} kV")),
            (_, Some(v)) | (Some(v), None) => Some(format!("{v} kV")),
            (None, None) => None,
        };
        // Beside the name, not against it.
        let letters = |t: &str| t.chars().count() as f64;
        let taken = |volts: &str| 6.4 * letters(&node.name) + 5.4 * letters(volts) + 26.0;
        if let Some(volts) = volts.filter(|v| taken(v) < b.width()) {
            let at = pt(b.max.x - 8.0, b.min.y + 7.0);
            let label = Label::new(at, Anchor::RightTop, 50).within(b);
            canvas.wanted.push(label.line(volts, TextRole::Tiny, Ink::token(Token::Text3)));
        }
    }
    if broken {
        let at = if inside { pt(b.centre().x, b.min.y + 13.0) } else { pt(b.max.x, b.min.y) };
        canvas.out.over.extend(overload(at));
    }
    buses(canvas, campus, node, ink);
}

/// Points around a fence within which a neighbour takes the room for its name.
const NEIGHBOUR_PX: f64 = 8.0;

/// Whether neither another substation nor a yard that it is not part of adjoins its fence: a name
/// beside it would cover that, and of substations in a row the last alone would have one.
fn stands_alone(canvas: &Canvas, node: &NodeGeom) -> bool {
    node.gap_m * canvas.view.scale >= NEIGHBOUR_PX
}

/// Inside at the top, smaller where that is too wide, else at the fence where no cable runs; at its
/// sides where it stands alone.
fn substation_name(name: &str, b: &Bounds, screen: &Bounds, alone: bool) -> Option<Label> {
    let words = |at: Pt, anchor, role| {
        Label::new(at, anchor, 94).line(name, role, Ink::token(Token::Text1))
    };
    // From afar hundreds are lower than a line of text.
    let inside = (b.height() > f64::from(TextRole::TinyStrong.style().size)).then(|| {
        let top = words(b.min.plus(8.0, 6.0), Anchor::LeftTop, TextRole::SmallStrong);
        let small = words(b.min.plus(4.0, 3.0), Anchor::LeftTop, TextRole::TinyStrong);
        // Clear of the fence at its end as well.
        top.within(b.grown(-3.0)).or(small.within(*b))
    });
    let beside = |at, anchor| words(at, anchor, TextRole::SmallStrong).within(*screen);
    let around = alone.then(|| {
        beside(b.min.plus(0.0, -3.0), Anchor::LeftBottom)
            .or(beside(pt(b.min.x, b.max.y + 3.0), Anchor::LeftTop))
            .or(beside(pt(b.max.x + 5.0, b.centre().y), Anchor::LeftCentre))
            .or(beside(pt(b.min.x - 5.0, b.centre().y), Anchor::RightCentre))
    });
    inside.into_iter().chain(around).reduce(Label::or)
}

/// A box hides the lines that run into it; labels without a plate do not cross its edges.
fn covers(canvas: &mut Canvas, b: &Bounds) {
    // In a box without room for a text nothing is written, and across it neither.
    if b.height() < f64::from(TextRole::Tiny.style().line) {
        canvas.lines.add(*b);
        return;
    }
    canvas.lines.cut(b);
    let corners = [b.min, pt(b.max.x, b.min.y), b.max, pt(b.min.x, b.max.y), b.min];
    canvas.lines.extend(along(&corners, 1.0));
}

/// High bus above the transformers, low bus below, stems through each.
fn buses(canvas: &mut Canvas, campus: &CampusPart, node: &NodeGeom, low: Ink) {
    let b = canvas.screen(&node.bounds);
    // The upper bus runs below the name.
    if b.height() < 68.0 {
        return;
    }
    let inside: Vec<&NodeGeom> = node
        .transformers
        .iter()
        .filter_map(|t| campus.nodes.get(*t))
        .filter(|t| t.inside)
        .collect();
    if inside.is_empty() {
        return;
    }
    let all = inside.iter().fold(Bounds::NOTHING, |all, t| all.union(&canvas.screen(&t.bounds)));
    let centre = all.centre().y;
    let high_y = (b.min.y + 25.0).min(centre - 12.0);
    let low_y = (b.max.y - 8.0).max(centre + 12.0);
    let (x0, x1) = (b.min.x + 9.0, b.max.x - 9.0);
    let share = |t: &&NodeGeom| canvas.facts.share(canvas.overlay, &t.id);
    let worst = inside.iter().filter_map(share).fold(0.0f64, f64::max);
    let high = if worst > 0.0 {
        Ink::of(Hue::Load(loading_class(worst)))
    } else {
        Ink::token(Token::Text3)
    };
    for t in &inside {
        let x = canvas.screen(&t.bounds).centre().x;
        let pen = Pen::new(ink_of(canvas.facts, canvas.overlay, &t.id), 1.5);
        let pen =
            if b.width() / (inside.len() as f64) < 18.0 { Pen { width: 1.0, ..pen } } else { pen };
        canvas.out.ground.push(Shape::line(
            pt(symbol_x(x, &inside, canvas), high_y),
            pt(symbol_x(x, &inside, canvas), low_y),
            pen,
        ));
    }
    canvas.out.ground.push(Shape::line(pt(x0, high_y), pt(x1, high_y), Pen::new(high, 2.4)));
    canvas.out.ground.push(Shape::line(pt(x0, low_y), pt(x1, low_y), Pen::new(low, 2.4)));
}

/// Transformers with a caption beside them stand left of their centre.
fn symbol_x(x: f64, all: &[&NodeGeom], canvas: &Canvas) -> f64 {
    let wide = all.iter().map(|t| canvas.screen(&t.bounds).width()).fold(f64::INFINITY, f64::min);
    if wide > CAPTION_PX { x - wide / 2.0 + 16.0 } else { x }
}

/// Least width of a transformer on screen that leaves room for its caption beside it.
const CAPTION_PX: f64 = 58.0;
/// Least width of one that has its figure below it.
const FIGURE_PX: f64 = 12.0;

/// IEC 60617: two circles that overlap, in the ink of the load; the values beside. One that no
/// buses lead to shows its edge: there end the cables.
fn transformer(canvas: &mut Canvas, node: &NodeGeom, ink: Ink) {
    let b = canvas.screen(&node.bounds);
    if b.width().max(b.height()) < EDGED_PX {
        canvas.out.over.push(Shape::fill(b, ink));
        return;
    }
    let wide = b.width() > CAPTION_PX;
    if wide && !node.has_buses {
        canvas.out.ground.push(Shape::Rect {
            bounds: b,
            fill: Some(Ink::token(Token::Building)),
            pen: Some(Pen::token(Token::Line2, 1.0)),
            radius: rounding(&b, 3.0),
        });
        covers(canvas, &b);
    }
    let load = (b.width() > FIGURE_PX).then(|| figure(canvas, &node.id, Token::Text2)).flatten();
    let c = if wide { pt(b.min.x + 16.0, b.centre().y) } else { b.centre() };
    let r = (b.width().min(b.height()) * 0.24).clamp(2.0, 6.5);
    if r > 3.5 {
        let plate = Bounds::around(c, r * 4.0, r * 3.4);
        canvas.symbols.push(plate.grown(-1.0));
        canvas.out.over.push(Shape::Rect {
            bounds: plate,
            fill: Some(Ink::token(Token::Building)),
            pen: Some(Pen::token(Token::Line2, 1.0)),
            radius: rounding(&plate, 3.0),
        });
    }
    let pen = Pen::new(ink, if r > 3.5 { 1.8 } else { 1.2 });
    for dx in [-0.58, 0.58] {
        canvas.out.over.push(Shape::Circle {
            centre: c.plus(dx * r, 0.0),
            radius: r,
            fill: None,
            pen: Some(pen),
        });
    }
    if wide && b.height() > 18.0 {
        let words = |at, anchor| {
            let name = Ink::token(Token::Text1);
            let label = Label::new(at, anchor, 70).line(&node.name, TextRole::Tiny, name);
            match &load {
                Some((text, ink)) => label.line(text, TextRole::TinyStrong, *ink),
                None => label,
            }
        };
        // Below where the room beside it is too narrow: of equals all go there.
        let room = b.grown(9.0);
        let beside = words(pt(c.x + r * 2.0 + 6.0, c.y), Anchor::LeftCentre).within(room);
        let below = words(pt(c.x, c.y + r * 1.7 + 3.0), Anchor::CentreTop);
        canvas.wanted.push(beside.or(below.plate(Ink::token(Token::Land2))));
    } else if let Some((text, ink)) = load {
        let at = pt(c.x, c.y + r * 1.7 + 2.0);
        // Equals beside it say as much as it does: all of them say what fits into their width.
        let room = Bounds { min: pt(b.min.x, at.y), max: pt(b.max.x, at.y + 40.0) }.grown(9.0);
        let words = |text: &str| {
            Label::new(at, Anchor::CentreTop, 70).plate(Ink::token(Token::Land2)).within(room).line(
                text,
                TextRole::TinyStrong,
                ink,
            )
        };
        let short = text.strip_suffix(" firm").unwrap_or(&text);
        let share = short.strip_suffix(" %").and_then(|digits| digits.parse().ok());
        let whole = share.map(|percent: f64| words(&format!("{} %", fixed(percent, 0))));
        let label = words(&text).or(words(short));
        canvas.wanted.push(match whole {
            Some(whole) => label.or(whole),
            None => label,
        });
    }
}

/// Feeder cubicles, unit substations and busways: a small box in the ink of the load.
fn unit(canvas: &mut Canvas, node: &NodeGeom, ink: Ink) {
    let b = canvas.screen(&node.bounds);
    let small = b.width().min(b.height()) < 7.0;
    canvas.out.ground.push(Shape::Rect {
        bounds: b,
        fill: Some(if small { ink.faded(0.7) } else { Ink::token(Token::Building) }),
        pen: (!small).then_some(Pen::new(ink, 1.2)),
        radius: rounding(&b, 1.0),
    });
    if b.width() > 26.0 && b.height() > 26.0 && node.kind == NodeKind::UnitSubstation {
        let (c, r) = (b.centre(), 5.0);
        for dy in [-0.58, 0.58] {
            let centre = c.plus(0.0, dy * r);
            let pen = Some(Pen::new(ink, 1.4));
            canvas.out.ground.push(Shape::Circle { centre, radius: r, fill: None, pen });
        }
    }
    if !small {
        canvas.boxes.push(b);
    }
    if b.width() < 30.0 {
        return;
    }
    covers(canvas, &b);
    let load = figure(canvas, &node.id, Token::Text3);
    let wide = 6.2 * node.name.chars().count() as f64;
    if b.width() > wide && b.height() > 13.0 {
        let load = load.filter(|_| b.height() > 28.0);
        let plate = Ink::token(Token::Building).faded(0.8);
        let label = Label::new(b.centre(), Anchor::Centre, 32).plate(plate);
        canvas.wanted.push(unit_words(label, Some(&node.name), load));
        return;
    }
    // A long name beside a small box would cover its neighbours; hovering tells it.
    let name = (wide <= b.width() * 2.4).then_some(node.name.as_str());
    let tall = 12.0 * (usize::from(name.is_some()) + usize::from(load.is_some())) as f64;
    let wide = if name.is_some() { wide } else { 30.0 };
    let c = b.centre();
    let sides = [
        (pt(c.x, b.max.y + 2.0), Anchor::CentreTop),
        (pt(c.x, b.min.y - 2.0), Anchor::CentreBottom),
        (pt(b.max.x + 4.0, c.y), Anchor::LeftCentre),
        (pt(b.min.x - 4.0, c.y), Anchor::RightCentre),
    ];
    let free = sides.into_iter().filter(|(at, anchor)| {
        let place = anchor.bounds(*at, (wide, tall));
        !canvas.boxes.iter().any(|o| *o != b && o.intersects(&place))
    });
    let labels = free
        .map(|(at, anchor)| unit_words(Label::new(at, anchor, 32), name, load.clone()))
        .filter(|label| !label.lines.is_empty());
    let label = labels.reduce(Label::or);
    canvas.wanted.extend(label);
}

fn unit_words(label: Label, name: Option<&str>, load: Option<(String, Ink)>) -> Label {
    let label = match name {
        Some(name) => label.line(name, TextRole::Tiny, Ink::token(Token::Text2)),
        None => label,
    };
    match load {
        Some((text, ink)) => label.line(text, TextRole::Tiny, ink),
        None => label,
    }
}
