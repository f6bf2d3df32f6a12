//! Optimum against baseline as a card: revenue by tier as bars, power by tier below.

use crate::gui::components::card::{body, header};
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::theme::{Theme, color};
use crate::plan::result::TierResult;
use crate::scene::chart::{Axis, Scale, tick_label};
use crate::scene::tokens::{TextRole, Token};
use crate::site::Allocation;
use crate::study::Outcome;
use crate::units::words::upper_first;
use crate::units::{Money, format};
use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const NAME: f32 = 118.0;
const FIGURE: f32 = 66.0;
/// Height of a bar, and how far it grows in a tall card.
const BAR: f32 = 24.0;
const BAR_MOST: f32 = 52.0;

/// A plan as this card shows it.
struct Side<'a> {
    name: String,
    revenue: f64,
    tiers: &'a [TierResult],
}

/// Shows the comparison in `rect`.
pub fn show(ui: &mut Ui, context: &Context, outcome: &Outcome, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    header(ui, rect, "Optimum against baseline", "revenue, $B/yr");
    let room = body(rect);
    let mut sides = vec![Side {
        name: match context.site.terms.policy.allocation {
            Allocation::Optimise => "This plan".to_owned(),
            Allocation::FixedShares => "Fixed shares".to_owned(),
        },
        revenue: outcome.plan.revenue_usd_per_year,
        tiers: &outcome.plan.tiers,
    }];
    if let Some(b) = &outcome.baseline {
        let name = upper_first(b.short_name());
        sides.push(Side { name, revenue: b.revenue_usd_per_year, tiers: &b.tiers });
    }
    let spoken: Vec<String> = sides
        .iter()
        .map(|s| format!("{} {}", s.name, format::money_per_year(Money::usd(s.revenue))))
        .collect();
    let response = ui.interact(room, ui.scope_id().with("baseline"), Sense::hover());
    let spoken = format!("Optimum against baseline: {}", spoken.join(", "));
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));

    let most = sides.iter().map(|s| s.revenue).fold(0.0, f64::max);
    if most <= 0.0 {
        let grey = theme.color(Token::Text2);
        Text::new("Nothing is sold", TextRole::Body, grey).center().paint(ui.painter(), room);
        return;
    }
    let mut top = bars(ui, context, &sides, room, most) + 12.0;
    for column in &BY_TIER {
        let tall = TIER_ROW * (sides.len() + 1) as f32;
        if top + tall > room.bottom() {
            return;
        }
        let table = Rect::from_min_max(pos2(room.left(), top), room.max);
        by_tier(ui, context, &sides, (table, column));
        top += tall + 12.0;
        if column.name == BY_TIER[0].name {
            top += moved(ui, context, &sides, Rect::from_min_max(pos2(room.left(), top), room.max));
        }
    }
}

/// A figure of each tier in both plans.
struct ByTier {
    name: &'static str,
    /// Figure, and digits after its point.
    of: fn(&TierResult) -> f64,
    digits: usize,
}

/// As many of them as there is height for.
const BY_TIER: [ByTier; 3] = [
    ByTier { name: "IT MW by tier", of: |t| t.it_mw, digits: 1 },
    ByTier { name: "Output, M tok/s", of: |t| t.tokens_per_s / 1e6, digits: 1 },
    ByTier { name: "Revenue, $B/yr", of: |t| t.revenue_usd_per_year / 1e9, digits: 2 },
];
/// Height of a row of these tables.
const TIER_ROW: f32 = 20.0;

/// Bars on one axis; returns the lower end of the axis.
fn bars(ui: &Ui, context: &Context, sides: &[Side], room: Rect, most: f64) -> f32 {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let plot = (room.left() + NAME, room.right() - FIGURE);
    let axis = Axis {
        scale: Scale::Linear,
        min: 0.0,
        max: most / 1e9,
        from: f64::from(plot.0),
        to: f64::from(plot.1),
    };
    let bar_h = ((room.height() - 150.0) / sides.len().max(1) as f32 * 0.6).clamp(BAR, BAR_MOST);
    let gap = bar_h * 0.42;
    let end = room.top() + 4.0 + sides.len() as f32 * (bar_h + gap);
    for v in axis.ticks(5) {
        let x = axis.position(v) as f32;
        let line = Rect::from_min_max(pos2(x, room.top()), pos2(x, end));
        paint::vertical_hairline(painter, x, line, theme.color(Token::Line));
        let words = if v == 0.0 { "0".to_owned() } else { format!("${} B", tick_label(v)) };
        let below = Rect::from_center_size(pos2(x, end + 8.0), vec2(60.0, 12.0));
        Text::new(&words, TextRole::Tiny, theme.color(Token::Text2)).center().paint(painter, below);
    }
    for (i, side) in sides.iter().enumerate() {
        let y = room.top() + 4.0 + i as f32 * (bar_h + gap);
        let name = Rect::from_min_size(pos2(room.left(), y), vec2(NAME - 10.0, bar_h));
        Text::new(&side.name, TextRole::BodyMedium, theme.color(Token::Text1)).paint(painter, name);
        let mut from = 0.0;
        for tier in by_price(context, side.tiers) {
            let to = from + tier.revenue_usd_per_year / 1e9;
            let (a, b) = (axis.position(from) as f32, axis.position(to) as f32);
            from = to;
            if b - a < 0.5 {
                continue;
            }
            let bar = Rect::from_min_max(pos2(a, y), pos2((b - 1.0).max(a + 0.5), y + bar_h));
            let fill = theme.palette.tier(context.tier_rank(&tier.id));
            painter.rect_filled(bar, 0.0, color(fill));
            let words = format::fixed(tier.revenue_usd_per_year / 1e9, 2);
            if paint::width(painter, &words, TextRole::SmallStrong) + 6.0 < bar.width() {
                Text::new(&words, TextRole::SmallStrong, color(theme.palette.on(fill)))
                    .center()
                    .paint(painter, bar);
            }
        }
        let x = axis.position(side.revenue / 1e9) as f32 + 8.0;
        let words = format::money(Money::usd(side.revenue));
        let figure = Rect::from_min_max(pos2(x, y), pos2(room.right().max(x + FIGURE), y + bar_h));
        Text::new(&words, TextRole::BodyStrong, theme.color(Token::Text1)).paint(painter, figure);
    }
    end + 18.0
}

