//! Commands that ask what becomes of the network: something fails, a switch is thrown. They
//! change no site.

use super::{Command, Menu, Words};
use crate::gui::action::{Action, View};
use crate::gui::context::{Context, Kind};
use crate::gui::icons::Icon;
use crate::power::flow::Status;
use crate::study::network::{Act, Scenario};
use eframe::egui::{Key, KeyboardShortcut, Modifiers};

/// What stands in the menu; `None` for commands of other families.
pub(super) const fn words(command: Command) -> Option<Words> {
    const fn w(text: &'static str, icon: Option<Icon>, group: bool) -> Option<Words> {
        Some(Words { menu: Menu::Run, text, icon, group })
    }
    match command {
        Command::Fail => w("What if it fails", Some(Icon::Cross), true),
        Command::FailMachine => w("What if one machine of it fails", None, false),
        Command::CloseTie => w("What if its tie closes", None, false),
        Command::OpenSwitch => w("What if its switch opens", None, false),
        Command::Restore => w("Restore it", Some(Icon::Reset), false),
        Command::LeaveWhatIf => w("Leave the what-if", None, false),
        _ => None,
    }
}

/// What it does in a sentence; `None` for commands of other families.
pub const fn tip(command: Command) -> Option<&'static str> {
    match command {
        Command::Fail => {
            Some("Solves the network without the selection, beside what failed before")
        }
        Command::FailMachine => Some("Solves the network without one of several machines"),
        Command::CloseTie => Some("Feeds it by its second source; the first one opens"),
        Command::OpenSwitch => Some("Cuts it off from what feeds it"),
        Command::Restore => Some("Puts the selection back into service"),
        Command::LeaveWhatIf => Some("Shows the network as the plan has it; Escape does too"),
        _ => None,
    }
}

/// Keys.
pub fn shortcuts(command: Command) -> Option<&'static [KeyboardShortcut]> {
    const FAIL: &[KeyboardShortcut] = &[KeyboardShortcut::new(Modifiers::NONE, Key::X)];
    (command == Command::Fail).then_some(FAIL)
}

/// Why it makes no sense now; `None` for commands of other families.
pub fn why_not(command: Command, cx: &Context<'_>) -> Option<&'static str> {
    words(command)?;
    let subject = subject(cx);
    Some(match command {
        Command::LeaveWhatIf => "no what-if is shown",
        _ if cx.grid.normal().is_none_or(|s| s.status == Status::Diverged) => "no power flow",
        _ if subject.is_none() => "not of the network",
        Command::Fail => "out already",
        Command::FailMachine => "it is one machine",
        Command::CloseTie => "has no tie",
        Command::Restore => "nothing of it failed",
        _ => "has no switch",
    })
}

/// The feed or node that is selected: its id.
fn subject<'a>(cx: &Context<'a>) -> Option<(Kind, &'a str)> {
    match cx.selection {
        [one] if matches!(one.kind, Kind::Feed | Kind::Node) => Some((one.kind, one.id.as_str())),
        _ => None,
    }
}

/// What it asks for now; `None` while it makes no sense.
pub fn action(command: Command, cx: &Context<'_>) -> Option<Action> {
    words(command)?;
    let scenario = cx.grid.scenario;
    if command == Command::LeaveWhatIf {
        return scenario.map(|_| Action::View(View::WhatIf(None)));
    }
    let normal = cx.grid.normal().filter(|s| s.status != Status::Diverged)?;
    let (kind, id) = subject(cx)?;
    let mut next = scenario.cloned().unwrap_or_default();
    if command == Command::Restore {
        let before = next.acts.len();
        next.acts.retain(|act| act.element() != id);
        let rest = Some(next).filter(|n| !n.acts.is_empty());
        let changed = rest.as_ref().map_or(0, |r| r.acts.len()) < before;
        return changed.then_some(Action::View(View::WhatIf(rest)));
    }
    let reading = normal.elements.get(id)?;
    let acts = match command {
        Command::Fail => vec![Act::Lose(id.to_owned())],
        Command::FailMachine if reading.machines > 1 => {
            let machine = |k: u32| Act::LoseMachine(format!("{id}/{k}"));
            let left = (1..=reading.machines).map(machine).find(|a| !next.acts.contains(a));
            vec![left?]
        }
        Command::CloseTie if kind == Kind::Node => {
            let alternate = cx.node(id)?.alternate.first()?;
            vec![Act::Close(format!("{alternate}>{id}"))]
        }
        Command::OpenSwitch if kind == Kind::Node => {
            let from = &cx.node(id)?.from;
            from.iter().map(|source| Act::Open(format!("{source}>{id}"))).collect()
        }
        _ => return None,
    };
    throw(&mut next, acts).then_some(Action::View(View::WhatIf(Some(next))))
}

/// Adds acts that are not among them yet; whether there were any.
fn throw(scenario: &mut Scenario, acts: Vec<Act>) -> bool {
    let before = scenario.acts.len();
    for act in acts {
        if !scenario.acts.contains(&act) {
            scenario.acts.push(act);
        }
    }
    scenario.acts.len() > before
}

/// The same scenario with one more act, or without it where it is part of it already.
pub fn toggled(cx: &Context<'_>, act: Act) -> Action {
    let mut next = cx.grid.scenario.cloned().unwrap_or_default();
    match next.acts.iter().position(|a| *a == act) {
        Some(at) => {
            next.acts.remove(at);
        }
        None => next.acts.push(act),
    }
    Action::View(View::WhatIf(Some(next).filter(|n| !n.acts.is_empty())))
}
