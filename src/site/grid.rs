//! Where the racks of a block stand: lines of equal places in its footprint.
//!
//! It must not know what a rack is.

use super::Block;

/// The places of a block; a pool has none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RackGrid {
    /// Racks that stand here, or may.
    pub places: u32,
    pub per_line: u32,
    pub lines: u32,
    /// Whether lines run east to west.
    pub along_x: bool,
    at: [f64; 2],
    /// Size of one place, metres.
    cell: [f64; 2],
}

impl RackGrid {
    pub fn of(block: &Block) -> Self {
        let places = block.count.or(block.planned.as_ref().map(|p| p.max)).unwrap_or(0);
        let per_line = block.racks_per_line.unwrap_or(places).clamp(1, places.max(1));
        let lines = places.max(1).div_ceil(per_line);
        let along_x = runs_along_x(block.size, per_line, lines);
        let (columns, rows) = if along_x { (per_line, lines) } else { (lines, per_line) };
        let cell = [block.size[0] / f64::from(columns), block.size[1] / f64::from(rows)];
        Self { places, per_line, lines, along_x, at: block.at, cell }
    }

    /// Middle of a place, counted along the lines from the north-west.
    pub fn middle(&self, place: u32) -> [f64; 2] {
        self.cell_middle(place % self.per_line, place / self.per_line)
    }

    fn cell_middle(&self, along: u32, across: u32) -> [f64; 2] {
        let (column, row) = if self.along_x { (along, across) } else { (across, along) };
        [
            self.at[0] + (f64::from(column) + 0.5) * self.cell[0],
            self.at[1] + (f64::from(row) + 0.5) * self.cell[1],
        ]
    }

    /// Whether the racks stand side by side from west to east, so that their faces look
    /// north and south. A rack alone is deeper than wide.
    pub fn faces_north(&self) -> bool {
        let [width, height] = self.cell;
        if self.places <= 1 { width <= height } else { self.along_x }
    }

    /// Distance from one line to the next, metres.
    pub fn line_pitch_m(&self) -> f64 {
        if self.along_x { self.cell[1] } else { self.cell[0] }
    }

    /// Middles of the racks at the four ends of the block.
    pub fn ends(&self) -> [[f64; 2]; 4] {
        let (along, across) = (self.per_line - 1, self.lines - 1);
        [(0, 0), (along, 0), (0, across), (along, across)].map(|(a, b)| self.cell_middle(a, b))
    }
}

/// Whether lines of racks run east to west in a footprint: a single line follows the long
/// side; of several, the direction that makes the cells deeper than wide, as racks are.
pub fn runs_along_x(size: [f64; 2], per_line: u32, lines: u32) -> bool {
    let [w, h] = size;
    if lines <= 1 {
        return w >= h;
    }
    let (n, m) = (f64::from(per_line.max(1)), f64::from(lines.max(1)));
    // Racks are about twice as deep as wide: compare how far each reading is from that.
    let off = |along: f64, across: f64| ((across / m) / (along / n).max(1e-9) / 2.0).ln().abs();
    off(w, h) <= off(h, w)
}
