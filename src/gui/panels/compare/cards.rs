//! The cards around the table: the two plans, revenue by tier, what binds, the next step.

use super::{Page, Shown, jump};
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::canvas::{Look, Thumbnail};
use crate::gui::components::button::Button;
use crate::gui::components::card::{HEADER, body, header, plate};
use crate::gui::components::menu;
use crate::gui::components::paint::{self, Text, dashed_box};
use crate::gui::context::{Context, Element, Grid};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::chart::{Axis, Scale, tick_label};
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::compare::{Comparison, TierRow};
use crate::units::format;
use eframe::egui::{
    Popup, Rect, Response, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// The plan of one side; returns the id of another variant that was chosen for it.
pub fn plan(
    page: &Page<'_>,
    ui: &mut Ui,
    rect: Rect,
    (is_a, thumbnail): (bool, &mut Thumbnail),
) -> Option<String> {
    let theme = Theme::of(ui.ctx());
    plate(ui, rect);
    let (side, words) =
        if is_a { (page.a, &page.comparison.a) } else { (page.b, &page.comparison.b) };
    let picked = title(page, ui, rect, (is_a, side));
    let caption = Rect::from_min_size(rect.min, vec2(rect.width() - 12.0, HEADER));
    let room =
        Rect::from_min_max(pos2(rect.left() + rect.width() * 0.45, caption.top()), caption.max);
    let (text, token) = if side.stale {
        (format!("older result · {}", words.racks), Token::Warn)
    } else {
        (words.racks.clone(), Token::Text3)
    };
    Text::new(&text, TextRole::Small, theme.color(token)).right().paint(ui.painter(), room);
    let picture = Rect::from_min_max(rect.min + vec2(1.0, HEADER + 1.0), rect.max - vec2(1.0, 1.0));
    let own = Context {
        site: side.side.site,
        catalog: side.side.catalog,
        outcome: Some(side.side.outcome),
        selection: &[],
        grid: Grid::default(),
        ..*page.cx
    };
    let outlined: &[String] = if is_a { &[] } else { &page.comparison.changed };
    let look = Look { name: side.side.name, outlined, overlay: Overlay::None, zoom: false };
    thumbnail.show(ui, &own, picture, look);
    picked
}

/// Letter and name of a side, as a menu of the variants.
fn title(
    page: &Page<'_>,
    ui: &mut Ui,
    rect: Rect,
    (is_a, side): (bool, &Shown<'_>),
) -> Option<String> {
    let theme = Theme::of(ui.ctx());
    let letter = if is_a { "A" } else { "B" };
    let name = side.side.name;
    let width = paint::width(ui.painter(), name, TextRole::BodyStrong).min(rect.width() * 0.42);
    let place = Rect::from_min_size(rect.min + vec2(8.0, 4.0), vec2(width + 56.0, 24.0));
    let response = ui.interact(place, ui.scope_id().with(("side", letter)), Sense::click());
    let open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
    let painter = ui.painter();
    if open || response.hovered() {
        let fill = theme.color(Token::Raised);
        painter.rect_filled(place, paint::corner(size::RADIUS_BUTTON), fill);
    }
    if response.has_focus() {
        paint::focus_ring(painter, place, size::RADIUS_BUTTON, theme);
    }
    let badge =
        Rect::from_center_size(pos2(place.left() + 14.0, place.center().y), vec2(18.0, 18.0));
    let edge = Stroke::new(1.0, theme.color(Token::Line2));
    paint::plate(painter, badge, size::RADIUS_INPUT, theme.color(Token::Raised), edge);
    let strong = theme.color(Token::Text1);
    Text::new(letter, TextRole::SmallStrong, strong).center().paint(painter, badge);
    let words = Rect::from_min_size(place.min + vec2(30.0, 0.0), vec2(width + 1.0, 24.0));
    let taken = Text::new(name, TextRole::BodyStrong, strong).paint(painter, words);
    let chevron = pos2(taken.right() + 12.0, place.center().y);
    Icon::ChevronDown.paint_sized(painter, chevron, 13.0, theme.color(Token::Text3));
    let line = theme.color(Token::Line);
    paint::hairline(painter, rect.left() + 1.0, rect.right() - 1.0, rect.top() + HEADER, line);
    let spoken = format!("{letter}: {name}, choose a variant");
    response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, &spoken));
    let mut picked = None;
    Popup::menu(&response).width(240.0).show(|ui| {
        ui.set_width(240.0);
        for (index, variant) in page.cx.document.variants.iter().enumerate() {
            let text = format!("{}  {}", crate::site::variant_letter(index), variant.name);
            let on = index == side.index;
            if menu::option(ui, &text, on).clicked() && !on {
                picked = Some(variant.id.clone());
            }
        }
    });
    picked
}

