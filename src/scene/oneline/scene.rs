//! The retained diagram: laid out anew where the network or the choices changed, with an index
//! for hits and a walk from symbol to symbol. It must not know the zoom, the overlay or the
//! answer of a solve.

use super::group::{Choices, Diagram};
use super::network::{HallInfo, Network, Symbol};
use super::order;
use super::place::{ends, place};
use super::route::{Sketch, Wire, route};
use super::tree::Tree;
use crate::catalog::Catalog;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::plan::{ElementId, ElementKind};
use crate::site::{Campus, HallGroup, Site};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The card of a hall below its loads.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub hall: HallInfo,
    pub bounds: Bounds,
    /// Loads that it holds.
    pub loads: Vec<usize>,
    /// Ways of loads that stand elsewhere.
    pub ways: Vec<Vec<Pt>>,
}

/// A diagram with places, in points at zoom 1.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    pub diagram: Diagram,
    /// Symbol or bar of each item.
    pub boxes: Vec<Bounds>,
    /// Stretch of the diagram that each item has to itself.
    pub room: Vec<(f64, f64)>,
    /// Places along the bars and symbols where connections end, from the left.
    pub depth: Vec<usize>,
    pub wires: Vec<Wire>,
    pub cards: Vec<Card>,
    pub bounds: Option<Bounds>,
    /// Least distance of two rows, middle to middle.
    pub pitch: f64,
}

/// Lays a network out; the same network and choices give the same places.
pub fn layout(network: &Network, choices: &Choices) -> Layout {
    let diagram = Diagram::of(network, choices);
    let mut tree = Tree::of(&diagram);
    order::sort(&mut tree, &diagram);
    let ends = ends(&tree, &diagram);
    let places = place(&tree, &diagram, &ends);
    let routed = route(&Sketch { diagram: &diagram, tree: &tree, places: &places, ends: &ends });
    let halls: BTreeMap<&str, &HallInfo> =
        network.halls.iter().map(|h| (h.id.as_str(), h)).collect();
    let cards: Vec<Card> = places
        .cards
        .iter()
        .zip(routed.cards)
        .filter_map(|(span, (bounds, ways))| {
            let hall = (*halls.get(span.hall.as_str())?).clone();
            let loads = span.above.iter().chain(&span.elsewhere).copied().collect();
            Some(Card { hall, bounds, loads, ways })
        })
        .collect();
    let boxes = routed.boxes;
    let all = boxes.iter().chain(cards.iter().map(|c| &c.bounds));
    let mut bounds = all.fold(Bounds::NOTHING, |all, b| all.union(b));
    if !bounds.is_empty() {
        bounds = bounds.union(&Bounds::xywh(0.0, bounds.min.y, places.width, 0.0));
    }
    let mut rows: Vec<f64> = boxes.iter().map(|b| b.centre().y).collect();
    rows.sort_by(f64::total_cmp);
    rows.dedup();
    let pitch = rows.windows(2).map(|w| w[1] - w[0]).reduce(f64::min).unwrap_or(60.0);
    Layout {
        pitch,
        room: places.left.iter().copied().zip(places.right.iter().copied()).collect(),
        depth: tree.depth,
        wires: routed.wires,
        bounds: (!bounds.is_empty()).then_some(bounds),
        diagram,
        boxes,
        cards,
    }
}

/// What can be hit: a symbol or the card of a hall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    Item(usize),
    Hall(usize),
}

/// Something that can be hit, hovered and selected.
#[derive(Clone, Debug, PartialEq)]
pub struct Spot {
    pub target: Target,
    /// What a click selects.
    pub elements: Vec<ElementId>,
    /// Elements that are folded into it or stand behind it.
    pub inside: Vec<ElementId>,
    pub bounds: Bounds,
}

/// A step of the walk over the diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Up,
    Down,
    Left,
    Right,
}

