//! A tier: what is promised, what it costs, how much is wanted at which price.

use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::field::{Field, FieldLook};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::row::{Rule, Scale};
use crate::gui::components::{card, row};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::rows::{FieldRow, choice_row, optional, quoted, required, set, text_row};
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token};
use crate::site::{DemandRule, DemandStep, Redundancy, Tier, TierKind};
use crate::units::format::{self, unit_of_field, unit_of_suffix};
use crate::units::{Limit, Money, Power, TokenPrice, TokenRate};
use eframe::egui::{Rect, Sense, Ui, pos2, vec2};

pub fn show(ui: &mut Ui, cx: &Context<'_>, id: &str, actions: &mut Actions) {
    let Some(tier) = cx.tier(id) else { return };
    let base = format!("tiers.{id}");
    let at = |field: &str| format!("{base}.{field}");
    card::section(ui, "Tier", "", true);
    text_row(ui, actions, &at("name"), "Name", &tier.name);
    let redundancy = match tier.redundancy {
        Redundancy::Firm => "Firm",
        Redundancy::Interruptible => "Interruptible",
    };
    let options = [("Firm", "Firm: survives N-1"), ("Interruptible", "Interruptible")];
    choice_row(ui, actions, (&at("redundancy"), "Redundancy"), &options, redundancy);
    promise(ui, cx, tier, actions);
    demand(ui, tier, actions);
    requests(ui, tier, actions);
    commitment(ui, tier, actions);
    shape(ui, cx, tier, actions);
    results(ui, cx, id);
}

/// Speed, time to first token, model and context.
fn promise(ui: &mut Ui, cx: &Context<'_>, tier: &Tier, actions: &mut Actions) {
    let at = |field: &str| format!("tiers.{}.{field}", tier.id);
    card::section(ui, "Promise", "to each user", false);
    let rows: [(&str, &str, Option<f64>, &'static str); 4] = [
        ("min_tok_s_user", "Least speed", tier.min_tok_s_user, "any"),
        ("max_ttft_ms", "Longest TTFT", tier.max_ttft_ms, "no limit"),
        ("percentile", "Percentile", tier.percentile.map(f64::from), "not stated"),
        ("context_tokens", "Context", tier.context_tokens, "any"),
    ];
    for (field, label, value, word) in rows {
        let row_path = at(field);
        let mut row = FieldRow::new(&row_path, label, &tier.name, optional(value, word));
        row.whole = field == "percentile";
        row.show(ui, actions);
    }
    let mut ids: Vec<Option<&str>> = vec![None];
    let mut names = vec!["any model".to_owned()];
    for (id, model) in &cx.catalog.models {
        ids.push(Some(id));
        names.push(model.name.clone());
    }
    let selected = ids.iter().position(|id| *id == tier.model.as_deref());
    if let Some(index) = row::choice(ui, "Model", &names, selected)
        && let (Some(id), Some(name)) = (ids.get(index), names.get(index))
    {
        let value = id.map_or_else(|| format::UNKNOWN.to_owned(), quoted);
        let label = format!("Set model of {} to {name}", tier.name);
        actions.push(Edit::set(at("model"), value, label));
    }
}

/// The steps of the demand curve.
fn demand(ui: &mut Ui, tier: &Tier, actions: &mut Actions) {
    card::section(ui, "Demand", demand_caption(tier), false);
    let rule = match tier.rule {
        DemandRule::PostedPrice => "PostedPrice",
        DemandRule::Contracts => "Contracts",
    };
    let options =
        [("PostedPrice", "Posted price: all pay one"), ("Contracts", "Contracts: each its own")];
    let path = format!("tiers.{}.rule", tier.id);
    choice_row(ui, actions, (&path, "Rule"), &options, rule);
    step_header(ui, tier.kind);
    for (index, step) in tier.demand.iter().enumerate() {
        step_row(ui, tier, index, step, actions);
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        let add = Button::new("Add step").with_icon(Icon::Plus).look(Look::Normal).height(24.0);
        if add.show(ui).clicked() {
            actions.push(add_step(tier));
        }
    });
}

fn demand_caption(tier: &Tier) -> &'static str {
    match tier.kind {
        TierKind::Tokens => "output tokens/s at each price",
        TierKind::ReservedCapacity => "GPUs at each price",
    }
}

/// The fields of a step: price and volume, by what the tier sells.
fn step_fields(kind: TierKind) -> (&'static str, &'static str) {
    match kind {
        TierKind::Tokens => ("price_usd_per_mtok", "volume_tok_s"),
        TierKind::ReservedCapacity => ("usd_per_gpu_h", "volume_gpus"),
    }
}

