"""Random finance cases answered by other tools, in the form of tests/data/finance-visible.csv.

    python3 -m venv FOLDER && FOLDER/bin/pip install NREL-PySAM numpy-financial pyxirr mpmath
    FOLDER/bin/python benches/peers/finance_cases.py make SEED CASES.csv
    cargo run --no-default-features --example finance_cases -- CASES.csv > OURS.csv
    FOLDER/bin/python benches/peers/finance_cases.py compare CASES.csv OURS.csv

`compare` prints each row that is off and counts. Internal rates of PySAM are loose above 200 %,
and it picks one where several exist; everything else must agree within the tolerance of its row.
"""

import csv
import datetime
import json
import math
import random
import sys
from collections import defaultdict

HEADER = "case_id kind input_json output expected rel_tol abs_tol oracle status note".split()
CLASSES = ["macrs_5", "macrs_15", "sl_5", "sl_15", "sl_20", "sl_39"]
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]


def row(case, kind, given, output, expected, oracle, rel=1e-8, tolerance=1e-9):
    return [case, kind, json.dumps(given), output, json.dumps(expected), rel, tolerance, oracle,
            "normative", ""]


def flows(count):
    import mpmath
    import numpy_financial
    import pyxirr

    mpmath.mp.dps = 40
    for k in range(count):
        cf = [round(random.uniform(-1000, 1000), 2) for _ in range(random.randint(2, 14))]
        if k % 3 == 0:
            cf = [-abs(cf[0])] + [abs(c) for c in cf[1:]]
        if k % 5 == 0:
            cf.append(-2 * abs(cf[-1]))
        rate = round(random.uniform(-0.05, 0.3), 3)
        given = {"cf": cf, "rate": rate, "finance_rate": 0.08, "reinvest_rate": 0.1}
        value = float(numpy_financial.npv(rate, cf))
        yield row(f"P{k}", "periodic", given, "npv_t0", value, "numpy-financial", 1e-9, 1e-7)
        # In x = 1 + r: the first flow has the highest power.
        found = mpmath.polyroots([mpmath.mpf(str(c)) for c in cf], maxsteps=500, extraprec=400)
        real = [mpmath.re(x) for x in found if abs(mpmath.im(x)) < mpmath.mpf(10) ** -25]
        rates = sorted(float(x - 1) for x in real if x > 0)
        yield row(f"P{k}", "periodic", given, "irr_roots", rates, "mpmath, 40 digits")
        if min(cf) < 0 < max(cf):
            mirr = float(numpy_financial.mirr(cf, 0.08, 0.1))
            yield row(f"P{k}", "periodic", given, "mirr", mirr, "numpy-financial")
        first = datetime.date(2027, 1, 1)
        dates = sorted(first + datetime.timedelta(days=random.randint(0, 4000)) for _ in cf)
        dated = {"dates": [str(d) for d in dates], "cf": cf, "rate": rate}
        value = pyxirr.xnpv(rate, dates, cf)
        yield row(f"X{k}", "dated", dated, "xnpv", value, "pyxirr", 1e-9, 1e-7)
        periods, rate = random.randint(1, 40), round(random.uniform(0, 0.02), 4)
        loan = {"principal": 1e6, "rate": rate, "periods": periods, "interest_only": 0}
        paid = [float(-numpy_financial.ipmt(rate, t + 1, periods, 1e6)) for t in range(periods)]
        yield row(f"D{k}", "debt_level", loan, "interest", paid, "numpy-financial", 1e-9, 1e-6)


def draw_project():
    r = random.random
    years = random.randint(8, 30)
    debt = random.choice([
        None,
        ["pct", random.choice([20, 50, 70]), random.randint(3, years),
         random.choice([4.5, 8.0, 11.0]), random.choice([0, 1])],
        ["dscr", round(1.1 + 0.6 * r(), 2), random.randint(3, years), round(3 + 8 * r(), 2)],
    ])
    shares = {c: random.choice([0, 0, 10, 20, 30]) for c in CLASSES}
    if sum(shares.values()) > 100:
        shares = {c: v / 2 for c, v in shares.items()}
    return {
        "capex": round(10 ** (7 + 3 * r())), "mwh_per_year": round(1e4 + 1e6 * r()),
        "price_per_mwh": round(40 + 300 * r(), 2),
        "price_escalation_pct": random.choice([0, -10, 2, -3.5]),
        "om_fixed": round(1e6 * r()), "om_per_mwh": round(20 * r(), 2), "years": years,
        "inflation_pct": random.choice([0, 2.5, 4]), "real_discount_pct": round(3 + 8 * r(), 1),
        "fed_tax_pct": random.choice([0, 21, 30]), "state_tax_pct": random.choice([0, 5, 7]),
        "depr_alloc_pct": {c: v for c, v in shares.items() if v},
        "bonus_pct": random.choice([0, 0, 40, 100]), "debt": debt,
        "salvage_pct_of_capex": random.choice([0.0, 10.0]),
        "property_tax_pct": random.choice([0.0, 1.0]), "insurance_pct": random.choice([0.0, 0.5]),
    }


