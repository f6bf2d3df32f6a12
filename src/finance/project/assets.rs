//! Capital: the take-off, every generation of every asset, its depreciation and its end.

use super::axis::Axis;
use super::input::Project;
use super::operation::InService;
use crate::finance::InputError;
use crate::finance::depreciation::{
    Convention, Table, TaxAsset, TaxClass, Treatment, mid_quarter_applies, straight_line_months,
};
use serde::Serialize;

/// One generation of an asset.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asset {
    pub line: String,
    pub class: String,
    pub phase: String,
    pub cost_usd: f64,
    /// First month of service.
    pub service: usize,
    /// Month in which it is sold; the horizon is the end of the model.
    pub sold: usize,
    pub proceeds_usd: f64,
    /// Whether it belongs to the take-off rather than to a refresh.
    pub first: bool,
    #[serde(skip)]
    pub(super) class_at: usize,
}

impl Asset {
    /// Whether it is interest during construction and fees rather than something bought.
    pub fn is_financing(&self) -> bool {
        self.line == "financing" && self.phase.is_empty()
    }
}

/// What capital does in each period.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Capital {
    pub assets: Vec<Asset>,
    /// Paid for the take-off.
    pub build: Vec<f64>,
    /// Paid for refreshes.
    pub refresh: Vec<f64>,
    pub proceeds: Vec<f64>,
    pub depreciation: Vec<f64>,
    /// Proceeds less what the books still carried.
    pub book_gain: Vec<f64>,
    /// Book value of what is in service, at the end of the period.
    pub net_value: Vec<f64>,
    /// Paid for what is not yet in service, at the end of the period.
    pub in_progress: Vec<f64>,
    /// Original cost of what is in service by class, mean of the period.
    pub in_service: InService,
    pub tax: TaxCapital,
}

/// Tax of capital by fiscal year.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct TaxCapital {
    pub federal: Vec<f64>,
    pub state: Vec<f64>,
    pub federal_gain: Vec<f64>,
    pub state_gain: Vec<f64>,
    /// Not yet deducted at the end of the year.
    pub federal_basis: Vec<f64>,
    pub state_basis: Vec<f64>,
}

fn add(list: &mut [f64], n: usize, amount: f64) {
    if let Some(cell) = list.get_mut(n) {
        *cell += amount;
    }
}

/// The take-off and its refreshes.
pub(super) fn generations(project: &Project) -> Vec<Asset> {
    let horizon = project.calendar.horizon_months;
    let mut assets = Vec::new();
    for line in &project.capex {
        let Some(class_at) = project.classes.iter().position(|c| c.id == line.class) else {
            continue;
        };
        let terminal = project.classes.get(class_at).map_or(0.0, |c| c.terminal_frac);
        let phase = project.phases.iter().find(|p| p.id == line.phase);
        let mut service = line.service_month.or(phase.map(|p| p.service_month)).unwrap_or(0);
        let mut cost_usd = line.amount_usd * (1.0 + line.contingency_frac);
        let mut first = true;
        loop {
            let next = line
                .refresh
                .as_ref()
                .filter(|r| service + r.every_months + r.least_remaining_months.max(1) <= horizon);
            let (sold, share) =
                next.map_or((horizon, terminal), |r| (service + r.every_months, r.residual_frac));
            assets.push(Asset {
                line: line.id.clone(),
                class: line.class.clone(),
                phase: line.phase.clone(),
                cost_usd,
                service,
                sold,
                proceeds_usd: cost_usd * share,
                first,
                class_at,
            });
            let Some(refresh) = next else { break };
            let other = refresh.next_cost_frac.filter(|_| first);
            let share = other.unwrap_or(refresh.cost_frac);
            (service, cost_usd, first) = (sold, cost_usd * share, false);
        }
    }
    assets
}

