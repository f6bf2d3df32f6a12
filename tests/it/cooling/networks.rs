//! Pipe networks against EPANET 2.2, by mass balance, and with broken files.

use crate::support::root;
use gigasite::cooling::epanet::{self, Options};
use gigasite::cooling::network::{
    Fault, Formula, Link, LinkKind, Network, Node, NodeIx, NodeKind, Pipe, Pump, PumpCurve,
    Setting, Solution, Warning,
};
use gigasite::diag::Severity;
use proptest::prelude::*;
use serde_json::Value;

fn text(name: &str) -> String {
    let path = root().join("tests/data/hydraulics").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn solved(name: &str) -> (Network, Solution) {
    let file =
        epanet::read(&text(&format!("{name}.inp"))).unwrap_or_else(|r| panic!("{name}: {r:?}"));
    let solution = file.network.solve().unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(solution.converged, "{name}: {}", solution.relative_change);
    (file.network, solution)
}

/// Flows within 2e-5 of the largest flow, head losses and heads within 0.2 mm: EPANET's own
/// convergence.
#[test]
fn every_network_agrees_with_epanet() {
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("tests/data/hydraulics")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = file.strip_suffix(".inp") else { continue };
        let expected: Value = serde_json::from_str(&text(&format!("{name}.json"))).unwrap();
        let (network, solution) = solved(name);
        compare(name, &expected, &network, &solution);
        seen += 1;
    }
    assert!(seen >= 34, "{seen} networks");
}

fn compare(name: &str, expected: &Value, network: &Network, solution: &Solution) {
    let links = expected["links"].as_array().unwrap();
    let number = |row: &Value, k: usize| row[k].as_f64().unwrap();
    let largest = links.iter().map(|l| number(l, 1).abs()).fold(0.0, f64::max);
    assert_eq!(links.len(), network.links().len(), "{name}");
    for row in links {
        let id = row[0].as_str().unwrap();
        let k = network.links().iter().position(|l| l.id == id).unwrap();
        let flow = Options::lps(solution.flows_m3_s[k]);
        let what = format!("{name}, link {id}");
        let by = (flow - number(row, 1)).abs();
        assert!(by <= 2e-5 * largest, "{what}: flow {flow} L/s, {row}");
        let by = (solution.losses_m[k] - number(row, 2)).abs();
        assert!(by <= 2e-4, "{what}: head loss {} m, {row}", solution.losses_m[k]);
        let area = network.links()[k].area_m2();
        let velocity = area.map_or(0.0, |a| solution.flows_m3_s[k].abs() / a);
        assert!((velocity - number(row, 3)).abs() <= 1e-4, "{what}: {velocity} m/s, {row}");
    }
    for row in expected["nodes"].as_array().unwrap() {
        let id = row[0].as_str().unwrap();
        let n = network.nodes().iter().position(|n| n.id == id).unwrap();
        let by = (solution.heads_m[n] - number(row, 1)).abs();
        assert!(by <= 2e-4, "{name}, node {id}: head {} m, {row}", solution.heads_m[n]);
    }
}

fn flow(network: &Network, solution: &Solution, id: &str) -> f64 {
    let k = network.links().iter().position(|l| l.id == id).unwrap();
    solution.flows_m3_s[k]
}

#[test]
fn losing_one_of_two_pumps_does_not_halve_the_flow_and_closing_a_branch_feeds_the_others() {
    let (all, out, shut) = (solved("loop-all"), solved("loop-pump-out"), solved("loop-cdu-closed"));
    let ratio = flow(&out.0, &out.1, "hs1") / flow(&all.0, &all.1, "hs1");
    assert!(ratio > 0.55 && ratio < 0.95, "{ratio}");
    for id in ["ci1", "ci2", "ci4"] {
        assert!(flow(&shut.0, &shut.1, id) > flow(&all.0, &all.1, id), "{id}");
    }
    assert_eq!(flow(&shut.0, &shut.1, "ci3"), 0.0);
}

