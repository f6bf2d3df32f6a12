//! One input of a site changed by its path, in the vocabulary of `--set`, and read again.

use crate::catalog::{self, Catalog};
use crate::fields::{self, FieldError};
use crate::site::{self, Site};
use crate::units::Limit;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Paths that move a whole group of inputs by one factor over what the layout states.
pub const LEVELS: [(&str, &str); 2] =
    [("levels.token_price", "All token prices"), ("levels.demand", "All volumes of demand")];

/// A path with its new value, as `--set` takes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub path: String,
    pub value: String,
}

impl Change {
    /// A change to a number, written so that it reads back as the same number.
    pub fn to(path: &str, value: f64) -> Self {
        Self { path: path.to_owned(), value: format!("{value:?}") }
    }

    /// `path=value`.
    pub fn text(&self) -> String {
        format!("{}={}", self.path, self.value)
    }
}

impl std::str::FromStr for Change {
    type Err = ChangeError;

    fn from_str(text: &str) -> Result<Self, ChangeError> {
        let Some((path, value)) = text.split_once('=') else {
            return Err(ChangeError::Form(text.to_owned()));
        };
        Ok(Self { path: path.trim().to_owned(), value: value.trim().to_owned() })
    }
}

/// Why an input could not be changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChangeError {
    #[error("{0}: expected PATH=VALUE")]
    Form(String),
    #[error("there is no collection {name}; near it: {}", near.join(", "))]
    Collection { name: String, near: Vec<String> },
    #[error(transparent)]
    Field(#[from] FieldError),
    #[error("{path}: `{value}` is no factor; write a number of at least 0")]
    Level { path: String, value: String },
}

/// Applies a change, to the layout or to the catalogue by its collection. A catalogue value that
/// the layout overrides is changed over its override.
///
/// # Errors
/// An unknown path with the nearest names, or a value that does not fit; nothing is changed then.
pub fn apply(site: &mut Site, catalog: &mut Catalog, change: &Change) -> Result<(), ChangeError> {
    let Change { path, value } = change;
    let collection = path.split('.').next().unwrap_or_default();
    if collection == "levels" {
        level(site, path, value)
    } else if catalog::COLLECTIONS.contains(&collection) {
        catalog.set(path, value)?;
        if site.terms.overrides.iter().any(|o| o.path == *path) {
            Arc::make_mut(&mut site.terms).overrides.retain(|o| o.path != *path);
        }
        Ok(())
    } else if site::COLLECTIONS.contains(&collection) {
        site.set(path, value)?;
        Ok(())
    } else {
        let names = site::COLLECTIONS.iter().chain(catalog::COLLECTIONS).copied();
        let near = fields::nearest(collection, names.chain(["levels"]));
        Err(ChangeError::Collection { name: collection.to_owned(), near })
    }
}

/// Multiplies a group of inputs.
fn level(site: &mut Site, path: &str, value: &str) -> Result<(), ChangeError> {
    let wrong = || ChangeError::Level { path: path.to_owned(), value: value.to_owned() };
    let factor: f64 = value.parse().map_err(|_| wrong())?;
    if !(factor.is_finite() && factor >= 0.0) {
        return Err(wrong());
    }
    match path {
        "levels.token_price" => *site = priced(site, factor),
        "levels.demand" => demanded(site, factor),
        _ => {
            let nearest = fields::nearest(path, LEVELS.iter().map(|(path, _)| *path));
            return Err(FieldError::UnknownField { field: path.to_owned(), nearest }.into());
        }
    }
    Ok(())
}

/// The site with every token price times a factor; rents by the GPU-hour stay.
fn priced(site: &Site, factor: f64) -> Site {
    let mut site = site.clone();
    let scale = |price: &mut Option<f64>| {
        if let Some(usd) = price {
            *usd *= factor;
        }
    };
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        scale(&mut tier.input_usd_per_mtok);
        scale(&mut tier.cached_usd_per_mtok);
        tier.demand.iter_mut().for_each(|step| scale(&mut step.price_usd_per_mtok));
    }
    site
}

/// Every volume of demand times a factor; unlimited ones stay.
fn demanded(site: &mut Site, factor: f64) {
    let scale = |volume: &mut Option<Limit>| {
        if let Some(Limit::At(v)) = volume {
            *v *= factor;
        }
    };
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        for step in &mut tier.demand {
            scale(&mut step.volume_tok_s);
            scale(&mut step.volume_gpus);
        }
    }
}

/// The number at a path; `None` where there is none, it is unknown or it is no number. Levels
/// stand at 1.
pub fn number(site: &Site, catalog: &Catalog, path: &str) -> Option<f64> {
    let collection = path.split('.').next().unwrap_or_default();
    if collection == "levels" {
        return LEVELS.iter().any(|(level, _)| *level == path).then_some(1.0);
    }
    if site::COLLECTIONS.contains(&collection) {
        return site.get(path)?.as_f64();
    }
    let value = catalog.get(path)?;
    value.as_f64().or_else(|| value.get("value")?.as_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_written_as_a_change_reads_back_as_itself() {
        for value in [1e-12, 0.1 + 0.2, 3e22, 60.0, f64::from_bits(0x3ff0_0000_0000_0001)] {
            assert_eq!(Change::to("costs.x", value).value.parse(), Ok(value));
        }
    }

    #[test]
    fn a_catalogue_path_is_set_and_read() {
        let mut catalog = Catalog::embedded().unwrap();
        let before = number_in(&catalog, "costs.discount-frac");
        assert_eq!(before, Some(0.1));
        assert_eq!(number_in(&catalog, "tariffs.us-9c1.energy_usd_per_mwh"), Some(91.0));
        catalog.set("costs.discount-frac", "0.12").unwrap();
        assert_eq!(number_in(&catalog, "costs.discount-frac"), Some(0.12));
        assert_eq!(number_in(&catalog, "costs.discount-fraction"), None);
    }

    fn number_in(catalog: &Catalog, path: &str) -> Option<f64> {
        let value = catalog.get(path)?;
        value.as_f64().or_else(|| value.get("value")?.as_f64())
    }
}
