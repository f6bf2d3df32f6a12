//! Everything outside the halls: feeds, power nodes, areas, fields of machines.
//! It must not know the zoom, the overlay or the answer of a solve.

use super::build::{Entry, Item, around, count_of, index_of, item};
use super::constraints::{self, ConstraintGeom};
use super::draw::LEAST_PX;
use super::element::{ElementId, ElementKind};
use super::routes::{self, Route};
use crate::scene::geom::Bounds;
use crate::site::{AreaKind, Campus, Node, NodeKind};
use crate::units::Power;
use crate::units::format::{known, power};
use rstar::{AABB, RTree};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A power node on the ground.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeGeom {
    pub id: String,
    pub name: String,
    pub kind: NodeKind,
    pub bounds: Bounds,
    pub capacity_mw: Option<f64>,
    pub voltage_kv: Option<f64>,
    /// Voltage of the first source, where stated.
    pub source_kv: Option<f64>,
    /// Main transformers that stand on this substation's ground or feed it.
    pub transformers: Vec<usize>,
    /// Drawn as part of a substation.
    pub inside: bool,
    /// A substation with ground of its own: it has transformers or stands at a feed.
    pub yard: bool,
    /// Of a yard: free ground to the next one or to an area of another yard, metres; negative where
    /// they overlap, without end where there is none.
    pub gap_m: f64,
    /// A main transformer that is part of a substation, whose buses lead to it.
    pub has_buses: bool,
}

/// Least size on the screen of rooms inside halls: smaller ones cannot be told apart, points.
const ROOM_PX: f64 = 6.0;

impl NodeGeom {
    /// Zoom from which it is drawn, points per metre.
    fn least_scale(&self) -> f64 {
        let (w, h) = (self.bounds.width(), self.bounds.height());
        match self.kind {
            NodeKind::MainTransformer | NodeKind::Feeder => LEAST_PX / w.max(h),
            NodeKind::Substation if self.yard => LEAST_PX / w.max(h),
            _ => ROOM_PX / w.min(h),
        }
    }
}

/// A connection to the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedGeom {
    pub id: String,
    pub name: String,
    pub voltage_kv: Option<f64>,
    /// The name, with the voltage where it does not say it.
    pub title: String,
    /// Its capacity in words.
    pub capacity: String,
    pub bounds: Bounds,
}

/// Ground that carries no load.
#[derive(Clone, Debug, PartialEq)]
pub struct AreaGeom {
    pub id: String,
    pub name: String,
    pub kind: AreaKind,
    pub bounds: Bounds,
    /// Machines stand on it.
    pub built_on: bool,
}

impl AreaGeom {
    /// Pads and water lie lowest, then roads, then what stands on them.
    fn level(&self) -> u8 {
        match self.kind {
            AreaKind::Pad => 0,
            AreaKind::Water => 1,
            AreaKind::Road => 2,
            AreaKind::Corridor => 3,
            AreaKind::Yard | AreaKind::Laydown => 4,
            AreaKind::Building => 5,
        }
    }
}

/// What a field of equal machines is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Cdu,
    Rejection,
    Generator,
    Battery,
}

/// Equal machines side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldGeom {
    pub id: ElementId,
    pub name: String,
    pub kind: FieldKind,
    pub count: u32,
    pub bounds: Bounds,
    /// A figure beside the name, e.g. `150 MW`.
    pub figure: String,
}

/// Everything outside the halls.
#[derive(Clone, Debug)]
pub struct CampusPart {
    source: Arc<Campus>,
    pub feeds: Vec<FeedGeom>,
    pub nodes: Vec<NodeGeom>,
    /// From the ground up.
    pub areas: Vec<AreaGeom>,
    pub constraints: Vec<ConstraintGeom>,
    pub fields: Vec<FieldGeom>,
    pub routes: Vec<Route>,
    /// Places of the routes that are shown from afar.
    pub trunks: Vec<usize>,
    /// Places of the routes from a feed.
    pub overhead: Vec<usize>,
    /// Zooms from which nodes are drawn, points per metre: side by side, as every frame asks all.
    least_scales: Vec<f64>,
    pub items: Vec<Item>,
    /// Place of the first node among the items; the others follow it in order.
    first_node: usize,
    /// Box around all items.
    pub around: Bounds,
    pub(super) index: RTree<Entry>,
}

