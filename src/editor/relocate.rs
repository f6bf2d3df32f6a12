//! Moving elements on the ground, and into other halls.

use super::element::{holds, resolve};
use super::{EditError, ElementId, label};
use crate::site::{
    Area, Battery, Block, Campus, Constraint, CoolingUnit, ElementRef, Feed, Generator, Hall,
    HallGroup, NetworkRack, Node, Place as Stand, Row, Shared, Site, Underlay,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// What has an id and a place on the ground.
pub(super) trait Placed {
    fn id(&self) -> &str;
    fn shift(&mut self, by: [f64; 2]);
    /// Turns a quarter clockwise about a point.
    fn quarter(&mut self, about: [f64; 2]);
    /// Takes another place and size.
    fn put(&mut self, place: Place);
}

fn shifted(at: [f64; 2], by: [f64; 2]) -> [f64; 2] {
    [moved(at[0], by[0]), moved(at[1], by[1])]
}

/// Where a point comes to lie by a quarter clockwise: the south axis points down, so that
/// east goes to south.
fn turned(at: [f64; 2], about: [f64; 2]) -> [f64; 2] {
    [about[0] - (at[1] - about[1]), about[1] + (at[0] - about[0])]
}

/// Parts of a metre that a place is kept to after a move: a file reads 0.3, not
/// 0.30000000000000004.
const PARTS_OF_M: f64 = 1e9;

fn moved(at: f64, by: f64) -> f64 {
    if by == 0.0 { at } else { ((at + by) * PARTS_OF_M).round() / PARTS_OF_M }
}

macro_rules! placed {
    ($($kind:ident),*) => {
        $(impl Placed for $kind {
            fn id(&self) -> &str {
                &self.id
            }
            fn shift(&mut self, by: [f64; 2]) {
                self.at = shifted(self.at, by);
            }
            fn quarter(&mut self, about: [f64; 2]) {
                let [width, height] = self.size;
                let middle = [self.at[0] + width / 2.0, self.at[1] + height / 2.0];
                let middle = turned(middle, about);
                self.size = [height, width];
                self.at = [middle[0] - height / 2.0, middle[1] - width / 2.0];
            }
            fn put(&mut self, (at, size): Place) {
                self.at = at;
                self.size = size;
            }
        })*
    };
}
placed!(Feed, Node, CoolingUnit, Generator, Battery, Area, Hall, Row, NetworkRack, Block);

impl Placed for Underlay {
    fn id(&self) -> &str {
        &self.id
    }

    fn shift(&mut self, by: [f64; 2]) {
        self.at = shifted(self.at, by);
    }

    /// A picture stays upright, with north at its top.
    fn quarter(&mut self, _about: [f64; 2]) {}

    /// Its size follows from its scale.
    fn put(&mut self, (at, _): Place) {
        self.at = at;
    }
}

impl Placed for Constraint {
    fn id(&self) -> &str {
        &self.id
    }

    fn shift(&mut self, by: [f64; 2]) {
        self.outline.iter_mut().for_each(|p| *p = shifted(*p, by));
    }

    fn quarter(&mut self, about: [f64; 2]) {
        self.outline.iter_mut().for_each(|p| *p = turned(*p, about));
    }

    /// The outline is stretched.
    fn put(&mut self, (at, size): Place) {
        let Some((from, old)) = ElementRef::Constraint(self).rectangle() else { return };
        let stretched = |v: f64, i: usize| match old[i] > 0.0 {
            true => at[i] + (v - from[i]) / old[i] * size[i],
            false => at[i],
        };
        self.outline.iter_mut().for_each(|p| *p = [stretched(p[0], 0), stretched(p[1], 1)]);
    }
}

/// The ids that belong to the chosen elements: the elements themselves, what
/// stands in chosen halls and rows, the machines of chosen loops.
pub(super) fn with_contents(site: &Site, chosen: &[ElementRef<'_>]) -> HashSet<String> {
    let mut ids: HashSet<String> = chosen.iter().map(|e| e.id().to_owned()).collect();
    for element in chosen {
        match element {
            ElementRef::Hall(hall) => {
                let group = site.halls.iter().find(|g| is_group_of(g, &hall.id));
                ids.extend(group.iter().flat_map(|g| g.elements()).map(|e| e.id().to_owned()));
            }
            ElementRef::Row(row) => {
                let blocks = site.blocks().filter(|b| b.row.as_deref() == Some(&row.id));
                ids.extend(blocks.map(|b| b.id.clone()));
            }
            ElementRef::Loop(l) => {
                ids.extend(l.cdus.iter().chain(&l.rejection).map(|unit| unit.id.clone()));
            }
            _ => {}
        }
    }
    ids
}

/// Whether a group is that of a hall.
pub(super) fn is_group_of(group: &HallGroup, hall: &str) -> bool {
    group.hall.as_ref().is_some_and(|h| h.id == hall)
}

/// A corner and a size, metres.
pub(super) type Place = ([f64; 2], [f64; 2]);

/// How elements move.
#[derive(Clone, Copy)]
pub(super) enum Motion<'a> {
    By([f64; 2]),
    /// Each by its own distance, by id.
    Each(&'a HashMap<String, [f64; 2]>),
    /// A quarter clockwise about a point.
    Quarter([f64; 2]),
    /// To another place, in another size.
    To(Place),
}

impl Motion<'_> {
    fn apply(self, element: &mut impl Placed) {
        match self {
            Motion::By(by) => element.shift(by),
            Motion::Each(by) => {
                if let Some(by) = by.get(element.id()) {
                    element.shift(*by);
                }
            }
            Motion::To(place) => element.put(place),
            Motion::Quarter(about) => element.quarter(about),
        }
    }
}

/// Moves elements; see [`super::Command::Move`].
pub(super) fn relocate(
    site: &Site,
    ids: &[ElementId],
    by: [f64; 2],
) -> Result<(Site, String), EditError> {
    if !by.iter().all(|d| d.is_finite()) {
        return Err(EditError::BadDistance);
    }
    let chosen = resolve(site, ids)?;
    Ok(set_in_motion(site, &chosen, Motion::By(by), "Move"))
}

/// Moves elements to a place; see [`super::Command::MoveTo`].
pub(super) fn move_to(
    site: &Site,
    ids: &[ElementId],
    to: [Option<f64>; 2],
) -> Result<(Site, String), EditError> {
    if to.iter().flatten().any(|v| !v.is_finite()) {
        return Err(EditError::BadDistance);
    }
    let chosen = resolve(site, ids)?;
    let Some((from, _)) = place_of(site, &chosen) else { return Err(EditError::NoPlace) };
    let by = [0, 1].map(|axis| to[axis].map_or(0.0, |v| v - from[axis]));
    Ok(set_in_motion(site, &chosen, Motion::By(by), "Move"))
}

/// Ids of what moves when the elements are moved: they and what stands in or belongs to them.
pub fn carried(site: &Site, ids: &[ElementId]) -> HashSet<String> {
    resolve(site, ids).map(|chosen| with_contents(site, &chosen)).unwrap_or_default()
}

/// North-west and south-east corner of what lies around elements, metres; `None` where they
/// have no place.
pub fn extent(site: &Site, ids: &[ElementId]) -> Option<([f64; 2], [f64; 2])> {
    place_of(site, &resolve(site, ids).ok()?)
}

/// North-west and south-east corner of what lies around elements and all that moves with them.
pub(super) fn place_of(site: &Site, chosen: &[ElementRef<'_>]) -> Option<([f64; 2], [f64; 2])> {
    // Most have a place of their own, and hold what stands in them.
    if chosen.iter().all(|e| e.rectangle().is_some()) {
        return around(chosen.iter().filter_map(|e| e.rectangle()));
    }
    let moved = with_contents(site, chosen);
    around(site.elements().filter(|e| moved.contains(e.id())).filter_map(|e| e.rectangle()))
}

/// Turns elements; see [`super::Command::Rotate`].
pub(super) fn rotate(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let moved = with_contents(site, &chosen);
    let boxes = site.elements().filter(|e| holds(&moved, e.id())).filter_map(|e| e.rectangle());
    let Some((from, to)) = around(boxes) else { return Err(EditError::NoPlace) };
    let about = [(from[0] + to[0]) / 2.0, (from[1] + to[1]) / 2.0];
    Ok(set_in_motion(site, &chosen, Motion::Quarter(about), "Rotate"))
}

/// North-west and south-east corner of what lies around rectangles of corner and size.
pub(super) fn around(
    boxes: impl Iterator<Item = ([f64; 2], [f64; 2])>,
) -> Option<([f64; 2], [f64; 2])> {
    boxes.map(|(at, size)| (at, [at[0] + size[0], at[1] + size[1]])).reduce(|a, b| {
        let low = [a.0[0].min(b.0[0]), a.0[1].min(b.0[1])];
        (low, [a.1[0].max(b.1[0]), a.1[1].max(b.1[1])])
    })
}

pub(super) fn set_in_motion(
    site: &Site,
    chosen: &[ElementRef<'_>],
    by: Motion<'_>,
    verb: &str,
) -> (Site, String) {
    let moved = with_contents(site, chosen);
    let things = label::things(chosen);
    let mut edited = site.clone();
    shift_all(&mut edited, &moved, by);
    let entered = rehome(&mut edited, chosen, &moved);
    let label = match entered {
        Some(hall) => format!("{verb} {things} to {hall}"),
        None => format!("{verb} {things}"),
    };
    (edited, label)
}

/// Moves exactly these ids, and no reference.
pub(super) fn shift_all(edited: &mut Site, moved: &HashSet<String>, by: Motion<'_>) {
    let places = moved.iter().filter_map(|id| edited.place(id));
    let parts: BTreeSet<Option<usize>> = places.map(Stand::hall).collect();
    for part in parts {
        match part.map(|hall| edited.halls.get_mut(hall)) {
            None => shift_campus(Arc::make_mut(&mut edited.campus), moved, by),
            Some(Some(group)) => shift_group(Arc::make_mut(group), moved, by),
            Some(None) => {}
        }
    }
}

fn shift<T: Placed>(list: &mut [T], moved: &HashSet<String>, by: Motion<'_>) {
    for element in list.iter_mut().filter(|e| holds(moved, e.id())) {
        by.apply(element);
    }
}

fn shift_campus(campus: &mut Campus, moved: &HashSet<String>, by: Motion<'_>) {
    fn each<T: Placed + Clone>(list: &mut Shared<T>, moved: &HashSet<String>, by: Motion<'_>) {
        list.change(|e| holds(moved, e.id()), |e| by.apply(e));
    }
    each(&mut campus.feeds, moved, by);
    each(&mut campus.nodes, moved, by);
    campus.loops.change(
        |l| l.cdus.iter().chain(&l.rejection).any(|unit| holds(moved, unit.id())),
        |l| {
            shift(&mut l.cdus, moved, by);
            shift(&mut l.rejection, moved, by);
        },
    );
    each(&mut campus.generators, moved, by);
    each(&mut campus.batteries, moved, by);
    each(&mut campus.areas, moved, by);
    each(&mut campus.constraints, moved, by);
    each(&mut campus.underlays, moved, by);
}

fn shift_group(group: &mut HallGroup, moved: &HashSet<String>, by: Motion<'_>) {
    shift(group.hall.as_mut_slice(), moved, by);
    shift(&mut group.rows, moved, by);
    shift(&mut group.network_racks, moved, by);
    shift(&mut group.blocks, moved, by);
}

/// Gives blocks that were moved by themselves to the hall and row that their
/// middle now lies in. In another hall they take the feeding node and the loop
/// of its other blocks, where those agree. Returns what to call the one hall
/// that all of them entered.
fn rehome(site: &mut Site, chosen: &[ElementRef<'_>], moved: &HashSet<String>) -> Option<String> {
    let alone: HashSet<&str> = chosen
        .iter()
        .filter_map(|e| match e {
            ElementRef::Block(b) if b.hall.as_ref().is_none_or(|h| !holds(moved, h)) => {
                Some(b.id.as_str())
            }
            _ => None,
        })
        .collect();
    let mut halls: BTreeSet<usize> = alone.iter().filter_map(|id| site.place(id)?.hall()).collect();
    let mut entered: Vec<usize> = Vec::new();
    let mut arrivals: Vec<(usize, Block)> = Vec::new();
    for from in halls.iter().copied() {
        let Some(group) = site.halls.get(from) else { continue };
        let places: Vec<(usize, usize)> = group
            .blocks
            .iter()
            .enumerate()
            .filter(|(_, b)| holds(&alone, b.id.as_str()))
            .filter_map(|(i, b)| Some((i, hall_at(site, middle(b))?)))
            .filter(|(_, to)| *to != from)
            .collect();
        if places.is_empty() {
            continue;
        }
        if let Some(group) = site.halls.get_mut(from) {
            let group = Arc::make_mut(group);
            for (i, to) in places.into_iter().rev() {
                arrivals.push((to, group.blocks.remove(i)));
                entered.push(to);
            }
        }
    }
    arrivals.reverse();
    for (to, mut block) in arrivals {
        let Some(group) = site.halls.get_mut(to) else { continue };
        let group = Arc::make_mut(group);
        settle(&mut block, group);
        group.blocks.push(block);
    }
    halls.extend(&entered);
    for at in halls {
        let Some(group) = site.halls.get_mut(at) else { continue };
        let strays = |g: &HallGroup| {
            let in_row = |b: &Block| row_at(g, middle(b)) == b.row;
            g.blocks.iter().any(|b| holds(&alone, b.id.as_str()) && b.row.is_some() && !in_row(b))
        };
        if strays(group) {
            update_rows(Arc::make_mut(group), &alone, moved);
        }
    }
    let (first, rest) = entered.split_first()?;
    let hall = site.halls.get(*first)?.hall.as_ref()?;
    rest.iter().all(|to| to == first).then(|| label::named("hall", &hall.name))
}

/// Rows of blocks that have left theirs; a row that moved along keeps its
/// blocks. In another row a block takes the node and loop of the blocks there.
fn update_rows(group: &mut HallGroup, alone: &HashSet<&str>, moved: &HashSet<String>) {
    let before = group.clone();
    for block in &mut group.blocks {
        let kept = block.row.as_ref().is_none_or(|row| holds(moved, row));
        if !holds(alone, block.id.as_str()) || kept {
            continue;
        }
        block.row = row_at(&before, middle(block));
        if block.row.is_some() {
            let beside = before.blocks.iter().filter(|b| b.row == block.row && b.id != block.id);
            connect_like(block, &beside.collect::<Vec<_>>());
        }
    }
}

/// Makes a block one of the hall: its hall and row, and node and loop of the
/// blocks of its row, else of the hall, where those agree.
pub(super) fn settle(block: &mut Block, group: &HallGroup) {
    block.hall = group.hall.as_ref().map(|h| h.id.clone());
    block.row = row_at(group, middle(block));
    let beside: Vec<&Block> = group.blocks.iter().filter(|b| b.row == block.row).collect();
    if !connect_like(block, &beside) {
        connect_like(block, &group.blocks.iter().collect::<Vec<_>>());
    }
}

/// Feeds and cools a block as others are, if there are any and they agree.
fn connect_like(block: &mut Block, others: &[&Block]) -> bool {
    let Some((first, rest)) = others.split_first() else { return false };
    let same = |b: &&Block| {
        b.node == first.node && b.node_b == first.node_b && b.cooling_loop == first.cooling_loop
    };
    let agree = rest.iter().all(same);
    if agree {
        block.node.clone_from(&first.node);
        block.node_b.clone_from(&first.node_b);
        block.cooling_loop.clone_from(&first.cooling_loop);
    }
    agree
}

pub(super) fn middle(block: &Block) -> [f64; 2] {
    [block.at[0] + block.size[0] / 2.0, block.at[1] + block.size[1] / 2.0]
}

fn contains(at: [f64; 2], size: [f64; 2], point: [f64; 2]) -> bool {
    (0..2).all(|axis| point[axis] >= at[axis] && point[axis] <= at[axis] + size[axis])
}

/// The group of the hall that a point lies in.
pub(super) fn hall_at(site: &Site, point: [f64; 2]) -> Option<usize> {
    let around = |hall: &Hall| contains(hall.at, hall.size, point);
    site.halls.iter().position(|g| g.hall.as_ref().is_some_and(around))
}

/// The row of a hall that a point lies in.
pub(super) fn row_at(group: &HallGroup, point: [f64; 2]) -> Option<String> {
    group.rows.iter().find(|r| contains(r.at, r.size, point)).map(|r| r.id.clone())
}
