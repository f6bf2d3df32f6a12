//! The scenarios of the layout beside the base: what each changes and what it is worth. Made ones
//! can be taken into the layout, edited there and removed, each step an entry of the history.

use super::list::List;
use crate::editor::ScenarioCommand;
use crate::gui::action::{Action, Actions, Edit};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::table::{Column, Layout, Row, Width};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Scenario;
use crate::study::risk::{Answer, ScenarioResult};
use crate::units::format::{self, fixed, money, price, share};
use crate::units::{Money, TokenPrice};
use eframe::egui::{
    Align, Id, Layout as Flow, Popup, PopupCloseBehavior, Rect, Response, Sense, Ui, UiBuilder,
    pos2, vec2,
};

/// How a figure that is not defined begins.
const NOT_AVAILABLE: &str = "n/a";
const FOOT: f32 = 34.0;
const WIDE: f32 = 440.0;

const COLUMNS: [Column; 6] = [
    Column::left("Scenario", Width::Flex(1.0, 90.0)),
    Column::right("NPV", Width::Fixed(84.0)),
    Column::right("against base", Width::Fixed(84.0)),
    Column::right("IRR", Width::Fixed(62.0)),
    Column::right("Cost per M", Width::Fixed(72.0)),
    Column::right("Payback", Width::Fixed(64.0)),
];

pub fn height(rows: usize) -> f32 {
    List::height(rows.max(4), size::TABLE_ROW) + FOOT
}

/// Shows the card in `rect`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, (rect, actions): (Rect, &mut Actions)) {
    let found = cx.risks.scenarios.as_deref();
    let caption = match found {
        None if cx.risks.studying => "being studied",
        None => "",
        Some(_) if cx.risks.stale => "of an older plan",
        Some(found) if found.made => "made from the ranges of the catalogue",
        Some(_) => "of the layout",
    };
    let (id, title) = ("scenarios", "Scenarios");
    let card = List { id, title, caption, columns: &COLUMNS, rect, foot: FOOT };
    let Some(found) = found else { return card.show(ui, |_, _| {}) };
    let own: &[Scenario] = cx.document.scenarios;
    let base = found.rows.first().and_then(|r| r.npv_usd.clone().ok());
    card.show(ui, |ui, layout| {
        for (n, row) in found.rows.iter().enumerate() {
            let base = base.filter(|_| n > 0);
            let response = line(ui, layout, row, base);
            let scenario = own.iter().find(|s| s.id == row.id);
            details(&response, row, scenario, actions);
        }
    });
    foot(ui, cx, (rect, found.made), actions);
}

fn answer(value: &Answer, form: impl Fn(f64) -> String) -> String {
    value.as_ref().map_or_else(|why| why.clone(), |v| form(*v))
}

fn line(ui: &mut Ui, layout: &Layout<'_>, row: &ScenarioResult, base: Option<f64>) -> Response {
    let usd = |v: f64| money(Money::usd(v));
    let npv = answer(&row.npv_usd, usd);
    let irr = answer(&row.irr, share);
    let cost = answer(&row.levelised_usd_per_mtok, |v| {
        price(TokenPrice::usd_per_mtok(v)).trim_end_matches(" per M").to_owned()
    });
    let years = answer(&row.payback_years, |v| format!("{} years", fixed(v, 1)));
    let change = row.npv_usd.as_ref().ok().zip(base).map(|(v, b)| v - b);
    let against = change.map_or_else(String::new, |c| format::money_change(Money::usd(c)));
    let mut name =
        format!("Scenario {}: NPV {npv}, IRR {irr}, cost {cost} per M, payback {years}", row.name);
    if let Some(loan) = &row.loan {
        let least = answer(&loan.min_dscr.all, |v| fixed(v, 2));
        name.push_str(&format!(", loan {}, least cover {least}", usd(loan.loan_usd)));
    }
    let painted = Row::show_as(ui, Id::unique(("scenario", row.id.as_str())), &name, false);
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    // Why there is none stands in the name of the row and in the tip.
    let text = |column: usize, words: &str, role: TextRole, token: Token| {
        let missing = words.starts_with(NOT_AVAILABLE);
        let (words, token) = if missing { (NOT_AVAILABLE, Token::Text3) } else { (words, token) };
        layout.text(painter, column, painted.rect, Text::new(words, role, theme.color(token)));
    };
    text(0, &row.name, TextRole::Body, Token::Text1);
    text(1, &npv, TextRole::BodyStrong, Token::Text1);
    let token = match change {
        Some(c) if c > 0.0 => Token::Ok,
        Some(c) if c < 0.0 => Token::Err,
        _ => Token::Text2,
    };
    text(2, &against, TextRole::Body, token);
    text(3, &irr, TextRole::Body, Token::Text2);
    text(4, &cost, TextRole::Body, Token::Text2);
    text(5, &years, TextRole::Body, Token::Text2);
    painted.response.on_hover_text(name)
}

