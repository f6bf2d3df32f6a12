//! Where things stand: halls in pairs that face a duct bank, substations north of them, roads
//! around, the parcel around all.

use super::figures::{Figures, made_of};
use super::hall::Measures;
use super::network::Transformers;
use super::parts::{Place, area, at_size};
use super::request::{Request, Scheme};
use super::size::Size;
use crate::site::{Area, AreaKind, Battery, Generator};

/// Metres: from the fence to the first hall, between two halls that face each other, between
/// two pairs, between two rows of halls.
const MARGIN_M: f64 = 60.0;
const SPINE_M: f64 = 36.0;
const BETWEEN_PAIRS_M: f64 = 40.0;
const BETWEEN_ROWS_M: f64 = 32.0;
/// North edge of the substations; the lines come in above.
const YARD_TOP_M: f64 = 50.0;
const ROAD_M: f64 = 10.0;

pub(super) struct HallPlace {
    /// In [`Size::hall_units`].
    pub index: usize,
    pub at: [f64; 2],
    pub mirrored: bool,
    pub group: usize,
}

pub(super) struct SubstationPlace {
    pub place: Place,
    pub group: usize,
    pub path: usize,
    pub transformers: Transformers,
}

/// The plan of a campus.
pub(super) struct Ground {
    pub halls: Vec<HallPlace>,
    pub substations: Vec<SubstationPlace>,
    pub feeds: Vec<Place>,
    pub areas: Vec<Area>,
    pub parcel: Vec<[f64; 2]>,
    yard: [Option<Place>; 2],
}

/// Edges that areas follow.
struct Edges {
    hall: Measures,
    pairs: usize,
    /// West edge of the first pair and east edge of the last.
    west: f64,
    east: f64,
    /// Below the substations, and of the halls.
    yard_bottom: f64,
    north: f64,
    south: f64,
    rows: usize,
}

impl Edges {
    fn pair_x(&self, pair: usize) -> f64 {
        MARGIN_M + pair as f64 * (2.0 * self.hall.width + SPINE_M + BETWEEN_PAIRS_M)
    }

    fn spine_x(&self, pair: usize) -> f64 {
        self.pair_x(pair) + self.hall.width + SPINE_M / 2.0
    }
}

