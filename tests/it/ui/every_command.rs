//! Every command of the table is asked for by keyboard alone, and something comes of it.
//!
//! `of` has a case for each of them: a command without one does not compile.

use super::app::{Made, layout, settle};
use super::contingencies::flowing;
use super::{pipe, window};
use eframe::egui::{self, Event, Key, KeyboardShortcut, Modifiers, OutputCommand, ViewportCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use gigasite::editor::{Axis, Edge, Side};
use gigasite::gui::action::{Action, Edit, File, Gesture, Tab, View};
use gigasite::gui::app::{App, CatalogueFolder};
use gigasite::gui::commands::{ALL, Command};
use gigasite::gui::context::Element;
use gigasite::gui::dialogs::FakeDialogs;
use gigasite::gui::windows::FakeWindows;
use gigasite::scene::plan::Overlay;
use gigasite::site::file;
use std::sync::Arc;
use std::time::{Duration, Instant};

type Window = Harness<'static, App>;

/// How long what a command does may take to show.
const PATIENCE: Duration = Duration::from_secs(5);

/// A window of a pilot in a folder of its own.
struct Desk {
    harness: Window,
    folder: tempfile::TempDir,
    windows: FakeWindows,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("pilot.ron");
        std::fs::copy(layout("pilot-20mw.ron"), &path).expect("copies");
        // Without dialogs of the system what is asked for is asked in the window.
        let dialogs = FakeDialogs { unavailable: true, ..FakeDialogs::default() };
        let windows = FakeWindows::default();
        let own = CatalogueFolder {
            path: Some(folder.path().join("own")),
            given: true,
            remembered_in: None,
        };
        let given = windows.clone();
        let mut harness = window::unpainted(
            &path,
            dialogs,
            || Made,
            move |_, app| {
                app.set_windows(given);
                app.set_catalogue_folder(own);
            },
        );
        settle(&mut harness);
        Self { harness, folder, windows }
    }

    fn push(&mut self, action: Action) {
        self.harness.state_mut().push(action);
        self.harness.run_steps(3);
    }

    fn view(&mut self, view: View) {
        self.push(Action::View(view));
    }

    fn select(&mut self, paths: &[&str]) {
        let elements = paths.iter().map(|path| Element::of_path(path).expect("an element"));
        self.view(View::Select(elements.collect()));
    }

    /// One entry of the history.
    fn edit(&mut self) {
        let set = Edit::Set {
            path: "site.grid_contract_mw".into(),
            value: "33".into(),
            label: String::new(),
            gesture: Gesture::Once,
        };
        self.push(Action::Edit(set));
        settle(&mut self.harness);
    }

    fn key(&mut self, shortcut: KeyboardShortcut) {
        self.harness.key_press_modifiers(shortcut.modifiers, shortcut.logical_key);
    }

    /// Runs a command from the palette; what only opens something by its key.
    fn run(&mut self, command: Command) -> Told {
        if matches!(command, Command::Palette | Command::Place | Command::ContextMenu) {
            self.key(*command.shortcuts().first().expect("a key"));
        } else {
            self.harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
            self.harness.run_steps(3);
            self.harness.event(Event::Text(format!(">{}", command.text())));
            self.harness.run_steps(3);
            self.harness.key_press(Key::Enter);
        }
        let mut told = Told::default();
        for _ in 0..6 {
            self.harness.run_steps(1);
            let output = self.harness.output();
            told.commands.extend(output.platform_output.commands.iter().cloned());
            let asked = output.viewport_output.values().flat_map(|v| &v.commands);
            told.asked.extend(asked.map(|command| format!("{command:?}")));
        }
        told
    }

    /// What a person could see of the state of the window.
    fn mark(&self) -> String {
        let app = self.harness.state();
        let (view, editor) = (app.view(), app.session().editor());
        let history = (editor.history().len(), editor.undo_label(), editor.redo_label());
        let open = [
            view.palette.is_open(),
            view.wizard.is_open(),
            view.challenge.is_open(),
            view.records.is_open(),
            view.context_menu.is_open(),
            view.chooser.is_open(),
            view.shows_shortcuts,
            view.shows_about,
            view.presentation.is_some(),
            view.plan.has_tool(),
            view.one_line.connects,
        ];
        let prompt = app.prompt().map(std::mem::discriminant);
        let plan = (view.plan.tool, view.plan.overlay, view.plan.snap, view.plan.view());
        let selection: Vec<String> = editor.selection().iter().map(ToString::to_string).collect();
        let document = editor.document();
        let answer = app.session().outcome().map(Arc::as_ptr);
        format!(
            "{history:?} {open:?} {prompt:?} {plan:?} {selection:?} {:?} {} {} {answer:?}",
            view.prefs,
            document.active(),
            document.is_dirty(),
        )
    }
}

