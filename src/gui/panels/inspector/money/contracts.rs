//! What is sold ahead: contracts added from what the plan sells, edited and removed. Each step is
//! one entry of the history.

use super::entries::{self, free_id, replace, select};
use super::input::{Desk, Input};
use super::table;
use crate::fields::value_text;
use crate::finance::project::{Stream, Unit};
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::components::button::Button;
use crate::gui::components::card;
use crate::gui::components::field::FieldLook;
use crate::gui::components::row::{self, Source, TypedRow};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::inspector::paragraph;
use crate::gui::panels::rows::serve_keyboard;
use crate::site::{ContractKind, SalesContract, TierKind};
use crate::study::finance::{contract_worth_usd, tier_of};
use crate::units::format::{self, count, money, parse_number, plain};
use crate::units::{HOURS_PER_YEAR, Money, Power, SECONDS_PER_YEAR, TokenRate};
use eframe::egui::{Id, Ui};

const KINDS: [(ContractKind, &str); 4] = [
    (ContractKind::Tokens, "Tokens"),
    (ContractKind::GpuHours, "GPU-hours"),
    (ContractKind::PoweredShell, "Powered shell"),
    (ContractKind::Credits, "Credits, paid ahead"),
];

/// Where they stand.
const PATH: &str = "finance.contracts";
const LIST: &str = "contracts";
/// Months that a new contract runs for, and the share of what a tier sells that it takes.
const MONTHS: u32 = 12;
const PART: f64 = 0.5;

pub(super) fn show(ui: &mut Ui, desk: &Desk<'_>, actions: &mut Actions) {
    let cx = desk.cx;
    let list = &cx.site.terms.finance.contracts;
    let caption = match list.len() {
        0 => "none".to_owned(),
        n => format!("{n} in front of the market"),
    };
    card::section(ui, "Contracts", &caption, true);
    if list.is_empty() {
        paragraph(ui, "Everything is sold at the prices of the tiers, year by year");
    }
    for contract in list {
        one(ui, desk, contract, actions);
    }
    ui.add_space(4.0);
    let add = add(cx);
    let mut button = Button::new("Add a contract").with_icon(Icon::Plus).height(24.0);
    if add.is_none() {
        button = button.enabled(false);
    }
    let response = button.show(ui);
    match add {
        Some(action) if response.clicked() => actions.push(action),
        Some(_) => {}
        None => {
            response.on_hover_text("A contract needs a valued plan that sells something");
        }
    }
}

/// `Tokens of High`.
pub fn title(cx: &Context<'_>, contract: &SalesContract) -> String {
    let kind = match contract.kind {
        ContractKind::Tokens => "Tokens",
        ContractKind::GpuHours => "GPU-hours",
        ContractKind::PoweredShell => return "Powered shell".to_owned(),
        ContractKind::Credits => "Credits",
    };
    let tier = contract.tier.as_deref().and_then(|id| cx.tier(id));
    format!("{kind} of {}", tier.map_or("no tier", |t| t.name.as_str()))
}

/// How much is sold, at which price: volume and price of the first year.
pub fn words(contract: &SalesContract) -> (String, String) {
    let volume = match contract.kind {
        ContractKind::Tokens => {
            contract.volume_tok_s.map(|v| format::token_rate(TokenRate::per_s(v)))
        }
        ContractKind::GpuHours => contract.volume_gpus.map(|v| format!("{} GPUs", count(v))),
        ContractKind::PoweredShell => contract.shell_kw.map(|v| format::power(Power::kw(v))),
        ContractKind::Credits => contract.credits_usd.map(|v| money(Money::usd(v))),
    };
    let price = contract.prices_usd.first().map(|price| {
        let digits = plain(*price);
        match contract.kind {
            ContractKind::Tokens | ContractKind::Credits => format!("${digits} per M"),
            ContractKind::GpuHours => format!("${digits} per GPU-h"),
            ContractKind::PoweredShell => format!("${digits} per kW-month"),
        }
    });
    let known = |text: Option<String>| format::known(text, |t| t);
    (known(volume), known(price))
}

