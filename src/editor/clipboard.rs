//! Copying a selection as text; pasting is a command.

use super::relocate::with_contents;
use super::{ElementId, element};
use crate::site::{Fragment, Site};
use std::collections::HashSet;

/// The elements with all that belongs to them, and the tiers among the ids;
/// `None` where none of it can be copied.
pub fn copied(site: &Site, ids: &[ElementId]) -> Option<Fragment> {
    let physical: Vec<ElementId> =
        ids.iter().filter(|id| element::physical(site, id).is_some()).cloned().collect();
    let chosen = element::resolve(site, &physical).unwrap_or_default();
    let tiers: HashSet<String> =
        ids.iter().filter_map(|id| id.as_str().strip_prefix("tiers.")).map(str::to_owned).collect();
    let fragment = Fragment::of(site, &with_contents(site, &chosen), &tiers);
    (!fragment.is_empty()).then_some(fragment)
}
