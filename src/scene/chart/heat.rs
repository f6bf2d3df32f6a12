//! A value by month and hour of the day as a field of cells: PUE over a year. It must not know
//! loops, weather or files.

use super::furniture;
use crate::scene::geom::{Bounds, Pt, pt};
use crate::scene::shape::{Anchor, Hue, Ink, Measure, Pen, Shape};
use crate::scene::tokens::{TextRole, Token};
use crate::units::format::{MONTHS, fixed};

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// 12 months from January, each of 24 hours from midnight.
    pub cells: Vec<Vec<f64>>,
    /// Days that each month's cells are the mean of.
    pub days: Vec<usize>,
}

/// A cell of the map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeatCell {
    /// From 0.
    pub month: usize,
    /// From 0.
    pub hour: usize,
    pub value: f64,
    pub bounds: Bounds,
}

/// Hues of the classes, from the least value: those of loadings, all but that of an overload,
/// which readers of any colour vision tell apart.
const HUES: [Hue; 5] = [Hue::Load(0), Hue::Load(1), Hue::Load(2), Hue::Load(3), Hue::Load(4)];
/// Least step of a class: finer differences mean nothing.
const LEAST_STEP: f64 = 0.001;
/// Room over the plot for the legend.
const ABOVE: f64 = 26.0;
const SWATCH: (f64, f64) = (16.0, 9.0);
const GAP_PX: f64 = 1.0;
/// Hours between ticks.
const TICK_H: usize = 3;
const DAY_H: usize = 24;
/// Names of months are cut to this many letters on the axis.
const SHORT: usize = 3;

/// Values of equal steps that cover the map.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Classes {
    least: f64,
    step: f64,
}

impl HeatMap {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.cells.iter().flatten().copied()
    }

    /// Steps of 1, 2 or 5 of a power of ten, so that the legend reads well.
    fn classes(&self) -> Option<Classes> {
        let low = self.values().reduce(f64::min)?;
        let high = self.values().reduce(f64::max)?;
        let mut decade = LEAST_STEP;
        loop {
            for step in [1.0, 2.0, 5.0].map(|k| k * decade) {
                let least = (low / step + 1e-9).floor() * step;
                if least + step * HUES.len() as f64 >= high - 1e-9 || !high.is_finite() {
                    return Some(Classes { least, step });
                }
            }
            decade *= 10.0;
        }
    }

    fn plot(room: Bounds) -> Bounds {
        furniture::plot(room, ABOVE)
    }

    /// The cells within a room, month by month.
    pub fn cells_in(&self, room: Bounds) -> Vec<HeatCell> {
        let plot = Self::plot(room);
        let tall = plot.height() / MONTHS.len() as f64;
        let wide = plot.width() / DAY_H as f64;
        let mut out = Vec::new();
        for (month, row) in self.cells.iter().enumerate() {
            for (hour, value) in row.iter().enumerate() {
                let at = plot.min.plus(wide * hour as f64, tall * month as f64);
                let bounds = Bounds::xywh(at.x, at.y, wide - GAP_PX, tall - GAP_PX);
                out.push(HeatCell { month, hour, value: *value, bounds });
            }
        }
        out
    }

    /// The cell under a point, with what is to be said of it.
    pub fn at(&self, room: Bounds, point: Pt) -> Option<(HeatCell, Vec<String>)> {
        let reach = |c: &HeatCell| c.bounds.grown(GAP_PX / 2.0).contains(point);
        let cell = self.cells_in(room).into_iter().find(reach)?;
        let days = self.days.get(cell.month).copied().unwrap_or_default();
        let lines = vec![
            format!("PUE {}", fixed(cell.value, 3)),
            format!("{}, {}:00 to {}:00", MONTHS[cell.month], cell.hour, cell.hour + 1),
            format!("mean of {days} days"),
        ];
        Some((cell, lines))
    }

    /// Cells of the greatest and of the least value.
    fn extremes(&self, cells: &[HeatCell]) -> Option<(HeatCell, HeatCell)> {
        let most = cells.iter().copied().reduce(|a, b| if b.value > a.value { b } else { a })?;
        let least = cells.iter().copied().reduce(|a, b| if b.value < a.value { b } else { a })?;
        Some((most, least))
    }

    /// The map in a sentence, for those who do not see it.
    pub fn spoken(&self) -> String {
        let cells = self.cells_in(Bounds::xywh(0.0, 0.0, 240.0, 120.0));
        let Some((most, least)) = self.extremes(&cells) else { return "no map".to_owned() };
        let words =
            |c: HeatCell| format!("{} in {} at {}:00", fixed(c.value, 3), MONTHS[c.month], c.hour);
        format!("least {}, most {}", words(least), words(most))
    }

    /// A month in a sentence; empty where the map has none of that number.
    pub fn spoken_month(&self, month: usize) -> String {
        let Some(row) = self.cells.get(month) else { return String::new() };
        let (mut worst, mut low) = ((0, f64::NEG_INFINITY), f64::INFINITY);
        for (hour, value) in row.iter().enumerate() {
            low = low.min(*value);
            worst = if *value > worst.1 { (hour, *value) } else { worst };
        }
        let name = MONTHS[month];
        format!("{name}: PUE {} to {}, most at {}:00", fixed(low, 3), fixed(worst.1, 3), worst.0)
    }
}

