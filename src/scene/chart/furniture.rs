//! What every chart has: axes with their names, marks of rack generations, a legend in a
//! free corner, names that find a free place beside their lines. It must not know what is
//! plotted.

use super::axis::{Axis, Scale, tick_label};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::labels::{self, Label, Line};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::squares::Squares;
use crate::scene::tokens::{Marker, TextRole, Token};

/// Width of a series line, points, and strength of its band.
pub(super) const SERIES_PX: f32 = 2.2;
pub(super) const BAND_ALPHA: f32 = 0.13;
/// More curves than this, and only those that stand out are drawn in full; strength of what
/// steps back, and of bands among many.
pub(super) const FEW: usize = 6;
pub(super) const BACK_ALPHA: f32 = 0.35;
pub(super) const CROWDED_ALPHA: f32 = 0.05;
/// Strength of what lies under a name that covers lines.
const PLATE_ALPHA: f32 = 0.8;

/// Room around the plot: for the y axis, for the x axis, and at the right.
const LEFT: f64 = 56.0;
const BELOW: f64 = 42.0;
const RIGHT: f64 = 10.0;
/// Least plot, whatever the room.
const LEAST_PX: f64 = 40.0;

/// The plot in a room with `above` points kept free over it.
pub(super) fn plot(room: Bounds, above: f64) -> Bounds {
    let min = room.min.plus(LEFT, above);
    let max = room.max.plus(-RIGHT, -BELOW);
    Bounds { min, max: pt(max.x.max(min.x + LEAST_PX), max.y.max(min.y + LEAST_PX)) }
}

/// Both axes over a plot: the upright one is logarithmic.
pub(super) fn axes_over(
    plot: &Bounds,
    scale: Scale,
    (x, y): ((f64, f64), (f64, f64)),
) -> (Axis, Axis) {
    (
        Axis { scale, min: x.0, max: x.1, from: plot.min.x, to: plot.max.x },
        Axis { scale: Scale::Log, min: y.0, max: y.1, from: plot.max.y, to: plot.min.y },
    )
}

/// Grid, ticks and names of both axes; `room` is the box around the plot.
pub(super) fn axes(
    out: &mut Vec<Shape>,
    (x_axis, y_axis): (&Axis, &Axis),
    room: Bounds,
    names: (&str, &str),
) {
    let plot = Bounds::of(pt(x_axis.from, y_axis.from), pt(x_axis.to, y_axis.to));
    let (grid, zero) = (Pen::token(Token::Line, 1.0), Pen::token(Token::Line2, 1.0));
    let small = (TextRole::Tiny, Token::Text2);
    for v in y_axis.ticks(7) {
        let y = y_axis.position(v);
        out.push(Shape::line(pt(plot.min.x, y), pt(plot.max.x, y), grid));
        let at = pt(plot.min.x - 8.0, y);
        out.push(Shape::text(at, Anchor::RightCentre, tick_label(v), small));
    }
    for v in y_axis.minor_ticks() {
        let y = y_axis.position(v);
        out.push(Shape::line(pt(plot.min.x - 4.0, y), pt(plot.min.x, y), zero));
    }
    for v in x_axis.ticks(9) {
        let x = x_axis.position(v);
        out.push(Shape::line(pt(x, plot.max.y), pt(x, plot.max.y + 4.0), zero));
        let at = pt(x, plot.max.y + 6.0);
        out.push(Shape::text(at, Anchor::CentreTop, tick_label(v), small));
    }
    out.push(Shape::line(plot.min, pt(plot.min.x, plot.max.y), zero));
    out.push(Shape::line(pt(plot.min.x, plot.max.y), plot.max, zero));
    let below = pt(plot.centre().x, room.max.y - 6.0);
    out.push(Shape::text(below, Anchor::CentreBottom, names.0, small));
    out.push(Shape::TextUp {
        at: pt(room.min.x + 8.0, plot.centre().y),
        text: names.1.to_owned(),
        role: TextRole::Tiny,
        ink: Ink::token(Token::Text2),
    });
}

/// A hollow mark of a rack generation.
pub(super) fn marker(kind: Marker, c: Pt, r: f64, ink: Ink) -> Shape {
    filled_marker(kind, c, r, (ink, Ink::token(Token::Canvas)))
}

