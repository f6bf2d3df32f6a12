//! Tables of the economics tab: allocation by tier and rack, and the value of the next unit.
//! Every figure comes from the outcome.

use crate::gui::action::{Action, Actions, View};
use crate::gui::components::card::{body, header};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Row, Width, total_rule};
use crate::gui::context::{Context, Element, Freshness};
use crate::gui::theme::Theme;
use crate::plan::result::{AllocationRow, LimitResult};
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::Outcome;
use crate::units::{Money, SECONDS_PER_YEAR, format};
use eframe::egui::{Rangef, Rect, ScrollArea, Sense, Ui, UiBuilder, pos2, vec2};

const COLUMNS: [Column; 10] = [
    Column::left("Tier", Width::Flex(2.0, 108.0)),
    Column::left("Rack", Width::Flex(1.0, 60.0)),
    Column::right("tok/s/user", Width::Fixed(60.0)),
    Column::right("Racks", Width::Fixed(50.0)),
    Column::right("Grid MW", Width::Fixed(56.0)),
    Column::right("%", Width::Fixed(44.0)),
    Column::right("M tok/s", Width::Fixed(54.0)),
    Column::right("$/M", Width::Fixed(50.0)),
    Column::right("$B/yr", Width::Fixed(50.0)),
    Column::right("$M/MW", Width::Fixed(52.0)),
];
/// Width that all of them need; in narrower cards the derived ones are left out.
const ALL_COLUMNS: f32 = 590.0;
const NARROW: [usize; 6] = [0, 1, 3, 4, 6, 8];

/// A row of the allocation table.
enum Entry<'a> {
    Row { first: bool, tier: &'a str, row: &'a AllocationRow },
    NotServed { tier: &'a str, why: String },
}

/// Height that the allocation card wants.
pub fn wanted_height(context: &Context, outcome: &Outcome) -> f32 {
    let rows = entries(context, outcome).len() + 1;
    44.0 + size::TABLE_HEADER + rows as f32 * size::TABLE_ROW
}

/// Rows by tier, dearest first; tiers without a row say why.
fn entries<'a>(context: &Context<'a>, outcome: &'a Outcome) -> Vec<Entry<'a>> {
    let ranks = context.tier_ranks();
    let mut order: Vec<usize> = (0..context.site.terms.tiers.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(ranks.get(*i).copied().unwrap_or(0)));
    let mut served = Vec::new();
    let mut rest = Vec::new();
    for tier in order.into_iter().filter_map(|i| context.site.terms.tiers.get(i)) {
        let mut rows: Vec<&AllocationRow> =
            outcome.plan.allocation.iter().filter(|r| r.tier == tier.id).collect();
        rows.sort_by(|a, b| b.grid_mw.total_cmp(&a.grid_mw));
        if rows.is_empty() {
            rest.push(Entry::NotServed {
                tier: &tier.id,
                why: why_not(context, outcome, &tier.id),
            });
        }
        served.extend(rows.into_iter().enumerate().map(|(i, row)| Entry::Row {
            first: i == 0,
            tier: &tier.id,
            row,
        }));
    }
    served.extend(rest);
    served
}

/// Why a tier gets nothing, as far as the curves say.
fn why_not(context: &Context, outcome: &Outcome, tier: &str) -> String {
    let least = context.tier(tier).and_then(|t| t.min_tok_s_user);
    let used: Vec<&str> = outcome.plan.blocks.iter().map(|b| b.rack.as_str()).collect();
    let fastest = outcome
        .chart
        .iter()
        .filter(|c| used.contains(&c.rack.as_str()))
        .flat_map(|c| c.points.iter())
        .map(|p| p.tok_s_user)
        .fold(0.0, f64::max);
    match least {
        Some(v) if fastest > 0.0 && fastest < v => {
            format!(
                "Not served: no rack in the plan reaches {} tokens/s per user",
                format::count(v)
            )
        }
        _ => "Not served in this plan".to_owned(),
    }
}

