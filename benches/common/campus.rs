//! The medium-voltage network of a campus for measuring outages: two substations of two main
//! transformers each, eight closed loop feeders of four unit substations, their busways.

use gigasite::power::case::{Branch, Bus, BusKind, Case, Generator, Load, Ratings};

/// 74 buses and 81 branches, each of which may fail.
pub fn looped() -> Case {
    let mut case = Case { name: "looped".into(), base_mva: 100.0, ..Case::default() };
    let grid = bus(&mut case, BusKind::Slack, 345.0, 0.0);
    let feed = Generator { id: "grid".into(), bus: grid, vset_pu: 1.02, ..Generator::default() };
    case.generators.push(Generator { in_service: true, ..feed });
    let sections: Vec<usize> = (0..2)
        .flat_map(|_| {
            let yard = bus(&mut case, BusKind::Load, 345.0, 0.0);
            branch(&mut case, grid, yard, [0.0004, 0.004, 0.02], 400.0);
            let section = |case: &mut Case| {
                let section = bus(case, BusKind::Load, 34.5, 0.0);
                branch(case, yard, section, [0.0015, 0.06, 0.0], 150.0);
                section
            };
            [section(&mut case), section(&mut case)]
        })
        .collect();
    // Sections of a substation are tied by a reactor, substations by a cable.
    branch(&mut case, sections[0], sections[1], [0.0002, 0.01, 0.0], 60.0);
    branch(&mut case, sections[2], sections[3], [0.0002, 0.01, 0.0], 60.0);
    branch(&mut case, sections[1], sections[2], [0.002, 0.02, 0.001], 36.0);
    for feeder in 0..8 {
        let (mut last, end) = (sections[feeder / 2], sections[(feeder / 2) ^ 1]);
        for unit in 0..4 {
            let ring = bus(&mut case, BusKind::Load, 34.5, 0.0);
            let busway = bus(&mut case, BusKind::Load, 0.48, 1.8 + 0.05 * unit as f64);
            branch(&mut case, last, ring, [0.004, 0.006, 0.0005], 36.0);
            branch(&mut case, ring, busway, [0.3, 2.0, 0.0], 3.0);
            last = ring;
        }
        branch(&mut case, last, end, [0.004, 0.006, 0.0005], 36.0);
    }
    case
}

fn bus(case: &mut Case, kind: BusKind, base_kv: f64, p_mw: f64) -> usize {
    let load = Load { p_mw, q_mvar: 0.2 * p_mw, ..Load::default() };
    let id = (case.buses.len() + 1).to_string();
    let base_kv = Some(base_kv);
    let own = Bus { name: id.clone(), id, kind, load, vm_pu: 1.0, base_kv, ..Bus::default() };
    case.buses.push(own);
    case.buses.len() - 1
}

fn branch(case: &mut Case, from: usize, to: usize, [r_pu, x_pu, b_pu]: [f64; 3], mva: f64) {
    let id = format!("{}", case.branches.len() + 1);
    let ratings = Ratings { normal_mva: Some(mva), ..Ratings::default() };
    let own = Branch { id, from, to, r_pu, x_pu, b_pu, ratings, ..Branch::default() };
    case.branches.push(Branch { tap_ratio: 1.0, in_service: true, ..own });
}
