//! What the throughput chart shows: the estimator's curves by rack with their bands, what
//! is published of the same model on these racks, and the least speeds of tiers. It must
//! not know how it is painted.

use crate::catalog::{
    Basis, Catalog, Curve, CurvePoint, Generation, Kind, Precision, Rack, TokenKind,
};
use crate::estimate::{Frontier, FrontierPoint, Workload};
use crate::scene::plan::tier_rank_of;
use crate::site::{Site, TierKind};

/// What throughput is per.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Per {
    /// MW of site power with everything that serves the rack.
    #[default]
    SiteMw,
    /// MW provisioned at the rack input.
    ItMw,
    Rack,
    Gpu,
}

impl Per {
    pub const ALL: [Per; 4] = [Per::SiteMw, Per::ItMw, Per::Rack, Per::Gpu];

    /// Completes "output tokens/s per ...".
    pub const fn words(self) -> &'static str {
        match self {
            Per::SiteMw => "site MW",
            Per::ItMw => "IT MW",
            Per::Rack => "rack",
            Per::Gpu => "GPU",
        }
    }

    /// Output tokens/s of an estimate; nothing where the power that it needs is unknown.
    pub fn of(self, p: &FrontierPoint) -> Option<f64> {
        match self {
            Per::SiteMw => p.tok_s_site_mw,
            Per::ItMw => p.tok_s_it_mw,
            Per::Rack => Some(p.tok_s_rack),
            Per::Gpu => Some(p.tok_s_gpu),
        }
    }

    /// A published figure times this is one of this kind.
    fn published_factor(self, rack: &Rack, curve: &Curve, point: &CurvePoint) -> Option<f64> {
        let gpus = || rack.gpus.get();
        let site_mw = || rack.all_in_kw.get().map(|kw| kw / 1e3);
        let cap = |id: &String| rack.caps.iter().find(|c| c.id == *id);
        let cap = point.cap.as_ref().map_or(rack.caps.first(), cap);
        let it_mw = || cap.and_then(|c| c.kw.get()).map(|kw| kw / 1e3);
        // To one rack, and from there on; a figure that is of this kind already stays exact.
        let (own, to_rack) = match curve.basis {
            Basis::GridMw | Basis::GridMwAssumed => (Per::SiteMw, site_mw()),
            Basis::ItMw => (Per::ItMw, it_mw()),
            Basis::Gpu => (Per::Gpu, gpus()),
        };
        if own == self {
            return Some(1.0);
        }
        let divisor = match self {
            Per::SiteMw => site_mw(),
            Per::ItMw => it_mw(),
            Per::Rack => Some(1.0),
            Per::Gpu => gpus(),
        };
        Some(to_rack? / divisor.filter(|d| *d > 0.0)?)
    }
}

/// Speed of one user and throughput, tokens/s.
pub type At = (f64, f64);

/// A point of an estimated curve with both ends of its band.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimated {
    pub at: At,
    pub low: At,
    pub high: At,
}

/// An estimated curve of one rack type, from the slowest user to the fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub rack: String,
    pub generation: Generation,
    /// Tells members of one generation apart: 0, 1 and on.
    pub member: usize,
    pub name: String,
    pub short: String,
    /// Format of the weights, of the arithmetic where that is another one, and the month of
    /// older software; whether the curve stands on values for a demonstration.
    pub served: String,
    pub points: Vec<Estimated>,
    /// Median distance, over measured, from what was measured of requests as long.
    pub error_frac: Option<f64>,
}

/// A published point.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedPoint {
    pub at: At,
    pub range: Option<(f64, f64)>,
    pub note: String,
    /// What the estimate gives at this speed; nothing where it does not reach it.
    pub estimate: Option<f64>,
}

impl PublishedPoint {
    /// Estimate over published less one.
    pub fn difference_frac(&self) -> Option<f64> {
        Some(self.estimate? / self.at.1 - 1.0)
    }
}

