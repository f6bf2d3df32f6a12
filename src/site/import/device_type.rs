//! Device types of NetBox libraries (YAML) as rack records of a catalogue overlay. A device
//! type knows maker, model, mass and power ports; everything else of a rack stays unknown,
//! which stops what needs it by name. It must not know where the overlay lies.

use super::Skipped;
use crate::catalog::{
    Catalog, Chip, Fact, Generation, Goodput, Kind, Known, PowerCap, Rack, Role, Source, Status,
};
use crate::diag::{Diagnostic, Report};
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

/// Endings of device types.
pub const EXTENSIONS: [&str; 2] = ["yaml", "yml"];
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

/// A record for an overlay.
#[derive(Clone, Debug, PartialEq)]
pub struct RackType {
    /// Of the record, and of its file.
    pub id: String,
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
    catalog: &Catalog,
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
    let id = slug(device.slug.as_deref().unwrap_or(&device.model));
    if id.is_empty() || catalog.racks.contains_key(&id) {
        let message = format!("The catalogue has a rack \"{id}\" already, or the slug is empty");
        let fault = fault("known-rack", message, "Change the slug in the file");
        return Err(Report { items: vec![fault] });
    }
    let mut out = RackType { id, text: String::new(), taken: Vec::new(), skipped: Vec::new() };
    let source = Source {
        id: format!("device-type-{}", out.id),
        title: format!("Device type {} {}", device.manufacturer, device.model),
        publisher: "NetBox device type library".to_owned(),
        date: date.to_owned(),
    };
    let rack = rack(&device, &source.id, &mut out);
    let title = source.title.clone();
    out.taken.insert(0, format!("{} of {} as rack {}", rack.name, rack.maker, rack.id));
    let options = ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME);
    let file = OverlayFile { sources: &[source], racks: &[rack] };
    let text = options.to_string_pretty(&file, PrettyConfig::new());
    // cannot fail: records hold text and finite numbers.
    let text = text.expect("plain data");
    out.text = format!("// From {title}; what it does not state is unknown.\n{text}\n");
    Ok(out)
}

fn rack(device: &DeviceType, source: &str, out: &mut RackType) -> Rack {
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
    let mass = mass_kg(device, &mut out.skipped);
    let installed = watts(&device.power_ports, "maximum_draw", |p| p.maximum_draw, out);
    let allocated = watts(&device.power_ports, "allocated_draw", |p| p.allocated_draw, out);
    for (what, value, unit) in
        [("Mass", mass, "kg"), ("Installed supply", installed, "kW"), ("Cap", allocated, "kW")]
    {
        match value {
            Some(value) => out.taken.push(format!("{what} {value} {unit}")),
            None => out.skipped.push(Skipped {
                place: what.to_owned(),
                reason: "Not stated: unknown, and what needs it stops".to_owned(),
            }),
        }
    }
    if let Some(units) = device.u_height {
        let reason = format!("{units} units: a rack record has no height in units");
        out.skipped.push(Skipped { place: "u_height".to_owned(), reason });
    }
    let cap = PowerCap {
        id: "allocated".to_owned(),
        name: "Allocated".to_owned(),
        kw: or_unknown(allocated, "Sum of allocated_draw over the power ports"),
        drawn_frac: unknown(),
    };
    Rack {
        id: out.id.clone(),
        name: device.model.clone(),
        short: device.model.clone(),
        aliases: device.part_number.iter().cloned().collect(),
        maker: device.manufacturer.clone(),
        generation: Generation::Other,
        status: Status::Shipping,
        role: Role::Compute,
        gpus: unknown(),
        scale_up_gpus: unknown(),
        caps: vec![cap],
        installed_kw: or_unknown(installed, "Sum of maximum_draw over the power ports"),
        peak_kw: unknown(),
        idle_kw: unknown(),
        all_in_kw: unknown(),
        availability_frac: unknown(),
        spares_frac: unknown(),
        goodput: Goodput { inference_frac: unknown(), training_frac: unknown() },
        price_usd: unknown(),
        width_m: unknown(),
        depth_m: unknown(),
        mass_kg: or_unknown(mass, ""),
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

/// Kilowatts over all ports; nothing where one of them does not say.
fn watts(
    ports: &[PowerPort],
    field: &str,
    draw: impl Fn(&PowerPort) -> Option<f64>,
    out: &mut RackType,
) -> Option<f64> {
    let is_power = |w: &f64| w.is_finite() && (0.0..=1e7).contains(w);
    for port in ports {
        if let Some(bad) = draw(port).filter(|w| !is_power(w)) {
            let place = format!("power-ports, {}, {field}", port.name);
            out.skipped.push(Skipped { place, reason: format!("{bad} is no power in watts") });
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
