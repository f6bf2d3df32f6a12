//! From what is typed to what is shown: gathers everything once, then keeps the
//! results of the newest text.

use super::item::{self, Group, Item};
use super::{Hit, answers, fuzzy};
use crate::gui::context::Context;
use crate::gui::measure;
use crate::units::format::{self, System};
use eframe::egui;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// Results of a group while all groups share the list, and of one group alone.
const FEW: usize = 5;
const MANY: usize = 60;

/// Everything that can be found, and what was found.
#[derive(Default)]
pub struct Search {
    items: Vec<Item>,
    /// Of site and answer that the items were made of.
    made_of: Option<u64>,
    /// Text and group that the results answer.
    asked: Option<(String, Option<Group>)>,
    results: Vec<Hit>,
    /// Index of the result that fits best: what Enter means.
    best: usize,
    total: usize,
}

impl Search {
    /// What was found, best first within each group.
    pub fn results(&self) -> &[Hit] {
        &self.results
    }

    /// The result that fits best.
    pub fn best(&self) -> usize {
        self.best
    }

    /// Matches, with those that are not shown.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Brings the results up to date with text, site and answer.
    pub fn update(
        &mut self,
        ctx: &egui::Context,
        cx: &Context<'_>,
        query: &str,
        only: Option<Group>,
    ) {
        let state = fingerprint(cx);
        if self.made_of != Some(state) {
            self.items = gather(ctx, cx);
            self.made_of = Some(state);
            self.asked = None;
        }
        if self.asked.as_ref().is_some_and(|(text, group)| text == query && *group == only) {
            return;
        }
        self.asked = Some((query.to_owned(), only));
        self.best = 0;
        let system = measure::system(ctx);
        let typed = query.trim_start();
        if let Some(sum) = typed.strip_prefix('=') {
            self.results = vec![Hit { item: item::sum(sum, system), found: Vec::new() }];
            self.total = 1;
        } else if let Some((name, value)) = typed.split_once('=') {
            self.results = self.setters(cx, (name, value), system);
        } else if let Some(commands) = typed.strip_prefix('>') {
            self.find(commands, Some(Group::Commands));
        } else {
            self.find(typed, only);
            self.amount(cx, typed, system);
        }
    }

    /// Values by name, ready to be set to what was typed.
    fn setters(&mut self, cx: &Context<'_>, of: (&str, &str), system: System) -> Vec<Hit> {
        let (name, value) = of;
        let words = fuzzy::words(name);
        self.find(name, Some(Group::Values));
        let set = |hit: &Hit| {
            let item = item::setter(cx, &hit.item, value, system)?;
            let found = fuzzy::find(&words, &item.folded, &item.hidden);
            Some(Hit { found: found.unwrap_or_default().found, item })
        };
        self.results.iter().filter_map(set).take(FEW * 2).collect()
    }

    /// A text that ends in an amount with a unit speaks of a value: that comes
    /// first, or, where no value is so much, the values that can be set to it.
    fn amount(&mut self, cx: &Context<'_>, typed: &str, system: System) {
        let Some((name, amount)) = split_amount(typed) else { return };
        let is_value = |hit: &Hit| hit.item.group == Group::Values;
        if let Some(at) = self.results.iter().position(is_value) {
            self.best = at;
            return;
        }
        let (others, total) = (std::mem::take(&mut self.results), self.total);
        let mut setters = self.setters(cx, (name, amount), system);
        setters.retain(|hit| !hit.item.actions.is_empty());
        self.total = total + setters.len();
        self.best = others.len();
        self.results = others;
        self.results.extend(setters);
        self.best = self.best.min(self.results.len().saturating_sub(1));
    }