impl Capital {
    /// Capital of a project; `financing` is interest during construction and fees, written off
    /// under the class that the loan names from the month of service.
    pub fn of(project: &Project, axis: &Axis) -> Result<Self, InputError> {
        let periods = axis.periods.len();
        let blank = vec![0.0; periods];
        let mut capital = Self {
            assets: generations(project),
            build: blank.clone(),
            refresh: blank.clone(),
            proceeds: blank.clone(),
            depreciation: blank.clone(),
            book_gain: blank.clone(),
            net_value: blank.clone(),
            in_progress: blank.clone(),
            in_service: vec![blank; project.classes.len()],
            tax: TaxCapital::of(axis.years),
        };
        for line in &project.capex {
            let cost = line.amount_usd * (1.0 + line.contingency_frac);
            for spend in &line.spend {
                let period = axis.of_month.get(spend.month).copied().unwrap_or(0);
                add(&mut capital.build, period, cost * spend.frac);
            }
        }
        let assets = std::mem::take(&mut capital.assets);
        for asset in &assets {
            let period = axis.of_month.get(asset.service).copied().unwrap_or(0);
            if !asset.first {
                add(&mut capital.refresh, period, asset.cost_usd);
            }
            capital.write_off(project, axis, asset);
        }
        let late = late_years(project, axis, &assets);
        for asset in &assets {
            capital.tax.deduct(project, axis, asset, &late)?;
        }
        capital.assets = assets;
        capital.count_progress(axis);
        Ok(capital)
    }

    /// What the loan costs while building, as an asset that is written off from its term on.
    fn financing(project: &Project, cost_usd: f64) -> Option<Asset> {
        let terms = project.debt.as_ref()?;
        Some(Asset {
            line: "financing".to_owned(),
            class: terms.cost_class.clone(),
            phase: String::new(),
            cost_usd,
            service: terms.term_start_month,
            sold: project.calendar.horizon_months,
            proceeds_usd: 0.0,
            first: false,
            class_at: project.classes.iter().position(|c| c.id == terms.cost_class).unwrap_or(0),
        })
    }

    /// Deductions of one dollar of interest during construction and fees.
    pub fn financing_tax(&self, project: &Project, axis: &Axis) -> Result<TaxCapital, InputError> {
        let mut dollar = TaxCapital::of(axis.years);
        if let Some(asset) = Self::financing(project, 1.0) {
            dollar.deduct(project, axis, &asset, &late_years(project, axis, &self.assets))?;
        }
        Ok(dollar)
    }

    /// Adds a cost that is no asset of the take-off: interest during construction and fees.
    pub fn add_financing(
        &mut self,
        project: &Project,
        axis: &Axis,
        cost_usd: f64,
    ) -> Result<(), InputError> {
        let asset = Self::financing(project, cost_usd).filter(|_| cost_usd > 0.0);
        let Some(asset) = asset else { return Ok(()) };
        let late = late_years(project, axis, &self.assets);
        // It is carried, not insured or taxed by value.
        let in_service = self.in_service.clone();
        self.write_off(project, axis, &asset);
        self.in_service = in_service;
        self.tax.deduct(project, axis, &asset, &late)?;
        self.assets.push(asset);
        Ok(())
    }

    /// Book depreciation, value and gain of an asset, and its cost in service.
    fn write_off(&mut self, project: &Project, axis: &Axis, asset: &Asset) {
        let Some(class) = project.classes.get(asset.class_at) else { return };
        let life = class.book_life_months.map_or(0.0, |m| m as f64);
        let total = asset.cost_usd * (1.0 - class.salvage_frac);
        let age = |month: usize| month.min(asset.sold).saturating_sub(asset.service) as f64;
        let mut written = 0.0;
        for (n, period) in axis.periods.iter().enumerate() {
            if period.end() <= asset.service || period.start >= asset.sold {
                continue;
            }
            let (from, to) = (age(period.start), age(period.end()));
            let part = straight_line_months(total, life, from, to);
            written += part;
            add(&mut self.depreciation, n, part);
            if let Some(cost) = self.in_service.get_mut(asset.class_at) {
                add(cost, n, asset.cost_usd * (to - from) / period.months as f64);
            }
            if asset.sold <= period.end() {
                add(&mut self.proceeds, n, asset.proceeds_usd);
                add(&mut self.book_gain, n, asset.proceeds_usd - (asset.cost_usd - written));
            } else {
                add(&mut self.net_value, n, asset.cost_usd - written);
            }
        }
    }

