//! The answers, a step at a time.

use super::Page;
use super::desk::{Desk, Made};
use super::steps::Step;
use crate::catalog::{Catalog, Fact};
use crate::diag::Severity;
use crate::gui::components::form::{Number, choice, fact, heading, switch, words};
use crate::gui::components::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::template::{Fit, Holding, LEAST_MW, MOST_MW, Offer, Request, Scheme, racks};
use crate::units::format::{self, plain, power};
use crate::units::{Celsius, Power, TokenPrice};
use eframe::egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

/// Defaults that are named on the first step; the last lists all.
const FIRST_DEFAULTS: usize = 5;
/// Warmest coolant that can be asked for, and the coldest, degrees Celsius.
const SUPPLY_C: (f64, f64) = (5.0, 60.0);
/// Dearest energy that can be typed, $/MWh, and most standby power over the contract.
const MOST_USD_PER_MWH: f64 = 1e4;
const MOST_STANDBY: f64 = 2.0;

pub(super) fn show(ui: &mut Ui, page: &mut Page, desk: &Desk) {
    ui.spacing_mut().item_spacing.y = 0.0;
    match page.step {
        Step::Size => first(ui, page, desk),
        Step::Grid => grid(ui, page, desk.made()),
        Step::Halls => halls(ui, page, desk.made()),
        Step::Tiers => tiers(ui, page, desk.offers(&page.request.rack)),
        Step::Check => check(ui, page, desk.made()),
    }
}

fn first(ui: &mut Ui, page: &mut Page, desk: &Desk) {
    heading(ui, "Start from");
    starts(ui, page);
    heading(ui, "Size and place");
    let contract = Number {
        label: "Grid contract",
        value: page.request.grid_contract_mw,
        suffix: "mw",
        least: LEAST_MW,
        most: MOST_MW,
        note: "at the meter, worst hour; 20 to 1,000 MW",
    };
    let keyboard = std::mem::take(&mut page.fresh);
    if let Some(mw) = contract.show(ui, keyboard) {
        page.request.grid_contract_mw = mw;
    }
    place(ui, page);
    rack(ui, page);
    energy(ui, page);
    heading(ui, "Used until you change it");
    let list = desk.made().map(|m| m.assumptions.as_slice()).unwrap_or_default();
    for a in list.iter().take(FIRST_DEFAULTS) {
        fact(ui, &a.what, &a.value, &a.source);
    }
    let more = list.len().saturating_sub(FIRST_DEFAULTS);
    if more > 0 {
        fact(ui, &format!("and {more} more"), "listed under Check", "");
    }
}

/// A size and a rack type to start from.
struct Start {
    name: &'static str,
    icon: Icon,
    mw: f64,
    rack: &'static str,
}

const STARTS: [Start; 4] = [
    Start { name: "1 GW campus, Rubin", icon: Icon::Hall, mw: 1000.0, rack: "vr-nvl72" },
    Start { name: "1 GW campus, Blackwell", icon: Icon::Hall, mw: 1000.0, rack: "gb300-nvl72" },
    Start { name: "100 MW hall", icon: Icon::Row, mw: 100.0, rack: "vr-nvl72" },
    Start { name: "20 MW pilot", icon: Icon::Rack, mw: 20.0, rack: "gb300-nvl72" },
];

fn starts(ui: &mut Ui, page: &mut Page) {
    let width = (ui.available_width() - size::CARD_GAP) / 2.0;
    let known: Vec<&Start> =
        STARTS.iter().filter(|s| page.catalog.racks.contains_key(s.rack)).collect();
    for pair in known.chunks(2) {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = size::CARD_GAP;
            for start in pair {
                let rack = page.catalog.racks.get(start.rack).map_or("", |r| r.name.as_str());
                let what = format!("{} MW, {rack}", plain(start.mw));
                let request = &page.request;
                let on = request.grid_contract_mw == start.mw && request.rack == start.rack;
                if card(ui, (start, &what), (width, on)) {
                    page.request.grid_contract_mw = start.mw;
                    page.request.rack = start.rack.to_owned();
                    page.request.tiers.clear();
                    page.request.supply_c = None;
                }
            }
        });
        ui.add_space(4.0);
    }
}