fn by_price<'a>(context: &Context, tiers: &'a [TierResult]) -> Vec<&'a TierResult> {
    let mut order: Vec<&TierResult> = tiers.iter().collect();
    order.sort_by_key(|t| std::cmp::Reverse(context.tier_rank(&t.id)));
    order
}

/// One figure of each tier in both plans.
fn by_tier(ui: &Ui, context: &Context, sides: &[Side], (room, column): (Rect, &ByTier)) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let Some(own) = sides.first() else { return };
    let tiers = by_price(context, own.tiers);
    let wide = ((room.width() - NAME) / tiers.len().max(1) as f32).min(104.0);
    let cell = |column: usize, line: usize| {
        let x = room.left() + NAME + column as f32 * wide;
        let at = pos2(x, room.top() + TIER_ROW * line as f32);
        Rect::from_min_size(at, vec2(wide - 6.0, TIER_ROW))
    };
    let head = |line: usize| {
        let at = pos2(room.left(), room.top() + TIER_ROW * line as f32);
        Rect::from_min_size(at, vec2(NAME - 8.0, TIER_ROW))
    };
    let grey = theme.color(Token::Text3);
    Text::new(column.name, TextRole::Small, grey).paint(painter, head(0));
    for (i, tier) in tiers.iter().enumerate() {
        let place = cell(i, 0);
        let fits = paint::width(painter, &tier.name, TextRole::Small) <= place.width();
        // A long name stands on two lines.
        let halves = tier.name.split_once(' ').filter(|_| !fits);
        let (upper, lower) = halves.map_or(("", tier.name.as_str()), |(a, b)| (a, b));
        let at = place.with_min_x(place.left() - 5.0);
        let is_wide = |w: &&str| paint::width(painter, w, TextRole::Small) > at.width();
        let crowded = [upper, lower].iter().any(is_wide);
        let role = if crowded { TextRole::Tiny } else { TextRole::Small };
        for (words, by) in [(upper, -11.0), (lower, 0.0)] {
            let at = at.translate(vec2(0.0, by));
            Text::new(words, role, grey).right().paint(painter, at);
        }
    }
    for (line, side) in sides.iter().enumerate() {
        let place = head(line + 1);
        let edge = theme.color(Token::Line);
        paint::hairline(painter, room.left(), room.right(), place.top(), edge);
        let color = theme.color(Token::Text2);
        Text::new(&side.name, TextRole::Body, color).paint(painter, place);
        for (i, tier) in tiers.iter().enumerate() {
            let figure = side.tiers.iter().find(|t| t.id == tier.id).map(column.of);
            let words = format::or_dash(figure, |v| format::fixed(v, column.digits));
            let value = theme.color(Token::Text1);
            Text::new(&words, TextRole::Body, value).right().paint(painter, cell(i, line + 1));
        }
    }
}

/// The largest shifts of power in words; returns the height that they take.
fn moved(ui: &Ui, context: &Context, sides: &[Side], room: Rect) -> f32 {
    let words = shift(context, sides);
    let painter = ui.painter();
    let galley = paint::paragraph(painter, &words, TextRole::Small, room.width());
    let tall = galley.size().y + 10.0;
    if words.is_empty() || tall > room.height() {
        return 0.0;
    }
    let color = Theme::of(ui.ctx()).color(Token::Text2);
    painter.galley_with_override_text_color(room.min + vec2(0.0, 2.0), galley, color);
    tall
}

/// `25/25/25/25 puts 83.3 MW more into Premium and 70.0 MW less into High than the optimum`.
fn shift(context: &Context, sides: &[Side]) -> String {
    let [own, other, ..] = sides else { return String::new() };
    let mut moves: Vec<(&str, f64)> = by_price(context, own.tiers)
        .into_iter()
        .map(|t| {
            let theirs = other.tiers.iter().find(|o| o.id == t.id).map_or(0.0, |o| o.it_mw);
            (t.name.as_str(), theirs - t.it_mw)
        })
        .filter(|m| m.1.abs() >= 0.05)
        .collect();
    moves.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let parts: Vec<String> = moves
        .iter()
        .take(2)
        .map(|(name, mw)| {
            let word = if *mw > 0.0 { "more" } else { "less" };
            format!("{} MW {word} into {name}", format::fixed(mw.abs(), 1))
        })
        .collect();
    match parts.as_slice() {
        [] => String::new(),
        parts => format!("{} puts {} than this plan", other.name, parts.join(" and ")),
    }
}
