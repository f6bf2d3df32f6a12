//! What a command acts on: the parts of the selection that it makes sense for.

use super::Command;
use crate::editor::catalogue::RecordKey;
use crate::editor::{Axis, Edge, Relation, Supply, VariantCommand};
use crate::gui::action::{Action, Edit, Gesture, View};
use crate::gui::chooser::Ask;
use crate::gui::context::{Context, Element, Kind};
use crate::gui::measure;
use crate::scene::plan::RASTER_M;
use crate::site::Variant;
use crate::units::format::System;
use eframe::egui::{self, ThemePreference};

/// Step of a move by key, metres; and of a far one.
pub const STEP_M: f64 = RASTER_M;
const FAR_M: f64 = 10.0 * RASTER_M;

/// Whether elements of a kind stand on the ground.
pub fn has_place(kind: Kind) -> bool {
    !kind.is_single() && !matches!(kind, Kind::Tier | Kind::Hour)
}

fn some(cx: &Context<'_>, is_one: impl Fn(Kind) -> bool) -> Option<Vec<Element>> {
    let found: Vec<Element> = cx.selection.iter().filter(|e| is_one(e.kind)).cloned().collect();
    (!found.is_empty()).then_some(found)
}

/// What stands on the ground.
pub fn placed(cx: &Context<'_>) -> Option<Vec<Element>> {
    some(cx, has_place)
}

/// What holds racks; nothing stands for the whole site where nothing is selected.
pub fn holding_racks(cx: &Context<'_>) -> Option<Vec<Element>> {
    match cx.selection.iter().all(|e| e.kind == Kind::Site) {
        true => Some(Vec::new()),
        false => some(cx, |kind| matches!(kind, Kind::Hall | Kind::Row | Kind::Block)),
    }
}

/// What can be copied.
pub fn copyable(cx: &Context<'_>) -> Option<Vec<Element>> {
    some(cx, |kind| has_place(kind) || kind == Kind::Tier)
}

/// What can be removed.
pub fn removable(cx: &Context<'_>) -> Option<Vec<Element>> {
    some(cx, |kind| has_place(kind) || kind == Kind::Tier)
}

/// What the plan can be brought to.
pub fn shown(cx: &Context<'_>) -> Option<Element> {
    cx.selection.iter().find(|e| has_place(e.kind)).cloned()
}

/// Ends the selection, if there is one.
pub fn nothing(cx: &Context<'_>) -> Option<Action> {
    // A what-if is left first: the selection stays.
    if cx.grid.scenario.is_some() {
        return Some(Action::View(View::WhatIf(None)));
    }
    (!cx.selection.is_empty()).then_some(Action::View(View::Select(Vec::new())))
}

/// Selects what is related to the selection, where it can have such relatives.
pub fn relate(cx: &Context<'_>, command: Command) -> Option<Action> {
    let relation = match command {
        Command::SelectUpstream => Relation::Upstream,
        Command::SelectPathA => Relation::PathA,
        Command::SelectPathB => Relation::PathB,
        Command::SelectDownstream => Relation::Downstream,
        Command::SelectChildren => Relation::Children,
        _ => Relation::SameType,
    };
    let makes_sense = cx.selection.iter().any(|e| match relation {
        Relation::SameType => !e.kind.is_single(),
        Relation::Upstream | Relation::PathA | Relation::PathB => matches!(
            e.kind,
            Kind::Node
                | Kind::Loop
                | Kind::Generator
                | Kind::Battery
                | Kind::Hall
                | Kind::Row
                | Kind::Block
        ),
        Relation::All | Relation::Others => true,
        Relation::Downstream => matches!(e.kind, Kind::Feed | Kind::Node),
        Relation::Children => {
            matches!(e.kind, Kind::Feed | Kind::Node | Kind::Loop | Kind::Hall | Kind::Row)
        }
    });
    makes_sense.then_some(Action::View(View::SelectRelated(relation)))
}

/// The list of what supplies the selection, or could, where it can be supplied so.
pub fn supplied(cx: &Context<'_>, command: Command) -> Option<Action> {
    let ask = match command {
        Command::FeedFrom => Ask::Connect(Supply::A),
        Command::FeedFromB => Ask::Connect(Supply::B),
        Command::CoolFrom => Ask::Connect(Supply::Coolant),
        _ => Ask::Disconnect,
    };
    use Kind::{Battery, Block, Generator, Hall, Loop, Node, Row};
    let fits = |e: &Element| match ask {
        Ask::Connect(Supply::A) | Ask::Disconnect => {
            matches!(e.kind, Node | Block | Hall | Row | Loop | Generator | Battery)
        }
        Ask::Connect(Supply::B) => matches!(e.kind, Node | Block | Hall | Row),
        Ask::Connect(Supply::Coolant) => matches!(e.kind, Block | Hall | Row),
    };
    let all = !cx.selection.is_empty() && cx.selection.iter().all(fits);
    all.then_some(Action::View(View::Choose(ask)))
}