def single_owner(p):
    """PySAM's Singleowner with everything off that the case does not state."""
    import PySAM.Singleowner as singleowner

    m = singleowner.new()

    def put(group, **values):
        for name, value in values.items():
            setattr(group, name, value)

    def zero(group, scalars="", lists=""):
        put(group, **{name: 0 for name in scalars.split()})
        put(group, **{name: [0] for name in lists.split()})

    hourly = [p["mwh_per_year"] * 1000 / 8760] * 8760
    put(m.SystemOutput, gen=hourly, gen_without_battery=hourly, gen_purchases=[0] * 8760,
        degradation=[0], system_pre_curtailment_kwac=hourly, system_capacity=1e5,
        annual_energy_pre_curtailment_ac=p["mwh_per_year"] * 1000)
    put(m.Lifetime, system_use_lifetime_output=0, inflation_rate=p["inflation_pct"])
    put(m.Revenue, ppa_soln_mode=1, ppa_price_input=[p["price_per_mwh"] / 1000],
        ppa_escalation=p["price_escalation_pct"], ppa_multiplier_model=1,
        dispatch_factors_ts=[1] * 8760)
    put(m.SystemCosts, total_installed_cost=p["capex"], om_fixed=[p["om_fixed"]],
        om_production=[p["om_per_mwh"]], om_capacity=[0])
    zero(m.SystemCosts, "om_fixed_escal om_production_escal om_capacity_escal")
    f = m.FinancialParameters
    zero(f, "construction_financing_cost cost_debt_closing cost_debt_fee cost_other_financing "
            "dscr_reserve_months equip1_reserve_cost equip2_reserve_cost equip3_reserve_cost "
            "months_receivables_reserve months_working_reserve reserves_interest "
            "dscr_limit_debt_fraction loan_moratorium payment_option equip_reserve_depr_fed "
            "equip_reserve_depr_sta prop_tax_assessed_decline")
    put(f, analysis_period=p["years"], inflation_rate=p["inflation_pct"],
        real_discount_rate=p["real_discount_pct"], federal_tax_rate=[p["fed_tax_pct"]],
        state_tax_rate=[p["state_tax_pct"]], insurance_rate=p["insurance_pct"],
        property_tax_rate=p["property_tax_pct"], prop_tax_cost_assessed_percent=100,
        salvage_percentage=p["salvage_pct_of_capex"], equip1_reserve_freq=1,
        equip2_reserve_freq=1, equip3_reserve_freq=1, dscr_maximum_debt_fraction=100,
        system_capacity=1e5, dscr=1.3)
    debt = p["debt"]
    if debt is None:
        put(f, debt_option=0, debt_percent=0, term_tenor=10, term_int_rate=5)
    elif debt[0] == "pct":
        put(f, debt_option=0, debt_percent=debt[1], term_tenor=debt[2], term_int_rate=debt[3],
            payment_option=debt[4])
    else:
        put(f, debt_option=1, debt_percent=0, dscr=debt[1], term_tenor=debt[2],
            term_int_rate=debt[3])
    d = m.Depreciation
    for c in CLASSES + ["custom"]:
        eligible = int(c.startswith("macrs"))
        put(d, **{f"depr_alloc_{c}_percent": p["depr_alloc_pct"].get(c, 0),
                  f"depr_bonus_fed_{c}": eligible, f"depr_bonus_sta_{c}": eligible,
                  f"depr_itc_fed_{c}": 0, f"depr_itc_sta_{c}": 0})
    put(d, depr_custom_schedule=[0], depr_bonus_fed=p["bonus_pct"], depr_bonus_sta=0,
        depr_fedbas_method=0, depr_stabas_method=0)
    credits = m.TaxCreditIncentives
    zero(credits, "ptc_fed_term ptc_fed_escal ptc_sta_term ptc_sta_escal "
                  "itc_fed_amount_deprbas_fed itc_fed_amount_deprbas_sta "
                  "itc_fed_percent_deprbas_fed itc_fed_percent_deprbas_sta "
                  "itc_sta_amount_deprbas_fed itc_sta_amount_deprbas_sta "
                  "itc_sta_percent_deprbas_fed itc_sta_percent_deprbas_sta",
         "itc_fed_amount itc_sta_amount itc_fed_percent itc_sta_percent ptc_fed_amount "
         "ptc_sta_amount")
    put(credits, itc_fed_percent_maxvalue=[1e38], itc_sta_percent_maxvalue=[1e38])
    zero(m.CapacityPayments, "cp_capacity_payment_esc cp_capacity_payment_type "
                             "cp_system_nameplate cp_battery_nameplate",
         "cp_capacity_payment_amount cp_capacity_credit_percent")
    put(m.LandLease, land_area=0, om_land_lease=[0], om_land_lease_escal=0)
    put(m.GridLimits, grid_curtailment_price=[0], grid_curtailment_price_esc=0)
    m.execute(0)
    return m