/// A grid of pipes with one reservoir: demands, diameters and links drawn.
fn grid(draws: &[f64], width: usize, height: usize) -> Network {
    let mut draw = draws.iter().cycle().copied();
    let mut next = move || draw.next().unwrap();
    let formula = [Formula::DarcyWeisbach, Formula::HazenWilliams, Formula::ChezyManning]
        [(next() * 2.99) as usize];
    let mut net = Network::new(formula, 1e-6);
    for k in 0..width * height {
        let kind = NodeKind::Junction { demand_m3_s: (next() - 0.3) * 0.02, emitter: None };
        net.add_node(Node { id: format!("j{k}"), elevation_m: next() * 20.0, kind });
    }
    let kind = NodeKind::Fixed { head_m: 60.0, tank: None };
    let source = net.add_node(Node { id: "source".into(), elevation_m: 60.0, kind });
    let ids: Vec<NodeIx> = net.nodes().iter().enumerate().map(|(n, _)| at(&net, n)).collect();
    let mut pipes = vec![(source, ids[0])];
    for k in 0..width * height {
        let (x, y) = (k % width, k / width);
        if x + 1 < width {
            pipes.push((ids[k], ids[k + 1]));
        }
        if y + 1 < height {
            pipes.push((ids[k], ids[k + width]));
        }
    }
    for (k, (from, to)) in pipes.into_iter().enumerate() {
        let roughness = match formula {
            Formula::DarcyWeisbach => 1e-5 + next() * 1e-3,
            Formula::HazenWilliams => 80.0 + 60.0 * next(),
            Formula::ChezyManning => 0.009 + 0.006 * next(),
        };
        let pipe = Pipe {
            length_m: 10.0 + 500.0 * next(),
            diameter_m: 0.08 + 0.4 * next(),
            roughness,
            minor_ratio: 3.0 * next(),
            check_valve: false,
        };
        let kind = LinkKind::Pipe(pipe);
        net.add_link(Link { id: format!("p{k}"), from, to, kind, setting: Setting::Open });
    }
    net
}

/// The handle of a node by its place.
fn at(net: &Network, n: usize) -> NodeIx {
    net.find(&net.nodes()[n].id).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 60,
        failure_persistence: None,
        rng_seed: proptest::test_runner::RngSeed::Fixed(20_261_126),
        ..ProptestConfig::default()
    })]

    #[test]
    fn what_flows_into_a_junction_flows_out_and_heads_fall_with_flow(
        draws in prop::collection::vec(0.0..1.0f64, 40..90),
        width in 1usize..6,
        height in 1usize..6,
    ) {
        let net = grid(&draws, width, height);
        let solution = net.solve().unwrap();
        prop_assert!(solution.converged);
        let largest = solution.flows_m3_s.iter().fold(1e-6, |m: f64, q| m.max(q.abs()));
        let mut balance = vec![0.0; net.nodes().len()];
        for (k, link) in net.links().iter().enumerate() {
            let q = solution.flows_m3_s[k];
            let head = |end: NodeIx| {
                let id = &net.node(end).id;
                solution.heads_m[net.nodes().iter().position(|n| n.id == *id).unwrap()]
            };
            let fall = head(link.from) - head(link.to);
            prop_assert!(fall * q >= -1e-9, "{}: {fall} m at {q} m3/s", link.id);
            for (end, sign) in [(link.from, -1.0), (link.to, 1.0)] {
                let n = net.nodes().iter().position(|n| n.id == net.node(end).id).unwrap();
                balance[n] += sign * q;
            }
        }
        for (n, node) in net.nodes().iter().enumerate() {
            let NodeKind::Junction { demand_m3_s, .. } = node.kind else { continue };
            let miss = (balance[n] - demand_m3_s).abs();
            prop_assert!(miss <= 1e-8 * largest, "{}: {miss} of {largest}", node.id);
        }
    }

    #[test]
    fn a_broken_file_is_answered_and_never_panics(
        cuts in prop::collection::vec((0usize..4000, 0usize..8), 1..8),
    ) {
        for name in ["loop-all.inp", "pumps-many-points.inp", "prv.inp", "mesh-gpm.inp"] {
            let mut bytes = text(name).into_bytes();
            for (place, kind) in &cuts {
                let place = place % bytes.len();
                let word: &[u8] = match kind {
                    0 => b"",
                    1 => b"nan",
                    2 => b"1e308",
                    3 => b"-1",
                    4 => b"[PIPES]\n",
                    5 => b";",
                    6 => b"\xff\xfe",
                    _ => b"0",
                };
                let end = (place + 3).min(bytes.len());
                bytes.splice(place..end, word.iter().copied());
            }
            if let Ok(file) = epanet::read(&String::from_utf8_lossy(&bytes)) {
                let _ = file.network.solve();
            }
        }
    }
}

