//! Typical hours, tiers, tariff and notes of a campus.

use super::figures::{find, priced, rule};
use super::request::{Holding, Refusal, Request, Scheme};
use super::size::Size;
use crate::catalog::{Catalog, TierTemplate, TokenKind, WEATHER_BIN_K, Weather};
use crate::site::{
    Block, CatalogOverride, DemandStep, EstimateWhen, Estimates, FinanceInputs, Hour,
    Infrastructure, Policy, Redundancy, Site, SiteInfo, Tier, Workload,
};
use crate::study::input::prepare;
use crate::study::{Estimator, SolveOptions};
use crate::units::{HOURS_PER_YEAR, Limit};

pub(super) fn site(
    request: &Request,
    catalog: &Catalog,
    (parcel, size): (&[[f64; 2]], &Size),
) -> Result<SiteInfo, Refusal> {
    let place = find(&catalog.weather, "place", &request.place)?;
    let rack = find(&catalog.racks, "rack type", &request.rack)?;
    find(&catalog.tariffs, "tariff", &request.tariff)?;
    for (what, value) in [
        ("The energy price", request.energy_usd_per_mwh.unwrap_or(0.0)),
        ("Generator power", request.generators_mw),
        ("Battery power", request.battery_mw),
        ("Months to the first megawatts", request.first_months.unwrap_or(0.0)),
    ] {
        if !(value >= 0.0 && value.is_finite()) {
            return Err(Refusal::Negative(what, value));
        }
    }
    if request.holding == Holding::Planned && !priced(catalog, rack) {
        return Err(Refusal::Unknown(format!("racks.{}.price_usd", rack.id)));
    }
    let mw = crate::units::format::plain(request.grid_contract_mw);
    let stand = match request.holding {
        Holding::Installed => "stand",
        Holding::Planned => "may be bought",
    };
    let notes = format!(
        "Laid out from a grid contract of {mw} MW, the weather of {}, {}, redundancy {}: {} racks \
         {stand} in {} and ask for {:.1} MW in the warmest hour with each at its first power \
         cap. Ratings and rules of thumb are the catalogue's; prices below the list price, volumes \
         and load shapes of the tiers are its assumptions. Positions are a first proposal.",
        place.name,
        rack.name,
        request.scheme.name(),
        crate::units::format::count(f64::from(size.racks)),
        size.halls_in_words(),
        size.worst_hour_mw,
    );
    let name = request.name.clone().filter(|n| !n.trim().is_empty());
    Ok(SiteInfo {
        name: name.unwrap_or_else(|| format!("{}, {mw} MW", place.name)),
        infrastructure: Infrastructure::Built,
        grid_contract_mw: Some(request.grid_contract_mw),
        billable_frac: None,
        tariff: Some(request.tariff.clone()),
        place: Some(request.place.clone()),
        extreme_c: None,
        coincidence_frac: 1.0,
        workload: Workload::Inference,
        options: Vec::new(),
        parcel: parcel.to_vec(),
        origin_deg: None,
        notes,
        keynote: false,
    })
}

/// The energy price that was entered, where it is not the tariff's.
pub(super) fn overrides(
    request: &Request,
    catalog: &Catalog,
) -> Result<Vec<CatalogOverride>, Refusal> {
    let Some(price) = request.energy_usd_per_mwh else { return Ok(Vec::new()) };
    let tariff = find(&catalog.tariffs, "tariff", &request.tariff)?;
    let old = tariff.energy_usd_per_mwh.get();
    if old == Some(price) {
        return Ok(Vec::new());
    }
    // As text that sets the value; RON wants a number to look like one.
    let text = |v: Option<f64>| v.map_or_else(|| "unknown".to_owned(), |v| format!("{v:?}"));
    Ok(vec![CatalogOverride {
        path: format!("tariffs.{}.energy_usd_per_mwh", tariff.id),
        value: text(Some(price)),
        old: text(old),
        author: request.author.clone(),
        date: request.date.clone(),
    }])
}

/// Typical hours of the place of a request.
pub(super) fn hours(request: &Request, catalog: &Catalog) -> Result<Vec<Hour>, Refusal> {
    let weather = find(&catalog.weather, "place", &request.place)?;
    let cool = rule(catalog, "typical-cool-days")?;
    let hot = rule(catalog, "typical-hot-days")?;
    typical_hours(weather, (cool, hot))
        .ok_or_else(|| Refusal::Unknown(format!("weather.{}.warmest_c", weather.id)))
}

