//! The retained scene: where every element stands, hall by hall, with an index for hits.
//! It must not know the zoom, the overlay or the answer of a solve.

use super::campus::{self, CampusPart};
use super::element::{ElementId, ElementKind};
use super::places::Places;
use super::racks::{self, Detail};
use crate::catalog::{Catalog, Generation};
use crate::scene::geom::{Bounds, Pt, View};
use crate::site::{Block, HallGroup, RackGrid, Row, Site};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::sync::Arc;

/// Something that can be hit, hovered and selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    pub id: ElementId,
    pub name: String,
    pub bounds: Bounds,
    /// What it is, without figures of a solve: `16 racks, VR NVL72`.
    pub detail: String,
    /// Of items under one point, the highest is hit.
    pub depth: u8,
}

/// What a block holds, for drawing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Holding {
    Installed(u32),
    /// Reserved for so many; what is bought says the plan.
    Planned(u32),
    /// A pool of power without racks.
    Pool,
}

/// A block and the lattice of its racks.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockGeom {
    pub id: String,
    pub name: String,
    /// Footprint as the layout states it.
    pub bounds: Bounds,
    /// What the block may cover at low zoom without touching the next row.
    pub band: Bounds,
    pub rack: Option<String>,
    /// Short name of the rack type.
    pub short: String,
    pub generation: Generation,
    pub holding: Holding,
    /// Racks side by side, and lines of them.
    pub per_line: u32,
    pub lines: u32,
    /// Lines run east to west.
    pub along_x: bool,
    pub node: Option<String>,
    pub row: Option<String>,
}

impl BlockGeom {
    /// Rack places of the block.
    pub fn places(&self) -> u32 {
        match self.holding {
            Holding::Installed(n) | Holding::Planned(n) => n,
            Holding::Pool => 0,
        }
    }

    /// Metres along a line of racks.
    pub fn length(&self) -> f64 {
        if self.along_x { self.bounds.width() } else { self.bounds.height() }
    }

    /// Metres along the line that one rack takes.
    pub fn pitch(&self) -> f64 {
        self.length() / f64::from(self.per_line.max(1))
    }
}

/// A row of a hall.
#[derive(Clone, Debug, PartialEq)]
pub struct RowGeom {
    pub id: String,
    pub name: String,
    pub bounds: Bounds,
}

/// Rows that stand together, drawn as one building.
#[derive(Clone, Debug, PartialEq)]
pub struct Wing {
    pub bounds: Bounds,
    pub generation: Generation,
}

/// One hall, built from one `Arc` of the site.
#[derive(Clone, Debug)]
pub struct HallPart {
    source: Arc<HallGroup>,
    pub id: Option<String>,
    pub name: String,
    pub bounds: Bounds,
    pub wings: Vec<Wing>,
    pub rows: Vec<RowGeom>,
    pub blocks: Vec<BlockGeom>,
    pub network: Vec<Bounds>,
    /// Rack type that most places hold.
    pub generation: Generation,
    pub short: String,
    /// Every generation of its blocks, in their order.
    pub generations: Vec<Generation>,
    pub racks: u32,
    pub items: Vec<Item>,
    /// Box around all items.
    pub around: Bounds,
    /// The longest block, the widest rack place and the widest block east to west, metres.
    longest: [f64; 3],
    index: RTree<Entry>,
}

/// How the racks of a hall show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RackView {
    /// Not at all: there are none, or they are off the screen.
    Hidden,
    /// A row at a time, where a block would be a dot.
    Rows,
    Blocks,
}

impl HallPart {
    /// Whether it was built from this very hall.
    pub(super) fn is_of(&self, hall: &Arc<HallGroup>) -> bool {
        Arc::ptr_eq(&self.source, hall)
    }

    /// What it was built from: while two parts share it they are equal.
    pub(super) fn source(&self) -> Arc<HallGroup> {
        Arc::clone(&self.source)
    }

    /// How its racks show in a view; `visible` is the ground that the view shows.
    pub fn rack_view(&self, view: &View, visible: &Bounds) -> RackView {
        if self.blocks.is_empty() || !self.bounds.grown(20.0).intersects(visible) {
            return RackView::Hidden;
        }
        let [long, pitch, _] = self.longest;
        let most = Detail::at(pitch * view.scale, long * view.scale);
        if most == Detail::Row && !self.rows.is_empty() { RackView::Rows } else { RackView::Blocks }
    }

