//! Where the site stands, for its cooling: the place whose year counts, and the design extreme
//! with its source.

use crate::catalog::Fact;
use crate::gui::action::{Actions, Edit};
use crate::gui::components::card;
use crate::gui::components::row::{self, Number, NumberRow, Range, Source};
use crate::gui::context::Context;
use crate::gui::measure;
use crate::gui::panels::rows::{
    kind_word, least_of, named, provenance, quoted, serve_keyboard, set,
};
use crate::units::format::{self, unit_of_field};
use eframe::egui::Ui;

const PLACE: &str = "site.place";
const EXTREME: &str = "site.extreme_c";

/// The layout's own year and extreme are those that count.
pub const IN_FORCE: &str = "year and extreme of cooling";
/// The page of cooling shows another year than the layout's own.
pub const SET_ASIDE: &str = "the layout's own, set aside while a file is shown";

/// The section of the site's inspector, and of the page of cooling. `note` says whether the rows
/// count for what is shown beside them.
pub fn rows(ui: &mut Ui, cx: &Context<'_>, (note, first): (&str, bool), actions: &mut Actions) {
    card::section(ui, "Climate", note, first);
    place(ui, cx, actions);
    extreme(ui, cx, actions);
    let recirculation = cx.catalog.practice.get("recirculation-k").and_then(|p| p.value.get());
    let words = format::known(recirculation, |k| {
        let (factor, unit) = format::unit_in("K", measure::system(ui.ctx()));
        format::with_unit(k / factor, 1, unit)
    });
    row::computed(ui, "Recirculation", &words, "catalogue");
}

fn place(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let ids: Vec<&String> = cx.catalog.weather.keys().collect();
    let mut words = vec!["The layout's typical hours".to_owned()];
    words.extend(cx.catalog.weather.values().map(|w| w.name.clone()));
    let current = cx.site.terms.site.place.as_ref();
    let selected = match current {
        None => Some(0),
        Some(place) => ids.iter().position(|id| *id == place).map(|at| at + 1),
    };
    let Some(picked) = row::choice(ui, "Place", &words, selected) else { return };
    let value = picked.checked_sub(1).and_then(|at| ids.get(at));
    let value = value.map_or_else(|| format::UNKNOWN.to_owned(), |id| quoted(id));
    let name = words.get(picked).map(String::as_str).unwrap_or_default();
    actions.push(Edit::set(PLACE, value, format!("Set place to {name}")));
}

/// The extreme that counts: entered, else what the place publishes.
fn extreme(ui: &mut Ui, cx: &Context<'_>, actions: &mut Actions) {
    let place = cx.site.terms.site.place.as_ref().and_then(|id| cx.catalog.weather.get(id));
    let published: Option<&Fact> = place.and_then(|p| p.extreme_20y_c.as_ref());
    let stated = published.and_then(Fact::get);
    let entered = cx.site.terms.site.extreme_c;
    let unit = unit_of_field(EXTREME);
    let was = stated.map(|c| unit.show_in(c, measure::system(ui.ctx())));
    let edited = format!("was {}", was.as_deref().unwrap_or(format::UNKNOWN));
    let source = match (entered, published) {
        (Some(_), Some(_)) => Source::Link(&edited),
        (Some(_), None) => Source::Plain("entered"),
        (None, Some(fact)) if stated.is_some() => {
            Source::Link(fact.kind.map_or("published", kind_word))
        }
        (None, _) => Source::Warn("unchecked"),
    };
    let known = published.and_then(|f| f.range).filter(|(low, high)| high > low);
    let id = ui.scope_id().with(("field", EXTREME));
    serve_keyboard(ui, EXTREME, id);
    let name = named("Design extreme", "");
    let output = NumberRow {
        id,
        label: "Design extreme",
        name: &name,
        value: entered.or(stated).map_or(Number::Unknown, Number::Is),
        unit,
        range: known.map(|(low, high)| Range { low, high, default: stated }),
        source,
        least: least_of(EXTREME),
        whole: false,
        locked: None,
    }
    .show(ui);
    if let (Some(link), Some(fact), Some(place)) = (output.source, published, place) {
        let path = format!("weather.{}.extreme_20y_c", place.id);
        let mut from = provenance(cx.catalog, fact, &path);
        if entered.is_some() {
            from.was = was.unwrap_or_default();
        }
        if from.show(&link) {
            let label = "Reset the design extreme to the published one";
            actions.push(Edit::set(EXTREME, format::UNKNOWN, label));
        }
    }
    if let Some((entry, gesture)) = output.entry {
        actions.push(set(EXTREME, ("Design extreme", "", unit), &entry, gesture));
    }
}
