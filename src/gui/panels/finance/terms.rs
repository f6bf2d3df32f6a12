//! What is sold ahead and what is borrowed: the contracts of the layout with what each brings, and
//! the loan in a line. A row opens its fields in the inspector.

use super::list::List;
use crate::gui::action::{Action, Actions, View};
use crate::gui::components::button::Button;
use crate::gui::components::paint::Text;
use crate::gui::components::table::{Column, Layout, Row, Width};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::icons::Icon;
use crate::gui::panels::inspector::money;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::SalesContract;
use crate::study::finance::contract_worth_usd;
use crate::units::Money;
use crate::units::format;
use eframe::egui::{Align, Id, Layout as Flow, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2};

const FOOT: f32 = 62.0;
/// Rows that the card has room for before they scroll.
const MOST: usize = 6;

const COLUMNS: [Column; 6] = [
    Column::left("Sold ahead", Width::Flex(1.4, 110.0)),
    Column::right("Volume", Width::Fixed(74.0)),
    Column::right("Price, first year", Width::Flex(1.0, 92.0)),
    Column::right("Term", Width::Fixed(66.0)),
    Column::right("Take or pay", Width::Fixed(70.0)),
    Column::right("Worth", Width::Fixed(70.0)),
];

pub fn height(contracts: usize) -> f32 {
    List::height(contracts.clamp(1, MOST), size::TABLE_ROW) + FOOT
}

/// Shows the card in `rect`.
pub fn show(ui: &mut Ui, cx: &Context<'_>, (rect, actions): (Rect, &mut Actions)) {
    let list = &cx.site.terms.finance.contracts;
    let share = cx.finances.now().map(|f| f.evaluation.results.contracted_frac);
    let caption = match share {
        Some(Ok(share)) if !list.is_empty() => {
            format!("{} of the first year under contract", format::share(share))
        }
        _ => "all at market prices".to_owned(),
    };
    let (id, title) = ("contracts", "Contracts and loan");
    let card = List { id, title, caption: &caption, columns: &COLUMNS, rect, foot: FOOT };
    card.show(ui, |ui, layout| {
        for contract in list {
            row(ui, cx, (layout, contract), actions);
        }
        if list.is_empty() {
            nothing(ui);
        }
    });
    foot(ui, cx, rect, actions);
}

fn nothing(ui: &mut Ui) {
    let wanted = eframe::egui::vec2(ui.available_width(), size::TABLE_ROW);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let text = "Nothing: every tier sells at its price, year by year";
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    let at = rect.with_min_x(rect.left() + 12.0);
    Text::new(text, TextRole::Body, grey).paint(ui.painter(), at);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

fn row(
    ui: &mut Ui,
    cx: &Context<'_>,
    (layout, contract): (&Layout<'_>, &SalesContract),
    actions: &mut Actions,
) {
    let results = cx.finances.now().map(|f| &f.evaluation.results);
    let worth = results.and_then(|r| contract_worth_usd(r, &contract.id));
    let worth = format::or_dash(worth, |usd| format::money(Money::usd(usd)));
    let name = money::contract_title(cx, contract);
    let (volume, price) = money::contract_words(contract);
    let term = format!("{} months", contract.term_months);
    let pay = format::or_dash(contract.take_or_pay_frac, format::share);
    let id = contract.id.as_str();
    let spoken = format!("Contract {id}: {name}, {volume} at {price}, {term}, worth {worth}");
    let painted = Row::show_as(ui, Id::unique(("contract", id)), &spoken, false);
    let theme = Theme::of(ui.ctx());
    let painter = ui.painter();
    let text = |column: usize, words: &str, token: Token| {
        let text = Text::new(words, TextRole::Body, theme.color(token));
        layout.text(painter, column, painted.rect, text);
    };
    text(0, &name, Token::Text1);
    text(1, &volume, Token::Text1);
    text(2, &price, Token::Text1);
    text(3, &term, Token::Text2);
    text(4, &pay, Token::Text2);
    text(5, &worth, Token::Text1);
    if painted.response.clicked() {
        actions.push(money::open_at(&format!("contracts.{id}.prices_usd")));
    }
}

/// The loan in a line, and what adds and opens both.
fn foot(ui: &mut Ui, cx: &Context<'_>, rect: Rect, actions: &mut Actions) {
    let words = money::loan_words(cx);
    let line = Rect::from_min_max(
        pos2(rect.left() + 12.0, rect.bottom() - FOOT),
        pos2(rect.right() - 12.0, rect.bottom() - FOOT + 24.0),
    );
    let grey = Theme::of(ui.ctx()).color(Token::Text2);
    Text::new(&words, TextRole::Small, grey).paint(ui.painter(), line);
    let response = ui.interact(line, ui.scope_id().with("loan-words"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    response.on_hover_text(&words);
    let row = Rect::from_min_max(
        pos2(rect.left() + 10.0, line.bottom() + 2.0),
        pos2(rect.right() - 10.0, rect.bottom() - 8.0),
    );
    let builder = UiBuilder::new().max_rect(row).layout(Flow::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if Button::new("All inputs").height(24.0).show(ui).clicked() {
            let finance = Element::new(Kind::Finance, "");
            actions.push(Action::View(View::Select(vec![finance])));
        }
        if let Some(action) = money::add_loan(cx)
            && Button::new("Add a loan").height(24.0).show(ui).clicked()
        {
            actions.extend([action, money::open_at("loan.share_frac")]);
        }
        if let Some(action) = money::add_contract(cx) {
            let button = Button::new("Add a contract").with_icon(Icon::Plus).height(24.0);
            if button.show(ui).clicked() {
                actions.push(action);
                let finance = Element::new(Kind::Finance, "");
                actions.push(Action::View(View::Select(vec![finance])));
            }
        }
    });
}
