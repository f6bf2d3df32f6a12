//! Tables: what the design rules print, then the edges between units.

use super::*;

fn usd(value: f64) -> Money {
    Money::usd(value)
}

#[test]
fn money_reads_as_the_design_rules_print_it() {
    for (value, text) in [
        (42.10e9, "$42.10 B"),
        (17.7e6, "$17.7 M"),
        (7.8e6, "$7.80 M"),
        (0.99, "$0.99"),
        (31_500.0, "$31,500"),
        (999_999.0, "$999,999"),
        (1_250.4, "$1,250"),
        (45.0, "$45.00"),
        (0.0, "$0"),
        (-0.0, "$0"),
        (0.004, "<$0.01"),
        (0.0051, "$0.01"),
        (-0.004, "−<$0.01"),
        (-17.7e6, "−$17.7 M"),
        (1.234e12, "$1,234.00 B"),
        (f64::NAN, "unknown"),
        (f64::INFINITY, "unlimited"),
    ] {
        assert_eq!(money(usd(value)), text, "{value}");
    }
}

#[test]
fn rounding_never_leaves_a_number_in_the_smaller_unit() {
    assert_eq!(money(usd(999_999.6)), "$1.00 M");
    assert_eq!(money(usd(999.96e6)), "$1.00 B");
    assert_eq!(money(usd(999.94e6)), "$999.9 M");
    assert_eq!(money(usd(9.996e6)), "$10.0 M");
    assert_eq!(money(usd(999.996)), "$1,000");
    assert_eq!(power(Power::mw(0.99999)), "1.0 MW");
    assert_eq!(token_rate(TokenRate::per_s(999.97e6)), "1.00 G/s");
    assert_eq!(seconds(0.9996), "1.0 s");
    assert_eq!(seconds(59.97), "1 min");
    assert_eq!(seconds(3_599.7), "1 h");
}

#[test]
fn changes_carry_a_sign_and_nothing_else_does() {
    assert_eq!(money_change(usd(17.7e6)), "+$17.7 M");
    assert_eq!(money_change(usd(-17.7e6)), "−$17.7 M");
    assert_eq!(money_change(usd(0.0)), "$0");
    assert_eq!(money_change_per_year(usd(17.7e6)), "+$17.7 M/yr");
    assert_eq!(money_per_year(usd(42.1e9)), "$42.10 B/yr");
    assert_eq!(share_change(0.28), "+28.0 pt");
    assert_eq!(share_change(-0.005), "−0.5 pt");
    assert_eq!(power_change(Power::mw(21.1)), "+21.1 MW");
    assert_eq!(token_rate_change(TokenRate::millions_per_s(-12.3)), "−12.3 M/s");
    assert_eq!(marginal(usd(17.7e6), Some(21.1), "MW"), "+$17.7 M to +21.1 MW");
    assert_eq!(marginal(usd(-17.7e6), Some(-21.1), "MW"), "−$17.7 M to −21.1 MW");
    assert_eq!(marginal(usd(0.0), None, "MW"), "$0");
    assert_eq!(marginal(usd(1e6), Some(f64::INFINITY), "racks"), "+$1.00 M, any amount");
    assert_eq!(amount_change(1_200.0, "racks"), "+1,200 racks");
}

#[test]
fn estimates_have_one_digit_less() {
    assert_eq!(money_preview(usd(42.17e9)), "≈ $42.2 B");
    assert_eq!(money_preview_per_year(usd(42.17e9)), "≈ $42.2 B/yr");
    assert_eq!(money_preview(usd(17.74e6)), "≈ $18 M");
    assert_eq!(power_preview(Power::mw(999.9)), "≈ 1,000 MW");
    assert_eq!(token_rate_preview(TokenRate::per_s(511.8e6)), "≈ 512 M/s");
}

