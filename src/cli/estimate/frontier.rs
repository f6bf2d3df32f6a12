//! The curves of `gigasite estimate`: names become records, a sweep for each precision,
//! and the answer as text, JSON or a picture.

use super::super::{End, print, print_json};
use super::output::write_whole;
use super::{Arguments, text};
use crate::catalog::{Catalog, Model, Precision, Rack, Role};
use crate::estimate::{
    Backend, Constants, Effort, FrameworkConstants, Refusal, Space, Wish, Workload, frontiers,
};
use crate::fields::nearest;
use crate::report::throughput::{
    Curve, ErrorFigures, Refused, Throughput, WorkloadFigures, picture, published,
};
use crate::report::writers;
use anyhow::{bail, ensure};
use std::time::Instant;

pub(super) fn run(arguments: &Arguments, catalog: &Catalog) -> anyhow::Result<End> {
    let answer = answer(arguments, catalog)?;
    if arguments.svg.is_some() || arguments.png.is_some() {
        draw(arguments, &answer, catalog)?;
    }
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        print(&text::frontier(&answer));
    }
    Ok(if answer.curves.is_empty() { End::Negative } else { End::Done })
}

fn draw(arguments: &Arguments, answer: &Throughput, catalog: &Catalog) -> anyhow::Result<()> {
    if answer.curves.is_empty() {
        crate::cli::note("no curve, no picture");
        return Ok(());
    }
    let picture = picture(answer, catalog, !arguments.light, &mut writers::png::measure());
    if let Some(path) = &arguments.svg {
        write_whole(path, writers::svg::write(&picture).as_bytes())?;
    }
    if let Some(path) = &arguments.png {
        write_whole(path, &writers::png::write(&picture, writers::png::SCALE)?)?;
    }
    Ok(())
}

fn answer(arguments: &Arguments, catalog: &Catalog) -> anyhow::Result<Throughput> {
    let racks = racks(catalog, &arguments.rack, arguments.cap.as_deref())?;
    let model = model(catalog, arguments.model.as_deref().unwrap_or_default())?;
    let newest = Constants::newest(catalog)?;
    let constants = dated(&newest, arguments.software.as_deref())?;
    let framework = framework(&constants, &arguments.framework)?;
    let workload = workload(arguments)?;
    let asked = precisions(&arguments.precision)?;
    let wish = Wish {
        catalog,
        model,
        racks: Vec::new(),
        precisions: Vec::new(),
        workload,
        framework: framework.id.clone(),
        ttft_limit_ms: arguments.ttft_limit,
        speculative: !arguments.no_drafts,
        effort: if arguments.exhaustive { Effort::Exhaustive } else { Effort::Interactive },
    };
    let mut out = Throughput {
        software: constants.software.clone(),
        newest_software: newest.software.clone(),
        tpot_ratio: constants.tpot_over(&newest),
        constants: constants.id.clone(),
        errors: catalog
            .serving
            .get(&constants.id)
            .map(|s| ErrorFigures::new(&s.errors))
            .unwrap_or_default(),
        model: model.id.clone(),
        model_name: model.name.clone(),
        framework: framework.id.clone(),
        framework_name: framework.name.clone(),
        workload: WorkloadFigures::new(workload, wish.ttft_limit_ms, wish.speculative),
        ..Throughput::default()
    };
    let mut backend = Backend::open(arguments.backend.into());
    let start = Instant::now();
    let mut sweeps = Sweeps { constants: &constants, backend: &mut backend, out: &mut out };
    for (precision, racks) in by_precision(model, &racks, &asked) {
        let racks = racks.into_iter().map(|r| (r, arguments.cap.clone())).collect();
        sweeps.run(&Wish { racks, precisions: vec![precision], ..wish.clone() });
    }
    out.seconds = start.elapsed().as_secs_f64();
    out.ran_on(backend.report());
    in_order(&mut out, &racks);
    out.published = published(catalog, &model.id, &out.curves);
    Ok(out)
}

/// What the sweeps share.
struct Sweeps<'a> {
    constants: &'a Constants,
    backend: &'a mut Backend,
    out: &'a mut Throughput,
}

impl Sweeps<'_> {
    /// Racks that can be estimated give curves, the others a reason.
    fn run(&mut self, wish: &Wish) {
        match Space::new(wish, self.constants) {
            Ok(space) => self.sweep(wish, &space),
            // All are refused: ask for the reason of each.
            Err(_) => {
                for rack in &wish.racks {
                    let alone = Wish { racks: vec![rack.clone()], ..wish.clone() };
                    if let Err(refusal) = Space::new(&alone, self.constants) {
                        self.refuse(rack.0, &reason(&refusal));
                    }
                }
            }
        }
    }

    fn sweep(&mut self, wish: &Wish, space: &Space) {
        let best = self.backend.sweep(space);
        self.out.evaluated_points += space.evaluated();
        let of = |id: &str| wish.racks.iter().find(|(r, _)| r.id == id);
        for (id, refusal) in &space.refused {
            if let Some((rack, _)) = of(id) {
                self.refuse(rack, &reason(refusal));
            }
        }
        for frontier in frontiers(space, &best, self.constants) {
            let Some((rack, cap)) = of(&frontier.group.machine.rack) else { continue };
            if frontier.points.is_empty() {
                let limit = wish.ttft_limit_ms.unwrap_or_default();
                self.refuse(rack, &format!("no first token within {limit} ms at any load"));
                continue;
            }
            let first = rack.caps.first().map(|c| c.id.clone());
            let cap = cap.clone().or(first).unwrap_or_default();
            self.out.curves.push(Curve::new(&frontier, rack, &cap, wish.model));
            self.out.frontiers.push(frontier);
        }
    }

    fn refuse(&mut self, rack: &Rack, reason: &str) {
        let beside = match &rack.role {
            Role::Adjunct { of } => format!("it serves beside {of} alone; "),
            Role::Compute => String::new(),
        };
        let refused = Refused { rack: rack.id.clone(), reason: format!("{beside}{reason}") };
        if !self.out.refused.contains(&refused) {
            self.out.refused.push(refused);
        }
    }
}

