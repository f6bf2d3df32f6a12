//! The network in the inspector: what the power flow says of a feed or node, its switches, and
//! the effect of the what-if that is shown.

use crate::catalog::{Equipment, Fact, source_text};
use crate::gui::action::{Action, Actions, View};
use crate::gui::commands::{Command, whatif};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::chip::{self, Tone};
use crate::gui::components::paint::{self, Text};
use crate::gui::components::segmented::segmented;
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::panels::rows::kind_word;
use crate::gui::theme::Theme;
use crate::power::emergency::Emergency;
use crate::power::fault::Level;
use crate::power::flow::Status;
use crate::scene::labels::before_comma;
use crate::scene::tokens::{TextRole, Token, loading_class, size};
use crate::site::Node;
use crate::study::network::{Act, Names, Reading, WhatIf};
use crate::units::{Money, format};
use eframe::egui::{Align, Layout, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// Widths of the columns of a comparison, from the right.
const NOW: f32 = 84.0;
const BEFORE: f32 = 84.0;

/// What the power flow says of an element, and what can happen to it.
pub fn show(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    if !matches!(element.kind, Kind::Feed | Kind::Node) {
        return;
    }
    let id = element.id.as_str();
    let Some(normal) = cx.grid.normal().filter(|s| s.status != Status::Diverged) else { return };
    let Some(before) = normal.elements.get(id) else { return };
    let now = cx.grid.moment().and_then(|m| m.state.elements.get(id));
    let caption = if cx.grid.electrical.stale { "of an older plan" } else { "AC, worst hour" };
    card::section(ui, "Power flow", caption, false);
    if now.is_some() {
        heads(ui, "normal", "what if");
    }
    for (label, value) in readings() {
        let (was, is) = (value(before), now.map(&value));
        match is {
            Some(is) => pair(ui, label, (&was, &is), tone(label, now)),
            None if was == format::DASH => {}
            None => plain(ui, label, &was),
        }
    }
    let rating = match before.rating_mva {
        Some(mva) if before.machines > 1 => {
            format!("{} in {} machines", format::apparent_mva(mva), before.machines)
        }
        Some(mva) => format::apparent_mva(mva),
        None => "its capacity, MW".to_owned(),
    };
    row::fact(ui, "Loading is of", &rating);
    if let (Some(_), Some(node)) = (before.rating_mva, cx.node(id)) {
        emergency(ui, cx, node);
    }
    switches(ui, cx, element, actions);
    buttons(ui, cx, actions);
    faults(ui, cx, element);
}

/// What the machines of a node bear after an outage, with where it comes from.
fn emergency(ui: &mut Ui, cx: &Context<'_>, node: &Node) {
    let bears = Emergency::of(node, cx.catalog);
    let equipment = node.equipment.as_deref().and_then(|id| cx.catalog.equipment.get(id));
    let listed = |of: fn(&Equipment) -> Option<&Fact>| equipment.and_then(of);
    let rows = [
        (
            "Long-time rating",
            borne(bears.long_ratio, bears.long_h, "h"),
            node.emergency_long_ratio.is_some(),
            listed(|e| e.emergency_long_ratio.as_ref()),
        ),
        (
            "Short-time rating",
            borne(bears.short_ratio, bears.short_min, "min"),
            node.emergency_short_ratio.is_some(),
            listed(|e| e.emergency_short_ratio.as_ref()),
        ),
    ];
    for (label, value, own, fact) in rows {
        let known = fact.filter(|f| f.get().is_some());
        let (short, whole) = match (own, known) {
            (true, _) => ("layout".to_owned(), "Stated for this node".to_owned()),
            (false, Some(fact)) => {
                let id = fact.source.as_deref().unwrap_or_default();
                let from = source_text(cx.catalog, id);
                (fact.kind.map_or("", kind_word).to_owned(), format!("{from}. {}", fact.note))
            }
            (false, None) => {
                (String::new(), "No source states it: the next lower rating counts".to_owned())
            }
        };
        row::fact_of(ui, label, (&value, &short)).on_hover_text(whole);
    }
}

/// An emergency rating over the normal one, and how long it is borne.
fn borne(ratio: Option<f64>, time: Option<f64>, unit: &str) -> String {
    let Some(ratio) = ratio else { return format::UNKNOWN.to_owned() };
    let time = format::known(time, |t| format::with_unit(t, 0, unit));
    format!("{} for {time}", format::ratio(ratio))
}

/// The short-circuit level at an element beside what its gear bears.
fn faults(ui: &mut Ui, cx: &Context<'_>, element: &Element) {
    let Some(faults) = &cx.grid.electrical.faults else { return };
    let Some(place) = faults.places.iter().find(|p| p.path == element.path()) else { return };
    card::section(ui, "Fault level", "IEC 60909, screening", false);
    let ka = |v: f64| format::with_unit(v, 1, "kA");
    let both = |l: &Level| format!("{}, peak {}", ka(l.ik_ka), ka(l.ip_ka));
    row::fact(ui, "Three-phase", &both(&place.level));
    if let Some((level, switch)) = &place.tied {
        row::fact(ui, "with a tie closed", &both(level));
        row::fact(ui, "the tie", &cx.grid.electrical.names().switch(switch));
    }
    let bears = format::known(place.rated_ka, ka);
    row::fact(ui, "Gear bears", &bears);
    let worst = place.tied.as_ref().map_or(&place.level, |(level, _)| level);
    let verdict = match (place.bears(&place.level), place.bears(worst)) {
        (None, _) => "rating unknown",
        (Some(false), _) => "too much for the gear",
        (Some(true), Some(false)) => "tie must stay open",
        (Some(true), _) => "within the rating",
    };
    row::fact(ui, "Verdict", verdict);
}

type Value = fn(&Reading) -> String;

/// Figures of an element in the order of the inspector.
fn readings() -> [(&'static str, Value); 5] {
    [
        ("Voltage", |r| match (r.vm_pu, r.base_kv) {
            (Some(pu), Some(kv)) => format!("{} pu, {}", format::fixed(pu, 3), volts(pu * kv)),
            (Some(pu), None) => format!("{} pu", format::fixed(pu, 3)),
            (None, _) => dead(r),
        }),
        ("Active power", |r| figure(r, r.p_mw, 1, "MW")),
        ("Reactive power", |r| figure(r, r.q_mvar, 1, "Mvar")),
        ("Current", |r| figure(r, r.current_a, 0, "A")),
        ("Loading", |r| match r.loading_frac {
            Some(frac) if !r.is_dark => format::share(frac),
            _ => dead(r),
        }),
    ]
}

fn figure(r: &Reading, value: Option<f64>, decimals: usize, unit: &str) -> String {
    match value {
        Some(v) if !r.is_dark && !is_out(r) => format::with_unit(v, decimals, unit),
        _ => dead(r),
    }
}

/// Whether nothing of it is in service.
fn is_out(r: &Reading) -> bool {
    r.out > 0 && r.out >= r.machines
}

fn dead(r: &Reading) -> String {
    match (is_out(r), r.is_dark) {
        (true, _) => "out".to_owned(),
        (false, true) => "dark".to_owned(),
        (false, false) => format::DASH.to_owned(),
    }
}

fn volts(kv: f64) -> String {
    match kv {
        kv if kv >= 100.0 => format::with_unit(kv, 1, "kV"),
        kv if kv >= 1.0 => format::with_unit(kv, 2, "kV"),
        kv => format::with_unit(kv * 1e3, 0, "V"),
    }
}

fn tone(label: &str, now: Option<&Reading>) -> Token {
    let over = now.and_then(|r| r.loading_frac).is_some_and(|l| loading_class(l) == 5);
    let dark = now.is_some_and(|r| r.is_dark);
    match (label, over, dark) {
        ("Loading", true, _) => Token::Err,
        (_, _, true) => Token::Warn,
        _ => Token::Text1,
    }
}

/// Words over the columns of a comparison.
fn heads(ui: &mut Ui, before: &str, now: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let color = Theme::of(ui.ctx()).color(Token::Text3);
    let (left, right) = columns(rect);
    Text::new(before, TextRole::Small, color).right().paint(ui.painter(), left);
    Text::new(now, TextRole::Small, color).right().paint(ui.painter(), right);
}

fn columns(rect: Rect) -> (Rect, Rect) {
    let right = Rect::from_min_max(pos2(rect.right() - NOW, rect.top()), rect.max);
    let left = Rect::from_min_max(
        pos2(right.left() - BEFORE, rect.top()),
        pos2(right.left() - 8.0, rect.bottom()),
    );
    (left, right)
}

/// A figure before and now.
fn pair(ui: &mut Ui, label: &str, (before, now): (&str, &str), token: Token) {
    let t = Theme::of(ui.ctx());
    let wanted = vec2(ui.available_width(), size::INSPECTOR_ROW - 2.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let (left, right) = columns(rect);
    let room = Rect::from_min_max(rect.min, pos2(left.left(), rect.bottom()));
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(ui.painter(), room);
    let short = |text: &str| text.split(", ").next().unwrap_or(text).to_owned();
    let before_text = short(before);
    Text::new(&before_text, TextRole::Body, t.color(Token::Text2))
        .right()
        .paint(ui.painter(), left);
    let now_text = short(now);
    Text::new(&now_text, TextRole::BodyStrong, t.color(token)).right().paint(ui.painter(), right);
    let spoken = format!("{label}: {now}, normally {before}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

fn plain(ui: &mut Ui, label: &str, value: &str) {
    row::fact(ui, label, value);
}

/// The switches that feed a node, each with what can be done to it.
fn switches(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    let Some(node) = cx.node(&element.id) else { return };
    if node.from.is_empty() && node.alternate.is_empty() {
        return;
    }
    let names = cx.grid.electrical.names();
    let thrown = cx.grid.moment().map(|m| &m.thrown);
    card::section(ui, "Switches", "what if", false);
    let closed = node.from.iter().map(|s| (s, true));
    for (source, normally) in closed.chain(node.alternate.iter().map(|s| (s, false))) {
        let key = (source.clone(), node.id.clone());
        let is = thrown.and_then(|t| t.get(&key)).copied().unwrap_or(normally);
        let id = format!("{source}>{}", node.id);
        let (act, word) = match normally {
            true => (Act::Open(id), "Open"),
            false => (Act::Close(id), "Close"),
        };
        let asked = cx.grid.scenario.is_some_and(|s| s.acts.contains(&act));
        let word = if asked { "Restore" } else { word };
        let state = if is { "closed" } else { "open" };
        let label = format!("From {}", names.element(source));
        if switch(ui, &label, (state, is != normally), word) {
            actions.push(whatif::toggled(cx, act));
        }
    }
}

/// A switch with its state; true where its button was clicked.
fn switch(ui: &mut Ui, label: &str, (state, moved): (&str, bool), word: &str) -> bool {
    let t = Theme::of(ui.ctx());
    let wanted = vec2(ui.available_width(), size::BUTTON + 2.0);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::hover());
    let right = Rect::from_min_max(pos2(rect.right() - 76.0, rect.top()), rect.max);
    let middle = Rect::from_min_max(
        pos2(right.left() - 60.0, rect.top()),
        pos2(right.left() - 8.0, rect.bottom()),
    );
    let room = Rect::from_min_max(rect.min, pos2(middle.left() - 4.0, rect.bottom()));
    Text::new(label, TextRole::Body, t.color(Token::Text2)).paint(ui.painter(), room);
    let token = if moved { Token::Accent } else { Token::Text1 };
    Text::new(state, TextRole::Body, t.color(token)).right().paint(ui.painter(), middle);
    let spoken = format!("{label}: {state}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let name = format!("{word}: {label}");
    let builder =
        eframe::egui::UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| Button::new(word).height(22.0).name(&name).show(ui).clicked())
        .inner
}

/// What can fail, as far as it can.
fn buttons(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    ui.add_space(size::CARD_GAP);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        for (command, words) in [
            (Command::Fail, "What if it fails"),
            (Command::FailMachine, "One machine"),
            (Command::Restore, "Restore"),
        ] {
            if let Some(action) = command.action(cx)
                && Button::new(words).show(ui).on_hover_text(command.tip()).clicked()
            {
                actions.push(action);
            }
        }
    });
}

/// The effect of the what-if that is shown, above everything else.
pub fn what_if(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let Some(scenario) = cx.grid.scenario else { return };
    let names = cx.grid.electrical.names();
    card::section(ui, "What if", &scenario.words(names), true);
    ui.add_space(2.0);
    ui.horizontal(|ui| {
        if Button::new("Leave").look(Look::Primary).name("Leave the what-if").show(ui).clicked() {
            actions.push(Action::View(View::WhatIf(None)));
        }
        if let Some(found) = cx.grid.what_if().filter(|w| w.then.is_some()) {
            let at = usize::from(!cx.grid.at_once);
            let words = moments(found);
            if let Some(picked) = segmented(ui, "Moment", &[words.0, words.1], at) {
                actions.push(Action::View(View::WhatIfAtOnce(picked == 0)));
            }
        }
    });
    ui.add_space(4.0);
    match (cx.grid.what_if(), &cx.grid.electrical.what_if) {
        (Some(found), _) => effect(ui, cx, (found, names)),
        (None, Some(answer)) => {
            if let Err(error) = answer.as_ref() {
                row::fact(ui, "Not solved", &error.to_string());
            }
        }
        (None, None) => row::fact(ui, "Power flow", "being solved"),
    }
}

/// Words of the two moments.
fn moments(found: &WhatIf) -> (&'static str, &'static str) {
    match (found.closes.is_empty(), found.run_back_mw > 0.0) {
        (false, false) => ("At once", "After switching"),
        (true, _) => ("At once", "After run-back"),
        (false, true) => ("At once", "After both"),
    }
}

fn effect(ui: &mut Ui, cx: &Context<'_>, (found, names): (&WhatIf, &Names)) {
    let (Some(normal), Some(moment)) = (cx.grid.normal(), cx.grid.moment()) else { return };
    let now = &moment.state;
    verdict(ui, moment.holds, &moment.reason);
    heads(ui, "normal", "what if");
    let mw = |v: f64| format::with_unit(v, 1, "MW");
    let bad = |is: bool| if is { Token::Err } else { Token::Text1 };
    pair(ui, "Lost", (&mw(normal.lost_mw), &mw(now.lost_mw)), bad(now.lost_mw > 0.05));
    let served = |at_meter: f64| mw(at_meter);
    pair(ui, "At the meter", (&served(normal.grid_mw), &served(now.grid_mw)), Token::Text1);
    pair(ui, "Losses", (&mw(normal.loss_mw), &mw(now.loss_mw)), Token::Text1);
    let pu = |of: &Option<(String, f64)>| {
        format::or_dash(of.as_ref(), |(_, v)| format!("{} pu", format::fixed(*v, 3)))
    };
    let off = !moment.off_band.is_empty();
    pair(ui, "Lowest voltage", (&pu(&normal.lowest), &pu(&now.lowest)), bad(off));
    let share =
        |of: &Option<(String, f64)>| format::or_dash(of.as_ref(), |(_, f)| format::share(*f));
    let over = !moment.over.is_empty();
    pair(ui, "Highest loading", (&share(&normal.worst), &share(&now.worst)), bad(over));
    if let Some((id, _)) = &now.worst {
        row::fact(ui, "Worst element", &names.part(id, false));
    }
    card::section(ui, "Action", "", false);
    match found.closes.as_slice() {
        [] => row::fact(ui, "Switches", "none closes"),
        [one] => row::fact(ui, "Closes", &names.switch(one)),
        many => row::fact(ui, "Close", &format!("{} switches", many.len())),
    }
    let back = if found.run_back_mw > 0.0 { mw(found.run_back_mw) } else { "none".to_owned() };
    row::fact(ui, "Run back", &back);
    if let Some(flow) = &cx.grid.electrical.flow {
        // What is run back is lost once it is, what is dark from the first moment.
        let run_back = if cx.grid.at_once { 0.0 } else { found.run_back_mw };
        let usd = flow.checked.margin.usd_per_min(now.lost_mw, run_back);
        let lost = match usd {
            usd if usd > 0.0 => format!("{} a minute", format::money(Money::usd(usd))),
            _ => "none".to_owned(),
        };
        row::fact(ui, "Margin lost", &lost);
    }
    ui.add_space(size::CARD_GAP);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    let line = Theme::of(ui.ctx()).color(Token::Line);
    paint::hairline(ui.painter(), rect.left() - 12.0, rect.right() + 12.0, rect.top(), line);
}

/// Holds or not, and why.
fn verdict(ui: &mut Ui, holds: bool, reason: &str) {
    let t = Theme::of(ui.ctx());
    let (word, tone) = if holds { ("holds", Tone::Good) } else { ("does not hold", Tone::Bad) };
    ui.horizontal(|ui| chip::tag(ui, word, tone));
    ui.add_space(2.0);
    let wide = ui.available_width();
    let galley = paint::paragraph(ui.painter(), reason, TextRole::Body, wide);
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, t.color(Token::Text2));
    ui.add_space(6.0);
    let spoken = format!("What if {word}: {reason}");
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, &spoken));
}

/// The name of the what-if and the way out of it, at the end of the tabs.
pub fn sign(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let Some(scenario) = cx.grid.scenario else { return };
    let words = scenario.words(cx.grid.electrical.names());
    let leave = Button::new("Leave").height(22.0).name("Leave the what-if, Escape").show(ui);
    if leave.on_hover_text("Shows the network as the plan has it (Escape)").clicked() {
        actions.push(Action::View(View::WhatIf(None)));
    }
    ui.add_space(6.0);
    // Where the tabs leave no room, the inspector says it.
    let room = ui.available_width() - 6.0;
    let whole = format!("What if: {words}");
    let short = format!("What if: {}", before_comma(&words));
    let fits = |text: &String| chip::tag_width(ui.painter(), text) <= room;
    if let Some(text) = [whole, short, "What if".to_owned()].into_iter().find(fits) {
        chip::tag(ui, &text, Tone::Bad).on_hover_text(words);
    }
}
