//! From a network to a case file.

use crate::power::case::{Branch, Bus, BusKind, Case, Generator};
use crate::power::topology;
use std::fmt::Write;

/// A case file of version 2.
///
/// Buses joined by closed switches become one, as the format knows no switches; buses without
/// a number get one and keep their name in `mpc.bus_name`. Loads are written at 1 pu, for the
/// format knows none that follow the voltage.
pub fn write(case: &Case) -> String {
    let nodes = topology::nodes(case);
    let mut firsts: Vec<Option<usize>> = vec![None; case.buses.len()];
    for (bus, &node) in nodes.iter().enumerate() {
        firsts[node].get_or_insert(bus);
    }
    let numbers = numbers(case, &nodes, &firsts);
    let mut out = String::new();
    // Writing into a String cannot fail.
    let _ = writeln!(out, "function mpc = {}", function_name(&case.name));
    let _ = writeln!(out, "mpc.version = '2';\nmpc.baseMVA = {};\n", case.base_mva);
    let _ =
        writeln!(out, "%% bus_i type Pd Qd Gs Bs area Vm Va baseKV zone Vmax Vmin\nmpc.bus = [");
    for (node, first) in firsts.iter().enumerate() {
        if let Some(first) = first {
            let members = case.buses.iter().zip(&nodes).filter(|(_, n)| **n == node);
            let members: Vec<&Bus> = members.map(|(b, _)| b).collect();
            let _ = writeln!(out, "{}", bus(numbers[*first], &members));
        }
    }
    let _ = writeln!(out, "];\n\n%% bus Pg Qg Qmax Qmin Vg mBase status Pmax Pmin\nmpc.gen = [");
    for g in &case.generators {
        let _ = writeln!(out, "{}", generator(numbers[g.bus], g, case.base_mva));
    }
    let _ = writeln!(
        out,
        "];\n\n%% fbus tbus r x b rateA rateB rateC ratio angle status angmin angmax\nmpc.branch = ["
    );
    for b in &case.branches {
        let _ = writeln!(out, "{}", branch(numbers[b.from], numbers[b.to], b));
    }
    let _ = writeln!(out, "];");
    let named = case.buses.iter().any(|b| b.name != b.id || b.id.parse::<u64>().is_err());
    if named {
        let _ = writeln!(out, "\nmpc.bus_name = {{");
        for first in firsts.iter().flatten() {
            let _ = writeln!(out, "\t'{}';", case.buses[*first].name.replace('\'', "\u{2019}"));
        }
        let _ = writeln!(out, "}};");
    }
    out
}

/// The number of each bus: its own where all have one, else counted.
fn numbers(case: &Case, nodes: &[usize], firsts: &[Option<usize>]) -> Vec<u64> {
    let own: Option<Vec<u64>> = case.buses.iter().map(|b| b.id.parse().ok()).collect();
    let of_node = |node: usize| firsts[node].unwrap_or(0);
    match own {
        Some(own) => nodes.iter().map(|&n| own[of_node(n)]).collect(),
        None => {
            let mut next = 0;
            let counted: Vec<u64> = firsts
                .iter()
                .map(|f| {
                    next += u64::from(f.is_some());
                    next
                })
                .collect();
            nodes.iter().map(|&n| counted[n]).collect()
        }
    }
}

/// A name that MATLAB accepts.
fn function_name(name: &str) -> String {
    let clean = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' });
    let clean: String = clean.collect();
    if clean.starts_with(|c: char| c.is_ascii_alphabetic()) {
        clean
    } else {
        format!("case_{clean}")
    }
}

fn bus(number: u64, members: &[&Bus]) -> String {
    let sum = |f: fn(&Bus) -> f64| members.iter().map(|b| f(b)).sum::<f64>();
    let kind = members.iter().map(|b| match b.kind {
        BusKind::Slack => 3,
        BusKind::Voltage => 2,
        BusKind::Load => 1,
        BusKind::Isolated => 0,
    });
    let kind = kind.max().filter(|k| *k > 0).unwrap_or(4);
    let first = members.iter().max_by_key(|b| b.kind == BusKind::Slack).copied();
    let at = |f: fn(&Bus) -> f64| first.map_or(0.0, f);
    format!(
        "\t{number}\t{kind}\t{}\t{}\t{}\t{}\t1\t{}\t{}\t{}\t1\t{}\t{};",
        sum(|b| b.load.p_mw),
        sum(|b| b.load.q_mvar),
        sum(|b| b.gs_mw),
        sum(|b| b.bs_mvar),
        at(|b| b.vm_pu),
        at(|b| b.va_deg),
        at(|b| b.base_kv.unwrap_or(0.0)),
        at(|b| b.vmax_pu.unwrap_or(0.0)),
        at(|b| b.vmin_pu.unwrap_or(0.0)),
    )
}

fn generator(number: u64, g: &Generator, base_mva: f64) -> String {
    let limit = |v: Option<f64>, open: &str| v.map_or(open.to_owned(), |v| v.to_string());
    format!(
        "\t{number}\t{}\t{}\t{}\t{}\t{}\t{base_mva}\t{}\t{}\t{};",
        g.p_mw,
        g.q_mvar,
        limit(g.qmax_mvar, "Inf"),
        limit(g.qmin_mvar, "-Inf"),
        g.vset_pu,
        u8::from(g.in_service),
        limit(g.pmax_mw, "Inf"),
        limit(g.pmin_mw, "-Inf"),
    )
}

fn branch(from: u64, to: u64, b: &Branch) -> String {
    let rating = |v: Option<f64>| v.unwrap_or(0.0);
    let line = b.tap_ratio == 1.0 && b.shift_deg == 0.0;
    format!(
        "\t{from}\t{to}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t-360\t360;",
        b.r_pu,
        b.x_pu,
        b.b_pu,
        rating(b.ratings.normal_mva),
        rating(b.ratings.long_mva),
        rating(b.ratings.short_mva),
        if line { 0.0 } else { b.tap_ratio },
        b.shift_deg,
        u8::from(b.in_service),
    )
}