/// Paths of catalogue values of the selection that the site replaces; of the
/// whole site where that is selected, or nothing.
pub fn overridden(cx: &Context<'_>) -> Option<Vec<String>> {
    let whole = cx.selection.iter().all(|e| e.kind == Kind::Site);
    let records: Vec<String> = cx.selection.iter().filter_map(|e| record_of(cx, e)).collect();
    let of_it = |path: &str| {
        records.iter().any(|r| path.strip_prefix(r.as_str()).is_some_and(|p| p.starts_with('.')))
    };
    let overrides = cx.site.terms.overrides.iter().map(|o| &o.path);
    let paths: Vec<String> = overrides.filter(|p| whole || of_it(p)).cloned().collect();
    (!paths.is_empty()).then_some(paths)
}

/// The record of the catalogue that the selected element is made of.
pub fn record(cx: &Context<'_>) -> Option<RecordKey> {
    let path = record_of(cx, cx.selection.last()?)?;
    let (collection, id) = path.split_once('.')?;
    Some(RecordKey::new(collection, id))
}

/// The record of the catalogue behind an element.
fn record_of(cx: &Context<'_>, element: &Element) -> Option<String> {
    match element.kind {
        Kind::Block => Some(format!("racks.{}", cx.block(&element.id)?.rack.as_ref()?)),
        Kind::Node => Some(format!("equipment.{}", cx.node(&element.id)?.equipment.as_ref()?)),
        Kind::Policy => Some(format!("tariffs.{}", cx.site.terms.site.tariff.as_ref()?)),
        _ => None,
    }
}

/// A move of the selection by one step of the keyboard.
pub fn nudge(cx: &Context<'_>, command: Command) -> Option<Action> {
    let delta_m = match command {
        Command::MoveNorth => [0.0, -STEP_M],
        Command::MoveSouth => [0.0, STEP_M],
        Command::MoveWest => [-STEP_M, 0.0],
        Command::MoveEast => [STEP_M, 0.0],
        Command::MoveFarNorth => [0.0, -FAR_M],
        Command::MoveFarSouth => [0.0, FAR_M],
        Command::MoveFarWest => [-FAR_M, 0.0],
        Command::MoveFarEast => [FAR_M, 0.0],
        _ => return None,
    };
    let elements = placed(cx)?;
    Some(Action::Edit(Edit::Move { elements, delta_m, gesture: Gesture::Once }))
}

/// The variant that is edited, where it is not the only one.
pub fn other_variants<'a>(cx: &Context<'a>) -> Option<&'a Variant> {
    cx.document.variant().filter(|_| cx.document.variants.len() > 1)
}

/// Brings the variant behind the one that is edited to the front; the base follows the last.
pub fn next_variant(cx: &Context<'_>) -> Option<VariantCommand> {
    other_variants(cx)?;
    let variants = cx.document.variants;
    let next = variants.get(cx.document.active + 1).or(variants.first())?;
    Some(VariantCommand::Switch { id: next.id.clone() })
}

impl Command {
    /// Whether its keys count only while the plan has the keyboard.
    pub fn is_of_plan(self) -> bool {
        matches!(
            self,
            Command::MoveNorth
                | Command::MoveSouth
                | Command::MoveWest
                | Command::MoveEast
                | Command::MoveFarNorth
                | Command::MoveFarSouth
                | Command::MoveFarWest
                | Command::MoveFarEast
                | Command::Grow(_)
                | Command::Shrink(_)
        )
    }

    /// Whether it stands for what is in force: the menu shows a check.
    pub fn is_on(self, ctx: &egui::Context) -> bool {
        let theme = |wanted| ctx.options(|o| o.theme_preference) == wanted;
        match self {
            Command::MetricUnits => measure::system(ctx) == System::Metric,
            Command::UsUnits => measure::system(ctx) == System::Us,
            Command::Dark => theme(ThemePreference::Dark),
            Command::Light => theme(ThemePreference::Light),
            Command::SystemTheme => theme(ThemePreference::System),
            _ => false,
        }
    }

    /// Whether it stands in a menu of the bar; one that opens a menu does not, nor what the
    /// legend lists.
    pub fn in_menu(self) -> bool {
        !matches!(self, Command::ContextMenu | Command::Colour(_))
    }

