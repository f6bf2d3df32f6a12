//! The list of what can feed or cool the selection, and of what does: a field to search in, the
//! possible ones first with their headroom, the others greyed with the reason. By keyboard alone.
//! It must not judge a connection: the editor does.

mod rows;

use super::action::{Action, Actions, Edit};
use super::components::button::{Button, Look};
use super::components::finder::{self, Search};
use super::components::paint::{self, Text};
use super::context::{Context, Element, Kind};
use super::icons::Icon;
use super::panels::limits::name_of;
use super::theme::Theme;
use crate::editor::{Beside, Supply};
use crate::scene::tokens::{TextRole, Token};
use crate::site::NodeKind;
use eframe::egui::{self, Id, Key, Modifiers, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use rows::Row;

const WIDTH: f32 = 620.0;
const FIELD: f32 = 44.0;
const FOOTER: f32 = 38.0;
/// Steps of the page keys.
const PAGE: isize = 8;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// A source to connect.
    Connect(Supply),
    /// A connection to take away.
    Disconnect,
}

/// The state of the list.
#[derive(Default)]
pub struct Chooser {
    ask: Option<Ask>,
    query: String,
    /// What the selection was when it opened.
    elements: Vec<Element>,
    /// Everything that can be listed; `None` until the first frame has gathered it.
    all: Option<Vec<Row>>,
    /// What of it fits the query, by index.
    shown: Vec<usize>,
    chosen: usize,
    /// The keyboard has moved the choice since the last frame.
    moved: bool,
    beside: Option<Beside>,
    /// The field gets the keyboard with the next frame.
    fresh: bool,
    /// What had the keyboard before, and what gets it back.
    back: Option<Id>,
    returning: Option<Id>,
}

impl Chooser {
    pub fn is_open(&self) -> bool {
        self.ask.is_some()
    }

    /// Opens for the selection.
    pub fn open(&mut self, ctx: &egui::Context, ask: Ask) {
        let back = ctx.memory(|m| m.focused());
        *self = Self { ask: Some(ask), fresh: true, back, ..Self::default() };
    }

    fn close(&mut self, ctx: &egui::Context) {
        ctx.memory_mut(|m| m.surrender_focus(field_id()));
        *self = Self { returning: self.back.take(), ..Self::default() };
        ctx.request_repaint();
    }

    fn filter(&mut self) {
        self.shown = rows::fitting(self.all.as_deref().unwrap_or_default(), &self.query);
        self.chosen = 0;
    }

    fn chosen(&self) -> Option<&Row> {
        self.all.as_ref()?.get(*self.shown.get(self.chosen)?)
    }
}

fn field_id() -> Id {
    Id::unique("chooser-field")
}

/// Shows the list while it is open.
pub fn show(ui: &Ui, cx: &Context<'_>, state: &mut Chooser, actions: &mut Actions) {
    let ctx = ui.ctx();
    let Some(ask) = state.ask else {
        if let Some(id) = state.returning.take() {
            ctx.memory_mut(|m| m.request_focus(id));
        }
        return;
    };
    if state.all.is_none() {
        state.elements = cx.selection.to_vec();
        state.all = Some(rows::gather(cx, ask));
        state.beside = beside_of(cx, ask);
        state.filter();
    }
    let mut taken = keys(ctx, state);
    let screen = ctx.content_rect();
    let top = screen.height() * 0.12;
    let room = (screen.height() - top - FIELD - FOOTER - 90.0).clamp(120.0, 460.0);
    let modal = finder::float(ctx, Id::unique("chooser"), (WIDTH, top), |ui| {
        title(ui, cx, state, ask);
        field(ui, state);
        if let Some(index) = rows::show(ui, state, room) {
            state.chosen = index;
            taken = Taken::Choose;
        }
        footer(ui, state);
    });
    if modal.should_close() {
        taken = Taken::Close;
    }
    match taken {
        Taken::Nothing => {}
        Taken::Close => state.close(ctx),
        Taken::Choose => choose(ctx, state, ask, actions),
    }
}

enum Taken {
    Nothing,
    Close,
    Choose,
}

/// Keys that steer the list; taken before the field sees them.
fn keys(ctx: &egui::Context, state: &mut Chooser) -> Taken {
    let pressed = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let last = state.shown.len().saturating_sub(1);
    let before = state.chosen;
    for (key, by) in
        [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)]
    {
        if pressed(key) {
            state.chosen = state.chosen.saturating_add_signed(by).min(last);
        }
    }
    state.moved |= state.chosen != before;
    // A button that has the keyboard takes its own Enter.
    let typing = ctx.memory(|m| m.focused()).is_none_or(|id| id == field_id());
    if typing && pressed(Key::Enter) { Taken::Choose } else { Taken::Nothing }
}

