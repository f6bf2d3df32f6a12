//! Friction in single pipes against Colebrook, Swamee-Jain and Hazen-Williams.

use super::{of, table};
use crate::support::close;
use gigasite::cooling::fluid::{Fluid, PG25};
use gigasite::cooling::pipe::{Pipe, colebrook, factor, swamee_jain, transition};

#[test]
fn ten_pipes_agree_with_the_table_of_pipes() {
    for row in table("cooling/pipes.csv") {
        let fluid = if row["fluid"] == "water" { Fluid::Water } else { PG25 };
        let fluid = fluid.at(of(&row, "temp_c")).unwrap();
        let pipe = Pipe {
            diameter_m: of(&row, "d_m"),
            length_m: of(&row, "length_m"),
            roughness_m: of(&row, "eps_mm") / 1e3,
            minor_ratio: 0.0,
        };
        let flow = of(&row, "flow_lps") / 1e3;
        let found = pipe.friction(flow, &fluid);
        let roughness = pipe.roughness_m / pipe.diameter_m;
        let sj = swamee_jain(found.reynolds_ratio, roughness).0;
        let hw = pipe.hazen_williams_pa(flow, 130.0, fluid.density_kg_m3);
        let what = |column: &str| format!("{} of {} m: {column}", row["fluid"], row["d_m"]);
        // As printed, to six digits; half a per cent is asked for.
        for (column, found, tolerance) in [
            ("velocity", found.velocity_m_s, 5e-6),
            ("reynolds", found.reynolds_ratio, 3e-4),
            ("f_colebrook", found.factor_ratio, 1e-4),
            ("f_swamee_jain", sj, 1e-4),
            ("dp_kpa_colebrook", found.loss_pa / 1e3, 2e-4),
            ("dp_kpa_hw130", hw / 1e3, 2e-4),
        ] {
            close(found, of(&row, column), tolerance, &what(column));
        }
    }
}

#[test]
fn colebrook_meets_its_own_equation_everywhere() {
    for exponent in 0..50 {
        let reynolds = 4e3 * 10f64.powf(f64::from(exponent) / 10.0);
        for roughness in [0.0, 1e-6, 1e-4, 1e-2, 5e-2] {
            let root = 1.0 / colebrook(reynolds, roughness).sqrt();
            let right = -2.0 * (roughness / 3.7 + 2.51 / reynolds * root).log10();
            close(root, right, 1e-12, &format!("Re {reynolds}, roughness {roughness}"));
        }
    }
}

#[test]
fn laminar_transition_and_turbulent_flow_join_without_a_step() {
    for roughness in [1e-5, 1e-3, 1e-2] {
        let sj = |re: f64, eps: f64| swamee_jain(re, eps).0;
        close(transition(2000.0, roughness).0, 0.032, 1e-9, "laminar end");
        close(transition(4000.0, roughness).0, sj(4000.0, roughness), 1e-9, "turbulent end");
        // Slopes by differences.
        for re in [2100.0, 3000.0, 3900.0, 5000.0, 1e6] {
            let at = |re: f64| factor(re, roughness, sj);
            let slope =
                if re < 4000.0 { transition(re, roughness) } else { swamee_jain(re, roughness) };
            let step = re * 1e-5;
            close(slope.1, (at(re + step) - at(re - step)) / (2.0 * step), 1e-4, "slope");
        }
    }
    assert_eq!(factor(0.0, 1e-3, colebrook), 0.0);
    close(factor(1000.0, 1e-3, colebrook), 0.064, 1e-15, "Hagen-Poiseuille");
}
