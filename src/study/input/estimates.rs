//! Operating points that are estimated, where the policy wants them.

use super::points::{Gaps, PointInfo, info};
use super::{Estimated, Maker};
use crate::catalog::{Curve, CurvePoint, Model, Rack};
use crate::estimate::Refusal;
use crate::site::{EstimateWhen, Tier};
use crate::study::estimator::{Ask, Estimate, Request, corners, workload};
use std::sync::Arc;

/// A request with the tiers that ask for it on one rack type.
struct Wanted {
    ask: Ask,
    tiers: Vec<usize>,
}

impl Maker<'_> {
    /// Adds the estimated points of a rack type; those since `before` come from curves.
    pub(super) fn estimated(
        &mut self,
        rack: &Rack,
        place: (usize, bool),
        before: usize,
        gaps: &mut Gaps,
    ) {
        if self.site.terms.policy.estimate_when() == EstimateWhen::Never {
            return;
        }
        for wanted in self.wanted(rack, before) {
            match self.estimate(rack, &wanted.ask) {
                Ok(made) => self.add_estimate(rack, place, (&wanted, made), gaps),
                Err(refusal) => self.refused(rack, &wanted, &refusal, gaps),
            }
        }
    }

    /// What the tiers ask of a rack type that its curves do not tell.
    fn wanted(&self, rack: &Rack, before: usize) -> Vec<Wanted> {
        let published = self.points.get(before..).unwrap_or_default();
        let mut out: Vec<Wanted> = Vec::new();
        for (t, tier) in self.site.terms.tiers.iter().enumerate() {
            let allowed = tier.racks.is_empty() || tier.racks.contains(&rack.id);
            let ask = Ask::of(tier, &self.site.terms.policy.estimates, self.input_ratio());
            let Some(ask) = ask.filter(|_| allowed) else { continue };
            if published.iter().any(|p| self.tells(tier, p)) {
                continue;
            }
            match out.iter_mut().find(|w| w.ask == ask) {
                Some(wanted) => wanted.tiers.push(t),
                None => out.push(Wanted { ask, tiers: vec![t] }),
            }
        }
        out
    }

    fn input_ratio(&self) -> Option<f64> {
        self.rate(self.site.terms.policy.estimates.input_ratio, "request-input-ratio")
    }

    /// Whether a tier says enough of its requests; estimates serve it only if made for it.
    pub(super) fn can_be_estimated(&self, tier: &Tier) -> bool {
        workload(tier, self.input_ratio()).is_some()
    }

    /// Whether a point of a curve says what a rack does for a tier, were it fast enough.
    fn tells(&self, tier: &Tier, point: &PointInfo) -> bool {
        let any_speed = Tier {
            min_tok_s_user: None,
            max_ttft_ms: tier.max_ttft_ms.map(|_| f64::INFINITY),
            ..tier.clone()
        };
        self.suits(&any_speed, point)
    }

    fn estimate(&mut self, rack: &Rack, ask: &Ask) -> Result<Arc<Estimate>, Refusal> {
        let constants = self.constants.as_ref().map_err(Clone::clone)?;
        let catalog = self.catalog;
        let model: &Model = catalog
            .models
            .get(&ask.model)
            .ok_or_else(|| Refusal::NoArchitecture(ask.model.clone()))?;
        let terms = &self.site.terms.policy.estimates;
        self.estimator.estimate(Request { rack, model, ask, terms, constants })
    }

    fn add_estimate(
        &mut self,
        rack: &Rack,
        (r, pool): (usize, bool),
        (wanted, estimate): (&Wanted, Arc<Estimate>),
        gaps: &mut Gaps,
    ) {
        let site = self.site;
        let curve = &estimate.curve;
        let tiers: Vec<String> =
            wanted.tiers.iter().map(|&t| site.terms.tiers[t].id.clone()).collect();
        let info = |p: &CurvePoint| PointInfo { made_for: Some(tiers.clone()), ..info(curve, p) };
        let Some(sample) = curve.points.first().map(info) else { return };
        let chosen = self.chosen(rack, curve, sample);
        for &i in &chosen {
            match self.point(rack, curve, &curve.points[i], (r, pool)) {
                Ok(made) => self.add(made, info(&curve.points[i])),
                Err(path) => gaps.missing.push(path),
            }
        }
        if chosen.is_empty() {
            let fastest = curve.points.last().map_or(0.0, |p| p.tok_s_user);
            gaps.why.push(format!(
                "by the estimate it gives {} at most {fastest:.0} tokens/s per user",
                wanted.ask.model
            ));
        }
        self.estimates.push(Estimated { estimate, chosen });
    }

    /// The points of a dense curve that some tier may want; `at` stands for all of them and
    /// is moved along the curve.
    fn chosen(&self, rack: &Rack, curve: &Curve, mut at: PointInfo) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for tier in &self.site.terms.tiers {
            if !tier.racks.is_empty() && !tier.racks.contains(&rack.id) {
                continue;
            }
            let least = tier.min_tok_s_user.unwrap_or(0.0);
            let first = curve.points.partition_point(|p| p.tok_s_user < least);
            let mut fit = Vec::new();
            for (i, point) in curve.points.iter().enumerate().skip(first) {
                (at.tok_s_user, at.ttft_ms) = (point.tok_s_user, point.ttft_ms);
                if self.suits(tier, &at) {
                    fit.push(i);
                }
            }
            chosen.extend(corners(&curve.points, fit.into_iter()));
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// An unknown figure is missing as for any other point; the rest is said once.
    fn refused(&mut self, rack: &Rack, wanted: &Wanted, refusal: &Refusal, gaps: &mut Gaps) {
        if let Refusal::Unknown(path) = refusal {
            return gaps.missing.push(path.clone());
        }
        gaps.why.push(refusal.to_string());
        let Some(tier) = wanted.tiers.first().map(|&t| &self.site.terms.tiers[t].id) else {
            return;
        };
        let (path, hint) = match refusal {
            Refusal::NoArchitecture(model) => (
                format!("models.{model}.architecture"),
                "enter the dimensions in a catalogue overlay, or choose a curve or another model",
            ),
            Refusal::NoConstants => {
                ("serving".to_owned(), "add serving constants to a catalogue overlay")
            }
            _ => (format!("tiers.{tier}"), "choose other lengths, another model or other racks"),
        };
        self.report.push(crate::diag::Diagnostic::warning(
            "no-estimate",
            path,
            format!("no estimate of {} on {}: {refusal}", wanted.ask.model, rack.name),
            hint,
        ));
    }
}