#[test]
fn power_energy_and_electricity_read_as_printed() {
    for (mw, text) in [
        (999.9, "999.9 MW"),
        (1000.0, "1,000.0 MW"),
        (0.24, "240 kW"),
        (0.1512, "151.2 kW"),
        (0.00005, "50 W"),
        (1e-9, "<1 W"),
        (0.0, "0 MW"),
        (-20.0, "−20.0 MW"),
    ] {
        assert_eq!(power(Power::mw(mw)), text);
    }
    assert_eq!(power_fine(Power::mw(3.84)), "3.840 MW");
    assert_eq!(power_fine(Power::kw(240.0)), "240.0 kW");
    assert_eq!(energy(Energy::mwh(834.5)), "834.5 MWh");
    assert_eq!(energy(Energy::mwh(8.76e6)), "8,760 GWh");
    assert_eq!(apparent_mva(255.6), "255.6 MVA");
    assert_eq!(current_a(1_707.0), "1,707 A");
    assert_eq!(voltage_kv(34.5), "34.5 kV");
    assert_eq!(voltage_kv(0.48), "480 V");
    assert_eq!(energy_price(62.0), "62 $/MWh");
}

#[test]
fn tokens_prices_shares_and_ratios_read_as_printed() {
    assert_eq!(token_rate(TokenRate::per_s(511.8e6)), "511.8 M/s");
    assert_eq!(token_rate(TokenRate::per_s(1.54e9)), "1.54 G/s");
    assert_eq!(token_rate(TokenRate::per_s(31_500.0)), "31,500 tok/s");
    assert_eq!(token_rate(TokenRate::ZERO), "0 tok/s");
    assert_eq!(tokens_a_year(TokenRate::per_s(511.8e6)), "16.1 quadrillion a year");
    assert_eq!(price(TokenPrice::usd_per_mtok(45.0)), "$45 per M");
    assert_eq!(price(TokenPrice::usd_per_mtok(1.2)), "$1.20 per M");
    assert_eq!(price(TokenPrice::usd_per_mtok(0.0045)), "$0.0045 per M");
    assert_eq!(share(0.758), "75.8 %");
    assert_eq!(share(0.0001), "<0.1 %");
    assert_eq!(share(0.0), "0.0 %");
    assert_eq!(ratio(2.43), "× 2.43");
    assert_eq!(ratio(24.31), "× 24.3");
    assert_eq!(count(3_128.0), "3,128");
    assert_eq!(speed(TokenRate::per_s(60.0)), "60 tok/s");
}

#[test]
fn tables_alone_use_brackets_and_dashes() {
    assert_eq!(table_cell(-5.17, 2), "(5.17)");
    assert_eq!(table_cell(0.0, 2), "–");
    assert_eq!(table_cell(1_234.5, 1), "1,234.5");
    assert_eq!(fixed(-5.17, 2), "−5.17");
    assert_eq!(fixed(-0.001, 2), "0.00");
    assert_eq!(known(None, money), "unknown");
    assert_eq!(known(Some(usd(1.0)), money), "$1.00");
    assert_eq!(or_dash(None, share), "–");
}

#[test]
fn measures_follow_the_system_of_units() {
    assert_eq!(temperature(Celsius::c(35.0), System::Metric), "35.0 °C");
    assert_eq!(temperature(Celsius::c(35.0), System::Us), "95.0 °F");
    assert_eq!(flow(Flow::lpm(1_250.0), System::Metric), "1,250 L/min");
    assert_eq!(flow(Flow::lpm(1_250.0), System::Us), "330.2 gpm");
    assert_eq!(mass(Mass::kg(1_360.0), System::Metric), "1,360 kg");
    assert_eq!(mass(Mass::kg(13_600.0), System::Metric), "13.6 t");
    assert_eq!(mass(Mass::kg(1_360.0), System::Us), "2,998 lb");
    assert_eq!(length(Length::m(12.4), System::Metric), "12.4 m");
    assert_eq!(length(Length::m(1_240.0), System::Metric), "1.24 km");
    assert_eq!(length(Length::m(12.4), System::Us), "40.7 ft");
    assert_eq!(seconds(0.142), "142 ms");
    assert_eq!(seconds(2.34), "2.3 s");
    assert_eq!(seconds(250.0), "4 min 10 s");
    assert_eq!(seconds(7_500.0), "2 h 5 min");
    assert_eq!(seconds(100.0 * 3_600.0), "4 d 4 h");
    assert_eq!(seconds(0.0), "0 s");
}

