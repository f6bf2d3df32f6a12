//! The frame of lines over years: amounts at the left, room for the words at their ends, a column
//! to point at for each year. It must not know what the lines are.

use super::furniture::{self, Amounts, TICK, round_axis, ticks};
use super::{Drawing, Mark};
use crate::scene::chart::axis::Axis;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::Measure;
use crate::scene::tokens::TextRole;

const BELOW: f64 = 20.0;

pub(super) struct Years {
    pub plot: Bounds,
    pub axis: Axis,
    /// Steps from the first year to the last.
    last: f64,
}

impl Years {
    /// The frame of so many years for all values, drawn; `ends` are the words at the ends of
    /// lines, their role, and the gap to leave beside them.
    pub fn new(
        out: &mut Drawing,
        (room, measure): (Bounds, &mut Measure),
        (count, amounts): (usize, &Amounts),
        values: impl Iterator<Item = f64>,
        (ends, role, gap): (&[String], TextRole, f64),
    ) -> Self {
        let span = values.fold((0.0, 0.0), |s: (f64, f64), v| (s.0.min(v), s.1.max(v)));
        let top = room.min.y + 8.0;
        let bottom = (room.max.y - BELOW).max(top + 20.0);
        let axis = round_axis(span, 5, (bottom, top));
        let labels = ticks(&axis, 5, amounts.per);
        let left = furniture::widest(labels.iter().map(|l| l.1.as_str()), TICK.0, measure) + 10.0;
        let right = furniture::widest(ends.iter().map(String::as_str), role, measure) + gap;
        let plot = Bounds {
            min: pt(room.min.x + left, top),
            max: pt((room.max.x - right).max(room.min.x + left + 20.0), bottom),
        };
        furniture::upright(&mut out.shapes, &plot, &axis, &labels);
        furniture::zero(&mut out.shapes, &plot, &axis);
        Self { plot, axis, last: count.saturating_sub(1).max(1) as f64 }
    }

    fn x(&self, n: usize) -> f64 {
        self.plot.min.x + n as f64 / self.last * self.plot.width()
    }

    /// Points of a line from the first year on.
    pub fn chain(&self, values: &[f64]) -> Vec<Pt> {
        values.iter().enumerate().map(|(n, v)| pt(self.x(n), self.axis.position(*v))).collect()
    }

    /// Names of the years, and a column for each with the words of its figures.
    pub fn name(
        &self,
        out: &mut Drawing,
        labels: &[String],
        measure: &mut Measure,
        words: impl Fn(usize) -> String,
    ) {
        let plot = &self.plot;
        let half = plot.width() / self.last / 2.0;
        for n in 0..labels.len() {
            let (from, to) =
                ((self.x(n) - half).max(plot.min.x), (self.x(n) + half).min(plot.max.x));
            let bounds = Bounds::of(pt(from, plot.min.y), pt(to, plot.max.y));
            out.marks.push(Mark { bounds, words: words(n) });
        }
        let names: Vec<(f64, String)> =
            labels.iter().enumerate().map(|(n, l)| (self.x(n), l.clone())).collect();
        furniture::names_below(&mut out.shapes, &names, plot.max.y + 5.0, measure);
    }
}
