//! Where an element stands and how large it is, editable: the same for every kind.

use crate::editor::{self, Command, ElementId};
use crate::gui::action::{Action, Actions, Edit, Gesture};
use crate::gui::components::row::{Entry, Number, NumberRow, Source};
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element};
use crate::gui::measure;
use crate::gui::panels::rows::{named, serve_keyboard};
use crate::site::ElementRef;
use crate::units::Length;
use crate::units::format::{self, unit_of_suffix};
use eframe::egui::Ui;

/// A number of a place.
#[derive(Clone, Copy)]
enum Part {
    X,
    Y,
    Width,
    Height,
}

impl Part {
    const ALL: [Part; 4] = [Part::X, Part::Y, Part::Width, Part::Height];

    const fn label(self) -> &'static str {
        match self {
            Part::X => "X",
            Part::Y => "Y",
            Part::Width => "Width",
            // The height of a building is another measure.
            Part::Height => "Depth",
        }
    }

    /// What the source column says: from where it is measured.
    const fn note(self) -> &'static str {
        match self {
            Part::X => "west edge",
            Part::Y => "north edge",
            Part::Width => "east-west",
            Part::Height => "north-south",
        }
    }

    const fn least(self) -> f64 {
        match self {
            Part::X | Part::Y => f64::NEG_INFINITY,
            Part::Width | Part::Height => 0.0,
        }
    }

    /// The field of the layout, by which the keyboard is asked for.
    const fn field(self) -> &'static str {
        match self {
            Part::X => "at.0",
            Part::Y => "at.1",
            Part::Width => "size.0",
            Part::Height => "size.1",
        }
    }

    fn of(self, (at, size): ([f64; 2], [f64; 2])) -> f64 {
        match self {
            Part::X => at[0],
            Part::Y => at[1],
            Part::Width => size[0],
            Part::Height => size[1],
        }
    }

    /// The command that gives it another value.
    fn set(self, id: ElementId, (at, size): ([f64; 2], [f64; 2]), v: f64) -> Command {
        match self {
            Part::X => Command::MoveTo { ids: vec![id], x: Some(v), y: None },
            Part::Y => Command::MoveTo { ids: vec![id], x: None, y: Some(v) },
            Part::Width => Command::Resize { id, at, size: [v, size[1]] },
            Part::Height => Command::Resize { id, at, size: [size[0], v] },
        }
    }
}

/// The group "Place" of an element; nothing where it has none.
pub fn show(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    let Some(found) = cx.site.find(&element.id).filter(|e| e.path() == element.path()) else {
        return;
    };
    let machines: Vec<ElementRef<'_>> = match found {
        ElementRef::Loop(l) => {
            let cdus = l.cdus.iter().map(|u| ElementRef::Cdu(l, u));
            cdus.chain(l.rejection.iter().map(|u| ElementRef::Rejection(l, u))).collect()
        }
        _ => Vec::new(),
    };
    if machines.is_empty() && found.rectangle().is_some_and(|(_, size)| size != [0.0, 0.0]) {
        card::section(ui, "Place", "on the plan", false);
        one(ui, found, actions);
    }
    if !machines.is_empty() {
        card::section(ui, "Places", "on the plan", false);
    }
    for machine in machines {
        row::fact(ui, machine.name(), "");
        one(ui, machine, actions);
    }
}

/// The corner of several elements together.
pub fn together(ui: &mut Ui, cx: &Context<'_>, elements: &[Element], actions: &mut Actions) {
    let ids: Vec<ElementId> = elements.iter().map(|e| ElementId::new(e.path())).collect();
    let Some((low, high)) = editor::extent(cx.site, &ids) else { return };
    card::section(ui, "Place", "of all together", false);
    for (axis, part) in [Part::X, Part::Y].into_iter().enumerate() {
        let id = ui.scope_id().with(("place-of-all", axis));
        let output = NumberRow {
            id,
            label: part.label(),
            name: &named(part.label(), "the selection"),
            value: Number::Is(low[axis]),
            unit: unit_of_suffix("m"),
            range: None,
            source: Source::Plain(part.note()),
            least: part.least(),
            whole: false,
            locked: None,
        }
        .show(ui);
        if let Some((Entry::Number(v), gesture)) = output.entry {
            let to = |wanted: usize| (wanted == axis).then_some(v);
            let command = Command::MoveTo { ids: ids.clone(), x: to(0), y: to(1) };
            actions.push(apply(command, gesture));
        }
    }
    let system = measure::system(ui.ctx());
    let unit = |m: f64| format::length(Length::m(m), system);
    let size = format!("{} × {}", unit(high[0] - low[0]), unit(high[1] - low[1]));
    row::fact(ui, "Extent", &size);
    if let [a, b] = ids.as_slice() {
        let of = |id: &ElementId| editor::extent(cx.site, std::slice::from_ref(id));
        if let (Some(a), Some(b)) = (of(a), of(b)) {
            let [east, south] = gap(a, b);
            row::fact(ui, "Gap", &unit(east.hypot(south)));
            let centre = |(low, high): Extent, axis: usize| (low[axis] + high[axis]) / 2.0;
            let [east, south] = [0, 1].map(|axis| centre(b, axis) - centre(a, axis));
            row::fact(ui, "Centre to centre", &unit(east.hypot(south)));
        }
    }
}

/// Least and greatest corner, metres.
type Extent = ([f64; 2], [f64; 2]);

/// Free ground between two extents to the east and to the south, metres; 0 where they overlap.
fn gap(a: Extent, b: Extent) -> [f64; 2] {
    [0, 1].map(|axis| (b.0[axis] - a.1[axis]).max(a.0[axis] - b.1[axis]).max(0.0))
}

fn one(ui: &mut Ui, element: ElementRef<'_>, actions: &mut Actions) {
    let Some(place) = element.rectangle() else { return };
    for part in Part::ALL {
        let path = format!("{}.{}", element.path(), part.field());
        let id = ui.scope_id().with(("place", path.as_str()));
        serve_keyboard(ui, &path, id);
        let output = NumberRow {
            id,
            label: part.label(),
            name: &named(part.label(), element.name()),
            value: Number::Is(part.of(place)),
            unit: unit_of_suffix("m"),
            range: None,
            source: Source::Plain(part.note()),
            least: part.least(),
            whole: false,
            locked: None,
        }
        .show(ui);
        if let Some((Entry::Number(v), gesture)) = output.entry {
            let id = ElementId::new(element.path());
            actions.push(apply(part.set(id, place, v), gesture));
        }
    }
}

fn apply(command: Command, gesture: Gesture) -> Action {
    Action::Edit(Edit::Apply { command: Box::new(command), gesture })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_the_free_ground_between_two_places() {
        let unit = ([0.0, 0.0], [1.0, 1.0]);
        assert_eq!(gap(unit, ([4.0, 0.5], [5.0, 2.0])), [3.0, 0.0]);
        assert_eq!(gap(([4.0, 5.0], [5.0, 6.0]), unit), [3.0, 4.0], "either order");
        assert_eq!(gap(unit, ([0.5, 0.5], [2.0, 2.0])), [0.0, 0.0], "none where they overlap");
    }
}