/// What a command told the system.
#[derive(Default)]
struct Told {
    commands: Vec<OutputCommand>,
    asked: Vec<String>,
}

impl Told {
    fn asks(&self, command: &ViewportCommand) -> bool {
        self.asked.contains(&format!("{command:?}"))
    }
}

/// What has to be there before a command, and what shows that it has done its work.
struct Case {
    before: fn(&mut Desk),
    /// Beside any change that can be seen.
    shown: Option<fn(&Desk, &Told) -> bool>,
}

const fn seen(before: fn(&mut Desk)) -> Option<Case> {
    Some(Case { before, shown: None })
}

const fn told(before: fn(&mut Desk), shown: fn(&Desk, &Told) -> bool) -> Option<Case> {
    Some(Case { before, shown: Some(shown) })
}

fn nothing(_: &mut Desk) {}
fn block(desk: &mut Desk) {
    desk.select(&["blocks.r1-b1"]);
}
fn machine(desk: &mut Desk) {
    desk.select(&["nodes.us-1"]);
}
fn hall(desk: &mut Desk) {
    desk.select(&["halls.hall"]);
}
fn office(desk: &mut Desk) {
    desk.select(&["areas.office"]);
}
/// Three that stand apart.
fn three(desk: &mut Desk) {
    desk.select(&["nodes.t-1", "nodes.us-1", "areas.office"]);
}
fn edited(desk: &mut Desk) {
    desk.edit();
}
fn diagram(desk: &mut Desk) {
    desk.view(View::Tab(Tab::OneLine));
}
fn two_variants(desk: &mut Desk) {
    let command = gigasite::editor::VariantCommand::New { name: "Other".to_owned() };
    desk.push(Action::Edit(Edit::Variant(command)));
    settle(&mut desk.harness);
}
/// The file as another program left it.
fn changed_file(desk: &mut Desk) {
    let path = desk.folder.path().join("pilot.ron");
    let mut layout = file::load(&path).expect("reads");
    layout.site.grid_contract_mw = Some(44.0);
    std::fs::write(&path, file::to_ron(&layout)).expect("writes");
}
fn looks_elsewhere(desk: &mut Desk) {
    desk.harness.state_mut().push(Action::View(View::Select(Vec::new())));
    desk.harness.run_steps(6);
    desk.view(View::ZoomIn);
    desk.view(View::ZoomReset);
    let element = Element::of_path("blocks.r1-b1").expect("an element");
    desk.view(View::Jump(element));
    desk.harness.run_steps(40);
}
fn slow_file(desk: &mut Desk) {
    let slow = pipe::pipe(desk.folder.path(), "slow.geojson");
    desk.push(Action::File(File::ImportPath(slow)));
}
fn reads_no_more(desk: &Desk, _: &Told) -> bool {
    let settled = desk.harness.state().is_settled();
    // Only once reading has been stopped: an end of the file would settle it as well.
    if settled {
        pipe::release(&desk.folder.path().join("slow.geojson"));
    }
    settled
}
fn contract(desk: &Desk) -> Option<f64> {
    desk.harness.state().session().editor().site().terms.site.grid_contract_mw
}

