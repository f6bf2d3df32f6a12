//! The take-off: every item by phase with quantity, rating, price, source and lead time, from the
//! layout's own quantities. What has a price of its own stands with it; the rest of the capital of
//! the plant is a row of its own, so that all rows sum to the capital.

use super::NoFinance;
use super::distances::{apart_m, pipe_m, polygon_m2};
use super::inventory::Racks;
use super::kinds::CostKind;
use super::phases::Stage;
use super::plans::Plans;
use super::sheet::{Assumption, Sheet};
use super::terms::Terms;
use crate::catalog::{Equipment, Fact, Generation, source_text};
use crate::site::{AreaKind, CoolingUnit, NodeKind};
use crate::study::Outcome;
use serde::Serialize;

/// Classes of assets; with several phases racks have one for each.
pub(super) const RACKS: &str = "racks";
pub(super) const SUPPORT: &str = "network and storage";
pub(super) const PLANT: &str = "plant, 15-year property";
pub(super) const BUILDING: &str = "plant, building";
pub(super) const LAND: &str = "land";
const SOFT: &str = "Soft cost";

/// A row of the take-off.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    pub id: String,
    pub name: String,
    /// Class of assets; none where the row is a quantity whose price lies in a row "not itemised".
    pub class: Option<String>,
    pub kind: CostKind,
    /// Of racks that compute.
    #[serde(skip)]
    pub generation: Option<Generation>,
    pub phase: String,
    pub quantity: f64,
    pub unit: &'static str,
    /// Of one, with its unit; empty where there is none.
    pub rating: String,
    /// USD per unit; none where the catalogue has no price.
    pub unit_price_usd: Option<f64>,
    /// The number of the catalogue that the unit price is; none where it follows from others.
    #[serde(skip)]
    pub price: Option<Assumption>,
    pub amount_usd: f64,
    pub contingency_usd: f64,
    pub source: String,
    /// Weeks from order to delivery: the middle, and the upper end of what is published.
    pub lead_weeks_p50: Option<f64>,
    pub lead_weeks_p90: Option<f64>,
    /// Month of the model by which it must be ordered for delivery at the upper end; negative
    /// before the first month. None where the lead time is unknown.
    pub order_by_month: Option<i64>,
    /// Share of the amount that a cancelled order costs; none is unknown.
    pub cancellation_frac: Option<f64>,
}

impl Item {
    /// Amount and contingency.
    pub fn total_usd(&self) -> f64 {
        self.amount_usd + self.contingency_usd
    }
}

/// What rows have in common before they are priced.
struct Draft<'a> {
    id: String,
    name: String,
    stage: &'a Stage,
    quantity: f64,
    unit: &'static str,
    rating: String,
}

impl Draft<'_> {
    fn item(self) -> Item {
        Item {
            id: self.id,
            name: self.name,
            class: None,
            // Most rows are; the others say so.
            kind: CostKind::Electrical,
            generation: None,
            phase: self.stage.id.clone(),
            quantity: self.quantity,
            unit: self.unit,
            rating: self.rating,
            unit_price_usd: None,
            price: None,
            amount_usd: 0.0,
            contingency_usd: 0.0,
            source: "the layout".to_owned(),
            lead_weeks_p50: None,
            lead_weeks_p90: None,
            order_by_month: None,
            cancellation_frac: None,
        }
    }
}

/// Class of the racks of a phase.
pub(super) fn rack_class(stages: &[Stage], phase: &str, kind: &str) -> String {
    if stages.len() > 1 { format!("{kind}, {phase}") } else { kind.to_owned() }
}