impl Classes {
    fn of(self, value: f64) -> usize {
        let class = ((value - self.least) / self.step + 1e-9).floor().max(0.0) as usize;
        class.min(HUES.len() - 1)
    }

    fn words(self, class: usize) -> String {
        let decimals = if self.step < 0.01 { 3 } else { 2 };
        let from = self.least + self.step * class as f64;
        format!("{}–{}", fixed(from, decimals), fixed(from + self.step, decimals))
    }
}

/// Draws the map into a room; nothing where there is none. The greatest cell has an edge.
pub fn draw_heat(map: &HeatMap, room: Bounds, measure: &mut Measure) -> Vec<Shape> {
    let Some(classes) = map.classes() else { return Vec::new() };
    let plot = HeatMap::plot(room);
    let cells = map.cells_in(room);
    let mut out = Vec::new();
    for cell in &cells {
        out.push(Shape::fill(cell.bounds, Ink::of(HUES[classes.of(cell.value)])));
    }
    if let Some((most, _)) = map.extremes(&cells) {
        let pen = Pen::token(Token::Text1, 1.6);
        out.push(Shape::outline(most.bounds.grown(0.8), pen));
    }
    let small = (TextRole::Tiny, Token::Text2);
    let tall = plot.height() / MONTHS.len() as f64;
    for (month, name) in MONTHS.iter().enumerate() {
        let short: String = name.chars().take(SHORT).collect();
        let at = pt(plot.min.x - 8.0, plot.min.y + tall * (month as f64 + 0.5));
        out.push(Shape::text(at, Anchor::RightCentre, short, small));
    }
    for hour in (0..=DAY_H).step_by(TICK_H) {
        let x = plot.min.x + plot.width() * hour as f64 / DAY_H as f64;
        let pen = Pen::token(Token::Line2, 1.0);
        out.push(Shape::line(pt(x, plot.max.y), pt(x, plot.max.y + 4.0), pen));
        let at = pt(x, plot.max.y + 6.0);
        out.push(Shape::text(at, Anchor::CentreTop, format!("{hour}:00"), small));
    }
    let below = pt(plot.centre().x, room.max.y - 6.0);
    let name = "Hour of the day, local standard time";
    out.push(Shape::text(below, Anchor::CentreBottom, name, small));
    legend(&mut out, (classes, map), &plot, measure);
    out
}