    /// What is paid and not yet in service.
    fn count_progress(&mut self, axis: &Axis) {
        let mut placed = vec![0.0; axis.periods.len()];
        for asset in self.assets.iter().filter(|a| a.first) {
            let period = axis.of_month.get(asset.service).copied().unwrap_or(0);
            add(&mut placed, period, asset.cost_usd);
        }
        let mut open = 0.0;
        for (cell, (paid, placed)) in
            self.in_progress.iter_mut().zip(self.build.iter().zip(&placed))
        {
            open += paid - placed;
            *cell = open;
        }
    }
}

/// Fiscal years in which the mid-quarter convention rules.
fn late_years(project: &Project, axis: &Axis, assets: &[Asset]) -> Vec<bool> {
    let mut additions = vec![Vec::new(); axis.years];
    for asset in assets {
        let class = project.classes.get(asset.class_at).map(|c| c.tax_class);
        let personal = matches!(class, Some(TaxClass::Macrs(_)));
        if let Some(year) = additions.get_mut(axis.year_of(asset.service)).filter(|_| personal) {
            year.push((axis.month_of_year(asset.service), asset.cost_usd));
        }
    }
    additions.iter().map(|list| mid_quarter_applies(list)).collect()
}

impl TaxCapital {
    fn of(years: usize) -> Self {
        let blank = vec![0.0; years];
        Self {
            federal: blank.clone(),
            state: blank.clone(),
            federal_gain: blank.clone(),
            state_gain: blank.clone(),
            federal_basis: blank.clone(),
            state_basis: blank,
        }
    }

    /// Deductions of a year less its gains of disposal.
    pub fn federal_net(&self, year: usize) -> f64 {
        let of = |list: &[f64]| list.get(year).copied().unwrap_or(0.0);
        of(&self.federal) - of(&self.federal_gain)
    }

    /// The same for the state.
    pub fn state_net(&self, year: usize) -> f64 {
        let of = |list: &[f64]| list.get(year).copied().unwrap_or(0.0);
        of(&self.state) - of(&self.state_gain)
    }

    fn deduct(
        &mut self,
        project: &Project,
        axis: &Axis,
        asset: &Asset,
        late: &[bool],
    ) -> Result<(), InputError> {
        let Some(class) = project.classes.get(asset.class_at) else { return Ok(()) };
        let year = axis.year_of(asset.service);
        let month = axis.month_of_year(asset.service);
        let convention = match class.tax_class {
            TaxClass::Real39 => Convention::MidMonth(month),
            TaxClass::Macrs(_) if late.get(year) == Some(&true) => {
                Convention::MidQuarter(month.div_ceil(3))
            }
            _ => Convention::HalfYear,
        };
        let treatment = |bonus_frac: f64| Treatment {
            class: class.tax_class,
            convention,
            table: Table::IrsRounded,
            bonus_frac,
        };
        // The last month of ownership is the one before it is sold.
        let last = asset.sold.max(asset.service + 1) - 1;
        let years = axis.year_of(last) - year;
        let month = axis.month_of_year(last);
        let of = |bonus: f64| {
            TaxAsset { basis: asset.cost_usd, treatment: treatment(bonus) }.dispose(
                years,
                month,
                asset.proceeds_usd,
            )
        };
        let (federal, state) = (of(class.bonus_frac)?, of(class.state_bonus_frac)?);
        let spread = |deductions: &[f64], sums: &mut [f64], basis: &mut [f64]| {
            let mut left = asset.cost_usd;
            for age in 0..years {
                let deducted = deductions.get(age).copied().unwrap_or(0.0);
                left -= deducted;
                add(sums, year + age, deducted);
                add(basis, year + age, left);
            }
            add(sums, year + years, deductions.get(years).copied().unwrap_or(0.0));
        };
        spread(&federal.deductions, &mut self.federal, &mut self.federal_basis);
        spread(&state.deductions, &mut self.state, &mut self.state_basis);
        add(&mut self.federal_gain, year + years, federal.gain);
        add(&mut self.state_gain, year + years, state.gain);
        Ok(())
    }
}
