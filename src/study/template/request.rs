//! The answers that a campus is made from, and why some of them are refused.

use crate::catalog::Catalog;
use crate::units::format::plain;

/// Least grid contract, MW: one hall of a few scalable units.
pub const LEAST_MW: f64 = 20.0;
/// Largest grid contract, MW.
pub const MOST_MW: f64 = 1000.0;

/// How much of the power path is doubled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scheme {
    /// As many elements as the load needs, one feed: nothing may fail.
    N,
    /// One more element than the load needs in every bank, two feeds that each carry the site.
    #[default]
    NPlus1,
    /// Two feeds and two separate paths down to the busways, each able to carry the load.
    TwoN,
}

impl Scheme {
    pub const ALL: [Scheme; 3] = [Scheme::N, Scheme::NPlus1, Scheme::TwoN];

    /// As it is written.
    pub const fn name(self) -> &'static str {
        match self {
            Scheme::N => "N",
            Scheme::NPlus1 => "N+1",
            Scheme::TwoN => "2N",
        }
    }

    /// What it means, in a few words.
    pub const fn about(self) -> &'static str {
        match self {
            Scheme::N => "one feed, no spare elements; every tier interruptible",
            Scheme::NPlus1 => "two feeds, one spare in every bank",
            Scheme::TwoN => "two feeds, two paths to every rack",
        }
    }
}

/// Whether racks stand or may be bought where they pay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Holding {
    #[default]
    Installed,
    Planned,
}

/// On which side of the contract the racks end in the worst hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fit {
    /// As many whole units as the contract feeds at once.
    #[default]
    Within,
    /// One unit more: the contract binds in the worst hour.
    Beyond,
}

/// What a planner says of a new site; everything else follows from the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// Name of the site; absent takes place and size.
    pub name: Option<String>,
    /// At the meter, worst hour, [`LEAST_MW`] to [`MOST_MW`].
    pub grid_contract_mw: f64,
    /// Id of the weather record.
    pub place: String,
    /// Id of the rack type.
    pub rack: String,
    pub holding: Holding,
    pub scheme: Scheme,
    pub fit: Fit,
    /// Coolant supply to the racks; absent takes the warmest that the rack accepts.
    pub supply_c: Option<f64>,
    /// Id of the tariff.
    pub tariff: String,
    /// In place of the tariff's energy price.
    pub energy_usd_per_mwh: Option<f64>,
    /// Ids of the templates to sell; empty means every one that the racks can serve.
    pub tiers: Vec<String>,
    /// Standby generators and battery power, MW; 0 for none.
    pub generators_mw: f64,
    pub battery_mw: f64,
    /// Months from the start of the project to the first megawatts; absent takes the
    /// catalogue's.
    pub first_months: Option<f64>,
    /// Who entered the energy price, and on which day, for the record of the override.
    pub author: String,
    pub date: String,
}

impl Request {
    /// The first place, rack type and tariff of a catalogue that a campus can be made of.
    pub fn new(catalog: &Catalog, grid_contract_mw: f64) -> Self {
        let first = |id: Option<&String>| id.cloned().unwrap_or_default();
        let racks = racks(catalog);
        let newest = racks.iter().rev().find(|r| r.1.is_ok()).map(|r| r.0.to_owned());
        Self {
            name: None,
            grid_contract_mw,
            place: first(catalog.weather.keys().next()),
            rack: newest.unwrap_or_default(),
            holding: Holding::default(),
            scheme: Scheme::default(),
            fit: Fit::default(),
            supply_c: None,
            tariff: first(catalog.tariffs.keys().next()),
            energy_usd_per_mwh: None,
            tiers: Vec::new(),
            generators_mw: 0.0,
            battery_mw: 0.0,
            first_months: None,
            author: String::new(),
            date: String::new(),
        }
    }
}

/// Every rack type with whether a campus can be made of it; in the order of the catalogue.
pub fn racks(catalog: &Catalog) -> Vec<(&str, Result<(), Refusal>)> {
    catalog
        .racks
        .keys()
        .map(|id| (id.as_str(), super::figures::RackFigures::new(catalog, id).map(|_| ())))
        .collect()
}

/// Why no campus can be made; each sentence names the answer and the remedy.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    #[error("A grid contract of {} MW is outside {} to {} MW", plain(*.0), plain(LEAST_MW), plain(MOST_MW))]
    Contract(f64),
    #[error("There is no {what} `{id}`; {}", near(.nearest))]
    NoSuch { what: &'static str, id: String, nearest: Vec<String> },
    #[error("{name} cannot be planned: {why}")]
    NotPlannable { name: String, why: String },
    #[error("`{0}` is unknown; enter a value in a catalogue overlay")]
    Unknown(String),
    #[error("{name} accepts coolant of {} °C at most; supply that or less", plain(*.most_c))]
    TooWarm { name: String, most_c: f64 },
    #[error("Coolant of {} °C is no coolant; enter 5 to 60 °C", plain(*.0))]
    Supply(f64),
    #[error("{0} cannot be {1}; enter a number that is not negative")]
    Negative(&'static str, f64),
    #[error("{rack} serves no tier of the catalogue: {why}")]
    NothingServed { rack: String, why: String },
    #[error("{tier} cannot be sold: {why}")]
    NotServed { tier: String, why: String },
    #[error(
        "One scalable unit of {name} needs {unit_mw:.1} MW, more than the contract of {} MW", plain(*.contract_mw)
    )]
    TooSmall { name: String, unit_mw: f64, contract_mw: f64 },
}

fn near(names: &[String]) -> String {
    match names {
        [] => "choose one of the catalogue".to_owned(),
        [one] => format!("did you mean `{one}`?"),
        more => format!("did you mean one of `{}`?", more.join("`, `")),
    }
}
