//! A plan as text for a terminal.

use crate::plan::result::Status;
use crate::study::Outcome;
use crate::units::format::{
    amount, fixed, known, money_change, money_per_year, power, token_rate, tokens_a_year,
};
use crate::units::{Money, Power, TokenRate};

/// Most limits that are printed; the rest is in `--json`.
const LIMITS: usize = 12;

/// The plan: headline, tiers, allocation, what binds.
pub(super) fn plan(outcome: &Outcome) -> String {
    let plan = &outcome.plan;
    let mut out = vec![outcome.name.clone(), format!("({})", outcome.labels.join("; "))];
    match plan.status {
        Status::Optimal | Status::Limit => {}
        Status::Infeasible => {
            out.push("No plan meets every requirement.".into());
            for c in &plan.conflicts {
                out.push(format!("  {}: {}", c.limit, c.sentence));
            }
            return out.join("\n");
        }
        Status::Unbounded => {
            out.push(
                "Nothing limits the plan: give the site a grid contract or its tiers a demand."
                    .into(),
            );
            return out.join("\n");
        }
        Status::Error => {
            out.push("No plan: see the errors above.".into());
            return out.join("\n");
        }
    }
    out.push(String::new());
    out.extend(headline(outcome));
    out.push(String::new());
    out.extend(tiers(outcome));
    out.push(String::new());
    out.extend(allocation(outcome));
    out.push(String::new());
    out.extend(limits(outcome));
    out.extend(firm(outcome));
    out.extend(network(outcome));
    out.join("\n")
}

fn headline(outcome: &Outcome) -> Vec<String> {
    let (plan, h) = (&outcome.plan, &outcome.headline);
    let mut out = vec![
        format!("Revenue        {}", money_per_year(Money::usd(plan.revenue_usd_per_year))),
        format!("Energy         {}", money_per_year(Money::usd(plan.energy_cost_usd_per_year))),
        format!(
            "Objective      {}",
            known(plan.objective_usd_per_year, |v| money_per_year(Money::usd(v)))
        ),
        format!(
            "Output tokens  {} ({})",
            token_rate(TokenRate::per_s(plan.tokens_per_s.output)),
            tokens_a_year(TokenRate::per_s(plan.tokens_per_s.output)),
        ),
        format!("Grid power     {} in the worst hour", power(Power::mw(plan.grid_mw))),
        format!(
            "PUE            {} mean, {} worst hour",
            fixed(h.pue_mean, 3),
            fixed(h.pue_worst, 3)
        ),
    ];
    if plan.penalty_usd_per_year > 0.0 {
        let penalty = money_per_year(Money::usd(plan.penalty_usd_per_year));
        out.insert(2, format!("Penalties      {penalty}"));
    }
    if let Some(racks) = h.racks_installed {
        out.push(format!("Racks          {}", crate::units::format::count(racks)));
    }
    let capex = h.capex_usd.map(|v| crate::units::format::money(Money::usd(v)));
    let stopped = h.capex_stopped_by.as_ref().map(|p| format!("stopped: {p} is unknown"));
    out.extend(capex.or(stopped).map(|t| format!("Capex          {t}")));
    if let (Some(ratio), Some(world)) = (h.world_ratio, h.world_tokens_per_year) {
        out.push(format!(
            "Demand check   {} x the published world volume of {} quadrillion tokens a year",
            fixed(ratio, 2),
            fixed(world / 1e15, 0)
        ));
    }
    if let Some(b) = &outcome.baseline {
        let own = plan.objective_usd_per_year.unwrap_or(0.0);
        let gain = own - b.objective_usd_per_year;
        let gain = if gain.abs() < 1e-9 * own.abs() { 0.0 } else { gain };
        out.push(format!(
            "Compared       {} a year after running cost, with {}",
            money_change(Money::usd(gain)),
            b.name
        ));
    }
    if let Some(bound) = plan.bound_usd_per_year {
        let gap = plan.mip_gap.map_or_else(String::new, |g| format!(", gap {g:.2e}"));
        out.push(format!("Integer bound  {}{gap}", money_per_year(Money::usd(bound))));
    }
    if let Some(w) = &outcome.whatif {
        let changes: Vec<String> = w.changes.iter().map(|(l, c)| format!("{l} {c:+}")).collect();
        let gain = w.gain_usd_per_year.map_or("there is no plan".into(), |v| {
            format!("{} a year", money_change(Money::usd(v)))
        });
        out.push(format!("What if        {}: {gain}", changes.join(", ")));
    }
    out
}

fn tiers(outcome: &Outcome) -> Vec<String> {
    let mut out = vec![format!(
        "{:<14} {:>16} {:>12} {:>10} {:>10} {:>7}",
        "Tier", "Revenue", "Output", "$/M", "IT MW", "Share"
    )];
    for t in &outcome.plan.tiers {
        let volume = if t.gpus > 0.0 {
            amount(t.gpus, "GPUs")
        } else {
            token_rate(TokenRate::per_s(t.tokens_per_s))
        };
        out.push(format!(
            "{:<14} {:>16} {:>12} {:>10} {:>10} {:>6} %",
            t.name,
            money_per_year(Money::usd(t.revenue_usd_per_year)),
            volume,
            t.price_usd_per_mtok.map_or("–".into(), |p| fixed(p, 2)),
            fixed(t.it_mw, 1),
            fixed(t.share_of_it_power * 100.0, 1),
        ));
    }
    for t in &outcome.plan.tiers {
        let tokens = Some(t.shortfall_tokens_per_s).filter(|v| *v > 0.0);
        let tokens = tokens.map(|v| token_rate(TokenRate::per_s(v)));
        let gpus = Some(t.shortfall_gpus).filter(|v| *v > 0.0).map(|v| amount(v, "GPUs"));
        let short = tokens.or(gpus).map(|v| format!("{} is {v} short of its commitment", t.name));
        out.extend(short);
    }
    out
}