/// Speed of an operating point, from the curves of the answer.
fn speed(outcome: &Outcome, row: &AllocationRow) -> Option<f64> {
    let curves = outcome.chart.iter().filter(|c| c.rack == row.rack);
    curves
        .flat_map(|c| c.points.iter())
        .find(|p| p.operating_point == row.operating_point)
        .map(|p| p.tok_s_user)
}

/// Shows the allocation card in `rect`.
pub fn show(ui: &mut Ui, context: &Context, outcome: &Outcome, rect: Rect, actions: &mut Actions) {
    let timing = &outcome.timing;
    let gap = outcome.plan.mip_gap.map_or(String::new(), |g| format!(", gap {:.2} %", g * 100.0));
    let caption = if timing.solve_seconds > 0.0 {
        format!("solved in {}{gap}", format::seconds(timing.solve_seconds))
    } else {
        String::new()
    };
    header(ui, rect, "Allocation by tier and rack", &caption);
    let entries = entries(context, outcome);
    inside(ui, rect, "allocation", |ui| {
        let full = ui.available_rect_before_wrap();
        let narrow = full.width() < ALL_COLUMNS;
        let columns: Vec<Column> = if narrow {
            NARROW.iter().filter_map(|i| COLUMNS.get(*i).copied()).collect()
        } else {
            COLUMNS.to_vec()
        };
        let layout = Layout::new(&columns, Rangef::new(full.left(), full.right()));
        layout.header(ui);
        for entry in &entries {
            let cells = Cells { layout: &layout, narrow };
            show_entry(ui, context, outcome, entry, &cells, actions);
        }
        total(ui, outcome, &Cells { layout: &layout, narrow });
    });
}

/// Cells by the index of the full table.
struct Cells<'a> {
    layout: &'a Layout<'a>,
    narrow: bool,
}

impl Cells<'_> {
    fn column(&self, full: usize) -> Option<usize> {
        if self.narrow { NARROW.iter().position(|i| *i == full) } else { Some(full) }
    }

    fn put(&self, ui: &Ui, full: usize, rect: Rect, text: Text<'_>) {
        if let Some(at) = self.column(full) {
            self.layout.text(ui.painter(), at, rect, text);
        }
    }
}

fn show_entry(
    ui: &mut Ui,
    context: &Context,
    outcome: &Outcome,
    entry: &Entry,
    cells: &Cells,
    actions: &mut Actions,
) {
    let theme = Theme::of(ui.ctx());
    let (Entry::Row { tier, .. } | Entry::NotServed { tier, .. }) = entry;
    let name = context.tier(tier).map_or(*tier, |t| t.name.as_str());
    let element = Element::new(crate::gui::context::Kind::Tier, *tier);
    let selected = context.selection.contains(&element);
    let spoken = match entry {
        Entry::Row { row, .. } => format!("{name} on {}", context.rack_short(&row.rack)),
        Entry::NotServed { .. } => format!("{name}, not served"),
    };
    let line = Row::show(ui, &spoken, selected);
    if line.response.clicked() {
        actions.push(Action::View(View::Select(vec![element])));
    }
    let first = cells.layout.cell(0, line.rect);
    let square = Rect::from_center_size(pos2(first.left() + 4.0, first.center().y), vec2(8.0, 8.0));
    let after = Rect::from_min_max(pos2(first.left() + 15.0, first.top()), first.max);
    match entry {
        Entry::Row { first: head, row, .. } => {
            if *head {
                let fill = theme.tier_color(context.tier_rank(tier));
                ui.painter().rect_filled(square, 1.5, fill);
                Text::new(name, TextRole::Body, theme.color(Token::Text1))
                    .paint(ui.painter(), after);
            }
            figures(ui, context, outcome, row, (cells, &line));
        }
        Entry::NotServed { why, .. } => {
            let edge = theme.outline();
            ui.painter().rect_stroke(square, 1.5, edge, eframe::egui::StrokeKind::Inside);
            let grey = line.color(theme, Token::Text3);
            Text::new(name, TextRole::Body, grey).paint(ui.painter(), after);
            let rest = Rect::from_min_max(
                pos2(cells.layout.cell(1, line.rect).left(), line.rect.top()),
                line.rect.max,
            );
            Text::new(why, TextRole::Body, grey).paint(ui.painter(), rest);
        }
    }
}