fn one(ui: &mut Ui, desk: &Desk<'_>, contract: &SalesContract, actions: &mut Actions) {
    let cx = desk.cx;
    let title = title(cx, contract);
    card::section(ui, &title, &contract.id, false);
    let of = contract.id.as_str();
    let all = cx.site.terms.finance.contracts.iter().map(|c| c.id.as_str());
    entries::name(ui, (PATH, of), all, actions);
    kind(ui, cx, contract, actions);
    if contract.kind != ContractKind::PoweredShell {
        tier(ui, cx, contract, actions);
    }
    let at = (LIST, of);
    desk.show_of(ui, at, &[volume_of(contract.kind)], actions);
    prices(ui, contract, actions);
    desk.show_of(ui, at, &terms_of(contract), actions);
    worth(ui, cx, contract);
    ui.add_space(4.0);
    let label = format!("Remove contract {of}");
    if Button::new("Remove").name(&label).with_icon(Icon::Trash).height(24.0).show(ui).clicked() {
        let rest = cx.site.terms.finance.contracts.iter().filter(|c| c.id != contract.id);
        actions.push(replace(PATH, &rest.cloned().collect::<Vec<_>>(), label));
    }
}

/// What the contract brings over its term.
fn worth(ui: &mut Ui, cx: &Context<'_>, contract: &SalesContract) {
    let results = cx.finances.now().map(|f| &f.evaluation.results);
    if let Some(usd) = results.and_then(|r| contract_worth_usd(r, &contract.id)) {
        let worth = money(Money::usd(usd));
        row::computed(ui, "Present value", &worth, "computed");
    }
}

fn kind(ui: &mut Ui, cx: &Context<'_>, contract: &SalesContract, actions: &mut Actions) {
    let options: Vec<String> = KINDS.iter().map(|(_, words)| (*words).to_owned()).collect();
    let selected = KINDS.iter().position(|(kind, _)| *kind == contract.kind);
    let label = format!("What {} sells", contract.id);
    let chosen = select(ui, ("Sells", &label), &options, selected);
    if let Some((kind, words)) = chosen.and_then(|n| KINDS.get(n))
        && *kind != contract.kind
    {
        let fresh = fresh(cx, *kind, None);
        let next = fresh.unwrap_or(SalesContract { kind: *kind, ..SalesContract::default() });
        let next = SalesContract {
            id: contract.id.clone(),
            term_months: contract.term_months,
            take_or_pay_frac: contract.take_or_pay_frac,
            ..next
        };
        let label = format!("Make contract {} one of {}", contract.id, words.to_lowercase());
        actions.push(exchange(cx, contract, next, label));
    }
}

fn tier(ui: &mut Ui, cx: &Context<'_>, contract: &SalesContract, actions: &mut Actions) {
    let sold = match contract.kind {
        ContractKind::GpuHours => TierKind::ReservedCapacity,
        _ => TierKind::Tokens,
    };
    let fitting = cx.site.terms.tiers.iter().filter(|t| t.kind == sold);
    let (ids, names): (Vec<&str>, Vec<String>) =
        fitting.map(|t| (t.id.as_str(), t.name.clone())).unzip();
    let selected = ids.iter().position(|id| Some(*id) == contract.tier.as_deref());
    let label = format!("Tier of {}", contract.id);
    let chosen = select(ui, ("Tier", &label), &names, selected);
    let Some((id, name)) = chosen.and_then(|n| Some((*ids.get(n)?, names.get(n)?))) else { return };
    if Some(id) == contract.tier.as_deref() {
        return;
    }
    // Volume and price are those of a tier: the new one has its own.
    let fresh = fresh(cx, contract.kind, Some(id));
    let next = fresh.unwrap_or(SalesContract { tier: Some(id.to_owned()), ..contract.clone() });
    let next = SalesContract {
        volume_tok_s: next.volume_tok_s,
        volume_gpus: next.volume_gpus,
        credits_usd: next.credits_usd,
        prices_usd: next.prices_usd,
        tier: Some(id.to_owned()),
        ..contract.clone()
    };
    let label = format!("Serve contract {} by {name}", contract.id);
    actions.push(exchange(cx, contract, next, label));
}

