//! Campuses laid out from answers: every combination is valid and solves, and the sizes are
//! those of arithmetic done a second time here.

use crate::support::{close, embedded};
use gigasite::catalog::Catalog;
use gigasite::cooling;
use gigasite::diag::Report;
use gigasite::plan::input::Holding as Units;
use gigasite::plan::result::Status;
use gigasite::power::Network;
use gigasite::site::{Layout, LayoutFile, Site, Tier, file, validate};
use gigasite::study::input::prepare;
use gigasite::study::template::{
    Campus, Fit, Holding, Refusal, Request, Scheme, assumptions, campus, offers, racks,
    typical_hours,
};
use gigasite::study::{self, Estimator, SolveOptions, Study, in_force};
use std::collections::BTreeMap;

const SIZES: [f64; 6] = [20.0, 37.0, 100.0, 250.0, 640.0, 1000.0];

fn request(catalog: &Catalog, mw: f64) -> Request {
    Request::new(catalog, mw)
}

fn plannable(catalog: &Catalog) -> Vec<String> {
    racks(catalog).into_iter().filter(|r| r.1.is_ok()).map(|r| r.0.to_owned()).collect()
}

fn findings(layout: &LayoutFile, catalog: &Catalog) -> Report {
    let site = Site::from_file(layout.clone());
    let (catalog, mut report) = in_force(&site, catalog);
    report.extend(validate(&site, &catalog).1);
    report
}

/// The request space, each value of each answer with each size, rack and scheme, the other
/// answers in turn.
fn requests(catalog: &Catalog) -> Vec<Request> {
    let places: Vec<&String> = catalog.weather.keys().collect();
    let tariffs: Vec<&String> = catalog.tariffs.keys().collect();
    let mut all = Vec::new();
    for mw in SIZES {
        for rack in plannable(catalog) {
            for scheme in Scheme::ALL {
                let n = all.len();
                let priced = catalog.racks[&rack].price_usd.get().is_some();
                let cool = catalog.racks[&rack].coolant_supply_max_c.get().unwrap() - 5.0;
                all.push(Request {
                    place: places[n % places.len()].clone(),
                    tariff: tariffs[n % tariffs.len()].clone(),
                    rack: rack.clone(),
                    scheme,
                    holding: if priced && n % 4 == 1 {
                        Holding::Planned
                    } else {
                        Holding::Installed
                    },
                    fit: if n % 5 == 3 { Fit::Beyond } else { Fit::Within },
                    supply_c: (n % 3 == 2).then_some(cool),
                    energy_usd_per_mwh: (n % 2 == 1).then_some(62.5),
                    tiers: if n % 7 == 6 { vec!["free".into()] } else { vec![] },
                    generators_mw: [0.0, 30.0, mw][n % 3],
                    battery_mw: [0.0, mw / 4.0][n % 2],
                    ..request(catalog, mw)
                });
            }
        }
    }
    all
}

fn made(request: &Request, catalog: &Catalog) -> Campus {
    campus(request, catalog).unwrap_or_else(|refusal| panic!("{request:?}: {refusal}"))
}

#[test]
fn every_combination_of_answers_passes_without_a_finding_and_solves() {
    let catalog = embedded();
    let mut study = Study::new().unwrap();
    let all = requests(&catalog);
    assert!(all.len() >= 100, "{}", all.len());
    for request in &all {
        let campus = made(request, &catalog);
        let report = findings(&campus.layout, &catalog);
        assert!(report.items.is_empty(), "{request:?}: {:?}", report.items);
        let site = Site::from_file(campus.layout.clone());
        study.cold();
        let outcome = study.solve(&site, &catalog, &SolveOptions::default());
        assert_eq!(outcome.plan.status, Status::Optimal, "{request:?}: {:?}", outcome.diagnostics);
        let grid = outcome.plan.grid_mw;
        assert!(grid <= request.grid_contract_mw * (1.0 + 1e-9), "{request:?}: {grid}");
        let price = |t: &Tier| t.demand[0].price_usd_per_mtok.unwrap_or(0.0);
        let paid = campus.layout.tiers.iter().any(|t| price(t) > 0.0);
        assert_eq!(outcome.plan.revenue_usd_per_year > 0.0, paid, "{request:?}");
        let served = |d: &&gigasite::diag::Diagnostic| {
            d.code == "tier-not-served" || d.code == "no-estimate"
        };
        assert_eq!(outcome.diagnostics.iter().find(served), None, "{request:?}");
    }
}