    /// Whether any block is at least so wide on the screen, or any rack close enough to read.
    pub(super) fn has_words(&self, view: &View, width_px: f64) -> bool {
        let [long, pitch, wide] = self.longest.map(|m| m * view.scale);
        wide >= width_px || Detail::at(pitch, long) == Detail::Close
    }
}

pub(super) type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// The plan of a site, kept between frames.
#[derive(Clone, Debug, Default)]
pub struct PlanScene {
    pub campus: Option<CampusPart>,
    pub halls: Vec<HallPart>,
    /// Outline of the parcel; empty where the layout has none.
    pub parcel: Vec<Pt>,
    /// Setbacks that are strips along the parcel; they have no box of their own to be found by.
    pub(super) strips: Vec<Item>,
    /// Everything, with the parcel.
    pub bounds: Option<Bounds>,
    /// Halls, power nodes and machines: what a planner wants to see first.
    pub core: Option<Bounds>,
    /// Grows with every rebuild.
    pub revision: u64,
    /// Parts built by the last update.
    pub rebuilt: usize,
    places: Places,
}

impl PlanScene {
    /// Brings the scene up to the site; rebuilds only parts whose `Arc` is another one.
    /// Returns whether anything changed.
    pub fn update(&mut self, site: &Site, catalog: &Catalog) -> bool {
        self.rebuilt = 0;
        if self.is_of(site) {
            return false;
        }
        let mut old: Vec<Option<HallPart>> =
            std::mem::take(&mut self.halls).into_iter().map(Some).collect();
        let mut moved = old.len() != site.halls.len();
        for (at, group) in site.halls.iter().enumerate() {
            let same = |part: &Option<HallPart>| part.as_ref().is_some_and(|p| p.is_of(group));
            let place =
                if old.get(at).is_some_and(same) { Some(at) } else { old.iter().position(same) };
            moved |= place.is_some_and(|i| i != at);
            let kept = place.and_then(|i| old.get_mut(i)).and_then(Option::take);
            self.halls.push(kept.unwrap_or_else(|| {
                self.rebuilt += 1;
                build_hall(group, catalog)
            }));
        }
        let campus_is_new = self.campus.as_ref().is_none_or(|c| !c.is_of(&site.campus));
        let mut gone = None;
        let mut is_first = false;
        if campus_is_new {
            self.rebuilt += 1;
            match self.campus.take().map(|old| campus::renewed(old, &site.campus)) {
                Some(Ok(renewed)) => self.campus = Some(renewed),
                old => {
                    is_first = old.is_none();
                    gone = old.and_then(Result::err).map(|old| *old);
                    self.campus = Some(campus::build(&site.campus));
                }
            }
        }
        if moved || is_first {
            self.find_all();
        } else if self.rebuilt > 0 {
            self.find_again(gone, &old);
        }
        let parcel: Vec<Pt> =
            site.terms.site.parcel.iter().map(|p| Pt { x: p[0], y: p[1] }).collect();
        let changed = moved || self.rebuilt > 0 || parcel != self.parcel;
        if changed {
            self.parcel = parcel;
            self.strips = self.strip_items();
            self.bounds = self.measure();
            self.core = self.measure_core();
            self.revision += 1;
        }
        changed
    }

    /// Whether the scene shows this very site already.
    fn is_of(&self, site: &Site) -> bool {
        let parcel = &site.terms.site.parcel;
        self.campus.as_ref().is_some_and(|c| c.is_of(&site.campus))
            && self.halls.len() == site.halls.len()
            && self.halls.iter().zip(&site.halls).all(|(part, group)| part.is_of(group))
            && self.parcel.len() == parcel.len()
            && self.parcel.iter().zip(parcel).all(|(a, b)| [a.x, a.y] == *b)
    }

    /// Finds every element anew.
    fn find_all(&mut self) {
        let mut places = Places::default();
        for (part, items) in self.parts() {
            places.add(part, items);
        }
        self.places = places;
    }

    /// Finds what stands in parts that took the place of others.
    fn find_again(&mut self, campus: Option<CampusPart>, halls: &[Option<HallPart>]) {
        let mut places = std::mem::take(&mut self.places);
        if let (Some(old), Some(new)) = (campus, &self.campus) {
            places.remove(0, &old.items);
            places.add(0, &new.items);
        }
        let replaced = halls.iter().enumerate().filter_map(|(at, h)| Some((at, h.as_ref()?)));
        for (at, old) in replaced.clone() {
            places.remove(at + 1, &old.items);
        }
        for (at, new) in replaced.filter_map(|(at, _)| Some((at, self.halls.get(at)?))) {
            places.add(at + 1, &new.items);
        }
        self.places = places;
    }

