//! A solution beside its limits: what is overloaded, by which rating and for how long it may
//! be, and which voltages leave their band.

use super::{Consequence, Outage};
use crate::power::case::{Bus, Case, Ratings};
use crate::power::flow::{Solution, Status};
use std::collections::HashSet;

/// The rating that bears a flow above the normal one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rating {
    /// Long-time emergency: as long as the outage lasts.
    Long,
    /// Short-time emergency: until something is done.
    Short,
    /// None that is known.
    Beyond,
}

impl Rating {
    /// In a word.
    pub const fn word(self) -> &'static str {
        match self {
            Rating::Long => "long-time",
            Rating::Short => "short-time",
            Rating::Beyond => "none",
        }
    }
}

/// How long something may last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allowed {
    /// Within the normal ratings.
    Always,
    /// Zero where no rating bears it.
    Minutes(f64),
    /// A rating bears it, and how long is not known.
    Unknown,
}

impl Allowed {
    /// The shorter of two. Something that may not last at all is so whatever else is unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Allowed::Always, o) | (o, Allowed::Always) => o,
            (Allowed::Minutes(a), Allowed::Minutes(b)) => Allowed::Minutes(a.min(b)),
            (Allowed::Unknown, Allowed::Minutes(m)) | (Allowed::Minutes(m), Allowed::Unknown)
                if m <= 0.0 =>
            {
                Allowed::Minutes(0.0)
            }
            _ => Allowed::Unknown,
        }
    }

    /// Minutes, where they are known and end.
    pub const fn minutes(self) -> Option<f64> {
        match self {
            Allowed::Minutes(minutes) => Some(minutes),
            Allowed::Always | Allowed::Unknown => None,
        }
    }
}

/// A branch above its normal rating.
#[derive(Clone, Debug, PartialEq)]
pub struct Overload {
    pub branch: String,
    pub mva: f64,
    pub rating_mva: f64,
    /// Flow before the outage over the same rating.
    pub before_frac: f64,
    /// Lowest emergency rating that bears it, with its MVA; what bears nothing has its highest.
    pub within: Rating,
    pub limit_mva: f64,
    /// How long it may last.
    pub allowed: Allowed,
}

/// A bus outside of its band.
#[derive(Clone, Debug, PartialEq)]
pub struct VoltageBreach {
    pub bus: String,
    pub vm_pu: f64,
    pub limit_pu: f64,
}

/// Puts a solution beside the limits.
pub(super) fn judge(
    intact: &Solution,
    outage: Outage,
    after: &Case,
    solution: &Solution,
) -> Consequence {
    let (overloads, worst) = loadings(intact, after, solution);
    Consequence {
        outage,
        status: solution.status,
        load_lost_mw: solution.load_lost_mw(),
        dark: dark(after, solution),
        worst,
        overloads,
        voltages: breaches(after, solution, true),
        lowest: solution.lowest(),
        solved_ac: true,
    }
}

/// Buses with load that nothing energises.
fn dark(after: &Case, solution: &Solution) -> Vec<String> {
    if solution.dark.is_empty() {
        return Vec::new();
    }
    let dark: HashSet<&str> =
        solution.dark.iter().flat_map(|d| &d.buses).map(String::as_str).collect();
    let loaded = after.buses.iter().filter(|b| b.load.p_mw != 0.0);
    loaded.filter(|b| dark.contains(b.id.as_str())).map(|b| b.id.clone()).collect()
}

fn loadings(
    intact: &Solution,
    after: &Case,
    solution: &Solution,
) -> (Vec<Overload>, Option<(String, f64)>) {
    let (mut overloads, mut worst) = (Vec::new(), None::<(usize, f64)>);
    if solution.status == Status::Diverged {
        return (overloads, None);
    }
    for (i, b) in after.branches.iter().enumerate() {
        let known = solution.branches[i].loading_frac.zip(b.ratings.normal_mva);
        let Some((frac, rating)) = known else { continue };
        if worst.is_none_or(|(_, most)| frac > most) {
            worst = Some((i, frac));
        }
        if frac > 1.0 + 1e-9 {
            let mva = frac * rating;
            let (within, limit_mva, allowed) = b.ratings.bearing(mva);
            overloads.push(Overload {
                branch: b.id.clone(),
                mva,
                rating_mva: rating,
                before_frac: intact.branches[i].loading_frac.unwrap_or(0.0),
                within,
                limit_mva,
                allowed,
            });
        }
    }
    overloads.sort_by(|a, b| (b.mva / b.rating_mva).total_cmp(&(a.mva / a.rating_mva)));
    (overloads, worst.map(|(i, frac)| (after.branches[i].id.clone(), frac)))
}

pub(super) fn band(bus: &Bus, outage: bool) -> [Option<f64>; 2] {
    match bus.outage_band_pu.filter(|_| outage) {
        Some([low, high]) => [Some(low), Some(high)],
        None => [bus.vmin_pu, bus.vmax_pu],
    }
}

/// Buses outside of their band, intact or after an outage, furthest first.
pub fn breaches(case: &Case, solution: &Solution, outage: bool) -> Vec<VoltageBreach> {
    let mut found: Vec<VoltageBreach> = case
        .buses
        .iter()
        .zip(&solution.buses)
        .filter_map(|(bus, state)| {
            let vm_pu = state.vm_pu?;
            let [low, high] = band(bus, outage);
            let low = low.filter(|limit| vm_pu < limit - 1e-9);
            let high = high.filter(|limit| vm_pu > limit + 1e-9);
            low.or(high).map(|limit_pu| VoltageBreach { bus: bus.id.clone(), vm_pu, limit_pu })
        })
        .collect();
    let miss = |b: &VoltageBreach| (b.vm_pu - b.limit_pu).abs();
    found.sort_by(|a, b| miss(b).total_cmp(&miss(a)));
    found
}

/// Tolerance of a flow over its rating.
const TOLERANCE: f64 = 1e-9;

impl Ratings {
    /// What bears a flow above the normal rating: which rating, its MVA, and how long.
    fn bearing(&self, mva: f64) -> (Rating, f64, Allowed) {
        let bears = |limit: &f64| mva <= limit * (1.0 + TOLERANCE);
        let minutes = |m: Option<f64>| m.map_or(Allowed::Unknown, Allowed::Minutes);
        if let Some(long) = self.long_mva.filter(bears) {
            return (Rating::Long, long, minutes(self.long_h.map(|h| h * 60.0)));
        }
        if let Some(short) = self.short_mva.filter(bears) {
            return (Rating::Short, short, minutes(self.short_min));
        }
        let all = [self.normal_mva, self.long_mva, self.short_mva].into_iter().flatten();
        (Rating::Beyond, all.fold(0.0, f64::max), Allowed::Minutes(0.0))
    }
}
