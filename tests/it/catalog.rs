//! The catalogue: every number has a source; overlays and overrides behave.

mod labels;
mod models;
mod words;

use gigasite::catalog::{
    self, Basis, COLLECTIONS, Catalog, Fact, Kind, Known, Role, Status, TokenKind,
};
use gigasite::diag::{Diagnostic, Report};
use gigasite::fields::{self, FieldError};
use gigasite::units::SECONDS_PER_YEAR;
use std::sync::Arc;

fn embedded() -> Catalog {
    Catalog::embedded().unwrap_or_else(|r| panic!("{}", lines(&r)))
}

fn lines(report: &Report) -> String {
    report.items.iter().map(Diagnostic::to_string).collect::<Vec<_>>().join("\n")
}

fn overlay(text: &str) -> Result<Catalog, Report> {
    embedded().with_overlay(&[("own.ron".to_owned(), text.to_owned())])
}

fn first_error(text: &str) -> Diagnostic {
    overlay(text).expect_err("the overlay is broken").items.remove(0)
}

// --- Provenance ---

#[test]
fn every_number_of_the_embedded_catalogue_has_a_source() {
    let catalog = embedded();
    let report = catalog::check(&catalog);
    assert!(report.items.is_empty(), "{}", lines(&report));
    let summary = catalog::summary(&catalog);
    assert!(summary.known > 500 && summary.unknown > 100, "{summary:?}");
    assert_eq!(summary.by_kind.values().sum::<usize>(), summary.known);
    assert!(!summary.by_kind.contains_key(&Kind::Override));
    let points: usize = catalog.curves.values().map(|c| c.points.len()).sum();
    assert_eq!(summary.curve_points.values().sum::<usize>(), points);
}

#[test]
fn a_catalogue_with_a_source_removed_fails_and_names_the_field() {
    let mut catalog = embedded();
    catalog.sources.shift_remove("morgan-stanley-vr").expect("known source");
    let report = catalog::check(&catalog);
    let paths: Vec<&str> = report.items.iter().map(|d| d.path.as_str()).collect();
    assert_eq!(paths, ["racks.vr-nvl72.price_usd"]);
    assert_eq!(report.items[0].code, "dangling-id");
}

#[test]
fn each_way_to_lose_provenance_is_found_and_named() {
    type Spoil = fn(&mut Fact);
    let ways: [(&str, Spoil); 7] = [
        ("no-source", |f| f.source = None),
        ("no-kind", |f| f.kind = None),
        ("no-note", |f| {
            f.kind = Some(Kind::Estimate);
            f.note.clear();
        }),
        ("out-of-range", |f| f.range = Some((1.0, 2.0))),
        ("negative", |f| {
            f.value = Known::Is(-1.0);
            f.range = None;
        }),
        ("dangling-id", |f| f.source = Some("nowhere".to_owned())),
        ("no-note", |f| {
            f.value = Known::Unknown;
            f.note.clear();
        }),
    ];
    for (code, spoil) in ways {
        let mut catalog = embedded();
        spoil(&mut catalog.racks["vr-nvl72"].all_in_kw);
        let report = catalog::check(&catalog);
        let found =
            report.items.iter().any(|d| d.code == code && d.path == "racks.vr-nvl72.all_in_kw");
        assert!(found, "{code}: {}", lines(&report));
    }
}

#[test]
fn a_share_above_one_and_a_curve_without_throughput_are_found() {
    let mut catalog = embedded();
    catalog.racks["vr-nvl72"].caps[0].drawn_frac.value = Known::Is(1.2);
    catalog.curves["keynote-rubin"].points[0].tok_s_per_mw = None;
    let report = catalog::check(&catalog);
    let paths: Vec<&str> = report.items.iter().map(|d| d.path.as_str()).collect();
    assert!(paths.contains(&"racks.vr-nvl72.caps.max-q.drawn_frac"), "{paths:?}");
    assert!(paths.contains(&"curves.keynote-rubin.points.50"), "{paths:?}");
}