#[test]
fn field_names_give_units_and_labels() {
    for (field, unit, label) in [
        ("grid_contract_mw", "MW", "Grid contract"),
        ("capacity_mw", "MW", "Capacity"),
        ("nodes.sub-a.capacity_mw", "MW", "Capacity"),
        ("price_usd", "$", "Price"),
        ("price_usd_per_mtok", "$ per M", "Price"),
        ("energy_usd_per_mwh", "$/MWh", "Energy price"),
        ("volume_tok_s", "tok/s", "Volume"),
        ("min_tok_s_user", "tok/s per user", "Least speed per user"),
        ("billable_frac", "%", "Billable"),
        ("policy.shares.high", "%", "High"),
        ("pue_worst", "", "PUE worst"),
        ("max_ttft_ms", "ms", "Longest TTFT"),
        ("ttft_ms", "ms", "TTFT"),
        ("context_tokens", "tokens", "Context"),
        ("scale_up_gpus", "GPUs", "GPUs in one NVLink domain"),
        ("supply_c", "°C", "Supply temperature"),
        ("flow_lpm", "L/min", "Flow"),
        ("kw", "kW", "Power"),
        ("rack_life_years", "years", "Rack life"),
        ("floor_kg_m2", "kg/m²", "Floor load"),
        ("name", "", "Name"),
        ("tariff", "", "Tariff"),
        ("racks_per_line", "", "Racks per line"),
        ("energy_mwh", "MWh", "Energy"),
    ] {
        assert_eq!(unit_of_field(field).label, unit, "{field}");
        assert_eq!(label_of_field(field), label, "{field}");
    }
    assert_eq!(unit_of_field("grid_contract_mw").show(1_020.0), "1,020 MW");
    assert_eq!(unit_of_field("price_usd").show(7.8e6), "$7.80 M");
    assert_eq!(unit_of_field("policy.shares.high").show(0.25), "25 %");
    assert_eq!(unit_of_field("price_usd_per_mtok").show(6.0), "$6 per M");
    assert_eq!(unit_of_field("count").show(16.0), "16");
    assert_eq!(unit_of_field("supply_c").show_in(45.0, System::Us), "113.0 °F");
}

#[test]
fn numbers_are_read_with_groups_units_and_arithmetic() {
    for (text, unit, value) in [
        ("1,020", "mw", 1_020.0),
        (" 1,234,567.5 ", "", 1_234_567.5),
        ("2.5 MW", "kw", 2_500.0),
        ("2.5MW", "_kw", 2_500.0),
        ("2.5 mw", "kw", 2_500.0),
        ("240 kW", "mw", 0.24),
        ("16*8", "", 128.0),
        ("16 × 240 kW", "mw", 3.84),
        ("1000+20", "mw", 1_020.0),
        ("1000+20 MW", "kw", 1_020_000.0),
        ("1 GW - 20 MW", "mw", 980.0),
        ("(1000+20)/2", "mw", 510.0),
        ("(1+2) MW", "kw", 3_000.0),
        ("-3 - -5", "", 2.0),
        ("−3", "", -3.0),
        ("2+3*4", "", 14.0),
        ("10/4/5", "", 0.5),
        ("60 %", "frac", 0.6),
        ("60", "frac", 0.6),
        ("$42.1 B", "usd", 42.1e9),
        ("7.8 M", "usd", 7.8e6),
        ("$7.8M", "usd", 7.8e6),
        ("31,500", "usd", 31_500.0),
        ("$45 per M", "usd_per_mtok", 45.0),
        ("45 $", "usd_per_mtok", 45.0),
        ("62 $/MWh", "usd_per_mwh", 62.0),
        ("$0.062/kWh", "usd_per_mwh", 62.0),
        ("60 M/s", "tok_s", 60e6),
        ("1.2 G/s", "tok_s", 1.2e9),
        ("95 °F", "c", 35.0),
        ("45 °C", "c", 45.0),
        ("330 gpm", "lpm", 330.0 * 3.785_411_784),
        ("480 V", "kv", 0.48),
        ("2 s", "ms", 2_000.0),
        ("1e3", "mw", 1_000.0),
        ("1 GW / 250 MW", "", f64::NAN),
        ("128 k", "tokens", 128_000.0),
        ("10 ft", "m", 3.048),
    ] {
        let read = parse_number(text, unit);
        if value.is_nan() {
            assert!(read.is_err(), "{text}");
            continue;
        }
        let read = read.unwrap_or_else(|e| panic!("{text}: {e}"));
        assert!((read - value).abs() <= 1e-12 * value.abs(), "{text}: {read}, not {value}");
    }
}

