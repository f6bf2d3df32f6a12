//! A new site from a few answers: a page in place of the panels. The answers are laid out and
//! solved on a thread of their own; nothing is written until the site is saved.

mod desk;
mod form;
mod preview;
mod rail;
mod steps;

use super::action::{Action, Actions, File};
use super::canvas::Still;
use super::components::button::{Button, Look};
use super::components::paint::{self, Text};
use super::context::Context;
use super::theme::Theme;
use crate::catalog::Catalog;
use crate::editor::Signature;
use crate::scene::tokens::{TextRole, Token, size};
use crate::study::template::Request;
use desk::Desk;
use eframe::egui::{
    self, Align, CentralPanel, Frame, Key, Layout, Margin, Modifiers, Panel, Rect, ScrollArea, Ui,
    UiBuilder, pos2, vec2,
};
use std::sync::Arc;
use steps::Step;

/// Grid contract that a new site starts from, MW.
const FIRST_MW: f64 = 100.0;
/// Widths: the rail of other ways to start, and the preview; below, the rail goes.
const RAIL: f32 = 270.0;
const PREVIEW: f32 = 460.0;
const ROOM_FOR_RAIL: f32 = 1120.0;
/// Width that the answers need; what is left beside it goes to the preview.
const FORM: f32 = 860.0;
/// Greatest width of answers and preview together.
const WIDEST: f32 = 1560.0;

/// The page and what it has found out.
#[derive(Default)]
pub struct Wizard {
    page: Option<Page>,
    desk: Desk,
    still: Still,
    /// The answer that the picture shows.
    pictured: Option<u64>,
}

/// What has been entered.
struct Page {
    catalog: Arc<Catalog>,
    request: Request,
    step: Step,
    /// Make the site as soon as the answer to the present request is there.
    create: bool,
    /// The field to be typed into first.
    fresh: bool,
}

/// The catalogue's defaults, signed by whoever uses the program.
pub(super) fn first_request(catalog: &Catalog) -> Request {
    let Signature { author, date } = Signature::of_user();
    Request { author, date, ..Request::new(catalog, FIRST_MW) }
}

impl Wizard {
    /// Opens the page with the catalogue's defaults.
    pub fn open(&mut self, catalog: Arc<Catalog>) {
        let request = first_request(&catalog);
        let step = Step::default();
        self.page = Some(Page { catalog, request, step, create: false, fresh: true });
    }

    pub fn close(&mut self) {
        self.page = None;
    }

    pub fn is_open(&self) -> bool {
        self.page.is_some()
    }

    /// No answer is on its way.
    pub fn is_settled(&self) -> bool {
        let answered = |page: &Page| self.desk.has_answered(&page.request) && !page.create;
        self.page.as_ref().is_none_or(answered)
    }

    /// Hands in the answers and collects what came of them; the site once it is wanted.
    pub fn step(&mut self, ctx: &egui::Context) -> Option<Action> {
        let page = self.page.as_mut()?;
        let wake = ctx.clone();
        self.desk.follow(&page.request, &page.catalog, move || wake.request_repaint());
        if !page.create || !self.desk.has_answered(&page.request) {
            return None;
        }
        page.create = false;
        if self.desk.refusal(&page.request).is_some() {
            return None;
        }
        let made = self.desk.made()?;
        Some(Action::File(File::Create(made.site.clone())))
    }

    /// Paints the page over what is left of the window.
    pub fn show(&mut self, ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
        let Some(page) = &mut self.page else { return };
        let theme = Theme::of(ui.ctx());
        if let (Some(made), newest) = (self.desk.made(), self.desk.newest())
            && self.pictured != Some(newest)
        {
            self.still.update(&made.site, &page.catalog, Some(&made.outcome));
            self.pictured = Some(newest);
        }
        let has_rail = ui.available_width() >= ROOM_FOR_RAIL;
        if has_rail {
            let frame = Frame::new().fill(theme.color(Token::Panel)).inner_margin(Margin::same(12));
            Panel::left("wizard-rail")
                .exact_size(RAIL.min(ui.available_width() * 0.19))
                .resizable(false)
                .frame(frame)
                .show(ui, |ui| rail::show(ui, cx, actions));
        }
        let frame =
            Frame::new().fill(theme.color(Token::App)).inner_margin(Margin::symmetric(32, 20));
        let mut cancel = false;
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            // On a wide screen lines stay short enough to be read.
            let room = ui.max_rect();
            let aside = ((room.width() - WIDEST) / 2.0).max(0.0);
            let builder = UiBuilder::new().max_rect(room.shrink2(vec2(aside, 0.0)));
            cancel =
                ui.scope_builder(builder, |ui| self.columns(ui, cx, (has_rail, actions))).inner;
        });
        let escape =
            ui.memory(|m| m.focused().is_none()) && ui.input(|i| i.key_pressed(Key::Escape));
        if cancel || escape {
            self.close();
        }
    }
}