/// A mark of a rack generation with its edge and what fills it.
pub(super) fn filled_marker(kind: Marker, c: Pt, r: f64, (edge, fill): (Ink, Ink)) -> Shape {
    let (fill, pen) = (Some(fill), Some(Pen::new(edge, 1.4)));
    let polygon = |points: Vec<Pt>| Shape::Polygon { points, fill, pen };
    match kind {
        Marker::Circle | Marker::Letter => Shape::Circle { centre: c, radius: r, fill, pen },
        Marker::Square => {
            Shape::Rect { bounds: Bounds::around(c, r * 1.8, r * 1.8), fill, pen, radius: 0.0 }
        }
        Marker::Triangle => polygon(vec![
            c.plus(0.0, -r * 1.15),
            c.plus(r * 1.1, r * 0.85),
            c.plus(-r * 1.1, r * 0.85),
        ]),
        Marker::Diamond => polygon(vec![
            c.plus(0.0, -r * 1.25),
            c.plus(r * 1.1, 0.0),
            c.plus(0.0, r * 1.25),
            c.plus(-r * 1.1, 0.0),
        ]),
    }
}

/// What stands before the words of a row of the legend.
#[derive(Clone, Copy)]
pub(super) enum Key {
    Disc(Ink),
    /// A hollow mark, with a whisker or without.
    Mark(Marker, Ink, bool),
    Area(Ink),
    /// A line within its area.
    Banded(Ink),
    Dashes(Ink),
    /// A thin line that steps back.
    Pale(Ink),
}

impl Key {
    fn paint(self, out: &mut Vec<Shape>, c: Pt) {
        let across = |half: f64, pen| Shape::line(c.plus(-half, 0.0), c.plus(half, 0.0), pen);
        match self {
            Key::Disc(ink) => {
                out.push(Shape::Circle { centre: c, radius: 5.0, fill: Some(ink), pen: None });
            }
            Key::Mark(kind, ink, whisker) => {
                if whisker {
                    let pen = Pen::new(ink, 1.3);
                    out.push(Shape::line(c.plus(0.0, -6.0), c.plus(0.0, 6.0), pen));
                }
                out.push(marker(kind, c, 3.6, ink));
            }
            Key::Area(ink) => {
                out.push(Shape::fill(Bounds::around(c, 16.0, 8.0), ink.faded(0.3)));
            }
            Key::Banded(ink) => {
                out.push(Shape::fill(Bounds::around(c, 18.0, 9.0), ink.faded(0.25)));
                out.push(across(9.0, Pen::new(ink, 2.0)));
            }
            Key::Dashes(ink) => out.push(across(9.0, Pen::new(ink, 1.6).dashed(5.0, 3.0))),
            Key::Pale(ink) => out.push(across(9.0, Pen::new(ink.faded(BACK_ALPHA), 1.4))),
        }
    }
}

/// Plots smaller than this have no room for a legend.
const LEGEND_LEAST: (f64, f64) = (360.0, 190.0);
const LEGEND_ROW: f64 = 17.0;
const LEGEND_TEXT: f64 = 32.0;

/// What the marks that are there mean, in the corner of the plot that hides least of what is
/// `drawn`; of equals the lower left.
pub(super) fn legend(
    out: &mut Vec<Shape>,
    rows: &[(bool, Key, &str)],
    (plot, drawn): (&Bounds, &[Pt]),
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) {
    let rows: Vec<(Key, &str)> = rows.iter().filter(|r| r.0).map(|r| (r.1, r.2)).collect();
    if rows.is_empty() || plot.width() < LEGEND_LEAST.0 || plot.height() < LEGEND_LEAST.1 {
        return;
    }
    let style = (TextRole::Tiny, Token::Text2);
    let wide = rows.iter().map(|r| measure(r.1, style.0).0).fold(0.0, f64::max);
    let (w, h) = (wide + LEGEND_TEXT + 8.0, LEGEND_ROW * rows.len() as f64 + 9.0);
    let p = plot.grown(-8.0);
    let corners =
        [pt(p.min.x, p.max.y - h), pt(p.max.x - w, p.min.y), pt(p.max.x - w, p.max.y - h), p.min];
    let box_at = |c: &Pt| Bounds::xywh(c.x, c.y, w, h);
    let hidden = |c: &&Pt| drawn.iter().filter(|q| box_at(c).grown(4.0).contains(**q)).count();
    let card = box_at(corners.iter().min_by_key(hidden).unwrap_or(&p.min));
    let (pen, fill) = (Pen::token(Token::Line2, 1.0), Ink::token(Token::Panel));
    out.push(Shape::Rect { bounds: card, fill: Some(fill), pen: Some(pen), radius: 3.0 });
    for (i, (key, words)) in rows.iter().enumerate() {
        let y = card.min.y + 13.0 + LEGEND_ROW * i as f64;
        key.paint(out, pt(card.min.x + LEGEND_TEXT / 2.0, y));
        let at = pt(card.min.x + LEGEND_TEXT, y);
        out.push(Shape::text(at, Anchor::LeftCentre, *words, style));
    }
    taken.push(card);
}