impl Ground {
    pub fn new(size: &Size, figures: &Figures, request: &Request) -> Self {
        let hall = Measures::of(size, figures, request.scheme);
        let many = size.hall_units.len();
        let columns: usize = match many {
            0 | 1 => 1,
            2..=4 => 2,
            5..=8 => 4,
            9..=15 => 6,
            _ => 8,
        };
        let pairs = columns.div_ceil(2);
        let rows = many.div_ceil(columns);
        let group_of = |pair: usize| pair * size.groups / pairs;
        let slot = |index: usize| (index / columns, index % columns);
        let units_of = |group: usize| -> u32 {
            let of = |i: &usize| group_of(slot(*i).1 / 2) == group;
            (0..many).filter(of).map(|i| size.hall_units[i]).sum()
        };
        let transformers: Vec<Transformers> = (0..size.groups)
            .map(|g| Transformers::of(units_of(g), figures, request.scheme))
            .collect();
        let deep = transformers.iter().map(yard_depth).fold(0.0, f64::max);
        let yard_bottom = YARD_TOP_M + deep;
        let north = yard_bottom + 42.0;
        let mut edges =
            Edges { hall, pairs, west: MARGIN_M, east: 0.0, yard_bottom, north, south: 0.0, rows };
        let one = if columns == 1 { hall.width } else { 0.0 };
        edges.east = edges.pair_x(pairs - 1) + 2.0 * hall.width + SPINE_M - one;
        edges.south = north + rows as f64 * (hall.height + BETWEEN_ROWS_M) - BETWEEN_ROWS_M;
        let halls = (0..many)
            .map(|index| {
                let (row, column) = slot(index);
                let pair = column / 2;
                let side = (column % 2) as f64 * (hall.width + SPINE_M);
                HallPlace {
                    index,
                    at: [
                        edges.pair_x(pair) + side,
                        north + row as f64 * (hall.height + BETWEEN_ROWS_M),
                    ],
                    mirrored: column % 2 == 0,
                    group: group_of(pair),
                }
            })
            .collect();
        let paths = if request.scheme == Scheme::TwoN { 2 } else { 1 };
        let groups = Groups { transformers: &transformers, figures, paths, deep };
        let (substations, mut cursor) = substations(&groups, &edges, group_of);
        let yard = yards(request, figures, (&mut cursor, deep));
        let mut ground = Self {
            halls,
            substations,
            feeds: Vec::new(),
            areas: Vec::new(),
            parcel: Vec::new(),
            yard,
        };
        ground.lines(request.scheme);
        ground.ducts(&edges, group_of);
        ground.roads(&edges);
        let end = ground.buildings(&edges);
        let width =
            [edges.east + 70.0, cursor, end[0] + 30.0].into_iter().fold(0.0, f64::max).ceil();
        let height = (end[1] + 30.0).ceil();
        ground.parcel = vec![[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        ground
    }

    /// Feeds at the north fence, and the strips in which their lines come in.
    fn lines(&mut self, scheme: Scheme) {
        let centre = |p: &SubstationPlace| p.place[0] + p.place[2] / 2.0;
        let centres: Vec<f64> = self.substations.iter().map(centre).collect();
        let (Some(&first), Some(&last)) = (centres.first(), centres.last()) else { return };
        let quarter = self.substations.first().map_or(0.0, |p| p.place[2] / 4.0);
        let at = match (scheme, centres.len()) {
            (Scheme::N, _) => vec![f64::midpoint(first, last)],
            (_, 1) => vec![first - quarter, first + quarter],
            _ => vec![first, last],
        };
        for (number, x) in (1..).zip(&at) {
            self.feeds.push([x - 5.0, 0.0, 10.0, 20.0]);
            let name = format!("Line {number}");
            let place = [x - 12.0, 0.0, 24.0, YARD_TOP_M];
            self.areas.push(area(&format!("line-{number}"), &name, AreaKind::Corridor, place));
        }
        if last > first {
            let place = [first - 5.0, YARD_TOP_M - 20.0, last - first + 10.0, 10.0];
            self.areas.push(area("line-bus", "Line along the fence", AreaKind::Corridor, place));
        }
    }

    /// Duct banks from the substations down between the halls.
    fn ducts(&mut self, edges: &Edges, group_of: impl Fn(usize) -> usize) {
        let top = edges.yard_bottom + 4.0;
        for pair in 0..edges.pairs {
            let spine = edges.spine_x(pair);
            let place = [spine - 5.0, top, 10.0, edges.south - top];
            let (id, name) = (format!("duct-{}", pair + 1), format!("Duct bank {}", pair + 1));
            self.areas.push(area(&id, &name, AreaKind::Corridor, place));
        }
        for group in 0..=group_of(edges.pairs - 1) {
            let spines =
                (0..edges.pairs).filter(|p| group_of(*p) == group).map(|p| edges.spine_x(p));
            let subs = self.substations.iter().filter(|s| s.group == group);
            let points: Vec<f64> =
                subs.map(|s| s.place[0] + s.place[2] / 2.0).chain(spines).collect();
            let from = points.iter().copied().fold(f64::INFINITY, f64::min);
            let to = points.iter().copied().fold(0.0, f64::max);
            let place = [from - 3.0, top, to - from + 6.0, 6.0];
            let (id, name) =
                (format!("duct-head-{}", group + 1), format!("Duct bank head {}", group + 1));
            self.areas.push(area(&id, &name, AreaKind::Corridor, place));
        }
    }

    fn roads(&mut self, edges: &Edges) {
        let (west, east) = (edges.west - 32.0, edges.east + 22.0);
        let (top, bottom) = (edges.yard_bottom + 18.0, edges.south + 14.0);
        let mut road = |id: String, name: &str, place: Place| {
            self.areas.push(area(&id, name, AreaKind::Road, place));
        };
        let along = |y: f64| [west, y, east + ROAD_M - west, ROAD_M];
        road("road-north".into(), "North road", along(top));
        road("road-south".into(), "South road", along(bottom));
        for row in 1..edges.rows {
            let y = edges.north + row as f64 * (edges.hall.height + BETWEEN_ROWS_M);
            road(
                format!("road-middle-{row}"),
                "Middle road",
                along(y - BETWEEN_ROWS_M / 2.0 - ROAD_M / 2.0),
            );
        }
        let down = |x: f64| [x, top, ROAD_M, bottom + ROAD_M - top];
        road("road-west".into(), "West road", down(west));
        road("road-east".into(), "East road", down(east));
        for pair in 1..edges.pairs {
            let x = edges.pair_x(pair) - BETWEEN_PAIRS_M / 2.0 - ROAD_M / 2.0;
            road(format!("road-main-{pair}"), "Main road", down(x));
        }
        for pair in 0..edges.pairs {
            let from = edges.pair_x(pair) - 8.0;
            let to = (edges.pair_x(pair) + 2.0 * edges.hall.width + SPINE_M).min(edges.east) + 8.0;
            let place = [from, edges.north - 6.0, to - from, edges.south - edges.north + 12.0];
            let (id, name) = (format!("pad-{}", pair + 1), format!("Pad {}", pair + 1));
            self.areas.insert(0, area(&id, &name, AreaKind::Pad, place));
        }
    }

    /// What a campus has beside its halls; returns the south-east corner.
    fn buildings(&mut self, edges: &Edges) -> [f64; 2] {
        let top = edges.south + 40.0;
        let mut x = edges.west;
        let things = [
            ("operations", "Operations", AreaKind::Building, [50.0, 30.0]),
            ("parking", "Parking", AreaKind::Yard, [60.0, 30.0]),
            ("stormwater", "Stormwater", AreaKind::Water, [50.0, 36.0]),
            ("spares", "Spares and workshop", AreaKind::Building, [40.0, 24.0]),
        ];
        let mut bottom = top;
        for (id, name, kind, [wide, deep]) in things {
            self.areas.push(area(id, name, kind, [x, top, wide, deep]));
            x += wide + 14.0;
            bottom = bottom.max(top + deep);
        }
        [x - 14.0, bottom]
    }

    /// Standby generators on the first substation; they carry no load.
    pub fn generators(
        &self,
        request: &Request,
        figures: &Figures,
        sources: &[Vec<String>],
    ) -> Vec<Generator> {
        let Some(place) = self.yard[0] else { return Vec::new() };
        let each = figures.genset_mw;
        let count = (request.generators_mw / each).ceil().max(1.0) as u32;
        let (at, size) = at_size(place);
        vec![Generator {
            id: "gensets".into(),
            name: format!("Generators, {count} x {each} MW"),
            node: first(sources),
            equipment: made_of::GENERATOR.into(),
            count,
            capacity_mw: f64::from(count) * each,
            at,
            size,
        }]
    }

    pub fn batteries(
        &self,
        request: &Request,
        figures: &Figures,
        sources: &[Vec<String>],
    ) -> Vec<Battery> {
        let Some(place) = self.yard[1] else { return Vec::new() };
        let (at, size) = at_size(place);
        let mw = request.battery_mw;
        vec![Battery {
            id: "bess".into(),
            name: format!("Battery storage, {mw:.0} MW"),
            node: first(sources),
            equipment: made_of::BATTERY.into(),
            capacity_mw: mw,
            energy_mwh: mw * figures.battery_hours,
            at,
            size,
        }]
    }
}

fn first(sources: &[Vec<String>]) -> String {
    sources.iter().flatten().next().cloned().unwrap_or_default()
}

/// Depth of a substation: large transformers want clearance.
fn yard_depth(transformers: &Transformers) -> f64 {
    if transformers.each_mva < 60.0 { 40.0 } else { 84.0 }
}

/// Substations to place: those of each group, on so many paths.
struct Groups<'a> {
    transformers: &'a [Transformers],
    figures: &'a Figures,
    paths: usize,
    deep: f64,
}

/// Substations side by side, each group as near above its halls as there is room; and where
/// the next thing may stand.
fn substations(
    groups: &Groups,
    edges: &Edges,
    group_of: impl Fn(usize) -> usize,
) -> (Vec<SubstationPlace>, f64) {
    let mut cursor = edges.west;
    let mut out = Vec::new();
    for (group, transformers) in groups.transformers.iter().enumerate() {
        let spines: Vec<f64> =
            (0..edges.pairs).filter(|p| group_of(*p) == group).map(|p| edges.spine_x(p)).collect();
        let centre = spines.iter().sum::<f64>() / spines.len().max(1) as f64;
        let width = transformers.width_m(groups.figures);
        let whole = width * groups.paths as f64 + 20.0 * (groups.paths - 1) as f64;
        let left = (centre - whole / 2.0).max(cursor);
        for path in 0..groups.paths {
            let x = left + path as f64 * (width + 20.0);
            out.push(SubstationPlace {
                place: [x, YARD_TOP_M, width, groups.deep],
                group,
                path,
                transformers: *transformers,
            });
        }
        cursor = left + whole + 30.0;
    }
    (out, cursor)
}

/// Ground for generators and batteries, east of the substations.
fn yards(
    request: &Request,
    figures: &Figures,
    (cursor, deep): (&mut f64, f64),
) -> [Option<Place>; 2] {
    let energy = request.battery_mw * figures.battery_hours;
    let wanted =
        [request.generators_mw * figures.generator_m2_per_mw, energy * figures.battery_m2_per_mwh];
    wanted.map(|area| {
        (area > 0.0).then(|| {
            let wide = (area / deep).max(6.0);
            let place = [*cursor, YARD_TOP_M, wide, deep];
            *cursor += wide + 20.0;
            place
        })
    })
}
