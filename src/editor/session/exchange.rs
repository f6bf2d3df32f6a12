//! Another catalogue under an open document.

use super::Session;
use crate::catalog::Catalog;
use std::sync::Arc;

impl Session {
    /// Puts another catalogue, without the overrides of any site, in place of the present one:
    /// the document is validated and answered anew, its history and selection stay.
    pub fn set_catalog(&mut self, catalog: Arc<Catalog>) {
        self.editor.set_catalog(catalog);
        // Answers by the old figures say nothing of the new ones.
        self.kept.clear();
        self.solve();
        self.oldest_wanted = self.submitted.generation;
    }
}
