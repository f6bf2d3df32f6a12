//! The finance page: cash flow, what it stands on, and what moves it. Every figure is one of the
//! engine's valuation of the newest plan; nothing is computed here.

mod assumptions;
mod cash_flow;
mod charts;
mod keys;
mod layout;
mod list;
mod missing;
mod risks;
mod scenarios;
mod schedule;
mod table;
mod terms;

pub use charts::card as chart_card;
pub use risks::{DRAWS, RiskCharts};

use super::economics::plate;
use crate::finance::project::Returns;
use crate::finance::returns::Irr;
use crate::gui::action::{Action, Actions, File};
use crate::gui::components::button::Button;
use crate::gui::components::chip::chip;
use crate::gui::components::menu;
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::report::Kind as Report;
use crate::scene::chart::money::{Chart, Id, site};
use crate::scene::tokens::{Token, size};
use crate::study::finance::SiteFinance;
use crate::units::Money;
use crate::units::format::{self, fixed, money, money_change, share};
use eframe::egui::{Popup, Rect, Response, ScrollArea, Sense, Ui, vec2};
use layout::{Cards, Contents};
use std::sync::Arc;
use table::{Choices, Claim, Scale, Step, Table};

/// What the page remembers between frames.
#[derive(Default)]
pub struct FinanceState {
    choices: Choices,
    made: Option<Made>,
    risks: RiskCharts,
}

/// The table with what it was made of.
struct Made {
    revision: u64,
    choices: Choices,
    table: Arc<Table>,
    keys: Arc<Vec<keys::Keyed>>,
    charts: Arc<Vec<Chart>>,
}

const GAP: f32 = size::CARD_GAP;
/// Kind of report that the button of the page opens.
const WORKBOOK: &str = "xlsx";

impl FinanceState {
    /// Table and key figures of the newest value, made anew where that or a choice is another one.
    fn made(&mut self, cx: &Context<'_>, finance: &SiteFinance) -> &Made {
        let revision = cx.finances.revision;
        let is_known =
            self.made.as_ref().is_some_and(|m| (m.revision, m.choices) == (revision, self.choices));
        if !is_known {
            self.made = None;
        }
        let choices = self.choices;
        self.made.get_or_insert_with(|| {
            let name_of = |id: &str| cx.tier(id).map(|t| t.name.clone());
            let table = Arc::new(table::table(finance, choices, name_of));
            let keys = Arc::new(keys::list(cx, finance));
            let charts = [Id::CapexByClass, Id::RevenueByTier, Id::CostPerMtok];
            let drawn = charts.into_iter().filter_map(|id| site::chart(id, cx.site, finance));
            let charts = Arc::new(drawn.collect());
            Made { revision, choices, table, keys, charts }
        })
    }
}

/// The choices that belong to the page, at the right of the bar of tabs; from right to left.
pub fn controls(ui: &mut Ui, cx: &Context<'_>, state: &mut FinanceState, actions: &mut Actions) {
    let Some(finance) = cx.finances.now() else { return };
    if Report::of(WORKBOOK).is_some() {
        let button = Button::new("Workbook with formulas...").with_icon(Icon::Export);
        if button.height(24.0).show(ui).clicked() {
            actions.push(Action::File(File::ExportKind(WORKBOOK)));
        }
        ui.add_space(6.0);
    }
    let choices = &mut state.choices;
    let scale = choices.scale.unwrap_or(fitting(finance));
    let words = format!("{} nominal", scale.label());
    pick(&chip(ui, &words, &format!("Amounts: {words}"), true), |ui| {
        for (value, words) in [
            (None, "As fits"),
            (Some(Scale::Billions), "$B nominal"),
            (Some(Scale::Millions), "$M nominal"),
        ] {
            if menu::option(ui, words, choices.scale == value).clicked() {
                choices.scale = value;
            }
        }
    });
    let words = step_words(choices.step);
    pick(&chip(ui, words, &format!("Columns: {words}"), true), |ui| {
        for step in [Step::Year, Step::Period] {
            if menu::option(ui, step_words(step), choices.step == step).clicked() {
                choices.step = step;
            }
        }
    });
    let has_loan = finance.evaluation.results.loan.is_some();
    let words = claim_words(*choices, has_loan);
    pick(&chip(ui, words, &format!("Returns: {words}"), true), |ui| claims(ui, choices, has_loan));
}

fn fitting(finance: &SiteFinance) -> Scale {
    Scale::fitting(finance.evaluation.results.capex.total_usd)
}

fn pick(response: &Response, entries: impl FnOnce(&mut Ui)) {
    Popup::menu(response).show(|ui| {
        ui.set_min_width(200.0);
        entries(ui);
    });
}

const fn step_words(step: Step) -> &'static str {
    match step {
        Step::Year => "Annual",
        Step::Period => "By period",
    }
}

