//! Blocks of a hall as bytes for the card: footprints, and beside them the inks, so that
//! another answer or overlay leaves the footprints alone. It must not know the zoom.

use crate::gui::canvas::paint;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::plan::{HallFills, HallPart, Holding, PlanScene, RackFills};
use crate::scene::shape::Ink;
use crate::scene::tokens::Palette;
use std::sync::{Arc, OnceLock};

/// Bytes of a footprint: nine numbers of four bytes, and the ink's: four.
pub const SHAPE_BYTES: usize = 36;
pub const FILL_BYTES: usize = 16;

const ALONG_X: u32 = 1;
const WIDE: u32 = 2;
const POOL: u32 = 4;
const ROW: u32 = 8;

/// Instances of one kind; the bytes are shared with what lies on the card.
#[derive(Clone, Debug, Default)]
pub struct Instances {
    pub shapes: Arc<Vec<u8>>,
    pub fills: Arc<Vec<u8>>,
    pub count: u32,
}

/// The racks of a hall, or of all halls.
#[derive(Clone, Debug)]
pub struct HallInstances {
    /// What they were made of; `None` for all halls.
    fills: Option<Arc<HallFills>>,
    dark: bool,
    /// Ground that footprints are relative to: numbers of the card have few digits.
    pub origin: Pt,
    pub blocks: Instances,
    pub rows: Instances,
}

/// Instances while they are gathered.
#[derive(Default)]
struct Gathered {
    shapes: Vec<u8>,
    fills: Vec<u8>,
    count: u32,
}

impl Gathered {
    fn shape(&mut self, own: &Bounds, origin: Pt, band_m: f64, lattice: [u32; 4]) {
        let metres = [
            own.min.x - origin.x,
            own.min.y - origin.y,
            own.max.x - origin.x,
            own.max.y - origin.y,
            band_m,
        ];
        for m in metres {
            self.shapes.extend_from_slice(&(m as f32).to_ne_bytes());
        }
        for n in lattice {
            self.shapes.extend_from_slice(&n.to_ne_bytes());
        }
        self.count += 1;
    }

    fn fill(&mut self, from: u32, to: u32, total: u32, ink: Ink, palette: &Palette) {
        for n in [from, to, total] {
            self.fills.extend_from_slice(&n.to_ne_bytes());
        }
        self.fills.extend_from_slice(&paint::ink(ink, palette).to_array());
    }

    /// Bytes that have not changed stay the same bytes, which then need not travel.
    fn done(self, old: Option<&Instances>) -> Instances {
        let keep = |new: Vec<u8>, old: Option<&Arc<Vec<u8>>>| match old {
            Some(old) if **old == new => Arc::clone(old),
            _ => Arc::new(new),
        };
        Instances {
            shapes: keep(self.shapes, old.map(|o| &o.shapes)),
            fills: keep(self.fills, old.map(|o| &o.fills)),
            count: self.count,
        }
    }
}

impl HallInstances {
    /// Whether they were made of these inks.
    fn is_of(&self, fills: &Arc<HallFills>) -> bool {
        self.fills.as_ref().is_some_and(|own| Arc::ptr_eq(own, fills))
    }

    fn of(
        hall: &HallPart,
        fills: &Arc<HallFills>,
        palette: &Palette,
        old: Option<&HallInstances>,
    ) -> Self {
        let origin = if hall.bounds.is_empty() { Pt::default() } else { hall.bounds.min };
        let mut blocks = Gathered::default();
        for (at, block) in hall.blocks.iter().enumerate() {
            let wide = block.bounds.width() >= block.bounds.height();
            let band = if wide { block.band.height() } else { block.band.width() };
            let flag = |set: bool, flag: u32| if set { flag } else { 0 };
            let flags = flag(block.along_x, ALONG_X)
                | flag(wide, WIDE)
                | flag(block.holding == Holding::Pool, POOL);
            let lattice = [block.per_line.max(1), block.lines.max(1), block.places(), flags];
            let runs = fills.runs(at);
            let total: u32 = runs.iter().map(|r| r.1).sum();
            let mut from = 0;
            for (ink, n) in runs {
                blocks.shape(&block.bounds, origin, band / 2.0, lattice);
                blocks.fill(from, from + n, total, *ink, palette);
                from += n;
            }
        }
        let mut rows = Gathered::default();
        for (row, ink) in hall.rows.iter().zip(&fills.rows) {
            if let Some(ink) = ink {
                rows.shape(&row.bounds, origin, 0.0, [1, 1, 1, ROW | ALONG_X]);
                rows.fill(0, 1, 1, *ink, palette);
            }
        }
        Self {
            fills: Some(Arc::clone(fills)),
            dark: palette.is_dark,
            origin,
            blocks: blocks.done(old.map(|o| &o.blocks)),
            rows: rows.done(old.map(|o| &o.rows)),
        }
    }
}

