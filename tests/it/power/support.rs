//! Networks of the tests: published ones from their tables, small ones by hand.

use gigasite::power::case::{Branch, Bus, BusKind, Case, Generator, Load, Ratings};
use std::path::PathBuf;

pub fn data(name: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/power").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// Rows of a table without its header and comments.
pub fn rows(name: &str) -> Vec<Vec<f64>> {
    let text = data(name);
    let lines = text.lines().filter(|l| !l.starts_with('#')).skip(1);
    lines.map(|l| l.split(',').map(|v| v.parse().unwrap_or(f64::NAN)).collect()).collect()
}

/// A published network from its table.
pub fn published(name: &str) -> Case {
    let text = data(&format!("03-pf-visible-{name}-input.csv"));
    let mut case = Case { name: name.to_owned(), ..Case::default() };
    for line in text.lines() {
        let mut fields = line.split(',');
        let kind = fields.next().unwrap();
        let v: Vec<f64> = fields.map(|v| v.parse().unwrap_or(f64::NAN)).collect();
        match kind {
            "# base_mva" => case.base_mva = v[0],
            "bus" => case.buses.push(Bus {
                id: v[0].to_string(),
                name: v[0].to_string(),
                kind: match v[1] {
                    2.0 => BusKind::Voltage,
                    3.0 => BusKind::Slack,
                    _ => BusKind::Load,
                },
                load: Load { p_mw: v[2], q_mvar: v[3], ..Load::default() },
                gs_mw: v[4],
                bs_mvar: v[5],
                vm_pu: v[6],
                va_deg: v[7],
                base_kv: Some(v[8]).filter(|kv| *kv > 0.0),
                ..Bus::default()
            }),
            "gen" => case.generators.push(Generator {
                id: format!("g{}", case.generators.len() + 1),
                bus: case.bus_index(&v[0].to_string()).unwrap(),
                p_mw: v[1],
                q_mvar: v[2],
                vset_pu: v[3],
                in_service: v[4] > 0.0,
                ..Generator::default()
            }),
            "br" => case.branches.push(Branch {
                id: format!("{}-{}", v[0], v[1]),
                from: case.bus_index(&v[0].to_string()).unwrap(),
                to: case.bus_index(&v[1].to_string()).unwrap(),
                r_pu: v[2],
                x_pu: v[3],
                b_pu: v[4],
                tap_ratio: if v[5] == 0.0 { 1.0 } else { v[5] },
                shift_deg: v[6],
                in_service: v[7] > 0.0,
                ratings: Ratings {
                    normal_mva: Some(v[8]).filter(|r| *r > 0.0),
                    ..Ratings::default()
                },
            }),
            _ => {}
        }
    }
    case
}
