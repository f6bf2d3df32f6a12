//! Ids that name something name something that exists.

use super::Rule;
use super::context::{Context, error};
use crate::catalog::EquipmentKind;
use crate::diag::Report;
use crate::site::{Block, CoolingUnit, Infrastructure, Tier};

pub(super) const RULE: Rule = Rule {
    name: "links",
    about: "Every id that names an element of the layout or a record of the catalogue names one that exists and is of the right kind.",
    codes: &[
        ("dangling-id", "an id names nothing"),
        ("wrong-kind", "equipment of another kind than the place needs"),
        ("row-in-other-hall", "the row of a block stands in another hall than the block"),
    ],
    check,
};

fn check(context: &Context, report: &mut Report) {
    let mut links = Links { context, report };
    links.site();
    links.campus();
    for tier in &context.site.terms.tiers {
        links.tier(tier);
    }
    for group in &context.site.halls {
        if let Some(hall) = &group.hall {
            links.phase(hall.phase.as_deref(), || format!("halls.{}.phase", hall.id));
        }
        for row in &group.rows {
            links.hall(&row.hall, || format!("rows.{}.hall", row.id));
        }
        for rack in &group.network_racks {
            let field = |name| format!("network_racks.{}.{name}", rack.id);
            links.hall(&rack.hall, || field("hall"));
            links.equipment(&rack.equipment, Some(EquipmentKind::NetworkRack), || {
                field("equipment")
            });
        }
        for block in &group.blocks {
            links.block(block);
        }
    }
}

struct Links<'c, 'r> {
    context: &'c Context<'c>,
    report: &'r mut Report,
}

