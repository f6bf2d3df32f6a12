//! What new elements are connected to: the nearest source that makes sense, the loop of the
//! hall, the node and loop of racks.

use super::Place;
use crate::catalog::{Catalog, EquipmentKind};
use crate::editor::insert::{free_id, free_name};
use crate::editor::room::overlap;
use crate::site::{Block, Coolant, CoolingUnit, ElementRef, Loop, Node, NodeKind, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// Steps from the grid to the racks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage {
    Feed,
    MainTransformer,
    Substation,
    Feeder,
    Ups,
    UnitTransformer,
    Busway,
}

fn stage_of(node: &Node, catalog: &Catalog) -> Stage {
    let made = node.equipment.as_ref().and_then(|id| catalog.equipment.get(id)).map(|e| e.kind);
    match (node.kind, made) {
        (_, Some(EquipmentKind::Ups)) => Stage::Ups,
        (NodeKind::MainTransformer, _) => Stage::MainTransformer,
        (NodeKind::Substation, _) => Stage::Substation,
        (NodeKind::Feeder, _) => Stage::Feeder,
        (NodeKind::UnitSubstation, _) => Stage::UnitTransformer,
        (NodeKind::Busway, _) => Stage::Busway,
    }
}

/// The stages that a kind may draw from: the first group of which the site has any counts.
const fn sources(kind: EquipmentKind) -> &'static [&'static [Stage]] {
    use Stage as S;
    match kind {
        EquipmentKind::MainTransformer => &[&[S::Feed]],
        EquipmentKind::Switchgear => &[&[S::MainTransformer], &[S::Feed]],
        EquipmentKind::Cable => &[&[S::Substation], &[S::MainTransformer], &[S::Feed]],
        EquipmentKind::Ups => &[&[S::Feeder], &[S::Substation], &[S::MainTransformer]],
        EquipmentKind::UnitTransformer => {
            &[&[S::Ups, S::Feeder], &[S::Substation], &[S::MainTransformer]]
        }
        EquipmentKind::Busway => &[&[S::UnitTransformer], &[S::Ups], &[S::Substation]],
        _ => &[],
    }
}

/// Square of the distance between the middles of two rectangles.
fn apart(a: Place, b: Place) -> f64 {
    let middle = |p: Place| [p.0[0] + p.1[0] / 2.0, p.0[1] + p.1[1] / 2.0];
    let (a, b) = (middle(a), middle(b));
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2)
}

/// The nearest of several; of equals the first.
pub(super) fn nearest<'a, T>(
    all: impl Iterator<Item = &'a T>,
    to: Place,
    place: impl Fn(&T) -> Place,
) -> Option<&'a T> {
    all.min_by(|a, b| apart(place(a), to).total_cmp(&apart(place(b), to)))
}

/// Id of the feed or node that a new node of this kind draws from.
pub(super) fn source_near(
    site: &Site,
    catalog: &Catalog,
    kind: EquipmentKind,
    place: Place,
) -> Option<String> {
    let campus = &site.campus;
    sources(kind).iter().find_map(|stages| {
        let feeds = campus.feeds.iter().filter(|_| stages.contains(&Stage::Feed));
        let feeds = feeds.map(|f| (&f.id, (f.at, f.size)));
        let of_stage = |n: &&Node| stages.contains(&stage_of(n, catalog));
        let nodes = campus.nodes.iter().filter(of_stage).map(|n| (&n.id, (n.at, n.size)));
        let all: Vec<(&String, Place)> = feeds.chain(nodes).collect();
        nearest(all.iter(), place, |one| one.1).map(|one| one.0.clone())
    })
}

/// Id of the node that generators, batteries and cooling machines are connected to: of the
/// medium voltage where there is any.
pub(super) fn node_near(site: &Site, catalog: &Catalog, place: Place) -> Option<String> {
    let nodes = &site.campus.nodes;
    let order = [Stage::Substation, Stage::MainTransformer, Stage::UnitTransformer];
    let found = order.iter().find_map(|stage| {
        let all = nodes.iter().filter(|n| stage_of(n, catalog) == *stage);
        nearest(all, place, |n| (n.at, n.size))
    });
    found.or_else(|| nearest(nodes.iter(), place, |n| (n.at, n.size))).map(|n| n.id.clone())
}

/// The node that a new loop's pumps and fans are fed from: what feeds those of the nearest
/// loop, else the nearest unit substation, else any node.
fn mechanical_node(site: &Site, catalog: &Catalog, place: Place) -> Option<String> {
    let nodes = &site.campus.nodes;
    let unit = nodes.iter().filter(|n| stage_of(n, catalog) == Stage::UnitTransformer);
    let found = nearest(unit, place, |n| (n.at, n.size)).map(|n| n.id.clone());
    found.or_else(|| node_near(site, catalog, place))
}

/// Puts a machine into the loop of the racks of its hall, else into the nearest loop, else
/// into a new one.
pub(super) fn join_loop(
    site: &mut Site,
    catalog: &Catalog,
    unit: CoolingUnit,
    (kind, ids): (EquipmentKind, &mut HashSet<String>),
) {
    let place = (unit.at, unit.size);
    let found = loop_of_hall(site, place).or_else(|| loop_near(site, place));
    let Some(id) = found else {
        let new = new_loop(site, catalog, unit, (kind, ids));
        Arc::make_mut(&mut site.campus).loops.push(new);
        return;
    };
    let loops = &mut Arc::make_mut(&mut site.campus).loops;
    if let Some(one) = loops.find_mut(|l| l.id == id) {
        match kind {
            EquipmentKind::Cdu => one.cdus.push(unit),
            _ => one.rejection.push(unit),
        }
    }
}

