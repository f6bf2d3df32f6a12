//! Device types of NetBox libraries (YAML) as rack records of a catalogue overlay. A device
//! type knows maker, model, mass and power ports; everything else of a rack stays unknown,
//! which stops what needs it by name. It must not know where the overlay lies.

use super::Skipped;
use crate::catalog::{
    Catalog, Chip, Fact, Generation, Goodput, Kind, Known, PowerCap, Rack, Role, Source, Status,
};
use crate::diag::{Diagnostic, Report};
use crate::units::format;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

/// Endings of device types.
pub const EXTENSIONS: [&str; 2] = ["yaml", "yml"];
/// Whether a file is a device type by its ending.
pub fn is_device_type(file: &str) -> bool {
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    ending.is_some_and(|ending| EXTENSIONS.contains(&ending.as_str()))
}

/// A device type is a page of text.
const MOST_BYTES: usize = 1 << 20;
const POUND_KG: f64 = 0.453_592_37;

/// What NetBox libraries state of a device; more is left out.
#[derive(Debug, Deserialize)]
struct DeviceType {
    manufacturer: String,
    model: String,
    slug: Option<String>,
    part_number: Option<String>,
    u_height: Option<f64>,
    weight: Option<f64>,
    weight_unit: Option<String>,
    #[serde(default, rename = "power-ports")]
    power_ports: Vec<PowerPort>,
}

#[derive(Debug, Deserialize)]
struct PowerPort {
    name: String,
    /// Watts.
    maximum_draw: Option<f64>,
    allocated_draw: Option<f64>,
}

/// What a figure of the power ports becomes of a rack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    InstalledSupply,
    Peak,
    Cap,
    Nothing,
}

impl Target {
    pub const ALL: [Target; 4] =
        [Target::InstalledSupply, Target::Peak, Target::Cap, Target::Nothing];

    /// Words of the window.
    pub const fn title(self) -> &'static str {
        match self {
            Target::InstalledSupply => "Installed supply",
            Target::Peak => "Sub-second peak",
            Target::Cap => "Power cap",
            Target::Nothing => "Left out",
        }
    }
}

/// How a device type becomes a rack, where the file leaves it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// Of the record; absent: the slug of the device type.
    pub id: Option<String>,
    /// Short form for tables and the canvas; absent: the model.
    pub short: Option<String>,
    /// Sum of `maximum_draw` over the power ports.
    pub maximum_draw: Target,
    /// Sum of `allocated_draw` over the power ports.
    pub allocated_draw: Target,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            id: None,
            short: None,
            maximum_draw: Target::InstalledSupply,
            allocated_draw: Target::Cap,
        }
    }
}

/// A record for an overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct RackType {
    /// Of the record, and of its file.
    pub id: String,
    pub source: Source,
    pub rack: Rack,
    /// The overlay file: its source and the rack.
    pub text: String,
    /// What is taken, a line each with its figures.
    pub taken: Vec<String>,
    /// What stays unknown or out.
    pub skipped: Vec<Skipped>,
}

#[derive(Serialize)]
struct OverlayFile<'a> {
    sources: &'a [Source],
    racks: &'a [Rack],
}