OWNER = {
    "revenue": "cf_total_revenue", "operating_expenses": "cf_operating_expenses",
    "ebitda": "cf_ebitda", "fed_depreciation": "cf_feddepr_total", "fed_tax": "cf_fedtax",
    "state_tax": "cf_statax", "aftertax_cash_flow": "cf_project_return_aftertax",
    "pretax_cash_flow": "cf_project_return_pretax", "debt_size": "size_of_debt",
    "npv_aftertax": "project_return_aftertax_npv", "irr_aftertax": "project_return_aftertax_irr",
    "lcoe_nominal_per_mwh": "lcoe_nom", "lcoe_real_per_mwh": "lcoe_real",
    "debt_interest": "cf_debt_payment_interest", "debt_principal": "cf_debt_payment_principal",
    "debt_balance": "cf_debt_balance",
}


def projects(count):
    for k in range(count):
        given = draw_project()
        model = single_owner(given)
        for ours, theirs in OWNER.items():
            value = getattr(model.Outputs, theirs)
            if isinstance(value, tuple):
                value = list(value)
            if ours.startswith("lcoe"):
                value *= 10  # cents per kWh
            if ours == "irr_aftertax":
                if math.isnan(value) or value == 0:
                    continue
                value /= 100
            tolerance = 1.0 if isinstance(value, list) else 1e-6
            yield row(f"S{k}", "project_finance", given, ours, value, "PySAM Singleowner", 1e-6,
                      tolerance)