impl CampusPart {
    /// Places of the nodes that a zoom shows, in their order: from afar few of thousands.
    pub fn nodes_at(&self, scale: f64) -> Vec<usize> {
        let all = self.least_scales.iter().enumerate();
        all.filter(|(_, least)| **least <= scale).map(|(at, _)| at).collect()
    }

    /// Whether it was built from this very campus.
    pub(super) fn is_of(&self, campus: &Arc<Campus>) -> bool {
        Arc::ptr_eq(&self.source, campus)
    }

    /// What it was built from.
    pub(super) fn source(&self) -> &Arc<Campus> {
        &self.source
    }
}

/// Builds everything outside the halls.
pub(super) fn build(campus: &Arc<Campus>) -> CampusPart {
    let feeds: Vec<FeedGeom> = campus
        .feeds
        .iter()
        .map(|f| FeedGeom {
            id: f.id.clone(),
            name: f.name.clone(),
            voltage_kv: f.voltage_kv,
            title: match f.voltage_kv {
                Some(kv) if !f.name.contains("kV") => format!("{}, {kv:.0} kV", f.name),
                _ => f.name.clone(),
            },
            capacity: known(f.capacity_mw, |mw| power(Power::mw(mw))),
            bounds: Bounds::at_size(f.at, f.size),
        })
        .collect();
    let nodes = node_geoms(campus);
    let fields = field_geoms(campus);
    let mut areas = area_geoms(campus, &fields);
    let routes = routes::of(campus);

    let mut items = Vec::new();
    items.extend(areas.iter().map(|a| item(ElementKind::Area, &a.id, &a.name, a.bounds)));
    let constraints = constraints::geoms(campus);
    items.extend(constraints.iter().filter_map(|c| {
        let it = item(ElementKind::Constraint, &c.id, &c.name, c.bounds()?);
        Some(Item { detail: constraint_detail(c), ..it })
    }));
    let first_node = items.len();
    items.extend(nodes.iter().map(node_item));
    for f in &feeds {
        let detail = format!(
            "{}, capacity {}",
            f.voltage_kv.map_or_else(|| "voltage unknown".to_owned(), |kv| format!("{kv:.0} kV")),
            f.capacity
        );
        items.push(Item { detail, ..item(ElementKind::Feed, &f.id, &f.name, f.bounds) });
    }
    for f in &fields {
        let mut it = item(f.id.kind, &f.id.id, &f.name, f.bounds);
        it.detail = [count_of(u64::from(f.count), "machine", "machines"), f.figure.clone()]
            .into_iter()
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        items.push(it);
    }
    let index = index_of(&items);
    areas.sort_by_key(AreaGeom::level);
    let places = |of: fn(&Route) -> bool| -> Vec<usize> {
        routes.iter().enumerate().filter(|(_, r)| of(r)).map(|(at, _)| at).collect()
    };
    let trunks = places(|r| r.trunk);
    let overhead = places(|r| r.feed.is_some() && !r.open);
    let least_scales = nodes.iter().map(NodeGeom::least_scale).collect();
    CampusPart {
        source: Arc::clone(campus),
        feeds,
        nodes,
        areas,
        constraints,
        fields,
        routes,
        trunks,
        overhead,
        least_scales,
        around: around(&items),
        items,
        first_node,
        index,
    }
}

fn node_item(n: &NodeGeom) -> Item {
    let mut it = item(ElementKind::Node, &n.id, &n.name, n.bounds);
    it.depth += u8::from(n.inside);
    it.detail = n
        .capacity_mw
        .map_or_else(|| "capacity unknown".to_owned(), |mw| format!("capacity {mw:.1} MW"));
    it
}