type Entry = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// The diagram of a site, kept between frames.
#[derive(Clone, Debug, Default)]
pub struct OneLineScene {
    pub network: Network,
    pub layout: Layout,
    pub spots: Vec<Spot>,
    /// Grows with every new layout.
    pub revision: u64,
    choices: Choices,
    source: Option<(Arc<Campus>, Vec<Arc<HallGroup>>)>,
    /// Spots that show each element itself or hold it.
    shown: BTreeMap<ElementId, usize>,
    index: RTree<Entry>,
}

impl OneLineScene {
    /// Brings the diagram up to the site and the choices. Whether anything changed.
    pub fn update(&mut self, site: &Site, catalog: &Catalog, choices: &Choices) -> bool {
        let same = self.source.as_ref().is_some_and(|(campus, halls)| {
            Arc::ptr_eq(campus, &site.campus)
                && halls.len() == site.halls.len()
                && halls.iter().zip(&site.halls).all(|(a, b)| Arc::ptr_eq(a, b))
        });
        if same && self.choices == *choices {
            return false;
        }
        if !same {
            self.network = Network::of(site, catalog);
            self.source = Some((Arc::clone(&site.campus), site.halls.clone()));
        }
        self.choices = choices.clone();
        self.layout = layout(&self.network, choices);
        self.spots = spots(&self.network, &self.layout);
        self.shown = BTreeMap::new();
        for (i, spot) in self.spots.iter().enumerate() {
            // A block stands behind its load and behind its hall: the load is nearer.
            for id in spot.elements.iter().chain(&spot.inside) {
                self.shown.entry(id.clone()).or_insert(i);
            }
        }
        let entry = |(i, s): (usize, &Spot)| {
            let b = s.bounds.grown(4.0);
            GeomWithData::new(Rectangle::from_corners([b.min.x, b.min.y], [b.max.x, b.max.y]), i)
        };
        self.index = RTree::bulk_load(self.spots.iter().enumerate().map(entry).collect());
        self.revision += 1;
        true
    }

    /// The spot under a point, or so near that nothing else is meant; the smallest of several.
    pub fn hit(&self, p: Pt, reach: f64) -> Option<usize> {
        let area = AABB::from_corners([p.x - reach, p.y - reach], [p.x + reach, p.y + reach]);
        let found = self.index.locate_in_envelope_intersecting(area).map(|e| e.data);
        found.min_by(|a, b| {
            let area = |i: &usize| self.spots.get(*i).map_or(f64::INFINITY, |s| s.bounds.area());
            area(a).total_cmp(&area(b)).then(a.cmp(b))
        })
    }

    /// The spot that shows an element, itself or inside of it.
    pub fn spot_of(&self, id: &ElementId) -> Option<usize> {
        self.shown.get(id).copied()
    }

    /// Whether the spot stands for the element itself.
    pub fn is_itself(&self, spot: usize, id: &ElementId) -> bool {
        self.spots.get(spot).is_some_and(|s| s.elements.contains(id))
    }

    /// Where a walk begins: the first source, else the first symbol.
    pub fn start(&self) -> Option<usize> {
        let depth = |s: &&Spot| match s.target {
            Target::Item(i) => self.layout.depth.get(i).copied().unwrap_or(0),
            Target::Hall(_) => usize::MAX,
        };
        let order = |a: &&Spot, b: &&Spot| {
            depth(a).cmp(&depth(b)).then(a.bounds.min.x.total_cmp(&b.bounds.min.x))
        };
        let first = self.spots.iter().min_by(order)?;
        self.spots.iter().position(|s| s.target == first.target)
    }

