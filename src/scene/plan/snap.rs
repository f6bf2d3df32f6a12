//! Where something that is dragged comes to rest: at edges and centres of its neighbours,
//! in equal spacing with them, else on the raster of racks; with the guides that say why.
//!
//! It must not know the pointer: it is asked with a wanted shift and answers with another.

use super::build::PlanScene;
use super::element::{ElementId, ElementKind};
use crate::scene::geom::{Bounds, Pt, pt};

/// The raster of racks, metres: the width of one.
pub const RASTER_M: f64 = 0.6;

/// Places closer than this are one, metres.
const SAME_M: f64 = 1e-6;
/// Neighbours that a line is drawn to, on each axis.
const MOST_GUIDES: usize = 3;

/// Which neighbours count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Halls, yards and machines, for what stands on the ground.
    Ground,
    /// Racks, rows and the walls around them, for what stands in a hall.
    Racks,
}

impl Level {
    /// The level of an element.
    pub const fn of(kind: ElementKind) -> Self {
        match kind {
            ElementKind::Row | ElementKind::NetworkRack | ElementKind::Block => Level::Racks,
            _ => Level::Ground,
        }
    }

    const fn counts(self, kind: ElementKind) -> bool {
        let racks = matches!(Level::of(kind), Level::Racks);
        match self {
            Level::Ground => !racks,
            Level::Racks => racks || matches!(kind, ElementKind::Hall),
        }
    }

    /// Whether it stands beside others, and not under or around them.
    const fn is_apart(self, kind: ElementKind) -> bool {
        match self {
            Level::Ground => !matches!(kind, ElementKind::Area),
            Level::Racks => matches!(kind, ElementKind::Block | ElementKind::NetworkRack),
        }
    }
}

/// Which sides of a box move with the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// All: it is moved.
    All,
    /// -1 the lesser, 1 the greater, 0 none, on each axis: it is resized.
    Some([i8; 2]),
}

/// What is dragged, and among what.
#[derive(Clone, Copy)]
pub struct Snapping<'a> {
    pub scene: &'a PlanScene,
    /// The box as it stood before.
    pub from: Bounds,
    pub sides: Sides,
    pub level: Level,
    /// Elements that do not count: those that are dragged, and what they carry.
    pub excluded: &'a dyn Fn(&ElementId) -> bool,
    /// Ground whose elements count, usually what can be seen.
    pub within: Bounds,
    /// How near a line must be to attract, metres.
    pub reach_m: f64,
}

/// Where it comes to rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapped {
    /// Metres east and south, in place of the wanted ones.
    pub shift: [f64; 2],
    pub guides: Vec<Guide>,
}

/// A line that says why something rests where it does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guide {
    pub from: Pt,
    pub to: Pt,
    /// The length to show; absent for a line that only aligns.
    pub distance_m: Option<f64>,
}

impl Guide {
    fn is_same(&self, other: &Self) -> bool {
        let near = |a: Pt, b: Pt| a.distance(b) <= SAME_M;
        near(self.from, other.from)
            && near(self.to, other.to)
            && self.distance_m.is_some() == other.distance_m.is_some()
    }
}

/// The two ends of a box on an axis.
type Span = (f64, f64);

fn span(b: &Bounds, axis: usize) -> Span {
    if axis == 0 { (b.min.x, b.max.x) } else { (b.min.y, b.max.y) }
}

fn overlap(a: Span, b: Span) -> bool {
    a.0 < b.1 - SAME_M && b.0 < a.1 - SAME_M
}

fn middle(s: Span) -> f64 {
    (s.0 + s.1) / 2.0
}

/// A neighbour.
#[derive(Clone, Copy)]
struct Other {
    bounds: Bounds,
    /// Stands beside others, so that gaps to it mean something.
    apart: bool,
}

