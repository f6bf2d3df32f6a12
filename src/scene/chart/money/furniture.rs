//! What charts of money share: amounts in one unit and count of decimals, an upright axis with
//! round ticks, names that fit their room, rows that do not overlap. It must not know what is
//! plotted.

use crate::scene::chart::axis::{Axis, Scale};
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::fixed;

pub(super) const TICK: (TextRole, Token) = (TextRole::Tiny, Token::Text2);
pub(super) const VALUE: (TextRole, Token) = (TextRole::TinyStrong, Token::Text1);

/// Amounts of one chart: all in the same unit, with the same count of decimals.
#[derive(Clone, Debug, PartialEq)]
pub struct Amounts {
    /// What one of the unit is worth in the unit of the data.
    pub per: f64,
    /// `$B`, `$M`, `$`.
    pub unit: &'static str,
    pub decimals: usize,
}

impl Amounts {
    /// In front of the zero of an amount that is not quite nothing.
    pub(super) const ABOUT: char = '≈';

    /// Dollars in billions, millions or ones, so that the largest has three digits.
    pub fn money(largest_usd: f64) -> Self {
        let (per, unit) = match largest_usd.abs() {
            v if v >= 0.9995e9 => (1e9, "$B"),
            v if v >= 0.9995e6 => (1e6, "$M"),
            _ => (1.0, "$"),
        };
        Self { per, unit, decimals: decimals(largest_usd / per, 3) }
    }

    /// Dollars for a price: ones, so that the largest has three digits.
    pub fn price(largest_usd: f64) -> Self {
        Self { per: 1.0, unit: "$", decimals: decimals(largest_usd, 3) }
    }

    /// One decimal more.
    pub fn finer(self) -> Self {
        Self { decimals: self.decimals + 1, ..self }
    }

    /// The digits of an amount in this unit. Less than the last digit is not nothing: such an
    /// amount has its first digit, or reads as about zero where that is a millionth of the unit.
    pub fn digits(&self, value: f64) -> String {
        let shown = value / self.per;
        let mut texts = (self.decimals..=self.decimals.max(6)).map(|n| fixed(shown, n));
        let tells = |text: &String| text.bytes().any(|b| (b'1'..=b'9').contains(&b));
        if value == 0.0 {
            return texts.next().unwrap_or_default();
        }
        texts.find(tells).unwrap_or_else(|| format!("{}0", Self::ABOUT))
    }

    /// An amount with its unit, for words.
    pub fn words(&self, value: f64) -> String {
        let digits = self.digits(value);
        match self.unit.strip_prefix('$') {
            Some("") => signed_dollars(&digits, ""),
            Some(scale) => signed_dollars(&digits, &format!(" {scale}")),
            None => format!("{digits} {}", self.unit),
        }
    }
}

/// `−$5.17 B` of the digits `−5.17`.
fn signed_dollars(digits: &str, scale: &str) -> String {
    let number = digits.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
    let (sign, rest) = digits.split_at(number);
    format!("{sign}${rest}{scale}")
}

/// Decimals with which a value has so many digits at least.
fn decimals(value: f64, digits: i32) -> usize {
    let size = value.abs();
    if !size.is_finite() || size == 0.0 {
        return 0;
    }
    let whole = size.log10().floor() as i32 + 1;
    (digits - whole).clamp(0, 6) as usize
}

/// An axis from a round value to a round one over a span, with about so many steps; positions
/// `from` and `to` on the screen.
pub(super) fn round_axis((low, high): (f64, f64), most: usize, (from, to): (f64, f64)) -> Axis {
    let (low, high) = (low.min(high), high.max(low));
    let span = if high > low { high - low } else { high.abs().max(1.0) };
    let step = round_step(span / most.max(1) as f64);
    let min = (low / step + 1e-9).floor() * step;
    let max = ((high / step - 1e-9).ceil() * step).max(min + step);
    Axis { scale: Scale::Linear, min, max, from, to }
}

/// The least of 1, 2, 5 times a power of ten that is not below `rough`.
pub(super) fn round_step(rough: f64) -> f64 {
    let power = 10f64.powf(rough.abs().max(1e-12).log10().floor());
    let fits = |k: &&f64| **k * power >= rough * (1.0 - 1e-9);
    [1.0, 2.0, 5.0, 10.0].iter().find(fits).map_or(power * 10.0, |k| k * power)
}