    /// The spot one step away: up to the source, down to the loads, sideways along the row,
    /// among what hangs from the same source first.
    pub fn step(&self, from: usize, step: Step) -> Option<usize> {
        let spot = self.spots.get(from)?;
        let target = match (spot.target, step) {
            (Target::Item(i), Step::Up) => {
                Target::Item(*self.layout.diagram.graph.parents.get(i)?.first()?)
            }
            (Target::Item(i), Step::Down) => self.below(i)?,
            (Target::Hall(k), Step::Up) => Target::Item(*self.layout.cards.get(k)?.loads.first()?),
            (Target::Hall(_), Step::Down) => return None,
            (Target::Hall(k), Step::Left) => Target::Hall(k.checked_sub(1)?),
            (Target::Hall(k), Step::Right) => Target::Hall(k + 1),
            (Target::Item(i), side) => Target::Item(self.beside(i, side)?),
        };
        self.spots.iter().position(|s| s.target == target)
    }

    fn below(&self, item: usize) -> Option<Target> {
        let parents = &self.layout.diagram.graph.parents;
        let x = |i: usize| self.layout.boxes.get(i).map_or(0.0, |b| b.min.x);
        let children = (0..parents.len()).filter(|c| parents[*c].contains(&item));
        let first = children.min_by(|a, b| x(*a).total_cmp(&x(*b)));
        first.map(Target::Item).or_else(|| {
            let holds = |c: &Card| c.loads.contains(&item);
            self.layout.cards.iter().position(holds).map(Target::Hall)
        })
    }

    fn beside(&self, item: usize, side: Step) -> Option<usize> {
        let layout = &self.layout;
        let parents = &layout.diagram.graph.parents;
        let x = |i: usize| layout.boxes.get(i).map_or(0.0, |b| b.centre().x);
        let own = x(item);
        let beyond = |i: &usize| match side {
            Step::Left => x(*i) < own,
            _ => x(*i) > own,
        };
        let nearest = |found: Vec<usize>| {
            found.into_iter().min_by(|a, b| (x(*a) - own).abs().total_cmp(&(x(*b) - own).abs()))
        };
        let row = |i: &usize| layout.depth.get(*i) == layout.depth.get(item) && beyond(i);
        let siblings = (0..parents.len()).filter(|i| {
            beyond(i) && !parents[*i].is_empty() && parents[*i].first() == parents[item].first()
        });
        nearest(siblings.collect()).or_else(|| nearest((0..parents.len()).filter(row).collect()))
    }
}

fn spots(network: &Network, layout: &Layout) -> Vec<Spot> {
    let elements = |members: &[usize]| -> Vec<ElementId> {
        let vertices = members.iter().filter_map(|m| network.vertices.get(*m));
        vertices.flat_map(|v| v.elements.iter().cloned()).collect()
    };
    let items = layout.diagram.items.iter().enumerate().map(|(i, item)| Spot {
        target: Target::Item(i),
        elements: elements(&item.members),
        inside: elements(&item.hidden),
        bounds: layout.boxes.get(i).copied().unwrap_or(Bounds::NOTHING),
    });
    let halls = layout.cards.iter().enumerate().map(|(k, card)| Spot {
        target: Target::Hall(k),
        elements: vec![ElementId::new(ElementKind::Hall, &card.hall.id)],
        inside: Vec::new(),
        bounds: card.bounds,
    });
    items.chain(halls).collect()
}

impl Layout {
    /// Symbol, multiplicity and number of folded vertices of an item, in words.
    pub fn words(&self, network: &Network, item: usize) -> String {
        let Some(item) = self.diagram.items.get(item) else { return String::new() };
        let first = item.members.first().and_then(|m| network.vertices.get(*m));
        let name = match item.symbol {
            Symbol::Racks => {
                let blocks = item.members.iter().filter_map(|m| network.vertices.get(*m));
                let count: usize = blocks.map(|v| v.elements.len()).sum();
                format!("Racks, {count} {}", if count == 1 { "block" } else { "blocks" })
            }
            _ => first.map_or_else(String::new, |v| v.name.clone()),
        };
        let count = match item.members.len() {
            n if n > 1 && item.symbol != Symbol::Racks => format!(" and {} more like it", n - 1),
            _ => String::new(),
        };
        let folded = match item.hidden.len() {
            0 => String::new(),
            n => format!(", {n} below folded"),
        };
        format!("{name}{count}{folded}")
    }
}