fn new_loop(
    site: &Site,
    catalog: &Catalog,
    unit: CoolingUnit,
    (kind, ids): (EquipmentKind, &mut HashSet<String>),
) -> Loop {
    let taken = |name: &str| site.elements().any(|e| e.name() == name);
    let name = free_name(taken, "Loop 1");
    let id = free_id(ids, &name.to_lowercase().replace(' ', "-"));
    ids.insert(id.clone());
    let place = (unit.at, unit.size);
    let (cdus, rejection) = match kind {
        EquipmentKind::Cdu => (vec![unit], Vec::new()),
        _ => (Vec::new(), vec![unit]),
    };
    Loop {
        id,
        name,
        coolant: Coolant::default(),
        supply_c: supply_c(site, catalog),
        heat_mw: None,
        flow_lpm: None,
        node: mechanical_node(site, catalog, place).unwrap_or_default(),
        cdus,
        rejection,
        air: None,
    }
}

/// The warmest coolant that every rack of the site accepts; without racks, the one that is
/// offered first. As warm as may be: chillers then run least.
fn supply_c(site: &Site, catalog: &Catalog) -> f64 {
    let most = |id: &str| catalog.racks.get(id)?.coolant_supply_max_c.get();
    let of_site = site.blocks().filter_map(|b| b.rack.as_deref()).filter_map(most);
    let least = of_site.min_by(f64::total_cmp);
    let offered = super::offers(catalog).into_iter().filter_map(|o| match o.what {
        super::What::Racks(id) => most(&id),
        _ => None,
    });
    least.or_else(|| offered.into_iter().next()).unwrap_or_default()
}

/// The one loop that cools racks of the hall around the place, or has CDUs in it.
fn loop_of_hall(site: &Site, place: Place) -> Option<String> {
    let group = site
        .halls
        .iter()
        .find(|g| g.hall.as_ref().is_some_and(|h| overlap(place, (h.at, h.size))))?;
    let hall = group.hall.as_ref()?;
    let mut cooling = group.blocks.iter().filter_map(|b| b.cooling_loop.as_ref());
    let first = cooling.next();
    match first {
        Some(first) => {
            let exists = site.campus.loops.iter().any(|l| l.id == *first);
            (exists && cooling.all(|other| other == first)).then(|| first.clone())
        }
        None => loop_in(site, (hall.at, hall.size)),
    }
}

/// The loop that has machines on some ground.
fn loop_in(site: &Site, ground: Place) -> Option<String> {
    let stands = |u: &CoolingUnit| overlap((u.at, u.size), ground);
    let has = |l: &&Loop| l.cdus.iter().chain(&l.rejection).any(stands);
    site.campus.loops.iter().find(has).map(|l| l.id.clone())
}

fn loop_near(site: &Site, place: Place) -> Option<String> {
    let machines = site
        .campus
        .loops
        .iter()
        .flat_map(|l| l.cdus.iter().chain(&l.rejection).map(move |u| (&l.id, (u.at, u.size))));
    let all: Vec<(&String, Place)> = machines.collect();
    let found = nearest(all.iter(), place, |one| one.1).map(|one| one.0.clone());
    // A loop without machines is as good as any.
    found.or_else(|| site.campus.loops.first().map(|l| l.id.clone()))
}

/// Hall, row, node and loop of a block by where its middle lies; in a hall whose racks do not
/// say it, the nearest busway or unit substation in the hall, and the loop with machines there.
pub(super) fn settle(site: &Site, block: &mut Block) {
    use crate::editor::relocate::{hall_at, middle, settle};
    let Some(group) = hall_at(site, middle(block)).and_then(|i| site.halls.get(i)) else { return };
    block.row = None;
    settle(block, group);
    let Some(hall) = &group.hall else { return };
    let ground = (hall.at, hall.size);
    if block.node.is_none() {
        let inside = |n: &&Node| overlap((n.at, n.size), ground);
        let of = |kind: NodeKind| {
            let all = site.campus.nodes.iter().filter(inside).filter(move |n| n.kind == kind);
            nearest(all, (block.at, block.size), |n| (n.at, n.size)).map(|n| n.id.clone())
        };
        block.node = of(NodeKind::Busway).or_else(|| of(NodeKind::UnitSubstation));
    }
    if block.cooling_loop.is_none() {
        block.cooling_loop = loop_in(site, ground);
    }
}

/// What new elements of a site leave to see to.
pub(super) fn remarks(before: &Site, after: &Site) -> Vec<String> {
    let known: HashSet<&str> = before.elements().map(|e| e.id()).collect();
    let mut out = Vec::new();
    for element in after.elements().filter(|e| !known.contains(e.id())) {
        let name = element.name();
        match element {
            ElementRef::Loop(l) => out.push(format!(
                "There was no cooling loop: {name} is new, {} °C{}",
                crate::units::format::plain(l.supply_c),
                if l.node.is_empty() { ", not fed yet" } else { "" },
            )),
            ElementRef::Node(node) if node.from.is_empty() => {
                out.push(format!("{name} is fed from nothing yet"));
            }
            ElementRef::Generator(g) if g.node.is_empty() => {
                out.push(format!("{name} is connected to nothing yet"));
            }
            ElementRef::Battery(b) if b.node.is_empty() => {
                out.push(format!("{name} is connected to nothing yet"));
            }
            ElementRef::Feed(_) => {
                out.push(format!("Enter voltage and capacity of {name}"));
            }
            ElementRef::Block(b) if b.node.is_none() || b.cooling_loop.is_none() => {
                let lacks = match (b.node.is_none(), b.cooling_loop.is_none()) {
                    (true, true) => "power and cooling",
                    (true, false) => "power",
                    _ => "cooling",
                };
                out.push(format!("{name} has no {lacks} yet"));
            }
            _ => {}
        }
    }
    out.truncate(3);
    out
}
