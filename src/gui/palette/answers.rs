//! Questions with their answer, as far as the newest outcome knows it. Nothing
//! here is computed but sums and ratios of what the outcome says.

use super::item::{Group, Item, Line};
use crate::gui::action::{Action, BottomTab, Tab, View};
use crate::gui::context::{Context, Kind};
use crate::gui::icons::Icon;
use crate::gui::panels::limits::owner;
use crate::plan::result::{LimitResult, Plan, Status};
use crate::study::Outcome;
use crate::units::format::{self, System};
use crate::units::words::lower_first;
use crate::units::{Money, Power, TokenPrice, TokenRate};

/// Lines of an answer.
const MOST_LINES: usize = 4;

/// Every question that the outcome can answer.
pub fn questions(cx: &Context<'_>) -> Vec<Item> {
    let Some(outcome) = cx.outcome else { return Vec::new() };
    if outcome.plan.status == Status::Infeasible {
        return vec![conflicts(&outcome.plan)];
    }
    let mut all: Vec<Item> = [
        binding(&outcome.plan),
        one_more_mw(&outcome.plan),
        earnings(outcome),
        per_mw(&outcome.plan),
        power(cx, &outcome.plan),
        pue(outcome),
        tokens(&outcome.plan),
        electricity(outcome),
        capex(outcome),
        baseline(outcome),
    ]
    .into_iter()
    .flatten()
    .collect();
    all.extend(outcome.plan.tiers.iter().map(tier));
    all.extend(outcome.plan.limits.iter().filter_map(|limit| more_of(outcome, limit)));
    all
}

fn item(text: impl Into<String>, hidden: &str, icon: Icon) -> Item {
    Item { hidden: hidden.to_owned(), verb: "Show", ..Item::new(Group::Questions, icon, text) }
}

fn line(label: impl Into<String>, value: impl Into<String>, note: impl Into<String>) -> Line {
    Line { label: label.into(), value: value.into(), note: note.into() }
}

fn to_limits() -> Vec<Action> {
    vec![Action::View(View::Tab(Tab::SitePlan)), Action::View(View::BottomTab(BottomTab::Limits))]
}

fn to_economics() -> Vec<Action> {
    vec![Action::View(View::Tab(Tab::Economics))]
}

/// `+$17.7 M/yr` and `to +21.1 MW`; nothing while marginal values are not known.
fn gain(limit: &LimitResult) -> Option<(String, String)> {
    let value = format::money_change_per_year(Money::usd(limit.gain_usd_per_year?));
    let reach = limit.gain_valid_to.filter(|to| to.is_finite());
    let to = reach.map(|to| format!("to {}", format::amount_change(to, &limit.unit)));
    Some((value, to.unwrap_or_default()))
}

fn used(limit: &LimitResult) -> String {
    super::item::used_of(limit, System::Metric)
}

/// By gain, the dearest first.
fn dearest(plan: &Plan, counts: impl Fn(&LimitResult) -> bool) -> Vec<&LimitResult> {
    let mut limits: Vec<&LimitResult> = plan.limits.iter().filter(|l| counts(l)).collect();
    let key = |l: &LimitResult| l.gain_usd_per_year.unwrap_or(0.0);
    limits.sort_by(|a, b| key(b).total_cmp(&key(a)));
    limits
}

fn conflicts(plan: &Plan) -> Item {
    let mut one = item("Why is there no plan?", "infeasible conflict broken", Icon::Warning);
    one.note = "infeasible".to_owned();
    one.lines = plan
        .conflicts
        .iter()
        .take(MOST_LINES)
        .map(|c| {
            let amount = c.amount.map(|a| format::amount_change(a, &c.unit));
            line(c.sentence.clone(), amount.unwrap_or_default(), "")
        })
        .collect();
    one.actions = vec![Action::View(View::BottomTab(BottomTab::Problems))];
    one
}

