//! `gigasite compare`: two variants of a layout, or two layouts, side by side.

use super::check::{Read, chosen, read};
use super::{Common, End, load_catalog, print, print_json, say};
use crate::catalog::Catalog;
use crate::site::Site;
use crate::study::compare::{self, Comparison, Side, compare};
use crate::study::finance::{SiteFinance, value};
use crate::study::{self, Outcome, SolveOptions};
use crate::units::format;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The layout
    layout: PathBuf,
    /// Two variants of it, by id, letter or name; or another layout, base against base
    #[arg(num_args = 1..=2, required = true, value_name = "A B | LAYOUT")]
    with: Vec<String>,
    #[command(flatten)]
    common: Common,
}

/// A variant that was read and solved.
struct Solved {
    name: String,
    site: Site,
    catalog: Catalog,
    outcome: Outcome,
    /// None where something that the value needs is unknown.
    finance: Option<SiteFinance>,
}

impl Solved {
    fn side(&self) -> Side<'_> {
        let Self { name, site, catalog, outcome, finance } = self;
        Side { name, site, catalog, outcome, finance: finance.as_ref() }
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let layout = arguments.layout.as_path();
    let sides = match arguments.with.as_slice() {
        [a, b] => vec![(layout, Some(a.as_str())), (layout, Some(b.as_str()))],
        others => {
            let other = others.iter().map(|path| (Path::new(path.as_str()), None));
            std::iter::once((layout, None)).chain(other).collect()
        }
    };
    let mut solved = Vec::new();
    for (path, variant) in sides {
        match solve(path, variant, &catalog)? {
            Some(one) => solved.push(one),
            None => return Ok(End::Negative),
        }
    }
    let [a, b] = solved.as_slice() else { anyhow::bail!("two variants or two layouts are needed") };
    let comparison = compare(a.side(), b.side());
    if arguments.common.json {
        print_json(&comparison)?;
    } else {
        print(&text(&comparison));
    }
    let planned = |s: &Solved| s.outcome.plan.objective_usd_per_year.is_some();
    Ok(if planned(a) && planned(b) { End::Done } else { End::Negative })
}

/// `None` where the layout cannot be read; what is wrong has been said then.
fn solve(path: &Path, variant: Option<&str>, catalog: &Catalog) -> anyhow::Result<Option<Solved>> {
    let Read { layout, report, .. } = match read(path)? {
        Ok(read) => read,
        Err(report) => {
            say(&report.items);
            return Ok(None);
        }
    };
    say(&report.items);
    let one = layout.variant(chosen(&layout, variant)?);
    let name = match variant {
        Some(_) => one.name.clone(),
        None if one.site.terms.site.name.is_empty() => path.display().to_string(),
        None => one.site.terms.site.name.clone(),
    };
    let outcome = study::run(&one.site, catalog, &SolveOptions::default());
    say(&outcome.diagnostics);
    let (catalog, _) = study::in_force(&one.site, catalog);
    let finance = value(&one.site, &outcome, &catalog).ok();
    Ok(Some(Solved { name, site: one.site.clone(), catalog, outcome, finance }))
}

fn text(c: &Comparison) -> String {
    let mut out = vec![c.sentence.clone()];
    out.extend([c.detail.clone(), c.caveat.clone()].into_iter().filter(|line| !line.is_empty()));
    out.push(String::new());
    out.push(format!("A  {}: {}", c.a.name, c.a.racks));
    out.push(format!("B  {}: {}", c.b.name, c.b.racks));
    out.push(format!("Held equal: {}", c.held_equal.join(", ")));
    out.push(String::new());
    let columns = |cells: [&str; 5]| {
        let [name, a, b, change, ratio] = cells;
        format!("{name:<26} {a:>16} {b:>16} {change:>16} {ratio:>8}")
    };
    out.push(columns(["", "A", "B", "B - A", "ratio"]));
    for row in &c.figures {
        let value = |v: Option<f64>| format::known(v, |v| compare::show(row.id, v));
        let change = format::or_dash(row.change, |v| compare::show_change(row.id, v));
        let ratio = row.ratio.map_or_else(String::new, format::ratio);
        out.push(columns([&row.label, &value(row.a), &value(row.b), &change, &ratio]));
    }
    out.push(String::new());
    out.push(format!("{:<30} {:<34} {:<34} {}", "Plan difference", "A", "B", "Change"));
    for row in &c.plan {
        out.push(format!("{:<30} {:<34} {:<34} {}", row.group, row.a, row.b, row.change));
    }
    out.push(String::new());
    out.push(format!("Binding in A: {}", c.a.binding.join(", ")));
    out.push(format!("Binding in B: {}", c.b.binding.join(", ")));
    out.join("\n")
}