impl Wizard {
    /// Steps above, answers at the left, the preview at the right, what comes next below; true
    /// when it was given up.
    fn columns(
        &mut self,
        ui: &mut Ui,
        cx: &Context<'_>,
        (has_rail, actions): (bool, &mut Actions),
    ) -> bool {
        let Some(page) = &mut self.page else { return false };
        head(ui);
        steps::bar(ui, &mut page.step);
        let whole = ui.max_rect();
        let bottom =
            Rect::from_min_max(pos2(whole.left(), whole.bottom() - size::BUTTON), whole.max);
        let top = ui.cursor().top() + 14.0;
        let wide = (whole.width() * 0.38).min(PREVIEW.max(whole.width() - FORM));
        let split = whole.right() - wide;
        let form =
            Rect::from_min_max(pos2(whole.left(), top), pos2(split - 24.0, bottom.top() - 14.0));
        let side = Rect::from_min_max(pos2(split, top), pos2(whole.right(), bottom.top() - 14.0));
        ui.scope_builder(UiBuilder::new().max_rect(form), |ui| {
            ScrollArea::vertical().id_salt(page.step.title()).show(ui, |ui| {
                ui.set_width(form.width() - 10.0);
                form::show(ui, page, &self.desk);
                if !has_rail && page.step == Step::Size {
                    ui.add_space(14.0);
                    rail::show(ui, cx, actions);
                }
            });
        });
        ui.scope_builder(UiBuilder::new().max_rect(side), |ui| {
            preview::show(ui, &self.desk, (&page.request, &page.catalog), &mut self.still);
        });
        let buttons_at = UiBuilder::new().max_rect(bottom);
        ui.scope_builder(buttons_at, |ui| buttons(ui, page, &self.desk)).inner
    }
}

fn head(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 30.0), egui::Sense::hover());
    let painter = ui.painter();
    let title = Text::new("New site", TextRole::Page, theme.color(Token::Text1));
    let right = title.paint(painter, rect).right();
    let rest = rect.with_min_x(right + 14.0).translate(vec2(0.0, 3.0));
    let words = "A few answers are enough for a first plan; all can be changed later";
    Text::new(words, TextRole::Body, theme.color(Token::Text2)).paint(painter, rest);
    let spoken = format!("New site. {words}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Heading, true, &spoken));
}

/// Cancel at the left, what comes next at the right; true when it was given up.
fn buttons(ui: &mut Ui, page: &mut Page, desk: &Desk) -> bool {
    let rect = ui.max_rect();
    let left = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center));
    let cancel = ui
        .scope_builder(left, |ui| Button::new("Cancel").look(Look::Ghost).show(ui).clicked())
        .inner;
    let refused = desk.refusal(&page.request).is_some();
    let right = UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(right, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let words = if page.create { "Creating..." } else { "Create now" };
        let next = page.step.next();
        if let Some(next) = next {
            let text = format!("Next: {}", next.title().to_lowercase());
            if Button::new(&text).leading_on().look(Look::Primary).show(ui).clicked() {
                page.step = next;
            }
        }
        let look = if next.is_none() { Look::Primary } else { Look::Normal };
        let create = Button::new(words).look(look).enabled(!refused).show(ui);
        // By the modifiers of the key, which may be up again at the end of the frame.
        let keys = ui.input_mut(|i| i.consume_key(Modifiers::COMMAND, Key::Enter));
        if create.clicked() || keys && !refused {
            page.create = true;
            ui.ctx().request_repaint();
        }
        if let Some(before) = page.step.previous()
            && Button::new("Back").look(Look::Ghost).show(ui).clicked()
        {
            page.step = before;
        }
        let theme = Theme::of(ui.ctx());
        let words = "Nothing is written until you save";
        let width = paint::width(ui.painter(), words, TextRole::Body);
        let (place, _) =
            ui.allocate_exact_size(vec2(width + 8.0, size::BUTTON), egui::Sense::hover());
        Text::new(words, TextRole::Body, theme.color(Token::Text3)).paint(ui.painter(), place);
    });
    cancel
}