/// Round values of an axis with a text each, all with the same decimals.
pub(super) fn ticks(axis: &Axis, most: usize, per: f64) -> Vec<(f64, String)> {
    let step = round_step((axis.max - axis.min) / most.max(1) as f64);
    let first = (axis.min / step - 1e-9).ceil();
    let count = ((axis.max / step + 1e-9).floor() - first).clamp(0.0, 60.0) as usize;
    let shown = step / per;
    let places = if shown >= 1.0 { 0 } else { (-shown.log10() - 1e-9).ceil().max(0.0) as usize };
    (0..=count)
        .map(|i| {
            let v = (first + i as f64) * step;
            (v, fixed(v / per, places))
        })
        .collect()
}

/// Widest of some texts.
pub(super) fn widest<'a>(
    texts: impl Iterator<Item = &'a str>,
    role: TextRole,
    measure: &mut Measure,
) -> f64 {
    texts.map(|t| measure(t, role).0).fold(0.0, f64::max)
}

/// Grid lines with the figures at their left, and the line of zero over them.
pub(super) fn upright(out: &mut Vec<Shape>, plot: &Bounds, axis: &Axis, labels: &[(f64, String)]) {
    for (value, text) in labels {
        let y = axis.position(*value);
        let pen = Pen::token(Token::Line, 1.0);
        out.push(Shape::line(pt(plot.min.x, y), pt(plot.max.x, y), pen));
        out.push(Shape::text(pt(plot.min.x - 6.0, y), Anchor::RightCentre, text.as_str(), TICK));
    }
}

/// The line of zero, over what stands on it.
pub(super) fn zero(out: &mut Vec<Shape>, plot: &Bounds, axis: &Axis) {
    let y = axis.position(0.0f64.clamp(axis.min, axis.max));
    let pen = Pen::token(Token::Line2, 1.0);
    out.push(Shape::line(pt(plot.min.x, y), pt(plot.max.x, y), pen));
}

/// Names under the plot at their places; where they would touch, every second, third ... alone.
pub(super) fn names_below(
    out: &mut Vec<Shape>,
    names: &[(f64, String)],
    y: f64,
    measure: &mut Measure,
) {
    let wide = widest(names.iter().map(|n| n.1.as_str()), TICK.0, measure) + 6.0;
    let pitch = names.windows(2).map(|w| w[1].0 - w[0].0).fold(f64::INFINITY, f64::min);
    let every = if pitch > 0.0 { (wide / pitch).ceil().max(1.0) as usize } else { 1 };
    for (x, name) in names.iter().step_by(every) {
        out.push(Shape::text(pt(*x, y), Anchor::CentreTop, name.as_str(), TICK));
    }
}

/// A text cut to a width, with an ellipsis where something was cut.
pub fn fitted(text: &str, width: f64, role: TextRole, measure: &mut Measure) -> String {
    if measure(text, role).0 <= width {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let mut keep = letters.len();
    while keep > 1 {
        keep -= 1;
        let head: String = letters.iter().take(keep).collect();
        let cut = format!("{}…", head.trim_end());
        if measure(&cut, role).0 <= width {
            return cut;
        }
    }
    "…".to_owned()
}

/// A text in at most `lines` lines of a width, broken at spaces; nothing where it does not fit.
pub(super) fn wrapped(
    text: &str,
    (width, lines): (f64, usize),
    role: TextRole,
    measure: &mut Measure,
) -> Option<Vec<String>> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if measure(word, role).0 > width {
            return None;
        }
        let longer = out.last().map(|line| format!("{line} {word}"));
        match longer.filter(|line| measure(line, role).0 <= width) {
            Some(line) => {
                out.pop();
                out.push(line);
            }
            None => out.push(word.to_owned()),
        }
    }
    (out.len() <= lines).then_some(out)
}

/// Middles of rows of one height that are near where they want to be, in order, without
/// overlap, within `top` to `bottom`.
pub(super) fn spread(wanted: &[f64], row: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let count = wanted.len() as f64;
    let row = row.min((bottom - top) / count.max(1.0));
    let mut out: Vec<f64> = Vec::new();
    for w in wanted {
        let least = out.last().map_or(top + row / 2.0, |last| last + row);
        out.push(w.max(least));
    }
    let mut most = bottom - row / 2.0;
    for y in out.iter_mut().rev() {
        *y = y.min(most);
        most = *y - row;
    }
    out
}