/// The prices of the years of a contract, in one field.
fn prices(ui: &mut Ui, contract: &SalesContract, actions: &mut Actions) {
    let path = format!("finance.contracts.{}.prices_usd", contract.id);
    let id = Id::unique(("finance-input", path.as_str()));
    serve_keyboard(ui, &path, id);
    let list: Vec<String> =
        contract.prices_usd.iter().map(|p| plain(*p).replace(',', "")).collect();
    let text = list.join(", ");
    let unit = match contract.kind {
        ContractKind::Tokens | ContractKind::Credits => "$ per M",
        ContractKind::GpuHours => "$/GPU-h",
        ContractKind::PoweredShell => "$/kW/mo",
    };
    let (name, shown) = (format!("Price by year, {}", contract.id), text.as_str());
    let empty = text.is_empty();
    let typed = TypedRow {
        id,
        label: "Price by year",
        name: &name,
        shown: if empty { format::UNKNOWN } else { shown },
        edited: &text,
        unit,
        look: if empty { FieldLook::Unknown } else { FieldLook::Rest },
        source: if empty { Source::Warn("stops here") } else { Source::Plain("by year") },
    }
    .show(ui);
    let Some(typed) = typed else { return };
    match parse_prices(&typed) {
        Ok(list) => {
            let words: Vec<String> = list.iter().map(|p| plain(*p)).collect();
            let label = format!("Set prices of {} to {}", contract.id, words.join(", "));
            let value = value_text(&serde_json::json!(list));
            actions.push(Edit::set(path, value, label));
        }
        Err(why) => row::refuse(ui, id, why),
    }
}

/// `3, 2.80, 2.60`: one price for each year.
fn parse_prices(text: &str) -> Result<Vec<f64>, String> {
    let parts = text.split([',', ';']).map(str::trim).filter(|p| !p.is_empty());
    let list: Result<Vec<f64>, String> =
        parts.map(|part| parse_number(part, "usd").map_err(|e| e.to_string())).collect();
    match list? {
        list if list.is_empty() => Err("one price for each year, with commas".to_owned()),
        list if list.iter().any(|p| *p < 0.0) => Err("must be 0 or more".to_owned()),
        list => Ok(list),
    }
}

const fn volume_of(kind: ContractKind) -> Input {
    match kind {
        ContractKind::Tokens => table::TOKENS,
        ContractKind::GpuHours => table::GPUS,
        ContractKind::PoweredShell => table::SHELL,
        ContractKind::Credits => table::CREDITS,
    }
}

/// The terms that a contract of its kind has.
fn terms_of(contract: &SalesContract) -> Vec<Input> {
    let credits = contract.kind == ContractKind::Credits;
    let shell = contract.kind == ContractKind::PoweredShell;
    let mut list = vec![table::TERM];
    list.push(if shell { table::SHELL_PAY } else { table::TAKE_OR_PAY });
    list.push(table::SERVICE_CREDITS);
    if credits || contract.prepaid_usd.is_some() {
        list.push(table::EXPIRY);
    }
    list.push(if credits { table::BREAKAGE } else { table::PREPAID });
    list.push(table::PAID_BEFORE);
    list
}

fn exchange(cx: &Context<'_>, old: &SalesContract, next: SalesContract, label: String) -> Action {
    let mut list = cx.site.terms.finance.contracts.clone();
    if let Some(place) = list.iter_mut().find(|c| c.id == old.id) {
        *place = next;
    }
    replace(PATH, &list, label)
}