/// Reads a device type. `date` is the day of the import, `YYYY-MM-DD`: the format states none.
///
/// # Errors
/// A report with line and column where the text says them.
pub fn read(
    (file, bytes): (&str, &[u8]),
    date: &str,
    (catalog, mapping): (&Catalog, &Mapping),
) -> Result<RackType, Report> {
    let fault = |code: &str, message: String, hint: &str| {
        let mut fault = Diagnostic::error(code, "", message, hint);
        fault.file = Some(file.to_owned());
        fault
    };
    let hint = "Choose a device type of a NetBox library";
    if bytes.len() > MOST_BYTES {
        let long = fault("too-large", "The file is larger than any device type".to_owned(), hint);
        return Err(Report { items: vec![long] });
    }
    let device: DeviceType = serde_yaml_ng::from_slice(bytes).map_err(|e| {
        let message = format!("The file is no device type: {e}");
        let fault = fault("not-a-device-type", message, hint);
        let at = e.location();
        let fault = match at {
            Some(at) => fault.at(file, at.line(), at.column()),
            None => fault,
        };
        Report { items: vec![fault] }
    })?;
    let stated = device.slug.as_deref().unwrap_or(&device.model);
    let id = slug(mapping.id.as_deref().unwrap_or(stated));
    if id.is_empty() || catalog.racks.contains_key(&id) {
        let message = format!("The catalogue has a rack \"{id}\" already, or the slug is empty");
        let fault =
            fault("known-rack", message, "Give it another id, or change the slug in the file");
        return Err(Report { items: vec![fault] });
    }
    let (mut taken, mut skipped) = (Vec::new(), Vec::new());
    let source = Source {
        id: format!("device-type-{id}"),
        title: format!("Device type {} {}", device.manufacturer, device.model),
        publisher: "NetBox device type library".to_owned(),
        date: date.to_owned(),
    };
    let rack = rack(&device, (&id, &source.id), mapping, (&mut taken, &mut skipped));
    taken.insert(0, format!("{} of {} as rack {id}", rack.name, rack.maker));
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let file =
        OverlayFile { sources: std::slice::from_ref(&source), racks: std::slice::from_ref(&rack) };
    let text = options.to_string_pretty(&file, PrettyConfig::new());
    // cannot fail: records hold text and finite numbers.
    let text = text.expect("plain data");
    let text = format!("// From {}; what it does not state is unknown.\n{text}\n", source.title);
    Ok(RackType { id, source, rack, text, taken, skipped })
}

fn rack(
    device: &DeviceType,
    (id, source): (&str, &str),
    mapping: &Mapping,
    (taken, skipped): (&mut Vec<String>, &mut Vec<Skipped>),
) -> Rack {
    let stated = |value: f64, note: &str| Fact {
        value: Known::Is(value),
        kind: Some(Kind::Vendor),
        source: Some(source.to_owned()),
        note: note.to_owned(),
        ..Fact::default()
    };
    let unknown = || Fact { note: "Not in the device type".to_owned(), ..Fact::default() };
    let or_unknown =
        |value: Option<f64>, note: &str| value.map_or_else(unknown, |value| stated(value, note));
    let figures = figures(device, mapping, (taken, skipped));
    let power = |wanted: Target| match figures.power.iter().find(|p| p.0 == wanted) {
        Some((_, kw, field)) => stated(*kw, &format!("Sum of {field} over the power ports")),
        None => unknown(),
    };
    let cap = PowerCap {
        id: "allocated".to_owned(),
        name: "Allocated".to_owned(),
        kw: power(Target::Cap),
        drawn_frac: unknown(),
    };
    Rack {
        id: id.to_owned(),
        name: device.model.clone(),
        short: mapping.short.clone().unwrap_or_else(|| device.model.clone()),
        aliases: device.part_number.iter().cloned().collect(),
        maker: device.manufacturer.clone(),
        generation: Generation::Other,
        status: Status::Shipping,
        role: Role::Compute,
        gpus: unknown(),
        scale_up_gpus: unknown(),
        caps: vec![cap],
        installed_kw: power(Target::InstalledSupply),
        feed_kw: None,
        peak_kw: power(Target::Peak),
        idle_kw: unknown(),
        all_in_kw: unknown(),
        availability_frac: unknown(),
        spares_frac: unknown(),
        goodput: Goodput { inference_frac: unknown(), training_frac: unknown() },
        price_usd: unknown(),
        width_m: unknown(),
        depth_m: unknown(),
        mass_kg: or_unknown(figures.mass_kg, ""),
        liquid_frac: unknown(),
        coolant_lpm_per_kw: unknown(),
        coolant_supply_max_c: unknown(),
        scalable_unit: None,
        pair_ratio: unknown(),
        decoder: None,
        chip: Chip {
            hbm_gb: unknown(),
            hbm_usable_gb: unknown(),
            hbm_tb_s: unknown(),
            fp4_tflops: unknown(),
            fp8_tflops: unknown(),
            bf16_tflops: unknown(),
            scale_up_tb_s: unknown(),
            scale_out_gbit_s: unknown(),
            tdp_w: unknown(),
        },
    }
}