fn allocation(outcome: &Outcome) -> Vec<String> {
    let mut out = vec![format!(
        "{:<14} {:<14} {:<30} {:>8} {:>9} {:>12}",
        "Rack", "Tier", "Operating point", "Racks", "IT MW", "Revenue"
    )];
    for r in &outcome.plan.allocation {
        out.push(format!(
            "{:<14} {:<14} {:<30} {:>8} {:>9} {:>12}",
            r.rack,
            r.tier,
            r.operating_point,
            known(r.racks, crate::units::format::count),
            fixed(r.it_mw, 1),
            money_per_year(Money::usd(r.revenue_usd_per_year)),
        ));
    }
    out
}

/// The plan on the site's electrical network.
fn network(outcome: &Outcome) -> Option<String> {
    let n = outcome.network.as_ref()?;
    let mw = |v: f64| power(Power::mw(v));
    if let Some(path) = &n.stopped_by {
        return Some(format!("Power flow     stopped: {path} is unknown"));
    }
    if !n.converged {
        return Some("Power flow     does not converge, or leaves load dark".to_owned());
    }
    let part = |found: &Option<(String, f64)>, what: &str, text: &dyn Fn(f64) -> String| {
        found.as_ref().map_or(String::new(), |(name, v)| format!("; {what} {} at {name}", text(*v)))
    };
    Some(format!(
        "Power flow     {} at the meter by AC against {} planned, {} {}{}{}{}",
        mw(n.meter_mw),
        mw(n.plan_mw),
        n.passes,
        if n.passes == 1 { "pass" } else { "passes" },
        part(&n.worst_loading, "busiest", &|v| format!("{} %", fixed(v * 100.0, 1))),
        part(&n.lowest_voltage, "lowest voltage", &|v| format!("{} pu", fixed(v, 3))),
        n.outages
            .map_or(String::new(), |o| format!("; {} of {} single outages held", o.held, o.all)),
    ))
}

/// What the network keeps, and what limits firm sales, in words.
fn firm(outcome: &Outcome) -> Vec<String> {
    let Some(firm) = &outcome.firm else { return Vec::new() };
    let mw = |v: f64| power(Power::mw(v));
    let mut out = vec![
        String::new(),
        format!(
            "Firm power     {} sold; the network keeps {} of {} whatever single element fails, {} \
             with every tie left open",
            mw(outcome.plan.firm_mw),
            mw(firm.site_mw),
            mw(firm.site_nameplate_mw),
            mw(firm.site_without_ties_mw),
        ),
    ];
    let firm_kind = |kind: &str| matches!(kind, "node_firm" | "outage");
    let binding = outcome.plan.limits.iter().filter(|l| l.binding && firm_kind(&l.kind));
    let said: Vec<String> = binding
        .filter_map(|l| {
            if l.kind == "outage" {
                return Some(format!("{}: full at {}", l.name, known(l.capacity, mw)));
            }
            let node = firm.nodes.get(&l.element)?;
            let stated = node.stated_mw.map(|mw| format!("{}: firm {mw} MW as stated", l.name));
            Some(stated.unwrap_or_else(|| node.sentence.clone()))
        })
        .collect();
    out.extend(said.iter().take(LIMITS).map(|s| format!("  {s}")));
    if said.len() > LIMITS {
        out.push(format!("  and {} more; --json has all", said.len() - LIMITS));
    }
    out
}

fn limits(outcome: &Outcome) -> Vec<String> {
    let mut binding: Vec<_> = outcome.plan.limits.iter().filter(|l| l.binding).collect();
    let worth = |l: &crate::plan::result::LimitResult| {
        l.gain_usd_per_year.unwrap_or(0.0).abs().max(l.loss_usd_per_year.unwrap_or(0.0).abs())
    };
    // The question that everyone asks first stands first.
    let first = |l: &crate::plan::result::LimitResult| l.kind != "grid_contract";
    binding.sort_by(|a, b| first(a).cmp(&first(b)).then(worth(b).total_cmp(&worth(a))));
    let mut out = vec![format!(
        "{:<40} {:>14} {:>16} {:>16}",
        "Binding limit", "Capacity", "One more, a year", "One less, a year"
    )];
    let more = binding.len().saturating_sub(LIMITS);
    for l in binding.into_iter().take(LIMITS) {
        let change =
            |v: Option<f64>| v.map_or("not possible".into(), |v| money_change(Money::usd(v)));
        out.push(format!(
            "{:<40} {:>14} {:>16} {:>16}",
            l.name,
            known(l.capacity, |c| amount(c, &l.unit)),
            change(l.gain_usd_per_year),
            change(l.loss_usd_per_year),
        ));
    }
    if more > 0 {
        out.push(format!("and {more} more; --json has all"));
    }
    for j in &outcome.plan.joint_gains {
        out.push(format!(
            "Together: {} each one more: {} a year",
            j.limits.join(" + "),
            money_change(Money::usd(j.gain_usd_per_year))
        ));
    }
    out
}
