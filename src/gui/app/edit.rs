//! Edits and selections that panels asked for, as commands of the session.

use super::App;
use crate::editor::{self, Command, EditError, ElementId, Placing, TierSource};
use crate::gui::action::{Edit, Gesture, View};
use crate::gui::context::{Element, Kind};
use crate::gui::prompts::Prompt;
use crate::gui::prompts::rack_type::RackType;
use crate::gui::prompts::{calibrate, constraint::Draft};
use crate::site::{Constraint, ConstraintKind, Fragment, Site};
use eframe::egui::{self, ViewportCommand};

/// Lines of what a paste lost that a notice has room for.
const SHOWN_LOSSES: usize = 2;

impl App {
    /// What a change of the view means for the selection, which is the session's.
    pub(super) fn select(&mut self, view: &View) {
        match view {
            View::Select(elements) => self.session.select(ids(elements)),
            View::Jump(element) => self.session.select([ElementId::new(element.path())]),
            View::Toggle(element) => self.session.toggle(&ElementId::new(element.path())),
            View::EditField(path) => {
                if let Some(element) = Element::of_path(path) {
                    self.session.select([ElementId::new(element.path())]);
                }
            }
            View::Calibrated { underlay, from, to } => {
                let draft = calibrate::Draft::new(underlay.clone(), *from, *to);
                self.prompt = Some(Prompt::Calibrate(draft));
            }
            View::SelectRelated(relation) => {
                let editor = self.session.editor();
                let found = editor::related(editor.site(), &editor.selection().ids(), *relation);
                if found.is_empty() {
                    self.refusal = Some("Nothing of the site is related so".to_owned());
                } else {
                    self.session.select(found);
                }
            }
            _ => {}
        }
    }

    pub(super) fn edit(&mut self, ctx: &egui::Context, edit: Edit) {
        self.refusal = None;
        let Some(edit) = self.edit_surely(ctx, edit) else { return };
        let result = match edit {
            Edit::Delete(elements) => self.delete(elements),
            Edit::DeleteNow(elements) => {
                self.together("", elements, |elements| vec![remove_command(elements)])
            }
            Edit::Set { path, value, gesture, .. } => {
                self.gesture(&Command::Set { path, value }, gesture)
            }
            Edit::SetMany { changes, gesture } => self.gesture(&Command::SetMany(changes), gesture),
            Edit::Reset(paths) => self.session.apply(&Command::ResetOverrides(paths)).map(drop),
            Edit::Rotate(elements) => {
                self.session.apply(&Command::Rotate { ids: ids(&elements) }).map(drop)
            }
            Edit::Connect { elements, source, supply, beside } => {
                let source = ElementId::new(source.path());
                let command = Command::Connect { ids: ids(&elements), source, supply, beside };
                self.session.apply(&command).map(drop)
            }
            Edit::Disconnect { elements, source, supply } => {
                let source = source.map(|s| ElementId::new(s.path()));
                let command = Command::Disconnect { ids: ids(&elements), source, supply };
                self.session.apply(&command).map(drop)
            }
            Edit::AddTier(template) => {
                let source = TierSource::Template(template);
                self.session.apply(&Command::AddTier(source)).map(drop)
            }
            Edit::Place(placing) => self.place(placing),
            Edit::AddConstraint(kind, outline) => self.add_constraint(kind, outline),
            Edit::Import(imported) => self.session.apply(&Command::Import(imported)).map(drop),
            Edit::Variant(command) => {
                self.end_gesture();
                self.session.apply_variant(&command).map(drop)
            }
            Edit::Scenario(command) => {
                self.end_gesture();
                self.session.apply_scenario(&command);
                Ok(())
            }
            Edit::Duplicate(elements) => self.duplicate(&elements),
            Edit::Cut(elements) => {
                if self.copy(ctx, &elements) {
                    self.delete(elements)
                } else {
                    Ok(())
                }
            }
            Edit::Move { elements, delta_m: [dx, dy], gesture } => {
                self.gesture(&Command::Move { ids: ids(&elements), dx, dy }, gesture)
            }
            Edit::Apply { command, gesture } => self.gesture(&command, gesture),
            Edit::AskRackType(elements) => self.ask_rack_type(&elements),
            Edit::Abandon => self.abandon(),
            // Done above.
            _ => Ok(()),
        };
        if let Err(error) = result {
            self.refusal = Some(error.to_string());
        }
    }