/// Brings a part up to a campus on which everything stands and is connected as before, as after
/// an edit of a rating: what the part says of places and ways stays.
///
/// # Errors
/// Gives the part back where more has changed.
pub(super) fn renewed(
    mut part: CampusPart,
    campus: &Arc<Campus>,
) -> Result<CampusPart, Box<CampusPart>> {
    let (old, new) = (Arc::clone(&part.source), campus.as_ref());
    let same = old.nodes.len() == new.nodes.len()
        && old.feeds == new.feeds
        && old.areas == new.areas
        && old.constraints == new.constraints
        && old.loops == new.loops
        && old.generators == new.generators
        && old.batteries == new.batteries;
    let pairs = || old.nodes.iter().zip(&new.nodes).enumerate().filter(|(_, (a, b))| a != b);
    let stands = |a: &Node, b: &Node| {
        (&a.id, a.kind, a.at, a.size, a.voltage_kv) == (&b.id, b.kind, b.at, b.size, b.voltage_kv)
            && (&a.from, &a.alternate) == (&b.from, &b.alternate)
    };
    if !same || pairs().any(|(_, (a, b))| !stands(a, b)) {
        return Err(Box::new(part));
    }
    for (at, (_, node)) in pairs() {
        let Some(geom) = part.nodes.get_mut(at) else { continue };
        geom.name.clone_from(&node.name);
        geom.capacity_mw = node.capacity_mw;
        if let Some(item) = part.items.get_mut(part.first_node + at) {
            *item = node_item(geom);
        }
    }
    part.source = Arc::clone(campus);
    Ok(part)
}

/// Kind and rule.
pub(super) fn constraint_detail(c: &ConstraintGeom) -> String {
    let kind = c.kind.title().to_lowercase();
    if c.rule.is_empty() { kind } else { format!("{kind}, {}", c.rule) }
}

fn area_of(at: [f64; 2], size: [f64; 2]) -> AABB<[f64; 2]> {
    AABB::from_corners(at, [at[0] + size[0], at[1] + size[1]])
}

fn node_geoms(campus: &Campus) -> Vec<NodeGeom> {
    let mut volts: HashMap<&str, Option<f64>> = HashMap::new();
    for f in &campus.feeds {
        volts.entry(&f.id).or_insert(f.voltage_kv);
    }
    for n in &campus.nodes {
        volts.entry(&n.id).or_insert(n.voltage_kv);
    }
    let feeds: HashSet<&str> = campus.feeds.iter().map(|f| f.id.as_str()).collect();
    let mut nodes: Vec<NodeGeom> = campus
        .nodes
        .iter()
        .map(|n| NodeGeom {
            id: n.id.clone(),
            name: n.name.clone(),
            kind: n.kind,
            bounds: Bounds::at_size(n.at, n.size),
            capacity_mw: n.capacity_mw,
            voltage_kv: n.voltage_kv,
            source_kv: n.from.first().and_then(|id| volts.get(id.as_str()).copied().flatten()),
            transformers: Vec::new(),
            inside: false,
            gap_m: f64::INFINITY,
            has_buses: false,
            yard: n.kind == NodeKind::Substation
                && n.from.iter().any(|id| feeds.contains(id.as_str())),
        })
        .collect();
    let grounds = Grounds::of(campus);
    for (at, transformer) in campus.nodes.iter().enumerate() {
        if transformer.kind != NodeKind::MainTransformer {
            continue;
        }
        if let Some(home) = grounds.home(transformer) {
            let ground = nodes[home].bounds;
            nodes[at].inside = ground.contains(nodes[at].bounds.centre());
            nodes[at].has_buses = true;
            nodes[home].transformers.push(at);
            nodes[home].yard = true;
            nodes[home].source_kv = nodes[at].source_kv.or(nodes[home].source_kv);
        }
    }
    for (at, gap_m) in gaps(campus, &nodes) {
        nodes[at].gap_m = gap_m;
    }
    nodes
}

