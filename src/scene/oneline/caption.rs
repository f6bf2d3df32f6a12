//! What stands beside a symbol: figures of an answer, summed or worst over what the symbol
//! stands for. It must not know places.

use super::group::Item;
use super::network::{Network, Symbol, Vertex};
use crate::scene::plan::{Overlay, PlanFacts, headroom};
use crate::scene::shape::{Hue, Ink};
use crate::scene::tokens::{Token, loading_class};
use crate::units::Power;
use crate::units::format;

/// The figures of an item under an overlay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reading {
    /// Share of the rating that colours it: the worst of several.
    pub share: Option<f64>,
    /// Load and rating, summed.
    pub used_mw: Option<f64>,
    pub capacity_mw: Option<f64>,
    /// The deciding figure.
    pub figure: Option<String>,
    /// Colour of an overlay that is no share; the class of most care of several.
    pub hue: Option<Hue>,
    /// The overlay takes part and does not know.
    pub is_unknown: bool,
    /// What the what-if that is shown does to it.
    pub mark: Option<Mark>,
}

/// What a what-if does to an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// All of it failed.
    Out,
    /// Some of its machines failed.
    PartlyOut,
    /// Nothing feeds it.
    Dark,
}

impl Reading {
    /// Of an item; unknown where one of its members is.
    pub fn of(network: &Network, item: &Item, facts: &PlanFacts, overlay: Overlay) -> Self {
        let members: Vec<&Vertex> =
            item.members.iter().filter_map(|m| network.vertices.get(*m)).collect();
        let ids = || members.iter().flat_map(|v| v.elements.iter().map(|e| e.id.as_str()));
        if item.symbol == Symbol::Racks {
            let known: Vec<f64> = ids().filter_map(|id| facts.block_mw.get(id).copied()).collect();
            let used = (!known.is_empty()).then(|| known.iter().sum());
            let own = Self { used_mw: used, ..Self::default() };
            return own.under(ids(), facts, overlay).marked(ids().collect(), facts);
        }
        let used_of = |id: &str| match overlay.is_of_flow() && facts.flows {
            true => facts.flow_mw.get(id).copied(),
            false => facts.used_mw.get(id).copied(),
        };
        let sum = |values: Vec<Option<f64>>| values.into_iter().sum::<Option<f64>>();
        let used_mw = sum(ids().map(used_of).collect());
        let capacity_mw = sum(members.iter().map(|v| v.capacity_mw).collect());
        let shares: Vec<f64> = ids().filter_map(|id| facts.share(overlay, id)).collect();
        let share = shares.iter().copied().reduce(f64::max);
        let figure = match (overlay, share) {
            (Overlay::Headroom, _) => {
                capacity_mw.zip(used_mw).map(|(capacity, used)| headroom(capacity - used))
            }
            (Overlay::Firm, Some(s)) => Some(format!("{} firm", format::share(s))),
            (_, Some(s)) => Some(format::share(s)),
            (_, None) => None,
        };
        let own = Self { share, used_mw, capacity_mw, figure, ..Self::default() };
        own.under(ids(), facts, overlay).marked(ids().collect(), facts)
    }

    /// With what the what-if that is shown does to the members.
    fn marked(self, ids: Vec<&str>, facts: &PlanFacts) -> Self {
        let Some(event) = &facts.event else { return self };
        let words: Vec<String> = ids.iter().filter_map(|id| event.word(id)).collect();
        let out = ids.iter().filter(|id| event.is_out(id)).count();
        let dark = ids.iter().filter(|id| facts.is_dark(id)).count();
        let mark = match (out, dark, words.len()) {
            (_, _, 0) => return self,
            (out, _, _) if out == ids.len() => Mark::Out,
            (0, dark, _) if dark == ids.len() => Mark::Dark,
            _ => Mark::PartlyOut,
        };
        let figure = match words.as_slice() {
            [one] if ids.len() == 1 => one.clone(),
            [first, ..] if words.len() == ids.len() => first.clone(),
            [first, ..] => format!("{} of {} {first}", words.len(), ids.len()),
            [] => return self,
        };
        let shown = Self { figure: Some(figure), mark: Some(mark), ..self };
        match mark {
            Mark::PartlyOut => shown,
            _ => Self {
                share: None,
                hue: None,
                used_mw: None,
                capacity_mw: None,
                is_unknown: false,
                ..shown
            },
        }
    }

    /// With what an overlay of its own says of the members.
    fn under<'i>(
        self,
        ids: impl Iterator<Item = &'i str>,
        facts: &PlanFacts,
        overlay: Overlay,
    ) -> Self {
        if overlay.is_electrical() {
            return self;
        }
        let Some(said) = facts.sheet.together(ids) else { return self };
        let class = said.class.and_then(|class| facts.sheet.classes.get(class));
        let is_unknown = said.class.is_none();
        Self { hue: class.map(|c| c.hue), figure: Some(said.tag), is_unknown, ..self }
    }

    pub fn is_over(&self) -> bool {
        self.share.is_some_and(|s| loading_class(s) == 5)
    }

    /// The class of the share, else neutral.
    pub fn ink(&self) -> Ink {
        let class = self.share.map(|s| Hue::Load(loading_class(s)));
        self.hue.or(class).map_or(Ink::token(Token::Text3), Ink::of)
    }

    /// Ink of the deciding figure.
    pub fn text_ink(&self) -> Ink {
        match self.mark {
            Some(Mark::Out) => return Ink::token(Token::Err),
            Some(Mark::PartlyOut) => return Ink::token(Token::Warn),
            Some(Mark::Dark) => return Ink::token(Token::Text3),
            None => {}
        }
        Ink::token(match (self.is_over(), self.is_unknown) {
            (true, _) => Token::Err,
            (false, true) => Token::Warn,
            (false, false) => Token::Text1,
        })
    }

    /// `169.7 of 245.0 MW`, as far as it is known.
    pub fn power(&self) -> Option<String> {
        let mw = |v: f64| format::power(Power::mw(v));
        match (self.used_mw, self.capacity_mw) {
            (Some(used), Some(capacity)) => {
                let (digits, whole) = (format::fixed(used, 1), mw(capacity));
                Some(if capacity >= 1.0 { format!("{digits} of {whole}") } else { mw(used) })
            }
            (Some(used), None) => Some(mw(used)),
            (None, capacity) => capacity.map(mw),
        }
    }
}

/// Everything that is known of an item, for the pointer and for assistive technology.
pub fn sentence(network: &Network, item: &Item, facts: &PlanFacts) -> String {
    let vertices = item.members.iter().filter_map(|m| network.vertices.get(*m));
    let ids = vertices.flat_map(|v| v.elements.iter().map(|e| e.id.as_str()));
    let said = facts.sheet.together(ids).map(|said| said.words);
    let reading = Reading::of(network, item, facts, Overlay::Loading);
    let first = item.members.first().and_then(|m| network.vertices.get(*m));
    let mut parts = vec![item.symbol.word().to_owned()];
    let kv = first.and_then(|v| v.kv).filter(|_| !item.symbol.is_load());
    parts.extend(kv.map(format::voltage_kv));
    if item.symbol == Symbol::Racks {
        parts.extend(reading.power().map(|p| format!("{p} of IT power")));
    } else {
        parts.extend(reading.power());
    }
    if let Some(share) = reading.share {
        let worst = if item.members.len() > 1 { " at worst" } else { "" };
        parts.push(format!("{} of the rating{worst}", format::share(share)));
    }
    if reading.is_over() {
        parts.push("overloaded".to_owned());
    }
    parts.extend(said);
    parts.join(", ")
}