/// Squares with their names in a row, wrapped; their shapes and how high they are.
pub(super) fn legend(
    entries: &[(Ink, String)],
    (at, width): (Pt, f64),
    measure: &mut Measure,
) -> (Vec<Shape>, f64) {
    const ROW: f64 = 18.0;
    const SQUARE: f64 = 8.0;
    let mut out = Vec::new();
    let (mut x, mut y) = (at.x, at.y);
    for (ink, name) in entries {
        let name = fitted(name, width - SQUARE - 6.0, TextRole::Small, measure);
        let wide = SQUARE + 6.0 + measure(&name, TextRole::Small).0;
        if x > at.x && x + wide > at.x + width {
            (x, y) = (at.x, y + ROW);
        }
        let middle = y + ROW / 2.0;
        out.push(Shape::Rect {
            bounds: Bounds::xywh(x, middle - SQUARE / 2.0, SQUARE, SQUARE),
            fill: Some(*ink),
            pen: None,
            radius: 2.0,
        });
        let style = (TextRole::Small, Token::Text2);
        let words = pt(x + SQUARE + 6.0, middle);
        out.push(Shape::text(words, Anchor::LeftCentre, name, style));
        x += wide + 12.0;
    }
    (out, y + ROW - at.y)
}

/// A bar, with the edge that pale tier colours need on a pale ground.
pub(super) fn bar(bounds: Bounds, ink: Ink) -> Shape {
    let outlined = matches!(ink.hue, Hue::Tier(rank) if rank < 2);
    let pen = outlined.then(|| Pen::token(Token::Line2, 1.0));
    Shape::Rect { bounds, fill: Some(ink), pen, radius: 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    #[test]
    fn amounts_of_a_chart_have_one_unit_and_never_vanish() {
        let billions = Amounts::money(51.69e9);
        assert_eq!((billions.unit, billions.digits(51.69e9).as_str()), ("$B", "51.7"));
        assert_eq!(billions.clone().finer().digits(-5.17e9), "−5.17");
        assert_eq!(billions.words(-5.17e9), "−$5.2 B");
        assert_eq!(billions.digits(3e6), "0.003");
        assert_eq!(billions.words(-3e6), "−$0.003 B");
        assert_eq!((billions.digits(-12.0), billions.words(12.0)), ("≈0".into(), "≈$0 B".into()));
        assert_eq!(billions.digits(0.0), "0.0");
        let price = Amounts::price(0.988);
        assert_eq!((price.digits(0.031), price.words(0.988)), ("0.031".into(), "$0.988".into()));
        assert_eq!(Amounts::money(0.0).digits(0.0), "0");
    }

    #[test]
    fn an_axis_ends_at_round_values_around_what_it_shows() {
        let axis = round_axis((-37.2, 20.4), 5, (0.0, 100.0));
        assert_eq!((axis.min, axis.max), (-40.0, 40.0));
        let texts: Vec<String> = ticks(&axis, 5, 1.0).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["−40", "−20", "0", "20", "40"]);
        let small = round_axis((0.0, 0.988), 4, (0.0, 1.0));
        let texts: Vec<String> = ticks(&small, 4, 1.0).into_iter().map(|t| t.1).collect();
        assert_eq!(texts, ["0.0", "0.5", "1.0"]);
        let flat = round_axis((0.0, 0.0), 4, (0.0, 1.0));
        assert!(flat.max > flat.min);
    }

    #[test]
    fn rows_keep_apart_and_stay_inside() {
        let placed = spread(&[10.0, 11.0, 12.0, 95.0, 99.0], 14.0, (0.0, 100.0));
        assert!(placed.windows(2).all(|w| w[1] - w[0] >= 14.0 - 1e-9), "{placed:?}");
        assert!(placed[0] >= 7.0 && placed[4] <= 93.0 + 1e-9);
    }

    #[test]
    fn names_are_cut_or_broken_to_their_room() {
        let m = &mut rough_size;
        let cut = fitted("Grid connection and substations", 60.0, TextRole::Small, m);
        assert!(cut.ends_with('…') && rough_size(&cut, TextRole::Small).0 <= 60.0);
        let lines = wrapped("one price per tier", (60.0, 3), TextRole::Tiny, m).expect("fits");
        assert_eq!(lines.join(" "), "one price per tier");
        assert_eq!(wrapped("incomprehensibility", (40.0, 3), TextRole::Tiny, m), None);
    }
}