fn card(ui: &mut Ui, (start, what): (&Start, &str), (width, on): (f32, bool)) -> bool {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(width, 58.0), Sense::click());
    let painter = ui.painter();
    let hot = response.hovered();
    let (fill, edge) = match (on, hot) {
        (true, _) => (Token::AccentBg, Token::Accent),
        (false, true) => (Token::Raised, Token::Line2),
        (false, false) => (Token::Panel, Token::Line),
    };
    let edge = Stroke::new(1.0, theme.color(edge));
    paint::plate(painter, rect, size::RADIUS_CARD, theme.color(fill), edge);
    if response.has_focus() {
        paint::focus_ring(painter, rect, size::RADIUS_CARD, theme);
    }
    let plate = Rect::from_center_size(pos2(rect.left() + 30.0, rect.center().y), vec2(32.0, 32.0));
    let raised = theme.color(Token::Raised);
    paint::plate(painter, plate, size::RADIUS_CARD, raised, Stroke::NONE);
    start.icon.paint(painter, plate.center(), theme.color(Token::Text2));
    let line = |top: f32| {
        Rect::from_min_max(
            pos2(rect.left() + 58.0, rect.top() + top),
            pos2(rect.right() - 8.0, rect.top() + top + 18.0),
        )
    };
    Text::new(start.name, TextRole::BodyStrong, theme.color(Token::Text1))
        .paint(painter, line(11.0));
    Text::new(what, TextRole::Small, theme.color(Token::Text2)).paint(painter, line(30.0));
    let spoken = format!("{}: {what}", start.name);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, on, &spoken));
    response.clicked() && !on
}

fn place(ui: &mut Ui, page: &mut Page) {
    let places: Vec<String> = page.catalog.weather.values().map(|w| w.name.clone()).collect();
    let now = page.catalog.weather.get_index_of(&page.request.place);
    let weather = page.catalog.weather.get(&page.request.place);
    let system = crate::gui::measure::system(ui.ctx());
    let warmest = weather.and_then(|w| w.warmest_c.get());
    let note = warmest.map_or_else(String::new, |c| {
        format!("warmest hour {}", format::temperature(Celsius::c(c), system))
    });
    if let Some(at) = choice(ui, "Weather", &places, now, &note)
        && let Some((id, _)) = page.catalog.weather.get_index(at)
    {
        page.request.place = id.clone();
    }
}

fn rack(ui: &mut Ui, page: &mut Page) {
    let ids: Vec<String> =
        racks(&page.catalog).into_iter().filter(|r| r.1.is_ok()).map(|r| r.0.to_owned()).collect();
    let name = |id: &String| page.catalog.racks.get(id).map_or(id.clone(), |r| r.name.clone());
    let names: Vec<String> = ids.iter().map(name).collect();
    let now = ids.iter().position(|id| *id == page.request.rack);
    let cap = page.catalog.racks.get(&page.request.rack).and_then(|r| r.caps.first());
    let note = cap.and_then(|c| Some(format!("{} kW, {}", plain(c.kw.get()?), c.name)));
    let without = page.catalog.racks.len() - ids.len();
    let note = format!("{}; {without} types lack figures", note.unwrap_or_default());
    if let Some(id) = choice(ui, "Racks", &names, now, &note).and_then(|at| ids.get(at)) {
        page.request.rack.clone_from(id);
        page.request.tiers.clear();
        page.request.supply_c = None;
    }
}

fn energy(ui: &mut Ui, page: &mut Page) {
    let tariff = page.catalog.tariffs.get(&page.request.tariff);
    let fact = tariff.map(|t| &t.energy_usd_per_mwh);
    let listed = fact.and_then(Fact::get).unwrap_or(0.0);
    let range = fact.and_then(|f| f.range);
    let range = range.map(|(a, b)| format!("; range {} to {}", plain(a), plain(b)));
    let name = tariff.map_or("", |t| t.name.as_str());
    let note = format!("{name}{}", range.unwrap_or_default());
    let price = Number {
        label: "Energy price",
        value: page.request.energy_usd_per_mwh.unwrap_or(listed),
        suffix: "usd_per_mwh",
        least: 0.0,
        most: MOST_USD_PER_MWH,
        note: &note,
    };
    if let Some(usd) = price.show(ui, false) {
        page.request.energy_usd_per_mwh = (usd != listed).then_some(usd);
    }
}