#[test]
fn an_override_may_leave_the_published_range() {
    let mut catalog = embedded();
    catalog.set("racks.vr-nvl72.price_usd", "2e6").unwrap();
    assert_eq!(catalog::check(&catalog).items, []);
}

#[test]
fn sources_are_public_titles_with_dates() {
    for source in embedded().sources.values() {
        let text = format!("{} {} {}", source.id, source.title, source.publisher);
        for internal in ["GH#", "github:", "seed_", "seed 0", ".txt", ".csv", ".md"] {
            assert!(!text.contains(internal), "{text}");
        }
    }
}

// --- Content ---

#[test]
fn the_racks_that_others_name_exist() {
    let catalog = embedded();
    for id in [
        "hgx-h100",
        "hgx-h200",
        "hgx-b200",
        "hgx-b300",
        "gb200-nvl72",
        "gb300-nvl72",
        "vr-nvl72",
        "vr-nvl72-lpx",
        "groq3-lpx",
        "rubin-nvl8",
        "rubin-ultra-nvl576",
        "kyber-nvl144",
        "mi300x",
        "mi355x",
        "helios-mi455x",
        "gaudi3",
        "tpu-v5p",
        "tpu7x",
        "trainium2",
        "maia100",
        "cloudmatrix-384",
    ] {
        assert!(catalog.racks.contains_key(id), "{id}");
    }
}

#[test]
fn planning_needs_of_the_shipping_nvidia_racks_are_known() {
    let catalog = embedded();
    for id in ["hgx-h100", "hgx-h200", "hgx-b200", "gb200-nvl72", "gb300-nvl72", "vr-nvl72"] {
        let rack = &catalog.racks[id];
        let needed = [
            &rack.gpus,
            &rack.scale_up_gpus,
            &rack.caps[0].kw,
            &rack.caps[0].drawn_frac,
            &rack.installed_kw,
            &rack.peak_kw,
            &rack.idle_kw,
            &rack.all_in_kw,
            &rack.availability_frac,
            &rack.spares_frac,
            &rack.goodput.inference_frac,
            &rack.goodput.training_frac,
            &rack.width_m,
            &rack.depth_m,
            &rack.mass_kg,
            &rack.liquid_frac,
            &rack.coolant_lpm_per_kw,
            &rack.coolant_supply_max_c,
        ];
        assert!(needed.iter().all(|f| f.get().is_some()), "{id}");
        assert!(rack.scalable_unit.is_some(), "{id}");
        let cap = rack.caps[0].kw.get().unwrap();
        assert!(rack.idle_kw.get().unwrap() < cap, "{id}");
        assert!(rack.peak_kw.get().unwrap() > cap, "{id}");
        assert!(rack.installed_kw.get().unwrap() >= rack.peak_kw.get().unwrap(), "{id}");
    }
    for id in ["gb200-nvl72", "gb300-nvl72", "vr-nvl72"] {
        let rack = &catalog.racks[id];
        assert!(rack.price_usd.get().is_some(), "{id}");
        let unit = &catalog.units[rack.scalable_unit.as_deref().unwrap()];
        assert_eq!(unit.racks, 8);
        assert!(unit.support.iter().all(|s| s.kw.get().is_some() && s.price_usd.get().is_some()));
    }
}

#[test]
fn unknown_stays_unknown() {
    let catalog = embedded();
    let lpx = &catalog.racks["groq3-lpx"];
    assert_eq!(lpx.role, Role::Adjunct { of: "vr-nvl72".to_owned() });
    assert_eq!(lpx.pair_ratio.get(), None);
    assert_eq!(lpx.price_usd.get(), None);
    let platform = &catalog.racks["vr-nvl72-lpx"];
    assert_eq!(platform.role, Role::Compute);
    assert_eq!((platform.all_in_kw.get(), platform.price_usd.get()), (None, None));
}