/// The case of a command; those of the network and of the value have tests of their own.
fn of(command: Command) -> Option<Case> {
    use Command as C;
    match command {
        C::New | C::Export | C::Open | C::SaveAs | C::SavePicture | C::Recover => seen(nothing),
        C::Import | C::Weather => seen(nothing),
        C::NewWindow => told(nothing, |desk, _| desk.windows.opened().len() == 1),
        C::Save => seen(edited),
        C::Reload => told(changed_file, |desk, _| contract(desk) == Some(44.0)),
        C::Compare => seen(changed_file),
        C::StopReading => told(slow_file, reads_no_more),
        C::Quit => told(nothing, |_, told| told.asks(&ViewportCommand::Close)),
        C::Undo => told(edited, |desk, _| contract(desk) != Some(33.0)),
        C::Redo => told(
            |desk| {
                desk.edit();
                desk.push(Action::Edit(Edit::Undo));
            },
            |desk, _| contract(desk) == Some(33.0),
        ),
        C::Copy => told(block, |_, told| {
            told.commands.iter().any(|c| matches!(c, OutputCommand::CopyText(_)))
        }),
        C::Paste => told(nothing, |_, told| told.asks(&ViewportCommand::RequestPaste)),
        C::Cut | C::Duplicate | C::Delete | C::Array | C::ResetToCatalog => case_of_blocks(command),
        C::SelectAll | C::InvertSelection => seen(block),
        C::SelectNothing | C::SelectSame | C::SelectUpstream | C::SelectPathA => seen(block),
        C::SelectPathB => None,
        C::SelectDownstream => seen(machine),
        C::SelectChildren => seen(hall),
        C::SitePlan => seen(diagram),
        C::OneLine | C::Economics | C::Finance | C::Throughput | C::Cooling => seen(nothing),
        C::CompareVariants | C::Present | C::Challenge | C::Catalogue => seen(nothing),
        C::Problems | C::Contingencies => seen(nothing),
        C::Limits => seen(|desk| {
            desk.view(View::BottomTab(gigasite::gui::action::BottomTab::Problems));
        }),
        C::Fit => seen(looks_elsewhere),
        C::ZoomIn | C::ZoomOut => seen(nothing),
        C::ZoomReset => seen(|desk| desk.view(View::ZoomIn)),
        C::Light | C::SystemTheme | C::UsUnits => seen(nothing),
        C::Dark => seen(|desk| desk.view(View::Theme(egui::ThemePreference::Light))),
        C::MetricUnits => seen(|desk| desk.view(View::Units(gigasite::units::format::System::Us))),
        C::Colour(Overlay::Loading) => seen(|desk| desk.view(View::Overlay(Overlay::Phase))),
        C::Colour(_) | C::PanTool | C::Measure | C::Snap => seen(nothing),
        C::SelectTool => seen(|desk| desk.view(View::DrawConnections)),
        C::Palette | C::Place | C::AddTier | C::ContextMenu | C::DrawConnections => seen(block),
        C::ShowOnPlan => seen(|desk| {
            desk.select(&["halls.hall"]);
            desk.view(View::Tab(Tab::Economics));
        }),
        C::ChangeRackType | C::FeedFrom | C::FeedFromB | C::CoolFrom | C::Disconnect => seen(block),
        C::DrawConstraint | C::AddConstraint => seen(nothing),
        C::MoveNorth | C::MoveSouth | C::MoveWest | C::MoveEast | C::Rotate => seen(office),
        C::MoveFarNorth | C::MoveFarSouth | C::MoveFarWest | C::MoveFarEast => seen(office),
        C::NewVariant | C::RenameVariant => seen(nothing),
        C::NextVariant | C::DeleteVariant => seen(two_variants),
        C::Align(Edge::Left | Edge::Centre | Edge::Right) => seen(three),
        C::Align(Edge::Top | Edge::Middle | Edge::Bottom) => seen(three),
        C::Distribute(Axis::Horizontal | Axis::Vertical) | C::Group => seen(three),
        C::Ungroup => seen(|desk| {
            three(desk);
            desk.run(C::Group);
        }),
        C::Lock => seen(block),
        C::Unlock => seen(|desk| {
            block(desk);
            desk.run(C::Lock);
        }),
        C::Grow(Side::North | Side::South | Side::West | Side::East) => seen(office),
        C::Shrink(Side::North | Side::South | Side::West | Side::East) => seen(office),
        C::Solve => seen(nothing),
        C::Fail | C::FailMachine | C::CloseTie | C::OpenSwitch => None,
        C::Restore | C::LeaveWhatIf => None,
        C::MoneyInputs | C::Shortcuts | C::About => seen(nothing),
        // What the value has to be known for.
        C::AddContract | C::AddLoan | C::Draws | C::StopDraws => None,
    }
}

