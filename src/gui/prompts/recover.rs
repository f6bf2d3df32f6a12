//! The question what is to become of work that programs left behind.

use super::{Choice, body, buttons, ghost, heading, line, normal, steps};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::paint::{self, Text};
use crate::gui::icons::Icon;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use eframe::egui::{self, Frame, Margin, Rect, ScrollArea, Sense, Ui, pos2, vec2};

/// Work that can be recovered, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    pub title: String,
    /// Its file; empty where it never had one.
    pub place: String,
    /// "5 minutes ago".
    pub age: String,
    /// How it stands to its file.
    pub summary: String,
    /// The first steps from the file to the work.
    pub lines: Vec<String>,
    /// Steps that `lines` leaves out.
    pub more: usize,
    /// Why it cannot be recovered.
    pub fault: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    pub offers: Vec<Offer>,
    /// Recovered work goes into a window of its own.
    pub elsewhere: bool,
    /// The offer that is about to be discarded.
    pub doomed: Option<usize>,
}

/// Height of the list before it scrolls.
const TALLEST: f32 = 460.0;

pub(super) fn show(ui: &mut Ui, offers: &mut Offers) -> Option<Choice> {
    if offers.offers.is_empty() {
        heading(ui, "No unsaved work was found");
        body(ui, "Work is kept until it is saved, and offered here if a window ends before that");
        return buttons(ui, |ui| super::primary(ui, "Close").then_some(Choice::Cancel));
    }
    heading(ui, "Unsaved work was found");
    body(ui, "A window ended before it was saved");
    ui.add_space(8.0);
    let mut choice = None;
    ScrollArea::vertical().max_height(TALLEST).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 4.0;
        for index in 0..offers.offers.len() {
            choice = choice.take().or(card(ui, offers, index));
            ui.add_space(4.0);
        }
    });
    choice.or(buttons(ui, |ui| normal(ui, "Decide later").then_some(Choice::Cancel)))
}

fn card(ui: &mut Ui, offers: &mut Offers, index: usize) -> Option<Choice> {
    let theme = Theme::of(ui.ctx());
    let offer = offers.offers.get(index)?.clone();
    let frame = Frame::new()
        .fill(theme.color(Token::WarnBg))
        .corner_radius(paint::corner(size::RADIUS_CARD))
        .inner_margin(Margin::same(12));
    frame
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            title(ui, &offer);
            if !offer.place.is_empty() {
                line(ui, &offer.place, TextRole::Small, Token::Text2);
            }
            ui.add_space(2.0);
            line(ui, &offer.summary, TextRole::Body, Token::Text1);
            steps(ui, &offer.lines, offer.more);
            if let Some(fault) = &offer.fault {
                line(ui, fault, TextRole::Body, Token::Err);
            }
            ui.add_space(6.0);
            answers(ui, offers, index, &offer)
        })
        .inner
}

/// Sign and title left, age right.
fn title(ui: &mut Ui, offer: &Offer) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let painter = ui.painter();
    Icon::Info.paint_sized(
        painter,
        pos2(rect.left() + 7.0, rect.center().y),
        15.0,
        theme.color(Token::Warn),
    );
    let age = paint::width(painter, &offer.age, TextRole::Small) + 12.0;
    let words = Rect::from_min_max(
        pos2(rect.left() + 22.0, rect.top()),
        pos2(rect.right() - age, rect.bottom()),
    );
    Text::new(&offer.title, TextRole::BodyStrong, theme.color(Token::Warn)).paint(painter, words);
    Text::new(&offer.age, TextRole::Small, theme.color(Token::Text2)).right().paint(painter, rect);
    let spoken = format!("{}, kept {}", offer.title, offer.age);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &spoken));
}

/// Discarding asks once more: it is the one thing that cannot be undone.
fn answers(ui: &mut Ui, offers: &mut Offers, index: usize, offer: &Offer) -> Option<Choice> {
    let mut choice = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        if offers.doomed == Some(index) {
            let name = format!("Discard {} for good", offer.title);
            if Button::new("Discard for good").name(&name).show(ui).clicked() {
                choice = Some(Choice::DiscardWork(index));
            }
            if ghost(ui, "Keep it") {
                offers.doomed = None;
            }
            return;
        }
        if offer.fault.is_none() {
            let words = if offers.elsewhere { "Recover in a new window" } else { "Recover" };
            let look = if index == 0 { Look::Primary } else { Look::Normal };
            let name = format!("{words}: {}", offer.title);
            let button = Button::new(words).look(look).name(&name).show(ui);
            if index == 0 && ui.memory(|m| m.focused().is_none()) {
                button.request_focus();
            }
            if button.clicked() {
                choice = Some(Choice::Recover(index));
            }
        }
        let name = format!("Discard: {}", offer.title);
        if Button::new("Discard...").look(Look::Ghost).name(&name).show(ui).clicked() {
            offers.doomed = Some(index);
        }
    });
    choice
}
