//! Operating points that are estimated, where the policy wants them.

use super::points::{Gaps, PointInfo, info};
use super::{Estimated, Maker};
use crate::catalog::{Curve, CurvePoint, Model, Rack};
use crate::diag::Diagnostic;
use crate::estimate::Refusal;
use crate::site::{EstimateWhen, Tier, TierKind};
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
        let all = self.wanted(rack, before);
        if all.is_empty() {
            let mut tiers = self.site.terms.tiers.iter();
            gaps.told = !tiers.any(|t| t.kind == TierKind::Tokens && allowed(t, rack));
            gaps.why.push("no tier states the model and the context that an estimate needs".into());
        }
        for wanted in all {
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
            let ask = Ask::of(tier, &self.site.terms.policy.estimates, self.input_ratio());
            let Some(ask) = ask.filter(|_| allowed(tier, rack)) else { continue };
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
        self.estimator.estimate(Request { catalog, rack, model, ask, terms, constants })
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
        gaps.told = true;
        self.estimates.push(Estimated { estimate, chosen });
    }

    /// The points of a dense curve that some tier may want; `at` stands for all of them and
    /// is moved along the curve.
    fn chosen(&self, rack: &Rack, curve: &Curve, mut at: PointInfo) -> Vec<usize> {
        let mut chosen: Vec<usize> = Vec::new();
        for tier in &self.site.terms.tiers {
            if !allowed(tier, rack) {
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

    /// An unknown figure is missing as for any other point; that a model does not fit, or is
    /// too slow to start, is an answer.
    fn refused(&mut self, rack: &Rack, wanted: &Wanted, refusal: &Refusal, gaps: &mut Gaps) {
        let tier = wanted.tiers.first().and_then(|&t| self.site.terms.tiers.get(t));
        let (path, hint) = match refusal {
            Refusal::Unknown(path) => return gaps.missing.push(path.clone()),
            Refusal::NoArchitecture(model) => {
                gaps.why.push(refusal.to_string());
                (
                    format!("models.{model}.architecture"),
                    "enter its dimensions in a catalogue overlay, or choose a curve",
                )
            }
            Refusal::NoConstants => {
                gaps.why.push(refusal.to_string());
                ("serving".to_owned(), "add serving constants to a catalogue overlay")
            }
            Refusal::DoesNotFit(..)
            | Refusal::NetworksDoNotFit(..)
            | Refusal::ContextTooLong(..)
            | Refusal::Software { .. }
            | Refusal::Row(_) => {
                gaps.told = true;
                let path = tier.map_or_else(String::new, |t| format!("tiers.{}", t.id));
                (path, "choose shorter requests, a later first token, another model or other racks")
            }
        };
        let known = |d: &Diagnostic| d.code == "no-estimate" && d.path == path;
        // What a model lacks is the same on every rack.
        if matches!(refusal, Refusal::NoArchitecture(_)) && self.report.items.iter().any(known) {
            return;
        }
        let message = format!("no estimate of {} on {}: {refusal}", wanted.ask.model, rack.name);
        self.report.push(Diagnostic::warning("no-estimate", path, message, hint));
    }
}

fn allowed(tier: &Tier, rack: &Rack) -> bool {
    tier.racks.is_empty() || tier.racks.contains(&rack.id)
}
