//! How a node or block is supplied: the class that its wiring gives at the load of the worst hour,
//! what the layout declares beside it, whether a spare machine stands ready. It must not know how
//! schemes are worked out.

use crate::gui::action::Actions;
use crate::gui::components::paint;
use crate::gui::components::{card, row};
use crate::gui::context::{Context, Element, Kind};
use crate::gui::panels::rows::choice_row;
use crate::gui::theme::Theme;
use crate::power::redundancy::Redundancy;
use crate::scene::tokens::{TextRole, Token};
use crate::site::{DeclaredScheme, Node};
use crate::study::network;
use crate::units::format::UNKNOWN;
use crate::units::words::upper_first;
use eframe::egui::{Id, Role, Sense, Ui, WidgetInfo};
use std::sync::Arc;

/// Schemes that may be declared: what the layout says, and what people call it.
const DECLARED: [(&str, DeclaredScheme); 8] = [
    ("N", DeclaredScheme::N),
    ("NPlus1", DeclaredScheme::NPlus1),
    ("NPlus2", DeclaredScheme::NPlus2),
    ("TwoN", DeclaredScheme::TwoN),
    ("ThreeToMakeTwo", DeclaredScheme::ThreeToMakeTwo),
    ("FourToMakeThree", DeclaredScheme::FourToMakeThree),
    ("BlockRedundant", DeclaredScheme::BlockRedundant),
    ("Loop", DeclaredScheme::Loop),
];

/// The redundancy of the site under an answer.
type Kept = (u64, Arc<Redundancy>);

pub(super) fn rows(ui: &mut Ui, cx: &Context<'_>, element: &Element, actions: &mut Actions) {
    let node = (element.kind == Kind::Node).then(|| cx.node(&element.id)).flatten();
    let found = found(ui, cx);
    let supply = found.as_ref().and_then(|f| f.supplies.get(&element.id));
    if node.is_none() && supply.is_none() {
        return;
    }
    card::section(ui, "Redundancy", "worst hour", false);
    if let Some(supply) = supply {
        let class = supply.scheme.map_or_else(|| UNKNOWN.to_owned(), |s| s.name());
        row::fact(ui, "By its wiring", &class);
        reason(ui, &upper_first(&supply.why));
    }
    if let Some(node) = node {
        declared(ui, node, actions);
    }
}

fn declared(ui: &mut Ui, node: &Node, actions: &mut Actions) {
    let words: Vec<(&str, String)> = DECLARED
        .iter()
        .map(|(text, scheme)| (*text, upper_first(scheme.word())))
        .chain([("unknown", "Not stated".to_owned())])
        .collect();
    let options: Vec<(&str, &str)> = words.iter().map(|(t, w)| (*t, w.as_str())).collect();
    let now = DECLARED.iter().find(|(_, scheme)| Some(*scheme) == node.scheme);
    let path = format!("nodes.{}.scheme", node.id);
    choice_row(
        ui,
        actions,
        (&path, "Declared scheme"),
        &options,
        now.map_or("unknown", |(t, _)| t),
    );
    if node.equipment.is_some() {
        let path = format!("nodes.{}.spare_on_site", node.id);
        let options = [("true", "Yes"), ("false", "No")];
        let now = if node.spare_on_site { "true" } else { "false" };
        choice_row(ui, actions, (&path, "Spare on site"), &options, now);
    }
}

/// Why the class is what it is, over as many lines as that takes.
fn reason(ui: &mut Ui, why: &str) {
    let color = Theme::of(ui.ctx()).color(Token::Text3);
    let galley = paint::paragraph(ui.painter(), why, TextRole::Small, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley_with_override_text_color(rect.min, galley, color);
    ui.add_space(4.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, why));
}

/// Worked out once for each answer; without one there are no loads to judge by.
fn found(ui: &Ui, cx: &Context<'_>) -> Option<Arc<Redundancy>> {
    let outcome = cx.outcome?;
    let (place, key) = (Id::unique("redundancy of the site"), cx.answer_key());
    let kept: Option<Kept> = ui.data(|data| data.get_temp(place));
    if let Some((_, found)) = kept.filter(|kept| kept.0 == key) {
        return Some(found);
    }
    let found = Arc::new(network::redundancy(cx.site, cx.catalog, outcome));
    ui.data_mut(|data| data.insert_temp::<Kept>(place, (key, Arc::clone(&found))));
    Some(found)
}
