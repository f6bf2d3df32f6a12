//! The page of cooling: a loop over the year of the site's place or of a file, its PUE hour by
//! hour at several set points, what each of them costs, and where the site stands.

mod hours;

use super::inspector::climate;
use crate::cooling::loops::{LoopReport, SetPoint};
use crate::diag::Diagnostic;
use crate::editor::WeatherFile;
use crate::gui::action::{Action, Actions, Edit, File, Tab, View};
use crate::gui::canvas::paint::{bounds, paint as paint_shapes, with_measure};
use crate::gui::components::button::{Button, Look, PADDING};
use crate::gui::components::card::{HEADER, body, header, plate};
use crate::gui::components::chip;
use crate::gui::components::conclusion::{Conclusion, ConclusionTone, conclusion};
use crate::gui::components::empty::empty;
use crate::gui::components::menu;
use crate::gui::components::paint::{self, Text};
use crate::gui::components::row;
use crate::gui::components::table::{self, Column, Layout as Columns, Width};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::report::cooling::year;
use crate::scene::chart::draw_year;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Site;
use crate::study::cooling::{Loops, Weather, loops};
use crate::units::Celsius;
use crate::units::format::{self, System};
use eframe::egui::{
    Align, Layout, Popup, Rangef, Rect, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};
use std::sync::Arc;

/// What the page remembers between frames.
#[derive(Default)]
pub struct CoolingState {
    /// Id of the loop that is shown; the first one where it is gone.
    pub shown: Option<String>,
    /// The weather of a file, in place of the site's own.
    weather: Option<WeatherFile>,
    hours: hours::Hours,
    kept: Option<Kept>,
}

impl CoolingState {
    /// Shows the year of a file, hour by hour.
    pub fn take(&mut self, file: WeatherFile) {
        (self.weather, self.kept) = (Some(file), None);
        self.hours = hours::Hours::ByMonth;
    }

    /// Shows the site's own weather again, as another site does from the start.
    pub fn leave_file(&mut self) {
        (self.weather, self.kept) = (None, None);
        self.hours = hours::Hours::Sorted;
    }
}

/// The newest assessment with the site that it is of.
struct Kept {
    site: Site,
    found: Arc<Result<Loops, String>>,
}

const GAP: f32 = size::CARD_GAP;
/// Width from which the cards stand in two columns, and that of the right one.
const TWO_COLUMNS: f32 = 980.0;
const RIGHT: f32 = 452.0;
/// Least height of a chart.
const CHART: f32 = 250.0;
/// Heights of the cards at the right.
const PLACE: f32 = 136.0;
const ROW: f32 = 27.0;

const COLUMNS: [Column; 7] = [
    Column::left("Set point", Width::Flex(1.0, 70.0)),
    Column::right("Short, h", Width::Fixed(58.0)),
    Column::right("PUE mean", Width::Fixed(62.0)),
    Column::right("worst", Width::Fixed(50.0)),
    Column::right("extreme", Width::Fixed(54.0)),
    Column::right("kWh/kW", Width::Fixed(52.0)),
    Column::right("", Width::Fixed(56.0)),
];

const LOOPS: [Column; 5] = [
    Column::left("Loop", Width::Flex(1.0, 90.0)),
    Column::right("Heat, MW", Width::Fixed(70.0)),
    Column::right("Short, h", Width::Fixed(64.0)),
    Column::right("PUE mean", Width::Fixed(72.0)),
    Column::right("worst", Width::Fixed(60.0)),
];

/// A temperature in the units of the window, without needless decimals.
fn degrees(c: f64, system: System) -> String {
    let text = format::temperature(Celsius::c(c), system);
    text.replace(".0 ", " ")
}

/// The loops of a site over their year, made anew where the site is another one.
fn assessed(cx: &Context<'_>, state: &mut CoolingState) -> Arc<Result<Loops, String>> {
    if let Some(kept) = state.kept.as_ref().filter(|k| k.site.is_same(cx.site)) {
        return Arc::clone(&kept.found);
    }
    let climate = state.weather.as_ref().map(|file| file.climate.clone());
    let weather = Weather { climate, ..Weather::default() };
    let (found, report) = loops(cx.site, cx.catalog, &weather);
    let why = || report.items.first().map_or_else(String::new, |d| d.message.clone());
    let found = Arc::new(found.filter(|f| !f.loops.is_empty()).ok_or_else(why));
    state.kept = Some(Kept { site: cx.site.clone(), found: Arc::clone(&found) });
    found
}