/// Why there is no estimate, with what to do about it.
fn reason(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown(path) => {
            format!("{path} is unknown; give it a value in a folder for --catalog")
        }
        other => other.to_string(),
    }
}

/// Curves and refusals in the order in which the racks were named.
fn in_order(out: &mut Throughput, racks: &[&Rack]) {
    let place = |id: &str| racks.iter().position(|r| r.id == id);
    out.curves.sort_by_key(|c| place(&c.rack));
    out.frontiers.sort_by_key(|f| place(&f.group.machine.rack));
    out.refused.sort_by_key(|r| place(&r.rack));
}

/// The racks of each precision: those that were asked for, or the usual one of each rack.
fn by_precision<'a>(
    model: &Model,
    racks: &[&'a Rack],
    asked: &[Precision],
) -> Vec<(Precision, Vec<&'a Rack>)> {
    if !asked.is_empty() {
        return asked.iter().map(|p| (*p, racks.to_vec())).collect();
    }
    let mut out: Vec<(Precision, Vec<&Rack>)> = Vec::new();
    for rack in racks {
        let precision = model.usual_precision_on(rack);
        match out.iter_mut().find(|(p, _)| *p == precision) {
            Some((_, racks)) => racks.push(rack),
            None => out.push((precision, vec![rack])),
        }
    }
    out
}

fn racks<'a>(
    catalog: &'a Catalog,
    names: &[String],
    cap: Option<&str>,
) -> anyhow::Result<Vec<&'a Rack>> {
    let mut out: Vec<&Rack> = Vec::new();
    for name in names.iter().map(|n| n.trim()) {
        let found = catalog.racks.get(name).or_else(|| catalog.rack_by_label(name));
        let Some(rack) = found else {
            let known = catalog.racks.values().flat_map(|r| [r.id.as_str(), r.short.as_str()]);
            bail!("no rack {name}; near it: {}", nearest(name, known).join(", "));
        };
        if let Some(cap) = cap.filter(|cap| rack.caps.iter().all(|c| c.id != **cap)) {
            let known: Vec<&str> = rack.caps.iter().map(|c| c.id.as_str()).collect();
            bail!("--cap {cap}: {} has {}", rack.id, known.join(", "));
        }
        if out.iter().all(|r| r.id != rack.id) {
            out.push(rack);
        }
    }
    Ok(out)
}

fn model<'a>(catalog: &'a Catalog, name: &str) -> anyhow::Result<&'a Model> {
    let found = catalog.models.get(name.trim()).or_else(|| catalog.model_by_label(name));
    found.ok_or_else(|| {
        let known = nearest(name, catalog.models.keys().map(String::as_str));
        anyhow::anyhow!("no model {name}; near it: {}", known.join(", "))
    })
}

fn framework<'a>(constants: &'a Constants, name: &str) -> anyhow::Result<&'a FrameworkConstants> {
    constants.framework(name).ok_or_else(|| {
        let known: Vec<&str> = constants.frameworks.iter().map(|f| f.id.as_str()).collect();
        anyhow::anyhow!("no framework {name}; choose {}", known.join(", "))
    })
}

/// The constants as software of a month had them.
fn dated(newest: &Constants, month: Option<&str>) -> anyhow::Result<Constants> {
    let Some(month) = month else { return Ok(newest.clone()) };
    newest.at(month.trim()).map_err(|refusal| match refusal {
        Refusal::Software { asked, from, to } => {
            anyhow::anyhow!("--software {asked}: choose a month from {from} to {to}")
        }
        other => other.into(),
    })
}

fn precisions(names: &[String]) -> anyhow::Result<Vec<Precision>> {
    let mut out = Vec::new();
    for name in names {
        let Some(precision) = Precision::parse(name) else {
            bail!("no precision {name}; choose bf16, fp8, fp4 or int4");
        };
        if !out.contains(&precision) {
            out.push(precision);
        }
    }
    Ok(out)
}

/// Checks the numbers of a request.
fn workload(arguments: &Arguments) -> anyhow::Result<Workload> {
    let whole = |name: &str, v: f64| {
        ensure!(v.is_finite() && v >= 1.0, "--{name} {v}: at least one token");
        Ok(v)
    };
    let cached = arguments.prefix_cached;
    ensure!((0.0..=1.0).contains(&cached), "--prefix-cached {cached}: a share from 0 to 1");
    if let Some(limit) = arguments.ttft_limit {
        ensure!(limit.is_finite() && limit > 0.0, "--ttft-limit {limit}: above zero milliseconds");
    }
    Ok(Workload {
        isl: whole("isl", arguments.isl)?,
        osl: whole("osl", arguments.osl)?,
        cached_frac: cached,
    })
}
