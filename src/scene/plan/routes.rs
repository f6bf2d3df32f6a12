//! Ways of cables on the ground: right-angled, along corridors where the site has them.
//! It must not know the load that they carry.

use crate::scene::geom::{Bounds, Pt, View, pt};
use crate::site::{AreaKind, Campus, Node, NodeKind};
use std::collections::{HashMap, HashSet};

/// A connection between two elements of the power network.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Node that the cable feeds; its load is the cable's.
    pub node: String,
    /// Corners, metres.
    pub points: Vec<Pt>,
    /// Box around the corners.
    pub around: Bounds,
    /// Behind an open switch.
    pub open: bool,
    /// Between yards or from a yard to a hall, as against inside a hall.
    pub trunk: bool,
    /// Place of the feed among the feeds of the campus that it comes from: drawn as an
    /// overhead line.
    pub feed: Option<usize>,
    /// Cables that share this way.
    pub count: u32,
}

impl Route {
    /// Its corners in a view, points.
    pub fn on_screen(&self, view: View) -> impl Iterator<Item = Pt> + Clone {
        self.points.iter().map(move |p| view.to_screen(*p))
    }
}

/// What a way starts from.
struct Source {
    bounds: Bounds,
    /// Place among the feeds, for a feed.
    feed: Option<usize>,
    /// Yards hold main transformers or stand at a feed; other nodes are inside halls.
    yard: bool,
}

/// Feeds and nodes by id; of equal ids the first, feeds before nodes.
fn sources(campus: &Campus) -> HashMap<&str, Source> {
    let feeds: HashSet<&str> = campus.feeds.iter().map(|f| f.id.as_str()).collect();
    let main = |n: &&Node| n.kind == NodeKind::MainTransformer;
    let transformers: HashSet<&str> =
        campus.nodes.iter().filter(main).map(|n| n.id.as_str()).collect();
    let above = |id: &String| feeds.contains(id.as_str()) || transformers.contains(id.as_str());
    let mut all = HashMap::new();
    for (at, f) in campus.feeds.iter().enumerate() {
        let bounds = Bounds::at_size(f.at, f.size);
        all.entry(f.id.as_str()).or_insert(Source { bounds, feed: Some(at), yard: false });
    }
    for n in &campus.nodes {
        let bounds = Bounds::at_size(n.at, n.size);
        let yard = n.kind == NodeKind::MainTransformer || n.from.iter().any(above);
        all.entry(n.id.as_str()).or_insert(Source { bounds, feed: None, yard });
    }
    all
}

/// The corners of a way as a key.
fn corners(points: &[Pt]) -> Vec<[u64; 2]> {
    // Adding zero makes the two zeros one.
    points.iter().map(|p| [(p.x + 0.0).to_bits(), (p.y + 0.0).to_bits()]).collect()
}

/// All ways of a campus, in order of its nodes; equal ways are one.
pub fn of(campus: &Campus) -> Vec<Route> {
    let corridors: Vec<Bounds> = campus
        .areas
        .iter()
        .filter(|a| a.kind == AreaKind::Corridor)
        .map(|a| Bounds::at_size(a.at, a.size))
        .collect();
    let all = sources(campus);
    let mut known: HashMap<(Vec<[u64; 2]>, bool), usize> = HashMap::new();
    let mut routes: Vec<Route> = Vec::new();
    for node in &campus.nodes {
        let to = Bounds::at_size(node.at, node.size);
        let sources = node.from.iter().map(|s| (s, false));
        for (source, open) in sources.chain(node.alternate.iter().map(|s| (s, true))) {
            let Some(from) = all.get(source.as_str()) else { continue };
            if from.bounds.grown(0.5).contains_box(&to) || to.grown(0.5).contains_box(&from.bounds)
            {
                continue;
            }
            let points = way(&from.bounds, &to, &corridors);
            let same = known.entry((corners(&points), open)).or_insert(routes.len());
            match routes.get_mut(*same) {
                Some(same) => same.count += 1,
                None => routes.push(Route {
                    node: node.id.clone(),
                    around: around(&points),
                    points,
                    open,
                    trunk: from.yard,
                    feed: from.feed,
                    count: 1,
                }),
            }
        }
    }
    routes
}

fn around(points: &[Pt]) -> Bounds {
    points.iter().fold(Bounds::NOTHING, |b, p| b.union(&Bounds { min: *p, max: *p }))
}

/// Boxes nearer than this are joined without a corridor.
const NEAR_M: f64 = 40.0;