impl Links<'_, '_> {
    fn need<'n>(
        &mut self,
        kind: &'static str,
        id: &str,
        found: bool,
        names: impl Iterator<Item = &'n str>,
        path: impl Fn() -> String,
    ) {
        if !found {
            let hint = self.context.hint(kind, id, names);
            let message = format!("There is no {kind} `{id}`");
            error(self.report, "dangling-id", path(), message, &hint);
        }
    }

    fn site(&mut self) {
        let (catalog, terms) = (self.context.catalog, &self.context.site.terms);
        let site = &terms.site;
        if let Some(tariff) = &site.tariff {
            self.tariff(tariff, || "site.tariff".into());
        }
        if let Some(place) = &site.place {
            let names = catalog.weather.keys().map(String::as_str);
            let found = catalog.weather.contains_key(place);
            self.need("place", place, found, names, || "site.place".into());
        }
        if let Infrastructure::Reference { tariff: Some(tariff), .. } = &site.infrastructure {
            self.tariff(tariff, || "site.infrastructure.Reference.tariff".into());
        }
        for (i, option) in site.options.iter().enumerate() {
            let found = catalog.options.contains_key(option);
            let names = catalog.options.keys().map(String::as_str);
            self.need("option", option, found, names, || format!("site.options.{i}"));
        }
        for (i, curve) in terms.policy.curves.iter().enumerate() {
            let found = catalog.curves.contains_key(curve);
            let names = catalog.curves.keys().map(String::as_str);
            self.need("curve", curve, found, names, || format!("policy.curves.{i}"));
        }
        if let Some(framework) = &terms.policy.estimates.framework {
            let known = || catalog.serving.values().flat_map(|s| s.frameworks.iter());
            let found = known().any(|f| f.id == *framework);
            let names = known().map(|f| f.id.as_str());
            let path = || "policy.estimates.framework".into();
            self.need("serving framework", framework, found, names, path);
        }
        for tier in terms.policy.shares.keys() {
            let found = self.context.tiers.contains_key(tier.as_str());
            let names = terms.tiers.iter().map(|t| t.id.as_str());
            self.need("tier", tier, found, names, || format!("policy.shares.{tier}"));
        }
        for rack in terms.policy.max_site_share.keys() {
            self.rack(rack, || format!("policy.max_site_share.{rack}"));
        }
        for supply in &terms.supply {
            self.rack(&supply.rack, || format!("supply.{}.rack", supply.rack));
        }
    }

    fn tier(&mut self, tier: &Tier) {
        let catalog = self.context.catalog;
        let field = |name: &str| format!("tiers.{}.{name}", tier.id);
        if let Some(model) = &tier.model {
            let found = catalog.models.contains_key(model);
            let names = catalog.models.keys().map(String::as_str);
            self.need("model", model, found, names, || field("model"));
        }
        if let Some(template) = &tier.template {
            let found = catalog.tier_templates.contains_key(template);
            let names = catalog.tier_templates.keys().map(String::as_str);
            self.need("tier template", template, found, names, || field("template"));
        }
        for (i, rack) in tier.racks.iter().enumerate() {
            self.rack(rack, || field(&format!("racks.{i}")));
        }
        for hour in tier.shape.keys() {
            let found = self.context.hours.contains_key(hour.as_str());
            let names = self.context.site.terms.hours.iter().map(|h| h.id.as_str());
            self.need("hour", hour, found, names, || field(&format!("shape.{hour}")));
        }
    }

    fn campus(&mut self) {
        let campus = &self.context.site.campus;
        for node in &campus.nodes {
            let field = |name: &str| format!("nodes.{}.{name}", node.id);
            for (i, source) in node.from.iter().enumerate() {
                self.source(source, || field(&format!("from.{i}")));
            }
            for (i, source) in node.alternate.iter().enumerate() {
                self.source(source, || field(&format!("alternate.{i}")));
            }
            if let Some(equipment) = &node.equipment {
                self.equipment(equipment, None, || field("equipment"));
            }
            self.phase(node.phase.as_deref(), || field("phase"));
        }
        for l in &campus.loops {
            self.node(&l.node, || format!("loops.{}.node", l.id));
            let unit =
                |list: &str, u: &CoolingUnit| format!("loops.{}.{list}.{}.equipment", l.id, u.id);
            for u in &l.cdus {
                self.equipment(&u.equipment, Some(EquipmentKind::Cdu), || unit("cdus", u));
            }
            for u in &l.rejection {
                let kind = Some(EquipmentKind::HeatRejection);
                self.equipment(&u.equipment, kind, || unit("rejection", u));
            }
            if let Some(air) = &l.air {
                let kind = Some(EquipmentKind::AirCooling);
                self.equipment(air, kind, || format!("loops.{}.air", l.id));
            }
        }
        for g in &campus.generators {
            let field = |name| format!("generators.{}.{name}", g.id);
            self.node(&g.node, || field("node"));
            self.equipment(&g.equipment, Some(EquipmentKind::Generator), || field("equipment"));
        }
        for b in &campus.batteries {
            let field = |name| format!("batteries.{}.{name}", b.id);
            self.node(&b.node, || field("node"));
            self.equipment(&b.equipment, Some(EquipmentKind::Battery), || field("equipment"));
        }
    }

    fn block(&mut self, block: &Block) {
        let context = self.context;
        let field = |name: &str| format!("blocks.{}.{name}", block.id);
        if let Some(hall) = &block.hall {
            self.hall(hall, || field("hall"));
        }
        if let Some(row) = &block.row {
            let hall = context.rows.get(row.as_str());
            let names = context.site.halls.iter().flat_map(|g| &g.rows).map(|r| r.id.as_str());
            self.need("row", row, hall.is_some(), names, || field("row"));
            if let (Some(row_hall), Some(hall)) = (hall, &block.hall)
                && row_hall != hall
            {
                let message = format!("Row `{row}` stands in hall `{row_hall}`, not in `{hall}`");
                let hint = "Choose a row of the block's hall";
                error(self.report, "row-in-other-hall", field("row"), message, hint);
            }
        }
        if let Some(node) = &block.node {
            self.node(node, || field("node"));
        }
        if let Some(node) = &block.node_b {
            self.node(node, || field("node_b"));
        }
        if let Some(cooling_loop) = &block.cooling_loop {
            let found = context.loops.contains_key(cooling_loop.as_str());
            let names = context.site.campus.loops.iter().map(|l| l.id.as_str());
            self.need("loop", cooling_loop, found, names, || field("loop"));
        }
        self.phase(block.phase.as_deref(), || field("phase"));
        if let Some(rack) = &block.rack {
            self.rack(rack, || field("rack"));
        }
        for (i, rack) in block.planned.iter().flat_map(|p| &p.racks).enumerate() {
            self.rack(rack, || field(&format!("planned.racks.{i}")));
        }
        for (i, rack) in block.network.iter().enumerate() {
            let found = context.network_racks.contains(rack.as_str());
            let racks = context.site.halls.iter().flat_map(|g| &g.network_racks);
            let names = racks.map(|r| r.id.as_str());
            self.need("network rack", rack, found, names, || field(&format!("network.{i}")));
        }
    }

    fn tariff(&mut self, id: &str, path: impl Fn() -> String) {
        let tariffs = &self.context.catalog.tariffs;
        let names = tariffs.keys().map(String::as_str);
        self.need("tariff", id, tariffs.contains_key(id), names, path);
    }

    fn rack(&mut self, id: &str, path: impl Fn() -> String) {
        let racks = &self.context.catalog.racks;
        self.need("rack type", id, racks.contains_key(id), racks.keys().map(String::as_str), path);
    }

    fn hall(&mut self, id: &str, path: impl Fn() -> String) {
        let found = self.context.halls.contains_key(id);
        let halls = self.context.site.halls.iter().filter_map(|g| g.hall.as_ref());
        self.need("hall", id, found, halls.map(|h| h.id.as_str()), path);
    }

    fn node(&mut self, id: &str, path: impl Fn() -> String) {
        let found = self.context.nodes.contains_key(id);
        let names = self.context.site.campus.nodes.iter().map(|n| n.id.as_str());
        self.need("node", id, found, names, path);
    }

    /// A feed or a node.
    fn source(&mut self, id: &str, path: impl Fn() -> String) {
        let (feeds, nodes) = (&self.context.feeds, &self.context.nodes);
        let found = feeds.contains_key(id) || nodes.contains_key(id);
        let campus = &self.context.site.campus;
        let names = campus.feeds.iter().map(|f| f.id.as_str());
        let names = names.chain(campus.nodes.iter().map(|n| n.id.as_str()));
        self.need("feed or node", id, found, names, path);
    }

    fn phase(&mut self, id: Option<&str>, path: impl Fn() -> String) {
        let Some(id) = id else { return };
        let found = self.context.phases.contains(id);
        let names = self.context.site.campus.phases.iter().map(|p| p.id.as_str());
        self.need("phase", id, found, names, path);
    }

    fn equipment(&mut self, id: &str, kind: Option<EquipmentKind>, path: impl Fn() -> String) {
        let all = &self.context.catalog.equipment;
        let fits = |k: EquipmentKind| kind.is_none_or(|wanted| wanted == k);
        let names = all.values().filter(|e| fits(e.kind)).map(|e| e.id.as_str());
        match all.get(id) {
            None => self.need("equipment", id, false, names, path),
            Some(found) if !fits(found.kind) => {
                let message = format!("`{id}` is {}, which does not fit here", found.name);
                let names: Vec<&str> = names.collect();
                let hint = format!("Choose one of {}", names.join(", "));
                error(self.report, "wrong-kind", path(), message, &hint);
            }
            Some(_) => {}
        }
    }
}