/// Free ground around yards, metres.
fn gaps(campus: &Campus, nodes: &[NodeGeom]) -> Vec<(usize, f64)> {
    let areas = campus.areas.iter().filter(|a| a.kind == AreaKind::Yard);
    let areas: Vec<Bounds> = areas.map(|a| Bounds::at_size(a.at, a.size)).collect();
    let yards: Vec<(usize, Bounds)> =
        nodes.iter().enumerate().filter(|(_, n)| n.yard).map(|(at, n)| (at, n.bounds)).collect();
    let gap_of = |(at, own): &(usize, Bounds)| {
        let others = yards.iter().filter(|(other, _)| other != at).map(|(_, b)| b);
        let around = areas.iter().filter(|area| !area.contains_box(own));
        (*at, others.chain(around).map(|b| own.gap(b)).fold(f64::INFINITY, f64::min))
    };
    yards.iter().map(gap_of).collect()
}

/// The substations of a campus by what ties a transformer to them.
struct Grounds<'a> {
    /// Place among the nodes, and ground.
    all: Vec<(usize, Bounds)>,
    by_id: HashMap<&'a str, usize>,
    /// First substation that names a node as its source.
    fed_by: HashMap<&'a str, usize>,
}

impl<'a> Grounds<'a> {
    fn of(campus: &'a Campus) -> Self {
        let mut grounds = Self { all: Vec::new(), by_id: HashMap::new(), fed_by: HashMap::new() };
        for (at, s) in campus.nodes.iter().enumerate() {
            if s.kind == NodeKind::Substation {
                grounds.all.push((at, Bounds::at_size(s.at, s.size)));
                grounds.by_id.entry(&s.id).or_insert(at);
                for from in &s.from {
                    grounds.fed_by.entry(from).or_insert(at);
                }
            }
        }
        grounds
    }

    /// The first substation that a transformer feeds, draws from or stands on.
    fn home(&self, transformer: &Node) -> Option<usize> {
        let centre = Bounds::at_size(transformer.at, transformer.size).centre();
        let fed = self.fed_by.get(transformer.id.as_str()).copied();
        let drawn = transformer.from.iter().filter_map(|id| self.by_id.get(id.as_str()).copied());
        let under = self.all.iter().find(|(_, ground)| ground.contains(centre)).map(|(at, _)| *at);
        fed.into_iter().chain(drawn).chain(under).min()
    }
}

fn area_geoms(campus: &Campus, fields: &[FieldGeom]) -> Vec<AreaGeom> {
    let machines = RTree::bulk_load(
        fields.iter().map(|f| [f.bounds.centre().x, f.bounds.centre().y]).collect(),
    );
    campus
        .areas
        .iter()
        .map(|a| AreaGeom {
            id: a.id.clone(),
            name: a.name.clone(),
            kind: a.kind,
            bounds: Bounds::at_size(a.at, a.size),
            built_on: machines.locate_in_envelope(area_of(a.at, a.size)).next().is_some(),
        })
        .collect()
}

