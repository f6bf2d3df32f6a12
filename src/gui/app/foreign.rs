//! Files of other programs: read beside the window, shown, taken.

use super::App;
use super::documents::name_of;
use crate::diag::Report;
use crate::editor::catalogue::CatalogueDraft;
use crate::editor::{Foreign, Reading, Signature, Wanted, WeatherFile};
use crate::gui::action::{Edit, Gesture, Tab};
use crate::gui::prompts::{Prompt, calibrate};
use crate::site::import::device_type::is_device_type;
use eframe::egui;
use std::path::Path;
use std::sync::Arc;

impl App {
    /// Reads a foreign file, to show what would be taken.
    pub(super) fn import(&mut self, path: &Path) {
        let wanted = match is_device_type(&name_of(path)) {
            true => self.wanted_device(),
            false => Some(self.wanted_import(path)),
        };
        if let Some(wanted) = wanted {
            self.reread = None;
            self.read(path, Reading::Foreign(Box::new(wanted)));
        }
    }

    fn wanted_import(&self, path: &Path) -> Wanted {
        let editor = self.session.editor();
        let folder = editor.document().path().and_then(Path::parent);
        Wanted::Import {
            site: editor.site().clone(),
            catalog: Arc::clone(editor.catalog_in_force()),
            reference: crate::site::file::reference(path, folder),
            mappings: self.mappings.clone(),
        }
    }

    /// A device type goes into the folder of own records, where there is one.
    fn wanted_device(&mut self) -> Option<Wanted> {
        let Some(folder) = self.records_in.path.as_ref() else {
            let title = "There is no folder of own records".to_owned();
            let lines = vec!["Choose one under Site > Catalogue... first".to_owned()];
            self.prompt = Some(Prompt::Failed { title, lines });
            return None;
        };
        let catalog = match self.view.records.draft().map(CatalogueDraft::catalog) {
            Some(Ok(catalog)) => Arc::new(catalog),
            _ => Arc::clone(self.session.editor().catalog()),
        };
        let folder = folder.display().to_string();
        Some(Wanted::DeviceType { catalog, folder, date: Signature::of_user().date })
    }

    /// Has the foreign file that is shown read again where somebody wants it in another way.
    pub(super) fn read_again(&mut self) {
        let Some((path, draft)) = self.prompt.as_ref().and_then(Prompt::unread) else { return };
        if self.reread.as_ref() != Some(&draft) {
            self.reread = Some(draft.clone());
            self.read(&path, Reading::Foreign(Box::new(Wanted::Again(draft))));
        }
    }

    /// Shows what would be taken of a foreign file.
    pub(super) fn imported(&mut self, path: &Path, foreign: Result<Foreign, Report>) {
        match (foreign, &mut self.prompt) {
            (Ok(Foreign::Import(read)), Some(Prompt::Import(shown))) => shown.take(*read),
            (Ok(Foreign::DeviceType(read)), Some(Prompt::DeviceType(shown))) => shown.take(*read),
            (Ok(foreign), _) => self.prompt = Some(foreign.into()),
            (Err(report), _) => {
                self.prompt = Some(Prompt::Failed {
                    title: format!("{} cannot be imported", name_of(path)),
                    lines: report.items.iter().map(ToString::to_string).collect(),
                });
            }
        }
    }

    /// Shows the cooling in the weather of a file, or what is wrong in it.
    pub(super) fn weather_read(&mut self, path: &Path, read: Result<Box<WeatherFile>, Report>) {
        match read {
            Ok(file) => {
                self.view.prefs.tab = Tab::Cooling;
                self.view.cooling.take(*file);
            }
            Err(report) => {
                self.prompt = Some(Prompt::Failed {
                    title: format!("{} is no weather of a year", name_of(path)),
                    lines: report.items.iter().map(ToString::to_string).collect(),
                });
            }
        }
    }

    /// Sets the scale of an underlay so that two of its points are as far apart as entered;
    /// the first stays where it is.
    pub(super) fn calibrate(&mut self, ctx: &egui::Context, draft: &calibrate::Draft, metres: f64) {
        let site = self.session.editor().site();
        let found = site.campus.underlays.iter().find(|u| u.id == draft.underlay);
        let Some(underlay) = found else { return };
        let factor = metres / draft.measured_m();
        let about = draft.from;
        let at = [0, 1].map(|i| about[i] + (underlay.at[i] - about[i]) * factor);
        let path = |field: &str| format!("underlays.{}.{field}", underlay.id);
        let millimetre = |v: f64| (v * 1e3).round() / 1e3;
        let changes = vec![
            (path("m_per_unit"), format!("{:?}", underlay.m_per_unit * factor)),
            (path("at"), format!("({:?}, {:?})", millimetre(at[0]), millimetre(at[1]))),
        ];
        self.edit(ctx, Edit::SetMany { changes, gesture: Gesture::Once });
    }
}
