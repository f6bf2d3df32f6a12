//! Fields of the site and overrides of the catalogue.

use super::{EditError, Signature, label};
use crate::catalog::{self, Catalog};
use crate::site::{CatalogOverride, Site};
use crate::study;
use std::sync::Arc;

/// Sets one field; see [`super::Command::Set`].
pub(super) fn set(
    site: &Site,
    catalog: &Catalog,
    (path, value): (&str, &str),
    signature: &Signature,
) -> Result<(Site, String), EditError> {
    let mut site = site.clone();
    let words = label::of_path(&site, catalog, path);
    let new = set_in_place(&mut site, catalog, (path, value), signature)?;
    Ok((site, words.set_to(path, &new)))
}

/// Sets several fields, all or none.
pub(super) fn set_many(
    site: &Site,
    catalog: &Catalog,
    changes: &[(String, String)],
    signature: &Signature,
) -> Result<(Site, String), EditError> {
    let [first, rest @ ..] = changes else { return Err(EditError::NothingSelected) };
    if rest.is_empty() {
        return set(site, catalog, (&first.0, &first.1), signature);
    }
    let mut edited = site.clone();
    let mut texts = Vec::with_capacity(changes.len());
    for (path, value) in changes {
        texts.push(set_in_place(&mut edited, catalog, (path, value), signature)?);
    }
    let paths: Vec<&str> = changes.iter().map(|(path, _)| path.as_str()).collect();
    Ok((edited, label::set_many(&paths, &texts)))
}

/// Takes a catalogue value back to the catalogue's.
pub(super) fn reset(
    site: &Site,
    catalog: &Catalog,
    path: &str,
) -> Result<(Site, String), EditError> {
    let path = whole_fact(path);
    let Some(at) = site.terms.overrides.iter().position(|o| o.path == path) else {
        return Err(EditError::NoOverride(path.to_owned()));
    };
    let mut site = site.clone();
    let words = label::of_path(&site, catalog, path);
    let old = Arc::make_mut(&mut site.terms).overrides.remove(at).old;
    Ok((site, words.reset_to(path, &old)))
}

/// Takes several catalogue values back, all or none.
pub(super) fn reset_many(
    site: &Site,
    catalog: &Catalog,
    paths: &[String],
) -> Result<(Site, String), EditError> {
    let [first, rest @ ..] = paths else { return Err(EditError::NothingSelected) };
    let (mut edited, label) = reset(site, catalog, first)?;
    for path in rest {
        edited = reset(&edited, catalog, path)?.0;
    }
    let label = match rest {
        [] => label,
        _ => format!("Reset {} catalogue values", paths.len()),
    };
    Ok((edited, label))
}

/// Sets one field of this site and returns the new value as text.
fn set_in_place(
    site: &mut Site,
    catalog: &Catalog,
    (path, value): (&str, &str),
    signature: &Signature,
) -> Result<String, EditError> {
    if !is_catalog_path(path) {
        return Ok(site.set(path, value)?.new);
    }
    let path = whole_fact(path);
    let mut trial = catalog.clone();
    let from_catalog = trial.set(path, value)?.old;
    // The value once set is what would be the old one of a second set.
    let new = trial.set(path, value)?.old;
    let overrides = &site.terms.overrides;
    let known = overrides.iter().position(|o| o.path == path);
    let entry = CatalogOverride {
        path: path.to_owned(),
        value: new.clone(),
        // The value that the first override replaced, even if the catalogue has moved on since.
        old: known.and_then(|at| overrides.get(at)).map_or(from_catalog, |o| o.old.clone()),
        author: signature.author.clone(),
        date: signature.date.clone(),
    };
    let unchanged = known.and_then(|at| overrides.get(at)).is_some_and(|o| o.value == entry.value);
    if unchanged {
        return Ok(new);
    }
    let same_as_catalog = entry.value == entry.old;
    let overrides = &mut Arc::make_mut(&mut site.terms).overrides;
    match (known, same_as_catalog) {
        (Some(at), true) => {
            overrides.remove(at);
        }
        (Some(at), false) => {
            if let Some(place) = overrides.get_mut(at) {
                *place = entry;
            }
        }
        (None, true) => {}
        (None, false) => overrides.push(entry),
    }
    Ok(new)
}

/// Whether a path leads into the catalogue rather than the site.
pub(super) fn is_catalog_path(path: &str) -> bool {
    let collection = path.split_once('.').map_or(path, |(collection, _)| collection);
    // No name is in both; sources, units and options are there to be refused with a reason.
    catalog::COLLECTIONS.contains(&collection)
        || matches!(collection, "sources" | "units" | "options" | "weather")
}

/// `racks.x.price_usd.value` and `racks.x.price_usd` are one value.
fn whole_fact(path: &str) -> &str {
    path.strip_suffix(".value").unwrap_or(path)
}

/// The catalogue with the overrides of a site. An override that no longer
/// fits the catalogue is left out; the outcome of the study reports it.
pub fn catalog_in_force(site: &Site, catalog: &Arc<Catalog>) -> Arc<Catalog> {
    if site.terms.overrides.is_empty() {
        return Arc::clone(catalog);
    }
    Arc::new(study::in_force(site, catalog).0)
}