impl Snapping<'_> {
    /// The shift that is nearest to the wanted one and rests on something.
    pub fn at(&self, wanted: [f64; 2]) -> Snapped {
        let others = self.others();
        let mut shift = [0, 1].map(|axis| self.shift_on(axis, wanted, &others));
        // The lane in which gaps are compared changes with the other axis.
        shift[1] = self.shift_on(1, [shift[0], wanted[1]], &others);
        let moved = self.moved(shift);
        let mut guides = Vec::new();
        for axis in [0, 1] {
            if self.moves(axis) {
                self.lines(axis, &moved, &others, &mut guides);
                self.gaps(axis, &moved, &others, &mut guides);
            }
        }
        // A gap may be told by the line that it lies on and by its equal.
        let mut once: Vec<Guide> = Vec::with_capacity(guides.len());
        for guide in guides {
            if !once.iter().any(|other| other.is_same(&guide)) {
                once.push(guide);
            }
        }
        Snapped { shift, guides: once }
    }

    /// The box after a shift.
    pub fn moved(&self, shift: [f64; 2]) -> Bounds {
        let side = |axis: usize, (low, high): Span| match self.sides {
            Sides::All => (low + shift[axis], high + shift[axis]),
            Sides::Some(which) => match which[axis] {
                -1 => ((low + shift[axis]).min(high), high),
                1 => (low, (high + shift[axis]).max(low)),
                _ => (low, high),
            },
        };
        let (x, y) = (side(0, span(&self.from, 0)), side(1, span(&self.from, 1)));
        Bounds { min: pt(x.0, y.0), max: pt(x.1, y.1) }
    }

    fn moves(&self, axis: usize) -> bool {
        match self.sides {
            Sides::All => true,
            Sides::Some(which) => which[axis] != 0,
        }
    }

    fn others(&self) -> Vec<Other> {
        let counts = |id: &ElementId| self.level.counts(id.kind) && !(self.excluded)(id);
        let found = self.scene.in_rect(&self.within).into_iter().filter(|i| counts(&i.id));
        found
            .filter(|i| i.bounds.area() > 0.0)
            .map(|i| Other { bounds: i.bounds, apart: self.level.is_apart(i.id.kind) })
            .collect()
    }

    fn shift_on(&self, axis: usize, wanted: [f64; 2], others: &[Other]) -> f64 {
        if !self.moves(axis) {
            return 0.0;
        }
        let moved = self.moved(wanted);
        let own = span(&moved, axis);
        let mut best: Option<f64> = None;
        let mut offer = |by: f64| {
            if by.abs() <= self.reach_m && best.is_none_or(|b: f64| by.abs() < b.abs() - SAME_M) {
                best = Some(by);
            }
        };
        for other in others {
            for (from, to) in self.pairs(axis, own, span(&other.bounds, axis)) {
                offer(to - from);
            }
        }
        for place in self.even_places(axis, &moved, others) {
            offer(place - own.0);
        }
        match best {
            Some(by) => wanted[axis] + by,
            None => (wanted[axis] / RASTER_M).round() * RASTER_M,
        }
    }

    /// Lines of the box that move, each with a line of a neighbour that it may come to.
    fn pairs(&self, axis: usize, own: Span, other: Span) -> Vec<(f64, f64)> {
        let side = match self.sides {
            Sides::All => 0,
            Sides::Some(which) => which[axis],
        };
        match side {
            -1 => vec![(own.0, other.0), (own.0, other.1)],
            1 => vec![(own.1, other.1), (own.1, other.0)],
            _ => vec![
                (own.0, other.0),
                (own.1, other.1),
                (own.0, other.1),
                (own.1, other.0),
                (middle(own), middle(other)),
            ],
        }
    }

    /// Neighbours in the lane of the box, before and after its middle, nearest first.
    fn lane(&self, axis: usize, moved: &Bounds, others: &[Other]) -> (Vec<Span>, Vec<Span>) {
        let across = span(moved, 1 - axis);
        let centre = middle(span(moved, axis));
        let beside =
            others.iter().filter(|o| o.apart && overlap(span(&o.bounds, 1 - axis), across));
        let spans: Vec<Span> = beside.map(|o| span(&o.bounds, axis)).collect();
        let mut before: Vec<Span> = spans.iter().copied().filter(|s| middle(*s) < centre).collect();
        let mut after: Vec<Span> = spans.into_iter().filter(|s| middle(*s) >= centre).collect();
        before.sort_by(|a, b| b.1.total_cmp(&a.1));
        after.sort_by(|a, b| a.0.total_cmp(&b.0));
        (before, after)
    }

    /// Where the lesser end would have to be for equal gaps.
    fn even_places(&self, axis: usize, moved: &Bounds, others: &[Other]) -> Vec<f64> {
        if self.sides != Sides::All {
            return Vec::new();
        }
        let own = span(moved, axis);
        let length = own.1 - own.0;
        let (before, after) = self.lane(axis, moved, others);
        let mut places = Vec::with_capacity(3);
        if let (Some(a), Some(b)) = (before.first(), after.first())
            && b.0 - a.1 > length
        {
            places.push((a.1 + b.0 - length) / 2.0);
        }
        if let [near, far, ..] = before.as_slice()
            && near.0 > far.1
        {
            places.push(near.1 + near.0 - far.1);
        }
        if let [near, far, ..] = after.as_slice()
            && far.0 > near.1
        {
            places.push(near.0 - (far.0 - near.1) - length);
        }
        places
    }

    /// A line through the box and each of the nearest neighbours that it is aligned with.
    fn lines(&self, axis: usize, moved: &Bounds, others: &[Other], guides: &mut Vec<Guide>) {
        let own = span(moved, axis);
        let across = span(moved, 1 - axis);
        let away = |o: &Other| {
            let other = span(&o.bounds, 1 - axis);
            (other.0 - across.1).max(across.0 - other.1).max(0.0)
        };
        let mut aligned: Vec<(&Other, f64)> = others
            .iter()
            .filter_map(|o| {
                let pairs = self.pairs(axis, own, span(&o.bounds, axis));
                let found = pairs.into_iter().find(|(a, b)| (a - b).abs() <= SAME_M)?;
                Some((o, found.1))
            })
            .collect();
        aligned.sort_by(|a, b| away(a.0).total_cmp(&away(b.0)));
        let mut seen: Vec<f64> = Vec::new();
        for (other, at) in aligned {
            // The nearest neighbour of each line is enough.
            if seen.len() == MOST_GUIDES || seen.iter().any(|s| (s - at).abs() <= SAME_M) {
                continue;
            }
            seen.push(at);
            let span = span(&other.bounds, 1 - axis);
            let ends = (across.0.min(span.0), across.1.max(span.1));
            guides.push(along(1 - axis, at, ends, None));
            let gap = if span.1 <= across.0 { (span.1, across.0) } else { (across.1, span.0) };
            if gap.1 - gap.0 > SAME_M {
                guides.push(along(1 - axis, at, gap, Some(gap.1 - gap.0)));
            }
        }
    }

    /// The gaps to both sides where they are equal, or equal to the next one.
    fn gaps(&self, axis: usize, moved: &Bounds, others: &[Other], guides: &mut Vec<Guide>) {
        if self.sides != Sides::All {
            return;
        }
        let own = span(moved, axis);
        let (before, after) = self.lane(axis, moved, others);
        let at = middle(span(moved, 1 - axis));
        let mut equal = |a: Span, b: Span| {
            let (x, y) = (a.1 - a.0, b.1 - b.0);
            if x > SAME_M && (x - y).abs() <= SAME_M {
                guides.push(along(axis, at, a, Some(x)));
                guides.push(along(axis, at, b, Some(y)));
            }
        };
        if let (Some(a), Some(b)) = (before.first(), after.first()) {
            equal((a.1, own.0), (own.1, b.0));
        }
        if let [near, far, ..] = before.as_slice() {
            equal((far.1, near.0), (near.1, own.0));
        }
        if let [near, far, ..] = after.as_slice() {
            equal((own.1, near.0), (near.1, far.0));
        }
    }
}

