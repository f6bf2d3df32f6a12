//! A loop over a year: hours by outdoor temperature, those with a chiller among them, and PUE.
//! It must not know loops, weather or files.

use super::axis::{Axis, Scale, tick_label};
use super::furniture;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::{System, fixed};

/// Hours of the year in a span of outdoor temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub from_c: f64,
    pub to_c: f64,
    pub hours: f64,
    /// Of them, hours in which the air alone does not reach the set point.
    pub short_h: f64,
}

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CoolingYear {
    /// From the coldest, without gaps between equal widths.
    pub bars: Vec<Bar>,
    /// Outdoor temperature and PUE, from the coldest.
    pub pue: Vec<(f64, f64)>,
    /// Air above which the set point is missed; absent where machines differ or wet bulbs count.
    pub limit_c: Option<f64>,
    /// Coolant to the racks.
    pub set_point_c: Option<f64>,
    /// Dry bulb for which capacity is designed; absent is unknown.
    pub extreme_c: Option<f64>,
    /// What happens in the hours short, in a few words.
    pub short_words: String,
    /// Of every temperature.
    pub unit: &'static str,
}

impl CoolingYear {
    /// The same in the units of a system.
    pub fn within(mut self, system: System) -> Self {
        if system == System::Metric || self.unit == "°F" {
            return self;
        }
        let f = |c: f64| c * 1.8 + 32.0;
        for bar in &mut self.bars {
            (bar.from_c, bar.to_c) = (f(bar.from_c), f(bar.to_c));
        }
        self.pue.iter_mut().for_each(|p| p.0 = f(p.0));
        self.limit_c = self.limit_c.map(f);
        self.set_point_c = self.set_point_c.map(f);
        self.extreme_c = self.extreme_c.map(f);
        Self { unit: "°F", ..self }
    }
}

/// Room for the second upright axis.
const RIGHT: f64 = 52.0;
const ABOVE: f64 = 16.0;
const BAR_GAP_PX: f64 = 1.0;
/// Room above the tallest bar and the highest PUE, as a share of the axis.
const HEADROOM: f64 = 1.12;

/// Draws the year into a room; nothing where there is nothing to show.
pub fn draw_year(year: &CoolingYear, room: Bounds, measure: &mut Measure) -> Vec<Shape> {
    let (Some(first), Some(last)) = (year.bars.first(), year.bars.last()) else {
        return Vec::new();
    };
    let inner = Bounds { min: room.min, max: room.max.plus(-RIGHT, 0.0) };
    let plot = furniture::plot(inner, ABOVE);
    let most = year.bars.iter().map(|b| b.hours).fold(0.0, f64::max).max(1.0);
    let linear = |min, max, from, to| Axis { scale: Scale::Linear, min, max, from, to };
    // The design extreme lies beyond the warmest hour of a typical year.
    let end = year.extreme_c.map_or(last.to_c, |c| last.to_c.max(c + (last.to_c - last.from_c)));
    let x = linear(first.from_c, end, plot.min.x, plot.max.x);
    let hours = linear(0.0, most * HEADROOM, plot.max.y, plot.min.y);
    let pue = pue_axis(year, &plot);
    let mut out = Vec::new();
    let below = format!("Outdoor dry bulb, {}", year.unit);
    furniture::axes(&mut out, (&x, &hours), inner, (&below, "Hours of the year"));
    let mut drawn = Vec::new();
    for bar in &year.bars {
        bar.draw(&mut out, (&x, &hours));
        drawn.push(pt(x.position(f64::midpoint(bar.from_c, bar.to_c)), hours.position(bar.hours)));
    }
    if let Some(limit) = year.limit_c.filter(|c| *c > x.min && *c < x.max) {
        let degrees = |v: f64| format!("{} {}", fixed(v, 1), year.unit);
        let words = match year.set_point_c {
            Some(c) => format!("air holds {} to {}", degrees(c), degrees(limit)),
            None => format!("limit {}", degrees(limit)),
        };
        drawn.extend(mark_line(&mut out, (x.position(limit), &plot), (&words, 1.0), measure));
    }
    if let Some(extreme) = year.extreme_c.filter(|c| *c > x.min && *c < x.max) {
        let words = format!("design extreme {} {}", fixed(extreme, 1), year.unit);
        let row = if year.limit_c.is_some() { 2.2 } else { 1.0 };
        drawn.extend(mark_line(&mut out, (x.position(extreme), &plot), (&words, row), measure));
    }
    if let Some(pue) = pue {
        let points: Vec<Pt> =
            year.pue.iter().map(|(t, v)| pt(x.position(*t), pue.position(*v))).collect();
        let points: Vec<Pt> = points.into_iter().filter(|p| plot.contains(*p)).collect();
        drawn.extend(points.iter().copied());
        out.push(Shape::Line { points, pen: Pen::new(PUE, furniture::SERIES_PX) });
        right_axis(&mut out, &pue, &plot, room);
    }
    let short = year.bars.iter().any(|b| b.short_h > 0.0);
    let rows = [
        (true, furniture::Key::Area(HOURS), "Hours by air alone"),
        (short, furniture::Key::Area(SHORT), year.short_words.as_str()),
        (pue.is_some(), furniture::Key::Banded(PUE), "PUE"),
    ];
    furniture::legend(&mut out, &rows, (&plot, &drawn), &mut Vec::new(), measure);
    out
}

