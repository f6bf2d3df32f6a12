//! Removing elements. Lists of references forget what is gone; a single
//! reference stays and is reported by validation, because only the planner
//! knows what should take its place.

use super::element::resolve;
use super::relocate::{is_group_of, with_contents};
use super::{EditError, ElementId, groups, label};
use crate::site::{Campus, ElementRef, HallGroup, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// Removes elements; see [`super::Command::Remove`].
pub(super) fn remove(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let label = label_of(site, &chosen);
    let gone = gone(site, &chosen);
    let mut edited = site.clone();
    let halls = |g: &HallGroup| g.hall.as_ref().is_some_and(|h| gone.contains(&h.id));
    edited.halls.retain(|group| !halls(group));
    for group in &mut edited.halls {
        if touches_group(group, &gone) {
            thin_group(Arc::make_mut(group), &gone);
        }
    }
    edited.halls.retain(|group| !group.is_empty());
    if touches_campus(&edited.campus, &gone) {
        thin_campus(Arc::make_mut(&mut edited.campus), &gone);
    }
    if groups::knows(&edited.campus, &gone) {
        let campus = Arc::make_mut(&mut edited.campus);
        groups::forget(campus, &gone);
        campus.locked.retain(|id| !gone.contains(id));
    }
    Ok((edited, label))
}

/// Ids of all that goes with the chosen elements. A row that goes leaves its blocks standing.
pub(super) fn gone(site: &Site, chosen: &[ElementRef<'_>]) -> HashSet<String> {
    let whole: Vec<ElementRef<'_>> =
        chosen.iter().copied().filter(|e| !matches!(e, ElementRef::Row(_))).collect();
    let mut gone = with_contents(site, &whole);
    gone.extend(chosen.iter().map(|e| e.id().to_owned()));
    gone
}

fn touches_group(group: &HallGroup, gone: &HashSet<String>) -> bool {
    group.elements().any(|e| gone.contains(e.id()))
        || group.blocks.iter().any(|b| {
            b.network.iter().chain(&b.node_b).any(|id| gone.contains(id))
                || b.row.as_ref().is_some_and(|row| gone.contains(row))
        })
}

fn thin_group(group: &mut HallGroup, gone: &HashSet<String>) {
    group.rows.retain(|e| !gone.contains(&e.id));
    group.network_racks.retain(|e| !gone.contains(&e.id));
    group.blocks.retain(|e| !gone.contains(&e.id));
    for block in &mut group.blocks {
        block.network.retain(|id| !gone.contains(id));
        block.node_b.take_if(|node| gone.contains(node));
        // A row is where a block stands, not what it needs.
        block.row.take_if(|row| gone.contains(row));
    }
}

fn touches_campus(campus: &Campus, gone: &HashSet<String>) -> bool {
    campus.elements().any(|e| gone.contains(e.id()))
}

fn thin_campus(campus: &mut Campus, gone: &HashSet<String>) {
    campus.feeds.retain(|e| !gone.contains(&e.id));
    campus.nodes.retain(|e| !gone.contains(&e.id));
    campus.loops.retain(|e| !gone.contains(&e.id));
    campus.generators.retain(|e| !gone.contains(&e.id));
    campus.batteries.retain(|e| !gone.contains(&e.id));
    campus.areas.retain(|e| !gone.contains(&e.id));
    campus.constraints.retain(|e| !gone.contains(&e.id));
    campus.underlays.retain(|e| !gone.contains(&e.id));
    let knows = |ids: &[String]| ids.iter().any(|id| gone.contains(id));
    campus.loops.change(
        |l| l.cdus.iter().chain(&l.rejection).any(|e| gone.contains(&e.id)),
        |l| {
            l.cdus.retain(|e| !gone.contains(&e.id));
            l.rejection.retain(|e| !gone.contains(&e.id));
        },
    );
    campus.nodes.change(
        |node| knows(&node.from) || knows(&node.alternate),
        |node| {
            node.from.retain(|id| !gone.contains(id));
            node.alternate.retain(|id| !gone.contains(id));
        },
    );
}

/// "Remove hall 8 with 24 blocks".
fn label_of(site: &Site, chosen: &[ElementRef<'_>]) -> String {
    let things = label::things(chosen);
    let halls = chosen.iter().filter_map(|e| match e {
        ElementRef::Hall(hall) => site.halls.iter().find(|g| is_group_of(g, &hall.id)),
        _ => None,
    });
    let blocks: usize = halls.map(|g| g.blocks.len()).sum();
    match blocks {
        0 => format!("Remove {things}"),
        1 => format!("Remove {things} with 1 block"),
        n => format!("Remove {things} with {n} blocks"),
    }
}
