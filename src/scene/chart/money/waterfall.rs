//! From one figure to another by steps: upright where the names have room below the bars,
//! else lying, a row a step. It must not know what the steps are.

use super::furniture::{self, Amounts, TICK, VALUE, fitted, round_axis, ticks, wrapped};
use super::{Drawing, Mark};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// A bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub name: String,
    /// What it adds; of a total the height that is reached.
    pub value: f64,
    /// Stands on the axis.
    pub is_total: bool,
}

/// Steps that lead from one total to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Waterfall {
    pub steps: Vec<Step>,
    pub amounts: Amounts,
    /// Whether more is better: colours of steps up and down. Cost has one colour.
    pub more_is_better: Option<bool>,
}

const STEPS: usize = 5;
const LINE: f64 = 12.0;
const ROW_MOST: f64 = 34.0;

impl Waterfall {
    /// Where each bar begins and ends.
    fn spans(&self) -> Vec<(f64, f64)> {
        let mut reached = 0.0;
        self.steps
            .iter()
            .map(|step| {
                let from = if step.is_total { 0.0 } else { reached };
                reached = if step.is_total { step.value } else { reached + step.value };
                (from, reached)
            })
            .collect()
    }

    fn ink(&self, step: &Step) -> Ink {
        let is_good = self.more_is_better.is_none_or(|more| (step.value >= 0.0) == more);
        match (step.is_total, is_good) {
            (true, _) => Ink::token(Token::Text2),
            (false, true) => Ink::token(Token::Better),
            (false, false) => Ink::token(Token::Worse),
        }
    }

    fn digits(&self, step: &Step) -> String {
        let digits = self.amounts.digits(step.value);
        let signed = !step.is_total && self.more_is_better.is_some() && step.value > 0.0;
        if signed && !digits.starts_with(Amounts::ABOUT) { format!("+{digits}") } else { digits }
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let pitch = (room.width() - 40.0) / self.steps.len() as f64;
        let names: Option<Vec<Vec<String>>> = self
            .steps
            .iter()
            .map(|s| wrapped(&s.name, (pitch - 4.0, 2), TICK.0, measure))
            .collect();
        let values = self.steps.iter().map(|s| measure(&self.digits(s), VALUE.0).0);
        let fits = values.fold(0.0, f64::max) <= pitch - 2.0;
        match names.filter(|_| fits) {
            Some(names) => self.upright(room, &names, measure),
            None => self.lying(room, measure),
        }
    }

    fn span(&self) -> (f64, f64) {
        let ends = self.spans().into_iter().flat_map(|(a, b)| [a, b]);
        ends.fold((0.0, 0.0), |s: (f64, f64), v| (s.0.min(v), s.1.max(v)))
    }

    fn upright(&self, room: Bounds, names: &[Vec<String>], measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let rows = names.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let top = room.min.y + 18.0;
        let bottom = (room.max.y - rows * LINE - 8.0).max(top + 20.0);
        let axis = round_axis(self.span(), STEPS, (bottom, top));
        let labels = ticks(&axis, STEPS, self.amounts.per);
        let left = furniture::widest(labels.iter().map(|l| l.1.as_str()), TICK.0, measure) + 10.0;
        let plot = Bounds { min: pt(room.min.x + left, top), max: pt(room.max.x, bottom) };
        furniture::upright(&mut out.shapes, &plot, &axis, &labels);
        let pitch = plot.width() / self.steps.len() as f64;
        let wide = (pitch * 0.7).min(56.0);
        let spans = self.spans();
        for (n, (step, (from, to))) in self.steps.iter().zip(&spans).enumerate() {
            let x = plot.min.x + (n as f64 + 0.5) * pitch;
            let (a, b) = (axis.position(*from), axis.position(*to));
            let bounds = Bounds::of(pt(x - wide / 2.0, a), pt(x + wide / 2.0, b));
            let shown =
                Bounds { max: bounds.max.plus(0.0, (1.0 - bounds.height()).max(0.0)), ..bounds };
            out.shapes.push(furniture::bar(shown, self.ink(step)));
            if n + 1 < self.steps.len() {
                let pen = Pen::token(Token::Line2, 1.0);
                let next = x + pitch - wide / 2.0;
                out.shapes.push(Shape::line(pt(x + wide / 2.0, b), pt(next, b), pen));
            }
            let text = self.digits(step);
            let at = pt(x, bounds.min.y - 3.0);
            out.shapes.push(Shape::text(at, Anchor::CentreBottom, text, VALUE));
            let style = if step.is_total { (TextRole::TinyStrong, Token::Text1) } else { TICK };
            for (k, line) in names.get(n).into_iter().flatten().enumerate() {
                let at = pt(x, plot.max.y + 6.0 + k as f64 * LINE);
                out.shapes.push(Shape::text(at, Anchor::CentreTop, line.as_str(), style));
            }
            out.marks.push(Mark { bounds: shown.grown(1.0), words: self.line(step) });
        }
        furniture::zero(&mut out.shapes, &plot, &axis);
        out
    }