    /// Does what cannot be refused, or says why itself; the others come back.
    fn edit_surely(&mut self, ctx: &egui::Context, edit: Edit) -> Option<Edit> {
        match edit {
            Edit::Undo => {
                self.session.undo();
            }
            Edit::Redo => {
                self.session.redo();
            }
            Edit::AskConstraint => {
                self.prompt = Some(Prompt::Constraint(Draft::default()));
            }
            Edit::NewVariant => self.ask_variant(None),
            Edit::RenameVariant(id) => self.ask_variant(Some(&id)),
            Edit::Copy(elements) => {
                self.copy(ctx, &elements);
            }
            Edit::Paste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
            Edit::PasteText(text) => self.paste(&text),
            other => return Some(other),
        }
        None
    }

    /// Asks for name and notes, of a new variant without an id.
    fn ask_variant(&mut self, id: Option<&str>) {
        let document = self.session.editor().document();
        let layout = document.layout();
        let known = id.and_then(|id| layout.find(id)).map(|index| layout.variant(index));
        let (id, name, notes) = match known {
            Some(v) => (Some(v.id.clone()), v.name.clone(), v.notes.clone()),
            None => (None, format!("{} 2", document.variant().name), String::new()),
        };
        self.prompt = Some(Prompt::Variant { id, name, notes });
    }

    /// Places things, and says what they leave to see to.
    fn place(&mut self, placing: Placing) -> Result<(), EditError> {
        let editor = self.session.editor();
        let remarks = editor::place::remarks(editor.site(), editor.catalog_in_force(), &placing);
        self.session.apply(&Command::Place(placing))?;
        if !remarks.is_empty() {
            self.refusal = Some(remarks.join("; "));
        }
        Ok(())
    }

    fn add_constraint(
        &mut self,
        kind: ConstraintKind,
        outline: Vec<[f64; 2]>,
    ) -> Result<(), EditError> {
        let area = new_constraint(self.session.editor().site(), kind, outline);
        let command = Command::Insert(vec![editor::Element::Constraint(area)]);
        self.session.apply(&command).map(drop)
    }

    fn ask_rack_type(&mut self, elements: &[Element]) -> Result<(), EditError> {
        let asked = RackType::of(self.session.editor(), ids(elements));
        self.prompt = Some(Prompt::RackType(Box::new(asked)));
        Ok(())
    }

    /// Ends a drag that goes on and takes back what it did.
    fn abandon(&mut self) -> Result<(), EditError> {
        if std::mem::take(&mut self.in_gesture) {
            self.session.abort();
        }
        Ok(())
    }

    /// Removes elements at once, or asks where more goes than they say themselves.
    fn delete(&mut self, elements: Vec<Element>) -> Result<(), EditError> {
        let site = self.session.editor().site();
        let physical: Vec<Element> =
            elements.iter().filter(|e| e.kind != Kind::Tier).cloned().collect();
        let entailed = editor::consequences(site, &ids(&physical)).filter(|c| !c.is_trivial());
        let Some(entailed) = entailed else {
            return self.together("", elements, |elements| vec![remove_command(elements)]);
        };
        let mut lines = Vec::new();
        if !entailed.with.is_empty() {
            lines.push(format!("With it: {}", entailed.with.join(", ")));
        }
        lines.extend(entailed.left);
        self.prompt = Some(Prompt::Delete { things: entailed.things, lines, elements });
        Ok(())
    }

    /// Elements of the ground and tiers are removed by commands of their own, as one entry.
    fn together(
        &mut self,
        label: &str,
        elements: Vec<Element>,
        commands: impl Fn(&[Element]) -> Vec<Command>,
    ) -> Result<(), EditError> {
        let (tiers, rest): (Vec<Element>, Vec<Element>) =
            elements.into_iter().partition(|e| e.kind == Kind::Tier);
        self.session.begin(label);
        let mut result = Ok(());
        for group in tiers.chunks(1).chain((!rest.is_empty()).then_some(rest.as_slice())) {
            for command in commands(group) {
                result = result.and(self.session.apply(&command).map(drop));
            }
        }
        if result.is_err() {
            self.session.abort();
        } else {
            self.session.commit();
        }
        result
    }