/// The name of a series wants to stand at one of several places near its line.
pub(super) struct Wanted {
    pub along: Vec<Pt>,
    pub label: Label,
    /// The name in fewer letters.
    pub short: String,
    /// Where no place is free the name alone covers lines.
    pub must: bool,
}

/// Distance of points along a line; boxes of names are larger.
const SAMPLE_PX: f64 = 5.0;

/// What names keep clear of: points along lines, and along lines that they may cross where
/// there is no other place.
#[derive(Clone, Debug, Default)]
pub(super) struct Drawn {
    pub lines: Vec<Pt>,
    pub rules: Vec<Pt>,
}

/// Each name goes to the first of its places in the plot that keeps clear of marks, lines
/// and other names: in two lines sooner than where another line is closer, unless that takes the
/// room of other names.
pub(super) fn place_names(
    wanted: &[Wanted],
    around: (Bounds, &Drawn),
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) -> Vec<Shape> {
    let attempt = |folds: bool, measure: &mut Measure| {
        let mut taken = taken.clone();
        let (count, shapes) = named(wanted, folds, around, &mut taken, measure);
        (count, shapes, taken)
    };
    let mut best = attempt(true, measure);
    if best.0 < wanted.len() {
        let other = attempt(false, measure);
        if other.0 > best.0 {
            best = other;
        }
    }
    *taken = best.2;
    best.1
}

/// How many of the names have a place, and they.
fn named(
    wanted: &[Wanted],
    folds: bool,
    around: (Bounds, &Drawn),
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) -> (usize, Vec<Shape>) {
    let (mut count, mut out) = (0, Vec::new());
    for w in wanted {
        if let Some(label) = placed(w, folds, around, taken, measure) {
            count += 1;
            out.extend(labels::place(vec![label], (&mut *taken, &Squares::default()), measure));
        }
    }
    (count, out)
}

/// A name at the first of its places, in as many letters as have one; at its own line sooner than
/// with what is said of it.
fn placed(
    w: &Wanted,
    folds: bool,
    (plot, drawn): (Bounds, &Drawn),
    taken: &[Bounds],
    measure: &mut Measure,
) -> Option<Label> {
    let none = Drawn::default();
    let mut find =
        |label: &Label, drawn| free_place(label, &w.along, (&plot, drawn), taken, measure);
    let at = |label: &Label, at: Pt| Some(Label { at, ..label.clone() });
    let whole = &w.label;
    // The name alone takes less room than the name with what is said of it.
    let alone = Label { lines: whole.lines.iter().take(1).cloned().collect(), ..whole.clone() };
    let mut elsewhere = None;
    for label in [whole, &alone] {
        match find(label, drawn) {
            Some(Place { at: own, is_own: true }) => return at(label, own),
            Some(Place { at: other, .. }) => elsewhere = elsewhere.or_else(|| at(label, other)),
            None => {}
        }
    }
    if folds {
        let folded = folded(&alone);
        if let Some(Place { at: own, is_own: true }) = find(&folded, drawn) {
            return at(&folded, own);
        }
    }
    if elsewhere.is_some() {
        return elsewhere;
    }
    let mut short = alone.clone();
    short.lines.iter_mut().for_each(|line| line.text.clone_from(&w.short));
    if let Some(place) = find(&short, drawn) {
        return at(&short, place.at);
    }
    let covering = alone.plate(Ink::token(Token::Canvas).faded(PLATE_ALPHA));
    let place = w.must.then(|| find(&covering, &none)).flatten()?;
    at(&covering, place.at)
}