#[test]
fn mistyped_numbers_are_refused_with_the_place() {
    let error =
        |text: &str, unit: &str| parse_number(text, unit).expect_err("not a number").to_string();
    assert_eq!(error("", "mw"), "a number is missing");
    assert_eq!(error("12x", "mw"), "\"x\" is not a unit of this field, which counts in MW");
    assert_eq!(error("2.5 MW", "usd"), "\"MW\" is not a unit of this field, which counts in $");
    assert_eq!(error("5 kg", ""), "\"kg\" is not a unit of this field, it has none");
    assert!(matches!(parse_number("1,02", "mw"), Err(ParseError::Group { .. })));
    assert!(matches!(parse_number("1.020,5", "mw"), Err(ParseError::Group { .. })));
    assert!(matches!(parse_number("1.2.3", "mw"), Err(ParseError::Group { .. })));
    assert_eq!(error("hello", "mw"), "\"hello\" at character 1 is not part of a number");
    assert_eq!(error("3 + ?", "mw"), "\"?\" at character 5 is not part of a number");
    assert_eq!(parse_number("3 +", "mw"), Err(ParseError::EndsEarly));
    assert_eq!(parse_number("(3", "mw"), Err(ParseError::Bracket));
    assert_eq!(parse_number("3)", "mw"), Err(ParseError::Bracket));
    assert_eq!(parse_number("1/0", "mw"), Err(ParseError::DivisionByZero));
    assert_eq!(parse_number("2 MW * 3 MW", "mw"), Err(ParseError::UnitTwice));
    assert_eq!(parse_number("1e308*1e308", "mw"), Err(ParseError::TooLarge));
    assert!(parse_number(".", "mw").is_err());
    assert!(parse_number(&"(".repeat(100_000), "mw").is_err());
    assert!(parse_number("1 2", "mw").is_err());
}

#[test]
fn what_an_input_shows_is_read_back_as_the_same_value() {
    for field in
        ["grid_contract_mw", "billable_frac", "kw", "price_usd", "volume_tok_s", "supply_c"]
    {
        let unit = unit_of_field(field);
        for value in [0.0, 0.6, 1.0, 7.8, 240.0, 1_020.0, -12.5, 123_456.789, 7.8e6, 4.21e10] {
            let read = parse_number(&unit.edit_text(value), unit.suffix);
            let read = read.unwrap_or_else(|e| panic!("{field} {value}: {e}"));
            assert!((read - value).abs() <= 1e-11 * value.abs(), "{field}: {read}, not {value}");
        }
    }
}

#[test]
fn means_of_counts_have_a_tenth_while_it_tells() {
    assert_eq!(mean_count(2.34), "2.3");
    assert_eq!(mean_count(9.97), "10");
    assert_eq!(mean_count(5919.46), "5,919");
}
