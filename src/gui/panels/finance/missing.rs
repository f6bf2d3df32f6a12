//! What stands on the finance page while there is no value: what is missing, why that stops
//! everything, and the field to enter it in.

use super::plate;
use crate::editor::catalogue::RecordKey;
use crate::gui::action::{Action, Actions, File, Gesture, Tab, View};
use crate::gui::components::button::Button;
use crate::gui::components::empty::empty;
use crate::gui::components::paint;
use crate::gui::components::row::{Number, NumberRow, Source};
use crate::gui::context::{Context, Element};
use crate::gui::panels::headline::field_words;
use crate::gui::panels::rows::{least_of, set};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::finance::NoFinance;
use crate::units::format::unit_of_field;
use crate::units::words::upper_first;
use eframe::egui::{Frame, Id, Margin, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Width of the card.
const WIDE: f32 = 460.0;
const HIGH: f32 = 172.0;

/// Shows it in what is left of `ui`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    if let Some(why) = &cx.finances.failed {
        return told(ui, "The valuation stopped", why);
    }
    if cx.outcome.is_none() {
        let why = "A value needs a solved plan: mend the errors under Problems, or wait";
        return told(ui, "No result yet", why);
    }
    match cx.finances.missing() {
        None => told(ui, "The plan is being valued", "Its value comes right after the plan"),
        Some(NoFinance::NoPlan) => {
            let why = "Only a plan that meets every requirement can be valued; Economics names \
                       the requirements that conflict and the least relaxation of each";
            if empty(ui, "The site has no plan to value", why, Some("Show the conflicts")) {
                actions.push(Action::View(View::Tab(Tab::Economics)));
            }
        }
        Some(NoFinance::Unknown(path)) => unknown(ui, cx, path, actions),
        Some(NoFinance::Input(error)) => {
            let why = upper_first(&error.to_string());
            let title = "An input stops the value";
            let is_here = error.field.starts_with("finance.");
            if empty(ui, title, &why, is_here.then_some("Show it in the inspector")) {
                actions.push(Action::View(View::EditField(error.field.clone())));
            }
        }
        Some(error @ (NoFinance::NoPlanOf(_) | NoFinance::Solver(_))) => {
            let why = upper_first(&error.to_string());
            told(ui, "The site cannot be valued", &why);
        }
    }
}

fn told(ui: &mut Ui, title: &str, why: &str) {
    empty(ui, title, why, None);
}

/// A card that asks for the one number that is missing.
fn unknown(ui: &mut Ui, cx: &Context<'_>, path: &str, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let all = ui.available_rect_before_wrap();
    let left = (all.center().x - WIDE / 2.0).max(all.left() + 8.0);
    let card = Rect::from_min_size(pos2(left, all.top() + 72.0), vec2(WIDE, HIGH));
    plate(ui, card);
    let words = field_words(cx, path);
    ui.scope_builder(UiBuilder::new().max_rect(card), |ui| {
        Frame::new().inner_margin(Margin::same(16)).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = size::SPACE[2];
            let title = format!("The site cannot be valued: {words} is unknown");
            line(ui, &title, TextRole::BodyStrong, theme.color(Token::Text1));
            let why = "An unknown number is never taken as zero, so that everything which needs \
                       it stops here";
            line(ui, why, TextRole::Body, theme.color(Token::Text2));
            ui.add_space(4.0);
            field(ui, path, &words, actions);
            ui.add_space(4.0);
            show_it(ui, path, actions);
        });
    });
}

/// The number, to be entered where it is missed.
fn field(ui: &mut Ui, path: &str, words: &str, actions: &mut Actions) {
    let label = upper_first(words);
    let unit = unit_of_field(path);
    let output = NumberRow {
        id: Id::unique(("missing", path)),
        label: &label,
        name: &label,
        value: Number::Unknown,
        unit,
        range: None,
        source: Source::Warn("stops here"),
        least: least_of(path),
        whole: false,
        locked: None,
    }
    .show(ui);
    if let Some((entry, _)) = output.entry {
        actions.push(set(path, (&label, "", unit), &entry, Gesture::Once));
    }
}

/// The way to where the number stands.
fn show_it(ui: &mut Ui, path: &str, actions: &mut Actions) {
    if Element::of_path(path).is_some() {
        if Button::new("Show it in the inspector").show(ui).clicked() {
            actions.push(Action::View(View::EditField(path.to_owned())));
        }
        return;
    }
    let mut parts = path.split('.');
    let record = parts
        .next()
        .zip(parts.next())
        .filter(|_| parts.next().is_some() || path.starts_with("costs."));
    if let Some((collection, id)) = record
        && Button::new("Show it in the catalogue").show(ui).clicked()
    {
        let key = RecordKey::new(collection, id);
        actions.push(Action::File(File::Catalogue(Some(key))));
    }
}

fn line(ui: &mut Ui, text: &str, role: TextRole, color: eframe::egui::Color32) {
    let galley = paint::paragraph(ui.painter(), text, role, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    let spoken = text.to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
