//! Things to place, as entries of the palette: the way to place by keyboard alone.

use super::fuzzy::folded;
use super::item::{Group, Item};
use crate::catalog::Catalog;
use crate::editor::What;
use crate::editor::place::{Offer, offers};
use crate::gui::action::{Action, View};
use crate::gui::panels::catalogue::icon_of;
use crate::units::words::lower_first;

/// Everything that can be placed on the plan; what cannot says why.
pub fn of_places(catalog: &Catalog) -> Vec<Item> {
    offers(catalog).into_iter().map(|offer| entry(catalog, offer)).collect()
}

fn entry(catalog: &Catalog, offer: Offer) -> Item {
    // The short name of a rack does not tell which; its full name does.
    let name = match &offer.what {
        What::Racks(id) => catalog.racks.get(id).map_or(offer.name.clone(), |r| r.name.clone()),
        _ => lower_first(&offer.name),
    };
    let actions = match &offer.refusal {
        None => vec![Action::View(View::Place(offer.what.clone()))],
        Some(_) => Vec::new(),
    };
    Item {
        hidden: folded(&format!("{} {} add insert", offer.name, offer.title)),
        verb: "Place",
        note: offer.refusal.clone().unwrap_or_default(),
        actions,
        ..Item::new(Group::Commands, icon_of(offer.family), format!("Place {name}"))
    }
}