/// A published or measured curve of the same model on one of the racks.
#[derive(Clone, Debug, PartialEq)]
pub struct Published {
    pub curve: String,
    pub rack: String,
    pub generation: Generation,
    pub name: String,
    /// Kind and date: `measured, 2026-07`.
    pub evidence: String,
    pub measured: bool,
    /// Lengths of its requests in words.
    pub lengths: String,
    /// Whether its requests are as long as those of the estimate.
    pub alike: bool,
    pub points: Vec<PublishedPoint>,
    /// The estimated line that it stands beside.
    pub beside: Option<usize>,
}

impl Published {
    /// Who published it, without what hue and place say.
    pub fn who(&self) -> &str {
        self.name.split(':').next().unwrap_or_default()
    }

    /// Median of the differences of its points.
    pub fn difference_frac(&self) -> Option<f64> {
        median(self.points.iter().filter_map(PublishedPoint::difference_frac).collect())
    }
}

/// A tier's least speed.
#[derive(Clone, Debug, PartialEq)]
pub struct Least {
    pub name: String,
    pub rank: usize,
    pub tok_s_user: f64,
}

/// The whole chart without a size.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Throughput {
    pub per: Per,
    pub lines: Vec<Line>,
    pub published: Vec<Published>,
    pub tiers: Vec<Least>,
    /// Round ranges that hold what matters.
    pub x: (f64, f64),
    pub y: (f64, f64),
}

/// What was asked and answered.
#[derive(Clone, Copy)]
pub struct Answered<'a> {
    pub catalog: &'a Catalog,
    /// Racks asked for, with an estimate or without.
    pub racks: &'a [String],
    pub model: &'a str,
    pub workload: Workload,
    pub frontiers: &'a [Frontier],
    /// Month of the software, `YYYY-MM`, where it is older than that of the constants.
    pub software: Option<&'a str>,
}

/// The chart of an answer, with the tiers of a site where there is one.
pub fn throughput(site: Option<&Site>, answered: &Answered, per: Per) -> Throughput {
    let drawn = lines(answered, per);
    let published = published(answered, per, &drawn);
    let mut lines: Vec<Line> = drawn.into_iter().map(|d| d.0).collect();
    for (i, line) in lines.iter_mut().enumerate() {
        let own = published.iter().filter(|p| p.beside == Some(i) && p.measured && p.alike);
        let errors = own.flat_map(|p| &p.points).filter_map(PublishedPoint::difference_frac);
        line.error_frac = median(errors.map(f64::abs).collect());
    }
    let tiers = site.map(tiers).unwrap_or_default();
    let (x, y) = ranges(&lines, &published, &tiers);
    Throughput { per, lines, published, tiers, x, y }
}

/// Each line with the frontier that it draws.
fn lines<'a>(answered: &Answered<'a>, per: Per) -> Vec<(Line, &'a Frontier)> {
    let mut members: Vec<Generation> = Vec::new();
    let line = |frontier: &'a Frontier| {
        let id = &frontier.group.machine.rack;
        let rack = answered.catalog.racks.get(id)?;
        let generation = rack.generation;
        let member = members.iter().filter(|m| **m == generation).count();
        members.push(generation);
        let points = banded(frontier, per);
        let line = Line {
            rack: id.clone(),
            generation,
            member,
            name: rack.name.clone(),
            short: rack.short.clone(),
            served: served(frontier, answered.software),
            points,
            error_frac: None,
        };
        (line.points.len() > 1).then_some((line, frontier))
    };
    answered.frontiers.iter().filter_map(line).collect()
}

fn served(frontier: &Frontier, software: Option<&str>) -> String {
    let own = frontier.group.precision.name();
    let mut out = match frontier.group.fallback {
        Some(wide) => format!("{own}, computed in {}", wide.name()),
        None => own.to_owned(),
    };
    if !frontier.group.machine.demo.is_empty() {
        out.push_str(", demo values");
    }
    if let Some(month) = software {
        out.push_str(&format!(", software of {month}"));
    }
    out
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some((lower + upper) / 2.0)
}

/// Points within this factor of a speed share the mean of their bands.
const SMOOTH: f64 = 1.6;

