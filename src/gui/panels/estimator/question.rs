//! What is asked of the estimator: the controls that a person sets, and the whole question
//! that follows from them for a site and a catalogue. It must not know widgets or threads.

use crate::catalog::{Catalog, Model, Precision, Serving, TokenKind};
use crate::estimate::{Choice, Workload};
use crate::site::{Site, Tier};
use crate::units::month::Month;
use std::sync::Arc;

/// What a person sets; absent means the first that makes sense.
#[derive(Clone, Debug, PartialEq)]
pub struct Controls {
    pub model: Option<String>,
    pub isl: f64,
    pub osl: f64,
    pub cached_frac: f64,
    /// Latest first token, ms; infinite for no limit.
    pub ttft_ms: f64,
    /// `None`: each chip's usual one.
    pub precision: Option<Precision>,
    pub framework: Option<String>,
    pub drafts: bool,
    /// Set of serving constants; `None`: the newest.
    pub serving: Option<String>,
    /// Month of the software; `None`: that of the set.
    pub software: Option<Month>,
    /// Every rack of the catalogue, not only the site's.
    pub all_racks: bool,
    pub backend: Choice,
}

impl Default for Controls {
    /// Requests as long as those of most published curves, under the usual settings.
    fn default() -> Self {
        Self {
            model: None,
            isl: 8192.0,
            osl: 1024.0,
            cached_frac: 0.0,
            ttft_ms: f64::INFINITY,
            precision: None,
            framework: None,
            drafts: true,
            serving: None,
            software: None,
            all_racks: false,
            backend: Choice::Auto,
        }
    }
}

/// Everything that a run needs; plain data that can go to another thread.
#[derive(Clone, Debug)]
pub struct Question {
    pub catalog: Arc<Catalog>,
    pub model: String,
    pub racks: Vec<String>,
    pub serving: String,
    /// Month of the software where it is older than that of the set.
    pub software: Option<Month>,
    pub framework: String,
    pub workload: Workload,
    pub precision: Option<Precision>,
    pub drafts: bool,
    pub ttft_ms: f64,
    pub backend: Choice,
}

impl PartialEq for Question {
    /// A catalogue that was built anew counts as another one.
    fn eq(&self, other: &Self) -> bool {
        let rest = |q: &Self| (q.workload, q.precision, q.drafts, q.ttft_ms, q.backend);
        Arc::ptr_eq(&self.catalog, &other.catalog)
            && self.model == other.model
            && self.racks == other.racks
            && self.serving == other.serving
            && self.software == other.software
            && self.framework == other.framework
            && rest(self) == rest(other)
    }
}

impl Controls {
    /// The question for a site; nothing where the catalogue lacks models or constants.
    pub fn question(&self, site: &Site, catalog: &Arc<Catalog>) -> Option<Question> {
        let model = self.model(catalog)?;
        let serving = self.serving(catalog)?;
        Some(Question {
            catalog: Arc::clone(catalog),
            racks: racks(site, catalog, self.all_racks),
            serving: serving.id.clone(),
            software: self.software(serving),
            framework: self.framework(serving)?.to_owned(),
            workload: Workload { isl: self.isl, osl: self.osl, cached_frac: self.cached_frac },
            precision: self.precision.filter(|p| precisions(model).contains(p)),
            drafts: self.drafts && drafts(model),
            ttft_ms: self.ttft_ms,
            backend: self.backend,
            model: model.id.clone(),
        })
    }

