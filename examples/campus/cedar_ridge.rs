//! Cedar Ridge 1 GW: eight halls, two substations, two 345 kV feeds.
//!
//! Invented, but built from parts that exist: every size here is either a common rating or
//! follows from the racks by arithmetic.

use super::grid::{Bars, Place, Substation, Wired, area, at_size, feed, node};
use super::hall::{FOR_GB300, FOR_RUBIN, Fill, HallParts, HallPlan, SIZE};
use super::terms::{self, GB300, RUBIN};
use gigasite::site::{
    Area, AreaKind, Battery, Commitment, Generator, KeyFigure, LAYOUT_VERSION, Layout, LayoutFile,
    Node, NodeKind, Phase, Policy, Site, Tier, TierKind, TourOverlay, TourStep, TourView, Variant,
};
use gigasite::units::Limit;
use std::sync::Arc;

const NOTES: &str = "Cedar Ridge is invented. Racks, power caps, curves, tariff and losses come \
    from the catalogue; prices above the first step, all volumes, positions and ratings are \
    chosen for the example. Halls 1 and 5 hold GB300, most of it leased by the GPU-hour; the \
    others hold Vera Rubin and sell tokens. More racks stand here than 1,000 MW can run by day, \
    so the grid contract binds. \
    Each hall has its own 34.5 kV section behind its own transformer, so that a fault draws no \
    more than 40 kA gear bears, even while a switch closes beside its closed sources. After the \
    loss of a transformer its hall goes to the two sections beside it, half to each; they are \
    past their rating then until interruptible tiers are run back within seconds, which is meant \
    (warning shared-capacity). Busways and boards bear the peaks of all racks, not all that is \
    installed in their power shelves, part of which is redundant (warning rack-installed). \
    Firm is what is left after the loss of one 345 kV feed or one \
    main transformer, with the switches closed. Generators and battery stand by and carry no \
    load. Coolers are sized for the hottest day in 20 years with one of them out. \
    On the keynote's curves the site makes more tokens than the world bought in early 2026: \
    demand, not power, is the figure to doubt.";

const BLACKWELL: &str = "The same grid, tiers and prices with GB300 NVL72 in all eight halls; the \
    lease of Vera Rubin by the GPU-hour falls away, and its share goes to High.";
/// The tier that only Vera Rubin can serve.
const LEASED_RUBIN: &str = "reserved-rubin";

const SUB_A: Place = [90.0, 104.0, 152.0, 84.0];
const SUB_B: Place = [416.0, 104.0, 152.0, 84.0];
/// West edges of the four columns of halls and north edges of the two rows.
const COLUMNS: [f64; 4] = [110.0, 266.0, 426.0, 582.0];
const ROWS: [f64; 2] = [232.0, 380.0];
const WIDTH: f64 = 812.0;
const HEIGHT: f64 = 610.0;

/// Two neighbouring halls go live together.
const PHASES: [(&str, &str, u32); 4] = [
    ("p1", "Phase 1, halls 1 and 2", 12),
    ("p2", "Phase 2, halls 5 and 6", 18),
    ("p3", "Phase 3, halls 3 and 4", 24),
    ("p4", "Phase 4, halls 7 and 8", 30),
];

/// Sections of a substation: one for each hall behind it.
const SECTIONS: u32 = 4;

/// Hall number, place in columns and rows, phase.
const HALLS: [(u32, usize, usize, &str); 8] = [
    (1, 0, 0, "p1"),
    (2, 1, 0, "p1"),
    (3, 0, 1, "p3"),
    (4, 1, 1, "p3"),
    (5, 2, 0, "p2"),
    (6, 3, 0, "p2"),
    (7, 2, 1, "p4"),
    (8, 3, 1, "p4"),
];

