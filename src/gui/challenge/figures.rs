//! What the challenge found, in large type: the conclusion, money, what an open breaker costs,
//! how power is given anew, and the cheapest fix.

use super::Page;
use super::desk::{Desk, Pulled, Stand};
use crate::gui::components::paint::{self, Text};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, ranks_of_tiers, size};
use crate::study::fix::Fix;
use crate::study::outage::{Effect, TierChange};
use crate::units::format::{self, plain};
use crate::units::{Money, Power};
use eframe::egui::{Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Minutes of the planning year.
const MINUTES_PER_YEAR: f64 = 525_600.0;
/// The figure of an open breaker.
const LOST: &str = "Lost revenue";
/// Fixes that are named.
const FIXES: usize = 3;

/// The conclusion, above everything.
pub(super) fn title(ui: &mut Ui, desk: &Desk, page: &Page) {
    let (above, line, below) = sentence(desk, page);
    words(ui, &above, TextRole::HeadlineUnit, Token::Accent);
    words(ui, &line, TextRole::Title, Token::Text1);
    let token = if desk.refusal().is_some() { Token::Err } else { Token::Text2 };
    words(ui, &below, TextRole::HeadlineUnit, token);
}

fn sentence(desk: &Desk, page: &Page) -> (String, String, String) {
    let Some(stand) = desk.stand() else {
        let why = desk.refusal().unwrap_or("Laying out the site and planning it").to_owned();
        let line = if desk.refusal().is_some() { "No site" } else { "The site is being laid out" };
        return ("Challenge".to_owned(), line.to_owned(), why);
    };
    let name = &stand.site.terms.site.name;
    let stood = format!("{name} stood after {}", format::seconds(stand.seconds));
    let Some(open) = &page.open else {
        let revenue = Money::usd(stand.outcome.plan.revenue_usd_per_year);
        let earns = format!("{name} earns {}", format::money_per_year(revenue));
        let date = stand.site.campus.phases.first().map(|p| p.month);
        let first = date.map_or_else(String::new, |m| format!("; first megawatts in month {m}"));
        let below =
            format!("{}, at {} the list price{first}", racks(stand), format::ratio(page.level));
        return (format!("Challenge · {stood}"), earns, below);
    };
    let Some(pulled) = desk.pulled(Some(open)) else {
        return (format!("Challenge · {stood}"), "Opening the breaker".to_owned(), open.clone());
    };
    let above = format!("Breaker open · planned anew after {}", format::seconds(pulled.seconds));
    let lost = pulled.effect.as_ref().map(|e| e.lost_usd_per_minute);
    let line = match lost {
        None => format!("{} is lost, and the rest has no plan", pulled.outage.name),
        Some(usd) if usd < 0.005 => format!("{} is lost, and nothing is", pulled.outage.name),
        Some(usd) => {
            format!("{} is lost: {} a minute", pulled.outage.name, format::money(Money::usd(usd)))
        }
    };
    (above, line, consequences(pulled))
}

fn racks(stand: &Stand) -> String {
    let count = stand.outcome.headline.racks_installed.unwrap_or(0.0);
    let grid = Power::mw(stand.outcome.plan.grid_mw);
    format!("{}, {} at the meter in the worst hour", format::racks(count), format::power(grid))
}

fn consequences(pulled: &Pulled) -> String {
    let outage = &pulled.outage;
    let mut parts = Vec::new();
    match outage.racks_down {
        0 => parts.push("every rack keeps its power".to_owned()),
        1 => parts.push("a rack stands still".to_owned()),
        n => parts.push(format!("{} stand still", format::racks(f64::from(n)))),
    }
    match outage.switched.as_slice() {
        [] => {}
        [one] => parts.push(format!("{one} is fed over its open switch")),
        many => parts.push(format!("{} elements are fed over open switches", many.len())),
    }
    let mut text = parts.join(", ");
    if let Some(first) = text.get(..1).map(str::to_uppercase) {
        text.replace_range(..1, &first);
    }
    text
}

/// The column of figures.
pub(super) fn show(ui: &mut Ui, page: &mut Page, desk: &Desk) {
    let Some(stand) = desk.stand() else { return };
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().id_salt("challenge-figures").show(ui, |ui| {
        ui.set_width(super::FIGURES - 12.0);
        let stale = desk.is_stale();
        match page.open.clone() {
            None => standing(ui, stand, desk, stale),
            Some(open) => {
                match desk.pulled(Some(&open)) {
                    Some(pulled) => lost(ui, stand, pulled, stale),
                    None => caption(ui, "Planning what is left", Token::Text3),
                }
                ui.add_space(14.0);
                if super::restore(ui) {
                    page.open = None;
                }
            }
        }
    });
}

fn standing(ui: &mut Ui, stand: &Stand, desk: &Desk, stale: bool) {
    let plan = &stand.outcome.plan;
    let revenue = Money::usd(plan.revenue_usd_per_year);
    figure(ui, "Revenue", (&format::money(revenue), "a year"), stale);
    let minute = Money::usd(plan.revenue_usd_per_year / MINUTES_PER_YEAR);
    caption(ui, &format!("{} a minute, at today's prices", format::money(minute)), Token::Text2);
    rule(ui);
    match &stand.margin {
        Ok(margin) => {
            let value = format::money(Money::usd(margin.operating()));
            figure(ui, "Operating margin", (&value, "a year"), stale);
            let fixed = format::money(Money::usd(margin.fixed_opex));
            let worn = format::money(Money::usd(margin.depreciation));
            let running = format::money(Money::usd(margin.running));
            let words = format!(
                "revenue less {running} of running cost, {fixed} of fixed cost and {worn} of depreciation"
            );
            caption(ui, &words, Token::Text2);
        }
        Err(path) => {
            figure(ui, "Operating margin", ("unknown", ""), stale);
            caption(ui, &format!("stopped: {path} is unknown"), Token::Warn);
        }
    }
    rule(ui);
    break_even(ui, desk, stale);
    rule(ui);
    heading(ui, "Power by tier");
    let ranks = ranks_of_tiers(&stand.site.terms.tiers);
    let most = plan.tiers.iter().map(|t| t.it_mw).fold(0.0, f64::max);
    for (tier, rank) in plan.tiers.iter().zip(ranks) {
        let words = format::money_per_year(Money::usd(tier.revenue_usd_per_year));
        tier_bar(ui, (&tier.name, &words), (tier.it_mw, tier.it_mw, most), rank);
    }
}

fn break_even(ui: &mut Ui, desk: &Desk, stale: bool) {
    let found = desk.answer().and_then(|a| a.break_even.as_ref());
    let (value, unit, words) = match found {
        None => ("...".to_owned(), "", "searching".to_owned()),
        Some(Err(why)) => ("unknown".to_owned(), "", format!("stopped: {why}")),
        Some(Ok(found)) => match found.level_ratio {
            Some(level) => (
                format::ratio(level),
                "list price",
                format!("the margin is zero there; {} plans", found.solves),
            ),
            None => ("none".to_owned(), "", "no price earns the cost".to_owned()),
        },
    };
    figure(ui, "Break-even price level", (&value, unit), stale);
    caption(ui, &words, Token::Text2);
}

fn lost(ui: &mut Ui, stand: &Stand, pulled: &Pulled, stale: bool) {
    let Some(effect) = &pulled.effect else {
        return caption(ui, "What is left of the site has no plan", Token::Err);
    };
    let minute = Money::usd(effect.lost_usd_per_minute.max(0.0));
    let value = if minute.as_usd() < 0.005 { "$0".to_owned() } else { format::money(minute) };
    figure(ui, LOST, (&value, "a minute"), stale);
    let (before, after) =
        (Money::usd(effect.before_usd_per_year), Money::usd(effect.after_usd_per_year));
    let words = format!(
        "{} a year become {}, mean over the typical hours",
        format::money(before),
        format::money(after)
    );
    caption(ui, &words, Token::Text2);
    rule(ui);
    heading(ui, "Power by tier, before and after");
    let ranks = ranks_of_tiers(&stand.site.terms.tiers);
    let most = effect.tiers.iter().map(|t| t.before.0.max(t.after.0)).fold(0.0, f64::max);
    for (tier, rank) in effect.tiers.iter().zip(ranks) {
        change(ui, tier, (most, rank));
    }
    rule(ui);
    fix(ui, pulled, effect);
}

fn change(ui: &mut Ui, tier: &TierChange, (most, rank): (f64, usize)) {
    let moved = tier.after.0 - tier.before.0;
    let firm = if tier.firm { ", firm" } else { "" };
    let words = match moved.abs() < 0.05 {
        true => "unchanged".to_owned(),
        false => format::power_change(Power::mw(moved)),
    };
    let name = format!("{}{firm}", tier.name);
    tier_bar(ui, (&name, &words), (tier.after.0, tier.before.0, most), rank);
}

fn fix(ui: &mut Ui, pulled: &Pulled, effect: &Effect) {
    let Some((fixes, seconds)) = &pulled.fixes else {
        return caption(ui, "Trying fixes", Token::Text3);
    };
    heading(ui, "Cheapest fix");
    let Some(best) = fixes.first() else {
        let none = match effect.lost_usd_per_minute < 0.005 {
            true => "Nothing is lost, nothing to fix",
            false => "Nothing that was tried keeps the revenue",
        };
        return caption(ui, none, Token::Text2);
    };
    words(ui, &best.what, TextRole::H1, Token::Ok);
    caption(ui, &brings(best), Token::Text2);
    for other in fixes.iter().skip(1).take(FIXES - 1) {
        ui.add_space(6.0);
        words(ui, &other.what, TextRole::BodyMedium, Token::Text1);
        caption(ui, &brings(other), Token::Text3);
    }
    ui.add_space(6.0);
    let tried = format!("each planned again, {} after the breaker", format::seconds(*seconds));
    caption(ui, &tried, Token::Text3);
}

/// `keeps $5,969 a minute; 275 MW to buy, price unknown`.
fn brings(fix: &Fix) -> String {
    let minute = Money::usd(fix.recovered_usd_per_year / MINUTES_PER_YEAR);
    let buy = match fix.added_mw {
        0.0 => "uses what stands".to_owned(),
        mw => format!("{} MW to buy", plain((mw * 10.0).round() / 10.0)),
    };
    let price = match fix.price_usd {
        Some(usd) => format::money(Money::usd(usd)),
        None => "price unknown".to_owned(),
    };
    format!("keeps {} a minute; {buy}, {price}", format::money(minute))
}

fn words(ui: &mut Ui, text: &str, role: TextRole, token: Token) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), role.style().line + 4.0), Sense::hover());
    Text::new(text, role, theme.color(token)).paint(ui.painter(), rect);
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

