//! Exports for other programs: DPS by the rules of its published schema, NetBox table by table.

use super::{BUILT, Shipped};
use gigasite::report::{Options, ReportError};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn dps(shipped: &Shipped) -> Value {
    serde_json::from_slice(&shipped.make("dps", &Options::default())).expect("JSON")
}

fn name(entity: &Value) -> &str {
    entity["Name"].as_str().expect("a name")
}

/// The rules of the schema `dcpower_0.1` that concern what is written: members, types, unique
/// items, names that are not empty, children that are strings.
fn follows_the_schema(file: &Value) {
    let members: Vec<&String> = file.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["Entities", "Topology", "Policies"]);
    assert_eq!(file["Policies"], Value::Array(Vec::new()), "a topology carries no policies");
    let entities = file["Entities"].as_array().expect("a list");
    let names: BTreeSet<&str> = entities.iter().map(name).collect();
    assert_eq!(names.len(), entities.len(), "unique");
    for entity in entities {
        assert!(!name(entity).is_empty());
        let kind = entity["Type"].as_str().expect("a type");
        assert!(["PowerDomain", "PowerDistribution"].contains(&kind), "{kind}");
        if let Some(limit) = entity.get("OperatingLimit") {
            assert!(limit["PowerValue"]["Value"].as_u64().is_some(), "whole watts");
            assert_eq!(limit["PowerValue"]["Type"], "W");
        }
    }
    let topology = &file["Topology"];
    assert!(!name(topology).is_empty());
    let links = topology["Entities"].as_array().expect("a list");
    for link in links {
        assert!(names.contains(name(link)), "{} is defined", name(link));
        for child in link.get("Children").and_then(Value::as_array).into_iter().flatten() {
            assert!(names.contains(child.as_str().expect("text")), "{child} is defined");
        }
    }
}

#[test]
fn a_dps_topology_reaches_every_rack_from_its_power_domains() {
    for layout in BUILT {
        let shipped = Shipped::new(layout);
        let file = dps(&shipped);
        follows_the_schema(&file);
        let links = file["Topology"]["Entities"].as_array().expect("a list");
        let children: BTreeMap<&str, Vec<&str>> = links
            .iter()
            .map(|l| {
                let list = l.get("Children").and_then(Value::as_array);
                let list = list.into_iter().flatten().filter_map(Value::as_str);
                (name(l), list.collect())
            })
            .collect();
        let entities = file["Entities"].as_array().expect("a list");
        let roots = entities.iter().filter(|e| e["Type"] == "PowerDomain").map(name);
        let mut open: Vec<&str> = roots.collect();
        assert_eq!(open.len(), shipped.site.campus.feeds.len());
        let mut reached: BTreeSet<&str> = open.iter().copied().collect();
        while let Some(next) = open.pop() {
            for child in &children[next] {
                if reached.insert(child) {
                    open.push(child);
                }
            }
        }
        let racks: u32 = shipped.site.blocks().filter_map(|b| b.count).sum();
        let found = reached.iter().filter(|n| n.starts_with("blocks.")).count();
        assert_eq!(found, racks as usize, "{layout}");
        let nodes = shipped.site.campus.nodes.iter();
        let fed = nodes.filter(|n| !n.from.is_empty()).all(|n| reached.contains(n.id.as_str()));
        assert!(fed, "{layout}: every node that is fed");
    }
}

#[test]
fn dps_limits_are_the_capacities_of_the_layout_in_watts() {
    let file = dps(&Shipped::new("pilot-20mw"));
    let entities = file["Entities"].as_array().expect("a list");
    let limit = |wanted: &str| {
        let entity = entities.iter().find(|e| name(e) == wanted).expect("an entity");
        entity["OperatingLimit"]["PowerValue"]["Value"].as_u64()
    };
    assert_eq!(limit("feed-1"), Some(25_000_000));
    assert_eq!(limit("us-1"), Some(8_820_000));
    // The highest cap of a GB300 NVL72, kW.
    assert_eq!(limit("blocks.r1-b1.001"), Some(142_000));
}

