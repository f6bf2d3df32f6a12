//! The identity of an input: a digest of everything that the answer depends on.

use super::SolveOptions;
use crate::catalog::Catalog;
use crate::site::Site;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// SHA-256, as hexadecimal text, of layout, catalogue in force and options.
pub fn sha256(site: &Site, catalog: &Catalog, options: &SolveOptions) -> String {
    let mut digest = Sha256::new();
    add(&mut digest, &site.to_file());
    digest.update(&catalog.version);
    add(&mut digest, &catalog.racks);
    add(&mut digest, &catalog.units);
    add(&mut digest, &catalog.models);
    add(&mut digest, &catalog.curves);
    add(&mut digest, &catalog.tier_templates);
    add(&mut digest, &catalog.tariffs);
    add(&mut digest, &catalog.equipment);
    add(&mut digest, &catalog.costs);
    add(&mut digest, &catalog.practice);
    add(&mut digest, &catalog.options);
    add(&mut digest, &catalog.serving);
    let asked = (options.allocation, options.objective, options.integer, &options.whatif);
    add(&mut digest, &asked);
    digest.update(options.solver.to_string());
    add(&mut digest, &options.overrides);
    digest.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

fn add(digest: &mut Sha256, value: &impl Serialize) {
    // A value that cannot be written leaves the digest without it; records of
    // numbers and text always can.
    if let Ok(text) = serde_json::to_vec(value) {
        digest.update(&text);
    }
    digest.update([0]);
}
