//! Operating points: curves of the catalogue on the racks of the site.
//!
//! A curve per MW is converted to racks exactly once, by the stated all-in kW
//! per rack; on a pool of power it applies as it stands, and no losses of the
//! site touch it.

use super::Maker;
use crate::catalog::{Basis, Curve, CurvePoint, Rack, TokenKind};
use crate::diag::Diagnostic;
use crate::plan::input::{PointIn, Product};
use crate::site::{EstimateWhen, TierKind};

/// What stands behind an operating point.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointInfo {
    /// Empty for reserved capacity.
    pub curve: String,
    pub tok_s_user: f64,
    pub model: String,
    pub context_tokens: f64,
    pub ttft_ms: Option<f64>,
    pub prefill: bool,
    pub percentile: Option<u32>,
    pub isl_tokens: Option<f64>,
    pub osl_tokens: Option<f64>,
    /// Ids of the tiers whose request was estimated; absent for points of the catalogue.
    pub made_for: Option<Vec<String>>,
}

/// Why a rack type has fewer points than it could have.
#[derive(Default)]
pub(super) struct Gaps {
    /// Paths of values that are unknown.
    pub missing: Vec<String>,
    /// Other reasons, in words.
    pub why: Vec<String>,
    /// It is known what the racks do, if only that they serve no tier.
    pub told: bool,
}

