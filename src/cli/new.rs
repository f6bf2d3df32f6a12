//! `gigasite new`: a complete campus from a few answers.

use super::{Common, End, load_catalog, print, print_json};
use crate::catalog::Catalog;
use crate::diag::Severity;
use crate::editor::Signature;
use crate::site::{self, Site};
use crate::study;
use crate::study::template::{
    Assumption, Fit, Holding, LEAST_MW, MOST_MW, Request, Scheme, assumptions, campus,
};
use crate::units::format::plain;
use anyhow::bail;
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::PathBuf;

/// As people write it.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum SchemeName {
    #[value(name = "N", alias = "n")]
    N,
    #[value(name = "N+1", alias = "n+1")]
    NPlus1,
    #[value(name = "2N", alias = "2n")]
    TwoN,
}

#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Grid contract, MW at the meter: 20 to 1,000
    #[arg(long, default_value_t = 100.0)]
    mw: f64,
    /// Place whose weather the site has (`catalog list weather`)
    #[arg(long, value_name = "ID")]
    place: Option<String>,
    /// Rack type (`catalog list racks`)
    #[arg(long, value_name = "ID")]
    rack: Option<String>,
    /// Leave the racks to be bought where they pay
    #[arg(long)]
    planned: bool,
    /// How much of the power path is doubled
    #[arg(long, value_enum, default_value = "N+1", ignore_case = true)]
    redundancy: SchemeName,
    /// Coolant supply to the racks, degrees Celsius; the warmest they accept if left out
    #[arg(long, value_name = "C")]
    supply_c: Option<f64>,
    /// Tariff (`catalog list tariffs`)
    #[arg(long, value_name = "ID")]
    tariff: Option<String>,
    /// Energy price in place of the tariff's, $/MWh
    #[arg(long, value_name = "USD")]
    energy_usd_per_mwh: Option<f64>,
    /// Tiers to sell, by commas (`catalog list tier_templates`); all that the racks serve if
    /// left out
    #[arg(long, value_delimiter = ',', value_name = "ID,...")]
    tiers: Vec<String>,
    /// Standby generators, MW
    #[arg(long, default_value_t = 0.0, value_name = "MW")]
    generators_mw: f64,
    /// Battery storage, MW
    #[arg(long, default_value_t = 0.0, value_name = "MW")]
    battery_mw: f64,
    /// One scalable unit more than the contract feeds in the warmest hour
    #[arg(long)]
    beyond: bool,
    /// Name of the site
    #[arg(long)]
    name: Option<String>,
    /// Layout to write
    #[arg(long, value_name = "FILE.ron")]
    out: PathBuf,
    #[command(flatten)]
    common: Common,
}

impl Arguments {
    fn request(&self, catalog: &Catalog) -> Request {
        let default = Request::new(catalog, self.mw);
        let signature = Signature::of_user();
        Request {
            name: self.name.clone(),
            place: self.place.clone().unwrap_or(default.place),
            rack: self.rack.clone().unwrap_or(default.rack),
            holding: if self.planned { Holding::Planned } else { Holding::Installed },
            scheme: match self.redundancy {
                SchemeName::N => Scheme::N,
                SchemeName::NPlus1 => Scheme::NPlus1,
                SchemeName::TwoN => Scheme::TwoN,
            },
            fit: if self.beyond { Fit::Beyond } else { Fit::Within },
            supply_c: self.supply_c,
            tariff: self.tariff.clone().unwrap_or(default.tariff),
            energy_usd_per_mwh: self.energy_usd_per_mwh,
            tiers: self.tiers.clone(),
            generators_mw: self.generators_mw,
            battery_mw: self.battery_mw,
            author: signature.author,
            date: signature.date,
            ..default
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    if !arguments.mw.is_finite() {
        bail!("--mw {}: enter {} to {} MW", arguments.mw, plain(LEAST_MW), plain(MOST_MW));
    }
    let request = arguments.request(&catalog);
    let made = campus(&request, &catalog)?;
    let site = Site::from_file(made.layout.clone());
    let (in_force, mut report) = study::in_force(&site, &catalog);
    report.extend(site::validate(&site, &in_force).1);
    site::file::save(&arguments.out, &made.layout)?;
    let defaults = assumptions(&request, &catalog)?;
    if arguments.common.json {
        print_json(&json!({
            "file": arguments.out.display().to_string(),
            "name": made.layout.site.name,
            "grid_contract_mw": request.grid_contract_mw,
            "worst_hour_mw": made.size.worst_hour_mw,
            "racks": made.size.racks,
            "units": made.size.units,
            "halls": made.size.hall_units.len(),
            "defaults": defaults.iter().map(row).collect::<Vec<_>>(),
            "diagnostics": report.items,
        }))?;
    } else {
        super::say(&report.items);
        print(&format!(
            "{}: {}, {} racks in {}, {:.1} of {} MW in the warmest hour",
            arguments.out.display(),
            made.layout.site.name,
            crate::units::format::count(f64::from(made.size.racks)),
            made.size.halls_in_words(),
            made.size.worst_hour_mw,
            plain(request.grid_contract_mw),
        ));
        print("Used until you change it:");
        for a in &defaults {
            print(&format!("  {:<44} {:<40} {}", a.what, a.value, a.source));
        }
    }
    Ok(if report.count(Severity::Error) == 0 { End::Done } else { End::Negative })
}

fn row(a: &Assumption) -> serde_json::Value {
    json!({ "what": a.what, "value": a.value, "source": a.source, "note": a.note })
}
