//! Plans that cannot be: what conflicts, and by how much, against a hand calculation.

use super::{grid_per_it, mechanical_frac, one_block_with, rubin};
use crate::support::{block, changed, close, node, one_hour, point, rack, solve, tier};
use gigasite::plan::input::Holding;
use gigasite::plan::result::{Conflict, Plan, Status};
use gigasite::study::{SolveOptions, run};

const COMMITTED: f64 = 1.2e6;

fn committed(changes: &[(&str, &str)]) -> Plan {
    let site = one_block_with(&[(
        r#"volume_tok_s: "unlimited")],"#,
        r#"volume_tok_s: "unlimited")], commitment: (volume: 1200000),"#,
    )]);
    let (site, catalog) = changed(site, changes);
    run(&site, &catalog, &SolveOptions::default()).plan
}

fn conflict<'a>(plan: &'a Plan, limit: &str) -> &'a Conflict {
    let found = plan.conflicts.iter().find(|c| c.limit == limit);
    found.unwrap_or_else(|| panic!("no {limit} in {:?}", plan.conflicts))
}

#[test]
fn a_commitment_beyond_the_substation_names_both_with_amounts() {
    let plan = committed(&[("nodes.sub.capacity_mw", "1.5")]);
    assert_eq!(plan.status, Status::Infeasible);
    assert_eq!(plan.objective_usd_per_year, None);
    assert_eq!(plan.conflicts.len(), 2, "{:?}", plan.conflicts);
    // Racks that the commitment takes, with the idle spares, at the substation's input.
    let each = rubin::HIGH_TOK_S * rubin::SELLS;
    let load =
        |tokens: f64| (tokens / each * rubin::IT_MW + 0.2 * rubin::IDLE_MW) * grid_per_it(35.0);
    let sub = conflict(&plan, "nodes.sub.capacity_mw");
    assert_eq!((sub.element.as_str(), sub.unit.as_str()), ("sub", "MW"));
    let needs = load(COMMITTED) - 1.5;
    assert!(needs > 0.2, "{needs}");
    close(sub.amount.unwrap(), needs, 1e-6, "MW more at the substation");
    assert!(sub.sentence.contains("Substation"), "{}", sub.sentence);
    let commitment = conflict(&plan, "tiers.high.commitment.volume");
    let can = (1.5 / grid_per_it(35.0) - 0.2 * rubin::IDLE_MW) / rubin::IT_MW * each;
    close(commitment.amount.unwrap(), (COMMITTED - can) / 1e6, 1e-6, "M tokens/s less");
    assert!(commitment.sentence.contains("High"), "{}", commitment.sentence);

    // The named amounts are enough, and a little less is not.
    for (share, status) in [(1.0 + 1e-6, Status::Optimal), (1.0 - 1e-4, Status::Infeasible)] {
        let capacity = (1.5 + needs * share).to_string();
        let plan = committed(&[("nodes.sub.capacity_mw", &capacity)]);
        assert_eq!(plan.status, status, "{capacity} MW");
    }
}

#[test]
fn the_conflict_is_where_the_limit_is() {
    let it = COMMITTED / (rubin::HIGH_TOK_S * rubin::SELLS) * rubin::IT_MW + 0.2 * rubin::IDLE_MW;
    let mechanical = it * mechanical_frac(40.0, 35.0);
    for (limit, capacity, needed) in [
        ("site.grid_contract_mw", "1.2", it * grid_per_it(35.0)),
        ("feeds.feed.capacity_mw", "1.2", it * grid_per_it(35.0)),
        ("nodes.bus.capacity_mw", "1.2", it / 0.99),
        ("nodes.mech.capacity_mw", "0.2", mechanical / 0.97),
        ("loops.loop.heat_mw", "1.1", it),
    ] {
        let plan = committed(&[(limit, capacity)]);
        assert_eq!(plan.status, Status::Infeasible, "{limit}");
        let more = needed - capacity.parse::<f64>().unwrap();
        close(conflict(&plan, limit).amount.unwrap(), more, 1e-6, limit);
        conflict(&plan, "tiers.high.commitment.volume");
        assert_eq!(plan.conflicts.len(), 2, "{limit}: {:?}", plan.conflicts);
    }
}

#[test]
fn racks_that_are_not_there_conflict_with_the_commitment() {
    let plan = committed(&[("blocks.racks.count", "5")]);
    assert_eq!(plan.status, Status::Infeasible);
    let racks = COMMITTED / (rubin::HIGH_TOK_S * rubin::SELLS) / rubin::LIVE - 5.0;
    close(conflict(&plan, "blocks.racks.count").amount.unwrap(), racks, 1e-6, "racks more");
}

#[test]
fn two_limits_in_series_conflict_although_neither_alone_helps() {
    // 12 committed through two nodes of 10: the set names all three.
    let mut input = one_hour();
    input.racks = vec![rack("r")];
    input.points = vec![point("p", 0, 1.0, 1.0)];
    input.nodes = vec![node("a", 10.0), node("b", 10.0)];
    let mut racks = block("racks", &[0], Holding::Installed(30.0));
    racks.node_per_it = vec![(0, 1.0), (1, 1.0)];
    input.blocks = vec![racks];
    input.tiers = vec![tier("t", false, &[(1.0, f64::INFINITY)], &[0])];
    input.tiers[0].commitment = Some((12.0, None));
    let plan = solve(&input).plan;
    assert_eq!(plan.status, Status::Infeasible);
    let commitment = conflict(&plan, "tiers.t.commitment.volume");
    close(commitment.amount.unwrap(), 2.0, 1e-9, "2 less");
    // An irreducible set holds one of the two nodes; raising it alone does not help.
    let nodes: Vec<_> = plan.conflicts.iter().filter(|c| c.unit == "MW").collect();
    assert_eq!(nodes.len(), 1, "{:?}", plan.conflicts);
    assert_eq!(nodes[0].amount, None);
    assert!(!nodes[0].sentence.is_empty());
    input.nodes[1].capacity_mw = 15.0;
    let plan = solve(&input).plan;
    close(conflict(&plan, "nodes.a.capacity_mw").amount.unwrap(), 2.0, 1e-9, "2 MW more");
}
