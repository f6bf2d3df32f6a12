//! Laws that every solution keeps, over random networks.

use gigasite::power::case::{Branch, Bus, BusKind, Case, Generator, Load, Switch};
use gigasite::power::flow::{self, Status};
use gigasite::power::matpower;
use proptest::prelude::*;

/// A random network: a tree with a few chords, moderate loads, one slack.
fn network() -> impl Strategy<Value = Case> {
    let bus = (0.0..0.04_f64, -0.01..0.02_f64, 0.0..1.0_f64, 0.0..1.0_f64);
    let edge = (0.001..0.02_f64, 0.01..0.06_f64, 0.0..0.02_f64, 0.95..1.05_f64, -10.0..10.0_f64);
    (2_usize..25)
        .prop_flat_map(move |n| {
            (
                proptest::collection::vec(bus.clone(), n),
                proptest::collection::vec((any::<u32>(), edge.clone()), n - 1),
                proptest::collection::vec((any::<u32>(), any::<u32>(), edge.clone()), 0..6),
            )
        })
        .prop_map(|(buses, tree, chords)| {
            let n = buses.len();
            let mut case = Case { name: "random".into(), base_mva: 100.0, ..Case::default() };
            for (i, (p, q, z, c)) in buses.into_iter().enumerate() {
                case.buses.push(Bus {
                    id: (i + 1).to_string(),
                    name: (i + 1).to_string(),
                    kind: if i == 0 { BusKind::Slack } else { BusKind::Load },
                    load: Load {
                        p_mw: p * 100.0,
                        q_mvar: q * 100.0,
                        z_frac: z * 0.5,
                        i_frac: c * 0.5,
                        ..Load::default()
                    },
                    vm_pu: 1.0,
                    ..Bus::default()
                });
            }
            case.generators.push(Generator {
                id: "g1".into(),
                vset_pu: 1.02,
                in_service: true,
                ..Generator::default()
            });
            let mut join = |from: usize, to: usize, e: (f64, f64, f64, f64, f64), chord: bool| {
                case.branches.push(Branch {
                    id: format!("b{}", case.branches.len()),
                    from,
                    to,
                    r_pu: e.0,
                    x_pu: e.1,
                    b_pu: e.2,
                    // Taps that differ around a loop drive great circulating flows.
                    tap_ratio: if chord { 1.0 } else { e.3 },
                    shift_deg: if chord { 0.0 } else { e.4 * 0.1 },
                    in_service: true,
                    ..Branch::default()
                });
            };
            for (i, (parent, e)) in tree.into_iter().enumerate() {
                join(parent as usize % (i + 1), i + 1, e, false);
            }
            for (a, b, e) in chords {
                let (a, b) = (a as usize % n, b as usize % n);
                if a != b {
                    join(a, b, e, true);
                }
            }
            case
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn power_balances_at_each_bus(case in network()) {
        let found = flow::ac(&case).unwrap();
        prop_assume!(found.status == Status::Converged);
        for (i, bus) in case.buses.iter().enumerate().skip(1) {
            let vm = found.buses[i].vm_pu.unwrap();
            let shape = |s: f64| {
                let (z, c) = (bus.load.z_frac, bus.load.i_frac);
                s * (z * vm * vm + c * vm + 1.0 - z - c)
            };
            let mut left = (shape(bus.load.p_mw), shape(bus.load.q_mvar));
            for (b, s) in case.branches.iter().zip(&found.branches) {
                if b.from == i {
                    left = (left.0 + s.p_from_mw, left.1 + s.q_from_mvar);
                }
                if b.to == i {
                    left = (left.0 + s.p_to_mw, left.1 + s.q_to_mvar);
                }
            }
            prop_assert!(left.0.abs() < 1e-6 && left.1.abs() < 1e-6, "bus {}: {left:?}", bus.id);
        }
    }

    #[test]
    fn series_losses_are_positive(case in network()) {
        let found = flow::ac(&case).unwrap();
        prop_assume!(found.status == Status::Converged);
        for b in &found.branches {
            prop_assert!(b.p_from_mw + b.p_to_mw > -1e-9, "{}", b.id);
        }
    }

    #[test]
    fn the_sweep_agrees_on_radial_parts(case in network()) {
        let found = flow::ac(&case).unwrap();
        prop_assume!(found.status == Status::Converged);
        if let Some(check) = found.cross_check {
            prop_assert!(check.greatest_pu < 1e-7, "{check:?}");
        }
    }

    #[test]
    fn renumbering_changes_nothing(case in network(), turn in 0_usize..24) {
        let n = case.buses.len();
        let to = |i: usize| (i + turn) % n;
        let mut other = case.clone();
        for (i, bus) in case.buses.iter().enumerate() {
            other.buses[to(i)] = bus.clone();
        }
        other.generators.iter_mut().for_each(|g| g.bus = to(g.bus));
        for b in &mut other.branches {
            (b.from, b.to) = (to(b.from), to(b.to));
        }
        other.branches.reverse();
        let (a, b) = (flow::ac(&case).unwrap(), flow::ac(&other).unwrap());
        prop_assert_eq!(a.status, b.status);
        prop_assume!(a.status == Status::Converged);
        for (i, bus) in a.buses.iter().enumerate() {
            let twin = &b.buses[to(i)];
            prop_assert!((bus.vm_pu.unwrap() - twin.vm_pu.unwrap()).abs() < 1e-9);
        }
        prop_assert!((a.loss_mw - b.loss_mw).abs() < 1e-7);
    }

    #[test]
    fn an_open_switch_changes_nothing(case in network(), a: u32, b: u32) {
        let n = case.buses.len();
        let mut other = case.clone();
        other.switches.push(Switch {
            id: "s".into(), a: a as usize % n, b: b as usize % n, closed: false, ..Switch::default()
        });
        prop_assert_eq!(flow::ac(&case).unwrap(), flow::ac(&other).unwrap());
    }

    #[test]
    fn a_bus_split_by_a_closed_switch_is_the_same_bus(case in network(), at: u32) {
        // Everything at one end of a branch moves behind a closed switch.
        let mut other = case.clone();
        let branch = at as usize % case.branches.len();
        let bus = case.branches[branch].to;
        other.buses.push(Bus { id: "split".into(), vm_pu: 1.0, ..Bus::default() });
        other.branches[branch].to = case.buses.len();
        other.switches.push(Switch {
            id: "s".into(), a: bus, b: case.buses.len(), closed: true, ..Switch::default()
        });
        let (a, b) = (flow::ac(&case).unwrap(), flow::ac(&other).unwrap());
        prop_assume!(a.status == Status::Converged);
        for (one, two) in a.buses.iter().zip(&b.buses) {
            prop_assert!((one.vm_pu.unwrap() - two.vm_pu.unwrap()).abs() < 1e-9);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in ".{0,200}") {
        let _ = matpower::read(&text);
        let _ = matpower::read(&format!("mpc.version = '2';\nmpc.baseMVA = 1;\n{text}"));
    }
}
