//! What becomes of the site after an outage, in a class and in words.

use super::{Names, SiteOutage};
use crate::power::contingency::Consequence;
use crate::power::flow::Status;
use crate::units::format;

/// The state that lasts, from what needs no care to what needs most.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Verdict {
    /// Everything is served within every limit, and nothing had to be done.
    Holds,
    /// The same once open switches have closed.
    HoldsAfterSwitching,
    /// The same once interruptible load is run back.
    RunBack,
    /// A voltage stays outside of its band.
    Voltage,
    /// Something stays above its rating.
    Overload,
    /// Load stays without supply.
    Dark,
    /// No voltages carry the load.
    Diverged,
}

impl Verdict {
    pub const ALL: [Verdict; 7] = [
        Verdict::Holds,
        Verdict::HoldsAfterSwitching,
        Verdict::RunBack,
        Verdict::Voltage,
        Verdict::Overload,
        Verdict::Dark,
        Verdict::Diverged,
    ];

    /// In a word or three.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::HoldsAfterSwitching => "holds after switching",
            Verdict::RunBack => "needs run-back",
            Verdict::Voltage => "voltage",
            Verdict::Overload => "overload",
            Verdict::Dark => "dark",
            Verdict::Diverged => "diverged",
        }
    }

    /// Whether everything that must be served is, within every limit.
    pub fn holds(self) -> bool {
        self <= Verdict::RunBack
    }
}

impl SiteOutage {
    pub fn verdict(&self) -> Verdict {
        let lasting = self.lasting();
        match lasting.status {
            Status::Diverged => return Verdict::Diverged,
            Status::Islanded => return Verdict::Dark,
            Status::Converged => {}
        }
        let within = lasting.beyond().next().is_none() && !self.is_late();
        match (&self.remedy, within, lasting.voltages.is_empty()) {
            (_, false, _) => Verdict::Overload,
            (_, true, false) => Verdict::Voltage,
            (Some(r), true, true) if r.run_back_mw > 0.0 => Verdict::RunBack,
            (Some(r), true, true) if !r.closed.is_empty() => Verdict::HoldsAfterSwitching,
            (_, true, true) => Verdict::Holds,
        }
    }

    /// Whether load is run back later than the ratings allow.
    pub fn is_late(&self) -> bool {
        self.remedy.as_ref().is_some_and(|r| r.in_time() == Some(false))
    }

    /// Load without supply until switches close, MW.
    pub fn lost_at_once_mw(&self) -> f64 {
        self.at_once.load_lost_mw.max(0.0)
    }

    /// Interruptible load that is run back, MW.
    pub fn run_back_mw(&self) -> f64 {
        self.remedy.as_ref().map_or(0.0, |r| r.run_back_mw.max(0.0))
    }

    /// Ids of the switches that close.
    pub fn closes(&self) -> &[String] {
        self.remedy.as_ref().map_or(&[], |r| &r.closed)
    }

    /// Why it ends as it does; where something was done about it, why that had to be.
    pub fn reason(&self, names: &Names) -> String {
        match self.verdict() {
            Verdict::Holds => "Within every limit".to_owned(),
            Verdict::HoldsAfterSwitching | Verdict::RunBack => reason(&self.at_once, names),
            Verdict::Overload if self.is_late() => self.late(names),
            _ => reason(self.lasting(), names),
        }
    }
}

impl SiteOutage {
    /// Why the run-back comes too late.
    fn late(&self, names: &Names) -> String {
        let first = self.at_once.beyond().next();
        let what = first.map_or_else(
            || "What takes over".to_owned(),
            |o| {
                format!(
                    "{} at {}",
                    names.part(&o.branch, false),
                    format::share(o.mva / o.rating_mva)
                )
            },
        );
        let remedy = self.remedy.as_ref();
        let back = remedy.and_then(|r| r.controls.run_back_s).unwrap_or(0.0);
        let back = format::with_unit(back, 0, "s");
        match self.time_allowed().minutes() {
            Some(minutes) if minutes > 0.0 => {
                let allowed = format::with_unit(minutes, 0, "min");
                format!("{what} may last {allowed}, and load is run back in {back}")
            }
            _ => format!("{what} is above every rating until load is run back, {back}"),
        }
    }
}

/// Why a state is what it is.
pub fn reason(state: &Consequence, names: &Names) -> String {
    match state.status {
        Status::Diverged => return "No voltages carry the load: it collapses".to_owned(),
        Status::Islanded => {
            let mw = format::with_unit(state.load_lost_mw, 1, "MW");
            let many = state.dark.len();
            let (is, bars) = if many == 1 { ("bus is", 1) } else { ("buses are", many) };
            return format!("{bars} {is} dark with {mw} of load");
        }
        Status::Converged => {}
    }
    if let Some(o) = state.beyond().next() {
        let more = match state.beyond().count() {
            1 => String::new(),
            n => format!(", and {} more", n - 1),
        };
        return format!(
            "{} carries {} of {}{more}",
            names.part(&o.branch, false),
            format::fixed(o.mva, 1),
            format::apparent_mva(o.rating_mva)
        );
    }
    if let Some(v) = state.voltages.first() {
        let side = if v.vm_pu < v.limit_pu { "below" } else { "above" };
        return format!(
            "{} at {} pu, {side} {}",
            names.part(&v.bus, false),
            format::fixed(v.vm_pu, 3),
            format::fixed(v.limit_pu, 3)
        );
    }
    match &state.worst {
        Some((id, frac)) => {
            format!("{} carries most, {}", names.part(id, false), format::share(*frac))
        }
        None => "No branch has a rating".to_owned(),
    }
}
