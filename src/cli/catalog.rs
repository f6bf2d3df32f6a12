//! `gigasite catalog`: the data behind the plan, with sources.

use super::{Common, End, load_catalog, print, print_json};
use crate::catalog::{self, Catalog};
use crate::diag::Severity;
use clap::{Args, Subcommand};
use serde_json::json;

#[derive(Args, Debug)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// All records, or those of one collection
    List {
        collection: Option<String>,
        #[command(flatten)]
        common: Common,
    },
    /// One record with value, unit, kind, source and range of each field
    Show {
        id: String,
        #[command(flatten)]
        common: Common,
    },
    /// Prove that every number has a source
    Check {
        #[command(flatten)]
        common: Common,
    },
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    match &arguments.verb {
        Verb::List { collection, common } => {
            list(&load_catalog(common)?, collection.as_deref(), common.json)
        }
        Verb::Show { id, common } => show(&load_catalog(common)?, id, common.json),
        Verb::Check { common } => check(&load_catalog(common)?, common.json),
    }
}

fn list(catalog: &Catalog, collection: Option<&str>, as_json: bool) -> anyhow::Result<End> {
    let rows: Vec<_> = catalog::list(catalog)
        .into_iter()
        .filter(|r| collection.is_none_or(|c| c == r.collection))
        .collect();
    if rows.is_empty() {
        anyhow::bail!("no collection {}", collection.unwrap_or_default());
    }
    if as_json {
        print_json(&rows)?;
    } else {
        for row in rows {
            print(&format!("{:<15} {:<26} {}", row.collection, row.id, row.name));
        }
    }
    Ok(End::Done)
}

fn show(catalog: &Catalog, id: &str, as_json: bool) -> anyhow::Result<End> {
    let Some(rows) = catalog::show(catalog, id) else {
        let all = catalog::list(catalog);
        let near = crate::fields::nearest(id, all.iter().map(|r| r.id.as_str()));
        anyhow::bail!("no record {id}; near it: {}", near.join(", "));
    };
    if as_json {
        print_json(&rows)?;
        return Ok(End::Done);
    }
    for row in rows {
        let kind = row.kind.map(|k| format!("{k:?}").to_lowercase()).unwrap_or_default();
        let range = row.range.map(|(a, b)| format!(" ({a} to {b})")).unwrap_or_default();
        let source = row.source.unwrap_or_default();
        let value = format!("{} {}{range}", row.value, row.unit);
        let line = format!("{:<28} {:<34} {:<9} {source}", row.field, value.trim(), kind);
        print(line.trim_end());
        if !row.note.is_empty() {
            print(&format!("{:<28} {}", "", row.note));
        }
    }
    Ok(End::Done)
}

fn check(catalog: &Catalog, as_json: bool) -> anyhow::Result<End> {
    let report = catalog::check(catalog);
    let summary = catalog::summary(catalog);
    let errors = report.count(Severity::Error);
    if as_json {
        print_json(&json!({
            "status": if errors == 0 { "valid" } else { "invalid" },
            "version": catalog.version,
            "summary": summary,
            "diagnostics": report.items,
        }))?;
    } else {
        report.items.iter().for_each(|d| print(&d.to_string()));
        print(&format!(
            "catalogue {}: {} records, {} sources, {} known values, {} unknown, {} curve points, {errors} without a source",
            catalog.version,
            summary.records,
            summary.sources,
            summary.known,
            summary.unknown,
            summary.curve_points.values().sum::<usize>(),
        ));
    }
    Ok(if errors == 0 { End::Done } else { End::Negative })
}
