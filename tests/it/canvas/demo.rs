//! A site from the layouts and an answer made up for it, so that panels have something to
//! show without a solve. The figures agree with each other; they are nobody's result.

use gigasite::catalog::Catalog;
use gigasite::editor::risk::Risks;
use gigasite::editor::valuation::Finances;
use gigasite::gui::context::{Context, Document, Element, Freshness, Grid};
use gigasite::plan::Plan;
use gigasite::plan::result::{
    AllocationRow, BlockResult, JointGain, LimitResult, Status, TierResult,
};
use gigasite::site::{self, Site};
use gigasite::study::outcome::{Baseline, ChartCurve, ChartPoint, Headline};
use gigasite::study::{self, Outcome, SolveOptions};
use std::collections::BTreeMap;
use std::path::Path;

/// IT power of a rack with its support, MW.
fn rack_mw(rack: &str) -> f64 {
    if rack.starts_with("vr") { 0.2222 } else { 0.140 }
}

pub struct Demo {
    pub site: Site,
    pub catalog: Catalog,
    pub outcome: Outcome,
    pub freshness: Freshness,
    pub selection: Vec<Element>,
}

impl Demo {
    pub fn campus() -> Self {
        Self::of("campus-1gw.ron")
    }

    pub fn of(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts").join(name);
        let file = site::file::load(&path).expect("the layout reads");
        let site = Site::from_file(file);
        let catalog = Catalog::embedded().expect("the catalogue reads");
        let outcome = study::run(&site, &catalog, &SolveOptions::default());
        Self {
            site,
            catalog,
            outcome,
            freshness: Freshness::Full { age_s: 0.2 },
            selection: Vec::new(),
        }
    }

    /// The same site with a made-up answer that shows every part of the tab.
    pub fn invented() -> Self {
        let demo = Self::campus();
        Self { outcome: answer(&demo.site), ..demo }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            site: &self.site,
            catalog: &self.catalog,
            outcome: Some(&self.outcome),
            freshness: &self.freshness,
            problems: &[],
            selection: &self.selection,
            document: Document { title: "Cedar Ridge 1 GW", ..Document::default() },
            grid: Grid::default(),
            finances: Finances::none(),
            risks: Risks::none(),
        }
    }
}

/// Loads by adding up blocks; every third row runs a little harder, for variety.
fn node_limits(site: &Site) -> Vec<LimitResult> {
    let mut load: BTreeMap<String, f64> = BTreeMap::new();
    for (i, b) in site.blocks().enumerate() {
        let (Some(rack), Some(n), Some(node)) = (&b.rack, b.count, &b.node) else { continue };
        let vary = 0.82 + 0.045 * (((i * 7) % 9) as f64);
        *load.entry(node.clone()).or_default() += rack_mw(rack) * f64::from(n) * vary;
    }
    for l in &site.campus.loops {
        *load.entry(l.node.clone()).or_default() += 6.0;
    }
    // Nodes name their sources, so pushing upwards needs as many rounds as the tree is deep.
    let own = load.clone();
    let mut total = own.clone();
    for _ in 0..8 {
        let mut next = own.clone();
        for n in &site.campus.nodes {
            let mw = total.get(&n.id).copied().unwrap_or(0.0);
            for from in &n.from {
                *next.entry(from.clone()).or_default() += mw / n.from.len() as f64;
            }
        }
        total = next;
    }
    let limit = |id: &str, kind: &str, capacity: Option<f64>| LimitResult {
        id: format!("nodes.{id}.capacity_mw"),
        kind: kind.into(),
        element: id.into(),
        name: id.into(),
        used: total.get(id).copied().unwrap_or(0.0),
        capacity,
        unit: "MW".into(),
        ..LimitResult::default()
    };
    let nodes = site.campus.nodes.iter().map(|n| limit(&n.id, "node_capacity", n.capacity_mw));
    let feeds = site.campus.feeds.iter().map(|f| limit(&f.id, "feed_capacity", f.capacity_mw));
    nodes.chain(feeds).collect()
}

fn valued(
    id: &str,
    kind: &str,
    name: &str,
    gain: f64,
    valid: Option<f64>,
    unit: &str,
) -> LimitResult {
    LimitResult {
        id: id.into(),
        kind: kind.into(),
        element: id.split('.').nth(1).unwrap_or("").into(),
        name: name.into(),
        used: 100.0,
        capacity: Some(100.0),
        unit: unit.into(),
        binding: true,
        gain_usd_per_year: Some(gain),
        gain_valid_to: valid,
        loss_usd_per_year: Some(-gain),
        ..LimitResult::default()
    }
}

