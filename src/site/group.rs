//! Between the file's flat lists and the site's halls.
//!
//! It must not know whether the references are right: what names no hall of
//! the file stays, in the group without a hall.

use super::{Campus, Directory, Hall, HallGroup, LAYOUT_VERSION, LayoutFile, Site, Terms};
use std::collections::HashMap;
use std::sync::Arc;

impl HallGroup {
    /// An empty group.
    pub fn new(hall: Option<Hall>) -> Self {
        Self { hall, rows: Vec::new(), network_racks: Vec::new(), blocks: Vec::new() }
    }
}

impl Site {
    /// The base of a file, without its variants: one group for each hall in file order, then one
    /// for what stands in no hall or in one that does not exist. Nothing is dropped.
    pub fn from_file(file: LayoutFile) -> Site {
        let mut groups: Vec<HallGroup> = Vec::with_capacity(file.halls.len() + 1);
        let mut of_hall: HashMap<String, usize> = HashMap::new();
        for hall in file.halls {
            // Of two halls with one id the first keeps the contents; validation reports it.
            of_hall.entry(hall.id.clone()).or_insert(groups.len());
            groups.push(HallGroup::new(Some(hall)));
        }
        let none = groups.len();
        groups.push(HallGroup::new(None));
        let group = |hall: Option<&str>| hall.and_then(|id| of_hall.get(id)).map_or(none, |&g| g);
        for row in file.rows {
            groups[group(Some(&row.hall))].rows.push(row);
        }
        for rack in file.network_racks {
            groups[group(Some(&rack.hall))].network_racks.push(rack);
        }
        for block in file.blocks {
            groups[group(block.hall.as_deref())].blocks.push(block);
        }
        if groups.last().is_some_and(HallGroup::is_empty) {
            groups.pop();
        }
        Site {
            terms: Arc::new(Terms {
                site: file.site,
                policy: file.policy,
                hours: file.hours,
                tiers: file.tiers,
                supply: file.supply,
                finance: file.finance,
                overrides: file.overrides,
            }),
            campus: Arc::new(Campus {
                feeds: file.feeds.into(),
                nodes: file.nodes.into(),
                loops: file.loops.into(),
                generators: file.generators.into(),
                batteries: file.batteries.into(),
                areas: file.areas.into(),
                constraints: file.constraints.into(),
                underlays: file.underlays.into(),
                phases: file.phases,
                groups: file.groups,
                locked: file.locked,
            }),
            halls: groups.into_iter().map(Arc::new).collect(),
            directory: Directory::default(),
        }
    }

    /// The site as a file. Rows, network racks and blocks come out hall by hall;
    /// reading the file again gives an equal site.
    pub fn to_file(&self) -> LayoutFile {
        let terms = Terms::clone(&self.terms);
        let campus = Campus::clone(&self.campus);
        LayoutFile {
            version: LAYOUT_VERSION,
            site: terms.site,
            policy: terms.policy,
            hours: terms.hours,
            tiers: terms.tiers,
            phases: campus.phases,
            supply: terms.supply,
            finance: terms.finance,
            feeds: campus.feeds.to_vec(),
            nodes: campus.nodes.to_vec(),
            loops: campus.loops.to_vec(),
            generators: campus.generators.to_vec(),
            batteries: campus.batteries.to_vec(),
            areas: campus.areas.to_vec(),
            constraints: campus.constraints.to_vec(),
            underlays: campus.underlays.to_vec(),
            halls: self.halls.iter().filter_map(|g| g.hall.clone()).collect(),
            rows: self.halls.iter().flat_map(|g| g.rows.iter().cloned()).collect(),
            network_racks: self
                .halls
                .iter()
                .flat_map(|g| g.network_racks.iter().cloned())
                .collect(),
            blocks: self.blocks().cloned().collect(),
            groups: campus.groups,
            locked: campus.locked,
            overrides: terms.overrides,
            base: None,
            variants: Vec::new(),
            tour: Vec::new(),
            scenarios: Vec::new(),
        }
    }
}

impl HallGroup {
    /// Whether it is that of a hall.
    pub fn is_of(&self, hall: &str) -> bool {
        self.hall.as_ref().is_some_and(|h| h.id == hall)
    }

    /// Whether the group holds nothing, not even a hall.
    pub fn is_empty(&self) -> bool {
        self.hall.is_none()
            && self.rows.is_empty()
            && self.network_racks.is_empty()
            && self.blocks.is_empty()
    }
}
