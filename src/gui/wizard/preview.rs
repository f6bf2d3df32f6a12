//! The preview: the plan that would stand, and its figures from a solve in the background.

use super::desk::{Desk, Made};
use crate::catalog::Catalog;
use crate::gui::canvas::Still;
use crate::gui::components::card::{self, HEADER};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::plan::result::Status;
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token};
use crate::study::template::Request;
use crate::units::format;
use crate::units::{Money, Power, TokenRate};
use eframe::egui::{Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 27.0;

/// Shows the card over the room that is left.
pub fn show(ui: &mut Ui, desk: &Desk, (request, catalog): (&Request, &Catalog), still: &mut Still) {
    let theme = Theme::of(ui.ctx());
    let refusal = desk.refusal(request);
    let rows = desk.made().map(|m| rows(m, catalog)).unwrap_or_default();
    let room = ui.available_rect_before_wrap();
    let below = ROW * rows.len().max(8) as f32 + 16.0;
    let picture = (room.height() - HEADER - below).clamp(120.0, room.width() * 0.9);
    let whole = Rect::from_min_size(room.min, vec2(room.width(), HEADER + picture + below));
    card::plate(ui, whole);
    header(ui, whole, desk);
    let (top, bottom) = (whole.top() + HEADER, whole.top() + HEADER + picture);
    let place =
        Rect::from_min_max(pos2(whole.left() + 1.0, top), pos2(whole.right() - 1.0, bottom));
    ui.painter().rect_filled(place, 0.0, theme.color(Token::Canvas));
    let label = match (desk.made(), refusal) {
        (_, Some(why)) => {
            sentence(ui, place, why);
            why.to_owned()
        }
        (Some(made), None) => {
            still.paint(ui.painter(), place, Overlay::None);
            scale(ui, place, still);
            format!(
                "Plan of {}, {}",
                made.campus.layout.site.name,
                made.campus.size.halls_in_words()
            )
        }
        (None, None) => "Preview, computing".to_owned(),
    };
    let response = ui.interact(place, ui.scope_id().with("picture"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &label));
    let line = theme.color(Token::Line);
    paint::hairline(ui.painter(), whole.left(), whole.right(), bottom, line);
    let mut y = bottom + 8.0;
    for row in &rows {
        let rect = Rect::from_min_size(pos2(whole.left(), y), vec2(whole.width(), ROW));
        figure(ui, rect, row, desk.is_stale() || refusal.is_some());
        y += ROW;
    }
}

fn header(ui: &Ui, whole: Rect, desk: &Desk) {
    let caption = match desk.seconds() {
        _ if desk.is_stale() => "computing".to_owned(),
        Some(s) => format!("updates as you type, {}", format::seconds(s)),
        None => "computing".to_owned(),
    };
    card::header(ui, whole, "Preview", &caption);
}

fn sentence(ui: &Ui, place: Rect, why: &str) {
    let theme = Theme::of(ui.ctx());
    let galley = paint::paragraph(ui.painter(), why, TextRole::Body, place.width() - 60.0);
    let at = pos2(place.left() + 30.0, place.center().y - galley.size().y / 2.0);
    ui.painter().galley_with_override_text_color(at, galley, theme.color(Token::Err));
}

fn scale(ui: &Ui, place: Rect, still: &Still) {
    let theme = Theme::of(ui.ctx());
    let Some((metres, points)) = still.scale_bar(90.0) else { return };
    let from = pos2(place.left() + 14.0, place.bottom() - 14.0);
    let stroke = Stroke::new(2.0, theme.color(Token::Text2));
    ui.painter().line_segment([from, pos2(from.x + points, from.y)], stroke);
    let text = Rect::from_min_size(pos2(from.x + points + 8.0, from.y - 8.0), vec2(80.0, 16.0));
    let words = format!("{} m", format::plain(metres));
    // The edge of the parcel may pass below it.
    let wide = paint::width(ui.painter(), &words, TextRole::Tiny);
    let plate = Rect::from_min_size(text.min, vec2(wide, text.height())).expand2(vec2(3.0, 0.0));
    ui.painter().rect_filled(plate, 2.0, theme.color(Token::Canvas));
    Text::new(&words, TextRole::Tiny, theme.color(Token::Text2)).paint(ui.painter(), text);
}

/// A figure of the preview; `stops` where something unknown keeps it from being one.
struct Figure {
    name: &'static str,
    value: String,
    stops: bool,
}

fn rows(made: &Made, catalog: &Catalog) -> Vec<Figure> {
    let plan = &made.outcome.plan;
    let head = &made.outcome.headline;
    let size = &made.campus.size;
    let figure = |name, value: String| Figure { name, value, stops: false };
    let stop = |name, value: String| Figure { name, value, stops: true };
    let rack =
        made.campus.layout.blocks.iter().find_map(|b| {
            b.rack.as_ref().or_else(|| b.planned.as_ref().and_then(|p| p.racks.first()))
        });
    let short = rack.and_then(|id| catalog.racks.get(id)).map_or("", |r| r.short.as_str());
    let contract = made.campus.layout.site.grid_contract_mw.unwrap_or(0.0);
    let mut rows = vec![
        figure("Racks that fit", format!("{} {short}", format::count(f64::from(size.racks)))),
        figure(
            "Grid power, all racks in the worst hour",
            format!("{:.1} of {} MW", size.worst_hour_mw, format::plain(contract)),
        ),
    ];
    if plan.status != Status::Optimal {
        let first = made.outcome.diagnostics.first().map(|d| d.message.clone());
        rows.push(stop("Plan", first.unwrap_or_else(|| "no plan".to_owned())));
        return rows;
    }
    let firm = Power::mw(plan.firm_mw);
    let revenue = Money::usd(plan.revenue_usd_per_year);
    rows.extend([
        figure("Grid power, planned", format::power(Power::mw(plan.grid_mw))),
        figure("Firm power, N-1", format::power(firm)),
        figure("Output tokens", format::token_rate(TokenRate::per_s(plan.tokens_per_s.output))),
        figure("Revenue, today's prices", format::money_per_year(revenue)),
        figure("Energy cost", format::money_per_year(Money::usd(plan.energy_cost_usd_per_year))),
        figure("PUE, mean and worst hour", format!("{:.3}, {:.3}", head.pue_mean, head.pue_worst)),
    ]);
    rows.push(match (head.capex_usd, &head.capex_stopped_by) {
        (Some(usd), _) => figure("Capex", format::money(Money::usd(usd))),
        (None, Some(path)) => stop("Capex", format!("stopped: {path} unknown")),
        (None, None) => stop("Capex", format::UNKNOWN.to_owned()),
    });
    rows
}

fn figure(ui: &Ui, rect: Rect, row: &Figure, stale: bool) {
    let theme = Theme::of(ui.ctx());
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let painter = ui.painter();
    let name = Text::new(row.name, TextRole::Body, theme.color(Token::Text2));
    let left = name.paint(painter, inner).right();
    let token = match (stale, row.stops) {
        (true, _) => Token::Text3,
        (false, true) => Token::Warn,
        (false, false) => Token::Text1,
    };
    let value = Text::new(&row.value, TextRole::BodyStrong, theme.color(token)).right();
    value.paint(painter, inner.with_min_x(left + 10.0));
    let line = theme.color(Token::Line);
    paint::hairline(painter, inner.left(), inner.right(), rect.bottom() - 0.5, line);
    let response = ui.interact(rect, ui.scope_id().with(("figure", row.name)), Sense::hover());
    let spoken = format!("{}: {}", row.name, row.value);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