    fn duplicate(&mut self, elements: &[Element]) -> Result<(), EditError> {
        let editor = self.session.editor();
        let [dx, dy] = editor::beside(editor.site(), editor.catalog_in_force(), &ids(elements));
        self.together("", elements.to_vec(), |elements| {
            vec![match elements {
                [one] if one.kind == Kind::Tier => {
                    Command::AddTier(TierSource::CopyOf(one.id.clone()))
                }
                many => Command::Duplicate { ids: ids(many), dx, dy },
            }]
        })
    }

    /// False where nothing of it can be copied.
    fn copy(&mut self, ctx: &egui::Context, elements: &[Element]) -> bool {
        let fragment = editor::copied(self.session.editor().site(), &ids(elements));
        match fragment {
            Some(fragment) => ctx.copy_text(fragment.to_text()),
            None => {
                self.refusal = Some("Nothing of the selection can be copied".to_owned());
                return false;
            }
        }
        true
    }

    fn paste(&mut self, text: &str) {
        let fragment = match Fragment::parse(text) {
            Ok(fragment) => fragment,
            Err(error) => {
                self.refusal = Some(error.to_string());
                return;
            }
        };
        let editor = self.session.editor();
        let site = editor.site();
        let [dx, dy] = editor::room_for(site, editor.catalog_in_force(), &fragment);
        let lost = editor::lost_by_paste(site, &fragment);
        let command = Command::Paste { fragment: Box::new(fragment), dx, dy };
        match self.session.apply(&command) {
            Ok(_) if lost.is_empty() => {}
            Ok(_) => {
                let mut words: Vec<String> = lost.iter().take(SHOWN_LOSSES).cloned().collect();
                if lost.len() > SHOWN_LOSSES {
                    words.push(format!("and {} more", lost.len() - SHOWN_LOSSES));
                }
                self.refusal = Some(words.join("; "));
            }
            Err(error) => self.refusal = Some(error.to_string()),
        }
    }

    /// A command as part of a gesture: in place of what the gesture has done so far.
    fn gesture(&mut self, command: &Command, gesture: Gesture) -> Result<(), EditError> {
        if gesture == Gesture::Dragging && !self.in_gesture {
            self.session.begin("");
            self.in_gesture = true;
        }
        let result = if self.in_gesture {
            self.session.reapply(command)
        } else {
            self.session.apply(command)
        };
        if gesture == Gesture::Finished {
            self.end_gesture();
        }
        result.map(drop)
    }

    pub(super) fn end_gesture(&mut self) {
        if self.in_gesture {
            self.session.commit();
            self.in_gesture = false;
        }
    }
}

/// A constraint area whose rule and source are still to be entered.
fn new_constraint(site: &Site, kind: ConstraintKind, outline: Vec<[f64; 2]>) -> Constraint {
    let taken = |name: &str| site.campus.constraints.iter().any(|c| c.name == name);
    let title = kind.title();
    let numbered = (1..).map(|n| if n == 1 { title.to_owned() } else { format!("{title} {n}") });
    let name = numbered.into_iter().find(|name| !taken(name)).unwrap_or_default();
    Constraint {
        id: title.to_lowercase().replace(' ', "-"),
        name,
        kind,
        outline,
        setback_m: None,
        height_m: None,
        noise_dba: None,
        rule: String::new(),
        source: String::new(),
        date: String::new(),
    }
}

fn ids(elements: &[Element]) -> Vec<ElementId> {
    elements.iter().map(|e| ElementId::new(e.path())).collect()
}

/// Tiers go one by one, everything else at once.
fn remove_command(elements: &[Element]) -> Command {
    match elements {
        [one] if one.kind == Kind::Tier => Command::RemoveTier { tier: one.id.clone() },
        many => Command::Remove { ids: ids(many) },
    }
}