fn field_geoms(campus: &Campus) -> Vec<FieldGeom> {
    let mut fields = Vec::new();
    for l in &campus.loops {
        let id = ElementId::new(ElementKind::Loop, &l.id);
        let machines = l.cdus.iter().map(|u| (u, FieldKind::Cdu));
        for (unit, kind) in machines.chain(l.rejection.iter().map(|u| (u, FieldKind::Rejection))) {
            fields.push(FieldGeom {
                id: id.clone(),
                name: format!("{}, {}", l.name, unit.name),
                kind,
                count: unit.count,
                bounds: Bounds::at_size(unit.at, unit.size),
                figure: format!("{:.1} MW of heat", unit.heat_mw * f64::from(unit.count)),
            });
        }
    }
    for g in &campus.generators {
        fields.push(FieldGeom {
            id: ElementId::new(ElementKind::Generator, &g.id),
            name: g.name.clone(),
            kind: FieldKind::Generator,
            count: g.count,
            bounds: Bounds::at_size(g.at, g.size),
            figure: format!("{:.0} MW", g.capacity_mw),
        });
    }
    for b in &campus.batteries {
        fields.push(FieldGeom {
            id: ElementId::new(ElementKind::Battery, &b.id),
            name: b.name.clone(),
            kind: FieldKind::Battery,
            // One container holds about 4 MWh; drawn as a field, never counted.
            count: (b.energy_mwh / 4.0).ceil().clamp(1.0, 400.0) as u32,
            bounds: Bounds::at_size(b.at, b.size),
            figure: format!("{:.0} MW, {:.0} MWh", b.capacity_mw, b.energy_mwh),
        });
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::{Site, file};

    fn campus() -> Arc<Campus> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/layouts/campus-1gw.ron");
        let text = file::read_text(std::path::Path::new(path)).expect("the example is there");
        let file = file::parse(&text, "campus-1gw.ron").expect("the example is a layout");
        Site::from_file(file).campus
    }

    #[test]
    fn a_part_after_an_edit_of_a_rating_is_what_would_be_built_anew() {
        let mut now = campus();
        let before = build(&now);
        let node = &mut Arc::make_mut(&mut now).nodes[5];
        node.capacity_mw = Some(123.4);
        node.name = "Another name".into();
        let renewed = renewed(before, &now).expect("everything stands as before");
        let built = build(&now);
        assert!(renewed.is_of(&now));
        assert_eq!(renewed.nodes, built.nodes);
        assert_eq!(renewed.items, built.items);
        assert_eq!((renewed.routes, renewed.fields), (built.routes, built.fields));
        assert!(renewed.items.iter().any(|i| i.detail == "capacity 123.4 MW"));
    }

    #[test]
    fn from_afar_rooms_are_left_out_and_the_rest_keeps_its_order() {
        let part = build(&campus());
        let at = |scale: f64| part.nodes_at(scale);
        let (afar, close) = (at(0.25), at(100.0));
        assert_eq!(close, (0..part.nodes.len()).collect::<Vec<usize>>());
        assert!(afar.len() * 4 < close.len() && afar.is_sorted(), "{} nodes", afar.len());
        let kind = |at: &usize| part.nodes[*at].kind;
        assert!(afar.iter().any(|at| kind(at) == NodeKind::MainTransformer));
        assert!(part.trunks.iter().all(|at| part.routes[*at].trunk));
        assert!(!part.trunks.is_empty() && part.trunks.len() < part.routes.len());
    }

    #[test]
    fn yards_know_the_free_ground_around_them() {
        let part = build(&campus());
        for (at, node) in part.nodes.iter().enumerate().filter(|(_, n)| n.yard) {
            let others = part.nodes.iter().enumerate();
            let others = others.filter(|(other, n)| n.yard && *other != at);
            let nearest = others.map(|(_, n)| n.bounds.gap(&node.bounds)).fold(f64::MAX, f64::min);
            assert!(node.gap_m <= nearest, "{}: {} of {nearest}", node.id, node.gap_m);
            // A box that is grown by the gap just does not reach another one.
            assert!(!part.nodes.iter().any(|n| {
                n.yard && n.id != node.id && n.bounds.intersects(&node.bounds.grown(node.gap_m))
            }));
        }
        let led = |n: &&NodeGeom| n.kind == NodeKind::MainTransformer && n.has_buses;
        assert_eq!(part.nodes.iter().filter(led).count(), 8);
    }

    #[test]
    fn what_moves_or_is_connected_otherwise_is_built_anew() {
        let changes: [fn(&mut Campus); 4] = [
            |c| c.nodes[5].at[0] += 1.0,
            |c| c.nodes[5].from.clear(),
            |c| c.areas[0].size[0] += 1.0,
            |c| drop(c.nodes.remove(20)),
        ];
        for (at, change) in changes.into_iter().enumerate() {
            let mut now = campus();
            let before = build(&now);
            change(Arc::make_mut(&mut now));
            assert!(renewed(before, &now).is_err(), "change {at}");
        }
    }
}
