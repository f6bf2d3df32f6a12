//! The floor of a hall bears the racks that stand on it.

use super::Rule;
use super::context::{Context, warning};
use crate::catalog::Catalog;
use crate::diag::Report;
use crate::site::HallGroup;

pub(super) const RULE: Rule = Rule {
    name: "floor",
    about: "The installed racks of a hall weigh no more than its floor bears, averaged over the hall.",
    codes: &[("floor-load", "installed racks weigh more than the floor bears")],
    check,
};

/// Load of the installed racks over the floor of their hall, kg/m²; `None` where a rack's
/// mass is unknown or there is no floor.
pub(super) fn load_kg_m2(catalog: &Catalog, group: &HallGroup) -> Option<f64> {
    let hall = group.hall.as_ref()?;
    let area = hall.size[0] * hall.size[1];
    let mut mass = 0.0;
    for block in &group.blocks {
        let (Some(rack), Some(count)) = (&block.rack, block.count) else { continue };
        mass += catalog.racks.get(rack)?.mass_kg.get()? * f64::from(count);
    }
    (area > 0.0).then(|| mass / area)
}

fn check(context: &Context, report: &mut Report) {
    if !context.built() {
        return;
    }
    for group in &context.site.halls {
        let Some(hall) = &group.hall else { continue };
        let load = load_kg_m2(context.catalog, group);
        let (Some(load), Some(limit)) = (load, hall.floor_kg_m2) else { continue };
        if load > limit {
            let message = format!(
                "The racks of hall `{}` load its floor with {load:.0} kg/m², which bears {limit:.0}",
                hall.id
            );
            let hint = "Move racks to another hall, enlarge it, or strengthen the floor";
            let path = format!("halls.{}.floor_kg_m2", hall.id);
            warning(report, "floor-load", path, message, hint);
        }
    }
}