    /// Why it makes no sense now, for whoever sees it greyed.
    pub fn why_not(self, cx: &Context<'_>) -> &'static str {
        let nothing = cx.selection.is_empty();
        if let Some(why) = super::whatif::why_not(self, cx) {
            return why;
        }
        match self {
            Command::Undo => "nothing to undo",
            Command::Redo => "nothing to redo",
            Command::ResetToCatalog => "no value is edited",
            Command::NextVariant | Command::DeleteVariant => "the only variant",
            Command::SelectPathA | Command::SelectPathB if !nothing => "has no feed",
            Command::FeedFrom | Command::FeedFromB | Command::Disconnect if !nothing => {
                "takes no power"
            }
            Command::CoolFrom if !nothing => "not cooled by a loop",
            Command::SelectDownstream if !nothing => "feeds nothing",
            Command::SelectUpstream if !nothing => "has no feed",
            Command::SelectChildren if !nothing => "holds nothing",
            Command::SelectSame if !nothing => "one of a kind",
            Command::Cut | Command::Copy | Command::Duplicate if !nothing => "cannot be copied",
            Command::Delete if !nothing => "cannot be deleted",
            _ if nothing => "nothing selected",
            Command::Align(_) => "select two or more",
            Command::ChangeRackType => "holds no racks",
            Command::Group => "select two or more",
            Command::Ungroup => "not in a group",
            Command::Lock => "locked already",
            Command::Unlock => "not locked",
            Command::Distribute(_) => "select three or more",
            _ => "not on the plan",
        }
    }
}

/// Commands of the menu of the selection, in groups; of the empty plan without one.
pub fn for_selection(selection: &[Element]) -> Vec<&'static [Command]> {
    let mut groups = for_element(selection.last().map(|e| e.kind));
    let holds = |e: &Element| matches!(e.kind, Kind::Hall | Kind::Row | Kind::Block);
    if selection.iter().any(holds) {
        groups.push(&[Command::ChangeRackType]);
    }
    let placed = selection.iter().filter(|e| has_place(e.kind)).count();
    if placed > 0 {
        groups.push(&[Command::Group, Command::Ungroup, Command::Lock, Command::Unlock]);
    }
    if placed > 1 {
        const ALIGN: &[Command] = &[
            Command::Align(Edge::Left),
            Command::Align(Edge::Centre),
            Command::Align(Edge::Right),
            Command::Align(Edge::Top),
            Command::Align(Edge::Middle),
            Command::Align(Edge::Bottom),
            Command::Distribute(Axis::Horizontal),
            Command::Distribute(Axis::Vertical),
        ];
        groups.insert(1, ALIGN);
    }
    groups
}

fn for_element(kind: Option<Kind>) -> Vec<&'static [Command]> {
    const EDIT: &[Command] =
        &[Command::Cut, Command::Copy, Command::Paste, Command::Duplicate, Command::Delete];
    const RELATED: &[Command] = &[
        Command::SelectSame,
        Command::SelectUpstream,
        Command::SelectPathA,
        Command::SelectPathB,
        Command::SelectDownstream,
        Command::SelectChildren,
    ];
    const WHAT_IF: &[Command] = &[
        Command::Fail,
        Command::FailMachine,
        Command::CloseTie,
        Command::OpenSwitch,
        Command::Restore,
    ];
    const SUPPLY: &[Command] =
        &[Command::FeedFrom, Command::FeedFromB, Command::CoolFrom, Command::Disconnect];
    match kind {
        None => vec![
            &[Command::Paste],
            &[Command::Fit, Command::SelectAll, Command::SelectNothing],
            &[Command::Undo, Command::Redo],
        ],
        Some(kind) if kind.is_single() => {
            vec![&[Command::ResetToCatalog], &[Command::Undo, Command::Redo]]
        }
        Some(kind) if !has_place(kind) => vec![EDIT, &[Command::SelectSame]],
        Some(Kind::Feed) => {
            let show: &[Command] = &[Command::ShowOnPlan, Command::Rotate, Command::Array];
            vec![show, &[Command::Fail, Command::Restore], EDIT, RELATED]
        }
        Some(Kind::Node) => {
            let show: &[Command] = &[Command::ShowOnPlan, Command::Rotate, Command::Array];
            vec![show, WHAT_IF, SUPPLY, EDIT, RELATED, &[Command::ResetToCatalog]]
        }
        Some(Kind::Block) => {
            let reset: &[Command] = &[Command::ResetToCatalog];
            vec![
                &[Command::ShowOnPlan, Command::Rotate, Command::Array],
                SUPPLY,
                EDIT,
                RELATED,
                reset,
            ]
        }
        Some(Kind::Hall | Kind::Row | Kind::Loop | Kind::Generator | Kind::Battery) => {
            vec![&[Command::ShowOnPlan, Command::Rotate, Command::Array], SUPPLY, EDIT, RELATED]
        }
        Some(_) => vec![&[Command::ShowOnPlan, Command::Rotate, Command::Array], EDIT, RELATED],
    }
}
