//! Ways of doing business on one site: landlord, GPU cloud, token seller; and making tokens on own
//! capital against buying them.
//!
//! Building, dates, rates and tax are those of the site's value. Rents and rental prices come from
//! the catalogue, with their sources.

use super::appraiser::{Appraiser, rate, told};
use super::result::{Answer, Basis, BusinessModel, BusinessModels, MakeOrBuy};
use crate::catalog::{Known, source_text};
use crate::finance::project::{Contract, Driver, Path, Project, Results, Stream, Unit, results};
use crate::finance::root::bracketed;
use crate::site::TierKind;
use crate::study::finance::is_clean_energy;
use crate::units::HOURS_PER_YEAR;

const MONTHS: f64 = 12.0;
const KW_PER_MW: f64 = 1e3;
/// Factor on a price beyond which no break-even is looked for.
const HIGHEST: f64 = 1e4;

/// Values the site under each way of doing business.
pub fn business_models(appraiser: &mut Appraiser) -> BusinessModels {
    let mut book = Book { appraiser, assumptions: Vec::new() };
    let landlord = book.landlord();
    let cloud = book.cloud();
    let seller = book.appraiser.base().project.clone();
    let models = vec![
        model(
            "landlord",
            "Landlord",
            "Rents the powered shell by the kilowatt of IT power and month; tenants bring the \
             racks and pay energy",
            landlord,
        ),
        model(
            "gpu-cloud",
            "GPU cloud",
            "Owns the racks and rents them out by the GPU-hour; pays energy",
            cloud,
        ),
        model(
            "token-seller",
            "Token seller",
            "Owns the racks and sells the plan's tokens and capacity; pays energy",
            Ok(seller),
        ),
    ];
    let make_or_buy = make_or_buy(&book.appraiser.base().project);
    BusinessModels { models, make_or_buy, assumptions: book.assumptions }
}

/// Takes numbers and remembers where they come from.
struct Book<'a> {
    appraiser: &'a mut Appraiser,
    assumptions: Vec<Basis>,
}

