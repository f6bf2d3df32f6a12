//! Estimated operating points: which ones a plan gets, what they earn, and what is said of
//! them.

use crate::support::{answer, close, embedded, layout, parse};
use gigasite::catalog::{Catalog, Rack};
use gigasite::diag::{Diagnostic, Severity};
use gigasite::estimate::{
    Backend, Choice, Constants, Effort, FrontierPoint, Space, Wish, Workload, frontiers,
};
use gigasite::plan::result::Status;
use gigasite::site::{EstimateWhen, Estimates, Site};
use gigasite::study::estimator::{Ask, Estimator, Request};
use gigasite::study::{self, Outcome, SolveOptions, Study};
use good_lp::{Expression, Solution, SolverModel, constraint, microlp, variable, variables};
use std::sync::Arc;

const GB300: &str = "gb300-nvl72";
const RUBIN: &str = "vr-nvl72";
/// Racks on the site, and the ratios of its reference infrastructure.
const RACKS: [(&str, f64); 2] = [(GB300, 120.0), (RUBIN, 80.0)];
const PUE: f64 = 1.1;
const PATH: f64 = 0.95;
const ALWAYS: &str = "objective: Dispatch, estimates: (when: Always)";

/// A site of two rack types, one typical hour, and tiers as given.
fn site(policy: &str, grid_mw: f64, tiers: &str) -> Site {
    let blocks: Vec<String> = RACKS
        .iter()
        .map(|(rack, n)| format!(r#"(id: "{rack}", name: "{rack}", rack: "{rack}", count: {n})"#))
        .collect();
    parse(&format!(
        r#"(
            version: 1,
            site: (
                name: "Estimated",
                infrastructure: Reference(
                    pue: {PUE}, path_efficiency: {PATH}, tariff: "us-9c1",
                ),
                grid_contract_mw: {grid_mw},
            ),
            policy: ({policy}),
            hours: [(id: "year", name: "Year", weight_h: 8760, day: "year", clock_h: 12)],
            tiers: [{tiers}],
            blocks: [{}],
        )"#,
        blocks.join(", ")
    ))
}

fn tier(id: &str, request: &str, speed: f64, price: f64, volume: f64) -> String {
    format!(
        r#"(
            id: "{id}", name: "{id}", {request}, min_tok_s_user: {speed}, rule: Contracts,
            demand: [(price_usd_per_mtok: {price}, volume_tok_s: {volume})],
        )"#
    )
}

const R1: &str =
    r#"model: "deepseek-r1", context_tokens: 9216, isl_tokens: 8192, osl_tokens: 1024"#;
const QWEN: &str = r#"model: "qwen3-235b", context_tokens: 32768"#;
const KIMI: &str = r#"model: "kimi-k2.5", context_tokens: 131072, isl_tokens: 126976,
    osl_tokens: 4096, cache_hit_frac: 0.9"#;
const OSS: &str = r#"model: "gpt-oss-120b", context_tokens: 16384, max_ttft_ms: 900"#;

fn solved(site: &Site, catalog: &Catalog) -> Outcome {
    let outcome = study::run(site, catalog, &SolveOptions::default());
    assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
    outcome
}

/// The best configuration at a speed, straight from the estimator.
fn best(rack: &str, model: &str, workload: Workload, limit_ms: Option<f64>, speed: f64) -> Best {
    let catalog = embedded();
    let constants = Constants::newest(&catalog).unwrap();
    let model = &catalog.models[model];
    let wish = Wish {
        catalog: &catalog,
        model,
        racks: vec![(&catalog.racks[rack], None)],
        precisions: vec![model.usual_precision.as_ref().unwrap().blackwell],
        workload,
        framework: constants.frameworks[0].id.clone(),
        ttft_limit_ms: limit_ms,
        speculative: true,
        effort: Effort::Interactive,
    };
    let space = Space::new(&wish, &constants).unwrap();
    let swept = Backend::open(Choice::Cpu).sweep(&space);
    let point = frontiers(&space, &swept, &constants)[0].at(speed).cloned();
    let rack = &catalog.racks[rack];
    let sold = rack.availability_frac.get().unwrap() * rack.goodput.inference_frac.get().unwrap();
    let tok_s_rack = point.as_ref().map_or(0.0, |p| p.tok_s_gpu * rack.gpus.get().unwrap() * sold);
    Best { point, tok_s_rack }
}