/// A curve with its band. Time per token is uncertain, and a slower step costs speed and
/// throughput alike: the band runs along lines of equal users, not straight up. Where the
/// best way to serve changes along the curve its band changes too; a running mean keeps
/// the edges from jumping.
fn banded(frontier: &Frontier, per: Per) -> Vec<Estimated> {
    let points: Vec<(&FrontierPoint, f64)> =
        frontier.points.iter().filter_map(|p| Some((p, per.of(p)?))).collect();
    // Sums of the logarithms up to each point, for means over ranges of them.
    let mut sums = vec![(0.0, 0.0)];
    for (p, _) in &points {
        // Time per token over the predicted one, at both ends of the band.
        let (short, long) = (p.tok_s_user / p.tok_s_user_high, p.tok_s_user / p.tok_s_user_low);
        let last = sums.last().copied().unwrap_or_default();
        sums.push((last.0 + short.ln(), last.1 + long.ln()));
    }
    let mean = |speed: f64| {
        let from = points.partition_point(|(p, _)| p.tok_s_user < speed / SMOOTH);
        let to = points.partition_point(|(p, _)| p.tok_s_user <= speed * SMOOTH);
        let (a, b, n) = (sums[from], sums[to], (to - from) as f64);
        (((b.0 - a.0) / n).exp(), ((b.1 - a.1) / n).exp())
    };
    let one = |(p, y): &(&FrontierPoint, f64)| {
        let (fast, slow) = mean(p.tok_s_user);
        Estimated { at: (p.tok_s_user, *y), low: moved(p, *y, slow), high: moved(p, *y, fast) }
    };
    points.iter().map(one).collect()
}

/// The point if each step took `ratio` times as long; prefill workers follow the rate.
fn moved(p: &FrontierPoint, y: f64, ratio: f64) -> At {
    let worker = p.mapping.worker_gpus();
    let gpus = (worker + p.prefill_gpus) / (worker + p.prefill_gpus / ratio);
    (p.tok_s_user / ratio, y / ratio * gpus)
}

fn published(answered: &Answered, per: Per, lines: &[(Line, &Frontier)]) -> Vec<Published> {
    let catalog = answered.catalog;
    let of_rack = |c: &&Curve| answered.racks.contains(&c.rack) && c.tokens == TokenKind::Output;
    let one = |curve: &Curve| {
        let rack = catalog.racks.get(&curve.rack)?;
        let beside = beside(lines, curve);
        let estimate = |tok_s_user| per.of(lines.get(beside?)?.1.at(tok_s_user)?);
        let own = curve.points.iter().filter(|p| p.model == answered.model);
        let points: Vec<PublishedPoint> = own
            .clone()
            .filter_map(|p| {
                let factor = per.published_factor(rack, curve, p)?;
                Some(PublishedPoint {
                    at: (p.tok_s_user, p.tok_s_per_mw.or(p.tok_s_per_gpu)? * factor),
                    range: p.range.map(|(low, high)| (low * factor, high * factor)),
                    note: p.note.clone(),
                    estimate: estimate(p.tok_s_user),
                })
            })
            .filter(|p| p.at.0 > 0.0 && p.at.1 > 0.0)
            .collect();
        let context = own.map(|p| p.context_tokens).fold(0.0, f64::max);
        (!points.is_empty()).then(|| Published {
            curve: curve.id.clone(),
            rack: curve.rack.clone(),
            generation: rack.generation,
            name: curve.name.clone(),
            evidence: crate::study::evidence(catalog, curve),
            measured: curve.kind == Kind::Measured,
            lengths: lengths(curve, context),
            alike: alike(curve, context, answered.workload),
            points,
            beside,
        })
    };
    catalog.curves.values().filter(of_rack).filter_map(one).collect()
}

/// The line of the curve's rack: at its own precision where several are drawn.
fn beside(lines: &[(Line, &Frontier)], curve: &Curve) -> Option<usize> {
    let precision = curve.precision.as_deref().and_then(Precision::parse);
    let of_rack = || lines.iter().enumerate().filter(|(_, (l, _))| l.rack == curve.rack);
    let same = of_rack().find(|(_, (_, f))| precision == Some(f.group.precision));
    same.or_else(|| of_rack().next()).map(|(i, _)| i)
}

/// Lengths that differ by less count as equal.
const ALIKE: f64 = 0.25;