fn figures(
    ui: &Ui,
    context: &Context,
    outcome: &Outcome,
    row: &AllocationRow,
    place: (&Cells, &Row),
) {
    let (cells, line) = place;
    let theme = Theme::of(ui.ctx());
    let stale = matches!(context.freshness, Freshness::Stale { .. });
    let value = line.color(theme, if stale { Token::Text3 } else { Token::Text1 });
    let grey = line.color(theme, Token::Text2);
    let rack = cells.layout.cell(1, line.rect);
    let dot = theme.rack_color(context.generation(&row.rack));
    ui.painter().circle_filled(pos2(rack.left() + 4.0, rack.center().y), 3.5, dot);
    let after = Rect::from_min_max(pos2(rack.left() + 12.0, rack.top()), rack.max);
    let short = context.rack_short(&row.rack);
    Text::new(short, TextRole::Body, theme.color(Token::Text1)).paint(ui.painter(), after);
    let put = |column: usize, words: &str, role: TextRole, color| {
        cells.put(ui, column, line.rect, Text::new(words, role, color));
    };
    let total = outcome.plan.grid_mw;
    let per_m = |usd: f64, tok_s: f64| usd / (tok_s * SECONDS_PER_YEAR / 1e6);
    put(2, &format::or_dash(speed(outcome, row), format::count), TextRole::Body, grey);
    put(3, &format::known(row.racks, format::count), TextRole::Body, value);
    put(4, &format::fixed(row.grid_mw, 1), TextRole::Body, value);
    let share = (total > 0.0).then(|| format::fixed(row.grid_mw / total * 100.0, 1));
    put(5, &share.unwrap_or_else(|| "–".into()), TextRole::Body, grey);
    put(6, &format::fixed(row.tokens_per_s / 1e6, 1), TextRole::Body, value);
    let price = (row.tokens_per_s > 0.0)
        .then(|| small_money(per_m(row.revenue_usd_per_year, row.tokens_per_s)));
    put(7, &price.unwrap_or_else(|| "–".into()), TextRole::Body, grey);
    put(8, &billions(row.revenue_usd_per_year), TextRole::BodyStrong, value);
    let per_mw =
        (row.grid_mw > 0.0).then(|| format::fixed(row.revenue_usd_per_year / 1e6 / row.grid_mw, 1));
    put(9, &per_mw.unwrap_or_else(|| "–".into()), TextRole::Body, grey);
}

/// Dollars with two decimals, never zero for something that is not.
fn small_money(usd: f64) -> String {
    if usd > 0.0 && usd < 0.005 { "<0.01".to_owned() } else { format::fixed(usd, 2) }
}

fn billions(usd: f64) -> String {
    if usd > 0.0 && usd < 5e6 { "<0.01".to_owned() } else { format::fixed(usd / 1e9, 2) }
}

fn total(ui: &mut Ui, outcome: &Outcome, cells: &Cells) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), size::TABLE_ROW), Sense::hover());
    total_rule(ui, rect);
    let plan = &outcome.plan;
    let value = theme.color(Token::Text1);
    let put = |column: usize, words: &str| {
        cells.put(ui, column, rect, Text::new(words, TextRole::BodyStrong, value));
    };
    put(0, "Site");
    let racks: Option<f64> = plan.allocation.iter().map(|r| r.racks).sum();
    put(3, &format::known(racks, format::count));
    let mw: f64 = plan.allocation.iter().map(|r| r.grid_mw).sum();
    put(4, &format::fixed(mw, 1));
    if plan.grid_mw > 0.0 {
        put(5, &format::fixed(mw / plan.grid_mw * 100.0, 1));
    }
    let output = plan.tokens_per_s.output;
    put(6, &format::fixed(output / 1e6, 1));
    if output > 0.0 {
        put(7, &small_money(plan.revenue_usd_per_year / (output * SECONDS_PER_YEAR / 1e6)));
    }
    put(8, &billions(plan.revenue_usd_per_year));
    if mw > 0.0 {
        put(9, &format::fixed(plan.revenue_usd_per_year / 1e6 / mw, 1));
    }
}

