//! Every number of `finance` that the inspector shows, by group: its field, its words, and what
//! stands in for it.

use super::input::{Input, cost, needed, word};

const OPEN: &str = "not itemised";

/// Numbers of the site as a whole that stand together.
pub struct Group {
    pub title: &'static str,
    pub caption: &'static str,
    pub inputs: &'static [Input],
}

pub const RATES: Group = Group {
    title: "Rates and lives",
    caption: "",
    inputs: &[
        cost("discount_frac", "Discount rate", "discount-frac"),
        word("equity_frac", "Owners ask", "discount rate"),
        cost("rack_life_years", "Life of racks", "rack-life-years"),
        cost("site_life_years", "Life of the site", "site-life-years"),
        cost("rack_residual_frac", "Racks sell for", "rack-residual-frac"),
        cost("refresh_cost_ratio", "Next racks cost", "refresh-cost-ratio"),
        cost("generation_ratio", "Next racks make", "generation-ratio"),
    ],
};

pub const OPERATION: Group = Group {
    title: "Operation",
    caption: "",
    inputs: &[
        word("operating_years", "Years of operation", "life of racks"),
        word("delay_months", "Delay of service", "none").whole(),
        word("utilisation_frac", "Share sold", "plan"),
        cost("degradation_frac", "Output lost a year", "degradation-frac"),
        cost("demand_growth_frac", "Growth of demand", "demand-growth-frac-per-year"),
        cost("software_gain_frac", "Gain by software", "software-gain-frac-per-year"),
        word("trade_workers", "Trade workers", "as needed"),
    ],
};

pub const CAPITAL: Group = Group {
    title: "Capital",
    caption: "beside racks",
    inputs: &[
        word("capex_budget_usd", "Budget for racks", "no budget"),
        cost("site_capex_usd_per_mw", "Site capex", "site-capex-usd-per-mw"),
        word("capital.land_usd", "Land", "area × price"),
        word("capital.grid_connection_usd", "Grid connection", "not counted"),
        cost("capital.soft_frac", "Soft cost", "soft-cost-frac"),
        cost("capital.contingency_frac", "Contingency, plant", "contingency-frac"),
        cost("capital.rack_contingency_frac", "Contingency, racks", "rack-contingency-frac"),
        cost("capital.sales_tax_frac", "Sales tax", "sales-tax-frac"),
        cost("capital.duty_frac", "Duty on racks", "duty-frac"),
    ],
};

pub const RUNNING: Group = Group {
    title: "Running cost",
    caption: "rows lie within fixed opex",
    inputs: &[
        cost("fixed_opex_usd_per_mw_year", "Fixed opex", "fixed-opex-usd-per-mw-year"),
        word("running.staff_usd_per_year", "Staff", OPEN),
        word("running.water_usd_per_year", "Water", OPEN),
        word("running.network_usd_per_year", "Network", OPEN),
        word("running.maintenance_frac", "Plant upkeep", OPEN),
        word("running.rack_maintenance_frac", "Rack support", OPEN),
        word("running.insurance_frac", "Insurance", OPEN),
        word("running.property_tax_frac", "Property tax", OPEN),
        word("running.abatement_frac", "of it abated", "none"),
        word("running.abatement_years", "abated for", "no time").whole(),
    ],
};

pub const ON_TOP: Group = Group {
    title: "On top of fixed opex",
    caption: "",
    inputs: &[
        word("running.licences_usd_per_gpu_year", "Licences", "none"),
        word("running.rent_usd_per_kw_month", "Rent", "none"),
        word("running.collateral_usd_per_mw", "Utility collateral", "none"),
        word("running.collateral_cost_frac", "Its cost a year", "none"),
    ],
};

pub const TAX: &[Input] = &[word("interest_limit_frac", "Interest limit", "no limit")];
pub const DATES: &[Input] =
    &[word("fiscal_year_end_month", "Fiscal year ends", "December").whole()];

pub const CARBON: Group = Group {
    title: "Carbon",
    caption: "beside that of the grid",
    inputs: &[
        word("carbon.usd_per_t", "Price of a tonne", "not paid"),
        word("carbon.rise_frac", "Its rise a year", "none"),
        word("carbon.residual_kg_per_mwh", "Residual mix", "grid"),
        word("carbon.heat_reused_mwh_per_year", "Heat reused", "not stated"),
    ],
};

/// Of the loan: what it is of, and its terms.
pub const LENT: &[Input] = &[needed("loan.share_frac", "Most of all uses")];
pub const LOAN: &[Input] = &[
    cost("loan.cover_ratio", "Cover", "loan-cover-ratio"),
    cost("loan.rate_frac", "Interest", "loan-rate-frac"),
    cost("loan.tenor_years", "Repaid within", "loan-tenor-years"),
    word("loan.interest_only_months", "Interest alone", "ramp").whole(),
    cost("loan.reserve_months", "In reserve", "loan-reserve-months").whole(),
    cost("loan.upfront_frac", "Fee, once", "loan-upfront-frac"),
    cost("loan.commitment_frac", "Fee, not drawn", "loan-commitment-frac"),
    word("loan.sweep_frac", "Cash sweep", "none"),
    word("loan.lockup_ratio", "Lock-up below", "none"),
];

/// Of clean energy under contract: how much, where the other of both is stated or not; what it
/// costs; what is left over; how long and how clean.
pub const ENERGY: Input = needed("mwh_per_year", "Energy a year");
pub const RATING: Input = needed("mw", "Rating");
pub const ENERGY_OR: Input = word("mwh_per_year", "Energy a year", "by the other");
pub const RATING_OR: Input = word("mw", "Rating", "by the other");
pub const CLEAN_PRICE: &[Input] =
    &[needed("usd_per_mwh", "Price"), word("rise_frac", "Rise a year", "none")];
pub const SURPLUS: &[Input] = &[word("surplus_usd_per_mwh", "Surplus sells for", "nothing")];
pub const CLEAN_TERM: &[Input] = &[
    word("term_months", "Term", "to the end").whole(),
    word("carbon_kg_per_mwh", "Carbon", "none"),
];

/// Of a contract of sale. What it sells, by kind.
pub const TOKENS: Input = needed("volume_tok_s", "Volume");
pub const GPUS: Input = needed("volume_gpus", "Volume");
pub const SHELL: Input = needed("shell_kw", "Volume");
pub const CREDITS: Input = needed("credits_usd", "Volume");
pub const TERM: Input = needed("term_months", "Term").whole();
pub const TAKE_OR_PAY: Input = word("take_or_pay_frac", "Take or pay", "none");
/// A shell is paid for as a whole.
pub const SHELL_PAY: Input = word("take_or_pay_frac", "Take or pay", "all");
pub const SERVICE_CREDITS: Input = word("service_credit_frac", "Service credits", "none");
pub const EXPIRY: Input = word("expiry_months", "Expires after", "term").whole();
pub const BREAKAGE: Input = word("breakage_frac", "Never used", "none");
pub const PREPAID: Input = word("prepaid_usd", "Paid ahead", "nothing");
pub const PAID_BEFORE: Input = word("prepaid_months", "Paid before", "at service").whole();