impl Sheet<'_> {
    /// All rows; `plant` is the capital of everything but racks, USD.
    pub fn take_off(
        &mut self,
        outcome: &Outcome,
        (terms, stages): (&Terms, &[Stage]),
        plant: f64,
    ) -> Result<Vec<Item>, NoFinance> {
        let mut items = self.racks(outcome, stages)?;
        let counted = self.inventory.and_then(|i| i.priced(stages));
        let quantities = counted.unwrap_or_else(|| self.quantities(stages));
        let priced: f64 = quantities.iter().map(|i| i.amount_usd).sum();
        items.extend(quantities);
        // What has a price is 15-year property; more of it than that share leaves less building.
        let short = (plant * terms.short_lived - priced).max(0.0);
        let rest = (plant - priced - short).max(0.0);
        for stage in stages {
            for (class, usd) in [(PLANT, short), (BUILDING, rest)] {
                let draft = Draft {
                    id: format!("{} {class}", stage.id),
                    name: format!("Not itemised: {class}"),
                    stage,
                    quantity: 1.0,
                    unit: "lot",
                    rating: String::new(),
                };
                let amount_usd = usd * stage.share;
                let source = "rest of the site capital per MW".to_owned();
                let class = Some(class.to_owned());
                items.push(Item {
                    class,
                    kind: CostKind::PlantNotItemised,
                    amount_usd,
                    unit_price_usd: Some(amount_usd),
                    source,
                    ..draft.item()
                });
            }
        }
        self.land(stages, &mut items)?;
        self.connection(stages, &mut items);
        let bought = items.clone();
        for stage in stages {
            items.extend(on_top(stages, stage, terms, &bought));
        }
        for item in &mut items {
            let racks =
                item.class.as_ref().is_some_and(|c| c.starts_with(RACKS) || c.starts_with(SUPPORT));
            let land = item.class.as_deref() == Some(LAND);
            let share = match (land || item.unit == "share", racks) {
                (true, _) => 0.0,
                (_, true) => terms.on_top.rack_contingency,
                _ => terms.on_top.contingency,
            };
            item.contingency_usd = item.amount_usd * share;
            let service = stages.iter().find(|s| s.id == item.phase).map_or(0, |s| s.service_month);
            // Delivered a month before service.
            item.order_by_month = item
                .lead_weeks_p90
                .map(|weeks| service as i64 - 1 - (weeks * 7.0 * 12.0 / 365.25).ceil() as i64);
        }
        Ok(items)
    }

    /// Racks of each type and phase with their support racks.
    fn racks(&self, outcome: &Outcome, stages: &[Stage]) -> Result<Vec<Item>, NoFinance> {
        let mut items: Vec<Item> = Vec::new();
        let counted;
        let racks = match self.inventory {
            Some(inventory) => &inventory.racks,
            None => {
                counted = Racks::of(self.site);
                &counted
            }
        };
        let held = racks.held(&outcome.plan);
        for stage in stages {
            let mut counts: Vec<(&str, f64)> = Vec::new();
            for (phase, rack, count) in &held {
                let own = phase.as_deref().filter(|p| stages.iter().any(|s| s.id == **p));
                if own.unwrap_or_else(|| stages.first().map_or("", |s| &s.id)) != stage.id {
                    continue;
                }
                let count =
                    count.ok_or_else(|| NoFinance::Unknown(format!("racks.{rack}.all_in_kw")))?;
                match counts.iter_mut().find(|(id, _)| id == rack) {
                    Some((_, sum)) => *sum += count,
                    None => counts.push((rack.as_str(), count)),
                }
            }
            for (id, count) in counts.into_iter().filter(|(_, n)| *n > 0.0) {
                self.racks_of_type(stages, stage, (id, count), &mut items)?;
            }
        }
        Ok(items)
    }

    /// Racks of another type that replace the first ones, by class and phase, at the catalogue's
    /// prices; none where racks are replaced by their own.
    pub fn renewal(
        &mut self,
        plans: &Plans,
        stages: &[Stage],
    ) -> Result<Option<Vec<Item>>, NoFinance> {
        let (Some(renewed), Some(first)) = (plans.renewed(), stages.first()) else {
            return Ok(None);
        };
        let mut items = Vec::new();
        for row in renewed.iter().filter(|row| row.racks > 0.0) {
            let own = stages.iter().find(|s| Some(&s.id) == row.phase.as_ref());
            self.racks_of_type(stages, own.unwrap_or(first), (&row.rack, row.racks), &mut items)?;
        }
        if let Some(rack) = self.site.terms.finance.refresh_rack.clone() {
            let racks = renewed.iter().map(|r| r.racks).sum();
            let name = format!("Racks of type {rack} that replace the first ones");
            self.derived("refresh_rack", &name, "racks", racks);
        }
        Ok(Some(items))
    }

    fn racks_of_type(
        &self,
        stages: &[Stage],
        stage: &Stage,
        (id, count): (&str, f64),
        items: &mut Vec<Item>,
    ) -> Result<(), NoFinance> {
        let unknown = || NoFinance::Unknown(format!("racks.{id}.price_usd"));
        let rack = self.catalog.racks.get(id).ok_or_else(unknown)?;
        let price = rack.price_usd.get().ok_or_else(unknown)?;
        let kw = rack.all_in_kw.get().map(|kw| format!("{kw} kW all-in")).unwrap_or_default();
        let mut add = |(id, name, path): (String, &str, String),
                       class: &str,
                       (n, usd): (f64, f64),
                       fact: &Fact| {
            let rating = if class == RACKS { kw.clone() } else { String::new() };
            let draft =
                Draft { id, name: name.to_owned(), stage, quantity: n, unit: "racks", rating };
            items.push(Item {
                class: Some(rack_class(stages, &stage.id, class)),
                kind: match class {
                    RACKS => CostKind::Accelerators,
                    _ => CostKind::NetworkAndStorage,
                },
                generation: (class == RACKS).then_some(rack.generation),
                unit_price_usd: Some(usd),
                price: Some(self.listed((path, &format!("{name}, price of a rack")), usd, fact)),
                amount_usd: n * usd,
                source: self.source(fact),
                ..draft.item()
            });
        };
        let own =
            (format!("{} {id}", stage.id), rack.name.as_str(), format!("racks.{id}.price_usd"));
        add(own, RACKS, (count, price), &rack.price_usd);
        let unit = rack.scalable_unit.as_ref().and_then(|unit| self.catalog.units.get(unit));
        for support in unit.iter().flat_map(|u| u.support.iter().map(move |s| (u.racks, s))) {
            let (per, support) = support;
            let usd = support.price_usd.get().ok_or_else(unknown)?;
            let n = count * f64::from(support.count) / f64::from(per.max(1));
            let name = format!("{}, {}", support.name, rack.name);
            let unit = rack.scalable_unit.as_deref().unwrap_or_default();
            let path = format!("units.{unit}.support.{}.price_usd", support.name);
            let row = (format!("{} {id} {}", stage.id, support.name), name.as_str(), path);
            add(row, SUPPORT, (n, usd), &support.price_usd);
        }
        Ok(())
    }

    /// A price of the catalogue with all that is known of it.
    fn listed(&self, (path, name): (String, &str), usd: f64, fact: &Fact) -> Assumption {
        Assumption {
            path,
            name: name.to_owned(),
            value: usd,
            unit: "USD".to_owned(),
            kind: fact.kind,
            source: self.source(fact),
            range: fact.range,
            note: fact.note.clone(),
        }
    }

    fn source(&self, fact: &Fact) -> String {
        let source = fact.source.as_ref();
        source.map(|s| source_text(self.catalog, s)).unwrap_or_default()
    }

    /// Quantities of everything else that stands in the layout, priced where the catalogue can.
    pub(super) fn quantities(&self, stages: &[Stage]) -> Vec<Item> {
        let site = self.site;
        let Some(first) = stages.first() else { return Vec::new() };
        let at = |phase: &Option<String>| {
            phase.as_ref().and_then(|p| stages.iter().find(|s| s.id == *p)).unwrap_or(first)
        };
        let campus = &site.campus;
        let mut items = Vec::new();
        for node in campus.nodes.iter() {
            let factor = self.catalog.costs.get("power-factor").and_then(|c| c.value.get());
            let mva = node.capacity_mw.zip(factor.filter(|f| *f > 0.0)).map(|(mw, f)| mw / f);
            let draft = Draft {
                id: node.id.clone(),
                name: format!("{}: {}", capital(node.kind), node.name),
                stage: at(&node.phase),
                quantity: 1.0,
                unit: "pieces",
                rating: mva
                    .map(|v| {
                        format!("{} MVA", crate::units::format::plain((v * 10.0).round() / 10.0))
                    })
                    .unwrap_or_default(),
            };
            items.push(self.priced(draft, node.equipment.as_deref(), mva));
            let metres: f64 =
                node.from.iter().filter_map(|id| self.distance_m(id, (node.at, node.size))).sum();
            if metres > 0.0 {
                let id = format!("{} cable", node.id);
                let name = format!("Cable route to {}", node.name);
                let draft = Draft {
                    id,
                    name,
                    stage: at(&node.phase),
                    quantity: metres,
                    unit: "m",
                    rating: String::new(),
                };
                items.push(self.priced(draft, None, None));
            }
        }
        for generator in campus.generators.iter() {
            let (id, name) = (generator.id.clone(), format!("Generators: {}", generator.name));
            let rating = format!("{} MW in all", generator.capacity_mw);
            let quantity = f64::from(generator.count);
            let draft = Draft { id, name, stage: first, quantity, unit: "pieces", rating };
            items.push(self.priced(draft, Some(&generator.equipment), None));
        }
        for battery in campus.batteries.iter() {
            let (id, name) = (battery.id.clone(), format!("Battery: {}", battery.name));
            let rating = format!("{} MW", battery.capacity_mw);
            let draft =
                Draft { id, name, stage: first, quantity: battery.energy_mwh, unit: "MWh", rating };
            items.push(self.priced(draft, None, None));
        }
        for cooled in campus.loops.iter() {
            for (kind, units) in
                [("Coolant distribution", &cooled.cdus), ("Heat rejection", &cooled.rejection)]
            {
                items.extend(units.iter().map(|u| self.cooling(kind, u, first)));
            }
            let pipe = pipe_m(&cooled.cdus, &cooled.rejection);
            if pipe > 0.0 {
                let (id, name) = (
                    format!("{} pipe", cooled.id),
                    format!("Pipe route, supply and return: {}", cooled.name),
                );
                let draft = Draft {
                    id,
                    name,
                    stage: first,
                    quantity: pipe,
                    unit: "m",
                    rating: String::new(),
                };
                items.push(Item { kind: CostKind::Mechanical, ..self.priced(draft, None, None) });
            }
        }
        items.extend(self.ground(stages));
        items
    }

    fn cooling(&self, kind: &str, unit: &CoolingUnit, stage: &Stage) -> Item {
        let draft = Draft {
            id: unit.id.clone(),
            name: format!("{kind}: {}", unit.name),
            stage,
            quantity: f64::from(unit.count),
            unit: "pieces",
            rating: format!("{} kW of heat", crate::units::format::plain(unit.heat_mw * 1e3)),
        };
        let item = self.priced(draft, Some(&unit.equipment), None);
        Item { kind: CostKind::Mechanical, ..item }
    }

    /// Halls, buildings, roads, and racks of switches.
    fn ground(&self, stages: &[Stage]) -> Vec<Item> {
        let Some(first) = stages.first() else { return Vec::new() };
        let area = |id: &str, name: String, stage, size: [f64; 2]| {
            let quantity = size[0] * size[1];
            let draft = Draft {
                id: id.to_owned(),
                name,
                stage,
                quantity,
                unit: "m2",
                rating: String::new(),
            };
            Item { kind: CostKind::Shell, ..self.priced(draft, None, None) }
        };
        let mut items = Vec::new();
        for group in &self.site.halls {
            if let Some(hall) = &group.hall {
                let own = hall.phase.as_ref().and_then(|p| stages.iter().find(|s| s.id == *p));
                let name = format!("Hall: {}", hall.name);
                items.push(area(&hall.id, name, own.unwrap_or(first), hall.size));
            }
            for rack in &group.network_racks {
                let (id, name) = (rack.id.clone(), format!("Network rack: {}", rack.name));
                let draft = Draft {
                    id,
                    name,
                    stage: first,
                    quantity: 1.0,
                    unit: "racks",
                    rating: String::new(),
                };
                let item = self.priced(draft, None, None);
                items.push(Item { kind: CostKind::NetworkAndStorage, ..item });
            }
        }
        let built = |k: AreaKind| !matches!(k, AreaKind::Water | AreaKind::Corridor);
        for own in self.site.campus.areas.iter().filter(|a| built(a.kind)) {
            items.push(area(&own.id, format!("{:?}: {}", own.kind, own.name), first, own.size));
        }
        items
    }

    /// A row with price and lead time of its equipment, as far as the catalogue has them.
    fn priced(&self, draft: Draft, equipment: Option<&str>, mva: Option<f64>) -> Item {
        let mut item = draft.item();
        let record: Option<&Equipment> = equipment.and_then(|id| self.catalog.equipment.get(id));
        let Some(record) = record else { return item };
        if let Some(lead) = &record.lead_weeks {
            item.lead_weeks_p50 = lead.get();
            item.lead_weeks_p90 = lead.range.map(|(_, high)| high).or(lead.get());
        }
        let by_rating = record.usd_per_mva.as_ref().zip(mva);
        let priced = match (&record.price_usd, by_rating) {
            (Some(price), _) => price.get().map(|usd| (usd, price)),
            (None, Some((rate, mva))) => rate.get().map(|usd| (usd * mva, rate)),
            _ => None,
        };
        if let Some((usd, fact)) = priced {
            // A price by rating is that of this piece alone.
            let path = match (&record.price_usd, equipment) {
                (Some(_), Some(id)) => format!("equipment.{id}.price_usd"),
                _ => format!("take_off.{}.price_usd", item.id),
            };
            let own = self.listed((path, &format!("{}, price", item.name)), usd, fact);
            // The range is that of the rate, not of the piece.
            let range = own.range.filter(|_| record.price_usd.is_some());
            item.price = Some(Assumption { range, ..own });
            item.class = Some(PLANT.to_owned());
            item.unit_price_usd = Some(usd);
            item.amount_usd = usd * item.quantity;
            item.source = self.source(fact);
        }
        item
    }

    /// Land by the area of the parcel, else what the layout states; nothing where neither is.
    fn land(&mut self, stages: &[Stage], items: &mut Vec<Item>) -> Result<(), NoFinance> {
        let Some(stage) = stages.first() else { return Ok(()) };
        let m2 = polygon_m2(&self.site.terms.site.parcel);
        let own = self.site.terms.finance.capital.land_usd;
        if own.is_none() && m2 <= 0.0 {
            return Ok(());
        }
        let (usd, source) = match own {
            Some(usd) => (usd, "the layout".to_owned()),
            None => (m2 * self.cost("land-usd-per-m2")?, self.cost_source("land-usd-per-m2")),
        };
        let draft = Draft {
            id: "land".to_owned(),
            name: "Land".to_owned(),
            stage,
            quantity: if m2 > 0.0 { m2 } else { 1.0 },
            unit: if m2 > 0.0 { "m2" } else { "lot" },
            rating: String::new(),
        };
        let unit_price_usd = Some(usd / draft.quantity);
        items.push(Item {
            class: Some(LAND.to_owned()),
            kind: CostKind::Land,
            unit_price_usd,
            amount_usd: usd,
            source,
            ..draft.item()
        });
        Ok(())
    }

    /// The connection to the grid, which the site capital per MW does not hold.
    fn connection(&self, stages: &[Stage], items: &mut Vec<Item>) {
        let usd = self.site.terms.finance.capital.grid_connection_usd;
        let (Some(stage), Some(usd)) = (stages.first(), usd.filter(|usd| *usd > 0.0)) else {
            return;
        };
        let draft = Draft {
            id: "grid connection".to_owned(),
            name: "Grid connection".to_owned(),
            stage,
            quantity: 1.0,
            unit: "lot",
            rating: String::new(),
        };
        items.push(Item {
            class: Some(PLANT.to_owned()),
            kind: CostKind::GridConnection,
            unit_price_usd: Some(usd),
            amount_usd: usd,
            ..draft.item()
        });
    }

    fn cost_source(&self, id: &str) -> String {
        self.catalog.costs.get(id).map(|c| self.source(&c.value)).unwrap_or_default()
    }

    /// Way along and across from a source of power to a node, between their middles.
    fn distance_m(&self, from: &str, to: ([f64; 2], [f64; 2])) -> Option<f64> {
        let campus = &self.site.campus;
        let feed = campus.feeds.iter().find(|f| f.id == from).map(|f| (f.at, f.size));
        let node = || campus.nodes.iter().find(|n| n.id == from).map(|n| (n.at, n.size));
        Some(apart_m(feed.or_else(node)?, to))
    }
}