    /// Items part by part: the campus is part 0.
    fn parts(&self) -> impl Iterator<Item = (usize, &[Item])> {
        let campus = self.campus.iter().map(|c| (0, c.items.as_slice()));
        let halls = self.halls.iter().enumerate().map(|(i, h)| (i + 1, h.items.as_slice()));
        campus.chain(halls)
    }

    /// The element under a point of the ground: the deepest, of equals the smallest.
    pub fn hit(&self, p: Pt) -> Option<&Item> {
        let point = AABB::from_point([p.x, p.y]);
        let deepest = self
            .within(&point)
            .filter(|i| self.lies_at(&i.id, p))
            .max_by(|a, b| a.depth.cmp(&b.depth).then(b.bounds.area().total_cmp(&a.bounds.area())));
        deepest.or_else(|| self.strip_at(p))
    }

    /// Elements that a box touches, in order of the site.
    pub fn in_rect(&self, area: &Bounds) -> Vec<&Item> {
        let envelope = AABB::from_corners([area.min.x, area.min.y], [area.max.x, area.max.y]);
        self.within(&envelope).collect()
    }

    /// The element with this id.
    pub fn item(&self, id: &ElementId) -> Option<&Item> {
        let found = self.places.get(id).and_then(|(part, at)| match part.checked_sub(1) {
            None => self.campus.as_ref()?.items.get(at),
            Some(hall) => self.halls.get(hall)?.items.get(at),
        });
        let found = match found.filter(|i| i.id == *id) {
            None if !self.places.is_complete() => self.items().find(|i| i.id == *id),
            found => found,
        };
        found.or_else(|| self.strips.iter().find(|i| i.id == *id))
    }

    /// Every element that can be selected.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        let campus = self.campus.iter().flat_map(|c| c.items.iter());
        campus.chain(&self.strips).chain(self.halls.iter().flat_map(|h| h.items.iter()))
    }

    /// Rack places of the site.
    pub fn racks(&self) -> u64 {
        self.halls.iter().map(|h| u64::from(h.racks)).sum()
    }

    /// The block with this id.
    pub fn block(&self, id: &str) -> Option<&BlockGeom> {
        let (part, _) = self.places.get(&ElementId::new(ElementKind::Block, id))?;
        self.halls.get(part.checked_sub(1)?)?.blocks.iter().find(|b| b.id == id)
    }

    fn within<'a>(&'a self, area: &AABB<[f64; 2]>) -> impl Iterator<Item = &'a Item> + use<'a> {
        let area = *area;
        let campus = self.campus.iter().flat_map(move |c| {
            c.index.locate_in_envelope_intersecting(area).filter_map(|e| c.items.get(e.data))
        });
        let (low, high) = (area.lower(), area.upper());
        let reach = Bounds { min: Pt { x: low[0], y: low[1] }, max: Pt { x: high[0], y: high[1] } };
        let halls = self.halls.iter().filter(move |h| h.around.touches(&reach));
        let halls = halls.flat_map(move |h| {
            h.index.locate_in_envelope_intersecting(area).filter_map(|e| h.items.get(e.data))
        });
        campus.chain(halls)
    }

    fn strip_items(&self) -> Vec<Item> {
        let all = self.parcel.iter().map(|p| Bounds { min: *p, max: *p });
        let bounds = all.fold(Bounds::NOTHING, |b, p| b.union(&p));
        let strips = self.campus.iter().flat_map(|c| &c.constraints);
        strips
            .filter(|c| c.bounds().is_none() && c.setback_m.is_some() && self.parcel.len() >= 3)
            .map(|c| {
                let it = item(ElementKind::Constraint, &c.id, &c.name, bounds);
                Item { detail: campus::constraint_detail(c), ..it }
            })
            .collect()
    }

    fn measure_core(&self) -> Option<Bounds> {
        let halls = self.halls.iter().filter(|h| !h.bounds.is_empty()).map(|h| h.bounds);
        let campus = self.campus.iter().flat_map(|c| {
            let yards = c.nodes.iter().map(|n| n.bounds);
            yards.chain(c.fields.iter().map(|f| f.bounds))
        });
        let all = halls.chain(campus).fold(Bounds::NOTHING, |b, i| b.union(&i));
        (!all.is_empty()).then_some(all)
    }

    /// Box around the masts of the feeds, where there are any.
    pub fn masts(&self) -> Option<Bounds> {
        let feeds = self.campus.iter().flat_map(|c| &c.feeds);
        let masts = feeds.map(|f| f.bounds.centre()).map(|c| Bounds { min: c, max: c });
        masts.reduce(|all, b| all.union(&b))
    }

    fn measure(&self) -> Option<Bounds> {
        let parts = self.campus.iter().map(|c| c.around);
        let parts = parts.chain(self.halls.iter().map(|h| h.around));
        let mut all = parts.fold(Bounds::NOTHING, |b, i| b.union(&i));
        for p in &self.parcel {
            all = all.union(&Bounds { min: *p, max: *p });
        }
        (!all.is_empty()).then_some(all)
    }
}