/// Whether a curve's requests are as long as those asked for; where only a context is
/// stated, whether that is the sum of both.
fn alike(curve: &Curve, context: f64, workload: Workload) -> bool {
    let near = |a: f64, b: f64| (a / b - 1.0).abs() <= ALIKE;
    match (curve.isl_tokens, curve.osl_tokens) {
        (Some(isl), Some(osl)) => near(isl, workload.isl) && near(osl, workload.osl),
        _ => near(context, workload.isl + workload.osl),
    }
}

fn lengths(curve: &Curve, context: f64) -> String {
    use crate::units::format::count;
    match (curve.isl_tokens, curve.osl_tokens) {
        (Some(isl), Some(osl)) => format!("{} in, {} out", count(isl), count(osl)),
        (None, Some(osl)) => format!("{} out, input not stated", count(osl)),
        _ => format!("context {}", count(context)),
    }
}

/// Token tiers with a least speed, slowest first.
fn tiers(site: &Site) -> Vec<Least> {
    let ranks = tier_rank_of(site);
    let tokens = site.terms.tiers.iter().filter(|t| t.kind == TierKind::Tokens);
    let mut tiers: Vec<Least> = tokens
        .filter_map(|t| {
            Some(Least {
                name: t.name.clone(),
                rank: ranks.get(&t.id).copied()?,
                tok_s_user: t.min_tok_s_user.filter(|v| *v > 0.0)?,
            })
        })
        .collect();
    tiers.sort_by(|a, b| a.tok_s_user.total_cmp(&b.tok_s_user));
    tiers
}

/// Slowest user that the chart begins with; slower ones gain nothing.
const SLOWEST: f64 = 10.0;
/// Decades below the top that are worth showing.
const DECADES: f64 = 2.7;
/// Room beyond the fastest user and the most tokens, so that no mark stands on the edge.
const BEYOND: f64 = 1.08;
/// Where axes end, times a power of ten.
const ENDS: [f64; 6] = [1.0, 1.5, 2.0, 3.0, 5.0, 7.0];

/// Ranges on round steps: a slider moves curves, not axes.
fn ranges(lines: &[Line], published: &[Published], tiers: &[Least]) -> ((f64, f64), (f64, f64)) {
    let marks = || published.iter().flat_map(|p| p.points.iter().map(|m| m.at));
    let points = || lines.iter().flat_map(|l| &l.points).filter(|p| p.at.0 >= SLOWEST);
    let top = points().map(|p| p.high.1).chain(marks().map(|m| m.1)).fold(0.0, f64::max);
    if top <= 0.0 {
        return ((SLOWEST, 1e3), (1e3, 1e6));
    }
    let least = top / 10f64.powf(DECADES);
    let foot = points().map(|p| p.low.1).chain(marks().map(|m| m.1)).fold(top, f64::min);
    let shown = points().filter(|p| p.at.1 >= least).map(|p| p.high.0);
    let speeds = shown.chain(marks().map(|m| m.0)).chain(tiers.iter().map(|t| t.tok_s_user));
    let fastest = speeds.fold(SLOWEST * 5.0, f64::max);
    let x_end = step_up(fastest * BEYOND, &ENDS);
    let y_end = step_up(top * BEYOND, &ENDS);
    let y_start = step_down(foot.max(least), &ENDS);
    ((SLOWEST, x_end), (y_start, y_end))
}

/// The least of `digits` times a power of ten that is not below `v`.
fn step_up(v: f64, digits: &[f64]) -> f64 {
    let power = 10f64.powf(v.log10().floor());
    let tried = digits.iter().chain(&[10.0]).map(|d| d * power);
    tried.into_iter().find(|s| *s >= v * (1.0 - 1e-9)).unwrap_or(power * 10.0)
}