/// A right-angled way between two boxes. Boxes that face each other are joined straight;
/// else the way runs along the upright corridor that makes it shortest, or turns half way.
pub fn way(from: &Bounds, to: &Bounds, corridors: &[Bounds]) -> Vec<Pt> {
    let (a, b) = (from.centre(), to.centre());
    let overlap = |lo: f64, hi: f64| (hi - lo > 1e-6).then_some((lo + hi) / 2.0);
    let (down, gap) = (b.y >= a.y, to.min.y - from.max.y);
    let x = overlap(from.min.x.max(to.min.x), from.max.x.min(to.max.x));
    let apart = gap.max(from.min.y - to.max.y);
    // Far boxes take the corridor even where they face each other: halls may stand between.
    let near = corridors.is_empty() || apart < NEAR_M;
    if let (Some(x), true) = (x, apart > 0.0 && near) {
        let ends = if down { (from.max.y, to.min.y) } else { (from.min.y, to.max.y) };
        return vec![pt(x, ends.0), pt(x, ends.1)];
    }
    let leave = if down { from.max.y } else { from.min.y };
    let upright = corridors
        .iter()
        .filter(|c| c.height() > 2.0 * c.width())
        .filter(|c| c.min.y < b.y && c.max.y > b.y)
        .map(|c| c.centre().x)
        .min_by(|p, q| {
            let length = |x: f64| (x - a.x).abs() + (x - b.x).abs();
            length(*p).total_cmp(&length(*q))
        });
    match upright {
        Some(x) => {
            // Leaves its source a little way off, turns to the corridor, then to the target.
            let turn = corridors
                .iter()
                .filter(|c| c.width() > 2.0 * c.height())
                .map(|c| c.centre().y)
                .filter(|y| if down { *y > leave && *y < b.y } else { *y < leave && *y > b.y })
                .min_by(|p, q| (p - leave).abs().total_cmp(&(q - leave).abs()))
                .unwrap_or(leave + (b.y - leave) * 0.12);
            let end = if x < b.x { to.min.x } else { to.max.x };
            tidy(vec![pt(a.x, leave), pt(a.x, turn), pt(x, turn), pt(x, b.y), pt(end, b.y)])
        }
        None if gap > 0.0 || from.min.y > to.max.y => {
            let enter = if down { to.min.y } else { to.max.y };
            let turn = (leave + enter) / 2.0;
            tidy(vec![pt(a.x, leave), pt(a.x, turn), pt(b.x, turn), pt(b.x, enter)])
        }
        None => {
            let (sx, ex) = if b.x > a.x { (from.max.x, to.min.x) } else { (from.min.x, to.max.x) };
            let turn = (sx + ex) / 2.0;
            tidy(vec![pt(sx, a.y), pt(turn, a.y), pt(turn, b.y), pt(ex, b.y)])
        }
    }
}

/// Without points that repeat or stand on a straight piece.
fn tidy(points: Vec<Pt>) -> Vec<Pt> {
    let mut out: Vec<Pt> = Vec::with_capacity(points.len());
    for p in points {
        if out.last().is_some_and(|q| q.distance(p) < 1e-6) {
            continue;
        }
        if let [.., a, b] = out.as_slice() {
            let straight = ((a.x - b.x).abs() < 1e-6 && (b.x - p.x).abs() < 1e-6)
                || ((a.y - b.y).abs() < 1e-6 && (b.y - p.y).abs() < 1e-6);
            if straight {
                out.pop();
            }
        }
        out.push(p);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right_angled(points: &[Pt]) -> bool {
        points.windows(2).all(|w| (w[0].x - w[1].x).abs() < 1e-9 || (w[0].y - w[1].y).abs() < 1e-9)
    }

    #[test]
    fn ways_are_right_angled_and_end_at_both_boxes() {
        let from = Bounds::xywh(0.0, 0.0, 40.0, 20.0);
        for to in [
            Bounds::xywh(10.0, 100.0, 10.0, 10.0),
            Bounds::xywh(200.0, 130.0, 30.0, 30.0),
            Bounds::xywh(-90.0, 5.0, 20.0, 10.0),
            Bounds::xywh(60.0, -80.0, 20.0, 10.0),
        ] {
            for corridors in [vec![], vec![Bounds::xywh(100.0, 20.0, 6.0, 400.0)]] {
                let points = way(&from, &to, &corridors);
                assert!(points.len() >= 2 && right_angled(&points), "{points:?}");
                assert!(from.grown(1e-6).contains(points[0]));
                assert!(to.grown(1e-6).contains(points[points.len() - 1]));
            }
        }
    }

    #[test]
    fn a_corridor_on_the_way_is_used() {
        let from = Bounds::xywh(0.0, 0.0, 40.0, 20.0);
        let to = Bounds::xywh(200.0, 130.0, 30.0, 30.0);
        let points = way(&from, &to, &[Bounds::xywh(100.0, 20.0, 6.0, 400.0)]);
        assert!(points.iter().filter(|p| (p.x - 103.0).abs() < 1e-9).count() == 2);
    }
}
