//! The catalogue: every number has a source; overlays and overrides behave.
use gigasite::catalog::{self, Catalog};

#[test]
fn every_number_of_the_embedded_catalogue_has_a_source() {
    let catalog = Catalog::embedded().unwrap_or_else(|r| panic!("{:#?}", r.items));
    let report = catalog::check(&catalog);
    let lines: Vec<String> = report.items.iter().map(|d| d.to_string()).collect();
    assert!(report.items.is_empty(), "{}", lines.join("\n"));
    println!("{:?}", catalog::summary(&catalog));
}
