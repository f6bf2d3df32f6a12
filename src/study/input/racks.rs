//! Rack types in use, with what they cost a year.

use super::Maker;
use crate::catalog::{Catalog, Fact, Rack, Role, SiteOption};
use crate::diag::Diagnostic;
use crate::plan::input::{Holding, PlanInput, RackIn};
use crate::site::{Site, Workload};

/// Capital recovery factor: yearly cost of one unit of capital over `years` at `rate`.
/// Equation F1: `r / (1 - (1 + r)^-n)`, `1 / n` where the rate is zero.
pub fn recovery_frac(rate_frac: f64, years: f64) -> f64 {
    if rate_frac == 0.0 { 1.0 / years } else { rate_frac / (1.0 - (1.0 + rate_frac).powf(-years)) }
}

impl Maker<'_> {
    /// Types that the blocks name, each once, in order of first use; a type held
    /// as a pool of power is apart from the same type held as racks.
    pub(super) fn racks(&mut self) {
        let mut wanted: Vec<(String, bool)> = Vec::new();
        for block in self.site.blocks() {
            let pool = block.mw.is_some();
            let planned = block.planned.iter().flat_map(|p| p.racks.iter());
            for id in block.rack.iter().chain(planned) {
                if !wanted.contains(&(id.clone(), pool)) {
                    wanted.push((id.clone(), pool));
                }
            }
        }
        for (id, pool) in wanted {
            let Some(rack) = self.catalog.racks.get(&id).cloned() else { continue };
            let entry = if pool { self.pool(&rack) } else { self.rack(&rack) };
            self.input.racks.push(entry);
        }
        self.pairs();
    }

    /// One MW of all-in power: no spares, everything in it sells.
    fn pool(&mut self, rack: &Rack) -> RackIn {
        let per_mw = rack.all_in_kw.get().map(|kw| 1e3 / kw);
        let price = rack.price_usd.get().and_then(|usd| per_mw.map(|n| n * usd / 1e6));
        if per_mw.is_none() {
            self.report.push(Diagnostic::warning(
                "unknown-value",
                format!("racks.{}.all_in_kw", rack.id),
                format!("all-in power of {} is unknown: its MW give no rack count", rack.name),
                "enter the all-in kW per rack to see racks and capex",
            ));
        }
        RackIn {
            id: rack.id.clone(),
            name: rack.name.clone(),
            racks_per_unit: per_mw,
            spares_frac: 0.0,
            sell_frac: 1.0,
            idle_mw: 0.0,
            annual_musd: None,
            price_musd: price,
            mass_kg: 0.0,
            positions: 0.0,
            domain_units: 1.0,
            pairs_with: None,
            max_site_share: self.max_site_share(&rack.id),
        }
    }

    fn rack(&mut self, rack: &Rack) -> RackIn {
        let goodput = match self.site.terms.site.workload {
            Workload::Inference => ("goodput.inference_frac", &rack.goodput.inference_frac),
            Workload::Training => ("goodput.training_frac", &rack.goodput.training_frac),
        };
        let availability = self.fact(rack, "availability_frac", &rack.availability_frac);
        let goodput = self.fact(rack, goodput.0, goodput.1);
        let spares = self.fact(rack, "spares_frac", &rack.spares_frac);
        let idle_kw = if spares > 0.0 { self.fact(rack, "idle_kw", &rack.idle_kw) } else { 0.0 };
        let domain = match (rack.scale_up_gpus.get(), rack.gpus.get()) {
            (Some(domain), Some(gpus)) if gpus > 0.0 => (domain / gpus).max(1.0).round(),
            _ => 1.0,
        };
        let unit = rack.scalable_unit.as_ref().and_then(|id| self.catalog.units.get(id));
        let support_positions = unit.map_or(0.0, |u| {
            let count: u32 = u.support.iter().map(|s| s.count).sum();
            f64::from(count) / f64::from(u.racks.max(1))
        });
        RackIn {
            id: rack.id.clone(),
            name: rack.name.clone(),
            racks_per_unit: Some(1.0),
            spares_frac: spares,
            sell_frac: availability * goodput,
            idle_mw: idle_kw / 1e3,
            annual_musd: None,
            price_musd: self.price_with_support_usd(rack).map(|usd| usd / 1e6),
            mass_kg: rack.mass_kg.get().unwrap_or(0.0),
            positions: 1.0 + support_positions,
            domain_units: domain,
            pairs_with: None,
            max_site_share: self.max_site_share(&rack.id),
        }
    }

    fn fact(&mut self, rack: &Rack, field: &str, fact: &Fact) -> f64 {
        let path = format!("racks.{}.{field}", rack.id);
        if fact.get().is_none() {
            self.unknown(&path, "the plan");
        }
        fact.get().unwrap_or(0.0)
    }

    fn max_site_share(&self, id: &str) -> Option<f64> {
        self.site.terms.policy.max_site_share.get(id).copied()
    }

    /// Price of a rack with its share of the scalable unit's support racks.
    pub(super) fn price_with_support_usd(&self, rack: &Rack) -> Option<f64> {
        price_with_support_usd(self.catalog, rack)
    }

    /// Support power per rack at the rack input, kW; tells of a figure that is unknown.
    pub(super) fn support_kw(&mut self, rack: &Rack) -> Option<f64> {
        match support_kw(self.site, self.catalog, rack) {
            Ok(kw) => Some(kw),
            Err(path) => {
                self.unknown(&path, "the power of a rack");
                None
            }
        }
    }

    /// Adjuncts find their partner; an unknown ratio stops the adjunct alone.
    fn pairs(&mut self) {
        for r in 0..self.input.racks.len() {
            let Some(rack) = self.catalog.racks.get(&self.input.racks[r].id) else { continue };
            let Role::Adjunct { of } = &rack.role else { continue };
            let partner = self.input.racks.iter().position(|x| x.id == *of);
            match (partner, rack.pair_ratio.get()) {
                (Some(partner), Some(ratio)) => {
                    self.input.racks[r].pairs_with = Some((partner, ratio));
                }
                // No partner or no ratio: the adjunct decodes nothing.
                (partner, ratio) => {
                    let path = format!("racks.{}.pair_ratio", rack.id);
                    if ratio.is_none() {
                        self.report.push(Diagnostic::warning(
                            "unknown-value",
                            path,
                            format!(
                                "pairing ratio of {} is unknown: it decodes nothing",
                                rack.name
                            ),
                            "enter decode tokens per paired prefill token",
                        ));
                    }
                    self.input.racks[r].pairs_with = Some((partner.unwrap_or(r), 0.0));
                }
            }
        }
    }

    /// A financial input of the layout, else the catalogue's.
    pub(super) fn rate(&self, own: Option<f64>, cost: &str) -> Option<f64> {
        rate(self.catalog, own, cost)
    }

    /// Annualised cost of one MW of site capacity, M$ a year.
    pub(super) fn capacity_cost(&self) -> Option<f64> {
        capacity_cost(self.site, self.catalog)
    }

    /// Equation P0b: annual cost of one unit: recovery of its price over its life,
    /// and recovery and fixed cost of the grid power that it needs at most.
    pub(super) fn annual_costs(&mut self) {
        let planned =
            |b: &&crate::plan::input::BlockIn| matches!(b.holding, Holding::Planned { .. });
        let found = annual_costs(self.site, self.catalog, &self.input);
        for (r, annual) in found.into_iter().enumerate() {
            let input = &self.input;
            let is_planned = input.blocks.iter().filter(planned).any(|b| b.racks.contains(&r));
            let id = input.racks[r].id.clone();
            let invest = self.objective() == crate::site::Objective::Invest;
            let budget = self.site.terms.finance.capex_budget_usd.is_some();
            if annual.is_none() && is_planned && (invest || budget) {
                self.unknown(&format!("racks.{id}.price_usd"), "the cost of planned racks");
            }
            self.input.racks[r].annual_musd = annual;
        }
    }
}