/// Soft cost, sales and use tax and duty of a phase: shares of what it buys.
fn on_top(stages: &[Stage], stage: &Stage, terms: &Terms, bought: &[Item]) -> Vec<Item> {
    let racks = rack_class(stages, &stage.id, RACKS);
    let support = rack_class(stages, &stage.id, SUPPORT);
    let of = |classes: &[&str]| -> f64 {
        let own = bought.iter().filter(|i| i.phase == stage.id);
        let mine = own.filter(|i| i.class.as_deref().is_some_and(|c| classes.contains(&c)));
        mine.map(|i| i.amount_usd).sum()
    };
    let row = |name: &str, class: &str, share: f64, base: f64| {
        let draft = Draft {
            id: format!("{} {name}", stage.id),
            name: name.to_owned(),
            stage,
            quantity: share,
            unit: "share",
            rating: String::new(),
        };
        let amount_usd = share * base;
        let item = Item {
            class: Some(class.to_owned()),
            kind: match name {
                SOFT => CostKind::SoftCost,
                _ => CostKind::TaxesAndDuty,
            },
            unit_price_usd: Some(base),
            amount_usd,
            source: "terms of finance".to_owned(),
            ..draft.item()
        };
        (amount_usd > 0.0).then_some(item)
    };
    let plant = of(&[PLANT, BUILDING]);
    [
        row(SOFT, BUILDING, terms.on_top.soft, plant),
        row("Sales and use tax on racks", &racks, terms.on_top.sales_tax, of(&[&racks])),
        row(
            "Sales and use tax on network and storage",
            &support,
            terms.on_top.sales_tax,
            of(&[&support]),
        ),
        row("Sales and use tax on plant", PLANT, terms.on_top.sales_tax, of(&[PLANT])),
        row("Duty on racks", &racks, terms.on_top.duty, of(&[&racks])),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn capital(kind: NodeKind) -> String {
    let word = kind.word();
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}