/// The first line of a label in two, broken at the space that leaves the shortest.
fn folded(label: &Label) -> Label {
    let Some(line) = label.lines.first() else { return label.clone() };
    let longer = |at: &usize| (*at).max(line.text.len() - at);
    let spaces = line.text.match_indices(' ').map(|(at, _)| at);
    let Some(at) = spaces.min_by_key(longer) else { return label.clone() };
    let (first, second) = line.text.split_at(at);
    let part = |text: &str| Line { text: text.trim().to_owned(), ..line.clone() };
    Label { lines: vec![part(first), part(second)], ..label.clone() }
}

/// Where a label may stand, and whether no other line is closer to it than its own.
#[derive(Clone, Copy)]
struct Place {
    at: Pt,
    is_own: bool,
}

/// The first place of a label beside a line that is free and that no other line is closer to; else
/// one that is free, or that crosses rules alone.
fn free_place(
    label: &Label,
    along: &[Pt],
    (plot, drawn): (&Bounds, &Drawn),
    taken: &[Bounds],
    measure: &mut Measure,
) -> Option<Place> {
    let (w, h) = label.lines.iter().fold((0.0f64, 0.0f64), |s, l| {
        let m = measure(&l.text, l.role);
        (s.0.max(m.0), s.1 + m.1)
    });
    let clear = |p: &Pt| {
        let b = Bounds::xywh(p.x, p.y, w, h);
        plot.contains_box(&b)
            && !taken.iter().any(|t| t.intersects(&b.grown(2.0)))
            && !drawn.lines.iter().any(|l| b.grown(3.0).contains(*l))
    };
    let crosses = |p: &Pt| {
        let b = Bounds::xywh(p.x, p.y, w, h).grown(2.0);
        drawn.rules.iter().any(|l| b.contains(*l))
    };
    // From the end of the line back: right of it, left of it, above, below.
    let beside = [
        (14.0, -h - 6.0),
        (14.0, -h / 2.0),
        (14.0, 8.0),
        (-w - 14.0, 6.0),
        (-w - 14.0, -h / 2.0),
        (-w / 2.0, -h - 14.0),
        (-w / 2.0, 14.0),
    ];
    let tries = sampled(along);
    let ends = tries.iter().rev().step_by(2);
    let places = ends.flat_map(|p| beside.iter().map(|o| p.plus(o.0, o.1)));
    let others: Vec<Pt> = drawn.lines.iter().filter(|l| far(l, &tries)).copied().collect();
    let is_own = |p: &Pt| {
        let b = Bounds::xywh(p.x, p.y, w, h);
        let off = |low: f64, v: f64, high: f64| (low - v).max(v - high).max(0.0);
        let to = |q: &Pt| off(b.min.x, q.x, b.max.x).hypot(off(b.min.y, q.y, b.max.y));
        let nearest = |points: &[Pt]| points.iter().map(to).fold(f64::INFINITY, f64::min);
        nearest(&tries) <= nearest(&others)
    };
    let (mut free, mut crossing) = (None, None);
    for at in places.filter(clear) {
        if crosses(&at) {
            crossing = crossing.or(Some(at));
        } else if is_own(&at) {
            return Some(Place { at, is_own: true });
        } else {
            free = free.or(Some(at));
        }
    }
    free.or(crossing).map(|at| Place { at, is_own: false })
}

/// Whether a point lies off a line.
fn far(p: &Pt, line: &[Pt]) -> bool {
    line.iter().all(|q| q.distance(*p) > 2.0 * SAMPLE_PX)
}