const NEXT: [Column; 4] = [
    Column::left("One more", Width::Flex(1.0, 150.0)),
    Column::right("Gain", Width::Fixed(76.0)),
    Column::right("valid to", Width::Fixed(96.0)),
    Column::right("net of its cost", Width::Fixed(92.0)),
];

/// A value of the next unit.
struct Next {
    words: String,
    unit: String,
    gain: f64,
    valid: Option<f64>,
    net: Option<f64>,
    element: Option<Element>,
}

/// Limits worth something, the dearest first, then joint gains.
fn next_units(outcome: &Outcome) -> Vec<Next> {
    let plan = &outcome.plan;
    let mut worth: Vec<(&LimitResult, f64)> = plan
        .limits
        .iter()
        .filter(|l| l.binding)
        .filter_map(|l| Some((l, l.gain_usd_per_year?)))
        .collect();
    worth.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.id.cmp(&b.0.id)));
    let mut rows: Vec<Next> = worth
        .into_iter()
        .map(|(l, gain)| Next {
            words: l.name.clone(),
            unit: l.unit.clone(),
            gain,
            valid: l.gain_valid_to,
            net: l.net_gain_usd_per_year,
            element: Element::of_path(&l.id),
        })
        .collect();
    rows = merged(rows);
    for joint in &plan.joint_gains {
        let name = |id: &String| {
            plan.limits.iter().find(|l| l.id == *id).map_or(id.clone(), |l| l.name.clone())
        };
        let unit = plan.limits.iter().find(|l| joint.limits.first() == Some(&l.id));
        rows.push(Next {
            words: joint.limits.iter().map(name).collect::<Vec<_>>().join(" and "),
            unit: unit.map_or_else(String::new, |l| l.unit.clone()),
            gain: joint.gain_usd_per_year,
            valid: joint.valid_to,
            net: None,
            element: joint.limits.first().and_then(|id| Element::of_path(id)),
        });
    }
    rows
}

/// Steps of one demand that are worth the same become one row.
fn merged(rows: Vec<Next>) -> Vec<Next> {
    let mut out: Vec<Next> = Vec::new();
    for row in rows {
        let head = row.words.split(", step").next().unwrap_or_default().to_owned();
        let twin = out.iter_mut().find(|o| {
            o.element == row.element
                && o.gain == row.gain
                && o.valid == row.valid
                && head.len() < row.words.len()
                && o.words.starts_with(&head)
        });
        match twin {
            Some(twin) => twin.words = format!("{head}, any step"),
            None => out.push(row),
        }
    }
    out
}

/// Height that the card of next units wants, at most `most` rows.
pub fn next_wanted_height(outcome: &Outcome, most: usize) -> f32 {
    let rows = next_units(outcome).len().clamp(1, most);
    44.0 + size::TABLE_HEADER + rows as f32 * size::TABLE_ROW
}

