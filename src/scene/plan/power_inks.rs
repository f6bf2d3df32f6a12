//! What an answer says of nodes and ways, in the order of a campus and kept until either changes: a
//! frame of thousands of them asks for nothing by name. It must not know the zoom.

use super::campus::CampusPart;
use super::facts::PlanFacts;
use super::overlay::Overlay;
use super::routes::Route;
use crate::scene::geom::{Bounds, Pt};
use crate::scene::shape::Ink;
use crate::scene::tokens::{Token, loading_class};
use crate::site::Campus;
use std::collections::HashMap;
use std::sync::Arc;

/// Ink of what nothing is known of.
const NEUTRAL: Ink = Ink::token(Token::Text3);

/// Ink of a loaded element: its class under an electrical overlay, else neutral.
pub(super) fn ink_of(facts: &PlanFacts, overlay: Overlay, id: &str) -> Ink {
    facts.ink(overlay, id).unwrap_or(NEUTRAL)
}

/// A node in an answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeInk {
    pub ink: Ink,
    pub is_overloaded: bool,
}

/// A straight piece of trunks as it is seen from afar: of ways that share a corridor the one that
/// carries most is on top, and what lies below it is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Piece {
    /// Without width, metres.
    pub bounds: Bounds,
    pub ink: Ink,
    /// Longest side of the boxes around the ways that run along it, metres.
    pub long_m: f64,
}

/// Inks of nodes, ways and trunks of a campus.
#[derive(Clone, Debug, Default)]
pub struct PowerInks {
    source: Option<Arc<Campus>>,
    /// Answer and overlay that the inks are of.
    of: Option<(u64, Overlay)>,
    nodes: Vec<NodeInk>,
    ways: Vec<Ink>,
    /// Places of closed trunks among the ways, by rising load.
    pub(super) trunks: Vec<usize>,
    /// The same from afar, by rising load.
    pub(super) pieces: Vec<Piece>,
}

impl PowerInks {
    /// Of a campus, once.
    pub fn new(campus: Option<&CampusPart>, facts: &PlanFacts, overlay: Overlay) -> Self {
        let mut inks = Self::default();
        inks.update(campus, (facts, 0), overlay);
        inks
    }

    /// Brings the inks up to the campus and the answer, which goes by a number.
    pub fn update(
        &mut self,
        campus: Option<&CampusPart>,
        (facts, answer): (&PlanFacts, u64),
        overlay: Overlay,
    ) {
        let now = Some((answer, overlay));
        let source = campus.map(CampusPart::source);
        let is_same = self.source.as_ref().map(Arc::as_ptr) == source.map(Arc::as_ptr);
        if is_same && self.of == now {
            return;
        }
        (self.source, self.of) = (source.map(Arc::clone), now);
        let Some(campus) = campus else { return };
        let ink = |id: &str| ink_of(facts, overlay, id);
        self.nodes.clear();
        self.nodes.extend(campus.nodes.iter().map(|node| NodeInk {
            ink: ink(&node.id),
            is_overloaded: is_overloaded(facts, overlay, &node.id),
        }));
        self.ways.clear();
        self.ways.extend(campus.routes.iter().map(|route| ink(&route.node)));
        let way = |at: &usize| campus.routes.get(*at).filter(|r| !r.open && r.feed.is_none());
        let load = |route: &Route| facts.load.get(&route.node).copied().unwrap_or(0.0);
        let mut trunks: Vec<(f64, usize)> =
            campus.trunks.iter().filter_map(|at| Some((load(way(at)?), *at))).collect();
        trunks.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.trunks.clear();
        self.trunks.extend(trunks.iter().map(|(_, at)| *at));
        let ways = self.trunks.iter().filter_map(|at| Some((way(at)?, self.way(*at))));
        self.pieces = pieces(ways.rev());
    }

    pub(super) fn node(&self, at: usize) -> NodeInk {
        let unknown = NodeInk { ink: NEUTRAL, is_overloaded: false };
        self.nodes.get(at).copied().unwrap_or(unknown)
    }

    /// Ink of a way by the load of what it feeds.
    pub(super) fn way(&self, at: usize) -> Ink {
        self.ways.get(at).copied().unwrap_or(NEUTRAL)
    }
}

fn is_overloaded(facts: &PlanFacts, overlay: Overlay, id: &str) -> bool {
    let loads = if overlay.is_of_flow() { &facts.flow } else { &facts.load };
    loads.get(id).is_some_and(|load| loading_class(*load) == 5)
}

/// The line that a piece lies on: level or upright, and where it crosses the other axis.
type Lane = (bool, u64);