/// Names of series without a line, each beside one of its own marks and clear of
/// everything else.
pub(super) fn name_marks(
    wanted: &[(&str, Vec<Pt>)],
    (plot, drawn): (&Bounds, &Drawn),
    taken: &mut Vec<Bounds>,
    measure: &mut Measure,
) -> Vec<Shape> {
    let mut out = Vec::new();
    let style = (TextRole::Tiny, Token::Text2);
    for (name, points) in wanted {
        let (w, h) = measure(name, style.0);
        let (right, left, middle) = (11.0, -w - 11.0, -w / 2.0);
        let (above, level, below) = (-h - 6.0, -h / 2.0, 6.0);
        let beside = [
            (right, level),
            (middle, above),
            (left, level),
            (middle, below),
            (right, below),
            (left, below),
            (right, above),
            (left, above),
        ];
        let clear = |b: &Bounds, lines: &[Pt]| !lines.iter().any(|l| b.grown(2.0).contains(*l));
        let free = |b: &Bounds| {
            plot.contains_box(b) && !taken.iter().any(|t| t.intersects(b)) && clear(b, &drawn.lines)
        };
        let mut points = points.iter().rev().filter(|p| plot.contains(**p));
        let found = points.find_map(|p| {
            let boxes = beside.map(|o| Bounds::xywh(p.x + o.0, p.y + o.1, w, h));
            let free: Vec<Bounds> = boxes.into_iter().filter(free).collect();
            free.iter().find(|b| clear(b, &drawn.rules)).or(free.first()).copied()
        });
        if let Some(found) = found {
            taken.push(found);
            out.push(Shape::text(found.min, Anchor::LeftTop, *name, style));
        }
    }
    out
}

