//! The site as a whole.

use crate::gui::action::Actions;
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::panels::rows::{FieldRow, choice_row, optional, required, text_row};
use crate::plan::result::Status;
use crate::site::{Infrastructure, Workload};
use crate::units::Power;
use crate::units::format;
use eframe::egui::Ui;

pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let info = &cx.site.terms.site;
    card::section(ui, "Site", "", true);
    text_row(ui, actions, "site.name", "Name", &info.name);
    let contract = required(info.grid_contract_mw);
    FieldRow::new("site.grid_contract_mw", "Grid contract", "", contract).show(ui, actions);
    let billable = optional(info.billable_frac, "computed");
    FieldRow::new("site.billable_frac", "Utilisation", "", billable).show(ui, actions);
    let coincidence = optional(Some(info.coincidence_frac), "");
    FieldRow::new("site.coincidence_frac", "Coincidence", "", coincidence).show(ui, actions);
    let workload = match info.workload {
        Workload::Inference => "Inference",
        Workload::Training => "Training",
    };
    let options = [("Inference", "Inference"), ("Training", "Training")];
    choice_row(ui, actions, ("site.workload", "Workload"), &options, workload);

    card::section(ui, "Infrastructure", "", false);
    match &info.infrastructure {
        Infrastructure::Built => {
            let campus = &cx.site.campus;
            row::fact(ui, "Network", "built, as drawn");
            row::fact(ui, "Feeds", &format::count(campus.feeds.len() as f64));
            row::fact(ui, "Nodes", &format::count(campus.nodes.len() as f64));
            row::fact(ui, "Halls", &halls(cx));
            row::fact(ui, "Cooling loops", &format::count(campus.loops.len() as f64));
        }
        Infrastructure::Reference { pue, path_efficiency, .. } => {
            row::fact(ui, "Network", "reference, no losses of its own");
            row::fact(ui, "PUE", &format::fixed(*pue, 3));
            row::fact(ui, "Path efficiency", &format::share(*path_efficiency));
        }
    }
    if info.infrastructure == Infrastructure::Built {
        super::climate::rows(ui, cx, (super::climate::IN_FORCE, false), actions);
    }
    results(ui, cx);
    if !info.notes.is_empty() {
        card::section(ui, "Notes", "", false);
        super::paragraph(ui, &info.notes);
    }
}

fn halls(cx: &Context<'_>) -> String {
    format::count(cx.site.halls.iter().filter(|g| g.hall.is_some()).count() as f64)
}

fn results(ui: &mut Ui, cx: &Context<'_>) {
    let Some(outcome) = cx.outcome else { return };
    card::section(ui, "Result", "plan", false);
    let plan = &outcome.plan;
    if plan.status == Status::Error {
        row::fact(ui, "Plan", "stopped, see Problems");
        return;
    }
    row::computed(ui, "Grid, worst hour", &format::power(Power::mw(plan.grid_mw)), "computed");
    row::computed(ui, "IT, worst hour", &format::power(Power::mw(plan.it_mw)), "computed");
    let racks = outcome.headline.racks_installed;
    let racks = format::known(racks, format::racks);
    row::computed(ui, "Racks", &racks, "computed");
    let pue = format::fixed(outcome.headline.pue_worst, 3);
    row::computed(ui, "PUE, worst hour", &pue, "computed");
}