/// A financial input of the layout, else the catalogue's.
fn rate(catalog: &Catalog, own: Option<f64>, cost: &str) -> Option<f64> {
    own.or_else(|| catalog.costs.get(cost).and_then(|c| c.value.get()))
}

fn capacity_cost(site: &Site, catalog: &Catalog) -> Option<f64> {
    let f = &site.terms.finance;
    let discount = rate(catalog, f.discount_frac, "discount-frac")?;
    let life = rate(catalog, f.site_life_years, "site-life-years")?;
    let capex = rate(catalog, f.site_capex_usd_per_mw, "site-capex-usd-per-mw")?;
    let opex = rate(catalog, f.fixed_opex_usd_per_mw_year, "fixed-opex-usd-per-mw-year")?;
    Some((capex * recovery_frac(discount, life) + opex) / 1e6)
}

/// Annual cost of one unit of each rack type, M$ a year (equation P0b): recovery of its price over
/// its life, and recovery and fixed cost of the grid power that it needs at most; nothing where a
/// part is unknown.
pub fn annual_costs(site: &Site, catalog: &Catalog, input: &PlanInput) -> Vec<Option<f64>> {
    let f = &site.terms.finance;
    let discount = rate(catalog, f.discount_frac, "discount-frac");
    let life = rate(catalog, f.rack_life_years, "rack-life-years");
    let capacity = capacity_cost(site, catalog);
    let of = |r: usize| -> Option<f64> {
        let mut needed_mw: f64 = 0.0;
        for block in input.blocks.iter().filter(|b| b.racks.contains(&r)) {
            for p in (0..input.points.len()).filter(|&p| input.points[p].rack == r) {
                for h in 0..input.hours.len() {
                    needed_mw = needed_mw.max(input.grid_mw(block, p, h));
                }
            }
        }
        let price = input.racks[r].price_musd?;
        Some(price * recovery_frac(discount?, life?) + capacity? * needed_mw)
    };
    (0..input.racks.len()).map(of).collect()
}

