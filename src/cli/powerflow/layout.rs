//! `gigasite powerflow LAYOUT`: the plan of a site on its own network.

use super::outages::{Overload, Voltage, sentence, status};
use super::{Answer, Arguments, Id};
use crate::cli::check::{Read, chosen, read};
use crate::cli::{End, load_catalog, print, print_json, say};
use crate::power::contingency::{Action, Consequence, Rating};
use crate::power::flow::{self, Status};
use crate::study::network::{self, Checked, SiteOutage};
use crate::study::pairs::pairs;
use crate::study::{self, SolveOptions};
use serde::Serialize;

/// Rows that are printed; the rest is in `--json`.
const ROWS: usize = 25;

#[derive(Serialize)]
struct LayoutAnswer {
    #[serde(flatten)]
    flow: Answer,
    /// Grid power of the plan, whose losses are shares, and of the power flow.
    plan_grid_mw: f64,
    grid_difference_mw: f64,
    /// Elements of the network.
    network: Size,
    overloads: Vec<Loaded>,
    voltages: Vec<Voltage>,
    check: String,
    /// Main transformers whose taps stand beside their main position, in steps.
    taps: Vec<Tap>,
    /// Generators and batteries that nothing counts on.
    stand_by: Vec<String>,
    /// What may fail, by the wiring.
    redundancy: super::redundancy::Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    outages: Option<Vec<Row>>,
}

#[derive(Serialize)]
struct Size {
    buses: usize,
    branches: usize,
    switches: usize,
}

#[derive(Serialize)]
struct Tap {
    branch: String,
    steps: i64,
    ratio: f64,
}

#[derive(Serialize)]
struct Loaded {
    branch: String,
    loading_frac: f64,
}

#[derive(Serialize)]
struct Row {
    id: String,
    name: String,
    busbar: bool,
    holds: bool,
    /// What is lost at once, switches that close then, and interruptible load that is run back.
    load_lost_at_once_mw: f64,
    closes: Vec<String>,
    run_back_mw: f64,
    /// What is done, in its order, and when all of it has been done.
    remedies: Vec<Remedial>,
    response_seconds: Option<f64>,
    /// How long the ratings bear what is relieved then; absent where they bear it always, or
    /// where it is not known.
    minutes_allowed: Option<f64>,
    in_time: Option<bool>,
    /// Margin lost in a minute while the outage lasts.
    lost_usd_per_min: f64,
    #[serde(flatten)]
    state: State,
}

#[derive(Serialize)]
struct Remedial {
    control: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run_back_mw: Option<f64>,
    response_seconds: Option<f64>,
}

impl From<Action> for Remedial {
    fn from(action: Action) -> Self {
        Self {
            control: action.control.word(),
            closes: action.switch,
            run_back_mw: action.mw,
            response_seconds: action.response_s,
        }
    }
}