/// What a device type states in figures.
struct Figures {
    mass_kg: Option<f64>,
    /// What a sum over the power ports becomes, kW, and the field that it is of.
    power: Vec<(Target, f64, &'static str)>,
}

fn figures(
    device: &DeviceType,
    mapping: &Mapping,
    (taken, skipped): (&mut Vec<String>, &mut Vec<Skipped>),
) -> Figures {
    let mass_kg = mass_kg(device, skipped);
    let maximum = watts(&device.power_ports, "maximum_draw", |p| p.maximum_draw, skipped);
    let allocated = watts(&device.power_ports, "allocated_draw", |p| p.allocated_draw, skipped);
    let mut power: Vec<(Target, f64, &'static str)> = Vec::new();
    for (target, value, field) in [
        (mapping.maximum_draw, maximum, "maximum_draw"),
        (mapping.allocated_draw, allocated, "allocated_draw"),
    ] {
        let Some(kw) = value else { continue };
        // Of two that become one the first counts.
        if target == Target::Nothing || power.iter().any(|p| p.0 == target) {
            let reason = format!("{kw} kW left out by choice");
            skipped.push(Skipped { place: field.to_owned(), reason });
        } else {
            power.push((target, kw, field));
        }
    }
    let of = |wanted: Target| power.iter().find(|p| p.0 == wanted).map(|p| p.1);
    for (what, value, unit) in [
        ("Mass", mass_kg, "kg"),
        ("Installed supply", of(Target::InstalledSupply), "kW"),
        ("Peak", of(Target::Peak), "kW"),
        ("Cap", of(Target::Cap), "kW"),
    ] {
        match value {
            Some(value) => taken.push(format!("{what} {} {unit}", format::plain(value))),
            None => skipped.push(Skipped {
                place: what.to_owned(),
                reason: "Not stated: unknown, and what needs it stops".to_owned(),
            }),
        }
    }
    if let Some(units) = device.u_height {
        let reason = format!("{units} units: a rack record has no height in units");
        skipped.push(Skipped { place: "u_height".to_owned(), reason });
    }
    Figures { mass_kg, power }
}

/// Kilowatts over all ports; nothing where one of them does not say.
fn watts(
    ports: &[PowerPort],
    field: &str,
    draw: impl Fn(&PowerPort) -> Option<f64>,
    skipped: &mut Vec<Skipped>,
) -> Option<f64> {
    let is_power = |w: &f64| w.is_finite() && (0.0..=1e7).contains(w);
    for port in ports {
        if let Some(bad) = draw(port).filter(|w| !is_power(w)) {
            let place = format!("power-ports, {}, {field}", port.name);
            skipped.push(Skipped { place, reason: format!("{bad} is no power in watts") });
        }
    }
    let total: Option<f64> = ports.iter().map(|p| draw(p).filter(is_power)).sum();
    total.filter(|w| *w > 0.0).map(|w| w / 1e3)
}

fn mass_kg(device: &DeviceType, skipped: &mut Vec<Skipped>) -> Option<f64> {
    let weight = device.weight.filter(|w| w.is_finite() && *w > 0.0)?;
    let factor = match device.weight_unit.as_deref() {
        Some("kg") => 1.0,
        Some("g") => 1e-3,
        Some("lb") => POUND_KG,
        Some("oz") => POUND_KG / 16.0,
        other => {
            let unit = other.unwrap_or("nothing");
            let reason = format!("\"{unit}\" is no unit of mass: kg, g, lb or oz");
            skipped.push(Skipped { place: "weight_unit".to_owned(), reason });
            return None;
        }
    };
    Some((weight * factor * 1e3).round() / 1e3)
}

/// Letters, digits and hyphens, as ids of the catalogue have them.
fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_alphanumeric() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}