/// Shows the value of the next unit in `rect`.
pub fn show_next(
    ui: &mut Ui,
    context: &Context,
    outcome: &Outcome,
    rect: Rect,
    actions: &mut Actions,
) {
    header(ui, rect, "Value of the next unit", "$M per year, one-sided, with its range");
    let theme = Theme::of(ui.ctx());
    let rows = next_units(outcome);
    if rows.is_empty() {
        let why = if outcome.timing.marginal_seconds > 0.0 {
            "No limit binds"
        } else {
            "Values follow with the full result"
        };
        let grey = theme.color(Token::Text2);
        Text::new(why, TextRole::Body, grey).center().paint(ui.painter(), body(rect));
        return;
    }
    inside(ui, rect, "next-units", |ui| {
        let full = ui.available_rect_before_wrap();
        // The net comes last and goes first.
        let shown = if full.width() < 500.0 { NEXT.get(..3).unwrap_or(&NEXT) } else { &NEXT[..] };
        let layout = Layout::new(shown, Rangef::new(full.left(), full.right()));
        layout.header(ui);
        for next in &rows {
            let selected = next.element.as_ref().is_some_and(|e| context.selection.contains(e));
            let line = Row::show(ui, &format!("One more: {}", next.words), selected);
            if let (true, Some(element)) = (line.response.clicked(), &next.element) {
                actions.push(Action::View(View::Select(vec![element.clone()])));
            }
            let cell = layout.cell(0, line.rect);
            let per = per(&next.unit);
            let tail = paint::width(ui.painter(), &per, TextRole::Small) + 6.0;
            let head = Rect::from_min_max(
                cell.min,
                pos2((cell.right() - tail).max(cell.left()), cell.bottom()),
            );
            let end = Text::new(&next.words, TextRole::Body, theme.color(Token::Text1))
                .paint(ui.painter(), head)
                .right();
            let rest = Rect::from_min_max(pos2(end + 6.0, cell.top()), cell.max);
            let grey = line.color(theme, Token::Text3);
            if !next.unit.is_empty() {
                Text::new(&per, TextRole::Small, grey).paint(ui.painter(), rest);
            }
            let put = |column, words: &str, role, color| {
                layout.text(ui.painter(), column, line.rect, Text::new(words, role, color));
            };
            put(1, &millions(next.gain), TextRole::BodyStrong, theme.color(Token::Text1));
            let valid = format::or_dash(next.valid, |v| format::amount_change(v, &next.unit));
            put(2, &valid, TextRole::Body, line.color(theme, Token::Text2));
            if shown.len() < NEXT.len() {
                continue;
            }
            let net = format::or_dash(next.net, millions);
            let token = if next.net.is_some_and(|n| n > 0.0) { Token::Ok } else { Token::Text2 };
            put(3, &net, TextRole::Body, line.color(theme, token));
        }
    });
}

/// `per MW`, `per rack`: of one of what the limit counts.
fn per(unit: &str) -> String {
    let counted = unit.chars().all(char::is_alphabetic);
    format!("per {}", if counted { unit.strip_suffix('s').unwrap_or(unit) } else { unit })
}

/// Millions of dollars with their sign: `+17.7`, `0`, `+$23,814`.
fn millions(usd: f64) -> String {
    let m = usd / 1e6;
    let sign = if m < 0.0 { "−" } else { "+" };
    match m.abs() {
        0.0 => "0".to_owned(),
        // Whole dollars, and the sign that says so among millions.
        a if a < 0.05 => format::money_change(Money::usd(usd)),
        a if a < 100.0 => format!("{sign}{}", format::fixed(a, 1)),
        a => format!("{sign}{}", format::fixed(a, 0)),
    }
}

/// The body of a card as a child that scrolls where it is too tall.
pub(super) fn inside(ui: &mut Ui, rect: Rect, id: &str, add: impl FnOnce(&mut Ui)) {
    let room = Rect::from_min_max(
        pos2(rect.left() + 8.0, rect.top() + 33.0),
        pos2(rect.right() - 8.0, rect.bottom() - 4.0),
    );
    let mut child = ui.new_child(UiBuilder::new().id_salt(id).max_rect(room));
    child.set_clip_rect(room.intersect(ui.clip_rect()));
    ScrollArea::vertical().id_salt(id).auto_shrink(false).show(&mut child, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        add(ui);
    });
}
