//! Racks of a block as cells on the screen, coarser the smaller they are.
//! It must not know what the colours mean.

use super::build::{BlockGeom, Holding, RowGeom};
use crate::scene::geom::{Bounds, View, pt};
use crate::scene::shape::{Cell, Ink};
use crate::scene::tokens::Token;
use crate::site::{Block, Row};

/// Racks that stand behind one group of stripes at middle zoom: half a unit of sixteen.
pub const UNIT_RACKS: u32 = 8;

/// Least size on screen, points, at which a level of detail still reads. Whoever paints racks
/// in another way than by [`cells`] keeps to these.
const BLOCK_PX: f64 = 2.0;
pub const UNIT_PX: f64 = 2.6;
pub const RACK_PX: f64 = 3.0;
pub const CLOSE_PX: f64 = 30.0;
/// Blocks are drawn at least this deep where their band leaves room.
pub const DEPTH_PX: f64 = 8.5;
/// Rows are drawn at least this thick.
pub const ROW_PX: f64 = 1.5;
/// Trays of a rack, where they stand at least so far apart, points.
pub const TRAYS: u32 = 9;
pub const TRAY_PX: f64 = 2.5;
/// Share of a rack's width on both sides of its trays.
pub const TRAY_EDGE: f64 = 0.14;
/// What trays are drawn with.
pub const TRAY_INK: Ink = Ink::token(Token::Canvas).faded(0.35);

/// How much of a block is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Part of its row.
    Row,
    /// One cell.
    Block,
    /// Stripes, from where [`UNIT_RACKS`] racks are wide enough for one.
    Unit,
    /// Every rack, with seams.
    Rack,
    /// Every rack, with trays and a label.
    Close,
}

impl Detail {
    /// For racks that are `rack_px` points wide in blocks of `block_px`.
    pub fn at(rack_px: f64, block_px: f64) -> Self {
        if rack_px >= CLOSE_PX {
            Detail::Close
        } else if rack_px >= RACK_PX {
            Detail::Rack
        } else if rack_px * f64::from(UNIT_RACKS) >= UNIT_PX {
            Detail::Unit
        } else if block_px >= BLOCK_PX {
            Detail::Block
        } else {
            Detail::Row
        }
    }

    /// Detail at which a block is drawn.
    pub fn of(block: &BlockGeom, view: &View) -> Self {
        let long = if block.along_x { block.bounds.width() } else { block.bounds.height() };
        Self::at(block.pitch() * view.scale, long * view.scale)
    }
}

/// For each block, its footprint stretched over half the aisle towards the next row: what it
/// may cover at low zoom, where a true rack would be thinner than a hair.
pub fn bands(rows: &[Row], blocks: &[Block]) -> Vec<Bounds> {
    let mut lines: Vec<Bounds> = rows.iter().map(|r| Bounds::at_size(r.at, r.size)).collect();
    if lines.is_empty() {
        lines = blocks.iter().map(|b| Bounds::at_size(b.at, b.size)).collect();
    }
    blocks.iter().map(|b| band(Bounds::at_size(b.at, b.size), &lines)).collect()
}

fn band(own: Bounds, lines: &[Bounds]) -> Bounds {
    let along_x = own.width() >= own.height();
    let (mut before, mut after) = (f64::INFINITY, f64::INFINITY);
    for l in lines {
        let (overlap, above, below) = if along_x {
            (l.min.x < own.max.x && own.min.x < l.max.x, own.min.y - l.max.y, l.min.y - own.max.y)
        } else {
            (l.min.y < own.max.y && own.min.y < l.max.y, own.min.x - l.max.x, l.min.x - own.max.x)
        };
        if overlap && above >= -1e-6 {
            before = before.min(above);
        }
        if overlap && below >= -1e-6 {
            after = after.min(below);
        }
    }
    // At the edge of a wing the band is as deep as towards the other side.
    let nearest = before.min(after);
    let deep = if along_x { own.height() } else { own.width() };
    let grow = if nearest.is_finite() { (nearest * 0.42).min(deep * 3.0) } else { 0.0 };
    let (dx, dy) = if along_x { (0.0, grow) } else { (grow, 0.0) };
    Bounds { min: own.min.plus(-dx, -dy), max: own.max.plus(dx, dy) }
}

