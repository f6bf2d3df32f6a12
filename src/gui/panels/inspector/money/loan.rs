//! The loan of the layout: added at the terms of the catalogue, edited, removed.

use super::input::Desk;
use super::{stated, table};
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::components::button::Button;
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::inspector::paragraph;
use crate::gui::panels::rows::choice_row;
use crate::site::LoanKind;
use crate::units::Money;
use crate::units::format::{self, fixed, money, share};
use eframe::egui::Ui;

const KINDS: [(LoanKind, &str, &str); 4] = [
    (LoanKind::Sculpted, "Sculpted", "Sculpted to the cover"),
    (LoanKind::Level, "Level", "Level payments"),
    (LoanKind::EqualPrincipal, "EqualPrincipal", "Equal principal"),
    (LoanKind::Bullet, "Bullet", "Bullet, all at the end"),
];

/// Whether the layout states a loan.
fn is_stated(cx: &Context<'_>) -> bool {
    cx.site.terms.finance.loan.share_frac.is_some_and(|share| share > 0.0)
}

pub(super) fn show(ui: &mut Ui, desk: &Desk<'_>, actions: &mut Actions) {
    let cx = desk.cx;
    if !is_stated(cx) {
        card::section(ui, "Loan", "none", false);
        paragraph(ui, "The owners pay everything");
        ui.add_space(4.0);
        if let Some(action) = add(cx)
            && Button::new("Add a loan").with_icon(Icon::Plus).height(24.0).show(ui).clicked()
        {
            actions.push(action);
        }
        return;
    }
    let loan = &cx.site.terms.finance.loan;
    card::section(ui, "Loan", "", false);
    let kind = loan.kind.unwrap_or_default();
    let options = KINDS.map(|(_, value, words)| (value, words));
    let current = KINDS.iter().find(|(k, ..)| *k == kind).map_or("", |(_, value, _)| value);
    desk.show(ui, table::LENT, actions);
    choice_row(ui, actions, ("finance.loan.kind", "Repaid"), &options, current);
    let merchant = stated(Some(loan.merchant_cash == Some(true)));
    let options = [("false", "Cash under contract"), ("true", "All cash")];
    choice_row(ui, actions, ("finance.loan.merchant_cash", "Sized on"), &options, merchant);
    desk.show(ui, table::LOAN, actions);
    results(ui, cx);
    if needs_contracts(cx) {
        ui.add_space(2.0);
        paragraph(ui, "Nothing is under contract, so that nothing is lent: size it on all cash");
    }
    ui.add_space(4.0);
    if Button::new("Remove the loan").height(24.0).show(ui).clicked() {
        actions.push(Edit::set("finance.loan", format::UNKNOWN, "Remove the loan"));
    }
}

fn results(ui: &mut Ui, cx: &Context<'_>) {
    let Some(found) = cx.finances.now().and_then(|f| f.evaluation.results.loan.as_ref()) else {
        return;
    };
    row::computed(ui, "Lent", &money(Money::usd(found.amount_usd)), "computed");
    let text = |figure: crate::finance::Figure, form: fn(f64) -> String| match figure {
        Ok(value) => form(value),
        Err(why) => why.to_string(),
    };
    row::computed(ui, "Share of uses", &text(found.gearing, share), "computed");
    let least = text(found.cover.least, |v| fixed(v, 2));
    row::computed(ui, "Least cover", &least, "computed");
}

/// Whether the loan is nothing because it is sized on contracts of which there are none.
fn needs_contracts(cx: &Context<'_>) -> bool {
    let f = &cx.site.terms.finance;
    is_stated(cx) && f.contracts.is_empty() && f.loan.merchant_cash != Some(true)
}

/// A loan at the share of the catalogue, on contracted cash where there is some, within the years
/// of operation; nothing where there is one already.
pub fn add(cx: &Context<'_>) -> Option<Action> {
    if is_stated(cx) {
        return None;
    }
    let listed = |id: &str| cx.catalog.costs.get(id).and_then(|c| c.value.get());
    let mut terms = vec![format!("share_frac: {}", listed("loan-share-frac")?)];
    if cx.site.terms.finance.contracts.is_empty() {
        terms.push("merchant_cash: true".to_owned());
    }
    if let Some(years) = operated_years(cx).filter(|y| listed("loan-tenor-years") > Some(*y)) {
        terms.push(format!("tenor_years: {years}"));
    }
    Some(Edit::set("finance.loan", format!("({})", terms.join(", ")), "Add a loan"))
}

/// Whole years of operation after the service of the last phase.
fn operated_years(cx: &Context<'_>) -> Option<f64> {
    let project = &cx.finances.now()?.project;
    let last = project.phases.iter().map(|p| p.service_month).max()?;
    let months = project.calendar.horizon_months.checked_sub(last + project.delay_months)?;
    Some((months / 12) as f64).filter(|years| *years > 0.0)
}

/// The loan in a line: what is lent, at which terms; what to do where there is none.
pub fn words(cx: &Context<'_>) -> String {
    if !is_stated(cx) {
        return "No loan: the owners pay everything".to_owned();
    }
    if needs_contracts(cx) {
        return "Nothing is lent: nothing is under contract, and the loan is sized on that".into();
    }
    let loan = &cx.site.terms.finance.loan;
    let listed = |own: Option<f64>, id: &str| {
        own.or_else(|| cx.catalog.costs.get(id).and_then(|c| c.value.get()))
    };
    let mut parts = Vec::new();
    let found = cx.finances.now().and_then(|f| f.evaluation.results.loan.as_ref());
    if let Some(found) = found {
        parts.push(format!("{} lent", money(Money::usd(found.amount_usd))));
        if let Ok(gearing) = found.gearing {
            parts.push(format!("{} of all uses", share(gearing)));
        }
    }
    if let Some(rate) = listed(loan.rate_frac, "loan-rate-frac") {
        parts.push(format!("at {}", share(rate)));
    }
    if let Some(years) = listed(loan.tenor_years, "loan-tenor-years") {
        parts.push(format!("{} years", format::plain(years)));
    }
    if let Some(Ok(least)) = found.map(|f| f.cover.least) {
        parts.push(format!("least cover {}", fixed(least, 2)));
    }
    format!("Loan: {}", parts.join(", "))
}