impl Book<'_> {
    fn cost(&mut self, id: &str) -> Answer {
        let path = format!("costs.{id}");
        let catalog = self.appraiser.catalog();
        let known = catalog.costs.get(id).and_then(|c| Some((c, c.value.get()?)));
        let Some((cost, value)) = known else {
            return Err(format!("{path} is unknown; enter it to compare"));
        };
        let source = cost.value.source.as_ref().map(|s| source_text(catalog, s));
        let basis = Basis {
            path,
            name: cost.name.clone(),
            value,
            unit: cost.unit.clone(),
            source: source.unwrap_or_default(),
        };
        if !self.assumptions.contains(&basis) {
            self.assumptions.push(basis);
        }
        Ok(value)
    }

    /// The site without the price of racks and their support, rented by power.
    fn landlord(&mut self) -> Result<Project, String> {
        let rent = self.cost("shell-rent-usd-per-kw-month")?;
        let escalator = self.cost("shell-rent-rise-frac")?;
        let site = self.appraiser.site().clone();
        let mut catalog = self.appraiser.catalog().clone();
        for rack in catalog.racks.values_mut() {
            rack.price_usd.value = Known::Is(0.0);
        }
        for support in catalog.units.values_mut().flat_map(|u| &mut u.support) {
            support.price_usd.value = Known::Is(0.0);
        }
        let mut project = self.appraiser.appraise_site(&site, &catalog)?.project;
        let term_months = project.calendar.horizon_months + project.delay_months;
        let price = Path::Escalating { start: rent, per_year_frac: escalator };
        let rented = |phase: &crate::finance::project::Phase| Stream {
            id: format!("rent, {}", phase.id),
            units_per_year: Path::flat(phase.it_mw * KW_PER_MW * MONTHS),
            mix: Path::flat(1.0),
            demand_per_year: None,
            // Rent is due for the whole space from the first day, used or not.
            contract: Some(Contract {
                term_months,
                aged_months: 0,
                price: price.clone(),
                take_or_pay_frac: 1.0,
                service_credit_frac: 0.0,
                prepaid: None,
            }),
            price: price.clone(),
            phase: phase.id.clone(),
            unit: Unit::Other,
        };
        let streams = project.phases.iter().map(rented).collect();
        project.streams = streams;
        // Tenants pay what grows with their load.
        project.opex.retain(|row| {
            !matches!(
                row.driver,
                Driver::Mwh
                    | Driver::Tonne { .. }
                    | Driver::UnitOf(_)
                    | Driver::Revenue
                    | Driver::Demand { .. }
            ) && row.id != "penalties"
                && !is_clean_energy(row)
        });
        Ok(project)
    }

    /// All GPUs rented by the hour at the price of their rack type.
    fn cloud(&mut self) -> Result<Project, String> {
        let load = self.cost("gpu-cloud-utilisation-frac")?;
        let decline = self.cost("gpu-hour-decline-frac-per-year")?;
        let plan = self.appraiser.base().outcome.plan.clone();
        let mut gpus: Vec<(String, f64)> = Vec::new();
        for block in &plan.blocks {
            let per_rack = self.appraiser.catalog().racks.get(&block.rack);
            let per_rack = per_rack.and_then(|r| r.gpus.get());
            let count = per_rack.zip(block.racks).map(|(n, racks)| n * racks);
            let count = count.ok_or_else(|| format!("racks.{}.gpus is unknown", block.rack))?;
            match gpus.iter_mut().find(|(id, _)| *id == block.rack) {
                Some((_, total)) => *total += count,
                None => gpus.push((block.rack.clone(), count)),
            }
        }
        let total: f64 = gpus.iter().map(|(_, n)| n).sum();
        let mut project = self.appraiser.base().project.clone();
        let mut streams = Vec::new();
        for (rack, count) in gpus.iter().filter(|(_, n)| *n > 0.0) {
            let usd = self.rent(rack)?;
            for phase in &project.phases {
                streams.push(Stream {
                    id: format!("GPU-hours, {rack}, {}", phase.id),
                    unit: Unit::GpuHours,
                    units_per_year: Path::flat(phase.gpus * count / total * HOURS_PER_YEAR),
                    mix: Path::flat(1.0),
                    demand_per_year: None,
                    price: Path::Escalating { start: usd, per_year_frac: -decline },
                    contract: None,
                    phase: phase.id.clone(),
                });
            }
        }
        project.streams = streams;
        project.phases.iter_mut().for_each(|phase| phase.utilisation_frac = load);
        project.opex.retain(|row| row.id != "penalties");
        Ok(project)
    }

    /// Rent of a GPU-hour: of the catalogue, else the highest that the layout states for the rack.
    fn rent(&mut self, rack: &str) -> Answer {
        let id = format!("gpu-hour-usd-{rack}");
        if self.appraiser.catalog().costs.contains_key(&id) {
            return self.cost(&id);
        }
        let tiers = &self.appraiser.site().terms.tiers;
        let reserved = tiers.iter().filter(|t| t.kind == TierKind::ReservedCapacity);
        let named = reserved.filter(|t| t.racks.iter().any(|r| r == rack));
        let prices = named.flat_map(|t| &t.demand).filter_map(|s| s.usd_per_gpu_h);
        let value = prices.fold(None, |best: Option<f64>, usd| Some(best.unwrap_or(usd).max(usd)));
        let Some(value) = value else {
            return Err(format!(
                "costs.{id} is unknown, and no tier of the layout leases {rack} by the GPU-hour"
            ));
        };
        self.assumptions.push(Basis {
            path: format!("costs.{id}"),
            name: format!("Rent of a GPU-hour, {rack}"),
            value,
            unit: "USD per GPU-hour".to_owned(),
            source: "the layout's tiers of reserved capacity".to_owned(),
        });
        Ok(value)
    }
}