/// Where a block stands on the screen at this zoom: its footprint, or more of its band while
/// the footprint would be thin.
pub fn on_screen(block: &BlockGeom, view: &View) -> Bounds {
    let own = view.box_to_screen(&block.bounds);
    let band = view.box_to_screen(&block.band);
    let wide = block.bounds.width() >= block.bounds.height();
    let centre = own.centre();
    if wide {
        let half = (DEPTH_PX / 2.0)
            .clamp(own.height() / 2.0, (band.height() / 2.0).max(own.height() / 2.0));
        Bounds { min: pt(own.min.x, centre.y - half), max: pt(own.max.x, centre.y + half) }
    } else {
        let half =
            (DEPTH_PX / 2.0).clamp(own.width() / 2.0, (band.width() / 2.0).max(own.width() / 2.0));
        Bounds { min: pt(centre.x - half, own.min.y), max: pt(centre.x + half, own.max.y) }
    }
}

/// Where a row stands on the screen: never thinner than a line.
pub fn row_on_screen(row: &RowGeom, view: &View) -> Bounds {
    let own = view.box_to_screen(&row.bounds);
    let thin = (ROW_PX - own.height()).max(0.0) / 2.0;
    Bounds { min: own.min.plus(0.0, -thin), max: own.max.plus(0.0, thin) }
}

/// A rack place of a block that covers `area` of the screen.
pub fn rack_on_screen(block: &BlockGeom, area: &Bounds, place: u32) -> Bounds {
    let (n, m) = (block.per_line.max(1), block.lines.max(1));
    let (line, col) = (place / n, place % n);
    let (columns, lines, x, y) = if block.along_x { (n, m, col, line) } else { (m, n, line, col) };
    let (w, h) = (area.width() / f64::from(columns), area.height() / f64::from(lines));
    Bounds::xywh(area.min.x + f64::from(x) * w, area.min.y + f64::from(y) * h, w, h)
}

/// Inks of a block in order of its racks: so many racks each.
pub type Runs = [(Ink, u32)];

/// Appends the cells of a block; returns how many.
pub fn cells(block: &BlockGeom, runs: &Runs, view: &View, out: &mut Vec<Cell>) -> usize {
    let before = out.len();
    let area = on_screen(block, view);
    let detail = Detail::of(block, view);
    match (block.holding, detail) {
        (Holding::Pool, _) | (_, Detail::Row | Detail::Block) => {
            whole(area, runs, block.along_x, out)
        }
        (_, Detail::Unit) => hatch(area, runs, block, out),
        (_, Detail::Rack) => lattice(block, runs, area, view, out),
        (_, Detail::Close) => {
            lattice(block, runs, area, view, out);
            trays(block, &area, view, out);
        }
    }
    out.len() - before
}

/// One cell for each ink, by its share of the racks.
fn whole(area: Bounds, runs: &Runs, along_x: bool, out: &mut Vec<Cell>) {
    let total: u32 = runs.iter().map(|r| r.1).sum();
    let area = if area.width() > 3.0 && area.height() > 3.0 { area.grown(-0.4) } else { area };
    let mut from = 0.0;
    for (ink, n) in runs {
        let to = from + f64::from(*n) / f64::from(total.max(1));
        let bounds = if along_x {
            Bounds {
                min: pt(area.min.x + area.width() * from, area.min.y),
                max: pt(area.min.x + area.width() * to, area.max.y),
            }
        } else {
            Bounds {
                min: pt(area.min.x, area.min.y + area.height() * from),
                max: pt(area.max.x, area.min.y + area.height() * to),
            }
        };
        out.push(Cell { bounds, ink: *ink });
        from = to;
    }
}

