//! Which inputs of a site are uncertain, and how far.

use super::Appraiser;
use super::change::LEVELS;
use super::result::{Driver, Range};
use crate::catalog::{Fact, source_text};
use crate::site::{Infrastructure, Workload};

/// Costs of the catalogue that hold the range of a level; their value is its base.
const LEVEL_RANGES: [(&str, &str); 2] =
    [("levels.token_price", "token-price-level-ratio"), ("levels.demand", "demand-level-ratio")];

/// Range of the billed share where no assumption of the value has one.
const UTILISATION: &str = "billable-utilisation-frac";

/// Every input of the value with a range in the catalogue: assumptions of the project, energy
/// price, racks, curve points that the plan uses, all prices and volumes. In a fixed order.
pub fn drivers(appraiser: &Appraiser) -> Vec<Driver> {
    let mut found = Found { appraiser, list: Vec::new() };
    found.levels();
    found.assumptions();
    found.energy();
    found.racks();
    found.points();
    found.list
}

/// Path of the share of what can be made that is sold.
pub fn utilisation_path(appraiser: &Appraiser) -> String {
    let assumed = appraiser.assumptions().iter().find(|a| a.path.contains("utilisation"));
    assumed.map_or_else(|| "site.billable_frac".to_owned(), |a| a.path.clone())
}

/// Path of the energy price, where the site has a tariff.
pub fn energy_path(appraiser: &Appraiser) -> Option<String> {
    let site = &appraiser.site().terms.site;
    let tariff = match &site.infrastructure {
        Infrastructure::Reference { tariff, .. } => tariff.as_ref(),
        Infrastructure::Built => site.tariff.as_ref(),
    };
    tariff.map(|id| format!("tariffs.{id}.energy_usd_per_mwh"))
}

/// The number at a path in the layout or catalogue as it stands; what a layout may leave out
/// stands at what the engine then takes.
pub fn base_of(appraiser: &Appraiser, path: &str) -> Option<f64> {
    let stated = super::number(appraiser.site(), appraiser.catalog(), path);
    let assumed = || appraiser.assumptions().iter().find(|a| a.path == path).map(|a| a.value);
    // A layout without the share bills everything that it can sell.
    stated.or_else(assumed).or_else(|| (path == "site.billable_frac").then_some(1.0))
}

/// Ends of a driver under a way of moving it: shares stay shares, nothing becomes negative.
pub fn ends(driver: &Driver, range: Range) -> (f64, f64) {
    let Range::Share(share) = range else { return (driver.low, driver.high) };
    let most = if is_share(&driver.path) && driver.base <= 1.0 { 1.0 } else { f64::INFINITY };
    let moved = [driver.base * (1.0 - share), driver.base * (1.0 + share)];
    (moved[0].clamp(0.0, most), moved[1].clamp(0.0, most))
}

/// Whether the number of a path is a share of something, at most 1.
pub fn is_share(path: &str) -> bool {
    path.ends_with("_frac") || path.contains("-frac")
}

struct Found<'a> {
    appraiser: &'a Appraiser,
    list: Vec<Driver>,
}

