//! The challenge: a guest names megawatts, a place, a date and prices, and the site stands; any
//! breaker can be opened, and the price at which the margin is zero is marked. A page over the
//! whole window in large type.
//!
//! It must not compute: every figure comes from its thread.

mod breakers;
mod desk;
mod fields;
mod figures;
mod level;

use super::canvas::Still;
use super::components::button::{Button, Look};
use super::components::paint::{self, Text};
use super::components::segmented::segmented;
use super::icons::Icon;
use super::theme::Theme;
use super::wizard::first_request;
use crate::catalog::Catalog;
use crate::scene::plan::Overlay;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Site;
use crate::study::fix;
use crate::study::template::Request;
use desk::{Desk, Question, Source};
use eframe::egui::{
    self, Align, CentralPanel, Frame, Key, Layout, Margin, Rect, Role, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Width of the columns of fields and of figures.
const FIELDS: f32 = 330.0;
const FIGURES: f32 = 420.0;

/// The page and what it has found out.
#[derive(Default)]
pub struct Challenge {
    page: Option<Page>,
    desk: Desk,
    still: Still,
    pictured: Option<u64>,
}

/// What has been entered.
struct Page {
    catalog: Arc<Catalog>,
    /// The answers of the guest.
    request: Request,
    /// The document, where the challenge is of it; and the document that it could be of.
    document: Site,
    of_document: bool,
    prices: Vec<(String, f64)>,
    level: f64,
    open: Option<String>,
    /// Elements as a list instead of the plan.
    list: bool,
    filter: String,
}

impl Page {
    fn question(&self) -> Question {
        let source = match self.of_document {
            true => Source::Document(self.document.clone()),
            false => Source::Answers(Box::new(self.request.clone())),
        };
        let (prices, level, open) = (self.prices.clone(), self.level, self.open.clone());
        Question { source, prices, level, open }
    }
}

impl Challenge {
    /// Opens the page; `document` is the site of the window.
    pub fn open(&mut self, catalog: Arc<Catalog>, document: Site) {
        let request = first_request(&catalog);
        self.page = Some(Page {
            catalog,
            request,
            document,
            of_document: false,
            prices: Vec::new(),
            level: 1.0,
            open: None,
            list: false,
            filter: String::new(),
        });
    }

    pub fn close(&mut self) {
        self.page = None;
    }

    pub fn is_open(&self) -> bool {
        self.page.is_some()
    }

    /// No answer is on its way.
    pub fn is_settled(&self) -> bool {
        self.page.as_ref().is_none_or(|page| self.desk.has_answered(&page.question()))
    }

    /// Hands in the question and collects what came of it.
    pub fn step(&mut self, ctx: &egui::Context) {
        let Some(page) = &self.page else { return };
        let wake = ctx.clone();
        self.desk.follow(&page.question(), &page.catalog, move || wake.request_repaint());
    }

    /// Paints the page over the whole window.
    pub fn show(&mut self, ui: &mut Ui) {
        let Some(page) = &mut self.page else { return };
        let theme = Theme::of(ui.ctx());
        if self.pictured != Some(self.desk.revision)
            && let Some(stand) = self.desk.stand()
        {
            let pulled = self.desk.pulled(page.open.as_deref()).and_then(|p| p.effect.as_ref());
            let outcome = pulled.map_or(&stand.outcome, |e| &e.outcome);
            self.still.update(&stand.site, &stand.catalog, Some(outcome));
            self.pictured = Some(self.desk.revision);
        }
        let frame =
            Frame::new().fill(theme.color(Token::App)).inner_margin(Margin::symmetric(40, 26));
        let mut close = false;
        CentralPanel::no_frame().frame(frame).show(ui, |ui| {
            let whole = ui.max_rect();
            close = corner(ui, whole);
            figures::title(ui, &self.desk, page);
            let top = ui.cursor().top() + 18.0;
            let left = Rect::from_min_max(
                pos2(whole.left(), top),
                pos2(whole.left() + FIELDS, whole.bottom()),
            );
            let right = Rect::from_min_max(pos2(whole.right() - FIGURES, top), whole.max);
            let middle = Rect::from_min_max(
                pos2(left.right() + 28.0, top),
                pos2(right.left() - 28.0, whole.bottom()),
            );
            ui.scope_builder(UiBuilder::new().max_rect(left), |ui| {
                fields::show(ui, page, &self.desk)
            });
            ui.scope_builder(UiBuilder::new().max_rect(right), |ui| {
                figures::show(ui, page, &self.desk);
            });
            ui.scope_builder(UiBuilder::new().max_rect(middle), |ui| {
                site(ui, page, &self.desk, &mut self.still);
            });
        });
        let free = ui.memory(|m| m.focused().is_none());
        if free && ui.input(|i| i.key_pressed(Key::Escape)) {
            // First the breaker, then the page.
            match page.open.take() {
                Some(_) => {}
                None => close = true,
            }
        }
        if close {
            self.close();
        }
    }
}

/// The way out, at the top right.
fn corner(ui: &mut Ui, whole: Rect) -> bool {
    let place = Rect::from_min_size(pos2(whole.right() - 120.0, whole.top()), vec2(120.0, 30.0));
    let builder = UiBuilder::new().max_rect(place).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        Button::icon(Icon::Cross, "Close the challenge").show(ui).clicked()
    })
    .inner
}

