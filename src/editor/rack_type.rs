//! Another rack type for blocks: the footprint follows, and what no longer fits is told.

use super::rack_fit::{Ledger, Misfit, findings};
use super::relocate::{Motion, shift_all, with_contents};
use super::resize::{Racks, cell_for, tidy};
use super::{EditError, ElementId, element, label};
use crate::catalog::{Catalog, Rack};
use crate::scene::plan::Lattice;
use crate::site::{Block, ElementRef, HallGroup, Site};
use crate::study;
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// How many racks there are after a change of their type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RackCount {
    /// As many as before; the block becomes as large as they are.
    #[default]
    Keep,
    /// As many as fit the block's place, the hall's floor and positions, the nodes at the
    /// lowest power cap, the loop and the supply; never more than there is place for.
    AsManyAsFit,
}

/// What a change of the rack type would do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RackChange {
    /// Blocks that change.
    pub blocks: usize,
    /// Installed racks of those blocks, before and after.
    pub racks: (u64, u64),
    /// Blocks whose footprint changes.
    pub resized: usize,
    /// What no longer fits and did before, by element.
    pub misfits: Vec<Misfit>,
}

/// The catalogue with the overrides of the site.
pub(super) fn in_force<'a>(site: &Site, catalog: &'a Catalog) -> Cow<'a, Catalog> {
    match site.terms.overrides.is_empty() {
        true => Cow::Borrowed(catalog),
        false => Cow::Owned(study::in_force(site, catalog).0),
    }
}

/// Changes the type; see [`super::Command::ChangeRackType`]. `catalog` without the overrides.
pub(super) fn change(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    (rack, count): (&str, RackCount),
) -> Result<(Site, String), EditError> {
    let catalog = in_force(site, catalog);
    let (edited, blocks) = changed(site, &catalog, ids, (rack, count))?;
    let chosen: Vec<ElementRef<'_>> =
        site.blocks().filter(|b| blocks.contains(&b.id)).map(ElementRef::Block).collect();
    let things = match chosen.len() {
        0 => "racks".to_owned(),
        _ => label::things(&chosen),
    };
    let short = catalog.racks.get(rack).map_or(rack, |r| r.short.as_str());
    Ok((edited, format!("Change {things} to {short}")))
}

/// What the change would do, for the question before it is done; `catalog` with the overrides.
///
/// # Errors
/// Why it cannot be done.
pub fn rack_change(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    (rack, count): (&str, RackCount),
) -> Result<RackChange, EditError> {
    let (edited, blocks) = changed(site, catalog, ids, (rack, count))?;
    let of = |site: &Site| -> u64 {
        let own = site.blocks().filter(|b| blocks.contains(&b.id));
        own.filter_map(|b| b.count).map(u64::from).sum()
    };
    let place = |site: &Site, id: &str| site.find(id).and_then(ElementRef::rectangle);
    let resized = blocks.iter().filter(|id| place(site, id) != place(&edited, id)).count();
    let misfits = findings((site, &edited), catalog, &blocks, rack);
    Ok(RackChange { blocks: blocks.len(), racks: (of(site), of(&edited)), resized, misfits })
}

/// The site after the change, and the ids of the blocks that changed.
fn changed(
    site: &Site,
    catalog: &Catalog,
    ids: &[ElementId],
    (rack, count): (&str, RackCount),
) -> Result<(Site, HashSet<String>), EditError> {
    let target = catalog.racks.get(rack).ok_or_else(|| EditError::NoSuchRack(rack.to_owned()))?;
    let blocks = chosen(site, ids, rack)?;
    let mut edited = site.clone();
    let mut ledger = match count {
        RackCount::Keep => None,
        RackCount::AsManyAsFit => Some(Ledger::of(site, catalog, |b| !blocks.contains(&b.id))),
    };
    let own: Vec<Block> = site.blocks().filter(|b| blocks.contains(&b.id)).cloned().collect();
    for old in own {
        let mut new = old.clone();
        retype(&mut new, rack);
        fit(&mut new, &old, catalog, (target, ledger.as_mut()));
        put(&mut edited, new);
    }
    Ok((edited, blocks))
}

/// Blocks of the elements, of the whole site where there are none, that hold another type.
fn chosen(site: &Site, ids: &[ElementId], rack: &str) -> Result<HashSet<String>, EditError> {
    let within = match ids.is_empty() {
        true => None,
        false => Some(with_contents(site, &element::resolve(site, ids)?)),
    };
    let mut all = site.blocks().filter(|b| within.as_ref().is_none_or(|w| w.contains(&b.id)));
    let mut any = false;
    let found = all
        .by_ref()
        .inspect(|b| any |= b.rack.is_some() || b.planned.is_some())
        .filter(|b| !is_of(b, rack))
        .map(|b| b.id.clone())
        .collect();
    if any { Ok(found) } else { Err(EditError::NoRacks) }
}

fn is_of(block: &Block, rack: &str) -> bool {
    match (&block.rack, &block.planned) {
        (Some(own), _) => own == rack,
        (None, Some(planned)) => planned.racks == [rack],
        (None, None) => true,
    }
}

fn retype(block: &mut Block, rack: &str) {
    if block.rack.is_some() {
        block.rack = Some(rack.to_owned());
    }
    if let Some(planned) = &mut block.planned {
        planned.racks = vec![rack.to_owned()];
    }
}

/// Place and count of a block for its new type.
fn fit(
    new: &mut Block,
    old: &Block,
    catalog: &Catalog,
    (target, ledger): (&Rack, Option<&mut Ledger<'_>>),
) {
    let (Some(lattice), Some(cell)) =
        (Lattice::of(old, catalog), cell_for(old, catalog, Some(target)))
    else {
        return;
    };
    let turn = |along: u32, across: u32| {
        if lattice.along_x { [along, across] } else { [across, along] }
    };
    let Some(ledger) = ledger else {
        let racks = turn(lattice.per_line, lattice.lines);
        new.size = [0, 1].map(|i| tidy(cell[i] * f64::from(racks[i])).max(old.size[i]));
        return;
    };
    let room = [0, 1].map(|i| ((old.size[i] + 1e-6) / cell[i]).floor().clamp(0.0, 1e6) as u32);
    let [per_line, lines] = if lattice.along_x { room } else { [room[1], room[0]] };
    let places = per_line.saturating_mul(lines);
    let count = match new.count {
        Some(_) => ledger.take(new, target, places),
        None => places,
    };
    if count == 0 {
        // Keeps its place: there may be racks again.
        let none = Racks { count: 0, per_line: lattice.per_line };
        none.put(new);
        return;
    }
    let per_line = per_line.min(count);
    let racks = turn(per_line, count.div_ceil(per_line));
    new.size = [0, 1].map(|i| tidy(cell[i] * f64::from(racks[i])));
    Racks { count, per_line }.put(new);
}

/// Puts a block in place of the one with its id.
fn put(site: &mut Site, block: Block) {
    let moved = HashSet::from([block.id.clone()]);
    shift_all(site, &moved, Motion::To((block.at, block.size)));
    let has = |g: &&mut Arc<HallGroup>| g.blocks.iter().any(|b| b.id == block.id);
    let group = site.halls.iter_mut().find(has);
    let place = group.and_then(|g| Arc::make_mut(g).blocks.iter_mut().find(|b| b.id == block.id));
    if let Some(place) = place {
        *place = block;
    }
}