/// The nearest whole number; without the call into the maths library that `round` is.
fn whole_px(v: f64) -> f64 {
    let shifted = v + 0.5;
    let cut = shifted as i64 as f64;
    if cut > shifted { cut - 1.0 } else { cut }
}

/// Points between the stripes of a hatch; whole, so that they do not shimmer.
pub const HATCH_PX: f64 = 3.0;

/// Stripes instead of racks that are too narrow to tell apart: the share of each ink is right,
/// the number of stripes is not that of the racks.
fn hatch(area: Bounds, runs: &Runs, block: &BlockGeom, out: &mut Vec<Cell>) {
    let total: u32 = runs.iter().map(|r| r.1).sum();
    let (from, long) = if block.along_x {
        (whole_px(area.min.x), area.width())
    } else {
        (whole_px(area.min.y), area.height())
    };
    let stripes = ((long / HATCH_PX).floor() as u32).max(1);
    let (c0, c1) = if block.along_x {
        (whole_px(area.min.y), whole_px(area.max.y))
    } else {
        (whole_px(area.min.x), whole_px(area.max.x))
    };
    let mut upto = 0;
    let mut run = runs.iter();
    let Some(mut current) = run.next() else { return };
    for i in 0..stripes {
        let middle = (f64::from(i) + 0.5) / f64::from(stripes) * f64::from(total.max(1));
        while middle > f64::from(upto + current.1) {
            upto += current.1;
            match run.next() {
                Some(next) => current = next,
                None => break,
            }
        }
        let a = from + f64::from(i) * HATCH_PX;
        let bounds = if block.along_x {
            Bounds { min: pt(a, c0), max: pt(a + HATCH_PX - 1.0, c1) }
        } else {
            Bounds { min: pt(c0, a), max: pt(c1, a + HATCH_PX - 1.0) }
        };
        out.push(Cell { bounds, ink: current.0 });
    }
}

/// Every rack with its seam, on whole points, cut to the screen.
fn lattice(block: &BlockGeom, runs: &Runs, area: Bounds, view: &View, out: &mut Vec<Cell>) {
    let places = block.places();
    let (n, m) = (f64::from(block.per_line.max(1)), f64::from(block.lines.max(1)));
    let (along, across) = if block.along_x {
        (area.width() / n, area.height() / m)
    } else {
        (area.height() / n, area.width() / m)
    };
    let seam = if along > 12.0 { (along * 0.06).min(2.0).round() } else { 1.0 };
    let cross = if block.lines > 1 { 1.0 } else { 0.0 };
    let (a_min, c_min) =
        if block.along_x { (area.min.x, area.min.y) } else { (area.min.y, area.min.x) };
    let mut place = 0;
    for (ink, n) in runs {
        let end = (place + n).min(places);
        while place < end {
            let (line, col) = (place / block.per_line, place % block.per_line);
            // The rest of this line, or of this ink.
            let upto = (col + (end - place)).min(block.per_line);
            let c0 = whole_px(c_min + f64::from(line) * across);
            let c1 = whole_px(c_min + f64::from(line + 1) * across) - cross;
            let mut from = whole_px(a_min + f64::from(col) * along);
            for next in col + 1..=upto {
                let to = whole_px(a_min + f64::from(next) * along);
                let (a0, a1) = (from, (to - seam).max(from + 1.0));
                from = to;
                let bounds = if block.along_x {
                    Bounds { min: pt(a0, c0), max: pt(a1, c1) }
                } else {
                    Bounds { min: pt(c0, a0), max: pt(c1, a1) }
                };
                if bounds.intersects(&view.screen) {
                    out.push(Cell { bounds, ink: *ink });
                }
            }
            place += upto - col;
        }
    }
}

