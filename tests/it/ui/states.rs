//! The states of the components, as one picture and by what they say.

use super::look;
use eframe::egui::{self, Frame, Margin, Ui, vec2};
use egui_kittest::{Harness, SnapshotOptions};
use gigasite::gui::components::button::{Button, Look};
use gigasite::gui::components::chip::{self, Tone};
use gigasite::gui::components::paint::{Use, UseState};
use gigasite::gui::components::popover::{Derivation, Input};
use gigasite::gui::components::row::{self, Number, NumberRow, Range, Source};
use gigasite::gui::components::segmented::segmented;
use gigasite::gui::components::tile::{MarkTone, Tile, TileState};
use gigasite::gui::components::tree_row::TreeRow;
use gigasite::gui::components::{card, empty};
use gigasite::gui::icons::Icon;
use gigasite::gui::theme::{self, Theme};
use gigasite::scene::tokens::Token;
use gigasite::units::format::unit_of_suffix;

fn tile(state: TileState, value: &str, unit: &str) -> Tile {
    Tile {
        label: "Revenue, 2026 prices".into(),
        value: value.into(),
        unit: unit.into(),
        context: "over fixed".into(),
        state,
        framed: true,
        ..Tile::default()
    }
}

fn tiles(ui: &mut Ui) {
    let mut rest = tile(TileState::Rest, "$42.10", "B/yr");
    rest.mark = "+$2.75 B".into();
    rest.mark_tone = MarkTone::Good;
    let preview = tile(TileState::Preview, "≈ $42.2", "B/yr");
    let stale = tile(TileState::Stale, "$41.88", "B/yr");
    let mut stopped = tile(TileState::Stopped, "stopped", "");
    stopped.label = "Capex".into();
    stopped.context = "land price unknown, hall 8".into();
    let mut infeasible = tile(TileState::Infeasible, "infeasible", "");
    infeasible.context = "needs 14 MW at B".into();
    let mut over = tile(TileState::Over, "1,003.8", "/ 1,000 MW");
    over.label = "Grid power, worst hour".into();
    over.mark = "over by 3.8 MW".into();
    over.mark_tone = MarkTone::Bad;
    over.context.clear();
    over.usage = Some(Use { frac: 1.004, state: UseState::Broken });
    let mut bar = tile(TileState::Rest, "857.0", "/ 980 MW");
    bar.label = "Firm power, N-1".into();
    bar.context = "142.9 MW sold as non-firm".into();
    bar.usage = Some(Use { frac: 0.87, state: UseState::Slack });
    for row in [&[rest, preview, stale][..], &[stopped, infeasible, over, bar][..]] {
        ui.horizontal(|ui| {
            for tile in row {
                tile.show(ui, vec2(168.0, 66.0));
            }
        });
        ui.add_space(10.0);
    }
}

fn number<'a>(ui: &Ui, label: &'a str, value: Number) -> NumberRow<'a> {
    NumberRow {
        id: ui.scope_id().with(label),
        label,
        name: "",
        value,
        unit: unit_of_suffix("usd"),
        range: None,
        source: Source::Link("analyst"),
        least: 0.0,
        whole: false,
        locked: None,
    }
}

fn rows(ui: &mut Ui) {
    number(ui, "Rest", Number::Is(7.8e6)).show(ui);
    let edited = Source::Link("was 7.80");
    NumberRow { source: edited, ..number(ui, "Edited", Number::Is(8.2e6)) }.show(ui);
    let range = Range { low: 3.5e6, high: 9.1e6, default: Some(7.8e6) };
    NumberRow { range: Some(range), ..number(ui, "In its range", Number::Is(6.0e6)) }.show(ui);
    NumberRow { range: Some(range), ..number(ui, "Outside", Number::Is(14.0e6)) }.show(ui);
    let stops = Source::Warn("stops here");
    NumberRow { source: stops, ..number(ui, "Unknown", Number::Unknown) }.show(ui);
    NumberRow { locked: Some("by hall 8"), ..number(ui, "Disabled", Number::Is(190.0)) }.show(ui);
    let absent = Number::Absent("catalogue");
    NumberRow { source: Source::None, ..number(ui, "Absent", absent) }.show(ui);
    row::computed(ui, "Computed", "$124.8 M", "computed");
}

