//! One input of a site changed by its path, in the vocabulary of `--set`, and read again.

use crate::catalog::{self, Catalog};
use crate::fields::{self, FieldError};
use crate::site::{self, Site, Tier, TierKind};
use crate::units::Limit;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Paths that move a whole group of inputs by one factor over what the layout states.
pub const LEVELS: [(&str, &str); 2] = [
    ("levels.token_price", "All token prices"),
    ("levels.demand", "All volumes of demand beyond commitments"),
];

/// Followed by the id of a tier: all prices of that tier.
const ONE_PRICE: &str = "levels.price.";

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
        Self { path: path.to_owned(), value: value.to_string() }
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
    let one = path.strip_prefix(ONE_PRICE);
    match path {
        "levels.token_price" => priced(site, |tier| tier.kind == TierKind::Tokens, factor),
        "levels.demand" => demanded(site, factor),
        _ if one.is_some_and(|id| site.terms.tiers.iter().any(|t| t.id == id)) => {
            priced(site, |tier| Some(tier.id.as_str()) == one, factor);
        }
        _ => {
            let prices = site.terms.tiers.iter().map(|t| format!("{ONE_PRICE}{}", t.id));
            let names: Vec<String> =
                LEVELS.iter().map(|(path, _)| (*path).to_owned()).chain(prices).collect();
            let nearest = fields::nearest(path, names.iter().map(String::as_str));
            return Err(FieldError::UnknownField { field: path.to_owned(), nearest }.into());
        }
    }
    Ok(())
}

/// Every price of some tiers times a factor.
fn priced(site: &mut Site, of: impl Fn(&Tier) -> bool, factor: f64) {
    let scale = |price: &mut Option<f64>| {
        if let Some(usd) = price {
            *usd *= factor;
        }
    };
    let tiers = &mut Arc::make_mut(&mut site.terms).tiers;
    for tier in tiers.iter_mut().filter(|t| of(t)) {
        scale(&mut tier.input_usd_per_mtok);
        scale(&mut tier.cached_usd_per_mtok);
        for step in &mut tier.demand {
            scale(&mut step.price_usd_per_mtok);
            scale(&mut step.usd_per_gpu_h);
        }
    }
}

/// Every volume of demand times a factor; unlimited ones stay, and so does what is committed.
fn demanded(site: &mut Site, factor: f64) {
    for tier in &mut Arc::make_mut(&mut site.terms).tiers {
        let mut committed = tier.commitment.as_ref().map_or(0.0, |c| c.volume);
        for step in &mut tier.demand {
            for volume in [&mut step.volume_tok_s, &mut step.volume_gpus] {
                if let Some(Limit::At(v)) = volume {
                    let fixed = committed.min(*v);
                    committed -= fixed;
                    *v = fixed + (*v - fixed) * factor;
                }
            }
        }
    }
}

/// The number at a path; `None` where there is none, it is unknown or it is no number. Levels
/// stand at 1.
pub fn number(site: &Site, catalog: &Catalog, path: &str) -> Option<f64> {
    let collection = path.split('.').next().unwrap_or_default();
    if collection == "levels" {
        let one = path.strip_prefix(ONE_PRICE);
        let tier = one.is_some_and(|id| site.terms.tiers.iter().any(|t| t.id == id));
        return (tier || LEVELS.iter().any(|(level, _)| *level == path)).then_some(1.0);
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