/// A guide that runs along an axis, at a place on the other.
fn along(axis: usize, at: f64, (from, to): Span, distance_m: Option<f64>) -> Guide {
    let point = |v: f64| if axis == 0 { pt(v, at) } else { pt(at, v) };
    Guide { from: point(from), to: point(to), distance_m }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::site::{Area, AreaKind, Feed, Group, Site};

    /// A plan of boxes in the open.
    fn plan(boxes: &[(f64, f64, f64, f64)]) -> PlanScene {
        let text = include_str!("../../../tests/data/layouts/tiny-built.ron");
        let mut site = Site::from_file(crate::site::file::parse(text, "tiny").expect("reads"));
        site.halls.clear();
        let campus = std::sync::Arc::make_mut(&mut site.campus);
        let feed = |(i, b): (usize, &(f64, f64, f64, f64))| Feed {
            id: format!("f{i}"),
            at: [b.0, b.1],
            size: [b.2, b.3],
            ..campus.feeds[0].clone()
        };
        let feeds = boxes.iter().enumerate().map(feed).collect();
        campus.feeds = feeds;
        campus.nodes.clear();
        campus.loops.clear();
        campus.groups = Vec::<Group>::new();
        let pad = Area {
            id: "pad".into(),
            name: "Pad".into(),
            kind: AreaKind::Pad,
            height_m: None,
            at: [-500.0, -500.0],
            size: [1000.0, 1000.0],
        };
        campus.areas = vec![pad].into();
        let mut scene = PlanScene::default();
        scene.update(&site, &Catalog::embedded().expect("reads"));
        scene
    }

    fn at(scene: &PlanScene, from: Bounds, sides: Sides, wanted: [f64; 2]) -> Snapped {
        let excluded = |id: &ElementId| id.id == "f0";
        let within = Bounds::xywh(-400.0, -400.0, 800.0, 800.0);
        let level = Level::Ground;
        Snapping { scene, from, sides, level, excluded: &excluded, within, reach_m: 1.0 }.at(wanted)
    }

    fn near(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 1e-9 && (a[1] - b[1]).abs() < 1e-9
    }

    #[test]
    fn an_edge_a_centre_and_a_touch_attract_within_reach() {
        let own = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let scene = plan(&[(0.0, 0.0, 10.0, 10.0), (50.3, 100.0, 20.0, 20.0)]);
        // Left edges.
        let left = at(&scene, own, Sides::All, [50.0, 30.0]);
        assert!(near(left.shift, [50.3, 30.0]), "{left:?}");
        // The line runs through both, and the gap between them is told.
        let gap = left.guides.iter().find(|g| g.distance_m.is_some()).expect("a gap");
        assert_eq!(gap.distance_m, Some(60.0));
        assert_eq!((gap.from.x, gap.to.x), (50.3, 50.3));
        // Centres: 60.3 in the middle.
        let centre = at(&scene, own, Sides::All, [55.0, 30.0]);
        assert!(near(centre.shift, [55.3, 30.0]), "{centre:?}");
        // Right edge to left edge.
        let touch = at(&scene, own, Sides::All, [41.0, 30.0]);
        assert!(near(touch.shift, [40.3, 30.0]), "{touch:?}");
    }

    #[test]
    fn out_of_reach_the_raster_of_racks_holds_and_no_guide_is_drawn() {
        let own = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let scene = plan(&[(0.0, 0.0, 10.0, 10.0), (50.3, 100.0, 20.0, 20.0)]);
        let found = at(&scene, own, Sides::All, [20.1, -33.4]);
        assert!(near(found.shift, [20.4, -33.6]), "{found:?}");
        assert!(found.guides.is_empty());
    }

    #[test]
    fn equal_gaps_attract_between_and_behind_neighbours() {
        let own = Bounds::xywh(0.0, 200.0, 10.0, 10.0);
        // Gaps of 7 between the first two; the third leaves 37 behind the second.
        let boxes = [
            (0.0, 200.0, 10.0, 10.0),
            (100.0, -3.0, 20.0, 16.0),
            (127.0, -3.0, 20.0, 16.0),
            (184.0, -3.0, 20.0, 16.0),
        ];
        let scene = plan(&boxes);
        let behind = at(&scene, own, Sides::All, [154.4, -200.0]);
        assert!((behind.shift[0] - 154.0).abs() < 1e-9, "{behind:?}");
        let gaps: Vec<f64> = behind.guides.iter().filter_map(|g| g.distance_m).collect();
        assert_eq!(gaps.iter().filter(|d| (**d - 7.0).abs() < 1e-9).count(), 2, "{gaps:?}");
        // Between 147 and 184: 13.5 to both sides.
        let between = at(&scene, own, Sides::All, [160.2, -200.0]);
        assert!((between.shift[0] - 160.5).abs() < 1e-9, "{between:?}");
    }

    #[test]
    fn only_the_side_that_is_dragged_comes_to_a_line() {
        let own = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let scene = plan(&[(0.0, 0.0, 10.0, 10.0), (50.3, 100.0, 20.0, 20.0)]);
        let east = at(&scene, own, Sides::Some([1, 0]), [40.6, 99.0]);
        assert!(near(east.shift, [40.3, 0.0]), "{east:?}");
        // The west side has no line there.
        let west = at(&scene, own, Sides::Some([-1, 0]), [-40.2, 0.0]);
        assert!(near(west.shift, [-40.2, 0.0]), "on the raster: {west:?}");
    }

    #[test]
    fn what_is_dragged_does_not_attract_itself() {
        let own = Bounds::xywh(0.0, 0.0, 10.0, 10.0);
        let scene = plan(&[(0.0, 0.0, 10.0, 10.0)]);
        let found = at(&scene, own, Sides::All, [0.8, 0.0]);
        assert!(near(found.shift, [0.6, 0.0]), "{found:?}");
    }
}
