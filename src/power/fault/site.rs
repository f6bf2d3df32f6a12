//! Fault levels of a site: its network with the grid behind each feed, against what its gear
//! bears, in normal state and while a tie is closed.
//!
//! - Power supplies, UPS and drives feed nothing back; motors that start directly do, by the
//!   share of `motor-direct-frac`. Generators and batteries stand by.
//! - A UPS in bypass lets the grid's current through: it stands as a bar.
//! - Low-voltage bars of a group of unit substations are run apart: each fault there is fed by
//!   its own transformer, and reaches a busway over one of its machines.

use super::{FaultCase, FaultError, Infeed, Level, Motors, Solved, VoltageFactor, levels};
use crate::catalog::{Catalog, EquipmentKind, Fact};
use crate::diag::Diagnostic;
use crate::power::Unknown;
use crate::power::case::Case;
use crate::power::electrical::{Electrical, electrical};
use crate::site::{Node, NodeKind, Site};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use thiserror::Error;

/// The level at a feed or node, at the machine where it is greatest.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// `feeds.ID` or `nodes.ID`.
    pub path: String,
    pub name: String,
    pub kv: f64,
    pub level: Level,
    /// The greatest while one open switch is closed as well, and that switch; absent where no
    /// switch raises it.
    pub tied: Option<(Level, String)>,
    /// What the gear there bears: symmetrical and peak; absent is unknown.
    pub rated_ka: Option<f64>,
    pub rated_peak_ka: Option<f64>,
}

impl Place {
    /// Whether the gear bears the fault; `None` where its rating is unknown.
    pub fn bears(&self, level: &Level) -> Option<bool> {
        let (ik, ip) = self.rated_ka.zip(self.rated_peak_ka)?;
        Some(level.ik_ka <= ik && level.ip_ka <= ip)
    }
}

/// Fault levels of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteFaults {
    /// Greatest current over rating first; those without rating last, by current.
    pub places: Vec<Place>,
    /// Feeds whose short-circuit power is not entered, so that the practice figure stands in.
    pub assumed: Vec<String>,
    pub factor: VoltageFactor,
    pub findings: Vec<Diagnostic>,
}