/// Index of the loop that is shown: the one that was chosen, else the one that is selected.
fn shown(cx: &Context<'_>, found: &Loops, state: &CoolingState) -> usize {
    let selected = cx.selection.iter().find(|e| e.kind == Kind::Loop).map(|e| &e.id);
    let wanted = state.shown.as_ref().or(selected);
    let at = found.loops.iter().position(|l| wanted == Some(&l.id));
    at.unwrap_or(0)
}

/// The choices of a loop and of the weather, at the end of the tabs.
pub fn controls(ui: &mut Ui, cx: &Context<'_>, state: &mut CoolingState, actions: &mut Actions) {
    weather_choice(ui, state, actions);
    let found = assessed(cx, state);
    let Ok(found) = found.as_ref() else { return };
    let Some(current) = found.loops.get(shown(cx, found, state)) else { return };
    let response = chip::chip(ui, &current.name, "Cooling loop", true);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(180.0);
        for l in &found.loops {
            if menu::option(ui, &l.name, l.id == current.id).clicked() {
                state.shown = Some(l.id.clone());
            }
        }
    });
}

/// Whose weather the page shows.
fn weather_choice(ui: &mut Ui, state: &mut CoolingState, actions: &mut Actions) {
    let of_file = state.weather.as_ref().map(|file| file.climate.source.clone());
    let words = of_file.clone().unwrap_or_else(|| "Own weather".to_owned());
    let response = chip::chip(ui, &words, &format!("Weather: {words}"), true);
    Popup::menu(&response).show(|ui| {
        ui.set_min_width(180.0);
        if menu::option(ui, "Weather of the site", of_file.is_none()).clicked() {
            state.leave_file();
        }
        if let Some(name) = &of_file {
            menu::option(ui, name, true);
        }
        menu::divider(ui);
        if menu::option(ui, "Weather file...", false).clicked() {
            actions.push(Action::File(File::Weather));
        }
    });
}

/// Shows the page in what is left of `ui`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, state: &mut CoolingState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, theme.color(Token::App));
    ui.spacing_mut().item_spacing.y = 0.0;
    let found = assessed(cx, state);
    let found = match found.as_ref() {
        Ok(found) => found,
        Err(why) => return nothing(ui, why, actions),
    };
    let at = shown(cx, found, state);
    let Some(one) = found.loops.get(at) else { return };
    conclusion(ui, &conclude(found, one, measure::system(ui.ctx())));
    ScrollArea::vertical().id_salt("cooling").auto_shrink(false).show(ui, |ui| {
        let room = ui.available_rect_before_wrap().shrink2(vec2(GAP, 0.0));
        let cards = Cards::of(room, ui.available_height(), (one, found.loops.len()));
        ui.allocate_exact_size(vec2(room.width(), cards.height), Sense::hover());
        let all = [cards.year, cards.hours, cards.points, cards.place, cards.machines];
        all.into_iter().for_each(|rect| plate(ui, rect));
        let notes = state.weather.as_ref().map_or(&[][..], |file| &file.report.items);
        year_card(ui, (found, at), cards.year, notes);
        hours::show(ui, (found, at), cards.hours, (&mut state.hours, actions));
        points_card(ui, one, cards.points, actions);
        place_card(ui, (cx, state.weather.is_some()), cards.place, actions);
        machines_card(ui, (found, one), cards.machines, actions);
        if let Some(rect) = cards.loops
            && let Some(id) = loops_card(ui, (found, at), rect)
        {
            state.shown = Some(id);
        }
    });
}

/// What stands in place of the page where no loop can be assessed.
fn nothing(ui: &mut Ui, why: &str, actions: &mut Actions) {
    if empty(ui, "No cooling to show", why, Some("Show the site")) {
        actions.push(Action::View(View::Tab(Tab::SitePlan)));
        actions.push(Action::View(View::Select(vec![Element::new(Kind::Site, "")])));
    }
}