#[test]
fn a_layout_survives_being_written_and_read_and_is_the_same_each_time() {
    let catalog = embedded();
    for mw in SIZES {
        let request = Request { energy_usd_per_mwh: Some(55.0), ..request(&catalog, mw) };
        let layout = made(&request, &catalog).layout;
        assert_eq!(layout, made(&request, &catalog).layout);
        let text = file::to_ron(&layout);
        assert_eq!(file::parse(&text, "new.ron").unwrap(), layout, "{mw} MW");
    }
}

/// Grid power of the racks in the worst hour, by the arithmetic of the plan's own input.
fn grid_mw(layout: &LayoutFile, catalog: &Catalog) -> f64 {
    let site = Site::from_file(layout.clone());
    let prepared = prepare(&site, catalog, &SolveOptions::default(), &mut Estimator::default());
    let input = &prepared.input;
    let lowest = |r: usize| {
        let of = (0..input.points.len()).filter(|&p| input.points[p].rack == r);
        of.min_by(|&a, &b| input.points[a].it_mw.total_cmp(&input.points[b].it_mw)).unwrap()
    };
    let hour = |h: usize| -> f64 {
        let blocks = input.blocks.iter().map(|b| {
            let Units::Installed(n) = b.holding else { panic!("{}", b.id) };
            let rack = &input.racks[b.racks[0]];
            let live = n * (1.0 - rack.spares_frac);
            let spare = n * rack.spares_frac * input.spare_grid_mw(b, b.racks[0], h);
            live * input.grid_mw(b, lowest(b.racks[0]), h) + spare
        });
        blocks.sum()
    };
    (0..input.hours.len()).map(hour).fold(0.0, f64::max)
}

#[test]
fn racks_fill_the_contract_to_within_one_scalable_unit() {
    let catalog = embedded();
    for mw in SIZES {
        for rack in plannable(&catalog) {
            let request = Request { rack: rack.clone(), ..request(&catalog, mw) };
            let within = made(&request, &catalog);
            let grid = grid_mw(&within.layout, &catalog);
            close(grid, within.size.worst_hour_mw, 1e-9, &rack);
            let unit = grid / f64::from(within.size.units);
            assert!(grid <= mw && grid + unit > mw, "{rack}, {mw} MW: {grid} and {unit} a unit");
            let beyond = made(&Request { fit: Fit::Beyond, ..request }, &catalog);
            assert_eq!(beyond.size.units, within.size.units + 1, "{rack}, {mw} MW");
            let racks: u32 = within.layout.blocks.iter().filter_map(|b| b.count).sum();
            assert_eq!(racks, within.size.racks);
        }
    }
}

#[test]
fn a_vera_rubin_rack_asks_for_what_arithmetic_by_hand_says() {
    // 190 kW and 32.2 kW of support through 0.995 x 0.99 x 0.97 x 0.998 x 0.995 to the meter;
    // heat of all of it at 1 % pumps. At 37.2 C, with 41 C water, the fans run at full speed
    // and the trim chiller takes 0.42 of the heat at a COP of 5; fan walls for the support.
    let path = 0.995 * 0.99 * 0.97 * 0.998 * 0.995;
    let trim = (37.2_f64 + 8.0 - 41.0) / 10.0 / 5.0;
    let rejection = 0.016 * (1.0 + trim) + trim;
    let mechanical = 222.2 * (0.010 + rejection) + 32.2 * 0.030;
    let live = 222.2 / path + mechanical / (0.99 * 0.995);
    let spare = 38.0 * (1.0 / path + (0.010 + rejection) / (0.99 * 0.995));
    let unit_mw = 8.0 * (0.98 * live + 0.02 * spare) / 1e3;
    let catalog = embedded();
    let made = made(&Request { rack: "vr-nvl72".into(), ..request(&catalog, 100.0) }, &catalog);
    assert_eq!(f64::from(made.size.units), (100.0 / unit_mw).floor());
    close(made.size.worst_hour_mw, f64::from(made.size.units) * unit_mw, 1e-9, "worst hour");
}

