//! The numbers that the inspector has a field for, kind by kind: for editing
//! several elements at once, and for finding a value by its name.

use crate::gui::components::row::Number;
use crate::gui::context::{Context, Element, Kind};
use crate::gui::panels::rows::{bound, optional, required};
use crate::site::{
    AreaKind, Block, Constraint, ConstraintKind, ElementRef, Feed, FinanceInputs, Hall, Hour, Loop,
    Node, SiteInfo, Tier,
};

/// A field of a kind of element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldOf {
    /// Its name below the element's path.
    pub field: &'static str,
    pub label: &'static str,
    /// Whole numbers only.
    pub whole: bool,
}

const fn number(field: &'static str, label: &'static str) -> FieldOf {
    FieldOf { field, label, whole: false }
}

const fn whole(field: &'static str, label: &'static str) -> FieldOf {
    FieldOf { field, label, whole: true }
}

const SITE: &[FieldOf] = &[
    number("grid_contract_mw", "Grid contract"),
    number("billable_frac", "Utilisation"),
    number("coincidence_frac", "Coincidence"),
    number("extreme_c", "Design extreme"),
];
const FINANCE: &[FieldOf] = &[
    number("capex_budget_usd", "Capex budget"),
    number("site_capex_usd_per_mw", "Site capex"),
    number("discount_frac", "Discount rate"),
    number("rack_life_years", "Life of racks"),
    number("site_life_years", "Life of the site"),
    number("fixed_opex_usd_per_mw_year", "Fixed opex"),
    whole("fiscal_year_end_month", "Fiscal year ends"),
];
const TIER: &[FieldOf] = &[
    number("min_tok_s_user", "Least speed"),
    number("max_ttft_ms", "Longest TTFT"),
    whole("percentile", "Percentile"),
    number("context_tokens", "Context"),
    number("isl_tokens", "Input length"),
    number("osl_tokens", "Output length"),
    number("cache_hit_frac", "Cache hits"),
    number("input_usd_per_mtok", "Price of input"),
    number("cached_usd_per_mtok", "Cached input"),
    number("variable_usd_per_mtok", "Variable cost"),
];
const HOUR: &[FieldOf] = &[
    number("weight_h", "Stands for"),
    number("ambient_c", "Outdoor air"),
    number("wetbulb_c", "Outdoor wet bulb"),
    number("clock_h", "Clock"),
];
const FEED: &[FieldOf] = &[
    number("voltage_kv", "Voltage"),
    number("capacity_mw", "Capacity"),
    number("firm_mw", "Firm capacity"),
    number("minimum_bill_usd_per_year", "Minimum bill"),
    number("fault_mva", "Fault level"),
];
const NODE: &[FieldOf] = &[
    number("capacity_mw", "Capacity"),
    number("firm_mw", "Firm capacity"),
    number("efficiency_frac", "Efficiency"),
    number("voltage_kv", "Voltage"),
    number("emergency_long_ratio", "Long-time rating"),
    number("emergency_long_h", "for"),
    number("emergency_short_ratio", "Short-time rating"),
    number("emergency_short_min", "for"),
    number("capacitor_mvar", "Capacitors"),
];
const LOOP: &[FieldOf] =
    &[number("supply_c", "Coolant supply"), number("heat_mw", "Heat"), number("flow_lpm", "Flow")];
const GENERATOR: &[FieldOf] = &[whole("count", "Machines"), number("capacity_mw", "Power of all")];
const BATTERY: &[FieldOf] = &[number("capacity_mw", "Power"), number("energy_mwh", "Energy")];
const HALL: &[FieldOf] = &[
    whole("positions", "Rack positions"),
    number("floor_kg_m2", "Floor bears"),
    number("air_heat_mw", "Heat to air"),
    number("height_m", "Height"),
];
const CONSTRAINT: &[FieldOf] = &[
    number("setback_m", "From the edge"),
    number("height_m", "Greatest height"),
    number("noise_dba", "At the boundary"),
];
const AREA: &[FieldOf] = &[number("height_m", "Height")];
const UNDERLAY: &[FieldOf] = &[number("opacity_frac", "Opacity")];
const BLOCK: &[FieldOf] = &[
    whole("count", "Count"),
    whole("planned.min", "Least racks"),
    whole("planned.max", "Most racks"),
    number("mw", "Power pool"),
];

