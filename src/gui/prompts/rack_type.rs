//! Another rack type for the selection or the whole site: what it would do, before it is done.

use super::{Choice, body, buttons, ghost, heading, line};
use crate::catalog::{Generation, Rack, Role};
use crate::editor::{self, Command, ElementId, RackChange, RackCount, rack_change};
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::gui::components::segmented::segmented;
use crate::scene::tokens::{TextRole, Token};
use crate::units::format;
use eframe::egui::{ScrollArea, Ui};

/// The question with the answer so far.
#[derive(Clone, Debug, PartialEq)]
pub struct RackType {
    /// Elements whose blocks change; none means the whole site.
    ids: Vec<ElementId>,
    /// Id and name of every type of the catalogue.
    racks: Vec<(String, String)>,
    chosen: usize,
    count: RackCount,
    outcome: Result<RackChange, String>,
}

impl RackType {
    /// Asks for the elements; starts with the newest type that they do not hold.
    pub fn of(editor: &editor::Editor, ids: Vec<ElementId>) -> Self {
        let catalog = editor.catalog_in_force();
        let racks: Vec<(String, String)> =
            catalog.racks.iter().map(|(id, rack)| (id.clone(), rack.name.clone())).collect();
        let held = |id: &str| editor.site().blocks().any(|b| b.rack.as_deref() == Some(id));
        let newest = catalog
            .racks
            .values()
            .enumerate()
            .filter(|(_, rack)| !held(&rack.id) && rack.role == Role::Compute)
            .filter(|(_, rack)| rack.generation != Generation::Other && is_known(rack))
            .max_by_key(|(index, rack)| (rack.generation, usize::MAX - index));
        let chosen = newest.map_or(0, |(index, _)| index);
        let outcome = Err(String::new());
        let mut asked = Self { ids, racks, chosen, count: RackCount::Keep, outcome };
        asked.compute(editor);
        asked
    }

    /// The question with another answer.
    pub fn with(&self, editor: &editor::Editor, chosen: usize, count: RackCount) -> Self {
        let mut asked = Self { chosen, count, ..self.clone() };
        asked.compute(editor);
        asked
    }

    fn compute(&mut self, editor: &editor::Editor) {
        let Some((rack, _)) = self.racks.get(self.chosen) else { return };
        let catalog = editor.catalog_in_force();
        let asked = (rack.as_str(), self.count);
        self.outcome =
            rack_change(editor.site(), catalog, &self.ids, asked).map_err(|e| e.to_string());
    }

    /// What to do when it is answered.
    pub fn command(&self) -> Option<Command> {
        let (rack, _) = self.racks.get(self.chosen)?;
        Some(Command::ChangeRackType {
            ids: self.ids.clone(),
            rack: rack.clone(),
            count: self.count,
        })
    }

    pub(super) fn show(&self, ui: &mut Ui) -> Option<Choice> {
        heading(ui, "Change the rack type");
        let of = match self.ids.len() {
            0 => "Of every block of the site".to_owned(),
            1 => "Of the blocks of the selected element".to_owned(),
            n => format!("Of the blocks of {} selected elements", format::count(n as f64)),
        };
        body(ui, &of);
        ui.add_space(8.0);
        let names: Vec<String> = self.racks.iter().map(|(_, name)| name.clone()).collect();
        let mut choice = row::choice(ui, "Rack type", &names, Some(self.chosen))
            .map(|chosen| Choice::AskRackType(chosen, self.count));
        ui.add_space(6.0);
        let counts = [RackCount::Keep, RackCount::AsManyAsFit];
        let now = counts.iter().position(|c| *c == self.count).unwrap_or_default();
        let options = ["Keep the count", "As many as fit"];
        if let Some(count) =
            segmented(ui, "Racks", &options, now).and_then(|i| counts.get(i).copied())
        {
            choice = Some(Choice::AskRackType(self.chosen, count));
        }
        ui.add_space(10.0);
        self.outcome(ui);
        let changes = self.outcome.as_ref().is_ok_and(|c| c.blocks > 0);
        choice.or(buttons(ui, |ui| {
            let go = Button::new("Change").look(Look::Primary).enabled(changes).show(ui).clicked();
            let stay = ghost(ui, "Cancel");
            go.then_some(Choice::ChangeRackType).or(stay.then_some(Choice::Cancel))
        }))
    }

    /// What changes and what no longer fits.
    fn outcome(&self, ui: &mut Ui) {
        let change = match &self.outcome {
            Ok(change) => change,
            Err(why) => return line(ui, why, TextRole::Body, Token::Err),
        };
        for words in summary(change) {
            line(ui, &words, TextRole::Body, Token::Text1);
        }
        if change.blocks == 0 {
            return;
        }
        ui.add_space(6.0);
        if change.misfits.is_empty() {
            return line(ui, "Everything fits", TextRole::Body, Token::Ok);
        }
        let list = |ui: &mut Ui, title: &str, unknown: bool, (sign, token): (&str, Token)| {
            let own = change.misfits.iter().filter(|m| m.is_unknown == unknown);
            for (index, misfit) in own.enumerate() {
                if index == 0 {
                    line(ui, title, TextRole::BodyStrong, Token::Text1);
                }
                line(ui, &format!("{sign}  {}", misfit.words), TextRole::Body, token);
            }
        };
        ScrollArea::vertical().max_height(220.0).show(ui, |ui| {
            list(ui, "No longer fits", false, ("×", Token::Err));
            list(ui, "Not checked", true, ("?", Token::Warn));
        });
    }
}

/// Whether enough is known of a type to say what fits.
fn is_known(rack: &Rack) -> bool {
    rack.width_m.get().is_some() && rack.caps.iter().any(|cap| cap.kw.get().is_some())
}

/// Blocks, racks and footprints in sentences.
fn summary(change: &RackChange) -> Vec<String> {
    let count = |n: u64, one: &str| {
        let digits = format::count(n as f64);
        if n == 1 { format!("{digits} {one}") } else { format!("{digits} {one}s") }
    };
    if change.blocks == 0 {
        return vec!["Every block holds this type already".to_owned()];
    }
    let (before, after) = change.racks;
    let mut lines = vec![format!(
        "{} with {} become {}",
        count(change.blocks as u64, "block"),
        count(before, "rack"),
        count(after, "rack")
    )];
    if change.resized > 0 {
        lines.push(format!(
            "{} another size",
            match change.resized {
                1 => "1 block gets".to_owned(),
                n => format!("{} blocks get", format::count(n as f64)),
            }
        ));
    }
    lines
}