    fn find(&mut self, text: &str, only: Option<Group>) {
        let words = fuzzy::words(text);
        // Group, score, place in the table, and where the words stand.
        let mut hits: Vec<(Group, i32, usize, Vec<std::ops::Range<usize>>)> = Vec::new();
        for (order, item) in self.items.iter().enumerate() {
            if only.is_some_and(|group| group != item.group) {
                continue;
            }
            if let Some(found) = fuzzy::find(&words, &item.folded, &item.hidden) {
                // Without a text the order of the tables is the best there is.
                let score = if words.is_empty() { 0 } else { found.score };
                hits.push((item.group, score, order, found.found));
            }
        }
        self.total = hits.len();
        let mut results = Vec::new();
        for group in Group::ALL {
            let mut own: Vec<_> = hits.iter().filter(|h| h.0 == group).collect();
            own.sort_by_key(|(_, score, order, _)| (std::cmp::Reverse(*score), *order));
            let most = match (only, words.is_empty(), group) {
                (Some(_), ..) => MANY,
                // Nothing typed: what one may ask and do, not a list of all there is.
                (None, true, Group::Elements | Group::Values) => 0,
                _ => FEW,
            };
            let shown = own.into_iter().take(most).filter_map(|(_, _, order, found)| {
                Some(Hit { item: self.items.get(*order)?.clone(), found: found.clone() })
            });
            results.extend(shown);
        }
        self.results = results;
    }
}

/// A name and the amount with a unit behind it: `contract` and `1,020 MW`.
fn split_amount(typed: &str) -> Option<(&str, &str)> {
    let starts = |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || c == '$');
    let mut at = 0;
    for word in typed.split_inclusive(' ') {
        if at > 0 && starts(word) {
            let (name, amount) = typed.split_at_checked(at)?;
            // A number may belong to the name; the amount then stands further on.
            if format::evaluate(amount.trim()).is_ok_and(|(_, unit)| !unit.label.is_empty()) {
                return Some((name.trim(), amount.trim()));
            }
        }
        at += word.len();
    }
    None
}

fn gather(ctx: &egui::Context, cx: &Context<'_>) -> Vec<Item> {
    let mut items = answers::questions(cx);
    items.extend(item::of_commands(ctx, cx));
    items.extend(item::of_templates(cx));
    items.extend(item::of_outages(cx));
    items.extend(super::places::of_places(cx.catalog));
    items.extend(item::of_elements(cx));
    items.extend(item::of_limits(ctx, cx));
    items.extend(item::of_values(ctx, cx));
    items
}

/// Changes with the site, the answer and the selection.
fn fingerprint(cx: &Context<'_>) -> u64 {
    let mut hash = DefaultHasher::new();
    Arc::as_ptr(&cx.site.terms).hash(&mut hash);
    Arc::as_ptr(&cx.site.campus).hash(&mut hash);
    for group in &cx.site.halls {
        Arc::as_ptr(group).hash(&mut hash);
    }
    if let Some(outcome) = cx.outcome {
        std::ptr::from_ref(outcome).hash(&mut hash);
        outcome.plan.revenue_usd_per_year.to_bits().hash(&mut hash);
        outcome.plan.joint_gains.len().hash(&mut hash);
        let known = outcome.plan.limits.iter().filter(|l| l.gain_usd_per_year.is_some()).count();
        known.hash(&mut hash);
    }
    cx.grid.electrical.revision.hash(&mut hash);
    cx.grid.scenario.hash(&mut hash);
    cx.selection.hash(&mut hash);
    cx.document.undo.hash(&mut hash);
    cx.document.redo.hash(&mut hash);
    hash.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_with_a_unit_is_told_from_a_number_in_a_name() {
        assert_eq!(split_amount("contract 1,020 MW"), Some(("contract", "1,020 MW")));
        assert_eq!(split_amount("hall 2"), None);
        let behind_a_name = split_amount("hall 2 capacity 40 MW");
        assert_eq!(behind_a_name, Some(("hall 2 capacity", "40 MW")));
        assert_eq!(split_amount("1,020 MW"), None, "of what?");
        assert_eq!(split_amount("coolant 104 °F"), Some(("coolant", "104 °F")));
    }
}