fn answer(site: &Site) -> Outcome {
    let mut limits = vec![
        valued(
            "site.grid_contract_mw",
            "grid_contract",
            "Grid contract, worst hour",
            17.7e6,
            Some(21.1),
            "MW",
        ),
        valued(
            "tiers.premium.demand.2.volume_tok_s",
            "demand",
            "Premium demand, step 3 at $15",
            322e6,
            Some(15.2e6),
            "tok/s",
        ),
        valued(
            "tiers.high.demand.2.volume_tok_s",
            "demand",
            "High demand, step 3 at $2",
            19.8e6,
            Some(53.3e6),
            "tok/s",
        ),
        valued(
            "tiers.medium.demand.1.volume_tok_s",
            "demand",
            "Medium demand, step 2 at $1.20",
            18.9e6,
            Some(121.8e6),
            "tok/s",
        ),
    ];
    limits.extend(node_limits(site));
    let row = |rack: &str, tier: &str, point: &str, racks: f64, mw: f64, tok: f64, usd: f64| {
        AllocationRow {
            rack: rack.into(),
            tier: tier.into(),
            operating_point: point.into(),
            racks: Some(racks),
            it_mw: mw * 0.926,
            grid_mw: mw,
            tokens_per_s: tok * 1e6,
            gpus: 0.0,
            revenue_usd_per_year: usd * 1e9,
        }
    };
    let allocation = vec![
        row("vr-nvl72", "premium", "vr-400", 694.0, 166.7, 20.0, 15.70),
        row("vr-nvl72", "high", "vr-200", 1290.0, 309.5, 130.0, 13.88),
        row("vr-nvl72", "medium", "vr-100", 1144.0, 274.5, 263.5, 10.93),
        row("gb300-nvl72", "medium", "gb-100", 703.0, 106.3, 38.3, 1.59),
        row("gb300-nvl72", "free", "gb-50", 945.0, 142.9, 60.0, 0.0),
    ];
    let tier = |id: &str, name: &str, usd: f64, tok: f64, price: f64, mw: f64| TierResult {
        id: id.into(),
        name: name.into(),
        revenue_usd_per_year: usd * 1e9,
        tokens_per_s: tok * 1e6,
        price_usd_per_mtok: Some(price),
        it_mw: mw * 0.926,
        share_of_it_power: mw / 999.9,
        ..TierResult::default()
    };
    let tiers = vec![
        tier("premium", "Premium", 15.70, 20.0, 24.90, 166.7),
        tier("high", "High", 13.88, 130.0, 3.38, 309.5),
        tier("medium", "Medium", 12.52, 301.8, 1.32, 380.8),
        tier("free", "Free", 0.0, 60.0, 0.0, 142.9),
    ];
    let points = ["vr-400", "vr-200", "vr-100", "gb-100", "gb-50"];
    let blocks = site
        .blocks()
        .enumerate()
        .filter_map(|(i, b)| {
            let (rack, count) = (b.rack.clone()?, b.count?);
            let point = if rack.starts_with("vr") { points[i % 3] } else { points[3 + i % 2] };
            Some(BlockResult {
                id: b.id.clone(),
                it_mw: rack_mw(&rack) * f64::from(count),
                rack,
                operating_point: point.into(),
                racks: Some(f64::from(count)),
                firm_racks: None,
            })
        })
        .collect();
    let plan = Plan {
        status: Status::Optimal,
        objective_usd_per_year: Some(41.6e9),
        revenue_usd_per_year: 42.10e9,
        grid_mw: 999.9,
        it_mw: 925.8,
        tiers,
        allocation,
        blocks,
        limits,
        joint_gains: vec![JointGain {
            limits: vec!["nodes.sub-b1.capacity_mw".into(), "site.grid_contract_mw".into()],
            gain_usd_per_year: 170e6,
            valid_to: Some(9.6),
        }],
        tokens_per_s: gigasite::plan::result::TokenRates { output: 511.8e6, ..Default::default() },
        ..Plan::default()
    };
    Outcome {
        name: site.terms.site.name.clone(),
        plan,
        headline: Headline {
            pue_mean: 1.066,
            pue_worst: 1.080,
            world_ratio: Some(1.6),
            world_tokens_per_year: Some(10e15),
            world_source: "Mar 2026".into(),
            ..Headline::default()
        },
        chart: curves(),
        baseline: Some(Baseline {
            name: "25/25/25/25".into(),
            revenue_usd_per_year: 39.36e9,
            objective_usd_per_year: 38.85e9,
            tiers: vec![
                tier("premium", "Premium", 15.70, 20.0, 24.90, 250.0),
                tier("high", "High", 12.30, 105.0, 3.71, 250.0),
                tier("medium", "Medium", 11.36, 240.0, 1.5, 250.0),
                tier("free", "Free", 0.0, 105.0, 0.0, 250.0),
            ],
        }),
        ..Outcome::default()
    }
}