/// Trays of racks that are close enough to read, as lines on whole points.
fn trays(block: &BlockGeom, area: &Bounds, view: &View, out: &mut Vec<Cell>) {
    for place in 0..block.places() {
        let rack = rack_on_screen(block, area, place);
        let apart = rack.height() / f64::from(TRAYS + 1);
        if apart < TRAY_PX || !rack.intersects(&view.screen) {
            continue;
        }
        let edge = rack.width() * TRAY_EDGE;
        let (x0, x1) = (whole_px(rack.min.x + edge), whole_px(rack.max.x - edge));
        for i in 1..=TRAYS {
            let y = whole_px(rack.min.y + apart * f64::from(i) - 0.5);
            out.push(Cell { bounds: Bounds::xywh(x0, y, x1 - x0, 1.0), ink: TRAY_INK });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Generation;

    fn block(count: u32, per_line: u32, bounds: Bounds) -> BlockGeom {
        let lines = count.div_ceil(per_line);
        BlockGeom {
            id: "b".into(),
            name: "B".into(),
            bounds,
            band: bounds,
            rack: None,
            short: String::new(),
            generation: Generation::Rubin,
            holding: Holding::Installed(count),
            per_line,
            lines,
            along_x: crate::site::runs_along_x([bounds.width(), bounds.height()], per_line, lines),
            node: None,
            row: None,
        }
    }

    fn view(scale: f64) -> View {
        let screen = Bounds::xywh(0.0, 0.0, 2000.0, 1000.0);
        View { centre: pt(1000.0 / scale, 500.0 / scale), scale, screen }
    }

    const INK: Ink = Ink::token(Token::Text2);

    #[test]
    fn every_rack_of_a_block_is_one_cell_inside_its_footprint() {
        let b = block(16, 8, Bounds::xywh(10.0, 10.0, 4.8, 2.4));
        assert!(b.along_x);
        let v = view(20.0);
        let mut out = Vec::new();
        assert_eq!(cells(&b, &[(INK, 16)], &v, &mut out), 16);
        let area = v.box_to_screen(&b.bounds);
        assert!(out.iter().all(|c| area.grown(1.0).contains_box(&c.bounds)));
        for (i, a) in out.iter().enumerate() {
            assert!(out.iter().skip(i + 1).all(|c| !c.bounds.intersects(&a.bounds)));
        }
    }

    #[test]
    fn detail_grows_with_the_zoom() {
        let b = block(16, 16, Bounds::xywh(10.0, 10.0, 9.6, 1.2));
        let levels = [0.1, 0.3, 1.0, 8.0, 60.0].map(|s| Detail::of(&b, &view(s)));
        assert_eq!(levels, [Detail::Row, Detail::Block, Detail::Unit, Detail::Rack, Detail::Close]);
        let mut out = Vec::new();
        assert_eq!(cells(&b, &[(INK, 16)], &view(1.0), &mut out), 3, "stripes of a hatch");
    }

    #[test]
    fn inks_follow_the_racks_in_order() {
        let other = Ink::token(Token::Err);
        let b = block(10, 10, Bounds::xywh(0.0, 0.0, 6.0, 1.2));
        let mut out = Vec::new();
        cells(&b, &[(INK, 4), (other, 6)], &view(10.0), &mut out);
        assert_eq!(out.iter().filter(|c| c.ink == INK).count(), 4);
        assert!(out.iter().skip(4).all(|c| c.ink == other));
    }

    #[test]
    fn the_band_leaves_an_aisle_between_rows() {
        let row = |y: f64| Row {
            id: String::new(),
            name: String::new(),
            hall: String::new(),
            at: [0.0, y],
            size: [50.0, 1.2],
        };
        let rows = [row(0.0), row(5.0), row(10.0)];
        let own = |y: f64| Bounds::xywh(3.0, y, 9.6, 1.2);
        let lines: Vec<Bounds> = rows.iter().map(|r| Bounds::at_size(r.at, r.size)).collect();
        let (a, b) = (band(own(0.0), &lines), band(own(5.0), &lines));
        assert!(a.max.y < b.min.y && a.height() > 3.0);
    }
}