/// Why a site has no fault levels.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum SiteFaultError {
    #[error(transparent)]
    Unknown(#[from] Unknown),
    #[error(transparent)]
    Fault(#[from] FaultError),
    /// Somebody said so before all levels were found.
    #[error("stopped")]
    Stopped,
}

struct Rules {
    factor: VoltageFactor,
    grid_ka: f64,
    grid_xr: f64,
    motor_frac: f64,
    motor_start: f64,
    motor_xr: f64,
    peak_ratio: f64,
}

impl Rules {
    fn of(catalog: &Catalog) -> Result<Self, Unknown> {
        let rule = |id: &str| {
            let fact = catalog.practice.get(id).and_then(|p| p.value.get());
            fact.ok_or_else(|| Unknown { path: format!("practice.{id}.value") })
        };
        Ok(Self {
            factor: VoltageFactor {
                low_ratio: rule("fault-voltage-low-ratio")?,
                high_ratio: rule("fault-voltage-high-ratio")?,
            },
            grid_ka: rule("grid-fault-ka")?,
            grid_xr: rule("grid-xr-ratio")?,
            motor_frac: rule("motor-direct-frac")?,
            motor_start: rule("motor-start-ratio")?,
            motor_xr: rule("motor-xr-ratio")?,
            peak_ratio: rule("gear-peak-ratio")?,
        })
    }
}

/// The voltage factors of the catalogue.
///
/// # Errors
/// One is unknown.
pub fn voltage_factor(catalog: &Catalog) -> Result<VoltageFactor, Unknown> {
    Ok(Rules::of(catalog)?.factor)
}

/// Fault levels of a site, without a plan: what flows plays no part.
///
/// # Errors
/// A figure of the network is unknown, or the network cannot be solved.
pub fn site_levels(site: &Site, catalog: &Catalog) -> Result<SiteFaults, SiteFaultError> {
    site_levels_until(site, catalog, &AtomicBool::new(false))
}

/// The same until another thread raises `stop`.
///
/// # Errors
/// Those of [`site_levels`], and that it was stopped.
pub fn site_levels_until(
    site: &Site,
    catalog: &Catalog,
    stop: &AtomicBool,
) -> Result<SiteFaults, SiteFaultError> {
    let rules = Rules::of(catalog)?;
    let mut made = electrical(site, catalog, &[])?;
    run_apart(site, &mut made);
    let (infeeds, assumed) = infeeds(site, &made, &rules)?;
    let fault = FaultCase {
        case: &made.case,
        factor: rules.factor,
        infeeds,
        motors: motors(site, &made, &rules),
        transformers: transformers(site, &made, &made.case),
    };
    let solved = Solved::of(&fault)?;
    let normal = solved.levels()?;
    let open = open_transfers(site, &made.case);
    let closed: Vec<_> = open
        .par_iter()
        .map(|&i| {
            if stop.load(Ordering::Relaxed) {
                return Err(SiteFaultError::Stopped);
            }
            let switch = &made.case.switches[i];
            if let Some(levels) = solved.joining(switch.a, switch.b)? {
                return Ok(levels);
            }
            // What nothing fed before has no place in the equations that are solved.
            let mut case = made.case.clone();
            case.switches[i].closed = true;
            Ok(levels(&FaultCase { case: &case, ..fault.clone() })?)
        })
        .collect::<Result<_, SiteFaultError>>()?;
    let mut tied: Vec<Option<(Level, String)>> = vec![None; normal.len()];
    for (i, levels) in open.into_iter().zip(closed) {
        for (best, (now, was)) in tied.iter_mut().zip(levels.iter().zip(&normal)) {
            let Some(now) = now else { continue };
            let more = |than: f64| now.ik_ka > than * (1.0 + 1e-6);
            if more(was.map_or(0.0, |l| l.ik_ka))
                && best.as_ref().is_none_or(|(level, _)| more(level.ik_ka))
            {
                *best = Some((*now, made.case.switches[i].id.clone()));
            }
        }
    }
    let mut places = places(site, catalog, &made, &rules, (&normal, &tied));
    let stress = |p: &Place| {
        let worst = p.tied.as_ref().map_or(p.level.ik_ka, |(l, _)| l.ik_ka.max(p.level.ik_ka));
        p.rated_ka.map_or((0, worst), |rated| (1, worst / rated))
    };
    places.sort_by(|a, b| {
        let (a, b) = (stress(a), stress(b));
        b.0.cmp(&a.0).then(b.1.total_cmp(&a.1))
    });
    let findings = places.iter().filter_map(finding).collect();
    Ok(SiteFaults { places, assumed, factor: rules.factor, findings })
}

/// Open switches by which a node takes power from another source.
fn open_transfers(site: &Site, case: &Case) -> Vec<usize> {
    let transfers = |id: &str| site.campus.nodes.iter().any(|n| n.id == id);
    let switches = case.switches.iter().enumerate();
    switches.filter(|(_, s)| !s.closed && transfers(&s.transfer)).map(|(i, _)| i).collect()
}

/// Opens the low side of all but the first of a group of unit substations, and leaves one
/// machine of each busway.
fn run_apart(site: &Site, made: &mut Electrical) {
    let kind: BTreeMap<&str, NodeKind> =
        site.campus.nodes.iter().map(|n| (n.id.as_str(), n.kind)).collect();
    let of = |id: &str| -> Option<(NodeKind, usize)> {
        let mut parts = id.split('/');
        let kind = *kind.get(parts.next()?)?;
        Some((kind, parts.next().and_then(|k| k.parse().ok()).unwrap_or(1)))
    };
    for s in made.case.switches.iter_mut().filter(|s| s.id.ends_with("/lv")) {
        s.closed &= !matches!(of(&s.id), Some((NodeKind::UnitSubstation, k)) if k > 1);
    }
    for b in &mut made.case.branches {
        b.in_service &= !matches!(of(&b.id), Some((NodeKind::Busway, k)) if k > 1);
        b.tap_ratio = 1.0;
    }
}

fn infeeds(
    site: &Site,
    made: &Electrical,
    rules: &Rules,
) -> Result<(Vec<Infeed>, Vec<String>), Unknown> {
    let (mut found, mut assumed) = (Vec::new(), Vec::new());
    for feed in &site.campus.feeds {
        let Some(&bus) = made.bus_of.get(&feed.id) else { continue };
        let kv = feed.voltage_kv;
        let kv = kv.ok_or_else(|| Unknown { path: format!("feeds.{}.voltage_kv", feed.id) })?;
        let fault_mva = feed.fault_mva.unwrap_or_else(|| {
            assumed.push(feed.id.clone());
            3f64.sqrt() * kv * rules.grid_ka
        });
        found.push(Infeed { id: feed.id.clone(), bus, fault_mva, xr_ratio: rules.grid_xr });
    }
    Ok((found, assumed))
}

/// Pumps, fans and chillers that start directly, at the nodes of the loops.
fn motors(site: &Site, made: &Electrical, rules: &Rules) -> Vec<Motors> {
    let campus = &site.campus;
    let of = |node: &Node| campus.loops.iter().any(|l| l.node == node.id);
    let found = campus.nodes.iter().filter(|n| of(n)).filter_map(|node| {
        let bus = *made.bus_of.get(&node.id)?;
        let rated_mva = node.capacity_mw? * rules.motor_frac;
        let (start_ratio, xr_ratio) = (rules.motor_start, rules.motor_xr);
        (rated_mva > 0.0).then_some(Motors { bus, rated_mva, start_ratio, xr_ratio })
    });
    found.collect()
}

fn transformers(site: &Site, made: &Electrical, case: &Case) -> BTreeMap<usize, f64> {
    let is = |id: &str| {
        let node = site.campus.nodes.iter().find(|n| n.id == id);
        let kinds = [NodeKind::MainTransformer, NodeKind::UnitSubstation];
        node.is_some_and(|n| kinds.contains(&n.kind))
    };
    let of = made.node_of_branch.iter().zip(&case.branches).enumerate();
    let found = of.filter(|(_, (node, _))| is(node));
    found.filter_map(|(i, (_, b))| Some((i, b.ratings.normal_mva?))).collect()
}

type Found<'a> = (&'a [Option<Level>], &'a [Option<(Level, String)>]);

fn places(
    site: &Site,
    catalog: &Catalog,
    made: &Electrical,
    rules: &Rules,
    (normal, tied): Found<'_>,
) -> Vec<Place> {
    let mut all = Vec::new();
    let campus = &site.campus;
    let feeds = campus.feeds.iter().map(|f| ("feeds", f.id.as_str(), f.name.as_str(), None));
    let nodes = campus.nodes.iter().map(|n| ("nodes", n.id.as_str(), n.name.as_str(), Some(n)));
    for (list, id, name, node) in feeds.chain(nodes) {
        let own = made.case.buses.iter().enumerate().filter(|(_, b)| {
            let rest = b.id.strip_prefix(id);
            rest.is_some_and(|r| r.is_empty() || (r.starts_with('/') && r.ends_with("/lv")))
        });
        let strongest = own
            .filter_map(|(i, b)| Some((normal[i]?, i, b.base_kv?)))
            .max_by(|a, b| a.0.ik_ka.total_cmp(&b.0.ik_ka));
        let Some((level, bus, kv)) = strongest else { continue };
        let rated_ka = node.and_then(|n| gear_ka(n, catalog));
        all.push(Place {
            path: format!("{list}.{id}"),
            name: name.to_owned(),
            kv,
            level,
            tied: tied[bus].clone(),
            rated_ka,
            rated_peak_ka: rated_ka.map(|ka| ka * rules.peak_ratio),
        });
    }
    all
}

/// What the gear at a node's output bears.
fn gear_ka(node: &Node, catalog: &Catalog) -> Option<f64> {
    let equipment = catalog.equipment.get(node.equipment.as_deref()?)?;
    let bar = matches!(
        equipment.kind,
        EquipmentKind::Switchgear | EquipmentKind::UnitTransformer | EquipmentKind::Busway
    );
    equipment.fault_ka.as_ref().filter(|_| bar).and_then(Fact::get)
}

fn finding(place: &Place) -> Option<Diagnostic> {
    let rated = place.rated_ka?;
    let beyond = |l: &Level| place.bears(l) == Some(false);
    let (level, when) = match &place.tied {
        _ if beyond(&place.level) => (place.level, String::new()),
        Some((level, switch)) if beyond(level) => {
            (*level, format!(" while {switch} closes beside its closed sources"))
        }
        _ => return None,
    };
    let message = format!(
        "A fault at {} draws {:.1} kA, {:.1} kA at its peak{when}; its gear bears {rated:.1} and {:.1} kA",
        place.name,
        level.ik_ka,
        level.ip_ka,
        place.rated_peak_ka.unwrap_or(0.0),
    );
    let hint = if when.is_empty() {
        "Split the bar, take transformers of greater impedance, or gear that bears it"
    } else {
        "Lock the switches against each other so that one opens before the other closes"
    };
    Some(Diagnostic::warning("fault-level", &place.path, message, hint))
}