/// Load of every node, with every rack at its first cap and the worst hour's cooling, MW.
fn loads(layout: &LayoutFile, catalog: &Catalog) -> BTreeMap<String, f64> {
    let site = Site::from_file(layout.clone());
    let network = Network::of(&site, catalog).unwrap();
    let mut loads: BTreeMap<String, f64> = BTreeMap::new();
    let mut add = |node: &str, mw: f64| {
        for (carrier, per_mw) in network.path(node).unwrap().carriers {
            *loads.entry(network.carriers[carrier].id.clone()).or_default() += mw * per_mw;
        }
    };
    for cooled in &layout.loops {
        let shares = cooling::mechanical(cooled, &layout.hours, catalog).unwrap();
        let worst = |v: &[f64]| v.iter().copied().fold(0.0, f64::max);
        let (liquid, air) = (worst(&shares.liquid_frac), worst(&shares.air_frac));
        let (mut to_liquid, mut to_air) = (0.0, 0.0);
        for block in layout.blocks.iter().filter(|b| b.cooling_loop.as_ref() == Some(&cooled.id)) {
            let rack = &catalog.racks[block.rack.as_ref().unwrap()];
            let unit = &catalog.units[rack.scalable_unit.as_ref().unwrap()];
            let support: f64 =
                unit.support.iter().map(|s| f64::from(s.count) * s.kw.get().unwrap()).sum();
            let support = support / f64::from(unit.racks);
            let kw = rack.caps[0].kw.get().unwrap();
            let share = rack.liquid_frac.get().unwrap();
            let count = f64::from(block.count.unwrap()) / 1e3;
            to_liquid += count * kw * share;
            to_air += count * (kw * (1.0 - share) + support);
            add(block.node.as_ref().unwrap(), count * (kw + support));
        }
        let heat = to_liquid + to_air;
        assert!(cooling::capacity_mw(cooled) >= heat, "{}: {heat} MW", cooled.id);
        add(&cooled.node, to_liquid * liquid + to_air * air);
        let hall = layout.halls.iter().find(|h| cooled.id.starts_with(&format!("{}-", h.id)));
        assert!(hall.unwrap().air_heat_mw.unwrap() >= to_air, "{}", cooled.id);
    }
    loads
}

#[test]
fn every_node_carries_its_load_and_keeps_it_after_the_loss_that_the_scheme_allows() {
    let catalog = embedded();
    for mw in SIZES {
        for rack in plannable(&catalog) {
            for scheme in Scheme::ALL {
                let request = Request { rack: rack.clone(), scheme, ..request(&catalog, mw) };
                let layout = made(&request, &catalog).layout;
                let loads = loads(&layout, &catalog);
                let what = format!("{mw} MW, {rack}, {}", scheme.name());
                let site = Layout::from_file(layout.clone()).unwrap().0.variant(0).site.clone();
                let computed = study::firm::capacity(&site, &catalog).unwrap().nodes;
                let feeds = layout.feeds.iter().map(|f| (&f.id, f.capacity_mw));
                let nodes = layout.nodes.iter().map(|n| (&n.id, n.capacity_mw));
                for (id, capacity) in feeds.chain(nodes) {
                    let load = loads.get(id).copied().unwrap_or(0.0);
                    let (capacity, firm) = (capacity.unwrap(), computed[id].mw);
                    assert!(load > 0.0, "{what}: {id} carries nothing");
                    // Capacities are written to 10 kW.
                    assert!(load <= capacity + 0.01, "{what}: {id} {load} of {capacity}");
                    // Five machines of six may bear all of it by their long-time rating.
                    assert!(firm <= capacity * (1.0 + 1e-9), "{what}: {id} keeps {firm}");
                    let safe = load <= firm + 0.01;
                    assert!(safe || scheme == Scheme::N, "{what}: {id} {load} of {firm} firm");
                }
                let feeds = layout.feeds.len();
                assert_eq!(feeds, if scheme == Scheme::N { 1 } else { 2 }, "{what}");
            }
        }
    }
}