const BAR: f32 = 15.0;
/// Height of a tier, and where there is little.
const TIER: f32 = 44.0;
const TIER_LEAST: f32 = 35.0;
/// Least width of the names, and their share of the card at most.
const NAME: f32 = 104.0;
const NAMES: f32 = 0.35;
const FIGURE: f32 = 62.0;

pub fn bars_height(c: &Comparison) -> f32 {
    bars_of(c, TIER)
}

/// Height below which bars would touch.
pub fn bars_least(c: &Comparison) -> f32 {
    bars_of(c, TIER_LEAST)
}

fn bars_of(c: &Comparison, tier: f32) -> f32 {
    HEADER + 16.0 + tier * c.tiers.len() as f32 + 22.0
}

/// Revenue by tier: A pale above B full.
pub fn bars(page: &Page<'_>, ui: &mut Ui, rect: Rect) {
    let theme = Theme::of(ui.ctx());
    plate(ui, rect);
    header(ui, rect, "Revenue by tier", "$B/yr; A pale, B full");
    let room = body(rect);
    let tiers = &page.comparison.tiers;
    let most = tiers
        .iter()
        .flat_map(|t| [t.a_usd_per_year, t.b_usd_per_year])
        .flatten()
        .fold(0.0, f64::max);
    if most <= 0.0 {
        let grey = theme.color(Token::Text2);
        Text::new("Nothing is sold", TextRole::Body, grey).center().paint(ui.painter(), room);
        return;
    }
    let painter = ui.painter();
    let names = tiers.iter().map(|t| paint::width(painter, &t.name, TextRole::BodyMedium) + 12.0);
    let name = names.fold(NAME, f32::max).min(NAME.max(room.width() * NAMES));
    let axis = Axis {
        scale: Scale::Linear,
        min: 0.0,
        max: most / 1e9,
        from: f64::from(room.left() + name),
        to: f64::from(room.right() - FIGURE),
    };
    let step = ((room.height() - 20.0) / tiers.len().max(1) as f32).min(1.3 * TIER);
    let end = room.top() + step * tiers.len() as f32;
    for v in axis.ticks(4) {
        let x = axis.position(v) as f32;
        let line = Rect::from_min_max(pos2(x, room.top()), pos2(x, end));
        paint::vertical_hairline(ui.painter(), x, line, theme.color(Token::Line));
        let words = if v == 0.0 { "0".to_owned() } else { format!("${} B", tick_label(v)) };
        let below = Rect::from_center_size(pos2(x, end + 9.0), vec2(60.0, 12.0));
        let grey = theme.color(Token::Text2);
        Text::new(&words, TextRole::Tiny, grey).center().paint(ui.painter(), below);
    }
    for (i, tier) in tiers.iter().enumerate() {
        let place = Rect::from_min_size(
            pos2(room.left(), room.top() + step * i as f32),
            vec2(room.width(), step),
        );
        tier_bars(page, ui, (place, &axis), tier);
    }
}