const HOURS: Ink = Ink::of(Hue::Token(Token::Accent));
const SHORT: Ink = Ink::of(Hue::Token(Token::WarnFill));
const PUE: Ink = Ink::of(Hue::Token(Token::Text1));
/// Strength of the bars under the line.
const BAR_ALPHA: f32 = 0.45;

impl Bar {
    fn draw(&self, out: &mut Vec<Shape>, (x, y): (&Axis, &Axis)) {
        let (left, right) = (x.position(self.from_c), x.position(self.to_c));
        let span = |from: f64, to: f64| Bounds {
            min: pt(left + BAR_GAP_PX / 2.0, y.position(to)),
            max: pt(right - BAR_GAP_PX / 2.0, y.position(from)),
        };
        let alone = self.hours - self.short_h;
        if alone > 0.0 {
            out.push(Shape::fill(span(0.0, alone), HOURS.faded(BAR_ALPHA)));
        }
        if self.short_h > 0.0 {
            out.push(Shape::fill(span(alone, self.hours), SHORT.faded(BAR_ALPHA * 2.0)));
        }
    }
}

/// PUE at the right, from a little below its least value.
fn pue_axis(year: &CoolingYear, plot: &Bounds) -> Option<Axis> {
    let values = || year.pue.iter().map(|p| p.1);
    let (low, high) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
    let span = (high - low).max(0.01);
    Some(Axis {
        scale: Scale::Linear,
        min: low - 0.1 * span,
        max: low + span * HEADROOM,
        from: plot.max.y,
        to: plot.min.y,
    })
}

fn right_axis(out: &mut Vec<Shape>, axis: &Axis, plot: &Bounds, room: Bounds) {
    let pen = Pen::token(Token::Line2, 1.0);
    let small = (TextRole::Tiny, Token::Text2);
    out.push(Shape::line(pt(plot.max.x, plot.min.y), plot.max, pen));
    for v in axis.ticks(6) {
        let y = axis.position(v);
        out.push(Shape::line(pt(plot.max.x, y), pt(plot.max.x + 4.0, y), pen));
        let at = pt(plot.max.x + 8.0, y);
        out.push(Shape::text(at, Anchor::LeftCentre, tick_label(v), small));
    }
    let at = pt(room.max.x, plot.min.y - 4.0);
    out.push(Shape::text(at, Anchor::RightBottom, "PUE", small));
}