/// The greatest of `digits` times a power of ten that is not above `v`.
fn step_down(v: f64, digits: &[f64]) -> f64 {
    let power = 10f64.powf(v.log10().floor());
    let tried = digits.iter().rev().map(|d| d * power);
    tried.into_iter().find(|s| *s <= v * (1.0 + 1e-9)).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::estimate::{Mapping, Mode};

    fn catalog() -> Catalog {
        Catalog::embedded().expect("the catalogue reads")
    }

    #[test]
    fn a_published_figure_is_converted_once_and_back_to_itself() {
        let catalog = catalog();
        let curve = &catalog.curves["inferencex-gpu-gb200"];
        let rack = &catalog.racks[&curve.rack];
        let (point, kw) = (&curve.points[0], rack.all_in_kw.get().expect("known"));
        let factor = |per: Per| per.published_factor(rack, curve, point).expect("known");
        assert_eq!(factor(Per::Gpu), 1.0, "as published");
        assert_eq!(factor(Per::Rack), 72.0);
        assert!((factor(Per::SiteMw) - 72.0 * 1e3 / kw).abs() < 1e-9);
        let grid = &catalog.curves["inferencex-gb200"];
        let exact = Per::SiteMw.published_factor(rack, grid, &grid.points[0]);
        assert_eq!(exact, Some(1.0));
    }

    #[test]
    fn a_figure_of_unknown_power_is_shown_only_as_it_was_published() {
        let mut catalog = catalog();
        catalog.racks["gb200-nvl72"].all_in_kw = crate::catalog::Fact::default();
        let rack = &catalog.racks["gb200-nvl72"];
        let curve = &catalog.curves["inferencex-gb200"];
        let factor = |per: Per| per.published_factor(rack, curve, &curve.points[0]);
        assert_eq!(factor(Per::SiteMw), Some(1.0));
        assert_eq!(factor(Per::Gpu), None);
    }

    #[test]
    fn a_slower_step_costs_speed_and_throughput_alike() {
        let point = |prefill_gpus| FrontierPoint {
            tok_s_user: 100.0,
            tok_s_gpu: 1000.0,
            tok_s_rack: 72_000.0,
            tok_s_it_mw: Some(5e5),
            tok_s_site_mw: None,
            ttft_ms: 500.0,
            tpot_ms: 10.0,
            drawn_frac: 0.7,
            rack_kw: Some(132.0),
            drawn_kw: Some(92.4),
            mapping: Mapping { gpus: 8.0, data_parallel: false, stages: 1.0, groups: 1.0 },
            mode: Mode { split: prefill_gpus > 0.0, speculative: false },
            batch: 64.0,
            prefill_gpus,
            tok_s_user_low: 80.0,
            tok_s_user_high: 125.0,
            index: 0,
        };
        assert_eq!(moved(&point(0.0), 1000.0, 1.25), (80.0, 800.0));
        // Half as fast, half of the prefill workers: 8,000 + 8,000 a second over 16 GPUs
        // become 8,000 over 12.
        let (speed, rate) = moved(&point(8.0), 1000.0, 2.0);
        assert_eq!(speed, 50.0);
        assert!((rate - 16_000.0 / 2.0 / 12.0).abs() < 1e-9, "{rate}");
    }

    #[test]
    fn a_median_is_the_middle_or_between_the_two_in_the_middle() {
        assert_eq!(median(vec![3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(vec![4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median(Vec::new()), None);
    }

    #[test]
    fn axes_end_on_round_values() {
        let digits = [1.0, 2.0, 5.0];
        for (v, up, down) in [(734.0, 1000.0, 500.0), (1000.0, 1000.0, 1000.0), (1.3, 2.0, 1.0)] {
            assert!((step_up(v, &digits) / up - 1.0).abs() < 1e-12);
            assert!((step_down(v, &digits) / down - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn requests_of_other_lengths_do_not_compare() {
        let catalog = catalog();
        let (isl, osl) = (8192.0, 1024.0);
        let of = |isl, osl| Workload { isl, osl, cached_frac: 0.0 };
        let stated = &catalog.curves["inferencex-gb300"];
        assert!(alike(stated, 9216.0, of(isl, osl)));
        assert!(!alike(stated, 9216.0, of(1024.0, 1024.0)));
        // Only a context is stated.
        let keynote = &catalog.curves["keynote-rubin"];
        assert!(alike(keynote, 32_768.0, of(30_000.0, 2_000.0)));
        assert!(!alike(keynote, 32_768.0, of(isl, osl)));
    }
}