/// The site in the middle: as a plan, or as a list of breakers.
fn site(ui: &mut Ui, page: &mut Page, desk: &Desk, still: &mut Still) {
    let whole = ui.max_rect();
    let head = Rect::from_min_size(whole.min, vec2(whole.width(), size::BUTTON));
    let builder = UiBuilder::new().max_rect(head).layout(Layout::left_to_right(Align::Center));
    ui.scope_builder(builder, |ui| {
        if let Some(i) = segmented(ui, "Breakers", &["Plan", "List"], usize::from(page.list)) {
            page.list = i == 1;
        }
        let theme = Theme::of(ui.ctx());
        let words = "Click what carries power to open its breaker";
        let place = ui.available_rect_before_wrap().translate(vec2(10.0, 0.0));
        Text::new(words, TextRole::Body, theme.color(Token::Text3)).paint(ui.painter(), place);
    });
    let body = Rect::from_min_max(pos2(whole.left(), head.bottom() + 10.0), whole.max);
    let Some(stand) = desk.stand() else { return };
    if page.list {
        ui.scope_builder(UiBuilder::new().max_rect(body), |ui| {
            breakers::show(ui, page, &stand.site);
        });
    } else {
        plan(ui, body, page, still, &stand.site);
    }
}

fn plan(ui: &mut Ui, body: Rect, page: &mut Page, still: &mut Still, site: &Site) {
    let theme = Theme::of(ui.ctx());
    paint::plate(
        ui.painter(),
        body,
        size::RADIUS_CARD,
        theme.color(Token::Canvas),
        Stroke::new(1.0, theme.color(Token::Line)),
    );
    still.paint(ui.painter(), body.shrink(2.0), Overlay::Loading);
    let response = ui.interact(body, ui.scope_id().with("plan"), Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Canvas, true, "Plan; click an element to open its breaker")
    });
    let known = |path: &str| fix::breakers(site).iter().any(|b| b.0 == path);
    let under = response.hover_pos().and_then(|at| still.hit(at));
    let under = under.map(|i| (i.id.path(), i.name.clone())).filter(|(p, _)| known(p));
    if let Some((path, name)) = &under {
        ui.ctx().set_cursor_icon(egui::CursorIcon::PointingHand);
        if let Some(place) = still.place(path) {
            let edge = Stroke::new(size::SELECTION, theme.color(Token::Accent));
            ui.painter().rect_stroke(place.expand(2.0), 2.0, edge, egui::StrokeKind::Outside);
        }
        response.clone().on_hover_text(format!("Open the breaker of {name}"));
    }
    if response.clicked() {
        let path = under.map(|u| u.0);
        page.open = if path == page.open { None } else { path };
    }
    if let Some(place) = page.open.as_deref().and_then(|path| still.place(path)) {
        cross(ui, place.intersect(body));
    }
}

/// The sign of an outage, over what is lost.
fn cross(ui: &Ui, place: Rect) {
    let theme = Theme::of(ui.ctx());
    let edge = Stroke::new(2.5, theme.color(Token::Err));
    let around = Rect::from_center_size(place.center(), place.size().max(vec2(14.0, 14.0)));
    let painter = ui.painter();
    painter.rect_filled(around, 2.0, theme.tint(Token::Err, 0.18));
    painter.rect_stroke(around, 2.0, edge, egui::StrokeKind::Outside);
    let arm = 0.5 * around.width().min(around.height()).clamp(8.0, 26.0);
    let c = around.center();
    painter.line_segment([c + vec2(-arm, -arm), c + vec2(arm, arm)], edge);
    painter.line_segment([c + vec2(-arm, arm), c + vec2(arm, -arm)], edge);
}

/// Closes the breaker; true when it was asked for.
fn restore(ui: &mut Ui) -> bool {
    Button::new("Close the breaker").look(Look::Primary).with_icon(Icon::Reset).show(ui).clicked()
}