/// Where the cards stand.
struct Cards {
    year: Rect,
    hours: Rect,
    points: Rect,
    place: Rect,
    machines: Rect,
    /// All loops, where there are several.
    loops: Option<Rect>,
    height: f32,
}

impl Cards {
    fn of(room: Rect, view: f32, (one, loops): (&LoopReport, usize)) -> Self {
        let points = HEADER + 34.0 + ROW * one.set_points.len() as f32 + 12.0;
        let extreme = if one.design.is_some() { 2.0 } else { 0.0 };
        let machines = HEADER + 16.0 + 23.0 * (6.0 + extreme) + 40.0;
        let least = if loops > 1 { HEADER + 34.0 + size::TABLE_ROW * 3.0 + GAP } else { 0.0 };
        let right = points + PLACE + machines + least + 4.0 * GAP;
        let two = room.width() >= TWO_COLUMNS;
        let left = if two { room.width() - RIGHT - GAP } else { room.width() };
        let charts = if two { view.max(right) - 3.0 * GAP } else { 2.0 * CHART };
        let chart = (charts / 2.0).max(CHART);
        let top = room.top() + GAP;
        let at = |x, y, w, h| Rect::from_min_size(pos2(x, y), vec2(w, h));
        let year = at(room.left(), top, left, chart);
        let hours = at(room.left(), year.bottom() + GAP, left, chart);
        let (x, y, wide) = match two {
            true => (year.right() + GAP, top, RIGHT),
            false => (room.left(), hours.bottom() + GAP, left),
        };
        let points = at(x, y, wide, points);
        let place = at(x, points.bottom() + GAP, wide, PLACE);
        let last = place.bottom() + GAP;
        let rest = if two { (hours.bottom() - last).max(machines) } else { machines };
        let machines = at(x, last, wide, if loops > 1 { machines } else { rest });
        let below = machines.bottom() + GAP;
        let whole = HEADER + 38.0 + size::TABLE_ROW * loops as f32;
        let tall = if two { hours.bottom() - below } else { whole };
        let loops = (loops > 1).then(|| at(x, below, wide, tall));
        let end = loops.map_or(machines.bottom(), |l| l.bottom());
        let height = end.max(hours.bottom()) + GAP - room.top();
        Self { year, hours, points, place, machines, loops, height }
    }
}

/// The year of a loop in a sentence, with what it leaves open.
fn conclude(found: &Loops, one: &LoopReport, system: System) -> Conclusion {
    let supply = degrees(one.supply_c, system);
    let hours = format::count(one.year.hours_short);
    let what = if one.has_chiller { "on chillers" } else { "short of the set point" };
    let sentence = match one.year.hours_short {
        h if h < 0.5 => format!("{supply} water needs no chiller in a typical year"),
        _ => format!("{hours} h a year {what} at {supply}"),
    };
    let pue = |v: f64| format::fixed(v, 3);
    let extreme = one.year.pue_design.map(|v| format!(", {} at the extreme", pue(v)));
    let detail = format!(
        "PUE {} mean, {} worst hour{}",
        pue(one.year.pue_mean),
        pue(one.year.pue_worst),
        extreme.unwrap_or_default()
    );
    let caveat = match (&one.design, found.extreme_c) {
        (Some(d), _) if d.short_mw > 1e-6 => {
            format!("{} short at the extreme", format::with_unit(d.short_mw, 1, "MW"))
        }
        (None, _) | (_, None) => "design extreme unknown".to_owned(),
        _ => format!("year of {}", found.weather),
    };
    let short = one.design.is_some_and(|d| d.short_mw > 1e-6) || one.year.stranded_frac > 0.0;
    let tone = match (short, found.extreme_c) {
        (true, _) => ConclusionTone::Bad,
        (false, None) => ConclusionTone::Neutral,
        (false, Some(_)) => ConclusionTone::Good,
    };
    Conclusion { sentence, detail, caveat, tone }
}

/// Whose year it is, with what was noticed in its file.
fn weather_words(found: &Loops, notes: &[Diagnostic]) -> String {
    let notes = notes.iter().map(|note| format!("; {}", note.message));
    std::iter::once(found.weather.clone()).chain(notes).collect()
}

