//! What will be taken from a foreign file, before it is: role, unit, layer and scale where
//! the file leaves them open, a picture of its lines, what is taken and what is left out.

mod columns;

use super::{Choice, body, buttons, ghost, heading};
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::gui::components::button::{Button, Look};
use crate::gui::components::row;
use crate::gui::theme::Theme;
use crate::scene::tokens::{TextRole, Token, size};
use crate::site::Site;
use crate::site::import::table::Table;
use crate::site::import::{self, Change, Foreign, Imported, Mapping, Options, Role, Scale};
use crate::units::LengthUnit;
use eframe::egui::{Pos2, Role as WidgetRole, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2};
use std::path::PathBuf;
use std::sync::Arc;

/// Lines of a list that the dialog has room for.
const SHOWN: usize = 6;
const PREVIEW_PX: f32 = 170.0;

/// A file that is about to be imported.
#[derive(Clone, Debug)]
pub struct Draft {
    pub path: PathBuf,
    bytes: Arc<Vec<u8>>,
    site: Site,
    catalog: Arc<Catalog>,
    options: Options,
    /// Of a list of racks.
    table: Option<Table>,
    /// The columns are those that were chosen for the same header row before.
    kept: bool,
    result: Result<Imported, Report>,
}

impl PartialEq for Draft {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.options == other.options
    }
}

impl Draft {
    /// Reads a file for a site; `reference` is how its layout should name it.
    pub fn new(
        path: PathBuf,
        bytes: Vec<u8>,
        (site, catalog): (&Site, &Arc<Catalog>),
        reference: String,
    ) -> Self {
        let options = Options { reference: Some(reference), ..Options::default() };
        let mut draft = Self {
            path,
            bytes: Arc::new(bytes),
            site: site.clone(),
            catalog: Arc::clone(catalog),
            options,
            table: None,
            kept: false,
            result: Err(Report::default()),
        };
        draft.table = draft.foreign(import::table_of).and_then(Result::ok);
        draft.options.mapping =
            draft.table.as_ref().map(|table| Mapping::guess(table, &draft.site, &draft.catalog));
        if draft.is_picture() {
            draft.options.scale = Some(Scale::MetresPerPixel(draft.usual_scale()));
        }
        draft.read();
        draft
    }

    /// The header row and the columns of a list of racks.
    pub fn columns(&self) -> Option<(&Table, &Mapping)> {
        Some((self.table.as_ref()?, self.options.mapping.as_ref()?))
    }

    /// Takes the columns that were chosen for the same header row before, where they still fit.
    pub fn offer(&mut self, mapping: Mapping) {
        let fits = |table: &Table| mapping.resolve(table, &self.catalog).is_ok();
        if self.table.as_ref().is_some_and(fits) {
            self.options.mapping = Some(mapping);
            self.kept = true;
            self.read();
        }
    }

    /// What would be taken, or why nothing can be.
    pub fn result(&self) -> &Result<Imported, Report> {
        &self.result
    }

    fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    fn roles(&self) -> &'static [Role] {
        import::importer_of(&self.name()).map_or(&[], |i| i.roles)
    }

    fn is_picture(&self) -> bool {
        self.name().to_lowercase().ends_with(".png")
    }

    fn is_drawing(&self) -> bool {
        self.name().to_lowercase().ends_with(".dxf")
    }

    /// A picture as wide as the parcel; one metre a pixel where there is none. Calibrating
    /// sets it right afterwards.
    fn usual_scale(&self) -> f64 {
        let x = self.site.terms.site.parcel.iter().map(|p| p[0]);
        let (low, high) =
            x.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
        let pixels = import::content(&self.name(), &self.bytes).map(|c| c.size()[0]);
        match pixels {
            Ok(pixels) if high > low && pixels > 0.0 => (high - low) / pixels,
            _ => 1.0,
        }
    }

    fn read(&mut self) {
        self.result = self.foreign(|foreign| import::read(foreign, &self.options));
    }

    fn foreign<R>(&self, body: impl FnOnce(&Foreign<'_>) -> R) -> R {
        let file = self.path.display().to_string();
        let (bytes, site, catalog) = (&self.bytes, &self.site, &self.catalog);
        body(&Foreign { file: &file, bytes, site, catalog })
    }
}

pub(super) fn show(ui: &mut Ui, draft: &mut Draft) -> Option<Choice> {
    heading(ui, &format!("Import {}", draft.name()));
    let before = draft.options.clone();
    options(ui, draft);
    if draft.kept {
        body(ui, "The columns are as you chose them for this header row before");
    }
    if draft.options != before {
        draft.read();
    }
    ui.add_space(6.0);
    match &draft.result {
        Ok(imported) => {
            preview(ui, imported);
            list(ui, "Taken", imported.taken.iter().cloned());
            let skipped = imported.skipped.iter().map(|s| format!("{}: {}", s.place, s.reason));
            list(ui, "Left out", skipped);
        }
        Err(report) => {
            for finding in report.items.iter().take(SHOWN) {
                body(ui, &finding.message);
                body(ui, &finding.hint);
            }
        }
    }
    buttons(ui, |ui| {
        let ready = draft.result.as_ref().is_ok_and(|imported| !imported.changes.is_empty());
        let go = Button::new("Import").look(Look::Primary).enabled(ready).show(ui).clicked();
        let stay = ghost(ui, "Cancel");
        match &draft.result {
            Ok(imported) if go => Some(Choice::Import(Box::new(imported.clone()))),
            _ => stay.then_some(Choice::Cancel),
        }
    })
}