    fn lying(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        let count = self.steps.len() as f64;
        let row = (room.height() / count).min(ROW_MOST);
        let names = self.steps.iter().map(|s| s.name.as_str());
        // Totals stand in strong letters, which are wider.
        let named = furniture::widest(names, TextRole::SmallStrong, measure);
        let named = named.min(room.width() * 0.42);
        let texts: Vec<String> = self.steps.iter().map(|s| self.digits(s)).collect();
        let values = furniture::widest(texts.iter().map(String::as_str), VALUE.0, measure);
        let (low, high) = self.span();
        let left = room.min.x + named + 12.0 + if low < 0.0 { values + 6.0 } else { 0.0 };
        let right = (room.max.x - values - 6.0).max(left + 20.0);
        let span = if high > low { high - low } else { 1.0 };
        let at_x = |v: f64| left + (v - low) / span * (right - left);
        let zero = at_x(0.0f64.clamp(low, high));
        let foot = room.min.y + row * count;
        let pen = Pen::token(Token::Line2, 1.0);
        let spans = self.spans();
        for (n, (step, (from, to))) in self.steps.iter().zip(&spans).enumerate() {
            let y = room.min.y + (n as f64 + 0.5) * row;
            let (a, b) = (at_x(*from), at_x(*to));
            let tall = (row * 0.62).max(2.0);
            let bounds = Bounds::of(pt(a, y - tall / 2.0), pt(b, y + tall / 2.0));
            let shown =
                Bounds { max: bounds.max.plus((1.0 - bounds.width()).max(0.0), 0.0), ..bounds };
            out.shapes.push(furniture::bar(shown, self.ink(step)));
            if n + 1 < self.steps.len() {
                out.shapes.push(Shape::line(
                    pt(b, y + tall / 2.0),
                    pt(b, y + row - tall / 2.0),
                    pen,
                ));
            }
            let style = match step.is_total {
                true => (TextRole::SmallStrong, Token::Text1),
                false => (TextRole::Small, Token::Text2),
            };
            let name = fitted(&step.name, named, style.0, measure);
            out.shapes.push(Shape::text(pt(room.min.x, y), Anchor::LeftCentre, name, style));
            let (at, anchor) =
                match *to < 0.0 && !step.is_total || step.value < 0.0 && step.is_total {
                    true => (pt(bounds.min.x - 5.0, y), Anchor::RightCentre),
                    false => (pt(bounds.max.x + 5.0, y), Anchor::LeftCentre),
                };
            out.shapes.push(Shape::text(
                at,
                anchor,
                texts.get(n).map_or("", String::as_str),
                VALUE,
            ));
            out.marks.push(Mark { bounds: shown.grown(1.0), words: self.line(step) });
        }
        out.shapes.push(Shape::line(pt(zero, room.min.y), pt(zero, foot), pen));
        out
    }

    fn line(&self, step: &Step) -> String {
        format!("{} {}", step.name, self.amounts.words(step.value))
    }

    pub(super) fn words(&self) -> Vec<String> {
        self.steps.iter().map(|s| self.line(s)).collect()
    }
}
