//! Racks of a site and of each hall, as installed or as the plan buys them.

use super::{PlanRow, Side};
use crate::catalog::Catalog;
use crate::site::{Block, HallGroup};
use crate::units::format;
use indexmap::IndexMap;

/// Racks by type; `None` where the number is unknown, as for pools of power.
pub type Racks = IndexMap<String, Option<f64>>;

pub fn racks_of(side: Side<'_>) -> Racks {
    let mut all = Racks::new();
    side.site.halls.iter().for_each(|group| add(&mut all, side, group));
    // The most racks first; equal ones by name, whatever the order of the file.
    all.sort_by(|i, x, j, y| {
        let size = |n: &Option<f64>| n.unwrap_or(0.0);
        size(y).total_cmp(&size(x)).then_with(|| i.cmp(j))
    });
    all
}

fn add(all: &mut Racks, side: Side<'_>, group: &HallGroup) {
    let mut count = |rack: &str, racks: Option<f64>| {
        let sum = all.entry(rack.to_owned()).or_insert(Some(0.0));
        *sum = sum.zip(racks).map(|(a, b)| a + b);
    };
    for block in &group.blocks {
        match (&block.rack, block.count) {
            (Some(rack), Some(n)) => count(rack, Some(f64::from(n))),
            (Some(rack), None) => count(rack, None),
            (None, _) => bought(side, block).for_each(|(rack, n)| count(rack, Some(n))),
        }
    }
}

fn bought<'a>(side: Side<'a>, block: &'a Block) -> impl Iterator<Item = (&'a str, f64)> {
    let rows = side.outcome.plan.bought.iter().filter(|b| b.block == block.id);
    rows.filter(|b| b.racks > 1e-9).map(|b| (b.rack.as_str(), b.racks))
}

/// GPUs of all racks; `None` where racks or the GPUs of a type are unknown.
pub fn gpus(side: Side<'_>) -> Option<f64> {
    let each = |(rack, n): (&String, &Option<f64>)| {
        Some((*n)? * side.catalog.racks.get(rack)?.gpus.get()?)
    };
    racks_of(side).iter().map(each).sum()
}

/// "3,456 VR NVL72 + 1,408 GB300 NVL72".
pub fn composition(racks: &Racks, catalog: &Catalog) -> String {
    let words = |(rack, n): (&String, &Option<f64>)| {
        let name = short(catalog, rack);
        n.map_or_else(|| name.to_owned(), |n| format!("{} {name}", format::count(n)))
    };
    let all: Vec<String> = racks.iter().map(words).collect();
    if all.is_empty() { format::DASH.to_owned() } else { all.join(" + ") }
}

pub fn short<'a>(catalog: &'a Catalog, rack: &'a str) -> &'a str {
    catalog.racks.get(rack).map_or(rack, |r| r.short.as_str())
}

/// Halls by what they hold in both, those that change alike together.
pub fn rows(a: Side<'_>, b: Side<'_>) -> Vec<PlanRow> {
    let of = |side: Side<'_>| -> IndexMap<String, (String, Racks)> {
        let mut halls = IndexMap::new();
        for group in &side.site.halls {
            let Some(hall) = &group.hall else { continue };
            let mut racks = Racks::new();
            add(&mut racks, side, group);
            halls.insert(hall.id.clone(), (hall.name.clone(), racks));
        }
        halls
    };
    let (x, y) = (of(a), of(b));
    let mut groups: IndexMap<(String, String), Vec<String>> = IndexMap::new();
    let none = || format::DASH.to_owned();
    for (id, (name, racks)) in &x {
        let before = composition(racks, a.catalog);
        let after = y.get(id).map_or_else(none, |(_, racks)| composition(racks, b.catalog));
        groups.entry((before, after)).or_default().push(name.clone());
    }
    for (_, (name, racks)) in y.iter().filter(|(id, _)| !x.contains_key(*id)) {
        let after = composition(racks, b.catalog);
        groups.entry((none(), after)).or_default().push(name.clone());
    }
    let row = |((a, b), names): ((String, String), Vec<String>)| {
        let change = match (a == b, names.len()) {
            (true, _) => "same".to_owned(),
            (false, 1) => "1 hall".to_owned(),
            (false, n) => format!("{n} halls"),
        };
        PlanRow { group: together(&names), a, b, change }
    };
    groups.into_iter().map(row).collect()
}

/// "Hall 2-4, 6" for halls that are numbered, else their names.
fn together(names: &[String]) -> String {
    let split = |name: &String| -> Option<(String, u32)> {
        let (stem, number) = name.rsplit_once(' ')?;
        Some((stem.to_owned(), number.parse().ok()?))
    };
    let numbered: Option<Vec<(String, u32)>> = names.iter().map(split).collect();
    let Some(mut numbered) = numbered.filter(|n| n.iter().all(|(stem, _)| *stem == n[0].0)) else {
        return names.join(", ");
    };
    numbered.sort();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (_, n) in &numbered {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == *n => *end = *n,
            _ => runs.push((*n, *n)),
        }
    }
    let runs: Vec<String> = runs
        .into_iter()
        .map(|(from, to)| match to - from {
            0 => from.to_string(),
            1 => format!("{from}, {to}"),
            _ => format!("{from}–{to}"),
        })
        .collect();
    let stem = numbered.first().map_or("", |(stem, _)| stem.as_str());
    let many = if names.len() > 1 { "s" } else { "" };
    format!("{stem}{many} {}", runs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbered_names_are_said_as_runs() {
        let all =
            |names: &[&str]| together(&names.iter().map(|n| n.to_string()).collect::<Vec<_>>());
        assert_eq!(all(&["Hall 2", "Hall 4", "Hall 3", "Hall 6"]), "Halls 2–4, 6");
        assert_eq!(all(&["Hall 1"]), "Hall 1");
        assert_eq!(all(&["North", "Hall 2"]), "North, Hall 2");
    }
}