    /// The model in force: the chosen one, else the one that most is published of.
    pub fn model<'a>(&self, catalog: &'a Catalog) -> Option<&'a Model> {
        let models = estimable(catalog);
        let chosen = models.iter().find(|m| self.model.as_ref() == Some(&m.id));
        let published = |m: &&&Model| {
            let output = catalog.curves.values().filter(|c| c.tokens == TokenKind::Output);
            output.flat_map(|c| &c.points).filter(|p| p.model == m.id).count()
        };
        // Of equals the first: `max_by_key` would take the last.
        chosen.or_else(|| models.iter().rev().max_by_key(published)).copied()
    }

    /// The set of constants in force.
    pub fn serving<'a>(&self, catalog: &'a Catalog) -> Option<&'a Serving> {
        let chosen = self.serving.as_ref().and_then(|id| catalog.serving.get(id));
        chosen.or_else(|| catalog.serving.values().max_by(|a, b| a.software.cmp(&b.software)))
    }

    /// Month of the software where it is older than that of the set in force.
    pub fn software(&self, serving: &Serving) -> Option<Month> {
        let (from, own) = months(serving)?;
        self.software.map(|m| m.max(from)).filter(|m| *m < own)
    }

    /// Id of the framework in force.
    pub fn framework<'a>(&self, serving: &'a Serving) -> Option<&'a str> {
        let chosen = serving.frameworks.iter().find(|f| self.framework.as_ref() == Some(&f.id));
        chosen.or_else(|| serving.frameworks.first()).map(|f| f.id.as_str())
    }

    /// Takes the requests of a tier; a model without dimensions leaves the present one.
    pub fn take_tier(&mut self, tier: &Tier, catalog: &Catalog) {
        let known = |id: &&String| estimable(catalog).iter().any(|m| m.id == **id);
        if let Some(model) = tier.model.as_ref().filter(known) {
            self.model = Some(model.clone());
        }
        self.isl = tier.isl_tokens.unwrap_or(self.isl);
        self.osl = tier.osl_tokens.unwrap_or(self.osl);
        self.cached_frac = tier.cache_hit_frac.unwrap_or(0.0);
        self.ttft_ms = tier.max_ttft_ms.unwrap_or(f64::INFINITY);
    }

    /// Whether the requests are those of a tier.
    pub fn is_tier(&self, tier: &Tier, catalog: &Catalog) -> bool {
        let mut taken = self.clone();
        taken.take_tier(tier, catalog);
        taken.model = taken.model(catalog).map(|m| m.id.clone());
        let own = Self { model: self.model(catalog).map(|m| m.id.clone()), ..self.clone() };
        taken == own
    }
}

/// Months of software that a set of constants covers: the oldest, and its own.
pub fn months(serving: &Serving) -> Option<(Month, Month)> {
    let (from, own) = (Month::parse(&serving.trend.from)?, Month::parse(&serving.software)?);
    (from < own).then_some((from, own))
}

/// Tiers whose requests have a length.
pub fn tiers(site: &Site) -> Vec<&Tier> {
    let shaped = |t: &&Tier| t.isl_tokens.is_some() && t.osl_tokens.is_some();
    site.terms.tiers.iter().filter(shaped).collect()
}

/// Models with published dimensions, in the order of the catalogue.
pub fn estimable(catalog: &Catalog) -> Vec<&Model> {
    catalog.models.values().filter(|m| m.architecture.is_some()).collect()
}

/// Precisions that a model is served in.
pub fn precisions(model: &Model) -> Vec<Precision> {
    let mut all = match model.usual_precision {
        Some(usual) => vec![usual.hopper, usual.blackwell],
        None => vec![Precision::Bf16],
    };
    all.dedup();
    all
}

/// Whether a model has layers that draft tokens.
pub fn drafts(model: &Model) -> bool {
    model.architecture.as_ref().is_some_and(|a| a.mtp_layers > 0)
}

/// Racks to estimate, in the order of the catalogue: all of them, or those that the site
/// has or may buy.
fn racks(site: &Site, catalog: &Catalog, all: bool) -> Vec<String> {
    let ids = catalog.racks.keys();
    let on_site = |id: &&String| {
        site.blocks().any(|b| {
            let planned = b.planned.iter().flat_map(|p| &p.racks);
            b.rack.iter().chain(planned).any(|r| r == *id)
        })
    };
    ids.filter(|id| all || on_site(id)).cloned().collect()
}