/// What a rack does best for a tier.
struct Best {
    point: Option<FrontierPoint>,
    /// Sold by one rack.
    tok_s_rack: f64,
}

/// Provisioned and drawn IT power of a rack with its support, MW.
fn rack_mw(catalog: &Catalog, rack: &Rack, drawn_frac: f64) -> (f64, f64) {
    let cap = rack.caps[0].kw.get().unwrap();
    let unit = &catalog.units[rack.scalable_unit.as_ref().unwrap()];
    let support = unit.support.iter().map(|s| f64::from(s.count) * s.kw.get().unwrap());
    let support = support.sum::<f64>() / f64::from(unit.racks);
    ((cap + support) / 1e3, (cap * drawn_frac + support) / 1e3)
}

/// The program of the plan written anew, with the best point of each tier and rack alone,
/// and given to another solver.
#[test]
fn the_plan_earns_what_the_best_points_of_the_frontiers_can() {
    let catalog = embedded();
    // Tier, model, input, output, cached, latest first token, speed, price, volume.
    let sold = [
        ("r1", "deepseek-r1", 8192.0, 1024.0, 0.0, None, 61.3, 1.9, 9e6),
        ("fast", "deepseek-r1", 8192.0, 1024.0, 0.0, None, 138.7, 4.1, 3e6),
        ("kimi", "kimi-k2.5", 126_976.0, 4096.0, 0.9, None, 44.4, 2.2, 2e6),
        ("oss", "gpt-oss-120b", 14_564.0, 1820.0, 0.0, Some(900.0), 90.1, 0.2, 9e9),
    ];
    let requests = [R1, R1, KIMI, OSS];
    let text: Vec<String> =
        sold.iter().zip(requests).map(|(s, request)| tier(s.0, request, s.6, s.7, s.8)).collect();
    for grid_mw in [20.0, 35.0, 90.0] {
        let outcome = solved(&site(ALWAYS, grid_mw, &text.join(", ")), &catalog);

        let usd_per_mwh = catalog.tariffs["us-9c1"].energy_usd_per_mwh.get().unwrap();
        let mut vars = variables!();
        let mut profit = Expression::from(0.0);
        let mut grid = Expression::from(0.0);
        let mut tokens = vec![Expression::from(0.0); sold.len()];
        let mut stands = Vec::new();
        for (id, count) in RACKS {
            let rack = &catalog.racks[id];
            let spares = rack.spares_frac.get().unwrap() * count;
            let idle_mw = spares * rack.idle_kw.get().unwrap() / 1e3 * PUE / PATH;
            grid += idle_mw;
            profit -= idle_mw * 8760.0 * usd_per_mwh;
            let mut running = Expression::from(0.0);
            for (t, s) in sold.iter().enumerate() {
                let workload = Workload { isl: s.2, osl: s.3, cached_frac: s.4 };
                let Best { point: Some(point), tok_s_rack } = best(id, s.1, workload, s.5, s.6)
                else {
                    continue;
                };
                let (it_mw, drawn_mw) = rack_mw(&catalog, rack, point.drawn_frac);
                let x = vars.add(variable().min(0.0));
                running += x;
                grid += it_mw * PUE / PATH * x;
                tokens[t] += tok_s_rack * x;
                let sales = s.7 * tok_s_rack / 1e6 * crate::support::SECONDS_PER_YEAR;
                profit += (sales - drawn_mw * PUE / PATH * 8760.0 * usd_per_mwh) * x;
            }
            stands.push((running, count - spares));
        }
        let mut model = vars.maximise(profit.clone()).using(microlp);
        model.add_constraint(constraint!(grid <= grid_mw));
        for (running, count) in stands {
            model.add_constraint(constraint!(running <= count));
        }
        for (made, s) in tokens.into_iter().zip(&sold) {
            model.add_constraint(constraint!(made <= s.8));
        }
        let optimum = model.solve().unwrap().eval(&profit);
        let what = format!("{grid_mw} MW");
        close(outcome.plan.objective_usd_per_year.unwrap(), optimum, 1e-6, &what);
    }
}