fn choose(ctx: &egui::Context, state: &mut Chooser, ask: Ask, actions: &mut Actions) {
    let Some(row) = state.chosen().filter(|r| r.is_possible()) else { return };
    let elements = state.elements.clone();
    let source = row.element.clone();
    let edit = match ask {
        Ask::Connect(supply) => {
            let beside = state.beside.unwrap_or(Beside::Replace);
            Edit::Connect { elements, source, supply, beside }
        }
        Ask::Disconnect => Edit::Disconnect { elements, source: Some(source), supply: row.supply },
    };
    actions.push(Action::Edit(edit));
    state.close(ctx);
}

/// Whether present sources stay, where the question makes sense: for nodes. Switchgear is fed by
/// several transformers, a busway by one; a switch that stands open adds to what there is.
fn beside_of(cx: &Context<'_>, ask: Ask) -> Option<Beside> {
    let Ask::Connect(supply @ (Supply::A | Supply::B)) = ask else { return None };
    let nodes = cx.selection.iter().filter(|e| e.kind == Kind::Node);
    let nodes: Vec<_> = nodes.filter_map(|e| cx.node(&e.id)).collect();
    let several = nodes.iter().any(|n| n.kind == NodeKind::Substation || n.from.len() > 1);
    let keep = several || supply == Supply::B;
    (!nodes.is_empty()).then_some(if keep { Beside::Keep } else { Beside::Replace })
}

fn title(ui: &mut Ui, cx: &Context<'_>, state: &Chooser, ask: Ask) {
    let t = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let what = match state.elements.as_slice() {
        [one] => name_of(cx, one).unwrap_or_else(|| one.id.clone()),
        many => format!("{} elements", many.len()),
    };
    let words = match ask {
        Ask::Connect(Supply::A) => format!("Feed {what} from"),
        Ask::Connect(Supply::B) => format!("Feed {what} on path B from"),
        Ask::Connect(Supply::Coolant) => format!("Cool {what} by"),
        Ask::Disconnect => format!("Disconnect {what} from"),
    };
    let inner = Rect::from_min_max(pos2(rect.left() + 16.0, rect.top() + 6.0), rect.max);
    Text::new(&words, TextRole::BodyStrong, t.color(Token::Text1)).paint(ui.painter(), inner);
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &words));
}

fn field(ui: &mut Ui, state: &mut Chooser) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FIELD), Sense::hover());
    let before = state.query.clone();
    let (hint, name) = ("Name or id", "Search for a source");
    let search = Search { id: field_id(), hint, name, locked: false };
    let response = search.show(ui, rect, rect.right() - 16.0, &mut state.query);
    if std::mem::take(&mut state.fresh) {
        response.request_focus();
    }
    if state.query != before {
        state.filter();
        state.moved = true;
        ui.ctx().request_repaint();
    }
}

fn footer(ui: &mut Ui, state: &mut Chooser) {
    let t = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOTER), Sense::hover());
    paint::hairline(
        ui.painter(),
        rect.left(),
        rect.right(),
        rect.top() + 0.5,
        t.color(Token::Line),
    );
    let possible = |i: &&usize| state.all.as_ref().is_some_and(|a| a[**i].is_possible());
    let count = state.shown.iter().filter(possible).count();
    let words = match count {
        0 => "none is possible".to_owned(),
        n => format!("{n} possible"),
    };
    let right = Rect::from_min_max(rect.min, rect.max - vec2(16.0, 0.0));
    Text::new(&words, TextRole::Small, t.color(Token::Text2)).right().paint(ui.painter(), right);
    let response = ui.interact(rect, Id::unique("chooser-footer"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(egui::Role::Status, true, &words));
    let Some(beside) = state.beside else { return };
    let place = rect.shrink2(vec2(12.0, 6.0));
    ui.scope_builder(UiBuilder::new().max_rect(place), |ui| {
        let keeps = beside == Beside::Keep;
        let (text, name) = match keeps {
            true => ("Beside present sources", "Present sources stay, change"),
            false => ("In place of present sources", "Present sources are replaced, change"),
        };
        let button = Button::new(text).look(Look::Normal).name(name);
        if button.with_icon(Icon::Link).show(ui).clicked() {
            state.beside = Some(if keeps { Beside::Replace } else { Beside::Keep });
        }
    });
}
