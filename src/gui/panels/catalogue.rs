//! The catalogue palette at the top of the left panel: everything that can be placed, as
//! chips; searched by name. It starts the tool and must not place anything itself.

use crate::catalog::{EquipmentKind, Generation};
use crate::editor::What;
use crate::editor::place::{Family, Offer, offers};
use crate::gui::action::{Action, Actions, View};
use crate::gui::components::button::Button;
use crate::gui::components::finder::Search;
use crate::gui::components::paint::{self, Text};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::memo::Memo;
use crate::gui::palette::fuzzy;
use crate::gui::theme::Theme;
use crate::gui::view::ViewState;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::{Block, Site};
use eframe::egui::{
    Align, Color32, Frame, Id, Key, Layout, Panel, Rect, Role, ScrollArea, Sense, Stroke, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};
use std::collections::{BTreeMap, HashSet};

const HEADER: f32 = 30.0;
const CHIP: f32 = 26.0;
const GAP: f32 = 6.0;
/// Air between the header and the first chips.
const AIR: f32 = 4.0;
/// Chips while nothing is searched, and in a panel lower than [`LOW`].
const USUAL: usize = 10;
const FEW: usize = 6;
const LOW: f32 = 500.0;
/// Height of the list where it has more.
const TALL: f32 = 330.0;

/// How the palette stands; kept with the preferences.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct CatalogueView {
    /// Only the header is shown.
    folded: bool,
    /// Everything is shown, under headings.
    whole: bool,
    /// How often a thing was chosen, by its key.
    used: BTreeMap<String, u32>,
}

impl CatalogueView {
    /// Counts a choice: what is used most stands first.
    pub fn remember(&mut self, what: &What) {
        let count = self.used.entry(key(what)).or_default();
        *count = count.saturating_add(1);
    }
}

/// What is searched for; not kept.
#[derive(Clone, Debug, Default)]
pub struct CatalogueSearch {
    open: bool,
    text: String,
    /// Puts the keyboard into the field with the next frame.
    ask: bool,
}

fn key(what: &What) -> String {
    match what {
        What::Racks(id) => format!("racks.{id}"),
        What::Unit(id) => format!("units.{id}"),
        What::Equipment(id) => format!("equipment.{id}"),
        What::Row => "row".to_owned(),
        What::Parcel => "parcel".to_owned(),
    }
}

/// The icon of a thing to place.
pub const fn icon_of(family: Family) -> Icon {
    use EquipmentKind as K;
    match family {
        Family::Rack(_) => Icon::Rack,
        Family::Unit(_) | Family::Row => Icon::Row,
        Family::Parcel => Icon::Globe,
        Family::Equipment(kind) => match kind {
            K::MainTransformer | K::UnitTransformer => Icon::Transformer,
            K::Switchgear => Icon::Substation,
            K::Cable => Icon::OneLine,
            K::Busway => Icon::Busway,
            K::Ups | K::Battery => Icon::Battery,
            K::Cdu => Icon::Sliders,
            K::HeatRejection | K::AirCooling => Icon::DryCooler,
            K::NetworkRack => Icon::Rack,
            K::Generator => Icon::Generator,
            K::GridFeed => Icon::Feed,
            K::Hall => Icon::Hall,
            K::Building | K::Road | K::Yard | K::Pad | K::Water | K::Laydown => Icon::Area,
        },
    }
}

/// Headings of the whole list, in order.
const SECTIONS: [&str; 6] =
    ["Racks", "Scalable units", "Halls and network", "Power", "Cooling", "Ground"];

const fn section_of(family: Family) -> usize {
    use EquipmentKind as K;
    match family {
        Family::Rack(_) => 0,
        Family::Unit(_) => 1,
        Family::Row => 2,
        Family::Parcel => 5,
        Family::Equipment(kind) => match kind {
            K::Hall | K::NetworkRack => 2,
            K::Cdu | K::HeatRejection | K::AirCooling => 4,
            K::Building | K::Road | K::Yard | K::Pad | K::Water | K::Laydown => 5,
            _ => 3,
        },
    }
}