#[test]
fn racks_that_must_not_be_planned_say_why() {
    let catalog = embedded();
    for id in ["rubin-ultra-nvl576", "kyber-nvl144"] {
        let Status::NotOrderable(reason) = &catalog.racks[id].status else { panic!("{id}") };
        assert!(!reason.is_empty());
    }
}

/// Site power over IT power at 45 C supply with the equipment of the catalogue:
/// electrical path, pumps, fans at full speed.
fn site_factor(catalog: &Catalog) -> f64 {
    let path: f64 = ["main-transformer", "mv-cable", "unit-transformer", "ups", "busway"]
        .iter()
        .map(|id| catalog.equipment[*id].efficiency_frac.as_ref().unwrap().get().unwrap())
        .product();
    assert!((path - 0.9489).abs() < 1e-4, "{path}");
    let pump = catalog.equipment["cdu"].pump_frac.as_ref().unwrap().get().unwrap();
    let fan = catalog.equipment["dry-cooler"].fan_frac.as_ref().unwrap().get().unwrap();
    1.0 / path + pump + fan
}

#[test]
fn support_power_reproduces_the_published_site_power_per_rack() {
    let catalog = embedded();
    let factor = site_factor(&catalog);
    let per_rack = |id: &str| {
        let rack = &catalog.racks[id];
        let unit = &catalog.units[rack.scalable_unit.as_deref().unwrap()];
        let support: f64 =
            unit.support.iter().map(|s| f64::from(s.count) * s.kw.get().unwrap()).sum();
        rack.caps[0].kw.get().unwrap() + support / f64::from(unit.racks)
    };
    // NVIDIA: 1.2 MW per scalable unit of eight GB200 racks.
    assert!((per_rack("gb200-nvl72") - 150.0).abs() < 1e-9);
    // SemiAnalysis: 2.10 kW per GPU. NVIDIA: 300,000 Rubin GPUs per GW.
    assert!((per_rack("gb300-nvl72") * factor / 72.0 - 2.10).abs() < 0.002);
    let gpus = 1e6 / (per_rack("vr-nvl72") * factor) * 72.0;
    assert!((gpus / 300_000.0 - 1.0).abs() < 1e-3, "{gpus}");
}

/// Revenue in billion USD of 250 MW on each of four tiers for a year.
fn quarter_each(catalog: &Catalog, curves: [&str; 4]) -> f64 {
    let tiers = ["free", "medium", "high", "premium"].map(|t| &catalog.tier_templates[t]);
    tiers
        .iter()
        .zip(curves)
        .map(|(tier, curve)| {
            let speed = tier.min_tok_s_user.get().unwrap();
            let point =
                catalog.curves[curve].points.iter().find(|p| p.tok_s_user == speed).unwrap();
            assert_eq!(Some(&point.model), tier.model.as_ref(), "{curve}");
            assert_eq!(Some(point.context_tokens), tier.context_tokens.get(), "{curve}");
            let price = tier.price_usd_per_mtok.get().unwrap();
            price * 1e-6 * point.tok_s_per_mw.unwrap() * 250.0 * SECONDS_PER_YEAR / 1e9
        })
        .sum()
}

#[test]
fn keynote_readings_give_the_published_revenue() {
    let catalog = embedded();
    let blackwell = quarter_each(&catalog, ["keynote-blackwell"; 4]);
    let rubin = quarter_each(&catalog, ["keynote-rubin"; 4]);
    let rubin_curve = "keynote-rubin";
    let lpx = quarter_each(&catalog, [rubin_curve, rubin_curve, rubin_curve, "keynote-rubin-lpx"]);
    assert!((blackwell - 28.382).abs() < 0.001, "{blackwell}");
    assert!((rubin - 141.912).abs() < 0.001, "{rubin}");
    assert!((lpx - 319.302).abs() < 0.001, "{lpx}");
    // Published: 30, 150 and 300.
    for (ours, published) in [(blackwell, 30.0), (rubin, 150.0), (lpx, 300.0)] {
        assert!((ours / published - 1.0f64).abs() < 0.07, "{ours} {published}");
    }
    assert_eq!(quarter_each(&catalog, ["keynote-blackwell-gb300"; 4]), blackwell);
}