/// Six typical hours: night and day of a cool, a warm and a hot day type, of so many cool and
/// hot days a year.
///
/// The hours of the year are ordered by temperature: the coldest make the cool days, the
/// hottest the hot days, the cooler half of each type its nights. Each typical hour stands at
/// the mean of the hours that it is made of, but for the hot day: it stands at the warmest hour
/// of the year, which sets the capacity. `None` where that is unknown.
pub fn typical_hours(weather: &Weather, (cool, hot): (f64, f64)) -> Option<Vec<Hour>> {
    let warmest = weather.warmest_c.get()?;
    let warm = HOURS_PER_YEAR / 24.0 - cool - hot;
    let mut from_h = 0.0;
    let mut hours = Vec::new();
    for (day, name, days) in [("cool", "Cool", cool), ("warm", "Warm", warm), ("hot", "Hot", hot)] {
        for (part, clock_h) in [("night", 3.0), ("day", 15.0)] {
            let weight_h = days * 12.0;
            let mean = mean_c(weather, from_h, from_h + weight_h);
            let mean_wet = wetbulb_c(weather, from_h, from_h + weight_h);
            from_h += weight_h;
            let hottest = (day, part) == ("hot", "day");
            let ambient = if hottest { warmest } else { mean };
            let wettest = weather.by_degree_h.last().map(|bin| bin.3);
            let wetbulb = if hottest { wettest } else { mean_wet };
            hours.push(Hour {
                id: format!("{day}-{part}"),
                name: format!("{name} {part}"),
                weight_h,
                day: day.into(),
                clock_h,
                ambient_c: Some((ambient * 10.0).round() / 10.0),
                wetbulb_c: wetbulb.map(|wet| (wet * 10.0).round() / 10.0),
            });
        }
    }
    Some(hours)
}

/// Mean temperature of the hours from the `from`-th coldest to the `to`-th, each spread evenly
/// over its bin.
fn mean_c(weather: &Weather, from: f64, to: f64) -> f64 {
    let (mut below, mut sum) = (0.0, 0.0);
    for (low, hours) in &weather.drybulb_h {
        let (a, b) = (from.max(below), to.min(below + hours));
        if b > a {
            let middle = f64::midpoint(a, b) - below;
            sum += (b - a) * (low + WEATHER_BIN_K * middle / hours);
        }
        below += hours;
    }
    sum / (to - from).max(f64::MIN_POSITIVE)
}

/// Mean wet bulb of the same hours; `None` where the place states none.
fn wetbulb_c(weather: &Weather, from: f64, to: f64) -> Option<f64> {
    let (mut below, mut sum) = (0.0, 0.0);
    for (_, hours, _, wet) in &weather.by_degree_h {
        let (a, b) = (from.max(below), to.min(below + hours));
        sum += (b - a).max(0.0) * wet;
        below += hours;
    }
    (below >= to).then(|| sum / (to - from).max(f64::MIN_POSITIVE))
}

/// A template of the catalogue, and whether racks of a type can serve it.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub template: String,
    pub name: String,
    /// Where its throughput comes from, else why it cannot be sold.
    pub served: Result<&'static str, String>,
}

/// Every tier template with whether racks of a type serve it: by a curve of the catalogue,
/// else by an estimate.
pub fn offers(catalog: &Catalog, rack: &str) -> Vec<Offer> {
    let published = serving(catalog, rack, EstimateWhen::Never);
    let all = published.iter().all(Result::is_ok);
    let estimated = match all {
        true => published.clone(),
        false => serving(catalog, rack, EstimateWhen::Missing),
    };
    let pairs = published.into_iter().zip(estimated);
    catalog
        .tier_templates
        .values()
        .zip(pairs)
        .map(|(template, (published, estimated))| Offer {
            template: template.id.clone(),
            name: template.name.clone(),
            served: match (published, estimated) {
                (Ok(()), _) => Ok("published curve"),
                (_, Ok(())) => Ok("estimate"),
                (_, Err(why)) => Err(why),
            },
        })
        .collect()
}

/// Asks the plan itself, of one block of racks beside no network.
fn serving(catalog: &Catalog, rack: &str, when: EstimateWhen) -> Vec<Result<(), String>> {
    let tiers: Vec<Tier> = catalog.tier_templates.values().map(Tier::of_template).collect();
    let site = Site::from_file(crate::site::LayoutFile {
        version: crate::site::LAYOUT_VERSION,
        site: SiteInfo {
            name: String::new(),
            infrastructure: Infrastructure::Reference {
                pue: 1.0,
                path_efficiency: 1.0,
                tariff: None,
            },
            grid_contract_mw: Some(super::LEAST_MW),
            billable_frac: None,
            tariff: None,
            place: None,
            extreme_c: None,
            coincidence_frac: 1.0,
            workload: Workload::Inference,
            options: Vec::new(),
            parcel: Vec::new(),
            origin_deg: None,
            notes: String::new(),
            keynote: false,
        },
        policy: policy(catalog, rack, when),
        hours: vec![Hour {
            id: "year".into(),
            name: "Year".into(),
            weight_h: HOURS_PER_YEAR,
            day: "year".into(),
            clock_h: 12.0,
            ambient_c: None,
            wetbulb_c: None,
        }],
        tiers,
        phases: Vec::new(),
        supply: Vec::new(),
        finance: FinanceInputs::default(),
        feeds: Vec::new(),
        nodes: Vec::new(),
        loops: Vec::new(),
        generators: Vec::new(),
        batteries: Vec::new(),
        areas: Vec::new(),
        constraints: Vec::new(),
        underlays: Vec::new(),
        halls: Vec::new(),
        rows: Vec::new(),
        network_racks: Vec::new(),
        blocks: vec![one_rack(rack)],
        groups: Vec::new(),
        locked: Vec::new(),
        overrides: Vec::new(),
        base: None,
        variants: Vec::new(),
        tour: Vec::new(),
        scenarios: Vec::new(),
    });
    let prepared = prepare(&site, catalog, &SolveOptions::default(), &mut Estimator::default());
    let why = |id: &str| {
        let path = format!("tiers.{id}");
        let found = prepared.report.items.iter().find(|d| d.path == path);
        let estimate = prepared.report.items.iter().find(|d| d.code == "no-estimate");
        let words = found.or(estimate).map(|d| d.message.clone());
        words.unwrap_or_else(|| "no operating point fits".to_owned())
    };
    prepared
        .input
        .tiers
        .iter()
        .map(|t| if t.points.is_empty() { Err(why(&t.id)) } else { Ok(()) })
        .collect()
}