def hourly_load(shape):
    months = [m for m, days in enumerate(DAYS) for _ in range(24 * days)]
    turn = 2 * math.pi
    return [shape["base"] + shape["daily_amplitude"] * math.cos(turn * (h % 24 - 15) / 24)
            + shape["seasonal_amplitude"] * math.cos(turn * (h // 24 - 200) / 365)
            + shape["monthly_ramp"] * months[h] for h in range(8760)]


def draw_tariff():
    r = random.random
    ratchet = {"min": round(5e5 * r()), "look": random.choice([3, 6, 11]),
               "pct": random.choice([50.0, 75.0, 85.0]), "y0": round(4e5 + 3e5 * r())}
    return {
        "load_kw": {"base": round(1e5 + 8e5 * r()), "daily_amplitude": round(5e4 * r()),
                    "seasonal_amplitude": round(3e4 * r()),
                    "monthly_ramp": random.choice([0, 0, -2000, 20000])},
        "energy_rates_per_kwh": [[1, round(0.1 * r(), 4)], [2, round(0.2 * r(), 4)]],
        "peak_hours": sorted(random.sample(range(24), 2)),
        "peak_months0": sorted(random.sample(range(12), 2)),
        "weekends_off_peak": random.choice([True, False]), "jan1_is_monday": True,
        "demand_flat_per_kw_month": round(15 * r(), 2),
        "demand_tou_per_kw_month": random.choice(
            [None, [[1, round(3 * r(), 2)], [2, round(8 * r(), 2)]]]),
        "fixed_per_month": round(1e4 * r()), "ratchet": random.choice([None, ratchet]),
    }


def tariffs(count):
    import PySAM.Utilityrate5 as utilityrate5

    for k in range(count):
        given = draw_tariff()
        m = utilityrate5.new()
        m.Lifetime.assign({"analysis_period": 1, "system_use_lifetime_output": 0,
                           "inflation_rate": 0})
        m.SystemOutput.assign({"degradation": [0], "gen": [0] * 8760})
        m.Load.assign({"load": hourly_load(given["load_kw"]), "load_escalation": [0]})
        (from_h, to_h), (from_m, to_m) = given["peak_hours"], given["peak_months0"]
        peak = [[2 if from_m <= month <= to_m and from_h <= h < to_h else 1 for h in range(24)]
                for month in range(12)]
        off = [[1] * 24] * 12
        periods = given["demand_tou_per_kw_month"] or [[1, 0.0], [2, 0.0]]
        rates = {
            "rate_escalation": [0], "ur_metering_option": 0, "ur_monthly_min_charge": 0,
            "ur_annual_min_charge": 0, "ur_monthly_fixed_charge": given["fixed_per_month"],
            "ur_en_ts_sell_rate": 0, "ur_en_ts_buy_rate": 0, "ur_nm_yearend_sell_rate": 0,
            "ur_nm_credit_month": 11, "ur_nm_credit_rollover": 0, "ur_dc_enable": 1,
            "ur_ec_sched_weekday": peak, "TOU_demand_single_peak": 0,
            "ur_ec_sched_weekend": off if given["weekends_off_peak"] else peak,
            "ur_ec_tou_mat": [[n, 1, 1e38, 0, usd, 0] for n, usd in given["energy_rates_per_kwh"]],
            "ur_dc_sched_weekday": peak, "ur_dc_sched_weekend": peak,
            "ur_dc_flat_mat": [[month, 1, 1e38, given["demand_flat_per_kw_month"]]
                               for month in range(12)],
            "ur_dc_tou_mat": [[n, 1, 1e38, usd] for n, usd in periods],
            "ur_enable_billing_demand": int(given["ratchet"] is not None),
        }
        if given["ratchet"]:
            ratchet = given["ratchet"]
            rates.update({
                "ur_billing_demand_minimum": ratchet["min"],
                "ur_billing_demand_lookback_period": ratchet["look"],
                "ur_billing_demand_lookback_percentages": [[ratchet["pct"], 1]] * 12,
                "ur_dc_billing_demand_periods": [[1, 1], [2, 1]],
                "ur_yearzero_usage_peaks": [ratchet["y0"]] * 12,
            })
        m.ElectricityRates.assign(rates)
        m.execute(0)
        answers = {
            "annual_bill": m.Outputs.utility_bill_wo_sys[1],
            "monthly_energy_charge": list(m.Outputs.year1_monthly_ec_charge_without_system),
            "monthly_demand_flat": list(m.Outputs.year1_monthly_dc_fixed_without_system),
            "monthly_demand_tou": list(m.Outputs.year1_monthly_dc_tou_without_system),
        }
        for output, value in answers.items():
            yield row(f"U{k}", "tariff", given, output, value, "PySAM Utilityrate5", 1e-7, 0.01)


def make(seed, path):
    random.seed(int(seed))
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for cases in (flows(100), projects(100), tariffs(24)):
            writer.writerows(cases)


def agrees(ours, theirs, rel, tolerance):
    if isinstance(theirs, list):
        same = isinstance(ours, list) and len(ours) == len(theirs)
        return same and all(agrees(a, b, rel, tolerance) for a, b in zip(ours, theirs))
    if isinstance(theirs, dict):
        return all(agrees(ours.get(key), value, rel, tolerance) for key, value in theirs.items())
    if ours is None or theirs is None or isinstance(theirs, str):
        return ours == theirs
    return abs(ours - theirs) <= tolerance + rel * abs(theirs)


def compare(cases, answers):
    ours = defaultdict(list)
    with open(answers, newline="") as file:
        for line in csv.DictReader(file):
            ours[line["case_id"], line["output"]].append(json.loads(line["value"]))
    right = wrong = 0
    with open(cases, newline="") as file:
        for line in csv.DictReader(file):
            if line["output"].startswith("ref_"):
                continue
            own = ours[line["case_id"], line["output"]]
            value = own.pop(0) if own else "missing"
            expected = json.loads(line["expected"])
            if agrees(value, expected, float(line["rel_tol"]), float(line["abs_tol"])):
                right += 1
            else:
                wrong += 1
                print(f"{line['case_id']} {line['output']}: {value}, not {expected}"[:300])
    print(f"{right} agree, {wrong} do not")


if __name__ == "__main__":
    if len(sys.argv) == 4 and sys.argv[1] == "make":
        make(*sys.argv[2:])
    elif len(sys.argv) == 4 and sys.argv[1] == "compare":
        compare(*sys.argv[2:])
    else:
        sys.exit(__doc__)