fn options(ui: &mut Ui, draft: &mut Draft) {
    let roles = draft.roles();
    if roles.len() > 1 {
        let names: Vec<String> = roles.iter().map(|r| r.title().to_owned()).collect();
        let selected = roles.iter().position(|r| Some(*r) == draft.options.role).or(Some(0));
        if let Some(role) = row::choice(ui, "As", &names, selected).and_then(|i| roles.get(i)) {
            draft.options.role = Some(*role);
        }
    }
    if draft.is_drawing() {
        let mut names = vec!["as the drawing says".to_owned()];
        names.extend(LengthUnit::ALL.iter().map(|u| u.name().to_owned()));
        let chosen = draft.options.unit;
        let selected = LengthUnit::ALL.iter().position(|u| Some(*u) == chosen).map_or(0, |i| i + 1);
        if let Some(index) = row::choice(ui, "Unit", &names, Some(selected)) {
            draft.options.unit = index.checked_sub(1).and_then(|i| LengthUnit::ALL.get(i)).copied();
        }
        layer(ui, draft);
    }
    if let (Some(table), Some(mapping)) = (&draft.table, &draft.options.mapping)
        && let Some(changed) = columns::show(ui, table, mapping)
    {
        draft.options.mapping = Some(changed);
        draft.kept = false;
    }
    if let Some(Scale::MetresPerPixel(scale)) = draft.options.scale
        && let Some(text) = row::text(ui, "Metres per pixel", &format!("{scale:.4}"))
        && let Ok(scale) = text.trim().parse()
    {
        draft.options.scale = Some(Scale::MetresPerPixel(scale));
    }
}

fn layer(ui: &mut Ui, draft: &mut Draft) {
    let layers = match &draft.result {
        Ok(imported) => imported.layers.clone(),
        Err(_) => draft.options.layer.iter().cloned().collect(),
    };
    if layers.is_empty() || draft.options.role == Some(Role::Underlay) {
        return;
    }
    let mut names = vec!["the largest outline of all".to_owned()];
    names.extend(layers.iter().cloned());
    let selected = draft.options.layer.as_ref().and_then(|l| layers.iter().position(|n| n == l));
    let selected = selected.map_or(0, |i| i + 1);
    if let Some(index) = row::choice(ui, "Layer of the parcel", &names, Some(selected)) {
        draft.options.layer = index.checked_sub(1).and_then(|i| layers.get(i)).cloned();
    }
}

pub(super) fn list(ui: &mut Ui, title: &str, lines: impl Iterator<Item = String>) {
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        return;
    }
    ui.add_space(4.0);
    super::line(ui, title, TextRole::BodyStrong, Token::Text1);
    for text in lines.iter().take(SHOWN) {
        body(ui, text);
    }
    if lines.len() > SHOWN {
        body(ui, &format!("and {} more", lines.len() - SHOWN));
    }
}

/// The lines that are taken, north up.
fn preview(ui: &mut Ui, imported: &Imported) {
    let lines = &imported.preview;
    let points = || lines.iter().flatten();
    let Some(first) = points().next() else { return };
    let most = points().fold(*first, |m, p| [m[0].max(p[0]), m[1].max(p[1])]);
    let least = points().fold(*first, |m, p| [m[0].min(p[0]), m[1].min(p[1])]);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), PREVIEW_PX), Sense::hover());
    let t = Theme::of(ui.ctx());
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, size::RADIUS_CARD, t.color(Token::Canvas));
    let room = rect.shrink(12.0);
    let (w, h) = ((most[0] - least[0]) as f32, (most[1] - least[1]) as f32);
    let scale = (room.width() / w.max(1e-6)).min(room.height() / h.max(1e-6));
    let corner = room.center() - vec2(w, h) * scale / 2.0;
    let at = |p: &[f64; 2]| -> Pos2 {
        pos2(
            corner.x + (p[0] - least[0]) as f32 * scale,
            corner.y + (p[1] - least[1]) as f32 * scale,
        )
    };
    let parcel = imported.changes.iter().any(|c| matches!(c, Change::Parcel(_)));
    let token = if parcel { Token::Accent } else { Token::Text2 };
    let stroke = Stroke::new(if parcel { size::SELECTION } else { 1.0 }, t.color(token));
    for line in lines {
        painter.add(Shape::line(line.iter().map(at).collect(), stroke));
    }
    let spoken = format!("Preview of {} lines", lines.len());
    response.widget_info(|| WidgetInfo::labeled(WidgetRole::Image, true, &spoken));
}