fn grid(ui: &mut Ui, page: &mut Page, made: Option<&Made>) {
    heading(ui, "Redundancy");
    let names = Scheme::ALL.map(Scheme::name);
    let now = Scheme::ALL.iter().position(|s| *s == page.request.scheme).unwrap_or(0);
    let about = page.request.scheme.about();
    if let Some(scheme) =
        switch(ui, "Power path", &names, now, about).and_then(|i| Scheme::ALL.get(i))
    {
        page.request.scheme = *scheme;
    }
    heading(ui, "Tariff");
    let tariffs: Vec<String> = page.catalog.tariffs.values().map(|t| t.name.clone()).collect();
    let now = page.catalog.tariffs.get_index_of(&page.request.tariff);
    if let Some(at) = choice(ui, "Tariff", &tariffs, now, "")
        && let Some((id, _)) = page.catalog.tariffs.get_index(at)
    {
        page.request.tariff = id.clone();
        page.request.energy_usd_per_mwh = None;
    }
    energy(ui, page);
    heading(ui, "Standby");
    let most = MOST_STANDBY * page.request.grid_contract_mw;
    let standby =
        |label, value, note| Number { label, value, suffix: "mw", least: 0.0, most, note };
    let sets = standby("Generators", page.request.generators_mw, "carry no load; 0 for none");
    if let Some(mw) = sets.show(ui, false) {
        page.request.generators_mw = mw;
    }
    let cells = standby("Battery", page.request.battery_mw, "power of the storage; 0 for none");
    if let Some(mw) = cells.show(ui, false) {
        page.request.battery_mw = mw;
    }
    let Some(made) = made else { return };
    heading(ui, "What follows");
    let layout = &made.campus.layout;
    for feed in &layout.feeds {
        let mw = |mw: f64| power(Power::mw(mw));
        let firm = feed.firm_mw.map(|firm| format!(", {} firm", mw(firm)));
        let value = format!("{}{}", format::known(feed.capacity_mw, mw), firm.unwrap_or_default());
        fact(
            ui,
            &feed.name,
            &value,
            "current of one circuit, lowest voltage that carries the contract",
        );
    }
    for sub in layout.nodes.iter().filter(|n| n.id.starts_with("sub-")) {
        let sources = layout.nodes.iter().filter(|n| sub.from.contains(&n.id));
        let each: Vec<f64> = sources.filter_map(|n| n.capacity_mw).collect();
        let all: f64 = each.iter().sum();
        let largest = each.iter().copied().fold(0.0, f64::max);
        let mw = |mw: f64| power(Power::mw(mw));
        let plural = if sub.from.len() == 1 { "" } else { "s" };
        let value = format!("{} transformer{plural}, {}", sub.from.len(), mw(all));
        let firm = format!("{} after the loss of one", mw(all - largest));
        fact(ui, &sub.name, &value, &firm);
    }
}

fn halls(ui: &mut Ui, page: &mut Page, made: Option<&Made>) {
    heading(ui, "Racks");
    rack(ui, page);
    let planned = usize::from(page.request.holding == Holding::Planned);
    let about = ["racks stand on the first day", "the plan buys what pays"][planned];
    if let Some(i) = switch(ui, "Racks are", &["Installed", "Planned"], planned, about) {
        page.request.holding = if i == 1 { Holding::Planned } else { Holding::Installed };
    }
    let beyond = usize::from(page.request.fit == Fit::Beyond);
    let about =
        ["whole units that the contract feeds at once", "the contract binds in the worst hour"];
    if let Some(i) =
        switch(ui, "Fill", &["Within contract", "One unit more"], beyond, about[beyond])
    {
        page.request.fit = if i == 1 { Fit::Beyond } else { Fit::Within };
    }
    heading(ui, "Cooling");
    let record = page.catalog.racks.get(&page.request.rack);
    let warmest = record.and_then(|r| r.coolant_supply_max_c.get()).unwrap_or(SUPPLY_C.1);
    let system = crate::gui::measure::system(ui.ctx());
    let most = format::temperature(Celsius::c(warmest), system);
    let note = format!("warmest that the racks accept: {most}");
    let supply = Number {
        label: "Coolant supply",
        value: page.request.supply_c.unwrap_or(warmest),
        suffix: "c",
        least: SUPPLY_C.0,
        most: warmest,
        note: &note,
    };
    if let Some(c) = supply.show(ui, false) {
        page.request.supply_c = (c != warmest).then_some(c);
    }
    let Some(made) = made else { return };
    heading(ui, "What follows");
    let size = &made.campus.size;
    let units = format::count(f64::from(size.units));
    let each = size.worst_hour_mw / f64::from(size.units.max(1));
    fact(
        ui,
        "Scalable units",
        &units,
        &format!("{each:.3} MW each at the meter in the worst hour"),
    );
    let rows =
        format!("two wings of {} rows, {} units a row", size.rows_per_wing, size.units_per_row);
    fact(ui, "Halls", &size.halls_in_words(), &rows);
    for phase in &made.campus.layout.phases {
        fact(ui, &phase.name, &format!("month {}", phase.month), "after the start of the project");
    }
}