/// What a scenario changes; one of the layout can be edited here.
fn details(anchor: &Response, row: &ScenarioResult, own: Option<&Scenario>, actions: &mut Actions) {
    Popup::menu(anchor)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .accessible_name(format!("Scenario {}", row.name))
        .width(WIDE)
        .show(|ui| {
            ui.set_width(WIDE);
            ui.spacing_mut().item_spacing.y = size::SPACE[1];
            title(ui, &row.name, &row.notes);
            match own {
                Some(scenario) => editable(ui, scenario, actions),
                None => row.changes.iter().for_each(|change| fact(ui, change)),
            }
            if own.is_none() && row.changes.is_empty() {
                fact(ui, "changes nothing: the layout as it stands");
            }
        });
}

fn title(ui: &mut Ui, name: &str, notes: &str) {
    let theme = Theme::of(ui.ctx());
    for (text, role, token) in
        [(name, TextRole::BodyStrong, Token::Text1), (notes, TextRole::Small, Token::Text2)]
    {
        if text.is_empty() {
            continue;
        }
        let galley = paint::paragraph(ui.painter(), text, role, WIDE - 16.0);
        let (rect, _) = ui.allocate_exact_size(vec2(WIDE, galley.size().y + 4.0), Sense::hover());
        let at = rect.min + vec2(8.0, 2.0);
        ui.painter().galley_with_override_text_color(at, galley, theme.color(token));
    }
}

fn fact(ui: &mut Ui, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDE, 20.0), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    Text::new(text, TextRole::Body, grey).paint(ui.painter(), rect.shrink2(vec2(8.0, 0.0)));
}

/// A field for each change, and the way to add and remove them.
fn editable(ui: &mut Ui, scenario: &Scenario, actions: &mut Actions) {
    let mut changed = scenario.clone();
    if let Some(name) = text_field(ui, (&scenario.id, "name"), "Name", &scenario.name) {
        changed.name = name;
    }
    let mut gone = None;
    for (n, (path, value)) in scenario.changes.iter().enumerate() {
        let at = (scenario.id.as_str(), path.as_str());
        let (typed, removed) = change_row(ui, at, path, value);
        if let (Some(text), Some(change)) = (typed, changed.changes.get_mut(n)) {
            change.1 = text;
        }
        if removed {
            gone = Some(n);
        }
    }
    if let Some(n) = gone {
        changed.changes.remove(n);
    }
    let hint = "Another input, as PATH=VALUE";
    if let Some(text) = text_field(ui, (&scenario.id, "new"), hint, "")
        && let Some((path, value)) = text.split_once('=')
    {
        changed.changes.push((path.trim().to_owned(), value.trim().to_owned()));
    }
    if changed != *scenario {
        actions.push(Action::Edit(Edit::Scenario(ScenarioCommand::Put(changed))));
    }
    ui.horizontal(|ui| {
        ui.add_space(8.0);
        let button = Button::new("Remove scenario").with_icon(Icon::Trash).look(Look::Normal);
        if button.show(ui).clicked() {
            let id = scenario.id.clone();
            actions.push(Action::Edit(Edit::Scenario(ScenarioCommand::Remove(id))));
            ui.close();
        }
    });
    ui.add_space(6.0);
}