fn binding(plan: &Plan) -> Option<Item> {
    let mut limits = dearest(plan, |l| l.binding);
    // As in the table of limits: what the whole site turns on stands first.
    limits.sort_by_key(|l| l.kind != "grid_contract");
    let mut one = item("What limits the site?", "binding limit bottleneck holds back", Icon::Gauge);
    one.note = limits.first().map_or_else(|| "nothing binds".to_owned(), |l| l.name.clone());
    one.lines = limits
        .iter()
        .take(MOST_LINES)
        .map(|l| {
            let note = gain(l).map(|(value, _)| format!("one more: {value}"));
            line(l.name.clone(), used(l), note.unwrap_or_default())
        })
        .collect();
    one.actions = to_limits();
    let first = limits.first().and_then(|l| owner(l));
    one.actions.extend(first.map(|e| Action::View(View::Select(vec![e]))));
    Some(one)
}

/// Where one megawatt more earns most, alone or with others in series.
fn one_more_mw(plan: &Plan) -> Option<Item> {
    let best = dearest(plan, |l| l.unit == "MW" && l.gain_usd_per_year.is_some_and(|g| g > 0.0));
    let known = plan.limits.iter().any(|l| l.unit == "MW" && l.gain_usd_per_year.is_some());
    if !known {
        return None;
    }
    let hidden = "best use of one MW worth marginal megawatt value";
    let mut one = item("What is the best use of one MW more?", hidden, Icon::Compare);
    one.note = match best.first().and_then(|l| Some((l, gain(l)?))) {
        Some((limit, (value, _))) => format!("{}, {value}", limit.name),
        None => "no single limit in MW earns more".to_owned(),
    };
    one.lines = best
        .iter()
        .take(MOST_LINES)
        .filter_map(|l| gain(l).map(|(value, to)| line(l.name.clone(), value, to)))
        .collect();
    let joint =
        plan.joint_gains.iter().max_by(|a, b| a.gain_usd_per_year.total_cmp(&b.gain_usd_per_year));
    one.lines.extend(joint.map(|j| joint_line(plan, j, "")));
    one.actions = to_limits();
    Some(one)
}

/// Limits in series, without the one that the question names already.
fn joint_line(plan: &Plan, joint: &crate::plan::result::JointGain, named: &str) -> Line {
    let name = |id: &String| {
        plan.limits.iter().find(|l| l.id == *id).map_or_else(|| id.clone(), |l| l.name.clone())
    };
    let names: Vec<String> = joint.limits.iter().filter(|id| *id != named).map(name).collect();
    let value = format::money_change_per_year(Money::usd(joint.gain_usd_per_year));
    let unit = plan.limits.iter().find(|l| joint.limits.contains(&l.id)).map(|l| l.unit.as_str());
    let reach = joint.valid_to.filter(|to| to.is_finite());
    let to = reach.map(|to| format!("to {}", format::amount_change(to, unit.unwrap_or_default())));
    let lead = if named.is_empty() { "" } else { "with " };
    line(format!("{lead}{}", names.join(" and ")), value, to.unwrap_or_default())
}

fn earnings(outcome: &Outcome) -> Option<Item> {
    let plan = &outcome.plan;
    let money = |usd: f64| format::money_per_year(Money::usd(usd));
    let mut one = item("What does the site earn?", "revenue income money margin", Icon::Finance);
    one.note = money(plan.revenue_usd_per_year);
    one.lines = vec![
        line("Revenue", money(plan.revenue_usd_per_year), ""),
        line("Energy", money(plan.energy_cost_usd_per_year), ""),
    ];
    if plan.grid_mw > 0.0 {
        let per_mw = money(plan.revenue_usd_per_year / plan.grid_mw);
        one.lines.push(line("Revenue per grid MW", per_mw, "worst hour"));
    }
    if let Some(objective) = plan.objective_usd_per_year {
        one.lines.push(line("Objective of the plan", money(objective), "what was made largest"));
    }
    one.actions = to_economics();
    Some(one)
}