/// The layout: the site as it stands, and the same site with Blackwell in every hall.
pub fn layout() -> LayoutFile {
    let variant = |id: &str, name: &str, notes: &str, site: LayoutFile| Variant {
        id: id.into(),
        name: name.into(),
        notes: notes.into(),
        site: Site::from_file(site),
    };
    let base = site(|hall| matches!(hall, 1 | 5));
    let blackwell = in_order_of(&base, blackwell());
    let variants = vec![
        variant("rubin-6-2", "Rubin 6+2", "", base.clone()),
        variant("blackwell", "Blackwell, 8 halls", BLACKWELL, blackwell),
    ];
    let layout = Layout::from(Site::from_file(base)).with_variants(variants);
    // cannot fail: there are two.
    let mut layout = layout.expect("variants");
    layout.tour = Arc::new(tour());
    layout.to_file()
}

/// Six steps through the site; figures in braces come from the answers.
fn tour() -> Vec<TourStep> {
    use KeyFigure::{
        Capex, CapexAllIn, DesignPue, EnergyCost, EnergyPerMtok, FirmPower, GainOfGridMw,
        GainOverBaseline, Gpus, GridPower, InterruptiblePower, Irr, LevelisedCost, Npv, Objective,
        OutputTokens, Racks, Revenue,
    };
    let step = |name: &str, title: &str, text: &str, figures: &[KeyFigure]| TourStep {
        name: name.into(),
        title: title.into(),
        text: text.into(),
        view: TourView::SitePlan,
        select: Vec::new(),
        zoom: false,
        overlay: None,
        variant: None,
        from: None,
        figures: figures.to_vec(),
    };
    let before = || Some("blackwell".to_owned());
    vec![
        step(
            "The site",
            "One gigawatt of grid, {Racks} racks",
            "Eight halls with liquid cooling behind two substations; everything is computed from \
             what stands here.",
            &[GridPower, Racks, Gpus, DesignPue],
        ),
        TourStep {
            view: TourView::OneLine,
            overlay: Some(TourOverlay::Loading),
            ..step(
                "The limit",
                "The next megawatt of grid is worth {GainOfGridMw}",
                "More racks stand here than the contract can run by day: it binds, and the \
                 network behind it has room.",
                &[GridPower, GainOfGridMw, FirmPower],
            )
        },
        TourStep {
            view: TourView::Compare,
            from: before(),
            ..step(
                "New racks",
                "The same gigawatt, {Revenue.times} times the revenue",
                "Six of eight halls change from GB300 to Vera Rubin. Grid contract, prices and \
                 demand stay.",
                &[Revenue, OutputTokens, EnergyPerMtok, Capex],
            )
        },
        TourStep {
            view: TourView::Economics,
            ..step(
                "The optimum",
                "After running cost the optimum earns {GainOverBaseline} more than the site's own shares",
                "Every megawatt goes to the rack, the operating point and the tier where it \
                 earns most.",
                &[GainOverBaseline, Revenue, OutputTokens],
            )
        },
        TourStep {
            overlay: Some(TourOverlay::Firm),
            ..step(
                "A failure",
                "{FirmPower} survive the loss of any one element",
                "Only that much is sold as firm. The rest, {InterruptiblePower}, serves tiers \
                 that may be interrupted.",
                &[FirmPower, InterruptiblePower, GridPower],
            )
        },
        TourStep {
            view: TourView::Economics,
            from: before(),
            ..step(
                "The money",
                "{Revenue} from {Capex} of racks and site",
                "Revenue at today's prices; running cost is energy and what grows with tokens.",
                &[Revenue, Objective, EnergyCost, Capex],
            )
        },
        TourStep {
            view: TourView::Ladder,
            ..step(
                "Bankable",
                "What a bank counts: {Npv} after tax",
                "From the keynote figure one assumption at a time, each solved anew: power, \
                 demand, prices, availability, utilisation, ramp, price path, tax.",
                &[Npv, Irr, LevelisedCost, CapexAllIn],
            )
        },
    ]
}

/// A site with what the base has as well in the order of the base and the rest behind it, so
/// that the file tells no difference of order.
fn in_order_of(base: &LayoutFile, mut site: LayoutFile) -> LayoutFile {
    macro_rules! sort {
        ($($list:ident),*) => {$(
            let at = |id: &str| base.$list.iter().position(|e| e.id == id);
            site.$list.sort_by_key(|e| at(&e.id).unwrap_or(usize::MAX));
        )*};
    }
    sort!(nodes, loops, halls, rows, network_racks, blocks);
    site
}

