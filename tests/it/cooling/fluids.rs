//! Coolants against CoolProp 8.0.

use super::{of, table};
use crate::support::close;
use gigasite::cooling::fluid::{Fluid, Outside, PG25, Properties};

/// One per cent is asked for; the formulations are the same to rounding and pressure.
#[test]
fn water_and_pg25_agree_with_the_table_of_fluids() {
    for row in table("cooling/fluids.csv") {
        let (name, t) = (&row["fluid"], of(&row, "temp_c"));
        let fluid = if name == "water" { Fluid::Water } else { PG25 };
        let p = fluid.at(t).unwrap();
        let what = |column: &str| format!("{name} at {t} C: {column}");
        for (column, found) in [
            ("rho_kg_m3", p.density_kg_m3),
            ("cp_j_kgk", p.heat_j_kg_k),
            ("mu_pa_s", p.viscosity_pa_s),
            ("k_w_mk", p.conductivity_w_m_k),
            ("lpm_per_kw_dT10", p.lpm_per_kw(10.0)),
            ("dT_at_1p5_lpm_kw", p.rise_k(1.5)),
        ] {
            close(found, of(&row, column), 1e-3, &what(column));
        }
    }
}

/// Density, heat capacity, viscosity, conductivity of CoolProp 8.0 at 3 bar, between the rows of
/// the table and beyond them.
#[test]
fn the_whole_range_agrees_with_coolprop() {
    let water = [
        (0.5, 999.975379, 4216.77544, 1.76054414e-3, 0.557073493),
        (5.0, 1000.06429, 4204.18454, 1.51788836e-3, 0.567932964),
        (20.0, 998.298142, 4183.43026, 1.00153503e-3, 0.598129362),
        (60.0, 983.282726, 4184.51229, 4.66082872e-4, 0.651104178),
        (80.0, 971.879477, 4196.31834, 3.54104068e-4, 0.66710142),
        (99.0, 959.159112, 4214.07205, 2.84619153e-4, 0.676940891),
    ];
    let pg25 = [
        (0.5, 1025.68991, 3873.35203, 5.38679228e-3, 0.450012031),
        (5.0, 1024.48255, 3884.1883, 4.39285785e-3, 0.454140221),
        (20.0, 1019.2776, 3920.46752, 2.44523279e-3, 0.467852416),
        (60.0, 998.397272, 4015.70831, 8.78035437e-4, 0.503203689),
        (80.0, 985.429788, 4060.6559, 6.28012568e-4, 0.519632226),
        (99.0, 972.389832, 4100.50067, 4.72341339e-4, 0.534089009),
    ];
    for (fluid, rows, tolerance) in [(Fluid::Water, water, 5e-4), (PG25, pg25, 1e-6)] {
        for (t, density, heat, viscosity, conductivity) in rows {
            let p = fluid.at(t).unwrap();
            let what = format!("{fluid:?} at {t} C");
            close(p.density_kg_m3, density, tolerance, &what);
            close(p.heat_j_kg_k, heat, tolerance, &what);
            close(p.viscosity_pa_s, viscosity, tolerance, &what);
            close(p.conductivity_w_m_k, conductivity, tolerance, &what);
        }
    }
}

#[test]
fn more_glycol_is_thicker_and_carries_less_heat() {
    let at = |mass_frac| Fluid::PropyleneGlycol { mass_frac }.at(40.0).unwrap();
    let rows: Vec<Properties> = [0.1, 0.25, 0.4, 0.55].map(at).to_vec();
    assert!(rows.windows(2).all(|w| w[0].viscosity_pa_s < w[1].viscosity_pa_s));
    assert!(rows.windows(2).all(|w| w[0].heat_j_kg_k > w[1].heat_j_kg_k));
    assert!(rows.windows(2).all(|w| w[0].prandtl_ratio() < w[1].prandtl_ratio()));
}

#[test]
fn a_state_outside_the_correlations_is_refused() {
    assert_eq!(Fluid::Water.at(-1.0), Err(Outside::Temperature(-1.0)));
    assert!(Fluid::Water.at(f64::NAN).is_err());
    let strong = Fluid::PropyleneGlycol { mass_frac: 0.7 };
    assert_eq!(strong.at(20.0), Err(Outside::Glycol(0.7)));
}