pub(super) fn index_of(items: &[Item]) -> RTree<Entry> {
    let entry = |(i, item): (usize, &Item)| {
        let (a, b) = (item.bounds.min, item.bounds.max);
        GeomWithData::new(Rectangle::from_corners([a.x, a.y], [b.x, b.y]), i)
    };
    RTree::bulk_load(items.iter().enumerate().map(entry).collect())
}

/// Box around items.
pub(super) fn around(items: &[Item]) -> Bounds {
    items.iter().fold(Bounds::NOTHING, |b, i| b.union(&i.bounds))
}

pub(super) fn item(kind: ElementKind, id: &str, name: &str, bounds: Bounds) -> Item {
    let depth = match kind {
        ElementKind::Area | ElementKind::Constraint => 0,
        ElementKind::Hall => 1,
        ElementKind::Row => 2,
        ElementKind::Loop | ElementKind::Node => 3,
        ElementKind::Feed | ElementKind::Generator | ElementKind::Battery => 4,
        ElementKind::NetworkRack | ElementKind::Block => 5,
    };
    let id = ElementId::new(kind, id);
    Item { id, name: name.to_owned(), bounds, detail: String::new(), depth }
}

/// `1 rack`, `16 racks`, `1,648 racks`.
pub(super) fn count_of(n: u64, one: &str, many: &str) -> String {
    let digits = crate::units::format::count(n as f64);
    crate::units::format::counted(&digits, (one, many))
}

fn build_hall(group: &Arc<HallGroup>, catalog: &Catalog) -> HallPart {
    let bands = racks::bands(&group.rows, &group.blocks);
    let blocks: Vec<BlockGeom> = group
        .blocks
        .iter()
        .zip(bands)
        .filter(|(b, _)| b.size[0] > 0.0 && b.size[1] > 0.0)
        .map(|(b, band)| block_geom(b, band, catalog))
        .collect();
    let rows: Vec<RowGeom> = group.rows.iter().map(row_geom).collect();
    let (generation, short) = main_rack(&blocks);
    let racks = blocks.iter().map(BlockGeom::places).sum();
    let mut generations: Vec<Generation> = Vec::new();
    for b in &blocks {
        if !generations.contains(&b.generation) {
            generations.push(b.generation);
        }
    }
    let own = group.hall.as_ref().map(|h| Bounds::at_size(h.at, h.size));
    let bounds =
        own.unwrap_or_else(|| blocks.iter().fold(Bounds::NOTHING, |all, b| all.union(&b.bounds)));
    let wings = if group.hall.is_some() { wings_of(&rows, &blocks, &bounds) } else { Vec::new() };
    let network: Vec<Bounds> =
        group.network_racks.iter().map(|n| Bounds::at_size(n.at, n.size)).collect();

    let mut items = Vec::with_capacity(blocks.len() + rows.len() + network.len() + 1);
    if let Some(hall) = &group.hall {
        let detail = format!("{}, {short}", count_of(u64::from(racks), "rack", "racks"));
        items.push(Item { detail, ..item(ElementKind::Hall, &hall.id, &hall.name, bounds) });
    }
    items.extend(rows.iter().map(|r| item(ElementKind::Row, &r.id, &r.name, r.bounds)));
    for n in &group.network_racks {
        items.push(item(ElementKind::NetworkRack, &n.id, &n.name, Bounds::at_size(n.at, n.size)));
    }
    items.extend(blocks.iter().map(|b| {
        let detail = match b.holding {
            Holding::Installed(n) => {
                format!("{}, {}", count_of(u64::from(n), "rack", "racks"), b.short)
            }
            Holding::Planned(n) => {
                format!("planned, up to {}", count_of(u64::from(n), "rack", "racks"))
            }
            Holding::Pool => format!("pool of power, {}", b.short),
        };
        Item { detail, ..item(ElementKind::Block, &b.id, &b.name, b.bounds) }
    }));
    let index = index_of(&items);
    let most = |of: fn(&BlockGeom) -> f64| blocks.iter().map(of).fold(0.0, f64::max);
    let longest = [most(BlockGeom::length), most(BlockGeom::pitch), most(|b| b.bounds.width())];
    HallPart {
        around: around(&items),
        longest,
        source: Arc::clone(group),
        id: group.hall.as_ref().map(|h| h.id.clone()),
        name: group.hall.as_ref().map_or_else(String::new, |h| h.name.clone()),
        bounds,
        wings,
        rows,
        blocks,
        network,
        generation,
        short,
        generations,
        racks,
        items,
        index,
    }
}

