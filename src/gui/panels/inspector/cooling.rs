//! A cooling loop over a year, below its fields: reserves, hours short, PUE, and the chart of
//! its hours by outdoor temperature. It must not know how they are computed.

use crate::gui::action::{Action, Actions, Tab, View};
use crate::gui::canvas::paint::{bounds, paint, with_measure};
use crate::gui::components::button::Button;
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::measure;
use crate::gui::theme::Theme;
use crate::report::cooling::year;
use crate::scene::chart::draw_year;
use crate::scene::tokens::size;
use crate::site::Site;
use crate::study::cooling::{Loops, Weather, loops};
use crate::units::Celsius;
use crate::units::format::{UNKNOWN, amount_in, fixed, known, temperature, with_unit};
use eframe::egui::{Id, Role, Sense, Ui, WidgetInfo, vec2};
use std::sync::Arc;

/// Height of the chart, points.
const CHART_PX: f32 = 190.0;

/// The newest assessment, with what it was made of: a frame reads it again.
#[derive(Clone)]
struct Kept {
    site: Site,
    id: String,
    /// The assessment, or why there is none.
    found: Arc<Result<Loops, String>>,
}

pub(super) fn rows(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let found = assessed(ui, cx, id);
    let duty = found.as_ref().as_ref().map_or_else(|_| String::new(), Loops::duty_words);
    card::section(ui, "Over a year", "", false);
    let found = match found.as_ref() {
        Ok(found) => found,
        Err(why) => return row::fact(ui, "Not assessed", why),
    };
    let Some(l) = found.loops.first() else { return };
    row::fact(ui, "Weather", &found.weather);
    let mw = |v: f64| with_unit(v, 1, "MW");
    row::fact(ui, "Duty", &duty);
    let heat = l.duty.liquid_mw + l.duty.air_mw;
    row::computed(ui, "Heat of the racks", &mw(heat), "computed");
    row::computed(ui, "CDUs, one out", &mw(l.cdu_reserve.one_out_mw), "computed");
    row::computed(ui, "Coolers, one out", &mw(l.rejection_reserve.one_out_mw), "computed");
    row::computed(ui, "Hours short", &with_unit(l.year.hours_short, 0, "h"), "computed");
    row::computed(ui, "PUE, mean", &fixed(l.year.pue_mean, 3), "computed");
    row::computed(ui, "PUE, worst hour", &fixed(l.year.pue_worst, 3), "computed");
    let extreme = l.year.pue_design.map_or_else(|| UNKNOWN.to_owned(), |v| fixed(v, 3));
    row::computed(ui, "PUE, extreme", &extreme, "computed");
    if l.machines.has_tower() {
        let water = amount_in(l.year.water_m3, "m³", measure::system(ui.ctx()));
        row::computed(ui, "Water, a year", &water, "computed");
    }
    chart(ui, found);
    ui.add_space(size::CARD_GAP);
    if Button::new("Compare set points").leading_on().show(ui).clicked() {
        actions.push(Action::View(View::Tab(Tab::Cooling)));
    }
}

fn chart(ui: &mut Ui, found: &Loops) {
    let system = measure::system(ui.ctx());
    let drawn = year(found, 0).within(system);
    if drawn.bars.is_empty() {
        return;
    }
    let theme = Theme::of(ui.ctx());
    ui.add_space(size::CARD_GAP);
    let size = vec2(ui.available_width(), CHART_PX);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let painter = ui.painter_at(rect);
    let shapes = with_measure(&painter, |measure| draw_year(&drawn, bounds(rect), measure));
    paint(&painter, &shapes, theme);
    let spoken = format!(
        "Hours of the year and PUE by outdoor temperature, warmest hour {}, design extreme {}",
        temperature(Celsius::c(found.warmest_c), system),
        known(found.extreme_c, |c| temperature(Celsius::c(c), system))
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
}

/// The assessment of a loop, made anew where the site is another one.
fn assessed(ui: &Ui, cx: &Context<'_>, id: &str) -> Arc<Result<Loops, String>> {
    let place = Id::unique("cooling over a year");
    let kept: Option<Kept> = ui.data(|data| data.get_temp(place));
    if let Some(kept) = kept.filter(|k| k.id == id && k.site.is_same(cx.site)) {
        return kept.found;
    }
    let weather = Weather { only: Some(id.to_owned()), ..Weather::default() };
    let (found, report) = loops(cx.site, cx.catalog, &weather);
    let why = || report.items.first().map_or_else(String::new, |d| d.message.clone());
    let found = Arc::new(found.filter(|f| !f.loops.is_empty()).ok_or_else(why));
    let new = Kept { site: cx.site.clone(), id: id.to_owned(), found: Arc::clone(&found) };
    ui.data_mut(|data| data.insert_temp(place, new));
    found
}
