//! The numbers that a project takes from layout and catalogue, each remembered with its source.

use super::NoFinance;
use super::inventory::Inventory;
use crate::catalog::{Catalog, Fact, Kind, source_text};
use crate::site::Site;
use serde::Serialize;

/// A number that the project takes from layout or catalogue.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// Path that changes it, as in `--set`.
    pub path: String,
    pub name: String,
    pub value: f64,
    pub unit: String,
    /// Nothing where the layout states it.
    pub kind: Option<Kind>,
    pub source: String,
    pub range: Option<(f64, f64)>,
    pub note: String,
}

/// Takes numbers and remembers where they come from.
pub(super) struct Sheet<'a> {
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    pub assumptions: Vec<Assumption>,
    /// What stands in the layout, where it is counted already.
    pub inventory: Option<&'a Inventory>,
}

impl<'a> Sheet<'a> {
    pub fn new(site: &'a Site, catalog: &'a Catalog) -> Self {
        Self { site, catalog, assumptions: Vec::new(), inventory: None }
    }
}

impl Sheet<'_> {
    /// A cost of the catalogue.
    pub fn cost(&mut self, id: &str) -> Result<f64, NoFinance> {
        let path = format!("costs.{id}");
        let cost = self.catalog.costs.get(id);
        let Some((cost, value)) = cost.and_then(|c| Some((c, c.value.get()?))) else {
            return Err(NoFinance::Unknown(path));
        };
        let source = cost.value.source.as_ref();
        self.assumptions.push(Assumption {
            path,
            name: cost.name.clone(),
            value,
            unit: cost.unit.clone(),
            kind: cost.value.kind,
            source: source.map(|s| source_text(self.catalog, s)).unwrap_or_default(),
            range: cost.value.range,
            note: cost.value.note.clone(),
        });
        Ok(value)
    }

    /// A number of a record of the catalogue.
    pub fn fact(
        &mut self,
        path: &str,
        name: &str,
        unit: &str,
        fact: &Fact,
    ) -> Result<f64, NoFinance> {
        let value = fact.get().ok_or_else(|| NoFinance::Unknown(path.to_owned()))?;
        let source = fact.source.as_ref();
        self.assumptions.push(Assumption {
            path: path.to_owned(),
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
            kind: fact.kind,
            source: source.map(|s| source_text(self.catalog, s)).unwrap_or_default(),
            range: fact.range,
            note: fact.note.clone(),
        });
        Ok(value)
    }

    /// What the layout states, else the catalogue.
    pub fn either(&mut self, own: Option<f64>, field: &str, id: &str) -> Result<f64, NoFinance> {
        let Some(value) = own else { return self.cost(id) };
        let listed = self.catalog.costs.get(id);
        self.assumptions.push(Assumption {
            path: format!("finance.{field}"),
            name: listed.map_or_else(|| field.to_owned(), |c| c.name.clone()),
            value,
            unit: listed.map(|c| c.unit.clone()).unwrap_or_default(),
            kind: None,
            source: "the layout".to_owned(),
            range: None,
            note: String::new(),
        });
        Ok(value)
    }

    /// What the layout alone can state.
    pub fn entered(&mut self, field: &str, name: &str, unit: &str, value: f64) {
        self.assumptions.push(Assumption {
            path: format!("finance.{field}"),
            name: name.to_owned(),
            value,
            unit: unit.to_owned(),
            kind: None,
            source: "the layout".to_owned(),
            range: None,
            note: String::new(),
        });
    }

    /// A number that the plan gives.
    pub fn derived(&mut self, field: &str, name: &str, unit: &str, value: f64) {
        self.entered(field, name, unit, value);
        if let Some(last) = self.assumptions.last_mut() {
            (last.kind, last.source) = (Some(Kind::Derived), "the plan".to_owned());
        }
    }

    /// Source of the last number, where the layout names one.
    pub fn sourced(&mut self, source: &str) {
        if let Some(last) = self.assumptions.last_mut().filter(|_| !source.is_empty()) {
            last.source = format!("the layout: {source}");
        }
    }

    /// What the layout states, else a number that follows from others.
    pub fn stated(&mut self, own: Option<f64>, default: Stated) -> f64 {
        let Stated { field, name, unit, value, source } = default;
        self.assumptions.push(Assumption {
            path: format!("finance.{field}"),
            name: name.to_owned(),
            value: own.unwrap_or(value),
            unit: unit.to_owned(),
            kind: own.is_none().then_some(Kind::Derived),
            source: if own.is_some() { "the layout" } else { source }.to_owned(),
            range: None,
            note: String::new(),
        });
        own.unwrap_or(value)
    }
}

/// A number of the layout with what stands in for it.
pub(super) struct Stated {
    /// Below `finance`.
    pub field: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    pub value: f64,
    /// Where the value comes from.
    pub source: &'static str,
}
