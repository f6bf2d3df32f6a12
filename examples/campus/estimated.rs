//! A site of 100 MW whose models nobody has published a curve of at these lengths: it stands
//! on estimated throughput alone.

use super::grid::{Bars, Substation, feed};
use super::hall::{Design, FOR_GB300, FOR_RUBIN, Fill, HallParts, HallPlan};
use super::mixed::{SUB, areas, parcel};
use super::terms::{self, GB300, RUBIN};
use gigasite::site::{
    EstimateWhen, Estimates, Feed, LAYOUT_VERSION, LayoutFile, Phase, Policy, Tier,
};

const NOTES: &str = "Invented. Two halls stand, one of GB300 and one of Vera Rubin NVL72, with \
    more racks than 100 MW can run by day. The feed is one double-circuit line: its loss as a \
    whole is not survived. Busways bear the peaks of all racks, not all that is installed in \
    their power shelves, part of which is redundant (warning rack-installed). Every operating point is estimated from the figures \
    of racks and models and from constants fitted to measurements; published curves stand beside \
    them in the chart. Prices and volumes are invented.";

/// The layout.
pub fn layout() -> LayoutFile {
    let mut parts = HallParts::default();
    let gb300 = Design { rows_per_wing: 2, racks_per_row: [96, 96], positions: 582, ..FOR_GB300 };
    let rubin = Design { rows_per_wing: 2, racks_per_row: [64, 64], positions: 390, ..FOR_RUBIN };
    for (number, x, design, rack) in [(1, 110.0, gb300, GB300), (2, 266.0, rubin, RUBIN)] {
        let plan = HallPlan {
            number,
            design,
            fill: Fill::Installed(rack),
            source: "sub-a",
            others: [None; 2],
            phase: "p1",
            at: [x, 232.0],
            mirrored: number == 1,
        };
        parts.extend(plan.build());
    }
    let mut nodes = Substation {
        letter: 'a',
        feed: "feed-1",
        other_feed: None,
        transformers: 3,
        transformer_mva: 75.0,
        bars: Bars::One,
        capacitor_mvar: 20.0,
        place: SUB,
    }
    .nodes();
    nodes.extend(parts.nodes);
    let estimates = Estimates { when: Some(EstimateWhen::Always), ..Estimates::default() };
    LayoutFile {
        version: LAYOUT_VERSION,
        site: terms::site("Estimated 100 MW", 100.0, parcel(), NOTES),
        policy: Policy { estimates, ..Policy::default() },
        hours: terms::hours(),
        tiers: tiers(),
        phases: vec![Phase { id: "p1".into(), name: "Both halls".into(), month: 12 }],
        supply: Vec::new(),
        finance: terms::finance(),
        // A double-circuit line: either circuit carries the whole site.
        feeds: vec![Feed {
            firm_mw: Some(100.0),
            ..feed(
                "feed-1",
                "Feed 1, 345 kV, two circuits",
                200.0,
                &[(12, 100.0)],
                [152.0, 0.0, 20.0, 56.0],
            )
        }],
        nodes,
        loops: parts.loops,
        generators: Vec::new(),
        batteries: Vec::new(),
        areas: areas(),
        constraints: Vec::new(),
        underlays: Vec::new(),
        halls: parts.halls,
        rows: parts.rows,
        network_racks: parts.network,
        blocks: parts.blocks,
        groups: Vec::new(),
        locked: Vec::new(),
        overrides: Vec::new(),
        base: None,
        variants: Vec::new(),
        tour: Vec::new(),
        scenarios: Vec::new(),
    }
}

/// What the site sells: tokens of four open models at the lengths of their use.
fn tiers() -> Vec<Tier> {
    vec![
        Tier {
            name: "Coding agents".into(),
            // Long histories, most of them in the prefix cache.
            isl_tokens: Some(126_976.0),
            osl_tokens: Some(4_096.0),
            cache_hit_frac: Some(0.95),
            max_ttft_ms: Some(8_000.0),
            input_usd_per_mtok: Some(0.6),
            cached_usd_per_mtok: Some(0.1),
            demand: terms::steps(&[(3.0, 2.0), (2.0, 4.0)]),
            shape: terms::day_shape(0.375),
            ..terms::token_tier("agents", "kimi-k2.5", 131_072.0, 60.0)
        },
        Tier {
            name: "Reasoning".into(),
            isl_tokens: Some(8_192.0),
            osl_tokens: Some(1_024.0),
            cache_hit_frac: Some(0.3),
            input_usd_per_mtok: Some(0.3),
            cached_usd_per_mtok: Some(0.03),
            demand: terms::steps(&[(2.2, 12.0), (1.1, 24.0)]),
            shape: terms::day_shape(0.375),
            ..terms::token_tier("reasoning", "deepseek-r1", 9_216.0, 75.0)
        },
        Tier {
            name: "Chat".into(),
            // Its context alone: the catalogue says how it splits into input and output.
            demand: terms::steps(&[(2.4, 6.0), (1.2, 12.0)]),
            shape: terms::day_shape(0.25),
            ..terms::token_tier("chat", "qwen3-235b", 32_768.0, 50.0)
        },
        Tier {
            name: "Bulk".into(),
            // No least speed: whatever the racks do best.
            min_tok_s_user: None,
            demand: terms::steps(&[(0.15, 200.0), (0.1, 200.0)]),
            deadline_h: Some(12.0),
            ..terms::token_tier("bulk", "gpt-oss-120b", 16_384.0, 0.0)
        },
    ]
}