#[derive(Serialize)]
struct State {
    status: &'static str,
    load_lost_mw: f64,
    worst_branch: Option<String>,
    worst_loading_frac: Option<f64>,
    overloads: Vec<Overload>,
    voltages: Vec<Voltage>,
    sentence: String,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<End> {
    let catalog = load_catalog(&arguments.common)?;
    let Read { layout, report, .. } = match read(&arguments.file)? {
        Ok(read) => read,
        Err(report) => {
            say(&report.items);
            return Ok(End::Negative);
        }
    };
    say(&report.items);
    let one = layout.variant(chosen(&layout, arguments.variant.as_deref())?);
    if arguments.faults {
        if !arguments.fault_source.is_empty() {
            anyhow::bail!("--fault-source is for cases; of a layout set feeds.ID.fault_mva");
        }
        let (catalog, _) = study::in_force(&one.site, &catalog);
        return super::faults::of_site(arguments, &one.site, &catalog);
    }
    let outcome = study::run(&one.site, &catalog, &SolveOptions::default());
    say(&outcome.diagnostics);
    let (catalog, _) = study::in_force(&one.site, &catalog);
    if arguments.checks {
        return super::checks::run(arguments, &one.site, &catalog, &outcome);
    }
    if arguments.reliability {
        return super::reliability::run(arguments, &one.site, &catalog, &outcome);
    }
    let mut checked = network::check(&one.site, &catalog, &outcome)?;
    if arguments.dc {
        checked.solution = flow::dc(&checked.electrical.case)?;
    }
    super::export(arguments, &checked.electrical.case)?;
    let converged = checked.solution.status != Status::Diverged;
    let outages = match arguments.contingencies {
        Some(super::Contingencies::Single) if converged => Some(checked.outages(&one.site)?),
        Some(super::Contingencies::Pairs) if converged => Some(pairs(&checked, &one.site)?.outages),
        _ => None,
    };
    let case = &checked.electrical.case;
    let ptdf = arguments.ptdf.then(|| super::factors(case)).transpose()?;
    let redundancy = network::redundancy(&one.site, &catalog, &outcome);
    say(&redundancy.findings);
    let redundancy = super::redundancy::answer(&one.site, redundancy);
    let answer =
        LayoutAnswer { redundancy, ..answer(&checked, outages.as_deref(), (arguments.dc, ptdf)) };
    if arguments.common.json {
        print_json(&answer)?;
    } else {
        print(&text(&checked, &answer));
    }
    Ok(if converged { End::Done } else { End::Negative })
}

fn answer(
    checked: &Checked,
    outages: Option<&[SiteOutage]>,
    (dc, ptdf): (bool, Option<super::Ptdf>),
) -> LayoutAnswer {
    let (case, solution) = (&checked.electrical.case, &checked.solution);
    let over = solution.branches.iter().filter_map(|b| {
        let loading_frac = b.loading_frac.filter(|frac| *frac > 1.0 + 1e-9)?;
        Some(Loaded { branch: b.id.clone(), loading_frac })
    });
    let overloads: Vec<Loaded> = over.collect();
    let voltages: Vec<Voltage> = crate::power::contingency::breaches(case, solution, false)
        .iter()
        .map(Voltage::of)
        .collect();
    let difference = solution.slack_p_mw - checked.plan_grid_mw;
    LayoutAnswer {
        flow: Answer { ptdf, ..super::answer(solution, dc) },
        plan_grid_mw: checked.plan_grid_mw,
        grid_difference_mw: difference,
        network: Size {
            buses: case.buses.len(),
            branches: case.branches.len(),
            switches: case.switches.len(),
        },
        check: verdict(checked, overloads.len(), voltages.len()),
        taps: taps(checked),
        stand_by: Vec::new(),
        redundancy: super::redundancy::Answer::default(),
        overloads,
        voltages,
        outages: outages.map(|all| all.iter().map(row).collect()),
    }
}

fn taps(checked: &Checked) -> Vec<Tap> {
    let moved = checked.electrical.changers.iter().filter_map(|changer| {
        let branch = &checked.electrical.case.branches[changer.branch];
        let (steps, ratio) = (changer.position(branch.tap_ratio), branch.tap_ratio);
        (steps != 0).then(|| Tap { branch: branch.id.clone(), steps, ratio })
    });
    moved.collect()
}

/// What the power flow says of the plan.
fn verdict(checked: &Checked, overloads: usize, voltages: usize) -> String {
    let solution = &checked.solution;
    if solution.status == Status::Diverged {
        return "The network cannot carry the plan: no voltages satisfy it".to_owned();
    }
    let losses = format!(
        "{:.1} MW at the meter against {:.1} MW in the plan",
        solution.slack_p_mw, checked.plan_grid_mw
    );
    match (overloads, voltages) {
        (0, 0) => format!("The plan holds on the network: {losses}"),
        (o, v) => format!(
            "The plan does not hold on the network: {o} branches above their rating, {v} buses \
             beyond their voltage band; {losses}"
        ),
    }
}

fn row(outage: &SiteOutage) -> Row {
    let (lasting, remedy) = (outage.lasting(), outage.remedy.as_ref());
    Row {
        id: outage.id.clone(),
        name: outage.name.clone(),
        busbar: outage.busbar,
        holds: outage.verdict().holds(),
        load_lost_at_once_mw: outage.at_once.load_lost_mw,
        closes: outage.remedy.as_ref().map(|r| r.closed.clone()).unwrap_or_default(),
        run_back_mw: outage.run_back_mw(),
        remedies: remedy
            .map(|r| r.actions())
            .unwrap_or_default()
            .into_iter()
            .map(Remedial::from)
            .collect(),
        response_seconds: outage.response_s(),
        minutes_allowed: outage.time_allowed().minutes(),
        in_time: remedy.filter(|r| r.run_back_mw > 0.0).and_then(|r| r.in_time()),
        lost_usd_per_min: outage.lost_usd_per_min,
        state: state(lasting),
    }
}

impl Row {
    /// What is done about it and how fast, in brackets: "(T-2 closes in 5 s, 3.1 MW run back in
    /// 30 s of 30 min)".
    fn done(&self) -> String {
        let within = |seconds: Option<f64>| match seconds {
            Some(s) => format!(" in {s} s"),
            None => ", how fast is unknown".to_owned(),
        };
        let first = self.remedies.iter().find(|r| r.closes.is_some());
        let mut words = Vec::new();
        if let Some(first) = first {
            let seconds = within(first.response_seconds);
            words.push(match self.closes.as_slice() {
                [one] => format!("{one} closes{seconds}"),
                many => format!("{} switches close{seconds}", many.len()),
            });
        }
        if let Some(back) = self.remedies.iter().find(|r| r.run_back_mw.is_some()) {
            let of = match (self.minutes_allowed, self.in_time) {
                (Some(minutes), _) if minutes > 0.0 => format!(" of {minutes} min"),
                (Some(_), _) => ", which no rating bears".to_owned(),
                (None, Some(true)) => String::new(),
                (None, _) => ", how long it is borne is unknown".to_owned(),
            };
            let seconds = within(back.response_seconds);
            words.push(format!("{:.1} MW run back{seconds}{of}", self.run_back_mw));
        } else if let Some(minutes) = self.minutes_allowed {
            words.push(format!("for {} h", minutes / 60.0));
        }
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }
}

fn state(c: &Consequence) -> State {
    State {
        status: status(c.status),
        load_lost_mw: c.load_lost_mw,
        worst_branch: c.worst.as_ref().map(|(id, _)| id.clone()),
        worst_loading_frac: c.worst.as_ref().map(|(_, frac)| *frac),
        overloads: c.overloads.iter().map(Overload::of).collect(),
        voltages: c.voltages.iter().map(Voltage::of).collect(),
        sentence: sentence(c),
    }
}

fn text(checked: &Checked, answer: &LayoutAnswer) -> String {
    let s = &checked.solution;
    let mut out = vec![
        format!(
            "{}: {} buses, {} branches, {} switches",
            checked.electrical.case.name,
            answer.network.buses,
            answer.network.branches,
            answer.network.switches
        ),
        answer.check.clone(),
        format!("Losses         {:>10.3} MW in lines and transformers", s.loss_mw),
        format!("Grid           {:>10.3} MW {:>10.3} Mvar", s.slack_p_mw, s.slack_q_mvar),
    ];
    let lowest = s.buses.iter().filter_map(|b| Some((b.vm_pu?, &b.id)));
    if let Some((vm, id)) = lowest.min_by(|a, b| a.0.total_cmp(&b.0)) {
        out.push(format!("Lowest voltage {vm:>10.4} pu at {id}"));
    }
    if !answer.taps.is_empty() {
        let words: Vec<String> =
            answer.taps.iter().map(|t| format!("{} {:+}", t.branch, t.steps)).collect();
        out.push(format!("Taps in steps  {}", words.join(", ")));
    }
    out.extend(answer.stand_by.iter().map(|s| format!("Stands by      {s}")));
    let mut loaded: Vec<(f64, &str)> =
        s.branches.iter().filter_map(|b| Some((b.loading_frac?, b.id.as_str()))).collect();
    loaded.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (frac, id) in loaded.iter().take(8) {
        out.push(format!("{:>7.1} %  {id}", frac * 100.0));
    }
    out.extend(super::redundancy::text(&answer.redundancy));
    if let Some(rows) = &answer.outages {
        let of =
            |busbar: bool| -> Vec<&Row> { rows.iter().filter(|r| r.busbar == busbar).collect() };
        let what = match rows.iter().any(|r| r.id.contains(" + ")) {
            true => "pairs of outages that share a load, equal machines once",
            false => "single outages",
        };
        for (what, rows) in [(what, of(false)), ("busbar faults", of(true))] {
            if rows.is_empty() {
                continue;
            }
            let hold = rows.iter().filter(|r| r.holds).count();
            out.push(String::new());
            out.push(format!("{} {what}: {hold} hold", rows.len()));
            for r in rows.iter().take(ROWS) {
                out.push(format!("  {:<44} {}{}", r.name, r.state.sentence, r.done()));
            }
            if rows.len() > ROWS {
                out.push(format!("  ... and {} more in --json", rows.len() - ROWS));
            }
        }
    }
    out.join("\n")
}

impl Voltage {
    pub(super) fn of(v: &crate::power::contingency::VoltageBreach) -> Self {
        Self { bus: Id::of(&v.bus), vm_pu: v.vm_pu, limit_pu: v.limit_pu }
    }
}

impl Overload {
    pub(super) fn of(o: &crate::power::contingency::Overload) -> Self {
        Self {
            branch: o.branch.clone(),
            mva: o.mva,
            rating_mva: o.rating_mva,
            loading_frac: o.mva / o.rating_mva,
            loading_before_frac: o.before_frac,
            within_long_emergency: o.within == Rating::Long,
            within_short_emergency: o.within != Rating::Beyond,
            rating_used: o.within.word(),
            rating_used_mva: o.limit_mva,
            minutes_allowed: o.allowed.minutes(),
        }
    }
}