impl Instances {
    /// All of several, each with the way from their common origin to its own, metres.
    fn joined<'a>(all: impl Iterator<Item = (&'a Instances, [f32; 2])>) -> Self {
        let mut joined = Gathered::default();
        for (own, way) in all {
            for shape in own.shapes.chunks_exact(SHAPE_BYTES) {
                let (area, rest) = shape.split_at(16);
                for (number, by) in area.chunks_exact(4).zip(way.iter().cycle()) {
                    let mut bytes = [0; 4];
                    bytes.copy_from_slice(number);
                    let moved = f32::from_ne_bytes(bytes) + by;
                    joined.shapes.extend_from_slice(&moved.to_ne_bytes());
                }
                joined.shapes.extend_from_slice(rest);
            }
            joined.fills.extend_from_slice(&own.fills);
            joined.count += own.count;
        }
        joined.done(None)
    }
}

/// The racks of all halls of a scene, in its order.
#[derive(Clone, Debug, Default)]
pub struct SiteInstances {
    pub halls: Vec<Arc<HallInstances>>,
    /// All halls as one, made when first asked for.
    whole: OnceLock<Arc<HallInstances>>,
}

impl SiteInstances {
    /// All halls as one: from afar their calls of the card would cost more than their racks,
    /// and millimetres, which are lost far from the common origin, cannot be seen.
    pub fn whole(&self) -> &Arc<HallInstances> {
        self.whole.get_or_init(|| {
            let first = self.halls.first();
            let origin = first.map_or(Pt::default(), |h| h.origin);
            let way = |h: &HallInstances| {
                [(h.origin.x - origin.x) as f32, (h.origin.y - origin.y) as f32]
            };
            Arc::new(HallInstances {
                fills: None,
                dark: first.is_some_and(|h| h.dark),
                origin,
                blocks: Instances::joined(self.halls.iter().map(|h| (&h.blocks, way(h)))),
                rows: Instances::joined(self.halls.iter().map(|h| (&h.rows, way(h)))),
            })
        })
    }

    /// Brings the instances up to the inks; halls whose inks are the same ones are kept.
    pub fn update(&mut self, scene: &PlanScene, fills: &RackFills, palette: &Palette) {
        let same = |(at, h): (usize, &Arc<HallInstances>)| {
            h.dark == palette.is_dark && fills.hall(at).is_some_and(|f| h.is_of(f))
        };
        let known = self.halls.len() == scene.halls.len();
        if known && self.halls.iter().enumerate().all(same) {
            return;
        }
        self.whole = OnceLock::new();
        let old = std::mem::take(&mut self.halls);
        let halls = scene.halls.iter().enumerate();
        let halls = halls.filter_map(|(at, hall)| Some((at, hall, fills.hall(at)?)));
        self.halls = halls
            .map(|(at, hall, fills)| {
                let same = |h: &&Arc<HallInstances>| h.is_of(fills) && h.dark == palette.is_dark;
                let here = old.get(at);
                let kept = here.filter(same).or_else(|| old.iter().find(same));
                let here = here.map(AsRef::as_ref);
                kept.map_or_else(
                    || Arc::new(HallInstances::of(hall, fills, palette, here)),
                    Arc::clone,
                )
            })
            .collect();
    }
}