/// The fields of a kind, in the order of the inspector.
pub fn fields_of(kind: Kind) -> &'static [FieldOf] {
    match kind {
        Kind::Site => SITE,
        Kind::Finance => FINANCE,
        Kind::Tier => TIER,
        Kind::Hour => HOUR,
        Kind::Feed => FEED,
        Kind::Node => NODE,
        Kind::Loop => LOOP,
        Kind::Generator => GENERATOR,
        Kind::Battery => BATTERY,
        Kind::Hall => HALL,
        Kind::Block => BLOCK,
        Kind::Constraint => CONSTRAINT,
        Kind::Underlay => UNDERLAY,
        Kind::Area => AREA,
        Kind::Policy | Kind::Row | Kind::NetworkRack => &[],
    }
}

/// The value of a field; `None` where this element has no such field.
pub fn value_of(cx: &Context<'_>, element: &Element, field: &str) -> Option<Number> {
    let id = element.id.as_str();
    match element.kind {
        Kind::Site => site(&cx.site.terms.site, field),
        Kind::Finance => finance(&cx.site.terms.finance, field),
        Kind::Tier => tier(cx.tier(id)?, field),
        Kind::Hour => hour(cx.hour(id)?, field),
        Kind::Policy => None,
        _ => value_in(cx.site.find(id)?, field),
    }
}

/// The same of a physical element at hand: a site has too many to look each up.
pub fn value_in(element: ElementRef<'_>, field: &str) -> Option<Number> {
    match element {
        ElementRef::Feed(e) => feed(e, field),
        ElementRef::Node(e) => node(e, field),
        ElementRef::Loop(e) => cooling_loop(e, field),
        ElementRef::Generator(e) => match field {
            "count" => Some(Number::Is(f64::from(e.count))),
            "capacity_mw" => Some(Number::Is(e.capacity_mw)),
            _ => None,
        },
        ElementRef::Battery(e) => match field {
            "capacity_mw" => Some(Number::Is(e.capacity_mw)),
            "energy_mwh" => Some(Number::Is(e.energy_mwh)),
            _ => None,
        },
        ElementRef::Hall(e) => hall(e, field),
        ElementRef::Block(e) => block(e, field),
        ElementRef::Constraint(e) => constraint(e, field),
        ElementRef::Underlay(e) => (field == "opacity_frac").then_some(Number::Is(e.opacity_frac)),
        ElementRef::Area(e) if e.kind == AreaKind::Building => {
            (field == "height_m").then(|| optional(e.height_m, "unknown"))
        }
        _ => None,
    }
}

fn site(info: &SiteInfo, field: &str) -> Option<Number> {
    Some(match field {
        "grid_contract_mw" => required(info.grid_contract_mw),
        "billable_frac" => optional(info.billable_frac, "computed"),
        "coincidence_frac" => Number::Is(info.coincidence_frac),
        "extreme_c" => optional(info.extreme_c, "published"),
        _ => return None,
    })
}

fn finance(inputs: &FinanceInputs, field: &str) -> Option<Number> {
    Some(match field {
        "capex_budget_usd" => optional(inputs.capex_budget_usd, "no budget"),
        "site_capex_usd_per_mw" => optional(inputs.site_capex_usd_per_mw, "catalogue"),
        "discount_frac" => optional(inputs.discount_frac, "catalogue"),
        "rack_life_years" => optional(inputs.rack_life_years, "catalogue"),
        "site_life_years" => optional(inputs.site_life_years, "catalogue"),
        "fixed_opex_usd_per_mw_year" => optional(inputs.fixed_opex_usd_per_mw_year, "catalogue"),
        "fiscal_year_end_month" => {
            optional(inputs.fiscal_year_end_month.map(f64::from), "December")
        }
        _ => return None,
    })
}