fn step_places(rect: Rect) -> (Rect, Rect, Rect) {
    let mid = rect.left() + 18.0;
    let end = rect.right() - 28.0;
    let half = (end - mid - 8.0) / 2.0;
    let cell = |left: f32| {
        Rect::from_min_max(
            pos2(left, rect.center().y - 10.0),
            pos2(left + half, rect.center().y + 10.0),
        )
    };
    let number = Rect::from_min_max(rect.min, pos2(mid, rect.bottom()));
    (number, cell(mid), cell(mid + half + 8.0))
}

fn step_header(ui: &mut Ui, kind: TierKind) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let grey = Theme::of(ui.ctx()).color(Token::Text3);
    let (_, price, volume) = step_places(rect);
    Text::new("Price", TextRole::Small, grey).paint(ui.painter(), price);
    let words = match kind {
        TierKind::Tokens => "Volume, M tok/s",
        TierKind::ReservedCapacity => "Volume, GPUs",
    };
    Text::new(words, TextRole::Small, grey).paint(ui.painter(), volume);
}

fn step_row(ui: &mut Ui, tier: &Tier, index: usize, step: &DemandStep, actions: &mut Actions) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    let (number, price_at, volume_at) = step_places(rect);
    let grey = Theme::of(ui.ctx()).color(Token::Text3);
    let ordinal = format!("{}", index + 1);
    Text::new(&ordinal, TextRole::Small, grey).paint(ui.painter(), number);
    let (price, volume) = step_fields(tier.kind);
    let of = format!("{}, step {}", tier.name, index + 1);
    let base = format!("tiers.{}.demand.{index}", tier.id);
    let price_value = step.price_usd_per_mtok.or(step.usd_per_gpu_h).map(Limit::At);
    let cell =
        Cell { path: format!("{base}.{price}"), label: "Price", of: &of, value: price_value };
    cell.show(ui, price_at, actions);
    let volume_value = step.volume_tok_s.or(step.volume_gpus);
    let cell =
        Cell { path: format!("{base}.{volume}"), label: "Volume", of: &of, value: volume_value };
    cell.show(ui, volume_at, actions);
    let place =
        Rect::from_center_size(pos2(rect.right() - 11.0, rect.center().y), vec2(22.0, 22.0));
    let id = ui.scope_id().with(("remove", index));
    let response = ui.interact(place, id, Sense::click());
    let enabled = tier.demand.len() > 1;
    let theme = Theme::of(ui.ctx());
    let token = match (enabled, response.hovered()) {
        (true, true) => Token::Text1,
        (true, false) => Token::Text3,
        (false, _) => Token::Line2,
    };
    Icon::Cross.paint_sized(ui.painter(), place.center(), 12.0, theme.color(token));
    if response.has_focus() {
        paint::focus_ring(ui.painter(), place, 4.0, theme);
    }
    let name = format!("Remove step {} of {}", index + 1, tier.name);
    response.widget_info(|| {
        eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Button, enabled, &name)
    });
    if response.clicked() && enabled {
        actions.push(remove_step(tier, index));
    }
}

/// A number without a row of its own.
struct Cell<'a> {
    path: String,
    label: &'a str,
    of: &'a str,
    value: Option<Limit>,
}

impl Cell<'_> {
    fn show(&self, ui: &mut Ui, rect: Rect, actions: &mut Actions) {
        let unit = unit_of_field(&self.path);
        let scale = Scale::of(unit, None);
        let id = ui.scope_id().with(("cell", &self.path));
        let refused = ui.data(|d| d.get_temp::<String>(id.with("wrong")));
        let (shown, edited, empty) = match self.value {
            Some(Limit::At(v)) => (cell_text(&self.path, v), scale.digits(unit, v), false),
            Some(Limit::Unlimited) => {
                (format::UNLIMITED.to_owned(), format::UNLIMITED.to_owned(), false)
            }
            None => (format::UNKNOWN.to_owned(), String::new(), true),
        };
        let look = match (&refused, empty) {
            (Some(_), _) => FieldLook::Wrong,
            (None, true) => FieldLook::Unknown,
            (None, false) => FieldLook::Rest,
        };
        let name = format!("{} of {}", self.label, self.of);
        let field = Field { id, name: &name, shown: &shown, edited: &edited, unit: "", look };
        let output = field.show(ui, rect);
        if let Some(why) = refused {
            output.response.on_hover_text(why);
        }
        let Some(text) = output.committed else { return };
        ui.data_mut(|d| d.remove_temp::<String>(id.with("wrong")));
        let current = match self.value {
            Some(Limit::At(v)) => Some(v),
            _ => None,
        };
        match scale.entry_from(&text, unit.suffix, Rule::POSITIVE, current) {
            Ok(entry) => {
                let of = (self.label, self.of, unit);
                actions.push(set(&self.path, of, &entry, Gesture::Once));
            }
            Err(why) => {
                ui.data_mut(|d| d.insert_temp(id.with("wrong"), why));
            }
        }
    }
}

