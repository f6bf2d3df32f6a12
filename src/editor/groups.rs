//! Elements that are selected, copied and aligned together.
//!
//! A group is a name for a selection: it changes nothing of what its members are.

use super::align::Unit;
use super::element::resolve;
use super::insert::{free_id, free_name};
use super::{EditError, ElementId, label};
use crate::site::{Campus, ElementRef, Group, Site};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A group of fewer elements is none.
const LEAST: usize = 2;

/// Makes a group; see [`super::Command::Group`].
pub(super) fn group(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    if chosen.len() < LEAST {
        return Err(EditError::TooFew { verb: "group", least: LEAST });
    }
    let members: Vec<String> = chosen.iter().map(|e| e.id().to_owned()).collect();
    let own: HashSet<String> = members.iter().cloned().collect();
    let mut edited = site.clone();
    let campus = Arc::make_mut(&mut edited.campus);
    // An element is in one group; the newest has it.
    forget(campus, &own);
    add(campus, "Group 1", members);
    Ok((edited, format!("Group {}", label::things(&chosen))))
}

/// Dissolves groups; see [`super::Command::Ungroup`].
pub(super) fn ungroup(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let own: HashSet<&str> = chosen.iter().map(|e| e.id()).collect();
    let touched = |g: &Group| g.members.iter().any(|m| own.contains(m.as_str()));
    let names: Vec<&str> =
        site.campus.groups.iter().filter(|g| touched(g)).map(|g| g.name.as_str()).collect();
    let label = match names.as_slice() {
        [] => return Err(EditError::NotGrouped),
        [one] => format!("Ungroup {}", label::named("group", one)),
        many => format!("Ungroup {} groups", many.len()),
    };
    let mut edited = site.clone();
    Arc::make_mut(&mut edited.campus).groups.retain(|g| !touched(g));
    Ok((edited, label))
}

/// The elements with all members of the groups that they are in, in the order of the site;
/// names that no physical element has stay as they are, at the end.
pub fn with_groups(site: &Site, ids: &[ElementId]) -> Vec<ElementId> {
    let physical: Vec<ElementRef<'_>> =
        ids.iter().filter_map(|id| super::element::physical(site, id)).collect();
    let mut own: HashSet<&str> = physical.iter().map(|e| e.id()).collect();
    for group in &site.campus.groups {
        if group.members.iter().any(|m| own.contains(m.as_str())) {
            own.extend(group.members.iter().map(String::as_str));
        }
    }
    if own.len() == physical.len() {
        return ids.to_vec();
    }
    let all = site.elements().filter(|e| own.contains(e.id()));
    let rest = ids.iter().filter(|id| super::element::physical(site, id).is_none()).cloned();
    all.map(|e| ElementId::new(e.path())).chain(rest).collect()
}

/// The group whose members these elements are, no more and no less.
pub fn group_of<'a>(site: &'a Site, ids: &[ElementId]) -> Option<&'a Group> {
    let own: HashSet<&str> =
        ids.iter().filter_map(|id| super::element::physical(site, id)).map(|e| e.id()).collect();
    site.campus.groups.iter().find(|g| {
        let present = g.members.iter().filter(|m| site.place(m).is_some());
        let present: HashSet<&str> = present.map(String::as_str).collect();
        present.len() >= LEAST && present == own
    })
}

/// Takes elements out of all groups; groups of fewer than two go.
pub(super) fn forget(campus: &mut Campus, gone: &HashSet<String>) {
    for group in &mut campus.groups {
        group.members.retain(|m| !gone.contains(m));
    }
    campus.groups.retain(|g| g.members.len() >= LEAST);
}

/// Whether any of the elements is in a group or locked.
pub(super) fn knows(campus: &Campus, ids: &HashSet<String>) -> bool {
    let members = campus.groups.iter().flat_map(|g| &g.members);
    members.chain(&campus.locked).any(|m| ids.contains(m))
}

/// Groups of copies like the groups of what was copied: old id to new id.
pub(super) fn copy(site: &mut Site, groups: &[Group], ids: &HashMap<String, String>) {
    for group in groups {
        let members: Vec<String> =
            group.members.iter().filter_map(|m| ids.get(m)).cloned().collect();
        if members.len() >= LEAST {
            add(Arc::make_mut(&mut site.campus), &group.name, members);
        }
    }
}

fn add(campus: &mut Campus, name: &str, members: Vec<String>) {
    let ids: HashSet<String> = campus.groups.iter().map(|g| g.id.clone()).collect();
    let names: HashSet<&str> = campus.groups.iter().map(|g| g.name.as_str()).collect();
    let id = free_id(&ids, "group-1");
    let name = free_name(|n| names.contains(n), name);
    campus.groups.push(Group { id, name, members });
}

/// Units of one group as one unit.
pub(super) fn merged(site: &Site, units: Vec<Unit>) -> Vec<Unit> {
    let groups = &site.campus.groups;
    let group_of = |unit: &Unit| {
        groups.iter().position(|g| g.members.iter().any(|m| unit.members.contains(m)))
    };
    let mut merged: Vec<(Option<usize>, Unit)> = Vec::with_capacity(units.len());
    for unit in units {
        let group = if groups.is_empty() { None } else { group_of(&unit) };
        match merged.iter_mut().find(|(other, _)| group.is_some() && *other == group) {
            Some((_, whole)) => whole.take(unit),
            None => merged.push((group, unit)),
        }
    }
    merged.into_iter().map(|(_, unit)| unit).collect()
}