/// GB300 in every hall: nobody can lease Vera Rubin then.
fn blackwell() -> LayoutFile {
    let mut site = site(|_| true);
    site.tiers.retain(|tier| tier.id != LEASED_RUBIN);
    let share = site.policy.shares.shift_remove(LEASED_RUBIN).unwrap_or_default();
    if let Some(high) = site.policy.shares.get_mut("high") {
        *high += share;
    }
    site
}

/// The site with GB300 in the halls of these numbers and Vera Rubin in the others.
fn site(has_gb300: impl Fn(u32) -> bool) -> LayoutFile {
    let mut parts = HallParts::default();
    for (number, column, row, phase) in HALLS {
        let gb300 = has_gb300(number);
        let [own, next, before] = sections(number);
        let plan = HallPlan {
            number,
            design: if gb300 { FOR_GB300 } else { FOR_RUBIN },
            fill: Fill::Installed(if gb300 { GB300 } else { RUBIN }),
            source: &own,
            others: [Some(&next), Some(&before)],
            phase,
            at: [COLUMNS[column], ROWS[row]],
            mirrored: column % 2 == 0,
        };
        parts.extend(plan.build());
    }
    let mut nodes = grid_nodes();
    nodes.extend(parts.nodes);
    LayoutFile {
        version: LAYOUT_VERSION,
        site: terms::site("Cedar Ridge 1 GW", 1000.0, parcel(), NOTES),
        policy: Policy { shares: terms::operators_shares(), ..terms::policy() },
        hours: terms::hours(),
        tiers: tiers(),
        phases: PHASES
            .map(|(id, name, month)| Phase { id: id.into(), name: name.into(), month })
            .to_vec(),
        supply: Vec::new(),
        finance: terms::finance(),
        // Each feed can carry the whole site (2,000 A at 345 kV); in normal operation it
        // carries half.
        feeds: vec![
            feed(
                "feed-1",
                "Feed 1, 345 kV",
                1170.0,
                &[(12, 250.0), (24, 585.0)],
                [152.0, 0.0, 20.0, 56.0],
            ),
            feed(
                "feed-2",
                "Feed 2, 345 kV",
                1170.0,
                &[(18, 250.0), (30, 585.0)],
                [471.0, 0.0, 20.0, 56.0],
            ),
        ],
        nodes,
        loops: parts.loops,
        generators: vec![generators()],
        batteries: vec![battery()],
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

/// The section that feeds a hall, and those on either side of it in the ring of its substation:
/// the first of these takes its pumps as well, and is never that of the leased hall, whose load
/// cannot be run back.
fn sections(hall: u32) -> [String; 3] {
    let (letter, at) = if hall <= SECTIONS { ('a', hall - 1) } else { ('b', hall - 1 - SECTIONS) };
    let (next, before) = (1, SECTIONS - 1);
    let sides = if at == SECTIONS - 1 { [before, next] } else { [next, before] };
    [0, sides[0], sides[1]].map(|step| format!("sub-{letter}{}", (at + step) % SECTIONS + 1))
}

/// The tiers of the family; GPUs that are reserved are leased all year.
fn tiers() -> Vec<Tier> {
    let mut tiers = terms::tiers(1.0);
    for tier in tiers.iter_mut().filter(|t| t.kind == TierKind::ReservedCapacity) {
        let leased = tier.demand.iter().filter_map(|s| s.volume_gpus).map(Limit::value).sum();
        tier.commitment = Some(Commitment {
            volume: leased,
            penalty_usd_per_mtok: None,
            penalty_usd_per_gpu_h: None,
        });
    }
    tiers
}

/// The parcel, with two corners cut by a stream and a road.
fn parcel() -> Vec<[f64; 2]> {
    vec![
        [0.0, 0.0],
        [WIDTH - 90.0, 0.0],
        [WIDTH, 70.0],
        [WIDTH, HEIGHT],
        [130.0, HEIGHT],
        [0.0, HEIGHT - 90.0],
    ]
}

fn grid_nodes() -> Vec<Node> {
    let substation = |letter, feed, other_feed, place| Substation {
        letter,
        feed,
        other_feed: Some(other_feed),
        transformers: SECTIONS,
        transformer_mva: 187.5,
        bars: Bars::Each,
        capacitor_mvar: 60.0,
        place,
    };
    let mut nodes = substation('a', "feed-1", "feed-2", SUB_A).nodes();
    nodes.extend(substation('b', "feed-2", "feed-1", SUB_B).nodes());
    let mut tie = node(
        "tie",
        "34.5 kV tie switchgear".into(),
        NodeKind::Substation,
        245.0,
        [250.0, 170.0, 136.0, 16.0],
    )
    .from(&["sub-a1"])
    .made_of("mv-switchgear-40")
    .at_kv(34.5);
    tie.alternate = vec!["sub-b1".into()];
    nodes.push(tie);
    nodes
}

fn generators() -> Generator {
    let (at, size) = at_size([322.0, 114.0, 64.0, 46.0]);
    Generator {
        id: "gensets".into(),
        name: "Generators, 24 x 3 MW".into(),
        node: "tie".into(),
        equipment: "genset".into(),
        count: 24,
        capacity_mw: 72.0,
        at,
        size,
    }
}

fn battery() -> Battery {
    let (at, size) = at_size([250.0, 114.0, 64.0, 46.0]);
    Battery {
        id: "bess".into(),
        name: "BESS 150 MW".into(),
        node: "tie".into(),
        equipment: "battery-bess".into(),
        capacity_mw: 150.0,
        energy_mwh: 300.0,
        at,
        size,
    }
}

fn areas() -> Vec<Area> {
    use AreaKind::{Building, Corridor, Laydown, Pad, Road, Water, Yard};
    let south = ROWS[1] + SIZE[1];
    let (west, east) = (78.0, 724.0);
    let mut areas = vec![
        area("pad-a", "Pad, halls 1 to 4", Pad, [100.0, 226.0, 296.0, south - 220.0]),
        area("pad-b", "Pad, halls 5 to 8", Pad, [416.0, 226.0, 296.0, south - 220.0]),
        area("yard-bess", "BESS and generator yard", Yard, [246.0, 104.0, 144.0, 84.0]),
        area("line-1", "345 kV line 1", Corridor, [147.0, 0.0, 30.0, 104.0]),
        area("line-2", "345 kV line 2", Corridor, [466.0, 0.0, 30.0, 104.0]),
        area("duct-a-head", "Duct bank A, head", Corridor, [155.0, 196.0, 100.0, 6.0]),
        area("duct-b-head", "Duct bank B, head", Corridor, [474.0, 196.0, 97.0, 6.0]),
        area("duct-a", "Duct bank A", Corridor, [243.0, 196.0, 10.0, south - 200.0]),
        area("duct-b", "Duct bank B", Corridor, [559.0, 196.0, 10.0, south - 200.0]),
        area("road-north", "North road", Road, [west, 208.0, east - west, 10.0]),
        area("road-middle", "Middle road", Road, [west, 359.0, east - west, 10.0]),
        area("road-south", "South road", Road, [west, south + 14.0, east - west, 10.0]),
        area("road-west", "West road", Road, [west, 208.0, 10.0, south - 184.0]),
        area("road-east", "East road", Road, [east - 10.0, 208.0, 10.0, south - 184.0]),
        area("road-main", "Main road", Road, [401.0, 80.0, 10.0, HEIGHT - 80.0]),
    ];
    areas.extend([
        area("operations", "Operations", Building, [110.0, south + 40.0, 76.0, 40.0]),
        area("laydown", "Laydown, phase 4", Laydown, [206.0, south + 40.0, 84.0, 40.0]),
        area("stormwater", "Stormwater", Water, [308.0, south + 36.0, 74.0, 50.0]),
        area("treatment", "Water treatment", Building, [426.0, south + 40.0, 46.0, 30.0]),
        area("spares", "Spares and workshop", Building, [490.0, south + 40.0, 70.0, 34.0]),
        area("parking", "Parking", Yard, [580.0, south + 40.0, 122.0, 34.0]),
    ]);
    areas
}