fn tier(tier: &Tier, field: &str) -> Option<Number> {
    Some(match field {
        "min_tok_s_user" => optional(tier.min_tok_s_user, "any"),
        "max_ttft_ms" => optional(tier.max_ttft_ms, "no limit"),
        "percentile" => optional(tier.percentile.map(f64::from), "not stated"),
        "context_tokens" => optional(tier.context_tokens, "any"),
        "isl_tokens" => optional(tier.isl_tokens, "output only"),
        "osl_tokens" => optional(tier.osl_tokens, "output only"),
        "cache_hit_frac" => optional(tier.cache_hit_frac, "none"),
        "input_usd_per_mtok" => optional(tier.input_usd_per_mtok, "not paid"),
        "cached_usd_per_mtok" => optional(tier.cached_usd_per_mtok, "not paid"),
        "variable_usd_per_mtok" => optional(tier.variable_usd_per_mtok, "none"),
        _ => return None,
    })
}

fn hour(hour: &Hour, field: &str) -> Option<Number> {
    Some(match field {
        "weight_h" => Number::Is(hour.weight_h),
        "ambient_c" => optional(hour.ambient_c, "not stated"),
        "wetbulb_c" => optional(hour.wetbulb_c, "not stated"),
        "clock_h" => Number::Is(hour.clock_h),
        _ => return None,
    })
}

fn feed(feed: &Feed, field: &str) -> Option<Number> {
    Some(match field {
        "voltage_kv" => required(feed.voltage_kv),
        "capacity_mw" => required(feed.capacity_mw),
        "firm_mw" => optional(feed.firm_mw, "not stated"),
        "minimum_bill_usd_per_year" => optional(feed.minimum_bill_usd_per_year, "none"),
        "fault_mva" => optional(feed.fault_mva, "practice"),
        _ => return None,
    })
}

fn node(node: &Node, field: &str) -> Option<Number> {
    Some(match field {
        "capacity_mw" => required(node.capacity_mw),
        "firm_mw" => optional(node.firm_mw, "not stated"),
        "efficiency_frac" => optional(node.efficiency_frac, "equipment"),
        "voltage_kv" => optional(node.voltage_kv, "not stated"),
        "emergency_long_ratio" => optional(node.emergency_long_ratio, "equipment"),
        "emergency_long_h" => optional(node.emergency_long_h, "equipment"),
        "emergency_short_ratio" => optional(node.emergency_short_ratio, "equipment"),
        "emergency_short_min" => optional(node.emergency_short_min, "equipment"),
        "capacitor_mvar" => optional(node.capacitor_mvar, "none"),
        _ => return None,
    })
}

fn cooling_loop(one: &Loop, field: &str) -> Option<Number> {
    Some(match field {
        "supply_c" => Number::Is(one.supply_c),
        "heat_mw" => optional(one.heat_mw, "by its machines"),
        "flow_lpm" => optional(one.flow_lpm, "unchecked"),
        _ => return None,
    })
}

fn hall(hall: &Hall, field: &str) -> Option<Number> {
    Some(match field {
        "positions" => optional(hall.positions.map(f64::from), "unchecked"),
        "floor_kg_m2" => optional(hall.floor_kg_m2, "unchecked"),
        "air_heat_mw" => optional(hall.air_heat_mw, "unchecked"),
        "height_m" => optional(hall.height_m, "unknown"),
        _ => return None,
    })
}

/// Of a constraint area; each kind has numbers of its own.
fn constraint(area: &Constraint, field: &str) -> Option<Number> {
    match (area.kind, field) {
        (ConstraintKind::Setback, "setback_m") => Some(optional(area.setback_m, "by its outline")),
        (ConstraintKind::HeightLimit, "height_m") => Some(required(area.height_m)),
        (ConstraintKind::Noise, "noise_dba") => Some(optional(area.noise_dba, "not stated")),
        _ => None,
    }
}

/// Of a block; installed, planned and pooled ones have fields of their own.
fn block(block: &Block, field: &str) -> Option<Number> {
    match field {
        "count" => block.count.map(|c| Number::Is(f64::from(c))),
        "planned.min" => block.planned.as_ref().map(|p| Number::Is(f64::from(p.min))),
        "planned.max" => block.planned.as_ref().map(|p| Number::Is(f64::from(p.max))),
        "mw" => block.mw.map(|mw| bound(Some(mw))),
        _ => None,
    }
}