fn curves() -> Vec<ChartCurve> {
    let point = |x: f64, y: f64, mw: f64, tier: &str, range: Option<(f64, f64)>| ChartPoint {
        tok_s_user: x,
        tok_s_per_mw: y,
        grid_mw: mw,
        tiers: if tier.is_empty() { Vec::new() } else { vec![tier.into()] },
        operating_point: format!("p-{x}"),
        range,
        ..ChartPoint::default()
    };
    let plain =
        |p: &[(f64, f64)]| p.iter().map(|(x, y)| point(*x, *y, 0.0, "", None)).collect::<Vec<_>>();
    let mut rubin =
        plain(&[(25.0, 1.7e6), (50.0, 1.68e6), (400.0, 0.2e6), (550.0, 6.0e4), (680.0, 2.0e4)]);
    rubin[2] = point(400.0, 0.2e6, 166.7, "premium", Some((0.14e6, 0.27e6)));
    rubin.insert(2, point(100.0, 1.6e6, 274.5, "medium", None));
    rubin.insert(3, point(200.0, 0.7e6, 309.5, "high", None));
    let mut gb = plain(&[(25.0, 0.74e6), (200.0, 0.16e6), (350.0, 3.0e4), (460.0, 1.1e4)]);
    gb.insert(1, point(50.0, 0.7e6, 142.9, "free", None));
    gb.insert(2, point(100.0, 0.6e6, 106.3, "medium", None));
    let measured = |v: &[(f64, f64)]| {
        v.iter()
            .map(|(x, y)| point(*x, *y, 0.0, "", Some((y * 0.85, y * 1.12))))
            .collect::<Vec<_>>()
    };
    let curve = |id: &str, rack: &str, name: &str, evidence: &str, points| ChartCurve {
        curve: id.into(),
        rack: rack.into(),
        name: name.into(),
        evidence: evidence.into(),
        points,
        ..ChartCurve::default()
    };
    vec![
        curve(
            "keynote-rubin",
            "vr-nvl72",
            "Vera Rubin NVL72",
            "keynote reading, March 2026",
            rubin,
        ),
        ChartCurve {
            measured: true,
            ..curve(
                "coreweave-vr",
                "vr-nvl72",
                "Vera Rubin NVL72",
                "cloud operator, 2 measured",
                measured(&[(66.0, 1.5e6), (150.0, 1.25e6)]),
            )
        },
        curve("keynote-gb300", "gb300-nvl72", "GB300 NVL72", "keynote reading, March 2026", gb),
        ChartCurve {
            measured: true,
            ..curve(
                "inferencex-gb300",
                "gb300-nvl72",
                "GB300 NVL72",
                "public benchmark, 5 measured",
                measured(&[
                    (35.0, 0.7e6),
                    (64.0, 0.69e6),
                    (130.0, 0.36e6),
                    (170.0, 0.245e6),
                    (345.0, 3.1e4),
                ]),
            )
        },
        curve(
            "keynote-hopper",
            "hgx-h200",
            "Hopper HGX H200",
            "keynote reading, March 2026",
            plain(&[
                (25.0, 1.9e5),
                (40.0, 1.68e5),
                (60.0, 1.3e5),
                (90.0, 7.0e4),
                (120.0, 3.5e4),
                (140.0, 1.8e4),
            ]),
        ),
        ChartCurve {
            claim: true,
            ..curve(
                "keynote-rubin-lpx",
                "vr-nvl72-lpx",
                "Vera Rubin + LPX",
                "vendor claim, not in plan",
                plain(&[
                    (200.0, 1.05e6),
                    (400.0, 0.67e6),
                    (700.0, 0.35e6),
                    (1000.0, 0.16e6),
                    (1250.0, 0.07e6),
                ]),
            )
        },
    ]
}