fn one_pipe(pump: Option<PumpCurve>) -> Network {
    let mut net = Network::new(Formula::HazenWilliams, 1e-6);
    let kind = NodeKind::Fixed { head_m: 10.0, tank: None };
    let a = net.add_node(Node { id: "a".into(), elevation_m: 10.0, kind });
    let kind = NodeKind::Junction { demand_m3_s: 0.01, emitter: None };
    let b = net.add_node(Node { id: "b".into(), elevation_m: 0.0, kind });
    let kind = match pump {
        Some(curve) => LinkKind::Pump(Pump { curve, speed_ratio: 1.0 }),
        None => LinkKind::Pipe(Pipe {
            length_m: 100.0,
            diameter_m: 0.1,
            roughness: 100.0,
            minor_ratio: 0.0,
            check_valve: false,
        }),
    };
    net.add_link(Link { id: "l".into(), from: a, to: b, kind, setting: Setting::Open });
    net
}

#[test]
fn one_pipe_and_one_pump_follow_their_closed_forms() {
    let solution = one_pipe(None).solve().unwrap();
    let expected = 10.67 * 100.0 * 0.01f64.powf(1.852) / (100f64.powf(1.852) * 0.1f64.powf(4.871));
    assert!((solution.losses_m[0] / expected - 1.0).abs() < 1e-3, "{}", solution.losses_m[0]);
    let curve = PumpCurve::Points(vec![(0.0, 30.0), (0.02, 20.0)]);
    let solution = one_pipe(Some(curve)).solve().unwrap();
    assert!((solution.losses_m[0] + 25.0).abs() < 1e-9, "{}", solution.losses_m[0]);
    assert!((solution.heads_m[1] - 35.0).abs() < 1e-9);
}

#[test]
fn a_network_without_a_head_or_with_a_loose_node_says_so() {
    let mut net = one_pipe(None);
    let kind = NodeKind::Junction { demand_m3_s: 0.0, emitter: None };
    net.add_node(Node { id: "loose".into(), elevation_m: 0.0, kind });
    assert_eq!(net.solve(), Err(Fault::Unconnected("loose".into())));
    let mut net = Network::new(Formula::DarcyWeisbach, 1e-6);
    let kind = NodeKind::Junction { demand_m3_s: 0.0, emitter: None };
    net.add_node(Node { id: "only".into(), elevation_m: 0.0, kind });
    assert_eq!(net.solve(), Err(Fault::NoFixedHead));
    let mut net = one_pipe(None);
    let only = net.find_link("l").unwrap();
    net.link_mut(only).setting = Setting::Closed;
    let solution = net.solve().unwrap();
    let b = net.find("b").unwrap();
    assert!(solution.warnings.contains(&Warning::CutOff(b)), "{:?}", solution.warnings);
}

#[test]
fn findings_name_line_and_column() {
    let broken = "[JUNCTIONS]\n a 0\n[RESERVOIRS]\n r 10\n[PIPES]\n p r a 10 x00 130\n q r b 10 100 130\n[UNKNOWN]\n 1\n";
    let report = epanet::read(broken).unwrap_err();
    let errors: Vec<_> = report.items.iter().filter(|d| d.severity == Severity::Error).collect();
    let places: Vec<_> = errors.iter().map(|d| (d.code.as_str(), d.line, d.column)).collect();
    assert_eq!(
        places,
        [("not-a-number", Some(6), Some(11)), ("unknown-node", Some(7), Some(6))],
        "{report:?}"
    );
    assert!(report.items.iter().any(|d| d.code == "unknown-section" && d.line == Some(8)));
    let many = format!("[JUNCTIONS]\n{}", "a x\n".repeat(1000));
    assert_eq!(epanet::read(&many).unwrap_err().count(Severity::Error), 20);
}