fn row_geom(row: &Row) -> RowGeom {
    let bounds = Bounds::at_size(row.at, row.size);
    RowGeom { id: row.id.clone(), name: row.name.clone(), bounds }
}

fn block_geom(block: &Block, band: Bounds, catalog: &Catalog) -> BlockGeom {
    let rack = block
        .rack
        .clone()
        .or_else(|| block.planned.as_ref().and_then(|p| p.racks.first().cloned()));
    let record = rack.as_ref().and_then(|id| catalog.racks.get(id));
    let holding = match (&block.count, &block.planned) {
        (Some(n), _) => Holding::Installed(*n),
        (None, Some(p)) => Holding::Planned(p.max),
        (None, None) => Holding::Pool,
    };
    let bounds = Bounds::at_size(block.at, block.size);
    let RackGrid { per_line, lines, along_x, .. } = RackGrid::of(block);
    BlockGeom {
        id: block.id.clone(),
        name: block.name.clone(),
        bounds,
        band,
        short: record.map_or_else(|| rack.clone().unwrap_or_default(), |r| r.short.clone()),
        generation: record.map_or(Generation::Other, |r| r.generation),
        rack,
        holding,
        per_line,
        lines,
        along_x,
        node: block.node.clone(),
        row: block.row.clone(),
    }
}

/// Rack type of most places; of equals the first in the site.
fn main_rack(blocks: &[BlockGeom]) -> (Generation, String) {
    let mut sums: Vec<(Generation, &str, u64)> = Vec::new();
    for b in blocks {
        match sums.iter_mut().find(|s| s.1 == b.short) {
            Some(sum) => sum.2 += u64::from(b.places()),
            None => sums.push((b.generation, &b.short, u64::from(b.places()))),
        }
    }
    let mut best = sums.first().copied();
    for s in &sums {
        if best.is_none_or(|b| s.2 > b.2) {
            best = Some(*s);
        }
    }
    best.map_or((Generation::Other, String::new()), |b| (b.0, b.1.to_owned()))
}

/// Rows grouped where the gap between them is much wider than an aisle.
fn wings_of(rows: &[RowGeom], blocks: &[BlockGeom], hall: &Bounds) -> Vec<Wing> {
    let mut order: Vec<Bounds> = rows.iter().map(|r| r.bounds).collect();
    if order.is_empty() {
        order = blocks.iter().map(|b| b.bounds).collect();
    }
    order.sort_by(|a, b| a.min.y.total_cmp(&b.min.y));
    let gaps: Vec<f64> =
        order.windows(2).map(|w| w[1].min.y - w[0].max.y).filter(|g| *g > 0.0).collect();
    let aisle = gaps.iter().copied().fold(f64::INFINITY, f64::min);
    let deep = order.iter().map(Bounds::height).fold(0.0, f64::max);
    let split = (2.5 * aisle).max(1.5 * deep);
    let mut groups: Vec<Bounds> = Vec::new();
    for b in order {
        match groups.last_mut() {
            Some(last) if b.min.y - last.max.y <= split => *last = last.union(&b),
            _ => groups.push(b),
        }
    }
    let margin = if aisle.is_finite() { (aisle * 0.8).clamp(0.6, 6.0) } else { 2.0 };
    groups
        .into_iter()
        .map(|g| {
            // The building spans the hall: electrical rooms stand beside the rows.
            let edge = (hall.width() * 0.008).min(1.0);
            let grown = g.grown(margin);
            let bounds = Bounds {
                min: Pt { x: hall.min.x + edge, y: grown.min.y.max(hall.min.y + edge) },
                max: Pt { x: hall.max.x - edge, y: grown.max.y.min(hall.max.y - edge) },
            };
            let inside: Vec<BlockGeom> =
                blocks.iter().filter(|b| g.contains(b.bounds.centre())).cloned().collect();
            Wing { bounds, generation: main_rack(&inside).0 }
        })
        .collect()
}