fn one_rack(rack: &str) -> Block {
    Block {
        id: "racks".into(),
        name: String::new(),
        hall: None,
        row: None,
        rack: Some(rack.to_owned()),
        count: Some(1),
        planned: None,
        mw: None,
        node: None,
        node_b: None,
        cooling_loop: None,
        phase: None,
        network: Vec::new(),
        racks_per_line: None,
        at: [0.0; 2],
        size: [0.0; 2],
    }
}

/// Every curve of the rack that counts output alone; estimates where the policy says so.
fn policy(catalog: &Catalog, rack: &str, when: EstimateWhen) -> Policy {
    let curves = catalog.curves.values();
    let own = curves.filter(|c| c.rack == rack && c.tokens == TokenKind::Output);
    let curves: Vec<String> = own.map(|c| c.id.clone()).collect();
    let policy = Policy { curves, ..Policy::default() };
    // Where it is what would be done anyway, the layout need not say it.
    let said = policy.estimate_when() != when;
    let estimates = Estimates { when: said.then_some(when), ..Estimates::default() };
    Policy { estimates, ..policy }
}

/// What a campus sells, and the curves behind it.
pub(super) struct Sold {
    pub tiers: Vec<Tier>,
    pub policy: Policy,
}

pub(super) fn sold(request: &Request, catalog: &Catalog) -> Result<Sold, Refusal> {
    let rack = find(&catalog.racks, "rack type", &request.rack)?;
    for id in &request.tiers {
        find(&catalog.tier_templates, "tier", id)?;
    }
    let mut tiers = Vec::new();
    let mut estimated = false;
    let mut why = String::new();
    for offer in offers(catalog, &request.rack) {
        let named = request.tiers.contains(&offer.template);
        if !named && !request.tiers.is_empty() {
            continue;
        }
        match offer.served {
            Ok(from) => {
                estimated |= from == "estimate";
                let template = find(&catalog.tier_templates, "tier", &offer.template)?;
                tiers.push(tier(template, request, catalog)?);
            }
            Err(why) if named => return Err(Refusal::NotServed { tier: offer.name, why }),
            Err(reason) => why = reason,
        }
    }
    if tiers.is_empty() {
        return Err(Refusal::NothingServed { rack: rack.name.clone(), why });
    }
    let when = if estimated { EstimateWhen::Missing } else { EstimateWhen::Never };
    Ok(Sold { tiers, policy: policy(catalog, &request.rack, when) })
}

/// A template with its demand at the size of the site.
fn tier(template: &TierTemplate, request: &Request, catalog: &Catalog) -> Result<Tier, Refusal> {
    let mut tier = Tier::of_template(template);
    let path = |field: &str| format!("tier_templates.{}.{field}", template.id);
    if template.firm && request.scheme != Scheme::N {
        tier.redundancy = Redundancy::Firm;
    }
    if !template.demand.is_empty() {
        tier.demand.clear();
    }
    for (i, step) in template.demand.iter().enumerate() {
        let need = |field: &str, fact: &crate::catalog::Fact| {
            fact.get().ok_or_else(|| Refusal::Unknown(path(&format!("demand.{i}.{field}"))))
        };
        let list = need("price_usd_per_mtok", &template.price_usd_per_mtok)?;
        let price = list * need("price_frac", &step.price_frac)?;
        let volume = need("volume_tok_s_per_mw", &step.volume_tok_s_per_mw)?;
        tier.demand.push(DemandStep {
            price_usd_per_mtok: Some((price * 1e4).round() / 1e4),
            volume_tok_s: Some(Limit::At((volume * request.grid_contract_mw).round())),
            usd_per_gpu_h: None,
            volume_gpus: None,
            buyer: String::new(),
        });
    }
    let swing = template.day_swing_frac.as_ref().and_then(|f| f.get());
    if let Some(swing) = swing.filter(|s| *s > 0.0) {
        for hour in hours(request, catalog)? {
            // Nights and days weigh the same, so the mean is one.
            let load = if hour.id.ends_with("-day") { 1.0 + swing } else { 1.0 - swing };
            tier.shape.insert(hour.id, load);
        }
    }
    Ok(tier)
}