fn year_card(ui: &mut Ui, (found, at): (&Loops, usize), rect: Rect, notes: &[Diagnostic]) {
    let system = measure::system(ui.ctx());
    header(ui, rect, "Hours of the year by outdoor temperature", &weather_words(found, notes));
    let drawn = year(found, at).within(system);
    let spoken = format!(
        "Hours of the year and PUE by outdoor temperature, warmest hour {}, design extreme {}",
        degrees(found.warmest_c, system),
        format::known(found.extreme_c, |c| degrees(c, system))
    );
    chart(ui, rect, &spoken, |room, measure| draw_year(&drawn, room, measure));
}

fn chart(
    ui: &mut Ui,
    rect: Rect,
    spoken: &str,
    draw: impl FnOnce(
        crate::scene::geom::Bounds,
        &mut crate::scene::shape::Measure,
    ) -> Vec<crate::scene::shape::Shape>,
) {
    let theme = Theme::of(ui.ctx());
    let canvas = Rect::from_min_max(rect.min + vec2(1.0, HEADER + 1.0), rect.max - vec2(1.0, 1.0));
    ui.painter().rect_filled(canvas, paint::corner(5.0), theme.color(Token::Canvas));
    let room = body(rect);
    let response = ui.interact(room, ui.scope_id().with(("chart", spoken)), Sense::hover());
    let painter = ui.painter_at(rect);
    let shapes = with_measure(&painter, |measure| draw(bounds(room), measure));
    paint_shapes(&painter, &shapes, theme);
    let spoken = spoken.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
}

/// A card's body as a layout from the top.
fn within(ui: &mut Ui, rect: Rect, content: impl FnOnce(&mut Ui)) {
    let builder = UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

/// Set points beside each other, each with what it costs.
fn points_card(ui: &mut Ui, one: &LoopReport, rect: Rect, actions: &mut Actions) {
    header(ui, rect, "Set points", "chillers in kWh a year for each kW of IT");
    within(ui, body(rect), |ui| {
        let layout = Columns::new(&COLUMNS, Rangef::new(rect.left() + 4.0, rect.right() - 4.0));
        layout.header(ui);
        for point in &one.set_points {
            point_row(ui, &layout, (one, point), actions);
        }
    });
}

fn point_row(
    ui: &mut Ui,
    layout: &Columns<'_>,
    (one, point): (&LoopReport, &SetPoint),
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let system = measure::system(ui.ctx());
    let own = point.supply_c == one.supply_c;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let supply = degrees(point.supply_c, system);
    let pue = |v: f64| format::fixed(v, 3);
    let cells = [
        supply.clone(),
        format::count(point.hours_short),
        pue(point.pue_mean),
        pue(point.pue_worst),
        format::or_dash(point.pue_design, pue),
        format::fixed(point.chiller_kwh_per_kw, 1),
    ];
    let role = if own { TextRole::BodyStrong } else { TextRole::Body };
    for (column, text) in cells.iter().enumerate() {
        let text = Text::new(text, role, theme.color(Token::Text1));
        layout.text(ui.painter(), column, rect, text);
    }
    let line = theme.color(Token::Line);
    paint::hairline(ui.painter(), rect.left(), rect.right(), rect.bottom() - 0.5, line);
    let last = layout.cell(6, rect);
    if own {
        // Where the word of the button stands in the other rows.
        let text = Text::new("in use", TextRole::Small, theme.color(Token::Text3)).right();
        text.paint(ui.painter(), last.with_max_x(last.right() - PADDING));
    } else {
        let name = format!("Use {supply}");
        let builder = UiBuilder::new().max_rect(last).layout(Layout::right_to_left(Align::Center));
        let button = Button::new("Use").look(Look::Ghost).height(22.0).name(&name);
        if ui.scope_builder(builder, |ui| button.show(ui).clicked()).inner {
            let path = format!("loops.{}.supply_c", one.id);
            let label = format!("Set coolant supply of {} to {supply}", one.name);
            actions.push(Edit::set(path, format!("{}", point.supply_c), label));
        }
    }
    let spoken = format!(
        "Set point {supply}: {} h short, PUE {} mean, {} worst hour",
        cells[1], cells[2], cells[3]
    );
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, own, &spoken));
}

