//! A map, a drawing, a picture or a list of racks on its way into a site.

use crate::catalog::Catalog;
use crate::diag::Report;
use crate::editor::mappings::Mappings;
use crate::site::Site;
use crate::site::import::table::Table;
use crate::site::import::{self, Foreign, Imported, Mapping, Options, Role, Scale};
use std::path::PathBuf;
use std::sync::Arc;

/// A file that is about to be imported.
#[derive(Clone, Debug)]
pub struct ImportDraft {
    pub path: PathBuf,
    bytes: Arc<Vec<u8>>,
    site: Site,
    catalog: Arc<Catalog>,
    /// How it is to be read.
    pub options: Options,
    /// How it has been read.
    read_with: Options,
    /// Of a list of racks.
    table: Option<Arc<Table>>,
    /// The columns are those that were chosen for the same header row before.
    pub kept: bool,
    result: Arc<Result<Imported, Report>>,
}

impl PartialEq for ImportDraft {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.options == other.options
    }
}

impl ImportDraft {
    /// Reads a file for a site; `reference` is how its layout should name it.
    pub fn new(
        path: PathBuf,
        bytes: Vec<u8>,
        (site, catalog): (Site, Arc<Catalog>),
        reference: String,
        mappings: &Mappings,
    ) -> Self {
        let options = Options { reference: Some(reference), ..Options::default() };
        let mut draft = Self {
            path,
            bytes: Arc::new(bytes),
            site,
            catalog,
            read_with: options.clone(),
            options,
            table: None,
            kept: false,
            result: Arc::new(Err(Report::default())),
        };
        draft.table = draft.foreign(import::table_of).and_then(Result::ok).map(Arc::new);
        if let Some(table) = draft.table.clone() {
            let fits = |mapping: &Mapping| mapping.resolve(&table, &draft.catalog).is_ok();
            let kept = mappings.of(&table).filter(fits);
            draft.kept = kept.is_some();
            let guess = || Mapping::guess(&table, &draft.site, &draft.catalog);
            draft.options.mapping = Some(kept.unwrap_or_else(guess));
        }
        if draft.is_picture() {
            draft.options.scale = Some(Scale::MetresPerPixel(draft.usual_scale()));
        }
        draft.read();
        draft
    }

    /// Reads it as the options say.
    pub fn read(&mut self) {
        self.result = Arc::new(self.foreign(|foreign| import::read(foreign, &self.options)));
        self.read_with.clone_from(&self.options);
    }

    /// Whether what is there is what the options ask for.
    pub fn is_read(&self) -> bool {
        self.options == self.read_with
    }

    /// Takes what was read in another way, where that is still the way that is asked for.
    pub fn take(&mut self, other: Self) {
        if other.path == self.path && other.read_with == self.options {
            (self.result, self.read_with) = (other.result, other.read_with);
        }
    }

    /// The header row and the columns of a list of racks.
    pub fn columns(&self) -> Option<(&Table, &Mapping)> {
        Some((self.table.as_deref()?, self.options.mapping.as_ref()?))
    }

    /// What would be taken, or why nothing can be.
    pub fn result(&self) -> &Result<Imported, Report> {
        &self.result
    }

    /// Name of the file.
    pub fn name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// What the file can become.
    pub fn roles(&self) -> &'static [Role] {
        import::importer_of(&self.name()).map_or(&[], |i| i.roles)
    }

    fn is_picture(&self) -> bool {
        self.name().to_lowercase().ends_with(".png")
    }

    /// Whether it is a drawing, whose unit and layer can be chosen.
    pub fn is_drawing(&self) -> bool {
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

    fn foreign<R>(&self, body: impl FnOnce(&Foreign<'_>) -> R) -> R {
        let file = self.path.display().to_string();
        let (bytes, site, catalog) = (&self.bytes, &self.site, &self.catalog);
        body(&Foreign { file: &file, bytes, site, catalog })
    }
}
