//! What is built and what it makes: plan, diagram, allocation, the limits that hold it back.

use super::Desk;
use crate::report::Face;
use crate::report::document::{Column, Row};
use crate::units::format::{
    amount, count, known, money_per_year, or_dash, plain, power, price, share, token_rate,
};
use crate::units::{Money, Power, TokenPrice, TokenRate};

pub fn write(desk: &mut Desk) {
    let facts = desk.facts;
    let plan = &facts.outcome.plan;
    desk.chapter("Site and plan");
    let mut said = format!(
        "The plan puts {} of IT power to work, {} at the meter in the worst hour, and sells {} of \
         output tokens a second.",
        power(Power::mw(plan.it_mw)),
        power(Power::mw(plan.grid_mw)),
        token_rate(TokenRate::per_s(plan.tokens_per_s.output)).trim_end_matches("/s"),
    );
    if let Some(mw) = facts.subject.site.terms.site.grid_contract_mw {
        said.push_str(&format!(" The grid contract is {}.", power(Power::mw(mw))));
    }
    desk.say(said);
    let caption = "The site plan to scale; colours show the rack generation.";
    let size = (desk.width, 360.0);
    let plan_figure = facts.drawing(Face::SitePlan, size, caption, desk.measure);
    let is_built = plan_figure.is_ok();
    desk.push(plan_figure.ok());
    if is_built {
        let caption = "The one-line diagram; colours show the load of each element.";
        let size = (desk.width, 380.0);
        let diagram = facts.drawing(Face::OneLine, size, caption, desk.measure);
        if let Ok(diagram) = diagram {
            desk.section("One-line diagram");
            desk.push(Some(diagram));
        }
    } else {
        desk.note(
            "The layout states a reference infrastructure in place of a site: there is no plan \
             and no network to draw, and no check of power, cooling or space was made.",
        );
    }
    tiers(desk);
    allocation(desk);
    limits(desk);
}

fn tiers(desk: &mut Desk) {
    let plan = &desk.facts.outcome.plan;
    desk.section("Tiers");
    let columns = vec![
        Column::left("Tier"),
        Column::right("Price"),
        Column::right("Sold"),
        Column::right("IT power"),
        Column::right("Share of IT power"),
        Column::right("Revenue at today's prices"),
    ];
    let row = |t: &crate::plan::result::TierResult| {
        let sold = match t.tokens_per_s > 0.0 {
            true => token_rate(TokenRate::per_s(t.tokens_per_s)),
            false => format!("{} GPUs", count(t.gpus)),
        };
        Row::plain([
            t.name.clone(),
            or_dash(t.price_usd_per_mtok, |p| price(TokenPrice::usd_per_mtok(p))),
            sold,
            power(Power::mw(t.it_mw)),
            share(t.share_of_it_power),
            money_per_year(Money::usd(t.revenue_usd_per_year)),
        ])
    };
    let rows: Vec<Row> = plan.tiers.iter().map(row).collect();
    desk.table(columns, rows);
}

fn allocation(desk: &mut Desk) {
    let facts = desk.facts;
    let tiers = &facts.subject.site.terms.tiers;
    let tier = |id: &str| {
        let own = tiers.iter().find(|t| t.id.as_str() == id);
        own.map_or_else(|| id.to_owned(), |t| t.name.clone())
    };
    let rack = |id: &str| {
        let own = facts.subject.catalog.racks.get(id);
        own.map_or_else(|| id.to_owned(), |r| r.name.clone())
    };
    desk.section("Racks and what they serve");
    let columns = vec![
        Column::left("Rack"),
        Column::left("Tier"),
        Column::right("Racks"),
        Column::right("IT power"),
        Column::right("Output"),
        Column::right("Revenue"),
    ];
    let row = |a: &crate::plan::result::AllocationRow| {
        Row::plain([
            rack(&a.rack),
            tier(&a.tier),
            known(a.racks, count),
            power(Power::mw(a.it_mw)),
            token_rate(TokenRate::per_s(a.tokens_per_s)),
            money_per_year(Money::usd(a.revenue_usd_per_year)),
        ])
    };
    let used = facts.outcome.plan.allocation.iter().filter(|a| a.it_mw > 0.0);
    let rows: Vec<Row> = used.map(row).collect();
    desk.table(columns, rows);
}

fn limits(desk: &mut Desk) {
    let binding: Vec<_> = desk.facts.outcome.plan.limits.iter().filter(|l| l.binding).collect();
    if binding.is_empty() {
        return;
    }
    desk.section("Limits that bind");
    desk.say(
        "More of any of these would change the plan. The gain is that of the plan's objective for \
         one more unit, before the capital that the unit needs.",
    );
    let columns = vec![
        Column::left("Limit"),
        Column::right("Used"),
        Column::right("Capacity"),
        Column::right("Gain of one more"),
    ];
    let row = |l: &&crate::plan::result::LimitResult| {
        let gain = l.gain_usd_per_year.map(|v| {
            let usd = crate::units::format::money_change_per_year(Money::usd(v));
            if l.unit.is_empty() { usd } else { format!("{usd} per {}", unit(&l.unit)) }
        });
        Row::plain([
            l.name.clone(),
            amount(l.used, &l.unit),
            l.capacity.map_or_else(|| "unlimited".to_owned(), |c| amount(c, &l.unit)),
            or_dash(gain, |g| g),
        ])
    };
    // A page of the weightiest is what a reader can use.
    let mut binding = binding;
    let gain = |l: &crate::plan::result::LimitResult| l.gain_usd_per_year.unwrap_or(0.0).abs();
    binding.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    let all = binding.len();
    binding.truncate(24);
    let rows: Vec<Row> = binding.iter().map(row).collect();
    let shown = rows.len();
    desk.table(columns, rows);
    if shown < all {
        let words = format!("The {shown} of {} with the largest gain.", plain(all as f64));
        desk.note(words);
    }
}

/// A unit as one of it reads.
fn unit(name: &str) -> &str {
    match name {
        "racks" => "rack",
        "GPUs" => "GPU",
        other => other,
    }
}