fn place_card(ui: &mut Ui, (cx, filed): (&Context<'_>, bool), rect: Rect, actions: &mut Actions) {
    let inner =
        Rect::from_min_max(pos2(rect.left() + 12.0, rect.top() + 6.0), rect.max - vec2(12.0, 8.0));
    let note = if filed { climate::SET_ASIDE } else { climate::IN_FORCE };
    within(ui, inner, |ui| climate::rows(ui, cx, (note, true), actions));
}

/// What the loop has to carry and what its machines can, with one of them out.
fn machines_card(
    ui: &mut Ui,
    (found, one): (&Loops, &LoopReport),
    rect: Rect,
    actions: &mut Actions,
) {
    header(ui, rect, &one.name, &found.duty_words());
    within(ui, body(rect), |ui| {
        let system = measure::system(ui.ctx());
        let mw = |v: f64| format::with_unit(v, 1, "MW");
        let heat = one.duty.liquid_mw + one.duty.air_mw;
        row::computed(ui, "Heat of the racks", &mw(heat), "computed");
        row::computed(ui, "CDUs, one out", &mw(one.cdu_reserve.one_out_mw), "computed");
        row::computed(ui, "Coolers, one out", &mw(one.rejection_reserve.one_out_mw), "computed");
        let back = format::known(one.return_c, |c| degrees(c, system));
        row::computed(ui, "Back from racks", &back, "computed");
        let flow = format::amount_in(one.duty.flow_lpm, "L/min", system);
        row::computed(ui, "Flow asked for", &flow, "computed");
        let water = format::amount_in(one.year.water_m3, "m³", system);
        row::computed(ui, "Water a year", &water, "computed");
        if let Some(d) = &one.design {
            row::computed(ui, "Air, extreme", &degrees(d.air_c, system), "computed");
            let short = if d.short_mw > 1e-6 { mw(d.short_mw) } else { "none".to_owned() };
            row::computed(ui, "Heat left then", &short, "computed");
        }
        ui.add_space(6.0);
        if Button::new("Show the loop").name("Show the loop on the plan").show(ui).clicked() {
            let element = Element::new(Kind::Loop, &one.id);
            actions.push(Action::View(View::Tab(Tab::SitePlan)));
            actions.push(Action::View(View::Jump(element)));
        }
    });
}

/// Every loop of the site with what its year comes to; the id of one that was clicked.
fn loops_card(ui: &mut Ui, (found, at): (&Loops, usize), rect: Rect) -> Option<String> {
    plate(ui, rect);
    header(ui, rect, "Loops of the site", "each at its own set point");
    let mut clicked = None;
    let inner = Rect::from_min_max(rect.min + vec2(1.0, HEADER + 2.0), rect.max - vec2(1.0, 2.0));
    within(ui, inner, |ui| {
        let rows: Vec<usize> = (0..found.loops.len()).collect();
        table::scrolled(ui, "cooling loops", &LOOPS, &rows, |ui, layout, index| {
            let Some(one) = found.loops.get(*index) else { return };
            let cells = [
                format::fixed(one.duty.liquid_mw + one.duty.air_mw, 1),
                format::count(one.year.hours_short),
                format::fixed(one.year.pue_mean, 3),
                format::fixed(one.year.pue_worst, 3),
            ];
            let spoken = format!(
                "{}: {} MW of heat, {} h short, PUE {} mean, {} worst hour",
                one.name, cells[0], cells[1], cells[2], cells[3]
            );
            let row = table::Row::show(ui, &spoken, *index == at);
            let theme = Theme::of(ui.ctx());
            let name = Text::new(&one.name, TextRole::Body, row.color(theme, Token::Text1));
            layout.text(ui.painter(), 0, row.rect, name);
            for (column, text) in cells.iter().enumerate() {
                let text = Text::new(text, TextRole::Body, row.color(theme, Token::Text2));
                layout.text(ui.painter(), column + 1, row.rect, text);
            }
            if row.response.clicked() {
                clicked = Some(one.id.clone());
            }
        });
    });
    clicked
}