/// The classes that occur, in a row over the plot, from the left.
fn legend(
    out: &mut Vec<Shape>,
    (classes, map): (Classes, &HeatMap),
    plot: &Bounds,
    measure: &mut Measure,
) {
    let style = (TextRole::Tiny, Token::Text2);
    let y = plot.min.y - ABOVE / 2.0;
    let mut x = plot.min.x;
    let name = "PUE";
    out.push(Shape::text(pt(x, y), Anchor::LeftCentre, name, style));
    x += measure(name, style.0).0 + 10.0;
    let most = map.values().map(|v| classes.of(v)).max().unwrap_or(0);
    for (class, hue) in HUES.iter().enumerate().take(most + 1) {
        let words = classes.words(class);
        let wide = SWATCH.0 + 5.0 + measure(&words, style.0).0;
        if x + wide > plot.max.x {
            return;
        }
        let centre = pt(x + SWATCH.0 / 2.0, y);
        let bounds = Bounds::around(centre, SWATCH.0, SWATCH.1);
        out.push(Shape::Rect {
            bounds,
            fill: Some(Ink::of(*hue)),
            pen: Some(Pen::token(Token::Line2, 1.0)),
            radius: 1.0,
        });
        out.push(Shape::text(pt(x + SWATCH.0 + 5.0, y), Anchor::LeftCentre, words, style));
        x += wide + 14.0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::shape::rough_size;

    /// Hotter by month and by hour, from 1.06 to 1.06 + 11 x 0.003 + 23 x 0.001.
    fn map() -> HeatMap {
        let row = |m: usize| (0..24).map(|h| 1.06 + 0.003 * m as f64 + 0.001 * h as f64).collect();
        HeatMap { cells: (0..12).map(row).collect(), days: vec![31; 12] }
    }

    const ROOM: Bounds = Bounds { min: Pt { x: 0.0, y: 0.0 }, max: Pt { x: 800.0, y: 320.0 } };

    #[test]
    fn cells_fill_the_plot_without_overlap_and_are_found_under_the_pointer() {
        let map = map();
        let cells = map.cells_in(ROOM);
        assert_eq!(cells.len(), 288);
        let plot = HeatMap::plot(ROOM);
        let area: f64 = cells
            .iter()
            .map(|c| c.bounds.grown(GAP_PX / 2.0))
            .map(|b| b.width() * b.height())
            .sum();
        assert!((area / (plot.width() * plot.height()) - 1.0).abs() < 1e-9);
        for cell in &cells {
            let (found, lines) = map.at(ROOM, cell.bounds.centre()).expect("a cell");
            assert_eq!((found.month, found.hour), (cell.month, cell.hour));
            assert_eq!(lines[0], format!("PUE {:.3}", map.cells[cell.month][cell.hour]));
        }
        assert!(map.at(ROOM, pt(2.0, 2.0)).is_none());
    }

    #[test]
    fn classes_are_even_read_well_and_cover_least_and_most() {
        let classes = map().classes().expect("classes");
        assert_eq!((classes.step, classes.words(0)), (0.02, "1.06–1.08".to_owned()));
        assert_eq!((classes.of(1.06), classes.of(1.116), classes.of(1.08)), (0, 2, 1));
        let flat = HeatMap { cells: vec![vec![1.065; 24]; 12], days: vec![30; 12] };
        assert_eq!(flat.classes().map(|c| c.of(1.065)), Some(0));
        assert!(draw_heat(&HeatMap::default(), ROOM, &mut rough_size).is_empty());
    }

    #[test]
    fn the_legend_names_the_classes_that_occur_and_words_name_the_worst_hour() {
        let shapes = draw_heat(&map(), ROOM, &mut rough_size);
        let legend: Vec<&str> = shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Text { text, .. } if text.contains('–') => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(legend, ["1.06–1.08", "1.08–1.10", "1.10–1.12"]);
        let spoken = map().spoken();
        assert_eq!(spoken, "least 1.060 in January at 0:00, most 1.116 in December at 23:00");
        assert_eq!(map().spoken_month(1), "February: PUE 1.063 to 1.086, most at 23:00");
    }
}