fn case_of_blocks(command: Command) -> Option<Case> {
    match command {
        Command::ResetToCatalog => seen(|desk| {
            let set = Edit::Set {
                path: "racks.gb300-nvl72.price_usd".into(),
                value: "5e6".into(),
                label: String::new(),
                gesture: Gesture::Once,
            };
            desk.push(Action::Edit(set));
            desk.select(&["blocks.r1-b1"]);
        }),
        _ => seen(block),
    }
}

fn does(command: Command) -> Result<(), String> {
    let Some(case) = of(command) else { return Ok(()) };
    let mut desk = Desk::new();
    (case.before)(&mut desk);
    let before = desk.mark();
    let told = desk.run(command);
    if command == Command::Solve || command == Command::Reload || command == Command::Catalogue {
        settle(&mut desk.harness);
    }
    let shows = |desk: &Desk| match case.shown {
        Some(shown) => shown(desk, &told),
        None => desk.mark() != before,
    };
    // Files are written beside the window.
    let end = Instant::now() + PATIENCE;
    while !shows(&desk) && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(10));
        desk.harness.run_steps(1);
    }
    let shown = shows(&desk);
    let alerts = desk.harness.query_all_by_role(egui::accesskit::Role::Alert);
    let refused: Vec<String> = alerts.filter_map(|n| n.accesskit_node().label()).collect();
    if shown && refused.is_empty() { Ok(()) } else { Err(format!("{command:?}: {refused:?}")) }
}

fn all_do(commands: impl Iterator<Item = Command>) {
    let failed: Vec<String> = commands.filter_map(|command| does(command).err()).collect();
    assert!(failed.is_empty(), "nothing came of {failed:#?}");
}

/// In three parts, which run beside each other.
#[test]
fn every_command_does_something_by_keyboard_alone_part_1() {
    all_do(ALL.iter().copied().step_by(3));
}

#[test]
fn every_command_does_something_by_keyboard_alone_part_2() {
    all_do(ALL.iter().copied().skip(1).step_by(3));
}

#[test]
fn every_command_does_something_by_keyboard_alone_part_3() {
    all_do(ALL.iter().copied().skip(2).step_by(3));
}

/// Those that need the value of the plan.
#[test]
fn every_command_of_the_value_does_something_by_keyboard_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let harness = super::finance::page("pilot-20mw.ron");
    let mut desk = Desk { harness, folder, windows: FakeWindows::default() };
    let finance =
        |desk: &Desk| desk.harness.state().session().editor().site().terms.finance.clone();
    let running = |desk: &Desk| desk.harness.state().risks().draws.running;
    desk.run(Command::Draws);
    assert!(running(&desk), "draws");
    desk.run(Command::StopDraws);
    assert!(!running(&desk) && desk.harness.state().risks().draws.found.is_none(), "and stops");
    settle(&mut desk.harness);
    desk.run(Command::AddContract);
    settle(&mut desk.harness);
    assert_eq!(finance(&desk).contracts.len(), 1);
    desk.run(Command::AddLoan);
    settle(&mut desk.harness);
    assert!(finance(&desk).loan.share_frac.is_some());
}

/// Those that look at the network under way and ask what becomes of it.
#[test]
fn every_command_of_the_network_does_something_by_keyboard_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let harness = flowing("campus-1gw.ron");
    let mut desk = Desk { harness, folder, windows: FakeWindows::default() };
    let acts = |desk: &Desk| {
        desk.harness.state().view().scenario.as_ref().map_or(0, |scenario| scenario.acts.len())
    };
    desk.select(&["nodes.t-a1"]);
    let before = desk.mark();
    desk.run(Command::SelectPathB);
    assert_ne!(desk.mark(), before, "selects the other feed");
    desk.select(&["nodes.t-a1"]);
    for (command, left) in [
        (Command::Fail, 1),
        (Command::Restore, 0),
        (Command::CloseTie, 1),
        (Command::OpenSwitch, 2),
        (Command::LeaveWhatIf, 0),
    ] {
        desk.run(command);
        assert_eq!(acts(&desk), left, "{command:?}");
    }
    let several = desk.harness.state().session().editor().site().campus.nodes.iter();
    let several = several.rev().find(|n| n.name.contains(" x "));
    let several = several.map(|n| format!("nodes.{}", n.id));
    desk.select(&[&several.expect("a node of several machines")]);
    desk.run(Command::FailMachine);
    assert_eq!(acts(&desk), 1, "one machine of it");
}