#[test]
fn two_paths_share_nothing_between_the_feed_and_the_busway() {
    let catalog = embedded();
    for mw in [20.0, 1000.0] {
        let request = Request { scheme: Scheme::TwoN, ..request(&catalog, mw) };
        let layout = made(&request, &catalog).layout;
        let node = |id: &str| layout.nodes.iter().find(|n| n.id == id);
        let above = |start: &str| {
            let mut open = vec![start.to_owned()];
            let mut seen = Vec::new();
            while let Some(id) = open.pop() {
                open.extend(node(&id).map(|n| n.from.clone()).unwrap_or_default());
                seen.push(id);
            }
            seen
        };
        for block in &layout.blocks {
            let busway = node(block.node.as_ref().unwrap()).unwrap();
            assert_eq!(busway.from.len(), 2, "{}", busway.id);
            let (a, b) = (above(&busway.from[0]), above(&busway.from[1]));
            let shared: Vec<_> = a.iter().filter(|id| b.contains(id)).collect();
            assert!(shared.is_empty(), "{}: {shared:?}", busway.id);
        }
    }
}

#[test]
fn things_stand_on_the_parcel_and_substations_and_halls_do_not_overlap() {
    let catalog = embedded();
    for request in requests(&catalog) {
        let layout = made(&request, &catalog).layout;
        let corner = layout.site.parcel[2];
        let boxes = |layout: &LayoutFile| {
            let halls = layout.halls.iter().map(|h| (h.id.clone(), h.at, h.size));
            let subs = layout.nodes.iter().filter(|n| n.id.starts_with("sub-"));
            let subs = subs.map(|n| (n.id.clone(), n.at, n.size));
            let sets = layout.generators.iter().map(|g| (g.id.clone(), g.at, g.size));
            let cells = layout.batteries.iter().map(|b| (b.id.clone(), b.at, b.size));
            halls.chain(subs).chain(sets).chain(cells).collect::<Vec<_>>()
        };
        let solid = boxes(&layout);
        let areas = layout.areas.iter().map(|a| (a.id.clone(), a.at, a.size));
        for (id, at, size) in solid.iter().cloned().chain(areas) {
            let inside = (0..2).all(|i| at[i] >= 0.0 && at[i] + size[i] <= corner[i] + 1e-9);
            assert!(inside && size[0] > 0.0 && size[1] > 0.0, "{request:?}: {id} {at:?} {size:?}");
        }
        for (i, a) in solid.iter().enumerate() {
            for b in &solid[i + 1..] {
                let apart = (0..2)
                    .any(|k| a.1[k] + a.2[k] <= b.1[k] + 1e-9 || b.1[k] + b.2[k] <= a.1[k] + 1e-9);
                assert!(apart, "{request:?}: {} and {}", a.0, b.0);
            }
        }
    }
}

#[test]
fn phases_follow_each_other_and_the_feeds_grow_to_the_contract() {
    let catalog = embedded();
    let layout = made(&request(&catalog, 1000.0), &catalog).layout;
    assert!(layout.phases.len() > 2);
    assert!(layout.phases.windows(2).all(|w| w[0].month < w[1].month));
    let last: f64 = layout.feeds.iter().map(|f| f.steps.last().unwrap().firm_mw).sum();
    close(last, 1000.0, 1e-9, "the last step of both feeds");
    for feed in &layout.feeds {
        assert_eq!(feed.steps.len(), layout.phases.len());
        assert!(feed.steps.windows(2).all(|w| w[0].firm_mw < w[1].firm_mw));
    }
}

#[test]
fn typical_hours_keep_the_year_and_its_mean_and_reach_its_warmest_hour() {
    let catalog = embedded();
    // Means of the hourly data that the bins were counted from.
    let means = [
        ("dulles-va", 12.67),
        ("chicago-il", 9.988),
        ("golden-co", 9.761),
        ("tampa-fl", 22.29),
        ("san-francisco-ca", 13.79),
        ("london-gatwick", 10.24),
        ("seville", 20.21),
        ("ahmedabad", 27.61),
        ("sydney", 17.853),
        ("aberdeen", 8.403),
    ];
    assert_eq!(catalog.weather.len(), means.len());
    for (id, mean) in means {
        let weather = &catalog.weather[id];
        let hours = typical_hours(weather, (150.0, 8.0)).unwrap();
        assert_eq!(hours.iter().map(|h| h.weight_h).sum::<f64>(), 8760.0);
        let warmest = hours.iter().filter_map(|h| h.ambient_c).fold(f64::MIN, f64::max);
        assert_eq!(Some(warmest), weather.warmest_c.get(), "{id}");
        let sum: f64 = hours.iter().map(|h| h.weight_h * h.ambient_c.unwrap()).sum();
        // Hours are spread evenly over their bin; data in whole degrees lie half a kelvin below.
        // The hot day stands above the mean of its 96 hours: 0.011 of the year, a few kelvin.
        assert!((sum / 8760.0 - mean).abs() < 0.6, "{id}: {} against {mean}", sum / 8760.0);
        let steps: Vec<f64> = hours.iter().filter_map(|h| h.ambient_c).collect();
        assert!(steps.windows(2).all(|w| w[0] < w[1]), "{id}: {steps:?}");
    }
}

