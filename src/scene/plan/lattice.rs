//! How the racks of a block stand: how many side by side, in how many lines, which way.

use crate::catalog::Catalog;
use crate::scene::geom::Bounds;
use crate::site::{Block, runs_along_x};

/// The lattice of a block that has a place and racks to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// Rack places: the count of an installed block, the most of a planned one.
    pub places: u32,
    pub per_line: u32,
    pub lines: u32,
    /// Lines run east to west.
    pub along_x: bool,
}

impl Lattice {
    /// `None` for pools of power, empty blocks and blocks without a place.
    pub fn of(block: &Block, catalog: &Catalog) -> Option<Self> {
        let places = block.count.or(block.planned.as_ref().map(|p| p.max)).filter(|n| *n > 0)?;
        let bounds = Bounds::at_size(block.at, block.size);
        if !(bounds.width() > 0.0 && bounds.height() > 0.0) {
            return None;
        }
        let per_line = block.racks_per_line.unwrap_or(places).clamp(1, places);
        let lines = places.div_ceil(per_line);
        let along_x = match (per_line, lines) {
            (1, 1) => Self::one_faces(block, catalog),
            _ => runs_along_x(block.size, per_line, lines),
        };
        Some(Self { places, per_line, lines, along_x })
    }

    /// A single rack has no line: its side that is nearest to the width of its type tells.
    fn one_faces(block: &Block, catalog: &Catalog) -> bool {
        let planned = block.planned.as_ref().and_then(|p| p.racks.first());
        let rack = block.rack.as_ref().or(planned).and_then(|id| catalog.racks.get(id));
        let [w, h] = block.size;
        match rack.and_then(|r| r.width_m.get()) {
            Some(width) => (w - width).abs() <= (h - width).abs(),
            None => w <= h,
        }
    }

    /// Metres of the block's size that one rack takes along its line and across.
    pub fn pitch(&self, size: [f64; 2]) -> (f64, f64) {
        let [along, across] = if self.along_x { size } else { [size[1], size[0]] };
        (along / f64::from(self.per_line), across / f64::from(self.lines))
    }

    /// Whether lines of racks in these bounds are read as running east to west.
    pub fn runs_along_x(bounds: &Bounds, per_line: u32, lines: u32) -> bool {
        runs_along_x([bounds.width(), bounds.height()], per_line, lines)
    }
}