fn controls(ui: &mut Ui) {
    ui.horizontal(|ui| {
        Button::new("Restore").look(Look::Primary).show(ui);
        Button::new("Keep as case").show(ui);
        Button::new("With icon").with_icon(Icon::Plus).show(ui);
        Button::new("Disabled").enabled(false).show(ui);
        Button::new("Discard...").look(Look::Ghost).show(ui);
        segmented(ui, "Policy", &["Optimise", "Fixed shares"], 0);
    });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        chip::chip(ui, "Chip", "Chip", true);
        for (text, tone) in [
            ("tag", Tone::Plain),
            ("info", Tone::Info),
            ("secure", Tone::Good),
            ("low", Tone::Warn),
            ("overload", Tone::Bad),
        ] {
            chip::tag(ui, text, tone);
        }
    });
    ui.add_space(8.0);
    ui.horizontal_wrapped(|ui| {
        for icon in ICONS {
            Button::icon(icon, "icon").show(ui);
        }
    });
}

const ICONS: [Icon; 40] = [
    Icon::Rack,
    Icon::Hall,
    Icon::Feed,
    Icon::Transformer,
    Icon::Substation,
    Icon::DryCooler,
    Icon::Generator,
    Icon::Battery,
    Icon::Globe,
    Icon::Row,
    Icon::Area,
    Icon::Clock,
    Icon::Tier,
    Icon::Busway,
    Icon::Search,
    Icon::Undo,
    Icon::Redo,
    Icon::Moon,
    Icon::Sun,
    Icon::File,
    Icon::Warning,
    Icon::Info,
    Icon::Check,
    Icon::Cross,
    Icon::ChevronRight,
    Icon::ChevronDown,
    Icon::Plus,
    Icon::Minus,
    Icon::Fit,
    Icon::Link,
    Icon::Chart,
    Icon::Plan,
    Icon::OneLine,
    Icon::Compare,
    Icon::Finance,
    Icon::ArrowRight,
    Icon::Trash,
    Icon::Copy,
    Icon::Reset,
    Icon::Sliders,
];

fn tree(ui: &mut Ui) {
    let t = Theme::of(ui.ctx());
    let color = Some(t.rack_color(gigasite::catalog::Generation::Rubin));
    let row = |name: &'static str, selected, tag| TreeRow {
        depth: 0,
        open: Some(false),
        icon: Icon::Hall,
        icon_color: color,
        name,
        tag,
        value: "124.8",
        selected,
        strong: false,
        path_b: None,
        locked: false,
    };
    row("Hall 7", false, None).show(ui);
    row("Hall 8, selected", true, None).show(ui);
    row("T-B2", false, Some(("102.2 %", Tone::Bad))).show(ui);
}

fn derivation() -> Derivation {
    Derivation {
        title: "Cost per M output tokens".into(),
        tag: "levelised, after tax".into(),
        result: "$0.988".into(),
        formula: "PV of all cost − residual, $54.37 B".into(),
        divisor: "PV of output tokens, 55.02 quadrillion".into(),
        inputs: vec![
            Input::new("Racks, 3,128 VR and 1,648 GB300", "$30.99 B", "analyst, May 2026"),
            Input::new("Site, 1,000 MW at 14.8 $M/MW", "$14.84 B", "analyst, Oct 2025"),
            Input::new("Output tokens, 60 % billable", "511.8 M/s", "plan, 41 ms"),
        ],
        note: String::new(),
    }
}

fn page(ui: &mut Ui) {
    let t = Theme::of(ui.ctx());
    Frame::new().fill(t.color(Token::App)).inner_margin(Margin::same(12)).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(12.0, 12.0);
        ui.columns(2, |columns| {
            if let [left, right] = columns {
                card::card(left, "Headline tile", "", tiles);
                card::card(left, "Inspector row", "", |ui| {
                    ui.set_max_width(320.0);
                    rows(ui);
                });
                card::card(right, "Buttons, chips, tags, icons", "", controls);
                card::card(right, "Tree row", "", tree);
                card::card(right, "Derivation", "", |ui| derivation().content(ui));
                card::card(right, "Empty", "", |ui| {
                    ui.set_max_height(110.0);
                    empty::empty(
                        ui,
                        "No limits",
                        "They appear with the first result",
                        Some("Compute"),
                    );
                });
            }
        });
    });
}

fn compare(which: egui::Theme, name: &str) {
    let mut harness = Harness::builder()
        .with_size(vec2(1500.0, 840.0))
        .with_theme(which)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui(page);
    harness.run_steps(3);
    look(&mut harness, name);
    // Software renderers differ by processor: a little may differ, a component may not.
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/snapshots");
    let options = SnapshotOptions::new().threshold(1.5).max_failed_pixels(60).output_path(folder);
    harness.snapshot_options(name, &options);
}

#[test]
fn every_state_of_the_components_looks_as_it_did_in_dark() {
    compare(egui::Theme::Dark, "states-dark");
}

#[test]
fn every_state_of_the_components_looks_as_it_did_in_light() {
    compare(egui::Theme::Light, "states-light");
}