/// A labelled text; what was typed, once it is left.
fn text_field(ui: &mut Ui, at: (&str, &str), label: &str, value: &str) -> Option<String> {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDE, 26.0), Sense::hover());
    let inner = rect.shrink2(vec2(8.0, 3.0));
    let half = inner.left() + inner.width() * 0.5;
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    Text::new(label, TextRole::Body, grey).paint(ui.painter(), inner.with_max_x(half - 6.0));
    let id = Id::unique(("scenario-text", at));
    let look = if value.is_empty() { FieldLook::Absent } else { FieldLook::Rest };
    let field = Field { id, name: label, shown: value, edited: value, unit: "", look };
    let typed = field.show(ui, inner.with_min_x(half)).committed?;
    let typed = typed.trim().to_owned();
    (!typed.is_empty()).then_some(typed)
}

/// A change: its path, its value as a field, and what takes it out.
fn change_row(ui: &mut Ui, at: (&str, &str), path: &str, value: &str) -> (Option<String>, bool) {
    let (rect, _) = ui.allocate_exact_size(vec2(WIDE, 26.0), Sense::hover());
    let inner = rect.shrink2(vec2(8.0, 3.0));
    let split = inner.right() - 160.0;
    let color = Theme::of(ui.ctx()).color(Token::Text1);
    Text::new(path, TextRole::Body, color).paint(ui.painter(), inner.with_max_x(split - 6.0));
    let id = Id::unique(("scenario-change", at));
    let name = format!("Value of {path}");
    let field =
        Field { id, name: &name, shown: value, edited: value, unit: "", look: FieldLook::Rest };
    let place =
        Rect::from_min_max(pos2(split, inner.top()), pos2(inner.right() - 26.0, inner.bottom()));
    let typed = field.show(ui, place).committed;
    let button =
        Rect::from_min_size(pos2(inner.right() - 22.0, inner.top() - 1.0), vec2(22.0, 22.0));
    let removed = ui
        .scope_builder(UiBuilder::new().max_rect(button), |ui| {
            let name = format!("Leave {path} as it is");
            Button::icon(Icon::Cross, &name).height(22.0).show(ui).clicked()
        })
        .inner;
    let typed = typed.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    (typed, removed)
}

fn foot(ui: &mut Ui, cx: &Context<'_>, (rect, made): (Rect, bool), actions: &mut Actions) {
    let row = Rect::from_min_max(
        pos2(rect.left() + 10.0, rect.bottom() - FOOT + 4.0),
        pos2(rect.right() - 10.0, rect.bottom() - 4.0),
    );
    let builder = UiBuilder::new().max_rect(row).layout(Flow::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if made {
            let button = Button::new("Keep in the layout").height(24.0).show(ui);
            let button = button.on_hover_text("Takes these scenarios over, to be edited");
            if button.clicked() {
                let list = kept(cx);
                actions.push(Action::Edit(Edit::Scenario(ScenarioCommand::Keep(list))));
            }
            return;
        }
        if Button::new("New scenario").with_icon(Icon::Plus).height(24.0).show(ui).clicked() {
            let scenario = fresh(cx.document.scenarios);
            actions.push(Action::Edit(Edit::Scenario(ScenarioCommand::Put(scenario))));
        }
    });
}

/// The made scenarios as the layout writes them.
fn kept(cx: &Context<'_>) -> Vec<Scenario> {
    let rows = cx.risks.scenarios.as_ref().map_or(&[][..], |s| s.rows.as_slice());
    // The first row is the layout as it stands.
    let made = rows.iter().skip(1).map(|row| Scenario {
        id: row.id.clone(),
        name: row.name.clone(),
        notes: row.notes.clone(),
        changes: row
            .changes
            .iter()
            .filter_map(|change| change.split_once('='))
            .map(|(path, value)| (path.to_owned(), value.to_owned()))
            .collect(),
    });
    made.collect()
}

/// A scenario that changes nothing yet.
fn fresh(own: &[Scenario]) -> Scenario {
    let free = |n: &usize| own.iter().all(|s| s.id != format!("scenario-{n}"));
    let n = (1..).find(free).unwrap_or(1);
    Scenario {
        id: format!("scenario-{n}"),
        name: format!("Scenario {n}"),
        notes: String::new(),
        changes: Vec::new(),
    }
}