/// Points every few pixels along a line, so that a box on it holds one.
pub(super) fn sampled(points: &[Pt]) -> Vec<Pt> {
    let mut out: Vec<Pt> = points.first().copied().into_iter().collect();
    for w in points.windows(2) {
        let (a, b) = (out.last().copied().unwrap_or(w[0]), w[1]);
        let n = (a.distance(b) / SAMPLE_PX).floor();
        // Short pieces wait until they add up.
        out.extend((1..=n as usize).map(|i| {
            let t = i as f64 / n;
            pt(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    #[test]
    fn samples_of_a_line_lie_close_and_are_few_however_fine_it_is() {
        let fine: Vec<Pt> = (0..=5000).map(|i| pt(f64::from(i) * 0.1, 0.0)).collect();
        let coarse = [pt(0.0, 0.0), pt(500.0, 0.0)];
        for line in [&fine[..], &coarse] {
            let found = sampled(line);
            assert!((50..=110).contains(&found.len()), "{}", found.len());
            assert!(found.windows(2).all(|w| w[0].distance(w[1]) < 2.0 * SAMPLE_PX));
            assert!(found[found.len() - 1].x > 500.0 - 2.0 * SAMPLE_PX);
        }
    }

    #[test]
    fn a_name_stands_closer_to_its_own_line_than_to_another() {
        let plot = Bounds::xywh(0.0, 0.0, 400.0, 200.0);
        let own = vec![pt(20.0, 150.0), pt(200.0, 150.0)];
        // It ends just where the first place of the name would be.
        let other = sampled(&[pt(20.0, 20.0), pt(205.0, 128.0)]);
        let drawn = Drawn { lines: [sampled(&own), other.clone()].concat(), ..Drawn::default() };
        let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 1).line(
            "Rack",
            TextRole::SmallStrong,
            Ink::token(Token::Text1),
        );
        let wanted = vec![Wanted { along: own, label, short: "R".into(), must: true }];
        let shapes = place_names(&wanted, (plot, &drawn), &mut Vec::new(), &mut rough_size);
        let Some(Shape::Text { at, text, role, .. }) = shapes.first() else {
            panic!("a name: {shapes:?}")
        };
        let (w, h) = rough_size(text, *role);
        let b = Bounds::xywh(at.x, at.y, w, h);
        let other = other.iter().map(|p| p.distance(b.centre())).fold(f64::INFINITY, f64::min);
        assert!(150.0 - b.centre().y < other, "{b:?} is {other} from the other line");
    }

    #[test]
    fn a_long_name_stands_in_two_lines_rather_than_at_another_line() {
        // Right of its end there is room for half of the name; all of it fits above the other line
        // alone.
        let plot = Bounds::xywh(0.0, 0.0, 300.0, 158.0);
        let own = vec![pt(20.0, 140.0), pt(180.0, 140.0)];
        let other = sampled(&[pt(20.0, 118.0), pt(180.0, 118.0)]);
        let drawn = Drawn { lines: [sampled(&own), other].concat(), ..Drawn::default() };
        let name = "Keynote: Blackwell NVL72";
        let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 1);
        let label = label.line(name, TextRole::SmallStrong, Ink::token(Token::Text1));
        let wanted = vec![Wanted { along: own, label, short: "B".into(), must: true }];
        let shapes = place_names(&wanted, (plot, &drawn), &mut Vec::new(), &mut rough_size);
        let text = |s: &Shape| match s {
            Shape::Text { text, .. } => Some(text.clone()),
            _ => None,
        };
        let texts: Vec<String> = shapes.iter().filter_map(text).collect();
        assert_eq!(texts, ["Keynote:", "Blackwell NVL72"]);
    }

    #[test]
    fn a_name_stays_short_where_two_lines_of_it_leave_no_room_for_another() {
        let plot = Bounds::xywh(0.0, 0.0, 300.0, 158.0);
        let label = |name: &str| {
            let ink = Ink::token(Token::Text1);
            Label::new(pt(0.0, 0.0), Anchor::LeftTop, 1).line(name, TextRole::SmallStrong, ink)
        };
        let wanted = |along: [Pt; 2], name: &str, short: &str| Wanted {
            along: along.to_vec(),
            label: label(name),
            short: short.into(),
            must: false,
        };
        // Two lines of the first name reach over the only place of the second.
        let (first, second) = ("Keynote: Blackwell NVL72", "Rubin NVL72");
        let both = [
            wanted([pt(20.0, 140.0), pt(180.0, 140.0)], first, "B"),
            wanted([pt(240.0, 100.0), pt(250.0, 100.0)], second, second),
        ];
        let lines = both.iter().flat_map(|w| sampled(&w.along));
        let drawn = Drawn { lines: lines.collect(), ..Drawn::default() };
        let above =
            vec![Bounds::xywh(0.0, 0.0, 300.0, 111.5), Bounds::xywh(0.0, 0.0, 186.0, 138.0)];
        let texts = |wanted: &[Wanted]| -> Vec<String> {
            let mut taken = above.clone();
            let shapes = place_names(wanted, (plot, &drawn), &mut taken, &mut rough_size);
            let text = |s: Shape| if let Shape::Text { text, .. } = s { Some(text) } else { None };
            shapes.into_iter().filter_map(text).collect()
        };
        assert_eq!(texts(&both[..1]), ["Keynote:", "Blackwell NVL72"]);
        assert_eq!(texts(&both), ["B", second]);
    }

    #[test]
    fn a_name_without_a_free_place_shrinks_then_covers_lines_or_goes() {
        let plot = Bounds::xywh(0.0, 0.0, 300.0, 60.0);
        let along: Vec<Pt> = vec![pt(20.0, 30.0), pt(140.0, 30.0)];
        let label = Label::new(pt(0.0, 0.0), Anchor::LeftTop, 1)
            .line("Rack", TextRole::SmallStrong, Ink::token(Token::Text1))
            .line("a longer second line", TextRole::Tiny, Ink::token(Token::Text2));
        let texts = |drawn: &Drawn, must: bool| -> Vec<String> {
            let (along, label, short) = (along.clone(), label.clone(), "R".to_owned());
            let wanted = vec![Wanted { along, label, short, must }];
            let shapes = place_names(&wanted, (plot, drawn), &mut Vec::new(), &mut rough_size);
            let text = |s: Shape| match s {
                Shape::Text { text, .. } => Some(text),
                _ => None,
            };
            shapes.into_iter().filter_map(text).collect()
        };
        let across = |y: f64| sampled(&[pt(0.0, y), pt(300.0, y)]);
        let rows = |ys: &[f64]| ys.iter().flat_map(|y| across(*y)).collect::<Vec<Pt>>();
        let whole = ["Rack", "a longer second line"];
        assert_eq!(texts(&Drawn::default(), false), whole);
        // Rules may be crossed.
        let ruled = Drawn { rules: rows(&[5.0, 15.0, 25.0, 35.0, 45.0, 55.0]), ..Drawn::default() };
        assert_eq!(texts(&ruled, false), whole);
        let tight = Drawn { lines: rows(&[2.0, 30.0, 58.0]), ..Drawn::default() };
        assert_eq!(texts(&tight, false), whole[..1]);
        let full = Drawn { lines: rows(&[5.0, 15.0, 25.0, 35.0, 45.0, 55.0]), ..Drawn::default() };
        assert_eq!(texts(&full, true), whole[..1]);
        assert!(texts(&full, false).is_empty());
    }
}
