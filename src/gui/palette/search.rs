//! From what is typed to what is shown: gathers everything once, then keeps the
//! results of the newest text.

use super::item::{self, Group, Item};
use super::{Hit, answers, fuzzy};
use crate::gui::context::Context;
use crate::gui::measure;
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
    total: usize,
}

impl Search {
    /// What was found, best first within each group.
    pub fn results(&self) -> &[Hit] {
        &self.results
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
        let system = measure::system(ctx);
        let typed = query.trim_start();
        if let Some(sum) = typed.strip_prefix('=') {
            self.results = vec![Hit { item: item::sum(sum, system), found: Vec::new() }];
            self.total = 1;
        } else if let Some((name, value)) = typed.split_once('=') {
            self.find(name, Some(Group::Values));
            let set = |hit: &Hit| {
                let item = item::setter(cx, &hit.item, value, system)?;
                let words = fuzzy::words(name);
                let found = fuzzy::find(&words, &item.folded, &item.hidden);
                Some(Hit { found: found.unwrap_or_default().found, item })
            };
            self.results = self.results.iter().filter_map(set).take(FEW * 2).collect();
        } else if let Some(commands) = typed.strip_prefix('>') {
            self.find(commands, Some(Group::Commands));
        } else {
            self.find(typed, only);
        }
    }

    fn find(&mut self, text: &str, only: Option<Group>) {
        let words = fuzzy::words(text);
        let mut hits: Vec<(Group, i32, usize, Hit)> = Vec::new();
        for (order, item) in self.items.iter().enumerate() {
            if only.is_some_and(|group| group != item.group) {
                continue;
            }
            if let Some(found) = fuzzy::find(&words, &item.folded, &item.hidden) {
                let hit = Hit { item: item.clone(), found: found.found };
                // Without a text the order of the tables is the best there is.
                let score = if words.is_empty() { 0 } else { found.score };
                hits.push((item.group, score, order, hit));
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
            results.extend(own.into_iter().take(most).map(|h| h.3.clone()));
        }
        self.results = results;
    }
}

fn gather(ctx: &egui::Context, cx: &Context<'_>) -> Vec<Item> {
    let mut items = answers::questions(cx);
    items.extend(item::of_commands(ctx, cx));
    items.extend(item::of_elements(cx));
    items.extend(item::of_limits(cx));
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
    cx.selection.hash(&mut hash);
    cx.document.undo.hash(&mut hash);
    cx.document.redo.hash(&mut hash);
    hash.finish()
}