fn tiers(ui: &mut Ui, page: &mut Page, offers: Option<&[Offer]>) {
    heading(ui, "What is sold");
    let Some(offers) = offers else {
        return fact(ui, "Tiers", "computing", "");
    };
    let served = |o: &&Offer| o.served.is_ok();
    let all: Vec<String> = offers.iter().filter(served).map(|o| o.template.clone()).collect();
    let chosen: Vec<String> = match page.request.tiers.is_empty() {
        true => all.clone(),
        false => page.request.tiers.clone(),
    };
    for offer in offers {
        let on = chosen.contains(&offer.template);
        let Some(wanted) = tier(ui, &page.catalog, offer, on) else { continue };
        let mut next: Vec<String> = all
            .iter()
            .filter(|id| chosen.contains(id) && **id != offer.template)
            .cloned()
            .collect();
        if wanted {
            next = all
                .iter()
                .filter(|id| **id == offer.template || chosen.contains(id))
                .cloned()
                .collect();
        }
        // Something must be sold; all of them is what an empty list means.
        if !next.is_empty() {
            page.request.tiers = if next == all { Vec::new() } else { next };
        }
    }
    heading(ui, "Energy");
    energy(ui, page);
}

/// One tier with a box to tick; what it should be, where that was changed.
fn tier(ui: &mut Ui, catalog: &Catalog, offer: &Offer, on: bool) -> Option<bool> {
    let theme = Theme::of(ui.ctx());
    let template = catalog.tier_templates.get(&offer.template)?;
    let can = offer.served.is_ok();
    let sense = if can { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), sense);
    let painter = ui.painter();
    let tick = Rect::from_center_size(pos2(rect.left() + 9.0, rect.center().y), vec2(16.0, 16.0));
    let (fill, edge) =
        if on && can { (Token::Accent, Token::Accent) } else { (Token::Inset, Token::Line2) };
    let edge = Stroke::new(1.0, theme.color(edge));
    paint::plate(painter, tick, size::RADIUS_INPUT, theme.color(fill), edge);
    if on && can {
        Icon::Check.paint_sized(painter, tick.center(), 12.0, theme.color(Token::OnAccent));
    }
    if response.has_focus() {
        paint::focus_ring(painter, tick, size::RADIUS_INPUT, theme);
    }
    let token = if can { Token::Text1 } else { Token::Text3 };
    let cell = |from: f32, to: f32| {
        Rect::from_min_max(
            pos2(rect.left() + from, rect.top()),
            pos2((rect.left() + to).min(rect.right()), rect.bottom()),
        )
    };
    Text::new(&offer.name, TextRole::BodyMedium, theme.color(token))
        .paint(painter, cell(28.0, 120.0));
    let price = template.price_usd_per_mtok.get();
    let price = format::known(price, |usd| format::price(TokenPrice::usd_per_mtok(usd)));
    Text::new(&price, TextRole::Body, theme.color(token)).paint(painter, cell(120.0, 210.0));
    let speed =
        template.min_tok_s_user.get().map_or_else(String::new, |s| format!("{} tok/s", plain(s)));
    Text::new(&speed, TextRole::Body, theme.color(Token::Text2)).paint(painter, cell(210.0, 300.0));
    let about = match &offer.served {
        Ok(from) => (*from).to_owned(),
        Err(why) => why.clone(),
    };
    let place = cell(300.0, f32::INFINITY);
    Text::new(&about, TextRole::Small, theme.color(Token::Text3)).paint(painter, place);
    paint::hairline(
        painter,
        rect.left(),
        rect.right(),
        rect.bottom() - 0.5,
        theme.color(Token::Line),
    );
    let spoken = format!("Sell {}, {price}, {about}", offer.name);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, can, on && can, &spoken));
    let clicked = response.clicked();
    response.on_hover_text(about);
    clicked.then_some(!on)
}

fn check(ui: &mut Ui, page: &mut Page, made: Option<&Made>) {
    heading(ui, "Site");
    let shown = made.map_or("", |m| m.campus.layout.site.name.as_str()).to_owned();
    let about = "empty for place and size";
    if let Some(name) = words(ui, "Name", (&shown, about)) {
        page.request.name = Some(name).filter(|n| !n.trim().is_empty());
    }
    let Some(made) = made else { return };
    findings(ui, made, &page.request);
    heading(ui, "Used until you change it");
    for a in &made.assumptions {
        fact(ui, &a.what, &a.value, &a.source);
    }
}

fn findings(ui: &mut Ui, made: &Made, request: &Request) {
    let items = &made.outcome.diagnostics;
    let count = |s: Severity| items.iter().filter(|d| d.severity == s).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let value = match (errors, warnings) {
        (0, 0) => "no errors, no warnings".to_owned(),
        _ => format!("{errors} errors, {warnings} warnings"),
    };
    fact(ui, "Findings", &value, "of validation and plan");
    for d in items.iter().filter(|d| d.severity != Severity::Note).take(5) {
        fact(ui, &d.code, &d.message, &d.hint);
    }
    fact(ui, "Redundancy", request.scheme.name(), request.scheme.about());
}