#[test]
fn keynote_curves_say_what_they_assume() {
    let catalog = embedded();
    for id in ["keynote-hopper", "keynote-blackwell", "keynote-rubin", "keynote-rubin-lpx"] {
        let curve = &catalog.curves[id];
        assert_eq!((curve.basis, curve.tokens), (Basis::GridMwAssumed, TokenKind::Output), "{id}");
        assert!(!curve.prefill && !curve.note.is_empty(), "{id}");
    }
    let corrected = &catalog.curves["keynote-blackwell"].points[3];
    assert_eq!(corrected.range, Some((20_000.0, 70_000.0)));
    assert!(corrected.note.contains("70,000"));
    let fitted = &catalog.curves["keynote-rubin-lpx"].points[1];
    assert!(fitted.note.starts_with("Fitted"));
}

#[test]
fn curves_of_all_tokens_are_told_apart_from_output_curves() {
    let catalog = embedded();
    for (id, curve) in &catalog.curves {
        assert_eq!(id.starts_with("agentx-"), curve.tokens == TokenKind::All, "{id}");
    }
}

// --- Loading ---

#[test]
fn the_embedded_data_is_read_once_and_bears_its_version() {
    let first = Catalog::embedded_arc().unwrap();
    assert!(Arc::ptr_eq(&first, &Catalog::embedded_arc().unwrap()));
    assert_eq!(first.version, "2026.11");
}

#[test]
fn an_overlay_replaces_whole_records_by_id_and_adds_others() {
    let before = embedded();
    let text = r#"(
        sources: [(id: "quote", title: "Quote", publisher: "Own", date: "2026-11-02")],
        tariffs: [
            (id: "us-9c1", name: "Contract", energy_usd_per_mwh:
                (value: 62.5, kind: Vendor, source: "quote"),
                demand_usd_per_mw_month: (value: 9000, kind: Vendor, source: "quote")),
            (id: "own", name: "Own", energy_usd_per_mwh: (value: "unknown", note: "in talks")),
        ],
    )"#;
    let after = overlay(text).unwrap();
    assert_eq!(after.version, "2026.11+overlay");
    assert_eq!(
        after.tariffs.keys().collect::<Vec<_>>(),
        ["us-9c1", "china-4c0", "us-split-9c1", "own"]
    );
    let tariff = &after.tariffs["us-9c1"];
    assert_eq!(tariff.energy_usd_per_mwh.get(), Some(62.5));
    assert_eq!(tariff.energy_usd_per_mwh.range, None);
    assert_eq!(tariff.demand_usd_per_mw_month.as_ref().unwrap().get(), Some(9000.0));
    assert_eq!(after.racks, before.racks);
    assert!(!catalog::check(&after).has_errors());
    assert_eq!(before.clone().with_overlay(&[]).unwrap(), before);
}

#[test]
fn a_broken_overlay_gives_file_line_column_and_path() {
    let unknown_field = first_error(
        "(\n  tariffs: [\n    (id: \"a\", name: \"A\", energy_usd_mwh: (value: 1)),\n  ],\n)",
    );
    assert_eq!(unknown_field.file.as_deref(), Some("own.ron"));
    assert_eq!(unknown_field.line, Some(3));
    assert!(unknown_field.column.is_some_and(|c| c > 20), "{unknown_field}");
    assert_eq!(unknown_field.path, "tariffs.0.energy_usd_mwh");
    assert!(unknown_field.hint.contains("energy_usd_per_mwh"), "{unknown_field}");

    let text = first_error(
        "(tariffs: [(id: \"a\", name: \"A\",\n  energy_usd_per_mwh: (value: \"cheap\"))])",
    );
    assert_eq!((text.line, text.path.as_str()), (Some(2), "tariffs.0.energy_usd_per_mwh.value"));

    let variant = first_error("(equipment: [(id: \"a\", name: \"A\", kind: Chiller)])");
    assert!(variant.hint.contains("HeatRejection"), "{variant}");

    let missing = first_error("(costs: [(id: \"a\", name: \"A\", unit: \"USD\")])");
    assert!(missing.message.contains("value") && missing.hint.contains("unknown"), "{missing}");

    let syntax = first_error("(costs: [\n");
    assert_eq!((syntax.line, syntax.code.as_str()), (Some(2), "catalog-syntax"));
    let tail = first_error("(costs: [])\nx");
    assert_eq!((tail.line, tail.column), (Some(2), Some(1)));
}