fn per_mw(plan: &Plan) -> Option<Item> {
    let mut tiers: Vec<_> = plan
        .tiers
        .iter()
        .filter(|t| t.it_mw > 0.0)
        .map(|t| (t, t.revenue_usd_per_year / t.it_mw))
        .collect();
    tiers.sort_by(|a, b| b.1.total_cmp(&a.1));
    let money = |usd: f64| format::money_per_year(Money::usd(usd));
    let best = tiers.first()?;
    let mut one = item("Which tier earns most per MW?", "best revenue density", Icon::Tier);
    one.note = format!("{}, {} per IT MW", best.0.name, money(best.1));
    one.lines = tiers
        .iter()
        .take(MOST_LINES)
        .map(|(tier, per)| {
            let at = format!("on {} IT", format::power(Power::mw(tier.it_mw)));
            line(tier.name.clone(), money(*per), at)
        })
        .collect();
    one.actions = to_economics();
    Some(one)
}

fn power(cx: &Context<'_>, plan: &Plan) -> Option<Item> {
    let mw = |v: f64| format::power(Power::mw(v));
    let mut one = item("How much power does the site draw?", "grid MW load facility", Icon::Feed);
    one.note = format!("{}, worst hour", mw(plan.grid_mw));
    let contract = cx.site.terms.site.grid_contract_mw;
    let of = contract.map(|c| format!("of {} contracted", mw(c)));
    one.lines = vec![
        line("Grid, worst hour", mw(plan.grid_mw), of.unwrap_or_default()),
        line("IT", mw(plan.it_mw), "worst hour"),
        line("Of it firm, at the meter", mw(plan.firm_mw), ""),
    ];
    one.actions = vec![Action::View(View::Select(Vec::new()))];
    Some(one)
}

fn pue(outcome: &Outcome) -> Option<Item> {
    let h = &outcome.headline;
    if h.pue_mean <= 0.0 {
        return None;
    }
    let mut one = item("What is the PUE?", "cooling efficiency overhead", Icon::DryCooler);
    one.note = format::fixed(h.pue_mean, 3);
    one.lines = vec![
        line("Mean of the year", format::fixed(h.pue_mean, 3), "design PUE"),
        line("Worst hour", format::fixed(h.pue_worst, 3), "what capacity is planned by"),
    ];
    one.actions = vec![Action::View(View::Select(Vec::new()))];
    Some(one)
}

fn tokens(plan: &Plan) -> Option<Item> {
    let rate = |v: f64| format::token_rate(TokenRate::per_s(v));
    let t = &plan.tokens_per_s;
    let mut one = item("How many tokens does it make?", "output throughput", Icon::Chart);
    one.note = format!("{} output", rate(t.output));
    one.lines = vec![
        line("Output", rate(t.output), format::tokens_a_year(TokenRate::per_s(t.output))),
        line("Input", format::known(t.input, rate), ""),
        line("Cached input", format::known(t.cached_input, rate), ""),
    ];
    one.actions = to_economics();
    Some(one)
}

fn electricity(outcome: &Outcome) -> Option<Item> {
    let mut one = item("What does electricity cost?", "energy tariff bill", Icon::Substation);
    let cost = Money::usd(outcome.plan.energy_cost_usd_per_year);
    one.note = format::money_per_year(cost);
    one.lines = vec![line("Energy of a year", format::money_per_year(cost), "at the tariff")];
    if let Some(price) = outcome.headline.energy_usd_per_mtok {
        let price = format::price(TokenPrice::usd_per_mtok(price));
        one.lines.push(line("Per million output tokens", price, ""));
    }
    one.actions = to_economics();
    Some(one)
}

fn capex(outcome: &Outcome) -> Option<Item> {
    let h = &outcome.headline;
    let mut one = item("What do racks and site cost?", "capex capital investment", Icon::Finance);
    let racks = format::known(h.racks_installed, format::racks);
    match (h.capex_usd, &h.capex_stopped_by) {
        (Some(usd), _) => {
            one.note = format::money(Money::usd(usd));
            one.lines = vec![line("Racks, support and site", one.note.clone(), racks)];
        }
        (None, Some(path)) => {
            one.note = "stopped".to_owned();
            one.lines = vec![line("Unknown, needed for capex", path.clone(), racks)];
        }
        (None, None) => return None,
    }
    one.actions = to_economics();
    Some(one)
}