/// Curves with every point of the frontiers, chosen like published ones.
fn with_dense_curves(site: &Site, catalog: &mut Catalog) -> (Site, usize) {
    let constants = Constants::newest(catalog).unwrap();
    let terms = Estimates::default();
    let ratio = catalog.costs["request-input-ratio"].value.get();
    let mut ids = Vec::new();
    let mut points = 0;
    for tier in &site.terms.tiers {
        let ask = Ask::of(tier, &terms, ratio).unwrap();
        for (rack, _) in RACKS {
            let request = Request {
                catalog,
                rack: &catalog.racks[rack],
                model: &catalog.models[&ask.model],
                ask: &ask,
                terms: &terms,
                constants: &constants,
            };
            let curve = Estimator::default().estimate(request).unwrap().curve.clone();
            points += curve.points.len();
            ids.push(format!("{:?}", curve.id));
            catalog.curves.insert(curve.id.clone(), curve);
        }
    }
    let mut dense = site.clone();
    dense.set("policy.estimates.when", "Never").unwrap();
    dense.set("policy.curves", &format!("[{}]", ids.join(", "))).unwrap();
    (dense, points)
}

#[test]
fn few_points_earn_what_the_dense_frontier_earns() {
    let mut state = 20_261_123u64;
    let mut random = |low: f64, high: f64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let unit = (state >> 33) as f64 / (1u64 << 31) as f64;
        low * (high / low).powf(unit)
    };
    for round in 0..6 {
        let tiers: Vec<String> = [("r1", R1, 1.5), ("qwen", QWEN, 1.0), ("oss", OSS, 0.2)]
            .into_iter()
            .chain((round % 2 == 0).then_some(("fast", R1, 4.0)))
            .map(|(id, request, price)| {
                let (speed, price) = (random(20.0, 130.0), price * random(0.2, 3.0));
                tier(id, request, speed, price, random(2e5, 4e7))
            })
            .collect();
        let chosen = site(ALWAYS, random(8.0, 60.0), &tiers.join(", "));
        let catalog = embedded();
        let few = solved(&chosen, &catalog);
        let mut known = catalog.clone();
        let (dense, points) = with_dense_curves(&chosen, &mut known);
        let all = solved(&dense, &known);
        let used = few.operating_points.len();
        assert!(used <= 2 * RACKS.len() * tiers.len(), "{used} points");
        assert!(points >= 30 * used, "{points} points beside {used} are not dense");
        assert_eq!(all.provenance.estimator_backend, "none");
        let what = format!("round {round}: {}", tiers.join(" "));
        let objective = |o: &Outcome| o.plan.objective_usd_per_year.unwrap();
        close(objective(&few), objective(&all), 1e-3, &what);
        close(few.plan.revenue_usd_per_year, all.plan.revenue_usd_per_year, 1e-3, &what);
        for (a, b) in few.plan.tiers.iter().zip(&all.plan.tiers) {
            let lost = b.revenue_usd_per_year - a.revenue_usd_per_year;
            let allowed = 1e-3 * all.plan.revenue_usd_per_year;
            assert!(lost <= allowed, "{what}: {} loses {lost}", a.id);
        }
    }
}

#[test]
fn what_curves_tell_is_not_estimated_unless_the_policy_says_so() {
    let origins = |policy: &str| {
        let both =
            format!("{}, {}", tier("r1", R1, 50.0, 1.0, 1e6), tier("oss", OSS, 50.0, 1.0, 1e6));
        let outcome = solved(&site(policy, 50.0, &both), &embedded());
        let of = |model: &str| {
            let points = outcome.operating_points.iter().filter(|p| p.model == model);
            let estimated = points.clone().filter(|p| p.origin == "estimate").count();
            (points.count() - estimated, estimated)
        };
        (of("deepseek-r1"), of("gpt-oss-120b"), outcome.provenance.estimator_backend.clone())
    };
    // No curve of the catalogue has gpt-oss; several have DeepSeek-R1 on both racks.
    let (r1, oss, backend) = origins("");
    assert!(r1.0 > 0 && r1.1 == 0 && oss.0 == 0 && oss.1 >= 2, "{r1:?} {oss:?}");
    assert_eq!(backend, "cpu");
    assert_eq!(origins("estimates: (when: Missing)"), (r1, oss, backend));
    let (r1, oss, backend) = origins("estimates: (when: Always)");
    assert!(r1.0 == 0 && r1.1 >= 2 && oss.1 >= 2, "{r1:?} {oss:?}");
    assert_eq!(backend, "cpu");
    let (r1, oss, backend) = origins("estimates: (when: Never)");
    assert!(r1.0 > 0 && r1.1 == 0 && oss == (0, 0), "{r1:?} {oss:?}");
    assert_eq!(backend, "none");
    // Named curves are all that counts, unless gaps may be filled.
    let curves = r#"curves: ["inferencex-gb300", "coreweave-vr"]"#;
    let (named, oss, backend) = origins(curves);
    assert_eq!((named, oss, backend.as_str()), ((8, 0), (0, 0), "none"));
    let (named, oss, _) = origins(&format!("{curves}, estimates: (when: Missing)"));
    assert!(named == (8, 0) && oss.1 >= 2, "{named:?} {oss:?}");
}