#[test]
fn duplicate_ids_of_one_set_of_files_are_found_with_their_place() {
    let cost = "(id: \"a\", name: \"A\", unit: \"\", value: (value: \"unknown\", note: \"n\"))";
    let error = first_error(&format!("(costs: [\n  {cost},\n  {cost},\n])"));
    assert_eq!(error.code, "duplicate-id");
    assert_eq!((error.path.as_str(), error.line, error.column), ("costs.a", Some(3), Some(4)));
    let two_files = [("a.ron", cost), ("b.ron", cost)]
        .map(|(name, cost)| (name.to_owned(), format!("(costs: [{cost}])")));
    let error = embedded().with_overlay(&two_files).unwrap_err().items.remove(0);
    assert_eq!(error.file.as_deref(), Some("b.ron"));
    let error = first_error(
        "(tier_templates: [], sources: [(id: \"Bad Id\", title: \"\", publisher: \"\", date: \"\")])",
    );
    assert_eq!(error.code, "bad-id");
}

#[test]
fn references_that_lead_nowhere_are_found() {
    let curve = |rack: &str, model: &str, source: &str| {
        format!(
            "(curves: [(id: \"c\", name: \"C\", rack: \"{rack}\", basis: ItMw, tokens: Output, \
             software: \"\", prefill: false, kind: Measured, source: \"{source}\", points: \
             [(tok_s_user: 5, model: \"{model}\", context_tokens: 9, tok_s_per_mw: 1, \
             cap: \"max-q\")])])"
        )
    };
    let good = curve("vr-nvl72", "deepseek-r1", "mlperf-v6-1");
    assert!(overlay(&good).is_ok());
    for (text, path) in [
        (curve("vr-nvl7", "deepseek-r1", "mlperf-v6-1"), "curves.c.rack"),
        (curve("vr-nvl72", "deepseek", "mlperf-v6-1"), "curves.c.points.5.model"),
        (curve("vr-nvl72", "deepseek-r1", "mlperf"), "curves.c.source"),
        (curve("gb200-nvl72", "deepseek-r1", "mlperf-v6-1"), "curves.c.points.5.cap"),
        (
            "(options: [(id: \"x\", group: \"optics\", name: \"X\", default: true)])".to_owned(),
            "options",
        ),
    ] {
        assert_eq!(first_error(&text).path, path);
    }
}