/// A price or a volume short enough for a cell.
fn cell_text(path: &str, value: f64) -> String {
    if path.ends_with("volume_tok_s") {
        format::token_rate(TokenRate::per_s(value))
    } else if path.ends_with("price_usd_per_mtok") {
        format::price(TokenPrice::usd_per_mtok(value))
    } else {
        unit_of_field(path).show(value)
    }
}

/// All steps as one value, so that adding and removing is one entry of the history.
fn steps_text(steps: &[DemandStep]) -> String {
    let list: Vec<serde_json::Value> =
        steps.iter().filter_map(|s| serde_json::to_value(s).ok()).collect();
    crate::fields::value_text(&serde_json::Value::Array(list))
}

/// A further step at half the last price, with the last volume.
fn add_step(tier: &Tier) -> Action {
    let mut steps = tier.demand.clone();
    let mut next = steps.last().cloned().unwrap_or(DemandStep {
        price_usd_per_mtok: Some(1.0),
        volume_tok_s: Some(Limit::At(1e6)),
        usd_per_gpu_h: None,
        volume_gpus: None,
        buyer: String::new(),
    });
    // An unlimited step leaves nothing for a further one.
    if next.volume_tok_s.is_some_and(Limit::is_unlimited) {
        next.volume_tok_s = Some(Limit::At(1e6));
    }
    if next.volume_gpus.is_some_and(Limit::is_unlimited) {
        next.volume_gpus = Some(Limit::At(100.0));
    }
    next.price_usd_per_mtok = next.price_usd_per_mtok.map(|p| p / 2.0);
    next.usd_per_gpu_h = next.usd_per_gpu_h.map(|p| p / 2.0);
    steps.push(next);
    let label = format!("Add a demand step to {}", tier.name);
    Edit::set(format!("tiers.{}.demand", tier.id), steps_text(&steps), label)
}

fn remove_step(tier: &Tier, index: usize) -> Action {
    let mut steps = tier.demand.clone();
    steps.remove(index.min(steps.len().saturating_sub(1)));
    let label = format!("Remove demand step {} of {}", index + 1, tier.name);
    Edit::set(format!("tiers.{}.demand", tier.id), steps_text(&steps), label)
}

