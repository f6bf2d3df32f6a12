//! Phases over the months: a row each with its stages as bars. It must not know what is built.

use super::furniture::{self, fitted, legend};
use super::{Drawing, Mark};
use crate::scene::geom::{Bounds, pt};
use crate::scene::shape::{Anchor, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};

/// A stretch of months.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub name: String,
    pub ink: Ink,
    /// Months from the start of the chart; ends before `to`.
    pub from: f64,
    pub to: f64,
}

/// A row.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    pub name: String,
    pub stages: Vec<Stage>,
}

/// Rows over one axis of months.
#[derive(Clone, Debug, PartialEq)]
pub struct Phases {
    /// Year and month (1 to 12) of month 0.
    pub start: (i32, u32),
    pub months: f64,
    pub tracks: Vec<Track>,
}

const ROW_MOST: f64 = 28.0;
const HEAD: f64 = 18.0;

impl Phases {
    fn month(&self, at: f64) -> String {
        let months = self.start.0 * 12 + self.start.1 as i32 - 1 + at.floor() as i32;
        format!("{}-{:02}", months.div_euclid(12), months.rem_euclid(12) + 1)
    }

    /// Screen position of a month; the inverse is what a drag needs.
    pub fn plot(&self, room: Bounds, measure: &mut Measure) -> Bounds {
        let names = self.tracks.iter().map(|t| t.name.as_str());
        let named = furniture::widest(names, TextRole::Small, measure).min(room.width() * 0.35);
        let tall = legend(&self.keys(), (room.min, room.width()), measure).1;
        let min = pt(room.min.x + named + 12.0, room.min.y + tall + HEAD);
        Bounds { min, max: pt(room.max.x.max(min.x + 20.0), room.max.y.max(min.y + 10.0)) }
    }

    /// Height of a row in a plot of this height.
    pub fn row(&self, plot_height: f64) -> f64 {
        (plot_height / self.tracks.len().max(1) as f64).min(ROW_MOST)
    }

    /// Kinds of stages, each once.
    fn keys(&self) -> Vec<(Ink, String)> {
        let mut keys: Vec<(Ink, String)> = Vec::new();
        for stage in self.tracks.iter().flat_map(|t| &t.stages) {
            if !keys.iter().any(|k| k.1 == stage.name) {
                keys.push((stage.ink, stage.name.clone()));
            }
        }
        keys
    }

    pub(super) fn draw(&self, room: Bounds, measure: &mut Measure) -> Drawing {
        let mut out = Drawing::default();
        out.shapes.extend(legend(&self.keys(), (room.min, room.width()), measure).0);
        let plot = self.plot(room, measure);
        let row = (plot.height() / self.tracks.len() as f64).min(ROW_MOST);
        let foot = plot.min.y + row * self.tracks.len() as f64;
        let x = |month: f64| plot.min.x + month / self.months.max(1.0) * plot.width();
        self.axis(&mut out.shapes, (&plot, foot), &x, measure);
        for (n, track) in self.tracks.iter().enumerate() {
            let y = plot.min.y + (n as f64 + 0.5) * row;
            let named = plot.min.x - room.min.x - 12.0;
            let name = fitted(&track.name, named, TextRole::Small, measure);
            let style = (TextRole::Small, Token::Text1);
            out.shapes.push(Shape::text(pt(room.min.x, y), Anchor::LeftCentre, name, style));
            for stage in &track.stages {
                let tall = row * 0.6;
                let (a, b) = (x(stage.from), x(stage.to.min(self.months)));
                let bounds = Bounds::of(pt(a, y - tall / 2.0), pt(b.max(a + 1.0), y + tall / 2.0));
                out.shapes.push(furniture::bar(bounds, stage.ink));
                out.marks.push(Mark { bounds, words: self.line(track, stage) });
            }
        }
        out
    }

    /// A line at each January, and its year where it has room.
    fn axis(
        &self,
        out: &mut Vec<Shape>,
        (plot, foot): (&Bounds, f64),
        x: &dyn Fn(f64) -> f64,
        measure: &mut Measure,
    ) {
        let to_january = (13 - self.start.1 as i32) % 12;
        let pen = Pen::token(Token::Line, 1.0);
        let mut names = vec![];
        let mut month = to_january;
        while f64::from(month) <= self.months {
            let at = x(f64::from(month));
            out.push(Shape::line(pt(at, plot.min.y), pt(at, foot), pen));
            let year = self.start.0 + (self.start.1 as i32 - 1 + month) / 12;
            if at + measure("2000", TextRole::Tiny).0 / 2.0 <= plot.max.x + 4.0 {
                names.push((at, year.to_string()));
            }
            month += 12;
        }
        furniture::names_below(out, &names, plot.min.y - 15.0, measure);
        out.push(Shape::line(plot.min, pt(plot.max.x, plot.min.y), Pen::token(Token::Line2, 1.0)));
    }

    fn line(&self, track: &Track, stage: &Stage) -> String {
        let last = self.month((stage.to - 1.0).max(stage.from));
        format!("{}: {} {} to {last}", track.name, stage.name, self.month(stage.from))
    }

    pub(super) fn words(&self) -> Vec<String> {
        let rows = self.tracks.iter().flat_map(|t| t.stages.iter().map(move |s| (t, s)));
        rows.map(|(t, s)| self.line(t, s)).collect()
    }
}