/// A further contract: half of what the tier that earns most sells in its weakest year, at the
/// plan's price, for a year. Nothing where there is no value or nothing is sold.
pub fn add(cx: &Context<'_>) -> Option<Action> {
    let list = &cx.site.terms.finance.contracts;
    let mut next = fresh(cx, ContractKind::Tokens, None)
        .or_else(|| fresh(cx, ContractKind::GpuHours, None))?;
    next.id = free_id("contract", list.iter().map(|c| c.id.as_str()));
    let label = format!("Add {}", next.id.replace('-', " "));
    let all: Vec<SalesContract> = list.iter().cloned().chain([next]).collect();
    Some(replace(PATH, &all, label))
}

/// A contract of a kind without a name, by what the plan has to sell; of a tier where one is given.
fn fresh(cx: &Context<'_>, kind: ContractKind, tier: Option<&str>) -> Option<SalesContract> {
    let finance = cx.finances.now()?;
    let mut out = SalesContract { kind, term_months: MONTHS, ..SalesContract::default() };
    if kind == ContractKind::PoweredShell {
        let contract = cx.site.terms.site.grid_contract_mw.unwrap_or(0.0);
        let free = (contract - cx.outcome?.plan.grid_mw).max(0.0) * PART;
        out.shell_kw = Some(rounded_down(free * 1e3)).filter(|kw| *kw > 0.0);
        let rent = cx.catalog.costs.get("shell-rent-usd-per-kw-month");
        out.prices_usd = rent.and_then(|c| c.value.get()).into_iter().collect();
        return Some(out);
    }
    let unit = if kind == ContractKind::GpuHours { Unit::GpuHours } else { Unit::MillionTokens };
    let project = &finance.project;
    let years = project.calendar.horizon_months.div_ceil(12);
    let weakest =
        |s: &Stream| (0..years).map(|y| s.units_per_year.at_year(y)).fold(f64::INFINITY, f64::min);
    let service = project.phases.iter().map(|p| p.service_month).min().unwrap_or(0) / 12;
    let price = |s: &Stream| s.price.at_year(service) * s.mix.at_year(0);
    let fits = |s: &&Stream| {
        let own = tier.is_none_or(|id| tier_of(cx.site, &s.id) == id);
        s.contract.is_none() && s.unit == unit && own && weakest(s) > 0.0 && price(s) > 0.0
    };
    let earns = |s: &&Stream| weakest(s) * price(s);
    let market = project.streams.iter().filter(fits);
    let market = market.max_by(|a, b| earns(a).total_cmp(&earns(b)))?;
    let sold = project.phases.first().map_or(1.0, |p| p.utilisation_frac).min(1.0);
    let units = weakest(market) * sold * PART;
    out.tier = Some(tier_of(cx.site, &market.id).to_owned());
    out.prices_usd = vec![three_digits(price(market))];
    match kind {
        ContractKind::GpuHours => out.volume_gpus = Some(rounded_down(units / HOURS_PER_YEAR)),
        ContractKind::Credits => {
            let years = f64::from(MONTHS) / 12.0;
            out.credits_usd = Some(rounded_down(units * price(market) * years));
        }
        _ => out.volume_tok_s = Some(rounded_down(units * 1e6 / SECONDS_PER_YEAR)),
    }
    Some(out)
}

/// The value with two digits, never more than it is.
fn rounded_down(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 0.0;
    }
    let power = 10f64.powf(value.log10().floor() - 1.0);
    let digits = (value / power).floor();
    if power < 1.0 { digits / (1.0 / power).round() } else { digits * power.round() }
}

fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_read_year_by_year_and_nonsense_is_refused() {
        assert_eq!(parse_prices("3, 2.80, $2.60"), Ok(vec![3.0, 2.8, 2.6]));
        assert!(parse_prices("").is_err());
        assert!(parse_prices("3, -1").is_err());
        assert!(parse_prices("cheap").is_err());
    }

    #[test]
    fn volumes_are_rounded_down_to_two_digits() {
        assert_eq!(rounded_down(98_765.0), 98_000.0);
        assert_eq!(rounded_down(0.0), 0.0);
        assert!((rounded_down(0.0179) - 0.017).abs() < 1e-12);
    }
}
