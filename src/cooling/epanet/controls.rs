//! Statuses and simple controls of an EPANET file, as they stand at time 0.

use super::Draft;
use super::lines::{Line, Section, Wrong, number, starts, wrong};
use crate::cooling::network::{Action, Control, LinkIx, LinkKind, NodeKind, ValveKind};
use crate::diag::Diagnostic;

impl<'a> Draft<'a> {
    pub(super) fn controls(&mut self) {
        self.each(Section::Status, |d, line| {
            if let (Some(low), Some(high)) = (
                line.words.first().and_then(|w| number(w)),
                line.words.get(1).and_then(|w| number(w)),
            ) && line.words.len() > 2
                && !d.link.contains_key(line.words[0])
            {
                return d.status_range(line, low, high);
            }
            let link = d.link_at(line, 0)?;
            let action = d.action(line, 1, link)?;
            d.network.act(link, action);
            Ok(())
        });
        self.each(Section::Controls, |d, line| d.control(line));
        if let Some(line) = self.lines.section(Section::Rules).next() {
            let message =
                "Rules are not supported: they act after time 0, the instant that is computed";
            let note = Diagnostic::note("rules-later", "", message);
            self.report.push(note.at("", line.number, 1));
        }
    }

    /// A status for all links whose names are numbers of a range.
    fn status_range(&mut self, line: &'a Line<'a>, low: f64, high: f64) -> Result<(), Wrong> {
        let inside: Vec<LinkIx> = self
            .link
            .iter()
            .filter(|(id, _)| number(id).is_some_and(|n| (low..=high).contains(&n)))
            .map(|(_, link)| *link)
            .collect();
        for link in inside {
            let action = self.action(line, 2, link)?;
            self.network.act(link, action);
        }
        Ok(())
    }

    /// Open, closed, or a speed or setting in the units of the link.
    fn action(&self, line: &Line, at: usize, link: LinkIx) -> Result<Action, Wrong> {
        let kind = &self.network.link(link).kind;
        if matches!(kind, LinkKind::Pipe(p) if p.check_valve) {
            let message = "A check valve opens and closes by itself".to_owned();
            return Err(wrong(0, "check-valve", message, "Remove the line"));
        }
        let word = line.word(at, "The status or setting")?;
        if starts(word, "OPEN") {
            return Ok(Action::Open);
        }
        if starts(word, "CLOSED") {
            return Ok(Action::Close);
        }
        let value = line.number(at, "The status or setting")?;
        if value < 0.0 && !matches!(kind, LinkKind::Valve(_)) {
            let message = format!("The setting is {value}");
            return Err(wrong(at, "negative", message, "Enter zero or a value above it"));
        }
        let LinkKind::Valve(valve) = kind else { return Ok(Action::Set(value)) };
        Ok(Action::Set(match valve.kind {
            ValveKind::PressureReducing(_)
            | ValveKind::PressureSustaining(_)
            | ValveKind::PressureBreaker(_) => self.options.pressure(value),
            ValveKind::FlowControl(_) => self.options.flow(value),
            ValveKind::Throttle(_) => value,
            ValveKind::General(_) => {
                let message = "A general purpose valve has no setting but its curve".to_owned();
                return Err(wrong(at, "no-setting", message, "Use OPEN or CLOSED"));
            }
        }))
    }

    /// `LINK id setting IF NODE id ABOVE|BELOW level`, `... AT TIME t`, `... AT CLOCKTIME t`.
    fn control(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        if line.words.last().is_some_and(|w| starts(w, "DISABLED")) {
            return Ok(());
        }
        let link = self.link_at(line, 1)?;
        let action = self.action(line, 2, link)?;
        let kind = line.word(4, "TIME, CLOCKTIME or NODE")?;
        if starts(kind, "TIME") {
            if super::units::seconds(line, 5)? == 0.0 {
                self.network.act(link, action);
            }
            return Ok(());
        }
        if starts(kind, "CLOC") {
            if super::units::seconds(line, 5)? % 86_400.0 == self.clock_s {
                self.network.act(link, action);
            }
            return Ok(());
        }
        let node = self.node_at(line, 5)?;
        let word = line.word(6, "ABOVE or BELOW")?;
        let below = starts(word, "BELO");
        if !below && !starts(word, "ABOV") {
            let message = format!("`{word}` is neither ABOVE nor BELOW");
            return Err(wrong(6, "unknown-keyword", message, "Use ABOVE or BELOW"));
        }
        let level = line.number(7, "The level")?;
        let elevation = self.network.node(node).elevation_m;
        match self.network.node(node).kind {
            NodeKind::Fixed { head_m, .. } => {
                let limit = elevation + self.options.length(level);
                if (below && head_m <= limit) || (!below && head_m >= limit) {
                    self.network.act(link, action);
                }
            }
            NodeKind::Junction { .. } => {
                let head_m = elevation + self.options.pressure(level);
                self.network.controls.push(Control { link, node, head_m, below, action });
            }
        }
        Ok(())
    }
}