/// Input and output lengths and the prices of input.
fn requests(ui: &mut Ui, tier: &Tier, actions: &mut Actions) {
    card::section(ui, "Requests", "input is paid where priced", false);
    let rows: [(&str, &str, Option<f64>, &'static str); 6] = [
        ("isl_tokens", "Input length", tier.isl_tokens, "output only"),
        ("osl_tokens", "Output length", tier.osl_tokens, "output only"),
        ("cache_hit_frac", "Cache hits", tier.cache_hit_frac, "none"),
        ("input_usd_per_mtok", "Price of input", tier.input_usd_per_mtok, "not paid"),
        ("cached_usd_per_mtok", "Cached input", tier.cached_usd_per_mtok, "not paid"),
        ("variable_usd_per_mtok", "Variable cost", tier.variable_usd_per_mtok, "none"),
    ];
    for (field, label, value, word) in rows {
        let path = format!("tiers.{}.{field}", tier.id);
        FieldRow::new(&path, label, &tier.name, optional(value, word)).show(ui, actions);
    }
}

fn commitment(ui: &mut Ui, tier: &Tier, actions: &mut Actions) {
    card::section(ui, "Commitment", "least volume to serve", false);
    let base = format!("tiers.{}.commitment", tier.id);
    match &tier.commitment {
        Some(commitment) => {
            let path = format!("{base}.volume");
            let volume = required(Some(commitment.volume));
            let mut row = FieldRow::new(&path, "Least volume", &tier.name, volume);
            row.unit = unit_of_suffix(match tier.kind {
                TierKind::Tokens => "tok_s",
                TierKind::ReservedCapacity => "gpus",
            });
            row.show(ui, actions);
            let (field, penalty) = match tier.kind {
                TierKind::Tokens => ("penalty_usd_per_mtok", commitment.penalty_usd_per_mtok),
                TierKind::ReservedCapacity => {
                    ("penalty_usd_per_gpu_h", commitment.penalty_usd_per_gpu_h)
                }
            };
            let path = format!("{base}.{field}");
            let penalty = optional(penalty, "hard");
            FieldRow::new(&path, "Penalty", &tier.name, penalty).show(ui, actions);
            ui.add_space(4.0);
            let button = Button::new("Remove commitment").height(24.0);
            if button.show(ui).clicked() {
                let label = format!("Remove the commitment of {}", tier.name);
                actions.push(Edit::set(base, format::UNKNOWN, label));
            }
        }
        None => {
            ui.add_space(2.0);
            let button = Button::new("Add commitment").with_icon(Icon::Plus).height(24.0);
            if button.show(ui).clicked() {
                let label = format!("Add a commitment to {}", tier.name);
                let volume = match tier.kind {
                    TierKind::Tokens => "(volume: 1000000.0)",
                    TierKind::ReservedCapacity => "(volume: 100.0)",
                };
                actions.push(Edit::set(base, volume, label));
            }
        }
    }
}

/// Demand of each typical hour over its mean.
fn shape(ui: &mut Ui, cx: &Context<'_>, tier: &Tier, actions: &mut Actions) {
    if cx.site.terms.hours.len() < 2 {
        return;
    }
    card::section(ui, "Load shape", "times the mean", false);
    let path = format!("tiers.{}.deadline_h", tier.id);
    let deadline = optional(tier.deadline_h, "not deferrable");
    FieldRow::new(&path, "Deadline", &tier.name, deadline).show(ui, actions);
    for hour in &cx.site.terms.hours {
        let path = format!("tiers.{}.shape.{}", tier.id, hour.id);
        let value = optional(tier.shape.get(&hour.id).copied(), "1");
        FieldRow::new(&path, &hour.name, &tier.name, value).show(ui, actions);
    }
}

fn results(ui: &mut Ui, cx: &Context<'_>, id: &str) {
    let Some(tier) = cx.outcome.and_then(|o| o.plan.tiers.iter().find(|t| t.id == id)) else {
        return;
    };
    card::section(ui, "Result", "plan, year mean", false);
    let money = format::money_per_year(Money::usd(tier.revenue_usd_per_year));
    row::computed(ui, "Revenue", &money, "computed");
    let rate = format::token_rate(TokenRate::per_s(tier.tokens_per_s));
    row::computed(ui, "Output tokens", &rate, "computed");
    if let Some(price) = tier.price_usd_per_mtok {
        let price = format::price(TokenPrice::usd_per_mtok(price));
        row::computed(ui, "Clearing price", &price, "computed");
    }
    row::computed(ui, "IT power", &format::power(Power::mw(tier.it_mw)), "computed");
    row::computed(ui, "Share of IT", &format::share(tier.share_of_it_power), "computed");
    if tier.unsold_tokens_per_s > 0.0 {
        let unsold = format::token_rate(TokenRate::per_s(tier.unsold_tokens_per_s));
        row::computed(ui, "Made, not sold", &unsold, "computed");
    }
    if tier.shortfall_tokens_per_s > 0.0 {
        let short = format::token_rate(TokenRate::per_s(tier.shortfall_tokens_per_s));
        row::computed(ui, "Shortfall", &short, "computed");
    }
    if tier.shortfall_gpus > 0.0 {
        let short = format::amount(tier.shortfall_gpus, "GPUs");
        row::computed(ui, "Shortfall", &short, "computed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(volume: Limit) -> Tier {
        let step = serde_json::json!({ "price_usd_per_mtok": 45.0, "volume_tok_s": volume });
        serde_json::from_value(serde_json::json!({
            "id": "premium", "name": "Premium", "demand": [step]
        }))
        .expect("a tier")
    }

    #[test]
    fn a_further_step_costs_less_and_is_never_unlimited_after_another() {
        let Action::Edit(Edit::Set { path, value, .. }) = add_step(&tier(Limit::Unlimited)) else {
            panic!()
        };
        assert_eq!(path, "tiers.premium.demand");
        let parsed = crate::fields::parse_value(&value).expect("RON");
        let steps: Vec<DemandStep> = serde_json::from_value(parsed).expect("steps");
        assert_eq!(steps.len(), 2);
        assert_eq!(steps[1].price_usd_per_mtok, Some(22.5));
        assert_eq!(steps[1].volume_tok_s, Some(Limit::At(1e6)));
        assert_eq!(steps[0].volume_tok_s, Some(Limit::Unlimited));
    }

    #[test]
    fn removing_a_step_keeps_the_others() {
        let mut two = tier(Limit::At(20e6));
        two.demand.push(two.demand[0].clone());
        two.demand[1].price_usd_per_mtok = Some(28.0);
        let Action::Edit(Edit::Set { value, .. }) = remove_step(&two, 0) else { panic!() };
        let parsed = crate::fields::parse_value(&value).expect("RON");
        let steps: Vec<DemandStep> = serde_json::from_value(parsed).expect("steps");
        assert_eq!(steps.len(), 1);
        assert_eq!(steps[0].price_usd_per_mtok, Some(28.0));
    }
}