fn netbox(shipped: &Shipped) -> BTreeMap<String, Vec<BTreeMap<String, String>>> {
    let parts = shipped.try_make("netbox", &Options::default()).expect("made");
    let mut tables = BTreeMap::new();
    for part in parts.iter().filter(|p| p.name.ends_with(".csv")) {
        let mut reader = csv::Reader::from_reader(&part.bytes[..]);
        let header: Vec<String> =
            reader.headers().expect("a header").iter().map(String::from).collect();
        let rows = reader.records().map(|record| {
            let record = record.expect("a row");
            header.iter().cloned().zip(record.iter().map(String::from)).collect()
        });
        tables.insert(part.name.clone(), rows.collect());
    }
    tables
}

#[test]
fn netbox_tables_refer_to_rows_that_earlier_tables_bring() {
    for layout in BUILT {
        let tables = netbox(&Shipped::new(layout));
        let names = |table: &str| -> BTreeSet<String> {
            let all: Vec<String> = tables[table].iter().map(|r| r["name"].clone()).collect();
            let set: BTreeSet<String> = all.iter().cloned().collect();
            assert_eq!(set.len(), all.len(), "{layout}, {table}: names are unique");
            set
        };
        let sites = names("3-sites.csv");
        let (roles, locations) = (names("2-rack-roles.csv"), names("4-locations.csv"));
        let (racks, panels) = (names("5-racks.csv"), names("6-power-panels.csv"));
        for row in &tables["4-locations.csv"] {
            assert!(sites.contains(&row["site"]));
            assert!(row["parent"].is_empty() || locations.contains(&row["parent"]));
        }
        for row in &tables["5-racks.csv"] {
            assert!(locations.contains(&row["location"]) && sites.contains(&row["site"]));
            assert!(row["role"].is_empty() || roles.contains(&row["role"]));
            assert!(["active", "planned"].contains(&row["status"].as_str()));
        }
        for row in &tables["7-power-feeds.csv"] {
            assert!(panels.contains(&row["power_panel"]) && racks.contains(&row["rack"]));
        }
        for table in ["1-manufacturers.csv", "2-rack-roles.csv", "3-sites.csv", "4-locations.csv"] {
            for row in &tables[table] {
                let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!(!row["slug"].is_empty() && row["slug"].chars().all(is_slug));
            }
        }
    }
}

#[test]
fn netbox_counts_the_racks_and_their_supply() {
    let shipped = Shipped::new("pilot-20mw");
    let tables = netbox(&shipped);
    let racks = &tables["5-racks.csv"];
    assert_eq!(racks.iter().filter(|r| r["status"] == "active").count(), 48);
    assert_eq!(racks.iter().filter(|r| r["status"] == "planned").count(), 48);
    let record = &shipped.catalog.racks["gb300-nvl72"];
    let watts = record.installed_kw.get().expect("known") * 1e3;
    let feed = &tables["7-power-feeds.csv"][0];
    assert_eq!((feed["phase"].as_str(), feed["voltage"].as_str()), ("three-phase", "415"));
    let amperes: f64 = feed["amperage"].parse().expect("a number");
    // What NetBox makes of it: voltage x amperage x greatest use x 1.732.
    let available =
        415.0 * amperes * 1.732 * feed["max_utilization"].parse::<f64>().expect("a number") / 100.0;
    assert!(
        available >= watts * 0.999 && available < watts + 415.0 * 1.8,
        "{available} for {watts}"
    );
    // A block that may hold two types has none yet, and so no feed.
    assert_eq!(tables["7-power-feeds.csv"].len(), 48);
}

#[test]
fn layouts_without_racks_or_feeds_have_nothing_to_export() {
    let keynote = Shipped::new("keynote-rubin-1gw");
    for kind in ["dps", "netbox"] {
        let error = keynote.try_make(kind, &Options::default());
        assert!(matches!(error, Err(ReportError::Nothing { .. })), "{kind}");
    }
}