/// Before anything was used: racks of the site, then what a site is built of.
fn usual_rank(offer: &Offer, on_site: &HashSet<String>) -> usize {
    use EquipmentKind as K;
    const ORDER: [EquipmentKind; 8] = [
        K::Hall,
        K::HeatRejection,
        K::MainTransformer,
        K::GridFeed,
        K::Battery,
        K::Cdu,
        K::Busway,
        K::UnitTransformer,
    ];
    match (&offer.what, offer.family) {
        _ if offer.refusal.is_some() => 100,
        (What::Racks(id), _) if on_site.contains(id.as_str()) => 0,
        (_, Family::Rack(Generation::Rubin | Generation::Blackwell)) if on_site.is_empty() => 1,
        (_, Family::Row) => 3,
        (_, Family::Equipment(kind)) => match ORDER.iter().position(|k| *k == kind) {
            Some(0) => 2,
            Some(at) => 4 + at,
            None => 40,
        },
        (_, Family::Unit(_)) => 30,
        _ => 50,
    }
}

/// Rack types of the site, as last gathered.
pub type RacksMemo = Memo<(), HashSet<String>>;

fn racks_of(site: &Site) -> HashSet<String> {
    fn planned(b: &Block) -> &[String] {
        b.planned.as_ref().map_or(&[], |p| p.racks.as_slice())
    }
    let all = site.blocks().flat_map(|b| b.rack.iter().chain(planned(b)));
    let unlike: HashSet<&str> = all.map(String::as_str).collect();
    unlike.into_iter().map(str::to_owned).collect()
}

/// What stands in the palette while nothing is searched: what was used most, then the usual.
fn usual(
    cx: &Context<'_>,
    view: &CatalogueView,
    memo: &mut RacksMemo,
    (mut all, most): (Vec<Offer>, usize),
) -> Vec<Offer> {
    let on_site = memo.get(cx, (), || racks_of(cx.site));
    let mut racks = 0;
    let mut kinds: Vec<EquipmentKind> = Vec::new();
    let mut rank: Vec<(u32, usize)> = Vec::with_capacity(all.len());
    for offer in &all {
        let used = view.used.get(&key(&offer.what)).copied().unwrap_or(0);
        let mut place = usual_rank(offer, &on_site);
        if place == 1 {
            racks += 1;
            // Three rack types are enough of a start.
            place = if racks > 3 { 50 } else { 1 };
        }
        if let Family::Equipment(kind) = offer.family {
            if kinds.contains(&kind) {
                // One of each kind is enough of a start as well.
                place = place.max(40);
            }
            kinds.push(kind);
        }
        rank.push((used, place));
    }
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by_key(|i| rank.get(*i).map(|(used, place)| (std::cmp::Reverse(*used), *place)));
    order.truncate(most);
    // In their usual order, so that a chip does not move with every use.
    order.sort_by_key(|i| rank.get(*i).map(|(_, place)| *place));
    let mut taken: Vec<Option<Offer>> = all.drain(..).map(Some).collect();
    order.into_iter().filter_map(|i| taken.get_mut(i)?.take()).collect()
}

/// Offers that fit a search, best first.
fn found(all: Vec<Offer>, text: &str) -> Vec<Offer> {
    let words = fuzzy::words(text);
    let mut hits: Vec<(i32, usize, Offer)> = all
        .into_iter()
        .enumerate()
        .filter_map(|(order, offer)| {
            let section = SECTIONS.get(section_of(offer.family)).copied().unwrap_or_default();
            let hidden = fuzzy::folded(&format!("{} {section} {}", offer.title, key(&offer.what)));
            let hit = fuzzy::find(&words, &fuzzy::folded(&offer.name), &hidden)?;
            Some((hit.score, order, offer))
        })
        .collect();
    hits.sort_by_key(|(score, order, _)| (std::cmp::Reverse(*score), *order));
    hits.into_iter().map(|(_, _, offer)| offer).collect()
}