/// Price of a rack with its share of support racks; `None` while a part is unknown.
pub fn price_with_support_usd(catalog: &Catalog, rack: &Rack) -> Option<f64> {
    let mut price = rack.price_usd.get()?;
    if let Some(unit) = rack.scalable_unit.as_ref().and_then(|id| catalog.units.get(id)) {
        for s in &unit.support {
            price += f64::from(s.count) * s.price_usd.get()? / f64::from(unit.racks.max(1));
        }
    }
    Some(price)
}

/// The site's choice in a group of options, if it made one.
pub(super) fn option<'a>(site: &Site, catalog: &'a Catalog, group: &str) -> Option<&'a SiteOption> {
    let chosen = site.terms.site.options.iter();
    chosen.filter_map(|id| catalog.options.get(id)).find(|o| o.group == group)
}

/// Support power per rack at the rack input, kW: support racks of its unit, with the site's
/// optics in place of the default ones.
///
/// # Errors
/// The path of a figure that is unknown.
pub fn support_kw(site: &Site, catalog: &Catalog, rack: &Rack) -> Result<f64, String> {
    let mut support = 0.0;
    if let Some(unit) = rack.scalable_unit.as_ref().and_then(|id| catalog.units.get(id)) {
        for (i, s) in unit.support.iter().enumerate() {
            let kw = s.kw.get().ok_or_else(|| format!("units.{}.support.{i}.kw", unit.id))?;
            support += f64::from(s.count) * kw / f64::from(unit.racks.max(1));
        }
    }
    let optics = |option: &SiteOption| option.optics_w_per_gpu.as_ref().and_then(Fact::get);
    let chosen =
        option(site, catalog, "optics").and_then(|o| (!o.default).then(|| optics(o)).flatten());
    let default = catalog.options.values().find(|o| o.group == "optics" && o.default);
    if let (Some(chosen), Some(default), Some(gpus)) =
        (chosen, default.and_then(optics), rack.gpus.get())
    {
        support = (support + (chosen - default) * gpus / 1e3).max(0.0);
    }
    Ok(support)
}
