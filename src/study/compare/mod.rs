//! Two answers side by side: every headline figure of both, what differs in the plans, what
//! binds, and what was held equal. Pure: the answers come in, a comparison goes out.
//!
//! It must not know files or screens.

mod changes;
mod figures;
mod halls;
mod words;

pub use figures::{Better, figure, label, show, show_change, unit};

use super::Outcome;
use super::finance::SiteFinance;
use crate::catalog::Catalog;
use crate::plan::result::Status;
use crate::site::{KeyFigure, Site};
use serde::Serialize;

/// Binding blocks that are named one by one.
const FEW: usize = 3;

/// One of the two: a site with the catalogue in force and its full answer.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub name: &'a str,
    pub site: &'a Site,
    pub catalog: &'a Catalog,
    pub outcome: &'a Outcome,
    /// The value of the plan, where it is known.
    pub finance: Option<&'a SiteFinance>,
}

/// A side in words.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SideWords {
    pub name: String,
    pub status: Status,
    /// "3,456 VR NVL72 + 1,408 GB300 NVL72".
    pub racks: String,
    /// Names of the limits that bind, the most valuable first.
    pub binding: Vec<String>,
}

/// A headline figure of both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FigureRow {
    pub id: KeyFigure,
    pub label: String,
    pub unit: &'static str,
    /// `None` where unknown.
    pub a: Option<f64>,
    pub b: Option<f64>,
    /// B less A.
    pub change: Option<f64>,
    /// B over A, where A is not zero.
    pub ratio: Option<f64>,
    /// Whether B is the better for the owner; `None` where neither is.
    pub b_is_better: Option<bool>,
}

/// What a tier earns in both.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TierRow {
    pub id: String,
    pub name: String,
    /// `None` where the side has no such tier.
    pub a_usd_per_year: Option<f64>,
    pub b_usd_per_year: Option<f64>,
}

/// A difference of the plans, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanRow {
    /// What differs: "Halls 2 to 4", "Cooling loops".
    pub group: String,
    pub a: String,
    pub b: String,
    pub change: String,
}

/// Everything that a comparison says.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Comparison {
    pub a: SideWords,
    pub b: SideWords,
    /// One sentence with the figure in front, the same in other terms, and what the claim
    /// stands on.
    pub sentence: String,
    pub detail: String,
    pub caveat: String,
    pub figures: Vec<FigureRow>,
    pub tiers: Vec<TierRow>,
    pub plan: Vec<PlanRow>,
    /// Inputs that are equal, and those that are not.
    pub held_equal: Vec<String>,
    pub not_equal: Vec<String>,
    /// Fields and elements that differ.
    pub differences: usize,
    /// Paths of halls and elements outside of halls that differ, for a plan to outline.
    pub changed: Vec<String>,
}

/// Compares two answers.
pub fn compare(a: Side<'_>, b: Side<'_>) -> Comparison {
    let (held_equal, not_equal) = changes::inputs(a, b);
    let figures = figures::rows(a, b);
    let mut out = Comparison {
        a: side_words(a),
        b: side_words(b),
        tiers: tiers(a, b),
        plan: changes::plan_rows(a, b),
        held_equal,
        not_equal,
        differences: changes::count(a.site, b.site),
        changed: changes::changed(a.site, b.site),
        ..Comparison::default()
    };
    (out.sentence, out.detail) = words::conclusion(a, b, &figures);
    out.caveat = words::evidence(a, b);
    out.figures = figures;
    out
}

fn side_words(side: Side<'_>) -> SideWords {
    let plan = &side.outcome.plan;
    let mut binding: Vec<_> = plan.limits.iter().filter(|l| l.binding).collect();
    let worth = |l: &crate::plan::result::LimitResult| {
        l.gain_usd_per_year.unwrap_or(0.0).max(-l.loss_usd_per_year.unwrap_or(0.0))
    };
    binding.sort_by(|x, y| worth(y).total_cmp(&worth(x)));
    // Blocks that run all their racks are one fact, however many there are.
    let (blocks, binding): (Vec<_>, Vec<_>) =
        binding.into_iter().partition(|l| l.kind == "block_racks");
    let mut names: Vec<String> = binding.into_iter().map(|l| l.name.clone()).collect();
    match blocks.as_slice() {
        [] => {}
        few if few.len() <= FEW => names.extend(few.iter().map(|l| l.name.clone())),
        many => names.push(format!("Racks of {} blocks", many.len())),
    }
    SideWords {
        name: side.name.to_owned(),
        status: plan.status,
        racks: halls::composition(&halls::racks_of(side), side.catalog),
        binding: names,
    }
}

/// Tiers of both in the order of A, then those that B alone has.
fn tiers(a: Side<'_>, b: Side<'_>) -> Vec<TierRow> {
    let find = |side: Side<'_>, id: &str| {
        let found = side.outcome.plan.tiers.iter().find(|t| t.id == id);
        found.map(|t| t.revenue_usd_per_year)
    };
    let of_a = a.outcome.plan.tiers.iter();
    let only_b = b.outcome.plan.tiers.iter().filter(|t| find(a, &t.id).is_none());
    of_a.chain(only_b)
        .map(|t| TierRow {
            id: t.id.clone(),
            name: t.name.clone(),
            a_usd_per_year: find(a, &t.id),
            b_usd_per_year: find(b, &t.id),
        })
        .collect()
}