/// Pieces of ways that are given by falling load, by rising load.
fn pieces<'a>(ways: impl Iterator<Item = (&'a Route, Ink)>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    let mut lanes: HashMap<Lane, Vec<usize>> = HashMap::new();
    for (route, ink) in ways {
        let long_m = route.around.width().max(route.around.height());
        for (a, b) in route.points.iter().zip(route.points.iter().skip(1)) {
            let whole = Piece { bounds: Bounds::of(*a, *b), ink, long_m };
            let Some(lane) = lane(*a, *b) else {
                all.push(whole);
                continue;
            };
            let here = lanes.entry(lane).or_default();
            let mut left = vec![whole];
            for at in &*here {
                let Some(above) = all.get_mut(*at) else { continue };
                // Where the one above is too short to be seen the one below it may not be.
                if left.iter().any(|piece| piece.bounds.touches(&above.bounds)) {
                    above.long_m = above.long_m.max(long_m);
                }
                left = left.iter().flat_map(|piece| beside(piece, &above.bounds)).collect();
            }
            here.extend(all.len()..all.len() + left.len());
            all.extend(left);
        }
    }
    all.reverse();
    all
}

/// None where a piece slants.
fn lane(a: Pt, b: Pt) -> Option<Lane> {
    // Adding zero makes the two zeros one.
    let key = |at: f64| (at + 0.0).to_bits();
    if a.y == b.y { Some((true, key(a.y))) } else { (a.x == b.x).then(|| (false, key(a.x))) }
}

/// What of a piece lies before and behind another one on its lane.
fn beside(piece: &Piece, above: &Bounds) -> impl Iterator<Item = Piece> {
    let Bounds { min, max } = piece.bounds;
    let is_level = min.y == max.y;
    let (before, behind) = if is_level {
        let (from, to) = (min.x.max(above.max.x), max.x.min(above.min.x));
        (Bounds { min, max: Pt { x: to, ..max } }, Bounds { min: Pt { x: from, ..min }, max })
    } else {
        let (from, to) = (min.y.max(above.max.y), max.y.min(above.min.y));
        (Bounds { min, max: Pt { y: to, ..max } }, Bounds { min: Pt { y: from, ..min }, max })
    };
    let piece = *piece;
    let parts = [before, behind].into_iter().filter(|b| b.width() > 0.0 || b.height() > 0.0);
    parts.map(move |bounds| Piece { bounds, ..piece })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::geom::pt;
    use crate::scene::shape::Hue;

    fn route(points: &[Pt]) -> Route {
        let around = points.iter().fold(Bounds::NOTHING, |b, p| b.union(&Bounds::of(*p, *p)));
        Route {
            node: String::new(),
            points: points.to_vec(),
            around,
            open: false,
            trunk: true,
            feed: None,
            count: 1,
        }
    }

    /// Ink on top at a point; ways are given by falling load.
    fn seen(pieces: &[Piece], at: Pt) -> Option<Ink> {
        pieces.iter().rev().find(|p| p.bounds.contains(at)).map(|p| p.ink)
    }

    #[test]
    fn ways_that_share_a_corridor_are_drawn_once_and_look_as_before() {
        // Five ways up a corridor that turn into five halls, and one that crosses them all.
        let class = |k: usize| Ink::of(Hue::Load(k));
        let mut ways: Vec<(Route, Ink)> = (0..5)
            .map(|k| {
                let end = 10.0 * (k + 1) as f64;
                (route(&[pt(3.0, 0.0), pt(3.0, end), pt(20.0 - end, end)]), class(k))
            })
            .collect();
        ways.push((route(&[pt(-9.0, 25.0), pt(30.0, 25.0)]), class(5)));
        let found = pieces(ways.iter().map(|(route, ink)| (route, *ink)));
        let all: Vec<Piece> = ways
            .iter()
            .rev()
            .flat_map(|(route, ink)| {
                let pairs = route.points.windows(2);
                let of =
                    |p: &[Pt]| Piece { bounds: Bounds::of(p[0], p[1]), ink: *ink, long_m: 0.0 };
                pairs.map(of).collect::<Vec<_>>()
            })
            .collect();
        for x in -10..=31 {
            for y in -1..=60 {
                // Between corners, where neighbours meet.
                let at = pt(f64::from(x), f64::from(y) + 0.5);
                assert_eq!(seen(&found, at), seen(&all, at), "{at:?}");
                let at = pt(f64::from(x) + 0.5, f64::from(y));
                assert_eq!(seen(&found, at), seen(&all, at), "{at:?}");
            }
        }
        let length = |list: &[Piece]| -> f64 {
            list.iter().map(|p| p.bounds.width() + p.bounds.height()).sum()
        };
        assert!(length(&found) < length(&all) - 90.0);
        // The lowest part of the corridor is seen as long as its longest way is.
        let first = found.iter().find(|p| p.bounds.contains(pt(3.0, 5.0))).unwrap();
        assert_eq!(first.long_m, 50.0);
    }
}
