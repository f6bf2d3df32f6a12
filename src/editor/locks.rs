//! Locked elements: nothing moves, resizes, removes or edits them, or what belongs to them,
//! until they are unlocked.

use super::element::{physical, resolve};
use super::{EditError, ElementId, label};
use crate::site::{ElementRef, HallGroup, Site};
use std::collections::HashSet;
use std::sync::Arc;

/// Locks elements; see [`super::Command::Lock`].
pub(super) fn lock(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let own: HashSet<&str> = site.campus.locked.iter().map(String::as_str).collect();
    let new: Vec<String> =
        chosen.iter().map(|e| e.id()).filter(|id| !own.contains(id)).map(str::to_owned).collect();
    let mut edited = site.clone();
    if !new.is_empty() {
        Arc::make_mut(&mut edited.campus).locked.extend(new);
    }
    Ok((edited, format!("Lock {}", label::things(&chosen))))
}

/// Unlocks elements; see [`super::Command::Unlock`].
pub(super) fn unlock(site: &Site, ids: &[ElementId]) -> Result<(Site, String), EditError> {
    let chosen = resolve(site, ids)?;
    let own: HashSet<&str> = chosen.iter().map(|e| e.id()).collect();
    if !site.campus.locked.iter().any(|id| own.contains(id.as_str())) {
        let holder = chosen.iter().find_map(|e| match lock_of(site, *e) {
            Some(Lock::By(holder)) => Some((label::called(*e), holder)),
            _ => None,
        });
        return Err(match holder {
            Some((name, holder)) => EditError::LockedBy { name, holder },
            None => EditError::NotLocked,
        });
    }
    let mut edited = site.clone();
    Arc::make_mut(&mut edited.campus).locked.retain(|id| !own.contains(id.as_str()));
    Ok((edited, format!("Unlock {}", label::things(&chosen))))
}

/// Why an element cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    Itself,
    /// By what it stands in or belongs to, as labels call that.
    By(String),
}

/// Whether and how an element is locked: halls lock what stands in them, rows their blocks,
/// loops their machines.
pub fn lock_of(site: &Site, element: ElementRef<'_>) -> Option<Lock> {
    let locked = &site.campus.locked;
    if locked.is_empty() {
        return None;
    }
    let is = |id: &str| locked.iter().any(|l| l == id);
    if is(element.id()) {
        return Some(Lock::Itself);
    }
    let row = match element {
        ElementRef::Block(b) => b.row.as_deref(),
        _ => None,
    };
    let holder = match element {
        ElementRef::Cdu(l, _) | ElementRef::Rejection(l, _) => Some(l.id.as_str()),
        _ => None,
    };
    let by = [element.hall(), row, holder].into_iter().flatten().find(|id| is(id))?;
    Some(Lock::By(site.find(by).map_or_else(|| by.to_owned(), label::called)))
}

/// The first of the elements that is locked, in words: `hall 8 is locked`.
pub fn locked_words(site: &Site, ids: &[ElementId]) -> Option<String> {
    if site.campus.locked.is_empty() {
        return None;
    }
    let mut found = ids.iter().filter_map(|id| physical(site, id));
    found.find_map(|e| match lock_of(site, e)? {
        Lock::Itself => Some(format!("{} is locked", label::called(e))),
        Lock::By(holder) => Some(format!("{} is locked by {holder}", label::called(e))),
    })
}

/// Whether a command has left everything alone that was locked before it.
///
/// # Errors
/// What it would have changed.
pub(super) fn check(before: &Site, after: &Site) -> Result<(), EditError> {
    let locked: HashSet<&str> = before.campus.locked.iter().map(String::as_str).collect();
    if locked.is_empty() {
        return Ok(());
    }
    let changed = campus(before, after, &locked).or_else(|| halls(before, after, &locked));
    match changed {
        Some(element) => Err(EditError::Locked(label::called(element))),
        None => Ok(()),
    }
}

fn campus<'a>(before: &'a Site, after: &Site, locked: &HashSet<&str>) -> Option<ElementRef<'a>> {
    if Arc::ptr_eq(&before.campus, &after.campus) {
        return None;
    }
    // Machines of a locked loop are a part of it.
    let mut own = before.campus.elements().filter(|e| locked.contains(e.id()));
    own.find(|e| after.find(e.id()).is_none_or(|other| !same(*e, other)))
}

/// A machine is compared without the loop that it is seen through.
fn same(a: ElementRef<'_>, b: ElementRef<'_>) -> bool {
    match (a, b) {
        (ElementRef::Cdu(_, a), ElementRef::Cdu(_, b))
        | (ElementRef::Rejection(_, a), ElementRef::Rejection(_, b)) => a == b,
        (a, b) => a == b,
    }
}

fn halls<'a>(before: &'a Site, after: &Site, locked: &HashSet<&str>) -> Option<ElementRef<'a>> {
    for group in &before.halls {
        if after.halls.iter().any(|g| Arc::ptr_eq(g, group)) {
            continue;
        }
        let hall = group.hall.as_ref().filter(|h| locked.contains(h.id.as_str()));
        if let Some(hall) = hall {
            let kept = |g: &Arc<HallGroup>| g.as_ref() == group.as_ref();
            if !after.halls.iter().any(kept) {
                return Some(ElementRef::Hall(hall));
            }
            continue;
        }
        let mut own = group.elements().filter(|e| locked.contains(e.id()));
        let changed =
            own.find(|e| after.find(e.id()) != Some(*e) || !same_blocks(before, after, *e));
        if changed.is_some() {
            return changed;
        }
    }
    None
}

/// Whether a row holds the same blocks; true for anything else.
fn same_blocks(before: &Site, after: &Site, element: ElementRef<'_>) -> bool {
    let ElementRef::Row(row) = element else { return true };
    fn of<'a>(site: &'a Site, row: &'a str) -> impl Iterator<Item = &'a crate::site::Block> {
        site.blocks().filter(move |b| b.row.as_deref() == Some(row))
    }
    of(before, &row.id).eq(of(after, &row.id))
}