impl Maker<'_> {
    pub(super) fn points(&mut self) {
        let reserved = self.site.terms.tiers.iter().any(|t| t.kind == TierKind::ReservedCapacity);
        for r in 0..self.input.racks.len() {
            let id = self.input.racks[r].id.clone();
            let Some(rack) = self.catalog.racks.get(&id).cloned() else { continue };
            let pool = self.input.racks[r].positions == 0.0;
            let before = self.input.points.len();
            let mut gaps = Gaps::default();
            let curves: Vec<Curve> = self.curves().filter(|c| c.rack == id).cloned().collect();
            for curve in curves.iter().filter(|c| c.tokens == TokenKind::Output) {
                for point in &curve.points {
                    match self.point(&rack, curve, point, (r, pool)) {
                        Ok(made) => self.add(made, info(curve, point)),
                        Err(path) => gaps.missing.push(path),
                    }
                }
            }
            self.estimated(&rack, (r, pool), before, &mut gaps);
            if reserved && !pool {
                self.reserved(&rack, r);
            }
            if gaps.why.is_empty() {
                let why = match curves.is_empty() {
                    true => "no curve is chosen or known",
                    false => "no curve counts output",
                };
                gaps.why.push(why.to_owned());
            }
            self.explain(&rack, before, gaps);
        }
    }

    pub(super) fn add(&mut self, point: PointIn, info: PointInfo) {
        self.input.points.push(point);
        self.points.push(info);
    }

    /// Curves of the catalogue that may back this site.
    fn curves(&self) -> impl Iterator<Item = &Curve> {
        let policy = &self.site.terms.policy;
        let chosen = &policy.curves;
        let none = policy.estimate_when() == EstimateWhen::Always;
        let all = self.catalog.curves.values();
        all.filter(move |c| !none && (chosen.is_empty() || chosen.contains(&c.id)))
    }

    /// One point of a curve on a rack type, or the path of the value that it lacks.
    pub(super) fn point(
        &mut self,
        rack: &Rack,
        curve: &Curve,
        point: &CurvePoint,
        (r, pool): (usize, bool),
    ) -> Result<PointIn, String> {
        let id = format!("{}@{}", curve.id, crate::units::format::plain(point.tok_s_user));
        if pool {
            return self.pool_point(rack, curve, point, id, r);
        }
        let cap = match &point.cap {
            Some(cap) => rack.caps.iter().find(|c| c.id == *cap),
            None => rack.caps.first(),
        };
        let cap = cap.ok_or_else(|| format!("racks.{}.caps", rack.id))?;
        let at = |field: &str| format!("racks.{}.caps.{}.{field}", rack.id, cap.id);
        let kw = cap.kw.get().ok_or_else(|| at("kw"))?;
        let drawn = point.drawn_frac.or(cap.drawn_frac.get()).ok_or_else(|| at("drawn_frac"))?;
        let support =
            self.support_kw(rack).ok_or_else(|| format!("racks.{}.scalable_unit", rack.id))?;
        let per_rack = match curve.basis {
            Basis::GridMw | Basis::GridMwAssumed => {
                let all_in = rack.all_in_kw.get();
                let all_in = all_in.ok_or_else(|| format!("racks.{}.all_in_kw", rack.id))?;
                reading(curve, point)? * all_in / 1e3
            }
            Basis::ItMw => reading(curve, point)? * kw / 1e3,
            Basis::Gpu => {
                let gpus = rack.gpus.get().ok_or_else(|| format!("racks.{}.gpus", rack.id))?;
                reading(curve, point)? * gpus
            }
        };
        let mut made = self.placed(rack, r, (kw, drawn, support))?;
        made.id = id;
        made.output = per_rack / 1e6;
        if let (true, Some(isl), Some(osl)) = (curve.prefill, curve.isl_tokens, curve.osl_tokens) {
            made.prefill = made.output * isl / osl;
        }
        Ok(made)
    }

    /// Power and heat of a rack under a cap: (cap kW, drawn share, support kW).
    fn placed(
        &self,
        rack: &Rack,
        r: usize,
        (kw, drawn, support): (f64, f64, f64),
    ) -> Result<PointIn, String> {
        let built = self.reference().is_none();
        let path = |field: &str| format!("racks.{}.{field}", rack.id);
        let liquid = match (built, rack.liquid_frac.get()) {
            (false, _) => 0.0,
            (true, known) => known.ok_or_else(|| path("liquid_frac"))?,
        };
        let flow = match (liquid > 0.0, rack.coolant_lpm_per_kw.get()) {
            (false, _) => 0.0,
            (true, known) => known.ok_or_else(|| path("coolant_lpm_per_kw"))?,
        };
        let heat = if built { 1.0 } else { 0.0 };
        Ok(PointIn {
            id: String::new(),
            rack: r,
            product: Product::Tokens,
            it_mw: (kw + support) / 1e3,
            drawn_mw: (kw * drawn + support) / 1e3,
            output: 0.0,
            prefill: 0.0,
            liquid_mw: kw * liquid / 1e3,
            air_mw: heat * (kw * (1.0 - liquid) + support) / 1e3,
            flow_lpm: kw * liquid * flow,
        })
    }

    /// One MW of a pool: all-in curves take it at the meter, others at the rack input.
    fn pool_point(
        &self,
        rack: &Rack,
        curve: &Curve,
        point: &CurvePoint,
        id: String,
        r: usize,
    ) -> Result<PointIn, String> {
        let (pue, path_efficiency) = self.reference().unwrap_or((1.0, 1.0));
        let per_mw = match curve.basis {
            Basis::GridMw | Basis::GridMwAssumed | Basis::ItMw => reading(curve, point)?,
            Basis::Gpu => {
                let gpus = rack.gpus.get().ok_or_else(|| format!("racks.{}.gpus", rack.id))?;
                let all_in = rack.all_in_kw.get();
                let all_in = all_in.ok_or_else(|| format!("racks.{}.all_in_kw", rack.id))?;
                reading(curve, point)? * gpus * 1e3 / all_in
            }
        };
        let it_mw = match curve.basis {
            Basis::ItMw => 1.0,
            _ => path_efficiency / pue,
        };
        Ok(PointIn {
            id,
            rack: r,
            product: Product::Tokens,
            it_mw,
            drawn_mw: it_mw,
            output: per_mw / 1e6,
            prefill: 0.0,
            liquid_mw: 0.0,
            air_mw: 0.0,
            flow_lpm: 0.0,
        })
    }

    /// Whole racks held for a buyer, at the first cap.
    fn reserved(&mut self, rack: &Rack, r: usize) {
        let Some(cap) = rack.caps.first() else { return };
        let known = (cap.kw.get(), cap.drawn_frac.get(), rack.gpus.get());
        let (Some(kw), Some(drawn), Some(gpus)) = known else { return };
        let Some(support) = self.support_kw(rack) else { return };
        let Ok(mut made) = self.placed(rack, r, (kw, drawn, support)) else { return };
        // Goodput is the buyer's affair: what is sold is available GPUs.
        let sells = self.input.racks[r].sell_frac;
        let available = rack.availability_frac.get().unwrap_or(0.0);
        made.id = format!("{}:reserved", rack.id);
        made.product = Product::Gpus;
        made.output = if sells > 0.0 { gpus * available / sells / 1e3 } else { 0.0 };
        self.add(made, PointInfo::default());
    }

    /// Says why a rack type has fewer operating points than curves and estimates offer.
    fn explain(&mut self, rack: &Rack, before: usize, mut gaps: Gaps) {
        let stopped = self.input.points.len() == before && !gaps.told;
        gaps.missing.sort();
        gaps.missing.dedup();
        for path in &gaps.missing {
            if stopped {
                self.unknown(path, &format!("every operating point of {}", rack.name));
            } else {
                self.report.push(Diagnostic::warning(
                    "unknown-value",
                    path.clone(),
                    format!("{path} is unknown: operating points that need it are left out"),
                    "enter a value in the layout or in a catalogue overlay",
                ));
            }
        }
        if stopped && gaps.missing.is_empty() {
            gaps.why.dedup();
            self.report.push(Diagnostic::error(
                "no-operating-point",
                format!("racks.{}", rack.id),
                format!("{} has no throughput: {}", rack.name, gaps.why.join("; ")),
                "choose a curve in policy.curves, add one to a catalogue overlay, or let policy.estimates estimate",
            ));
        }
    }
}

/// Throughput of a point per unit of its curve's basis, or the path of the missing value.
fn reading(curve: &Curve, point: &CurvePoint) -> Result<f64, String> {
    let (value, field) = match curve.basis {
        Basis::Gpu => (point.tok_s_per_gpu, "tok_s_per_gpu"),
        _ => (point.tok_s_per_mw, "tok_s_per_mw"),
    };
    let speed = crate::units::format::plain(point.tok_s_user);
    value.ok_or_else(|| format!("curves.{}.points.{speed}.{field}", curve.id))
}

pub(super) fn info(curve: &Curve, point: &CurvePoint) -> PointInfo {
    PointInfo {
        curve: curve.id.clone(),
        tok_s_user: point.tok_s_user,
        model: point.model.clone(),
        context_tokens: point.context_tokens,
        ttft_ms: point.ttft_ms,
        prefill: curve.prefill,
        percentile: curve.percentile,
        isl_tokens: curve.isl_tokens,
        osl_tokens: curve.osl_tokens,
        made_for: None,
    }
}