fn tier_bars(page: &Page<'_>, ui: &mut Ui, (place, axis): (Rect, &Axis), tier: &TierRow) {
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let name = Rect::from_x_y_ranges(place.left()..=axis.from as f32 - 8.0, place.y_range());
    let strong = theme.color(Token::Text1);
    Text::new(&tier.name, TextRole::BodyMedium, strong).paint(painter, name);
    let rank = |side: &Shown<'_>| {
        let tiers = &side.side.site.terms.tiers;
        let at = tiers.iter().position(|t| t.id == tier.id)?;
        crate::scene::tokens::ranks_of_tiers(tiers).get(at).copied()
    };
    let full = theme.tier_color(rank(page.b).or_else(|| rank(page.a)).unwrap_or(0));
    let mut y = place.center().y - BAR - 1.0;
    let mut spoken = format!("Revenue of {}", tier.name);
    for (letter, value) in [("A", tier.a_usd_per_year), ("B", tier.b_usd_per_year)] {
        let usd = value.unwrap_or(0.0);
        let to = axis.position(usd / 1e9) as f32;
        let bar = Rect::from_min_max(pos2(axis.from as f32, y), pos2(to, y + BAR));
        let fill = if letter == "A" { full.gamma_multiply(0.5) } else { full };
        painter.rect_filled(bar, paint::corner(1.0), fill);
        let figure = format::or_dash(value, |v| format::fixed(v / 1e9, 2));
        let words = format!("{letter} {figure}");
        let after =
            Rect::from_min_max(pos2(to + 6.0, y), pos2(place.right().max(to + FIGURE), y + BAR));
        let (role, token) = match letter {
            "A" => (TextRole::Small, Token::Text2),
            _ => (TextRole::SmallStrong, Token::Text1),
        };
        Text::new(&words, role, theme.color(token)).paint(painter, after);
        spoken.push_str(&format!(", {letter} {figure} billion dollars a year"));
        y += BAR + 2.0;
    }
    let response = ui.interact(place, ui.scope_id().with(("tier", &tier.id)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

const BINDING_ROW: f32 = 18.0;

/// Height that every name has room in, up to ten of them.
pub fn binding_height(c: &Comparison) -> f32 {
    let most = c.a.binding.len().max(c.b.binding.len()).clamp(1, 10);
    HEADER + 24.0 + BINDING_ROW * (most + 1) as f32
}

/// What binds in both.
pub fn binding(page: &Page<'_>, ui: &mut Ui, rect: Rect) {
    plate(ui, rect);
    header(ui, rect, "Binding limits", "most valuable first");
    ui.scope_builder(UiBuilder::new().max_rect(body(rect)), |ui| {
        ScrollArea::vertical().id_salt("binding").auto_shrink(false).show(ui, |ui| {
            columns(page, ui);
        });
    });
}

fn columns(page: &Page<'_>, ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let c = page.comparison;
    let rows = c.a.binding.len().max(c.b.binding.len()).max(1);
    let (rect, _) = ui.allocate_exact_size(
        vec2(ui.available_width(), BINDING_ROW * (rows + 1) as f32),
        Sense::hover(),
    );
    let half = rect.width() / 2.0;
    for (i, (letter, side)) in [("A", &c.a), ("B", &c.b)].into_iter().enumerate() {
        let other = if i == 0 { &c.b } else { &c.a };
        let x = rect.left() + half * i as f32;
        let row = |n: usize| {
            let y = rect.top() + BINDING_ROW * n as f32;
            Rect::from_min_size(pos2(x, y), vec2(half - 8.0, BINDING_ROW))
        };
        let grey = theme.color(Token::Text3);
        Text::new(&format!("In {letter}"), TextRole::Small, grey).paint(ui.painter(), row(0));
        if side.binding.is_empty() {
            let color = theme.color(Token::Text2);
            Text::new("None", TextRole::Body, color).paint(ui.painter(), row(1));
        }
        for (n, name) in side.binding.iter().enumerate() {
            // What binds in one alone is what a reader looks for.
            let only = !other.binding.contains(name);
            let token = if only { Token::Text1 } else { Token::Text2 };
            let role = if only { TextRole::BodyMedium } else { TextRole::Body };
            Text::new(name, role, theme.color(token)).paint(ui.painter(), row(n + 1));
        }
        let names =
            if side.binding.is_empty() { "none".to_owned() } else { side.binding.join(", ") };
        let spoken = format!("Binding in {letter}: {names}");
        let whole = Rect::from_min_size(pos2(x, rect.top()), vec2(half - 8.0, rect.height()));
        let response = ui.interact(whole, ui.scope_id().with(("binding", letter)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    }
}

const SIGN: f32 = 20.0;
/// Racks that are named; more are told by the plans alone.
const MOST_RACKS: usize = 6;

/// Height of the card that explains the plans.
pub fn reading_height(page: &Page<'_>) -> f32 {
    HEADER + 24.0 + SIGN * (1 + page.racks.len().min(MOST_RACKS)) as f32 + 8.0 + size::BUTTON
}

/// How to read the plans, and the way to a further variant.
pub fn reading(page: &Page<'_>, ui: &mut Ui, rect: Rect, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    plate(ui, rect);
    header(ui, rect, "Reading the plans", "");
    ui.scope_builder(UiBuilder::new().max_rect(body(rect)), |ui| {
        changed(page, ui, actions);
        for (name, generation) in page.racks.iter().take(MOST_RACKS) {
            let place = sign(ui, name, Sense::hover()).0;
            let swatch = Rect::from_center_size(place.center(), vec2(24.0, 8.0));
            let fill = theme.rack_color(*generation);
            ui.painter().rect_filled(swatch, paint::corner(1.0), fill);
        }
        ui.add_space(8.0);
        let letter = crate::site::variant_letter(page.cx.document.variants.len());
        let text = format!("Add variant {letter}...");
        let button = Button::new(&text).with_icon(Icon::Plus).show(ui);
        if button.on_hover_text("Copies the variant that is edited").clicked() {
            actions.push(Action::Edit(Edit::NewVariant));
        }
    });
}

/// Words of a sign; returns the place of the sign.
fn sign(ui: &mut Ui, words: &str, sense: Sense) -> (Rect, Response) {
    let color = Theme::of(ui.ctx()).color(Token::Text2);
    let width = 34.0 + paint::width(ui.painter(), words, TextRole::Body);
    let (rect, response) =
        ui.allocate_exact_size(vec2(width.min(ui.available_width()), SIGN), sense);
    let (place, text) = rect.split_left_right_at_x(rect.left() + 26.0);
    Text::new(words, TextRole::Body, color).paint(ui.painter(), text.with_min_x(text.left() + 8.0));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    (place, response)
}

/// How many halls and other elements differ; a click goes to the first.
fn changed(page: &Page<'_>, ui: &mut Ui, actions: &mut Actions) {
    let changed = &page.comparison.changed;
    let halls = changed.iter().filter(|path| path.starts_with("halls.")).count();
    let all = page.b.side.site.halls.iter().filter(|g| g.hall.is_some()).count();
    let words = match changed.len() - halls {
        0 => format!("changed in B, {halls} of {all} halls"),
        1 => format!("changed in B, {halls} of {all} halls and another element"),
        others => format!("changed in B, {halls} of {all} halls and {others} other elements"),
    };
    let (place, response) = sign(ui, &words, Sense::click());
    let edge = Stroke::new(size::SELECTION, Theme::of(ui.ctx()).color(Token::Accent));
    dashed_box(ui.painter(), place.shrink2(vec2(1.0, 5.0)), edge);
    let first = changed.first().and_then(|path| Element::of_path(path));
    if let (true, Some(element)) = (response.clicked(), first) {
        actions.push(jump(element));
    }
}
