//! Junctions, reservoirs, tanks, demands and emitters of an EPANET file.

use super::lines::{Line, Section, Wrong, wrong};
use super::{Draft, NodeIx};
use crate::cooling::network::{Node, NodeKind, Tank};
use std::collections::BTreeSet;

impl<'a> Draft<'a> {
    pub(super) fn nodes(&mut self) {
        self.each(Section::Junctions, |d, line| d.junction(line));
        self.each(Section::Reservoirs, |d, line| d.reservoir(line));
        self.each(Section::Tanks, |d, line| d.tank(line));
        let mut stated = BTreeSet::new();
        self.each(Section::Demands, |d, line| d.demand(line, &mut stated));
        self.each(Section::Emitters, |d, line| d.emitter(line));
        // Demands of a multiplier may stand anywhere.
        let ratio = self.options.demand_ratio;
        for n in 0..self.network.nodes().len() {
            if let NodeKind::Junction { demand_m3_s, .. } =
                &mut self.network.node_mut(NodeIx(n)).kind
            {
                *demand_m3_s *= ratio;
            }
        }
    }

    fn add(&mut self, id: &'a str, node: Node) -> Result<(), Wrong> {
        if self.node.contains_key(id) {
            let message = format!("Two nodes are called `{id}`");
            return Err(wrong(0, "duplicate-id", message, "Give each node its own name"));
        }
        let at = self.network.add_node(node);
        self.node.insert(id, at);
        Ok(())
    }

    fn junction(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        let id = line.word(0, "The junction's name")?;
        let optional = |at, what| match line.words.len() > at {
            true => line.number(at, what),
            false => Ok(0.0),
        };
        let elevation = optional(1, "The elevation")?;
        let demand = optional(2, "The demand")?;
        let factor = self.factor(line, 3)?;
        let kind =
            NodeKind::Junction { demand_m3_s: self.options.flow(demand) * factor, emitter: None };
        let elevation_m = self.options.length(elevation);
        self.add(id, Node { id: id.to_owned(), elevation_m, kind })
    }

    /// Factor of the pattern of a demand, else of the file's pattern for all demands.
    fn factor(&self, line: &Line, at: usize) -> Result<f64, Wrong> {
        let own = self.named_pattern(line, at)?;
        Ok(own.or_else(|| self.pattern(&self.options.pattern)).unwrap_or(1.0))
    }

    fn reservoir(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        let id = line.word(0, "The reservoir's name")?;
        let head = line.number(1, "The head")?;
        let factor = self.named_pattern(line, 2)?.unwrap_or(1.0);
        let elevation_m = self.options.length(head);
        let kind = NodeKind::Fixed { head_m: elevation_m * factor, tank: None };
        self.add(id, Node { id: id.to_owned(), elevation_m, kind })
    }

    fn tank(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        if line.words.len() <= 3 {
            return self.reservoir(line);
        }
        let id = line.word(0, "The tank's name")?;
        let elevation = self.options.length(line.number(1, "The elevation")?);
        let level = line.at_least_zero(2, "The initial level")?;
        let low = line.at_least_zero(3, "The minimum level")?;
        let high = line.at_least_zero(4, "The maximum level")?;
        let diameter = line.at_least_zero(5, "The diameter")?;
        if !(low..=high).contains(&level) {
            let message = format!("Level {level} of tank `{id}` is not between {low} and {high}");
            return Err(wrong(2, "bad-level", message, "Enter a level between the two"));
        }
        let head = |level| elevation + self.options.length(level);
        let overflows = line.words.get(8).is_some_and(|w| super::lines::starts(w, "YES"));
        let tank = Tank { empty_m: head(low), full_m: head(high), overflows };
        let tank = (diameter > 0.0 || line.words.len() > 7).then_some(tank);
        let kind = NodeKind::Fixed { head_m: head(level), tank };
        self.add(id, Node { id: id.to_owned(), elevation_m: elevation, kind })
    }

    /// The first demand of a junction here replaces the one beside its elevation.
    fn demand(&mut self, line: &'a Line<'a>, stated: &mut BTreeSet<NodeIx>) -> Result<(), Wrong> {
        let value = line.number(1, "The demand")?;
        if super::lines::starts(line.word(0, "The node")?, "MULT") {
            self.options.demand_ratio = line.positive(1, "The demand multiplier")?;
            return Ok(());
        }
        let at = self.node_at(line, 0)?;
        let value = self.options.flow(value) * self.factor(line, 2)?;
        if let NodeKind::Junction { demand_m3_s, .. } = &mut self.network.node_mut(at).kind {
            *demand_m3_s = if stated.insert(at) { value } else { *demand_m3_s + value };
        }
        Ok(())
    }

    fn emitter(&mut self, line: &'a Line<'a>) -> Result<(), Wrong> {
        let at = self.node_at(line, 0)?;
        let coefficient = line.at_least_zero(1, "The emitter's coefficient")?;
        let resistance = (coefficient > 0.0).then(|| self.options.emitter(coefficient));
        if resistance.is_some_and(|k| !k.is_finite()) {
            let message = format!("The emitter's coefficient {coefficient} is out of range");
            return Err(wrong(1, "out-of-range", message, "Enter the flow at a pressure of 1"));
        }
        match &mut self.network.node_mut(at).kind {
            NodeKind::Junction { emitter, .. } => *emitter = resistance,
            NodeKind::Fixed { .. } => {
                let message = "An emitter stands at a reservoir or tank".to_owned();
                return Err(wrong(0, "not-a-junction", message, "Put it at a junction"));
            }
        }
        Ok(())
    }
}