fn claim_words(choices: Choices, has_loan: bool) -> &'static str {
    match (choices.claim, choices.before_tax) {
        (Claim::Levered, _) if has_loan => "Levered, after tax",
        (_, true) => "Unlevered, before tax",
        _ => "Unlevered, after tax",
    }
}

fn claims(ui: &mut Ui, choices: &mut Choices, has_loan: bool) {
    let now = claim_words(*choices, has_loan);
    for (words, claim, before_tax) in [
        ("Unlevered, after tax", Claim::Unlevered, false),
        ("Unlevered, before tax", Claim::Unlevered, true),
    ] {
        if menu::option(ui, words, now == words).clicked() {
            (choices.claim, choices.before_tax) = (claim, before_tax);
        }
    }
    let words = "Levered, after tax";
    if has_loan {
        if menu::option(ui, words, now == words).clicked() {
            (choices.claim, choices.before_tax) = (Claim::Levered, false);
        }
    } else {
        let text = "Levered: the layout states no loan";
        menu::Entry { text, shortcut: "", icon: None, enabled: false }.show(ui);
    }
}

/// Shows the page in what is left of `ui`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, state: &mut FinanceState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(finance) = cx.finances.now() else {
        return missing::show(ui, cx, actions);
    };
    if cx.finances.stale {
        let bar = Rect::from_min_size(all.min, vec2(all.width(), 2.0));
        ui.painter().rect_filled(bar, 0.0, theme.color(Token::Text3));
    }
    let made = state.made(cx, finance);
    let (table, keyed) = (Arc::clone(&made.table), Arc::clone(&made.keys));
    let drawn = Arc::clone(&made.charts);
    state.risks.update(cx.risks);
    let charts_of_risk = &state.risks;
    ScrollArea::vertical().id_salt("finance").auto_shrink(false).show(ui, |ui| {
        let view = ui.available_height();
        let room = ui.available_rect_before_wrap().shrink2(vec2(GAP, 0.0));
        let contents = Contents {
            table: &table,
            keys: keyed.len(),
            assumptions: finance.assumptions.len(),
            phases: cx.site.campus.phases.len(),
            contracts: cx.site.terms.finance.contracts.len(),
            scenarios: cx.risks.scenarios.as_ref().map_or(4, |s| s.rows.len()),
        };
        let cards = Cards::of(room, view, &contents);
        ui.allocate_exact_size(vec2(room.width(), cards.height), Sense::hover());
        let caption = caption(finance, &table, cx.finances.earlier());
        cash_flow::show(ui, finance, &table, (cards.cash_flow, &caption));
        for (chart, place) in drawn.iter().zip([cards.capex, cards.revenue, cards.cost]) {
            charts::card(ui, chart, place);
        }
        charts_of_risk.tornado(ui, cx, cards.tornado);
        charts_of_risk.fan(ui, cx, (cards.fan, actions));
        assumptions::show(ui, cx, &finance.assumptions, (cards.assumptions, actions));
        keys::show(ui, &keyed, cards.keys);
        schedule::show(ui, cx, finance, (cards.schedule, actions));
        terms::show(ui, cx, (cards.terms, actions));
        scenarios::show(ui, cx, (cards.scenarios, actions));
    });
}

/// The returns of what is shown.
fn returns<'a>(finance: &'a SiteFinance, table: &Table) -> &'a Returns {
    let results = &finance.evaluation.results;
    match (table.claim, table.before_tax) {
        (Claim::Levered, _) => &results.levered,
        (_, true) => &results.pretax,
        _ => &results.unlevered,
    }
}

/// `NPV $13.43 B · IRR 22.8 % · MIRR 16.3 % · payback 4.8 years`; with what the last change did.
fn caption(finance: &SiteFinance, table: &Table, earlier: Option<&SiteFinance>) -> String {
    let found = returns(finance, table);
    let change = earlier.map(|before| found.npv_usd - returns(before, table).npv_usd);
    let change = change.filter(|c| c.abs() > 1e-9 * found.npv_usd.abs());
    let change = change.map_or_else(String::new, |c| {
        format!(", {} by the last change", money_change(Money::usd(c)))
    });
    let known = |figure: crate::finance::Figure, form: fn(f64) -> String| match figure {
        Ok(value) => form(value),
        Err(why) => why.to_string(),
    };
    let years = |v: f64| format!("{} years", fixed(v, 1));
    format!(
        "NPV {}{change} · IRR {} · MIRR {} · payback {}",
        money(Money::usd(found.npv_usd)),
        irr_words(&found.irr),
        known(found.mirr, share),
        known(found.payback.last, years),
    )
}

/// The rate, all of them where there are several, or why there is none.
pub fn irr_words(irr: &Irr) -> String {
    match irr {
        Irr::None(why) => why.to_string(),
        Irr::One(rate) => format::share(*rate),
        Irr::Ambiguous(rates) => {
            let list: Vec<String> = rates.iter().map(|r| share(*r)).collect();
            format!("ambiguous, {}", list.join(" or "))
        }
    }
}
