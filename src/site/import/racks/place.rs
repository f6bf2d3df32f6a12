//! Racks of a table as blocks on the ground: racks side by side become one block, and each
//! block gets its place: the table's, else behind what stands in its row already.

use super::super::Skipped;
use super::read::Line;
use crate::site::import::Foreign;
use crate::site::{Block, Infrastructure, Row, Site};
use std::collections::{HashMap, HashSet};

/// Racks nearer than this stand side by side, metres.
const TOUCH_M: f64 = 0.05;

/// The blocks of the rows that have a place; the others go to `skipped`.
pub fn blocks(foreign: &Foreign<'_>, lines: Vec<Line>, skipped: &mut Vec<Skipped>) -> Vec<Block> {
    let site = foreign.site;
    let is_built = matches!(site.terms.site.infrastructure, Infrastructure::Built);
    let mut ids: HashSet<String> = site.blocks().map(|b| b.id.clone()).collect();
    ids.extend(lines.iter().filter_map(|l| l.id.clone()));
    let mut ends = ends_of_rows(site);
    let mut out: Vec<Group> = Vec::new();
    for mut line in lines {
        if is_built && line.at.is_none() {
            match spot(site, &line, &mut ends) {
                Ok(at) => line.at = Some(at),
                Err(reason) => {
                    skipped.push(Skipped { place: format!("Row {}", line.row), reason });
                    continue;
                }
            }
        }
        match out.last_mut() {
            Some(group) if group.takes(&line) => group.lines.push(line),
            _ => out.push(Group { lines: vec![line] }),
        }
    }
    out.into_iter().map(|group| group.block(&mut ids)).collect()
}

/// Where the next rack of a row may stand, by the row's id: its end along the longer side.
fn ends_of_rows(site: &Site) -> HashMap<String, f64> {
    let mut ends: HashMap<String, f64> = HashMap::new();
    for group in &site.halls {
        for row in &group.rows {
            let along = axis(row);
            let mut end = row.at[along];
            for block in group.blocks.iter().filter(|b| b.row.as_deref() == Some(&row.id)) {
                end = end.max(block.at[along] + block.size[along]);
            }
            ends.insert(row.id.clone(), end);
        }
    }
    ends
}

/// 0 for a row that runs east, 1 for one that runs south.
fn axis(row: &Row) -> usize {
    usize::from(row.size[1] > row.size[0])
}

/// A place in the row of a line.
fn spot(site: &Site, line: &Line, ends: &mut HashMap<String, f64>) -> Result<[f64; 2], String> {
    let row = site
        .halls
        .iter()
        .flat_map(|g| g.rows.iter())
        .find(|r| Some(&r.id) == line.line_up.as_ref())
        .ok_or("No place: give x and y, or a row of the hall")?;
    // `read` lets no rack of a built site through without its footprint.
    let [width, _] = line.size.unwrap_or_default();
    let along = axis(row);
    let long = width * f64::from(line.count);
    let end = ends.entry(row.id.clone()).or_insert(row.at[along]);
    let from = match line.position {
        Some(place) => row.at[along] + f64::from(place - 1) * width,
        None => *end,
    };
    let limit = row.at[along] + row.size[along];
    if from + long > limit + TOUCH_M {
        let free = ((limit - from) / width).floor().max(0.0);
        return Err(format!(
            "{} racks do not fit into {}: {free:.0} more do from there",
            line.count, row.name
        ));
    }
    *end = end.max(from + long);
    let mut at = row.at;
    at[along] = from;
    Ok(at)
}

/// Racks that become one block.
struct Group {
    lines: Vec<Line>,
}

impl Group {
    /// Whether a rack stands beside the last of the group and is like it in all else.
    fn takes(&self, line: &Line) -> bool {
        let Some(last) = self.lines.last() else { return false };
        let same = !line.is_block
            && !last.is_block
            && (&line.hall, &line.line_up, &line.rack) == (&last.hall, &last.line_up, &last.rack)
            && (&line.node, &line.cooling, &line.phase) == (&last.node, &last.cooling, &last.phase)
            && line.size == last.size;
        same && self.touches(line)
    }

    fn touches(&self, line: &Line) -> bool {
        let (Some(first), Some(last)) = (self.lines.first(), self.lines.last()) else {
            return false;
        };
        let (Some(a), Some(b), Some([width, _])) = (last.at, line.at, line.size) else {
            // Nothing stands on the ground: racks that are alike are one block.
            return last.at.is_none() && line.at.is_none();
        };
        let near = |v: f64, wanted: f64| (v - wanted).abs() <= TOUCH_M;
        let east = near(b[0] - a[0], width) && near(b[1], a[1]);
        let south = near(b[1] - a[1], width) && near(b[0], a[0]);
        // A block runs one way.
        let runs_east = self.lines.len() < 2 || first.at.is_some_and(|f| near(f[1], a[1]));
        let runs_south = self.lines.len() < 2 || first.at.is_some_and(|f| near(f[0], a[0]));
        east && runs_east || south && runs_south && !(runs_east && self.lines.len() > 1)
    }

    fn block(self, ids: &mut HashSet<String>) -> Block {
        let Group { lines } = self;
        let count: u32 = lines.iter().map(|l| l.count).sum();
        let runs_south = match &lines[..] {
            [a, b, ..] => match (a.at, b.at) {
                (Some(a), Some(b)) => (b[1] - a[1]).abs() > (b[0] - a[0]).abs(),
                _ => false,
            },
            _ => false,
        };
        let last_name = lines.last().and_then(|l| l.name.clone());
        let size = lines.first().and_then(|l| l.size);
        // cannot fail: a group is made of at least one line.
        let first = lines.into_iter().next().expect("a group has lines");
        let id = first.id.clone().unwrap_or_else(|| fresh(&first, ids));
        let name = first.name.clone().unwrap_or_else(|| id.clone());
        let name = match last_name {
            Some(last) if !first.is_block && count > 1 && last != name => {
                format!("{name} to {last}")
            }
            _ => name,
        };
        let size = size.map_or([0.0, 0.0], |[width, depth]| {
            let long = width * f64::from(count);
            if runs_south { [depth, long] } else { [long, depth] }
        });
        Block {
            id,
            name,
            hall: first.hall,
            row: first.line_up,
            rack: Some(first.rack),
            count: Some(count),
            planned: None,
            mw: None,
            node: first.node,
            node_b: None,
            cooling_loop: first.cooling,
            phase: first.phase,
            network: Vec::new(),
            racks_per_line: (count > 1).then_some(count),
            at: first.at.unwrap_or_default(),
            size: size.map(|v| (v * 1e4).round() / 1e4),
        }
    }
}

/// An id that the site does not have, after the place of the rack.
fn fresh(line: &Line, ids: &mut HashSet<String>) -> String {
    let place = line.line_up.as_ref().or(line.hall.as_ref()).map_or("racks", String::as_str);
    let mut n = 1;
    loop {
        let id = format!("{place}-import-{n}");
        if ids.insert(id.clone()) {
            return id;
        }
        n += 1;
    }
}