fn caption(ui: &mut Ui, text: &str, token: Token) {
    let theme = Theme::of(ui.ctx());
    let galley = paint::paragraph(ui.painter(), text, TextRole::Body, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(0.0, 4.0), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, theme.color(token));
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

fn heading(ui: &mut Ui, text: &str) {
    words(ui, text, TextRole::HeadlineUnit, Token::Text2);
    ui.add_space(4.0);
}

fn rule(ui: &mut Ui) {
    ui.add_space(12.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    let line = Theme::of(ui.ctx()).color(Token::Line);
    paint::hairline(ui.painter(), rect.left(), rect.right(), rect.center().y, line);
    ui.add_space(12.0);
}

/// A figure in the type of a presentation, with its unit.
fn figure(ui: &mut Ui, name: &str, (value, unit): (&str, &str), stale: bool) {
    let theme = Theme::of(ui.ctx());
    words(ui, name, TextRole::HeadlineUnit, Token::Text2);
    let role = TextRole::Display;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), role.style().line), Sense::hover());
    // Money that is lost is the one figure that is bad news by itself.
    let token = match (stale, name == LOST && value != "$0") {
        (true, _) => Token::Text3,
        (false, true) => Token::Err,
        (false, false) => Token::Text1,
    };
    let right = Text::new(value, role, theme.color(token)).paint(ui.painter(), rect).right();
    let rest = rect.with_min_x(right + 12.0).translate(vec2(0.0, 9.0));
    Text::new(unit, TextRole::H1, theme.color(Token::Text2)).paint(ui.painter(), rest);
    let spoken = format!("{name}: {value} {unit}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// A tier with its power as a bar and the power that it had as an outline.
fn tier_bar(
    ui: &mut Ui,
    (name, said): (&str, &str),
    (now, before, most): (f64, f64, f64),
    rank: usize,
) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let painter = ui.painter();
    let top = Rect::from_min_size(rect.min, vec2(rect.width(), 16.0));
    Text::new(name, TextRole::BodyMedium, theme.color(Token::Text1)).paint(painter, top);
    let mw = format::power(Power::mw(now));
    let right = format!("{mw}   {said}");
    Text::new(&right, TextRole::Body, theme.color(Token::Text2)).right().paint(painter, top);
    let track = Rect::from_min_max(
        pos2(rect.left(), rect.top() + 19.0),
        pos2(rect.right(), rect.top() + 27.0),
    );
    let part = |mw: f64| if most > 0.0 { (mw / most) as f32 * track.width() } else { 0.0 };
    painter.rect_filled(track, size::RADIUS_MARK, theme.color(Token::Raised));
    let bar = track.with_max_x(track.left() + part(now));
    painter.rect_filled(bar, size::RADIUS_MARK, crate::gui::theme::color(theme.palette.tier(rank)));
    if (before - now).abs() > 0.05 {
        let had = track.with_max_x(track.left() + part(before));
        let edge = eframe::egui::Stroke::new(1.0, theme.color(Token::Text2));
        painter.rect_stroke(had, size::RADIUS_MARK, edge, eframe::egui::StrokeKind::Inside);
    }
    let had = if (before - now).abs() > 0.05 {
        format!(", was {}", format::power(Power::mw(before)))
    } else {
        String::new()
    };
    let spoken = format!("{name}: {mw}{had}, {said}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