/// Shows the palette as the top of the panel that it stands in.
pub fn panel(ui: &mut Ui, cx: &Context<'_>, view: &mut ViewState, actions: &mut Actions) {
    let theme = Theme::of(ui.ctx());
    let all = offers(cx.catalog);
    let total = all.len();
    let searched = view.catalogue.open && !view.catalogue.text.trim().is_empty();
    let whole = view.prefs.catalogue.whole && !searched;
    let shown = if searched {
        found(all, &view.catalogue.text)
    } else if whole {
        all
    } else {
        let most = if ui.available_height() < LOW { FEW } else { USUAL };
        usual(cx, &view.prefs.catalogue, &mut view.racks_memo, (all, most))
    };
    let frame = Frame::new().fill(theme.color(Token::Panel));
    let rows = rows(ui, shown.iter()).len();
    let height = height_of(view, rows, whole);
    Panel::top("catalogue")
        .exact_size(height)
        .resizable(false)
        .show_separator_line(true)
        .frame(frame)
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            header(ui, view);
            if view.prefs.catalogue.folded {
                return;
            }
            if view.catalogue.open {
                search(ui, view, shown.first().map(|o| &o.what), actions);
            } else {
                ui.add_space(AIR);
            }
            let active = view.plan.placing().map(|t| t.what().clone());
            let tall = ui.available_height() - if searched { 0.0 } else { FOOT };
            let show = |ui: &mut Ui| {
                if whole {
                    sections(ui, &shown, active.as_ref(), actions);
                } else {
                    grid(ui, shown.iter(), active.as_ref(), actions);
                }
            };
            ScrollArea::vertical().id_salt("catalogue-list").max_height(tall).show(ui, show);
            if shown.is_empty() {
                nothing(ui);
            }
            if !searched {
                more(ui, &mut view.prefs.catalogue, total);
            }
        });
}

const FOOT: f32 = 26.0;

fn height_of(view: &ViewState, rows: usize, whole: bool) -> f32 {
    if view.prefs.catalogue.folded {
        return HEADER;
    }
    let search = if view.catalogue.open { 34.0 } else { AIR };
    let searched = view.catalogue.open && !view.catalogue.text.trim().is_empty();
    let rows = rows.max(1) as f32;
    let list = if whole { TALL } else { (rows * (CHIP + GAP) + 2.0).min(TALL) };
    HEADER + search + list + if searched { 6.0 } else { FOOT }
}

fn header(ui: &mut Ui, view: &mut ViewState) {
    let theme = Theme::of(ui.ctx());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
    let folds = Rect::from_min_max(rect.min, pos2(rect.right() - 38.0, rect.bottom()));
    let response = ui.interact(folds, ui.scope_id().with("fold"), Sense::click());
    let folded = view.prefs.catalogue.folded;
    let name = if folded { "Unfold the catalogue" } else { "Fold the catalogue" };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, !folded, name));
    if response.has_focus() {
        paint::focus_ring(ui.painter(), folds.shrink(2.0), 4.0, theme);
    }
    if response.clicked() {
        view.prefs.catalogue.folded = !folded;
    }
    let words = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), folds.max);
    let strong = theme.color(Token::Text1);
    let title = Text::new("Catalogue", TextRole::BodyStrong, strong).paint(ui.painter(), words);
    let chevron = if folded { Icon::ChevronRight } else { Icon::ChevronDown };
    let grey = theme.color(if response.hovered() { Token::Text1 } else { Token::Text3 });
    chevron.paint_sized(ui.painter(), pos2(title.right() + 12.0, rect.center().y), 12.0, grey);
    let at = Rect::from_center_size(pos2(rect.right() - 22.0, rect.center().y), vec2(24.0, 24.0));
    let layout = Layout::left_to_right(Align::Center);
    let clicked = ui
        .scope_builder(UiBuilder::new().max_rect(at).layout(layout), |ui| {
            Button::icon(Icon::Search, "Search the catalogue").height(24.0).show(ui).clicked()
        })
        .inner;
    if clicked {
        view.catalogue.open = !view.catalogue.open || folded;
        view.catalogue.text.clear();
        view.catalogue.ask = view.catalogue.open;
        view.prefs.catalogue.folded = false;
    }
}