fn model(id: &str, name: &str, what: &str, project: Result<Project, String>) -> BusinessModel {
    let found = project.and_then(|p| {
        let r = results(&p).map_err(|e| told(e.first()))?;
        Ok((p, r))
    });
    let of = |pick: &dyn Fn(&Project, &Results) -> Answer| -> Answer {
        let (project, results) = found.as_ref().map_err(Clone::clone)?;
        pick(project, results)
    };
    BusinessModel {
        id: id.to_owned(),
        name: name.to_owned(),
        what: what.to_owned(),
        capex_usd: of(&|_, r| Ok(r.capex.total_usd)),
        revenue_usd_per_year: of(&|_, r| r.revenue_usd_per_year.map_err(|e| e.to_string())),
        ebitda_usd_per_year: of(&|_, r| r.ebitda_usd_per_year.map_err(|e| e.to_string())),
        npv_usd: of(&|_, r| Ok(r.unlevered.npv_usd)),
        irr: of(&|_, r| rate(&r.unlevered.irr)),
        npv_per_capex: of(&|_, r| match r.capex.total_usd {
            capital if capital > 0.0 => Ok(r.unlevered.npv_usd / capital),
            _ => Err("n/a (nothing is invested)".to_owned()),
        }),
        breakeven_price_ratio: of(&|p, _| breakeven(p)),
    }
}

/// All prices of a project times a factor.
fn priced(project: &Project, factor: f64) -> Project {
    let scale = |path: &mut Path| match path {
        Path::Escalating { start, .. } => *start *= factor,
        Path::ByYear(prices) => prices.iter_mut().for_each(|p| *p *= factor),
    };
    let mut project = project.clone();
    for stream in &mut project.streams {
        scale(&mut stream.price);
        if let Some(contract) = &mut stream.contract {
            scale(&mut contract.price);
        }
    }
    project
}

fn breakeven(project: &Project) -> Answer {
    let npv =
        |factor: f64| results(&priced(project, factor)).map_or(f64::NAN, |r| r.unlevered.npv_usd);
    let mut high = 1.0;
    while npv(high) < 0.0 && high < HIGHEST {
        high *= 2.0;
    }
    bracketed(npv, 0.0, high).ok_or_else(|| "n/a (no price makes the value zero)".to_owned())
}

/// Present values before tax: of all sales, of token sales, and of the whole.
fn make_or_buy(project: &Project) -> MakeOrBuy {
    let pretax = |p: &Project| -> Answer {
        results(p).map(|r| r.pretax.npv_usd).map_err(|e| told(e.first()))
    };
    let compute = || -> Result<(f64, f64, f64, f64), String> {
        let whole = pretax(project)?;
        let mut without = project.clone();
        without.streams.retain(|s| s.unit != Unit::MillionTokens);
        let buy = whole - pretax(&without)?;
        // Leases earn on the same racks and count against the cost of making tokens.
        let make = buy - whole;
        let mut still = project.clone();
        still.opex.retain(|r| {
            !matches!(r.driver, Driver::Mwh | Driver::Tonne { .. } | Driver::UnitOf(_))
        });
        let variable = pretax(&still)? - whole;
        let found = results(project).map_err(|e| told(e.first()))?;
        let price = found.mean_usd_per_mtok.map_err(|e| e.to_string())?;
        if buy <= 0.0 || price <= 0.0 {
            return Err("n/a (the plan sells no tokens)".to_owned());
        }
        Ok((make, buy, variable, buy / price))
    };
    let found = compute();
    let of = |pick: &dyn Fn((f64, f64, f64, f64)) -> Answer| -> Answer { pick(found.clone()?) };
    MakeOrBuy {
        make_usd: of(&|(make, ..)| Ok(make)),
        buy_usd: of(&|(_, buy, ..)| Ok(buy)),
        make_usd_per_mtok: of(&|(make, _, _, tokens)| Ok(make / tokens)),
        buy_usd_per_mtok: of(&|(_, buy, _, tokens)| Ok(buy / tokens)),
        breakeven_volume_frac: of(&|(make, buy, variable, _)| {
            if buy <= variable {
                return Err("n/a (energy alone costs more than bought tokens)".to_owned());
            }
            Ok((make - variable) / (buy - variable))
        }),
    }
}