/// An upright line with its words in a row over the plot, or in one below that; returns points
/// along the words, which nothing may cover.
fn mark_line(
    out: &mut Vec<Shape>,
    (x, plot): (f64, &Bounds),
    (words, row): (&str, f64),
    measure: &mut Measure,
) -> Vec<Pt> {
    let pen = Pen::token(Token::Warn, 1.2).dashed(4.0, 3.0);
    out.push(Shape::line(pt(x, plot.min.y), pt(x, plot.max.y), pen));
    let style = (TextRole::Tiny, Token::Warn);
    let (wide, tall) = measure(words, style.0);
    let y = plot.min.y - 3.0 + (row - 1.0) * tall;
    // Towards the middle where there is no room at the right.
    let (at, anchor) = match x + 4.0 + wide <= plot.max.x {
        true => (pt(x + 4.0, y), Anchor::LeftBottom),
        false => (pt(x - 4.0, y), Anchor::RightBottom),
    };
    out.push(Shape::text(at, anchor, words, style));
    let b = anchor.bounds(at, (wide, tall));
    furniture::sampled(&[pt(b.min.x, b.centre().y), pt(b.max.x, b.centre().y)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    fn year() -> CoolingYear {
        let bar = |k: i32| Bar {
            from_c: f64::from(k) * 2.0,
            to_c: f64::from(k) * 2.0 + 2.0,
            hours: 100.0 * f64::from(6 - (k - 5).abs()).max(0.0),
            short_h: if k >= 9 { 50.0 } else { 0.0 },
        };
        CoolingYear {
            bars: (0..11).map(bar).collect(),
            pue: (0..11).map(|k| (f64::from(k) * 2.0 + 1.0, 1.06 + 0.01 * f64::from(k))).collect(),
            limit_c: Some(18.0),
            set_point_c: None,
            extreme_c: None,
            unit: "°C",
            short_words: "Hours with chillers".into(),
        }
    }

    #[test]
    fn bars_stand_on_the_axis_in_proportion_and_stay_in_the_room() {
        let room = Bounds::xywh(0.0, 0.0, 640.0, 360.0);
        let shapes = draw_year(&year(), room, &mut rough_size);
        let bars: Vec<Bounds> = shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Rect { bounds, fill: Some(i), pen: None, .. }
                    if i.hue == HOURS.hue && i.alpha == BAR_ALPHA =>
                {
                    Some(*bounds)
                }
                _ => None,
            })
            .collect();
        assert_eq!(bars.len(), 11);
        let foot = bars[0].max.y;
        assert!(bars.iter().all(|b| (b.max.y - foot).abs() < 1e-9 && room.contains(b.min)));
        assert!((bars[5].height() / bars[2].height() - 600.0 / 300.0).abs() < 1e-9);
        let warm = shapes.iter().filter(|s| {
            matches!(s, Shape::Rect { fill: Some(i), .. } if i.hue == SHORT.hue && i.alpha > 0.5)
        });
        assert_eq!(warm.count(), 2, "only warm hours are short");
    }

    #[test]
    fn a_year_in_us_units_is_the_same_year() {
        let metric = year();
        let us = year().within(System::Us);
        assert_eq!((us.bars[0].from_c, us.bars[9].to_c, us.unit), (32.0, 68.0, "°F"));
        assert_eq!(us.limit_c, Some(18.0 * 1.8 + 32.0));
        let hours = |y: &CoolingYear| y.bars.iter().map(|b| b.hours).sum::<f64>();
        assert_eq!(hours(&us), hours(&metric));
        assert_eq!(us.clone().within(System::Us), us, "not converted twice");
    }

    #[test]
    fn the_legend_covers_no_words_of_a_line() {
        let hot = CoolingYear { extreme_c: Some(21.0), ..year() };
        for (w, h) in [(640.0, 360.0), (1000.0, 420.0), (2000.0, 560.0), (3000.0, 560.0)] {
            let shapes = draw_year(&hot, Bounds::xywh(0.0, 0.0, w, h), &mut rough_size);
            let card = shapes.iter().find_map(|s| match s {
                Shape::Rect { bounds, pen: Some(_), .. } => Some(*bounds),
                _ => None,
            });
            let card = card.expect("a legend");
            let words = shapes.iter().find_map(|s| match s {
                Shape::Text { at, anchor, text, role, .. } if text.starts_with("design") => {
                    Some(anchor.bounds(*at, rough_size(text, *role)))
                }
                _ => None,
            });
            assert!(!card.intersects(&words.expect("words of the extreme")), "{w}");
        }
    }

    #[test]
    fn nothing_is_drawn_of_no_year() {
        let room = Bounds::xywh(0.0, 0.0, 640.0, 360.0);
        assert!(draw_year(&CoolingYear::default(), room, &mut rough_size).is_empty());
    }
}