fn search(ui: &mut Ui, view: &mut ViewState, first: Option<&What>, actions: &mut Actions) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 34.0), Sense::hover());
    let plate = Rect::from_min_size(rect.min + vec2(12.0, 2.0), vec2(rect.width() - 24.0, 26.0));
    let id = Id::unique("catalogue-search");
    let (hint, name) = ("Find racks, machines, ground", "Find in the catalogue");
    let field = Search { id, hint, name, locked: false };
    let response = field.on_plate(ui, plate, &mut view.catalogue.text);
    if std::mem::take(&mut view.catalogue.ask) {
        response.request_focus();
    }
    if response.lost_focus() {
        let (enter, escape) = ui.input(|i| (i.key_pressed(Key::Enter), i.key_pressed(Key::Escape)));
        if let (true, Some(first)) = (enter && !view.catalogue.text.trim().is_empty(), first) {
            actions.push(Action::View(View::Place(first.clone())));
        }
        if escape {
            view.catalogue.open = false;
            view.catalogue.text.clear();
        }
    }
}

fn sections(ui: &mut Ui, all: &[Offer], active: Option<&What>, actions: &mut Actions) {
    for (section, title) in SECTIONS.iter().enumerate() {
        let theme = Theme::of(ui.ctx());
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
        let at = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), rect.max);
        Text::new(title, TextRole::Small, theme.color(Token::Text3)).paint(ui.painter(), at);
        let own = all.iter().filter(|o| section_of(o.family) == section);
        grid(ui, own, active, actions);
    }
}

/// Room of a chip beside its words: the icon, and air at the right.
const CHIP_ICON: f32 = 27.0;
const CHIP_AIR: f32 = 4.0;

/// Chips of a row.
enum Row<'a> {
    /// One whose name is too long for half of it.
    Whole(&'a Offer),
    Halves(&'a Offer, Option<&'a Offer>),
}

/// Two chips in a row, where their names have room for that.
fn rows<'a>(ui: &Ui, all: impl Iterator<Item = &'a Offer>) -> Vec<Row<'a>> {
    let room = half(ui) - CHIP_ICON - CHIP_AIR + 0.5;
    let mut rows: Vec<Row<'a>> = Vec::new();
    let mut open = None;
    for offer in all {
        if paint::width(ui.painter(), &offer.name, TextRole::Body) > room {
            rows.push(Row::Whole(offer));
        } else if let Some(Row::Halves(_, right @ None)) =
            open.take().and_then(|at: usize| rows.get_mut(at))
        {
            *right = Some(offer);
        } else {
            open = Some(rows.len());
            rows.push(Row::Halves(offer, None));
        }
    }
    rows
}

/// Width of one of two chips in a row.
fn half(ui: &Ui) -> f32 {
    (ui.available_width() - 24.0 - GAP) / 2.0
}

fn grid<'a>(
    ui: &mut Ui,
    all: impl Iterator<Item = &'a Offer>,
    active: Option<&What>,
    actions: &mut Actions,
) {
    let half = half(ui);
    for row in rows(ui, all) {
        let size = vec2(ui.available_width(), CHIP + GAP);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let at = |x: f32, wide: f32| {
            Rect::from_min_size(pos2(rect.left() + x, rect.top()), vec2(wide, CHIP))
        };
        match row {
            Row::Whole(offer) => {
                let place = at(12.0, rect.width() - 24.0);
                chip(ui, place, offer, (active == Some(&offer.what), actions));
            }
            Row::Halves(left, right) => {
                chip(ui, at(12.0, half), left, (active == Some(&left.what), actions));
                if let Some(right) = right {
                    let place = at(12.0 + half + GAP, half);
                    chip(ui, place, right, (active == Some(&right.what), actions));
                }
            }
        }
    }
}

