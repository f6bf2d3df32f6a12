//! What a guest enters: megawatts, place, date, racks, prices.

use super::desk::Desk;
use super::{Page, level};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::form::{Number, heading};
use crate::gui::components::paint::Text;
use crate::gui::components::segmented::segmented;
use crate::gui::components::select::Select;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::study::template::{LEAST_MW, MOST_MW, Scheme, racks};
use crate::units::format;
use crate::units::month::Month;
use eframe::egui::{Align, Id, Layout, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

const ROW: f32 = 34.0;
const LABEL: f32 = 150.0;
const FIELD: f32 = 26.0;
/// Dearest list price that can be typed, $ per M tokens.
const DEAREST: f64 = 1e4;

pub(super) fn show(ui: &mut Ui, page: &mut Page, desk: &Desk) {
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("challenge-fields").show(ui, |ui| {
        ui.set_width(super::FIELDS - 12.0);
        let of = usize::from(page.of_document);
        if let Some(i) = segmented(ui, "Site", &["A guest's campus", "This site"], of) {
            page.of_document = i == 1;
            page.open = None;
            page.prices.clear();
        }
        if !page.of_document {
            heading(ui, "Site");
            campus(ui, page);
        }
        heading(ui, "Price level");
        prices(ui, page, desk);
    });
}

fn campus(ui: &mut Ui, page: &mut Page) {
    let contract = Number {
        label: "Megawatts",
        value: page.request.grid_contract_mw,
        suffix: "mw",
        least: LEAST_MW,
        most: MOST_MW,
        note: "",
    };
    if let Some(mw) = contract.show(ui, false) {
        page.request.grid_contract_mw = mw;
        page.open = None;
    }
    let places: Vec<String> = page.catalog.weather.values().map(|w| w.name.clone()).collect();
    let now = page.catalog.weather.get_index_of(&page.request.place);
    if let Some(at) = select(ui, "Place", &places, now)
        && let Some((id, _)) = page.catalog.weather.get_index(at)
    {
        page.request.place = id.clone();
    }
    energised(ui, page);
    let ids: Vec<String> =
        racks(&page.catalog).into_iter().filter(|r| r.1.is_ok()).map(|r| r.0.to_owned()).collect();
    let name = |id: &String| page.catalog.racks.get(id).map_or(id.clone(), |r| r.name.clone());
    let names: Vec<String> = ids.iter().map(name).collect();
    let now = ids.iter().position(|id| *id == page.request.rack);
    if let Some(id) = select(ui, "Racks", &names, now).and_then(|at| ids.get(at)) {
        page.request.rack.clone_from(id);
        page.request.supply_c = None;
        page.prices.clear();
        page.open = None;
    }
    let now = Scheme::ALL.iter().position(|s| *s == page.request.scheme).unwrap_or(0);
    let place = row(ui, "Redundancy");
    let builder = UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center));
    let names = Scheme::ALL.map(Scheme::name);
    let chosen = ui.scope_builder(builder, |ui| segmented(ui, "Redundancy", &names, now)).inner;
    if let Some(scheme) = chosen.and_then(|i| Scheme::ALL.get(i)) {
        page.request.scheme = *scheme;
        page.open = None;
    }
}

/// The month of the first megawatts, as a date; the project starts today.
fn energised(ui: &mut Ui, page: &mut Page) {
    let Some(start) = page.request.date.get(..7).and_then(Month::parse) else { return };
    let place = row(ui, "Energised");
    let months = page.request.first_months.unwrap_or_else(|| {
        let rule = page.catalog.costs.get("design-first-phase-months");
        rule.and_then(|c| c.value.get()).unwrap_or(0.0)
    });
    let shown = Month::near(start.number() + months).to_string();
    let id = Id::unique("challenge-date");
    let wrong = id.with("wrong");
    let said = ui.data(|d| d.get_temp::<bool>(wrong)).unwrap_or(false);
    let look = if said { FieldLook::Wrong } else { FieldLook::Rest };
    let field =
        Field { id, name: "Energised", shown: &shown, edited: &shown, unit: "year-month", look };
    let Some(text) = field.show(ui, place).committed else { return };
    let month = Month::parse(text.trim()).map(|m| m.number() - start.number());
    match month.filter(|m| *m >= 0.0) {
        Some(months) => {
            page.request.first_months = Some(months);
            ui.data_mut(|d| d.remove::<bool>(wrong));
        }
        // A date in the past is no energisation of a new site.
        None => {
            ui.data_mut(|d| d.insert_temp(wrong, true));
        }
    }
}

fn prices(ui: &mut Ui, page: &mut Page, desk: &Desk) {
    let theme = Theme::of(ui.ctx());
    let found = desk.answer().and_then(|a| a.break_even.as_ref());
    let mark = found.and_then(|f| f.as_ref().ok()).and_then(|b| b.level_ratio);
    let (place, _) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let words = format!("{} list price", format::ratio(page.level));
    Text::new(&words, TextRole::Headline, theme.color(Token::Text1)).paint(ui.painter(), place);
    if let Some(level) = level::slider(ui, page.level, mark) {
        page.level = level;
    }
    heading(ui, "List prices, $ per M output tokens");
    let Some(stand) = desk.stand() else { return };
    for tier in &stand.site.terms.tiers {
        let Some(at_level) = tier.demand.first().and_then(|s| s.price_usd_per_mtok) else {
            continue;
        };
        let given = page.prices.iter().find(|(id, _)| *id == tier.id).map(|p| p.1);
        let listed = given.unwrap_or(at_level / page.level);
        let listed = crate::gui::components::entry::tidy(listed);
        let number = Number {
            label: &tier.name,
            value: listed,
            suffix: "usd_per_mtok",
            least: 0.0,
            most: DEAREST,
            note: "",
        };
        if let Some(usd) = number.show(ui, false) {
            page.prices.retain(|(id, _)| *id != tier.id);
            page.prices.push((tier.id.clone(), usd));
            page.prices.sort_by(|a, b| a.0.cmp(&b.0));
        }
    }
}

/// A row with its label; returns the room of the input.
fn row(ui: &mut Ui, label: &str) -> Rect {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    let at = rect.with_max_x(rect.left() + LABEL - 6.0);
    Text::new(label, TextRole::Body, grey).paint(ui.painter(), at);
    let middle = rect.center().y;
    Rect::from_min_max(
        pos2(rect.left() + LABEL, middle - FIELD / 2.0),
        pos2(rect.right(), middle + FIELD / 2.0),
    )
}

fn select(ui: &mut Ui, label: &str, options: &[String], selected: Option<usize>) -> Option<usize> {
    let rect = row(ui, label);
    let id = Id::unique(("challenge", label));
    Select { id, name: label, options, selected, placeholder: "choose", dot: None }.show(ui, rect)
}
