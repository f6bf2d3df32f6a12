//! Commands of the value: its inputs, what is sold ahead, the loan, many draws of it.

use super::{Command, Menu, Words};
use crate::gui::action::{Action, Run};
use crate::gui::context::Context;
use crate::gui::icons::Icon;
use crate::gui::panels::finance::DRAWS;
use crate::gui::panels::inspector::money;

/// What stands in the menu; `None` for commands of other families.
pub(super) const fn words(command: Command) -> Option<Words> {
    const fn w(menu: Menu, text: &'static str, icon: Option<Icon>, group: bool) -> Option<Words> {
        Some(Words { menu, text, icon, group })
    }
    match command {
        Command::MoneyInputs => {
            w(Menu::Site, "Money, contracts and loan", Some(Icon::Finance), true)
        }
        Command::AddContract => w(Menu::Site, "Add a contract", Some(Icon::Plus), false),
        Command::AddLoan => w(Menu::Site, "Add a loan", None, false),
        Command::Draws => w(Menu::Run, "Draw the value 10,000 times", Some(Icon::Chart), false),
        Command::StopDraws => w(Menu::Run, "Stop the draws of the value", None, false),
        _ => None,
    }
}

/// What it does in a sentence; `None` for commands of other families.
pub(super) const fn tip(command: Command) -> Option<&'static str> {
    match command {
        Command::MoneyInputs => {
            Some("Opens rates, running cost, contracts and the loan in the inspector")
        }
        Command::AddContract => Some(
            "Sells half of what a tier sells ahead, for a year at the plan's price, to be edited",
        ),
        Command::AddLoan => Some("Borrows at the terms of the catalogue, to be edited"),
        Command::Draws => Some("Draws every uncertain input at once, for P10, P50 and P90"),
        Command::StopDraws => Some("Ends the draws; what was known before stays"),
        _ => None,
    }
}

/// What it asks for now; `None` while it makes no sense, and for commands of other families.
pub(super) fn action(command: Command, cx: &Context<'_>) -> Option<Action> {
    let draws = &cx.risks.draws;
    Some(match command {
        Command::MoneyInputs => money::open(cx),
        Command::AddContract => money::add_contract(cx)?,
        Command::AddLoan => money::add_loan(cx)?,
        Command::Draws if !draws.running && cx.finances.now().is_some() => {
            Action::Run(Run::Draws(DRAWS))
        }
        Command::StopDraws if draws.running => Action::Run(Run::StopDraws),
        _ => return None,
    })
}