#[test]
fn a_curve_tells_only_what_it_states() {
    // Keynote readings have no first token and pay for no prefill.
    let of = |request: &str| {
        let one = tier("kimi", request, 50.0, 1.0, 1e6);
        solved(&site("", 50.0, &one), &embedded()).provenance.estimator_backend
    };
    let context = r#"model: "kimi-k2.5", context_tokens: 131072"#;
    assert_eq!(of(context), "none");
    assert_eq!(of(&format!("{context}, max_ttft_ms: 20000")), "cpu");
    let paid = r#"isl_tokens: 126976, osl_tokens: 4096, input_usd_per_mtok: 0.1"#;
    assert_eq!(of(&format!("{context}, {paid}")), "cpu");
    assert_eq!(of(r#"model: "kimi-k2.5", context_tokens: 65536"#), "cpu");
}

#[test]
fn tiers_with_other_requests_do_not_borrow_each_others_estimates() {
    // The same model and context; one finds nearly all of its input in the cache.
    let fresh = R1.to_owned();
    let cached = format!("{R1}, cache_hit_frac: 0.9");
    let both = |a: f64, b: f64| {
        format!(
            "{}, {}",
            tier("fresh", &fresh, 50.0, a, 9e9),
            tier("cached", &cached, 50.0, b, 9e9)
        )
    };
    let outcome = solved(&site(ALWAYS, 30.0, &both(1.0, 0.9)), &embedded());
    let row = |t: &str| outcome.plan.allocation.iter().find(|r| r.tier == t);
    assert!(row("cached").is_some() && row("fresh").is_none(), "{:?}", outcome.plan.allocation);
    let outcome = solved(&site(ALWAYS, 30.0, &both(9.0, 0.9)), &embedded());
    for row in &outcome.plan.allocation {
        assert_eq!(row.tier, "fresh");
        assert!(!row.operating_point.contains("hit"), "{}", row.operating_point);
    }
}

#[test]
fn an_operating_point_says_where_it_comes_from() {
    let outcome = answer(layout("estimated-100mw"), &[], &SolveOptions::default());
    let software = Constants::newest(&embedded()).unwrap().software;
    for row in &outcome.plan.allocation {
        let point = outcome.operating_points.iter().find(|p| p.id == row.operating_point);
        let point = point.unwrap_or_else(|| panic!("{} has no origin", row.operating_point));
        assert_eq!((point.origin.as_str(), point.rack.as_str()), ("estimate", row.rack.as_str()));
        assert!(point.software.ends_with(&software), "{}", point.software);
        let (low, high) = point.tok_s_user_range.unwrap();
        assert!(low < point.tok_s_user && point.tok_s_user < high, "{point:?}");
        assert!(point.error_frac.is_some_and(|e| e > 0.0), "{point:?}");
        assert!(point.configuration.as_ref().is_some_and(|c| c.contains("batch")), "{point:?}");
        assert!(!point.id.contains(','), "{}", point.id);
    }
    assert!(outcome.labels.iter().any(|l| l.contains("estimated") && l.contains(&software)));

    let measured = answer(layout("region-pair-us"), &[], &SolveOptions::default());
    let origin = |id: &str| {
        let point = measured.operating_points.iter().find(|p| p.id == id).unwrap();
        assert_eq!((point.error_frac, &point.configuration), (None, &None));
        point.origin.clone()
    };
    assert_eq!(origin("inferencex-gb300@50"), "measured");
    assert_eq!(origin("coreweave-vr@50"), "vendor figure");
    assert!(measured.labels.iter().all(|l| !l.contains("estimated")));
}

#[test]
fn the_chart_shows_estimates_with_published_curves_beside_them() {
    let always = [("policy.estimates.when", "Always")];
    let outcome = answer(layout("region-pair-us"), &always, &SolveOptions::default());
    let software = Constants::newest(&embedded()).unwrap().software;
    let estimated: Vec<_> = outcome
        .chart
        .iter()
        .filter(|c| c.evidence.starts_with(&format!("estimate, {software}")))
        .collect();
    assert_eq!(estimated.len(), RACKS.len());
    assert!(estimated.iter().all(|c| c.evidence.ends_with("8,192 in, 1,024 out, 30 % cached")));
    for curve in &estimated {
        assert!(!curve.claim && !curve.measured && curve.points.len() >= 16, "{}", curve.curve);
        assert!(curve.points.windows(2).all(|w| w[0].tok_s_user < w[1].tok_s_user));
        for p in &curve.points {
            let (low, high) = p.range.expect("a band");
            assert!(0.0 < low && low <= p.tok_s_per_mw && p.tok_s_per_mw <= high, "{p:?}");
        }
    }
    for row in &outcome.plan.allocation {
        let mut shown = estimated.iter().flat_map(|c| &c.points);
        let disc = shown.find(|p| p.operating_point == row.operating_point);
        close(disc.expect("what runs is shown").grid_mw, row.grid_mw, 1e-9, &row.operating_point);
    }
    let ids: Vec<&str> = outcome.chart.iter().map(|c| c.curve.as_str()).collect();
    for published in ["inferencex-gb300", "coreweave-vr"] {
        assert!(ids.contains(&published), "{ids:?}");
    }
}

#[test]
fn drawn_power_is_that_of_the_configuration() {
    let one = tier("r1", R1, 50.0, 1.0, 1e5);
    let outcome = solved(&site(ALWAYS, 60.0, &one), &embedded());
    let catalog = embedded();
    let usd_per_mwh = catalog.tariffs["us-9c1"].energy_usd_per_mwh.get().unwrap();
    let mut drawn_mw: f64 = RACKS
        .iter()
        .map(|(id, n)| {
            let rack = &catalog.racks[*id];
            n * rack.spares_frac.get().unwrap() * rack.idle_kw.get().unwrap() / 1e3
        })
        .sum();
    for row in &outcome.plan.allocation {
        let workload = Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 };
        let point = best(&row.rack, "deepseek-r1", workload, None, 50.0).point.unwrap();
        let cap = catalog.racks[&row.rack].caps[0].drawn_frac.get().unwrap();
        assert!((point.drawn_frac - cap).abs() > 1e-3, "the test could not tell them apart");
        drawn_mw +=
            row.racks.unwrap() * rack_mw(&catalog, &catalog.racks[&row.rack], point.drawn_frac).1;
    }
    let energy = drawn_mw * PUE / PATH * 8760.0 * usd_per_mwh;
    close(outcome.plan.energy_cost_usd_per_year, energy, 1e-6, "energy");
}

#[test]
fn a_speed_out_of_reach_leaves_the_racks_idle_and_says_so() {
    let both =
        format!("{}, {}", tier("r1", R1, 50.0, 1.0, 1e6), tier("far", QWEN, 5000.0, 99.0, 1e6));
    let outcome = solved(&site(ALWAYS, 50.0, &both), &embedded());
    let said = outcome.diagnostics.iter().find(|d| d.path == "tiers.far").unwrap();
    assert_eq!((said.severity, said.code.as_str()), (Severity::Warning, "tier-not-served"));
    assert!(said.message.contains("reaches 5000 tokens/s per user; the fastest"), "{said:?}");

    // Alone, it leaves nothing to run: a plan that sells nothing, not an error.
    let outcome = solved(&site(ALWAYS, 50.0, &tier("far", QWEN, 5000.0, 99.0, 1e6)), &embedded());
    assert_eq!(outcome.plan.revenue_usd_per_year, 0.0);
}

#[test]
fn what_has_no_estimate_is_named_with_its_reason() {
    let run = |tiers: &str, changes: &[(&str, &str)]| {
        answer(site(ALWAYS, 50.0, tiers), changes, &SolveOptions::default())
    };
    let find = |outcome: &Outcome, path: &str| {
        let found = outcome.diagnostics.iter().find(|d| d.path == path);
        found.unwrap_or_else(|| panic!("nothing at {path}: {:?}", outcome.diagnostics)).clone()
    };
    let r1 = tier("r1", R1, 50.0, 1.0, 1e6);
    // An unknown figure stops a rack type that has nothing else, by name.
    let outcome = run(&r1, &[("racks.gb300-nvl72.chip.hbm_tb_s", "unknown")]);
    assert_eq!(find(&outcome, "racks.gb300-nvl72.chip.hbm_tb_s").severity, Severity::Error);
    assert_ne!(outcome.plan.status, Status::Optimal);
    // Tokens need no power, a plan does.
    let cap = format!("racks.{GB300}.caps.{}.kw", embedded().racks[GB300].caps[0].id);
    let outcome = run(&r1, &[(&cap, "unknown")]);
    let about = |d: &&Diagnostic| d.path.starts_with("racks.gb300-nvl72.caps");
    let named = outcome.diagnostics.iter().find(about).expect("the power is named");
    assert_eq!(named.severity, Severity::Error);
    assert_ne!(outcome.plan.status, Status::Optimal);
    // A model without published dimensions, once for both racks.
    let moe = tier("moe", r#"model: "gpt-moe-2t", context_tokens: 131072"#, 50.0, 1.0, 1e6);
    let outcome = run(&moe, &[]);
    let named = outcome.diagnostics.iter().filter(|d| d.path == "models.gpt-moe-2t.architecture");
    assert_eq!(named.count(), 1, "{:?}", outcome.diagnostics);
    let stopped = find(&outcome, "racks.vr-nvl72");
    assert_eq!(stopped.severity, Severity::Error);
    assert!(stopped.message.contains("no published dimensions"), "{stopped:?}");
    // Longer than the model's context: an answer, and the other tier is served.
    let long = r#"model: "kimi-k2.5", context_tokens: 9000000"#;
    let outcome = run(&format!("{r1}, {}", tier("long", long, 50.0, 1.0, 1e6)), &[]);
    assert_eq!(outcome.plan.status, Status::Optimal);
    let named = outcome.diagnostics.iter().find(|d| d.code == "no-estimate").unwrap();
    assert!(named.path == "tiers.long" && named.message.contains("context"), "{named:?}");
    // No constants at all.
    let mut catalog = embedded();
    catalog.serving.clear();
    let outcome = study::run(&site(ALWAYS, 50.0, &r1), &catalog, &SolveOptions::default());
    assert!(find(&outcome, "racks.vr-nvl72").message.contains("constants"));
    // Estimates are medians.
    let p90 = tier("r1", &format!("{R1}, percentile: 90"), 50.0, 1.0, 1e6);
    let outcome = run(&p90, &[]);
    assert_eq!(find(&outcome, "tiers.r1").code, "tier-not-served");
}

#[test]
fn a_policy_that_makes_no_sense_is_a_finding() {
    let base = || site(ALWAYS, 50.0, &tier("r1", R1, 50.0, 1.0, 1e6));
    for (path, value, code) in [
        ("policy.estimates.framework", "\"vlm\"", "dangling-id"),
        ("policy.estimates.input_ratio", "0", "out-of-range"),
        ("policy.estimates.ttft_limit_ms", "0", "out-of-range"),
        ("policy.estimates.ttft_limit_ms", "-5", "negative"),
    ] {
        let outcome = answer(base(), &[(path, value)], &SolveOptions::default());
        let found = outcome.diagnostics.iter().find(|d| d.path == path);
        let found = found.unwrap_or_else(|| panic!("{path}: {:?}", outcome.diagnostics));
        assert_eq!((found.code.as_str(), found.severity), (code, Severity::Error));
        assert!(!found.hint.is_empty());
    }
    let said = base().set("policy.estimates.when", "Sometimes").unwrap_err().to_string();
    assert!(said.contains("Missing"), "{said}");
}

#[test]
fn every_choice_of_the_policy_reaches_the_estimate() {
    let run = |changes: &[(&str, &str)]| {
        let outcome = answer(
            site(ALWAYS, 50.0, &tier("qwen", QWEN, 50.0, 1.0, 1e9)),
            changes,
            &SolveOptions::default(),
        );
        assert_eq!(outcome.plan.status, Status::Optimal, "{:?}", outcome.diagnostics);
        outcome.plan.revenue_usd_per_year
    };
    let base = run(&[]);
    assert!(run(&[("policy.estimates.precision", "Bf16")]) < base);
    assert!(run(&[("policy.estimates.input_ratio", "3")]) > base, "less prefill for the output");
    assert!(run(&[("policy.estimates.ttft_limit_ms", "600")]) < base);
    assert_ne!(run(&[("policy.estimates.framework", "\"vllm\"")]), base);
    // Drafts need prediction layers, which DeepSeek-R1 has.
    let fast = |drafts: &str| {
        let one = site(ALWAYS, 50.0, &tier("r1", R1, 120.0, 1.0, 1e9));
        let changes = [("policy.estimates.drafts", drafts)];
        answer(one, &changes, &SolveOptions::default()).plan.revenue_usd_per_year
    };
    assert!(fast("true") > fast("false"));
}

#[test]
fn an_edit_that_leaves_the_figures_alone_reuses_the_estimates() {
    let catalog = embedded();
    let constants = Constants::newest(&catalog).unwrap();
    let terms = Estimates { when: Some(EstimateWhen::Always), ..Estimates::default() };
    let workload = Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 };
    let ask = Ask { model: "deepseek-r1".into(), workload, ttft_limit_ms: None };
    let mut estimator = Estimator::default();
    let mut of = |catalog: &Catalog, ask: &Ask| {
        let request = Request {
            catalog,
            rack: &catalog.racks[RUBIN],
            model: &catalog.models[&ask.model],
            ask,
            terms: &terms,
            constants: &constants,
        };
        estimator.estimate(request).unwrap()
    };
    let first = of(&catalog, &ask);
    let mut dearer = catalog.clone();
    dearer.set("racks.vr-nvl72.price_usd", "9e6").unwrap();
    assert!(Arc::ptr_eq(&first, &of(&dearer, &ask)));
    let mut faster = catalog.clone();
    faster.set("racks.vr-nvl72.chip.hbm_tb_s", "25").unwrap();
    let other = of(&faster, &ask);
    assert!(other.curve.points[0].tok_s_per_gpu > first.curve.points[0].tok_s_per_gpu);
    assert!(Arc::ptr_eq(&first, &of(&catalog, &ask)));
    let limited = Ask { ttft_limit_ms: Some(500.0), ..ask.clone() };
    assert!(!Arc::ptr_eq(&first, &of(&catalog, &limited)));
}

#[test]
fn a_warm_study_and_a_fresh_one_agree_to_the_byte() {
    let catalog = embedded();
    let mut site = layout("estimated-100mw");
    let mut warm = Study::new().unwrap();
    warm.solve(&site, &catalog, &SolveOptions::default());
    site.set("tiers.reasoning.min_tok_s_user", "88.8").unwrap();
    let a = warm.solve(&site, &catalog, &SolveOptions::default());
    let b = Study::new().unwrap().solve(&site, &catalog, &SolveOptions::default());
    assert_eq!(a.operating_points, b.operating_points);
    let text = |o: &Outcome| serde_json::to_string(&(&o.operating_points, &o.diagnostics)).unwrap();
    assert_eq!(text(&a), text(&b));
    close(a.plan.revenue_usd_per_year, b.plan.revenue_usd_per_year, 1e-9, "revenue");
}

#[test]
fn an_estimated_curve_on_demo_values_says_so() {
    let files = gigasite::catalog::load_folder(&crate::support::root().join("examples/lpx-demo"));
    let catalog = embedded().with_overlay(&files.unwrap()).unwrap();
    let constants = Constants::newest(&catalog).unwrap();
    let terms = Estimates { when: Some(EstimateWhen::Always), ..Estimates::default() };
    let workload = Workload { isl: 8192.0, osl: 1024.0, cached_frac: 0.0 };
    let ask = Ask { model: "deepseek-r1".into(), workload, ttft_limit_ms: None };
    let mut estimator = Estimator::default();
    let mut of = |rack: &str| {
        let request = Request {
            catalog: &catalog,
            rack: &catalog.racks[rack],
            model: &catalog.models[&ask.model],
            ask: &ask,
            terms: &terms,
            constants: &constants,
        };
        estimator.estimate(request).unwrap()
    };
    let words = "stands on demo values: racks.vr-nvl72-lpx.";
    let pair = of("vr-nvl72-lpx");
    assert!(pair.curve.note.contains(words) && pair.evidence.contains(words), "{pair:?}");
    let alone = of(RUBIN);
    assert!(!alone.curve.note.contains("demo") && !alone.evidence.contains("demo"));
}