impl Found<'_> {
    fn add(&mut self, driver: Driver) {
        let ordered = driver.low < driver.high && driver.low.is_finite() && driver.high.is_finite();
        if ordered && !self.list.iter().any(|d| d.path == driver.path) {
            self.list.push(driver);
        }
    }

    /// A number with its range; the base belongs to the range wherever it stands.
    fn fact(&mut self, path: String, name: String, unit: &str, fact: &Fact) {
        let (Some(base), Some((low, high))) = (base_of(self.appraiser, &path), fact.range) else {
            return;
        };
        let source = fact.source.as_ref();
        let source = source.map(|s| source_text(self.appraiser.catalog(), s)).unwrap_or_default();
        let (low, high) = (low.min(base), high.max(base));
        self.add(Driver { path, name, unit: unit.to_owned(), base, low, high, source });
    }

    fn levels(&mut self) {
        for (path, cost) in LEVEL_RANGES {
            let name = LEVELS.iter().find(|(level, _)| *level == path).map_or(path, |(_, n)| n);
            if let Some(cost) = self.appraiser.catalog().costs.get(cost) {
                let unit = "factor on the layout's";
                self.fact(path.to_owned(), name.to_owned(), unit, &cost.value);
            }
        }
    }

    fn assumptions(&mut self) {
        let appraiser = self.appraiser;
        for a in appraiser.assumptions() {
            // What the layout states has the range of the catalogue's number in its place.
            let listed = a.path.strip_prefix("finance.").map(|field| field.replace('_', "-"));
            let listed = listed.and_then(|id| appraiser.catalog().costs.get(&id));
            let range = a.range.or_else(|| listed.and_then(|c| c.value.range));
            let Some((low, high)) = range else { continue };
            self.add(Driver {
                path: a.path.clone(),
                name: a.name.clone(),
                unit: a.unit.clone(),
                base: a.value,
                low: low.min(a.value),
                high: high.max(a.value),
                source: a.source.clone(),
            });
        }
        if let Some(cost) = appraiser.catalog().costs.get(UTILISATION) {
            let path = utilisation_path(appraiser);
            self.fact(path, cost.name.clone(), &cost.unit, &cost.value);
        }
    }

    fn energy(&mut self) {
        let Some(path) = energy_path(self.appraiser) else { return };
        let id = path.split('.').nth(1).unwrap_or_default();
        let Some(tariff) = self.appraiser.catalog().tariffs.get(id) else { return };
        self.fact(path, "Energy price".to_owned(), "USD per MWh", &tariff.energy_usd_per_mwh);
    }

    fn racks(&mut self) {
        let appraiser = self.appraiser;
        let training = appraiser.site().terms.site.workload == Workload::Training;
        let mut ids: Vec<&str> = Vec::new();
        for block in &appraiser.base().outcome.plan.blocks {
            if !ids.contains(&block.rack.as_str()) {
                ids.push(&block.rack);
            }
        }
        for id in ids {
            let Some(rack) = appraiser.catalog().racks.get(id) else { continue };
            let goodput = match training {
                true => ("goodput.training_frac", &rack.goodput.training_frac),
                false => ("goodput.inference_frac", &rack.goodput.inference_frac),
            };
            let facts = [
                ("price_usd", "price of a rack", "USD", &rack.price_usd),
                ("availability_frac", "availability", "share", &rack.availability_frac),
                (goodput.0, "goodput", "share", goodput.1),
                ("spares_frac", "spare racks", "share", &rack.spares_frac),
            ];
            for (field, what, unit, fact) in facts {
                let path = format!("racks.{id}.{field}");
                self.fact(path, format!("{}, {what}", rack.name), unit, fact);
            }
        }
    }

    /// Points of curves that the plan runs.
    fn points(&mut self) {
        let appraiser = self.appraiser;
        for row in &appraiser.base().outcome.plan.allocation {
            let Some((id, speed)) = row.operating_point.split_once('@') else { continue };
            let Some(curve) = appraiser.catalog().curves.get(id) else { continue };
            let at = speed.replace(',', "").parse::<f64>().ok();
            let Some(point) = curve.points.iter().find(|p| Some(p.tok_s_user) == at) else {
                continue;
            };
            let (Some(base), Some((low, high))) = (point.tok_s_per_mw, point.range) else {
                continue;
            };
            self.add(Driver {
                path: format!("curves.{id}.points.{}.tok_s_per_mw", point.tok_s_user),
                name: format!("{}, {speed} tokens/s a user", curve.name),
                unit: "tokens/s per MW".to_owned(),
                base,
                low: low.min(base),
                high: high.max(base),
                source: source_text(appraiser.catalog(), &curve.source),
            });
        }
    }
}