#[test]
fn tiers_are_those_that_the_racks_serve_at_the_templates_prices() {
    let catalog = embedded();
    let made = made(&Request { rack: "vr-nvl72".into(), ..request(&catalog, 200.0) }, &catalog);
    let offers = offers(&catalog, "vr-nvl72");
    let served: Vec<&str> =
        offers.iter().filter(|o| o.served.is_ok()).map(|o| o.template.as_str()).collect();
    let sold: Vec<&str> = made.layout.tiers.iter().map(|t| t.id.as_str()).collect();
    assert_eq!(sold, served);
    assert!(served.contains(&"premium") && !served.contains(&"ultra"), "{offers:?}");
    let why = offers.iter().find(|o| o.template == "ultra").unwrap().served.clone().unwrap_err();
    assert!(why.contains("1000") || why.contains("1,000"), "{why}");
    let premium: &Tier = made.layout.tiers.iter().find(|t| t.id == "premium").unwrap();
    assert_eq!(premium.demand[0].price_usd_per_mtok, Some(45.0));
    assert_eq!(premium.demand[0].volume_tok_s.unwrap().value(), 4_000.0 * 200.0);
}

#[test]
fn every_default_names_its_source() {
    let catalog = embedded();
    for rack in plannable(&catalog) {
        let list = assumptions(&Request { rack, ..request(&catalog, 100.0) }, &catalog).unwrap();
        assert!(list.len() > 15);
        for a in list {
            assert!(!a.source.is_empty() && !a.value.is_empty(), "{a:?}");
        }
    }
}

#[test]
fn wrong_answers_are_refused_with_the_remedy() {
    let catalog = embedded();
    let good = request(&catalog, 100.0);
    let refused = |request: Request| campus(&request, &catalog).unwrap_err();
    for mw in [0.0, 19.9, 1000.1, f64::NAN, f64::INFINITY, -5.0] {
        let refusal = refused(Request { grid_contract_mw: mw, ..good.clone() });
        assert!(matches!(refusal, Refusal::Contract(_)), "{mw}: {refusal}");
        assert!(refusal.to_string().contains("20 to 1,000 MW"), "{refusal}");
    }
    let near = refused(Request { place: "dulles".into(), ..good.clone() }).to_string();
    assert!(near.contains("dulles-va"), "{near}");
    let near = refused(Request { rack: "vr-nvl7".into(), ..good.clone() }).to_string();
    assert!(near.contains("vr-nvl72"), "{near}");
    let near = refused(Request { tariff: "us".into(), ..good.clone() }).to_string();
    assert!(near.contains("us-9c1"), "{near}");
    let warm = refused(Request { supply_c: Some(50.0), ..good.clone() }).to_string();
    assert!(warm.contains("45 °C at most"), "{warm}");
    let absurd = refused(Request { supply_c: Some(-300.0), ..good.clone() });
    assert!(matches!(absurd, Refusal::Supply(_)), "{absurd}");
    let lpx = refused(Request { rack: "groq3-lpx".into(), ..good.clone() }).to_string();
    assert!(lpx.contains("only beside other racks"), "{lpx}");
    let kyber = refused(Request { rack: "kyber-nvl144".into(), ..good.clone() });
    assert!(matches!(kyber, Refusal::NotPlannable { .. }), "{kyber}");
    let ultra = refused(Request { tiers: vec!["ultra".into()], ..good.clone() }).to_string();
    assert!(ultra.starts_with("Ultra cannot be sold"), "{ultra}");
    let price =
        refused(Request { rack: "hgx-h100".into(), holding: Holding::Planned, ..good.clone() });
    assert_eq!(price, Refusal::Unknown("racks.hgx-h100.price_usd".into()));
    for (generators_mw, battery_mw) in [(-1.0, 0.0), (0.0, f64::NAN)] {
        let refusal = refused(Request { generators_mw, battery_mw, ..good.clone() });
        assert!(matches!(refusal, Refusal::Negative(..)), "{refusal}");
    }
}