fn baseline(outcome: &Outcome) -> Option<Item> {
    let other = outcome.baseline.as_ref()?;
    let more = outcome.plan.revenue_usd_per_year - other.revenue_usd_per_year;
    let mut one = item("How much better is the plan?", "baseline compare gain", Icon::Compare);
    let money = |usd: f64| format::money_per_year(Money::usd(usd));
    one.note = format::money_change_per_year(Money::usd(more));
    one.lines = vec![
        line("This plan", money(outcome.plan.revenue_usd_per_year), "revenue"),
        line(other.name.clone(), money(other.revenue_usd_per_year), "revenue"),
        line("More", one.note.clone(), ""),
    ];
    one.actions = to_economics();
    Some(one)
}

fn tier(tier: &crate::plan::result::TierResult) -> Item {
    let mut one = item(format!("What does tier {} earn?", tier.name), "revenue", Icon::Tier);
    let money = format::money_per_year(Money::usd(tier.revenue_usd_per_year));
    one.note.clone_from(&money);
    one.lines = vec![line("Revenue", money, "")];
    if tier.tokens_per_s > 0.0 {
        let rate = format::token_rate(TokenRate::per_s(tier.tokens_per_s));
        let price = tier.price_usd_per_mtok.map(|p| format::price(TokenPrice::usd_per_mtok(p)));
        one.lines.push(line("Output tokens sold", rate, price.unwrap_or_default()));
    }
    let share = format!("{} of IT power", format::share(tier.share_of_it_power));
    one.lines.push(line("IT power", format::power(Power::mw(tier.it_mw)), share));
    let element = crate::gui::context::Element::new(crate::gui::context::Kind::Tier, &tier.id);
    one.actions = vec![Action::View(View::Select(vec![element]))];
    one
}

/// One of a unit in words: what follows "one more".
pub fn one_of(unit: &str) -> &str {
    match unit {
        "MW" => "megawatt",
        "kW" => "kilowatt",
        "MWh" => "megawatt-hour",
        "t" => "tonne",
        "L/min" => "litre a minute",
        "M tok/s" => "million tokens a second",
        "tok/s" => "token a second",
        "M$" => "million dollars",
        "racks" => "rack",
        "positions" => "rack position",
        "GPUs" => "GPU",
        other => other,
    }
}

/// What a limit limits, behind "one more ... of": without the word that its unit says already.
fn of_what(limit: &LimitResult) -> String {
    let name = limit.name.as_str();
    let counted = [" rack positions", " racks"].iter().find_map(|word| name.strip_suffix(word));
    let name = match limit.unit.as_str() {
        "racks" | "positions" => counted.or(name.strip_prefix("Supply of ")).unwrap_or(name),
        _ => name,
    };
    // The name of an element is a name; of the site there is one contract, one budget.
    let is_of_site =
        owner(limit).is_none_or(|e| matches!(e.kind, Kind::Site | Kind::Policy | Kind::Finance));
    let name = if is_of_site { lower_first(name) } else { name.to_owned() };
    if name.contains(", ") { format!("{name},") } else { name }
}

/// What more of one limit earns: alone, and with what lies in series with it.
fn more_of(outcome: &Outcome, limit: &LimitResult) -> Option<Item> {
    let (value, to) = gain(limit)?;
    let text = format!("What would one more {} of {} earn?", one_of(&limit.unit), of_what(limit));
    let hidden = format!("limit worth marginal gain {}", limit.unit);
    let mut one = item(text, &hidden, Icon::Gauge);
    one.note.clone_from(&value);
    one.lines = vec![line("Alone", value, to)];
    let with = outcome.plan.joint_gains.iter().filter(|j| j.limits.contains(&limit.id));
    one.lines.extend(with.take(2).map(|j| joint_line(&outcome.plan, j, &limit.id)));
    if let Some(net) = limit.net_gain_usd_per_year {
        let net = format::money_change_per_year(Money::usd(net));
        one.lines.push(line("Net of its capital", net, "worth buying if above $0"));
    }
    one.actions = to_limits();
    one.actions.extend(owner(limit).map(|e| Action::View(View::Select(vec![e]))));
    Some(one)
}