fn chip(ui: &Ui, rect: Rect, offer: &Offer, (active, actions): (bool, &mut Actions)) {
    let theme = Theme::of(ui.ctx());
    let id = ui.scope_id().with(("catalogue", &offer.what));
    let can = offer.refusal.is_none();
    let sense = if can { Sense::click_and_drag() } else { Sense::hover() };
    let response = ui.interact(rect, id, sense);
    let spoken = format!("Place {}", offer.name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, can, active, &spoken));
    let (fill, edge, text) = match (can, active, response.hovered()) {
        (false, ..) => (Token::Panel, Token::Line, Token::Text3),
        (_, true, _) => (Token::AccentBg, Token::Accent, Token::Text1),
        (_, _, true) => (Token::Raised, Token::Line2, Token::Text1),
        _ => (Token::Raised, Token::Line, Token::Text1),
    };
    let edge = Stroke::new(1.0, theme.color(edge));
    paint::plate(ui.painter(), rect, size::RADIUS_BUTTON, theme.color(fill), edge);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, size::RADIUS_BUTTON, theme);
    }
    let at = pos2(rect.left() + 15.0, rect.center().y);
    let color = if can { color_of(offer.family, theme) } else { theme.color(Token::Text3) };
    icon_of(offer.family).paint_sized(ui.painter(), at, 14.0, color);
    let left = pos2(rect.left() + CHIP_ICON, rect.top());
    let words = Rect::from_min_max(left, rect.max - vec2(CHIP_AIR, 0.0));
    Text::new(&offer.name, TextRole::Body, theme.color(text)).paint(ui.painter(), words);
    if response.clicked() {
        actions.push(Action::View(View::Place(offer.what.clone())));
    } else if response.drag_started() {
        actions.push(Action::View(View::Carry(offer.what.clone())));
    }
    let tip = offer.refusal.as_deref().unwrap_or(&offer.title);
    response.on_hover_text(tip);
}

fn color_of(family: Family, theme: &Theme) -> Color32 {
    match family {
        Family::Rack(generation) | Family::Unit(generation) => theme.rack_color(generation),
        _ => theme.color(Token::Text2),
    }
}

fn nothing(ui: &mut Ui) {
    let theme = Theme::of(ui.ctx());
    let words = "Nothing of the catalogue is called so";
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let at = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), rect.max);
    Text::new(words, TextRole::Small, theme.color(Token::Text3)).paint(ui.painter(), at);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// The way to the whole list and back.
fn more(ui: &mut Ui, view: &mut CatalogueView, total: usize) {
    let theme = Theme::of(ui.ctx());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::click());
    let words = if view.whole {
        "Fewer".to_owned()
    } else {
        format!("More ({})", total.saturating_sub(USUAL))
    };
    let at = Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), rect.max);
    let hot = response.hovered() || response.has_focus();
    let color = theme.color(if hot { Token::Text1 } else { Token::Accent });
    Text::new(&words, TextRole::Small, color).paint(ui.painter(), at.translate(vec2(0.0, -3.0)));
    let spoken = if view.whole { "Fewer of the catalogue" } else { "More of the catalogue" };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, view.whole, spoken));
    if response.clicked() {
        view.whole = !view.whole;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn names(offers: &[Offer]) -> Vec<&str> {
        offers.iter().map(|o| o.name.as_str()).collect()
    }

    #[test]
    fn a_search_finds_by_name_by_maker_and_by_initials() {
        let catalog = Catalog::embedded().expect("reads");
        let find = |text: &str| found(offers(&catalog), text);
        assert_eq!(names(&find("dry"))[0], "Dry cooler");
        assert!(names(&find("rubin")).contains(&"VR"), "by the full name");
        assert!(names(&find("gc")).is_empty() || !names(&find("gc")).contains(&"Hall"));
        assert_eq!(names(&find("gf"))[0], "Grid feed", "by initials");
        assert!(find("no such thing").is_empty());
    }

    #[test]
    fn every_kind_of_the_catalogue_can_be_placed() {
        let catalog = Catalog::embedded().expect("reads");
        let all = offers(&catalog);
        assert_eq!(
            all.iter().filter(|o| matches!(o.family, Family::Rack(_))).count(),
            catalog.racks.len()
        );
        for record in catalog.equipment.values().filter(|e| e.kind != EquipmentKind::AirCooling) {
            let offer = all.iter().find(|o| o.what == What::Equipment(record.id.clone()));
            assert_eq!(offer.expect("is offered").refusal, None, "{}", record.id);
        }
    }
}