#[test]
fn an_overlay_folder_is_read_in_the_order_of_its_names() {
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in [("b.ron", "()"), ("a.ron", "(costs: [])"), ("notes.txt", "no")] {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let files = catalog::load_folder(dir.path()).unwrap();
    let texts: Vec<&str> = files.iter().map(|f| f.1.as_str()).collect();
    assert_eq!(texts, ["(costs: [])", "()"]);
    assert!(embedded().with_overlay(&files).is_ok());
    let error = catalog::load_folder(&dir.path().join("absent")).unwrap_err();
    assert!(error.to_string().contains("absent"));
}

// --- Overrides ---

#[test]
fn the_stable_paths_can_be_set_and_tell_the_old_value() {
    let mut catalog = embedded();
    let old = |c: &mut Catalog, path, value| c.set(path, value).unwrap().old;
    assert_eq!(old(&mut catalog, "racks.vr-nvl72.price_usd", "6.5e6"), "7800000");
    let price = &catalog.racks["vr-nvl72"].price_usd;
    assert_eq!((price.get(), price.kind), (Some(6.5e6), Some(Kind::Override)));
    assert_eq!(price.range, Some((3.5e6, 9.1e6)));

    let path = "curves.keynote-blackwell.points.400.tok_s_per_mw";
    assert_eq!(old(&mut catalog, path, "7e4"), "20000");
    let curve = &catalog.curves["keynote-blackwell"];
    assert_eq!(curve.points[3].tok_s_per_mw, Some(70_000.0));

    assert_eq!(old(&mut catalog, "tariffs.us-9c1.energy_usd_per_mwh", "50"), "91");
    assert_eq!(old(&mut catalog, "tariffs.us-9c1.demand_usd_per_mw_month", "9_000"), "None");
    let demand = catalog.tariffs["us-9c1"].demand_usd_per_mw_month.as_ref().unwrap();
    assert_eq!((demand.get(), demand.kind), (Some(9000.0), Some(Kind::Override)));
    // An id with a dot, a cap by its id, a cost as one number.
    assert_eq!(old(&mut catalog, "models.kimi-k2.5.active_params_b", "33"), "32");
    assert_eq!(old(&mut catalog, "racks.vr-nvl72.caps.max-q.kw", "200"), "190");
    assert_eq!(old(&mut catalog, "costs.discount-frac", "0.08"), "0.1");
    assert_eq!(catalog.costs["discount-frac"].value.get(), Some(0.08));
    assert_eq!(old(&mut catalog, "tier_templates.high.price_usd_per_mtok", "5"), "6");
    assert_eq!(old(&mut catalog, "equipment.ups.efficiency_frac", "unknown"), "0.97");
    assert_eq!(catalog.equipment["ups"].efficiency_frac.as_ref().unwrap().get(), None);
    assert_eq!(old(&mut catalog, "racks.groq3-lpx.pair_ratio", "1.5"), "unknown");
    assert_eq!(catalog.racks["groq3-lpx"].pair_ratio.get(), Some(1.5));
}

#[test]
fn mistyped_paths_name_the_nearest_and_change_nothing() {
    let mut catalog = embedded();
    let before = catalog.clone();
    for (path, field, hint) in [
        ("rack.vr-nvl72.price_usd", "rack", "racks"),
        ("racks.vr-nvl27.price_usd", "racks.vr-nvl27", "vr-nvl72"),
        ("racks.vr-nvl72.prise_usd", "racks.vr-nvl72.prise_usd", "price_usd"),
        ("curves.keynote-rubin.points.401.tok_s_per_mw", "curves.keynote-rubin.points.401", "400"),
        ("tariffs.us-9c1.energy_usd_mwh", "tariffs.us-9c1.energy_usd_mwh", "energy_usd_per_mwh"),
    ] {
        match catalog.set(path, "1").unwrap_err() {
            FieldError::UnknownField { field: at, nearest } => {
                assert_eq!(at, field);
                assert_eq!(nearest.first().map(String::as_str), Some(hint), "{path}");
            }
            other => panic!("{path}: {other}"),
        }
    }
    for (path, value) in [
        ("sources.epoch-1gw.date", "2020"),
        ("options.ac.default", "false"),
        ("units.su-vr.racks", "9"),
        ("racks.vr-nvl72.id", "x"),
        ("racks", "1"),
        ("racks.vr-nvl72", "1"),
        ("racks.vr-nvl72.price_usd", "inf"),
        ("racks.vr-nvl72.price_usd", "cheap"),
        ("racks.vr-nvl72.price_usd", "[1]"),
        ("racks.vr-nvl72.status", "Sold"),
        ("racks.vr-nvl72.price_usd", "-1"),
        ("racks.vr-nvl72.liquid_frac", "1.1"),
        ("costs.discount-frac", "10"),
        ("curves.keynote-rubin.points.400.tok_s_per_mw", "0"),
        ("curves.keynote-rubin.points.400.model", "no-such-model"),
        ("curves.keynote-rubin.rack", "no-such-rack"),
        ("racks.vr-nvl72.scalable_unit", "no-such-unit"),
    ] {
        assert!(catalog.set(path, value).is_err(), "{path}={value}");
    }
    assert_eq!(catalog, before);
}

#[test]
fn every_field_of_every_collection_sets_back_to_what_it_was() {
    let mut catalog = embedded();
    let before = catalog.clone();
    let mut count = 0;
    macro_rules! each {
        ($($collection:ident),*) => {$(
            assert!(COLLECTIONS.contains(&stringify!($collection)));
            for (id, record) in &before.$collection {
                for (field, value) in fields::leaves(record) {
                    let path = format!("{}.{id}.{field}", stringify!($collection));
                    let text = fields::value_text(&value);
                    let names = field.split('.').collect::<Vec<_>>();
                    if matches!(names.last(), Some(&"id" | &"tok_s_user")) {
                        let refused = catalog.set(&path, &text);
                        assert!(matches!(refused, Err(FieldError::ReadOnly { .. })), "{path}");
                        continue;
                    }
                    // Not every field takes this; those that do must tell what was there.
                    if let Ok(outcome) = catalog.set(&path, "0.5") {
                        assert_eq!(outcome.old, text, "{path}");
                    }
                    catalog.set(&path, &text).unwrap_or_else(|e| panic!("{path} = {text}: {e}"));
                    let now = fields::read(&catalog.$collection[id], &names).unwrap_or_default();
                    assert_eq!(fields::value_text(&now), text, "{path}");
                    count += 1;
                }
            }
        )*};
    }
    each!(racks, models, curves, tier_templates, tariffs, equipment, costs, practice);
    assert!(count > 1000, "{count}");
}

// --- Rows for people ---

#[test]
fn the_list_holds_every_record_and_each_can_be_shown() {
    let catalog = embedded();
    let rows = catalog::list(&catalog);
    assert_eq!(rows.len(), catalog::summary(&catalog).records + catalog.sources.len());
    for row in &rows {
        assert!(!row.name.is_empty(), "{}", row.id);
        let shown = catalog::show(&catalog, &format!("{}.{}", row.collection, row.id));
        assert!(shown.is_some_and(|s| !s.is_empty()), "{}", row.id);
    }
    assert_eq!(catalog::show(&catalog, "no-such-id"), None);
}

#[test]
fn a_shown_value_bears_unit_source_and_range() {
    let catalog = embedded();
    let rows = catalog::show(&catalog, "vr-nvl72").unwrap();
    let row = |field: &str| rows.iter().find(|r| r.field == field).unwrap();
    let price = row("price_usd");
    assert_eq!((price.value.as_str(), price.unit.as_str()), ("7800000", "USD"));
    let source = price.source.as_deref().unwrap();
    assert!(source.contains("Morgan Stanley") && source.ends_with("(2026-05)"), "{source}");
    assert_eq!(price.range, Some((3.5e6, 9.1e6)));
    assert_eq!(row("caps.max-q.kw").unit, "kW");
    assert_eq!(row("chip.hbm_tb_s").unit, "TB/s");
    assert_eq!(row("coolant_lpm_per_kw").unit, "L/min per kW");
    assert_eq!(row("pair_ratio").value, "unknown");
    assert_eq!(row("name").unit, "");
    let cost = catalog::show(&catalog, "site-capex-usd-per-mw").unwrap();
    let value = cost.iter().find(|r| r.field == "value").unwrap();
    assert_eq!(value.unit, "USD per MW of grid power");
}

#[test]
fn every_fact_of_the_catalogue_has_a_unit() {
    let catalog = embedded();
    for row in catalog::list(&catalog) {
        for shown in catalog::show(&catalog, &format!("{}.{}", row.collection, row.id)).unwrap() {
            if shown.kind.is_some() || shown.value == "unknown" {
                assert!(!shown.unit.is_empty(), "{}.{}", row.id, shown.field);
            }
        }
    }
}
