//! What planners call the fields of records, and the words that stand for kinds of things. It must
//! not know which records there are.

use super::field::stem_of_field;
use crate::units::words::{lower_first, upper_first};

/// Labels that the name alone would get wrong.
const LABELS: &[(&str, &str)] = &[
    ("kw", "Power"),
    ("mw", "Power"),
    ("usd_per_gpu_h", "Price per GPU-hour"),
    ("min_tok_s_user", "Least speed per user"),
    ("tok_s_user", "Speed per user"),
    ("tok_s_per_mw", "Throughput per MW"),
    ("tok_s_per_gpu", "Throughput per GPU"),
    ("tokens_per_s", "Tokens"),
    ("max_ttft_ms", "Longest TTFT"),
    ("isl_tokens", "Input length"),
    ("osl_tokens", "Output length"),
    ("cached_usd_per_mtok", "Price of cached input"),
    ("input_usd_per_mtok", "Price of input"),
    ("variable_usd_per_mtok", "Variable cost"),
    ("usd_per_task", "Price per task"),
    ("tokens_per_task", "Tokens per task"),
    ("demand_usd_per_mw_month", "Demand charge"),
    ("floor_kg_m2", "Floor load"),
    ("coolant_supply_max_c", "Warmest coolant supply"),
    ("coolant_lpm_per_kw", "Coolant flow"),
    ("fiscal_year_end_month", "Last month of the fiscal year"),
    ("from_month", "From month"),
    ("optics_w_per_gpu", "Optics power"),
    ("max_context_tokens", "Longest context"),
    ("all_in_kw", "All-in power"),
    ("site_capex_usd_per_mw", "Site capex"),
    ("fixed_opex_usd_per_mw_year", "Fixed opex"),
    ("it_mw", "IT power"),
    ("grid_mw", "Grid power"),
    ("firm_mw", "Firm capacity"),
    ("fault_mva", "Fault level"),
    ("capacitor_mvar", "Capacitors"),
    ("fault_ka", "Short-circuit rating"),
    ("conditional_mw", "Conditional capacity"),
    ("gpus", "GPUs"),
    ("max_racks", "Most racks"),
    ("min", "Least racks"),
    ("max", "Most racks"),
    ("at", "Position"),
    // Racks and their chips.
    ("short", "Short name"),
    ("aliases", "Also called"),
    ("scale_up_gpus", "GPUs in one NVLink domain"),
    ("drawn_frac", "Drawn of it"),
    ("installed_kw", "Installed supply"),
    ("peak_kw", "Peak power"),
    ("idle_kw", "Idle power"),
    ("inference_frac", "Inference goodput"),
    ("training_frac", "Training goodput"),
    ("liquid_frac", "Heat into liquid"),
    ("pair_ratio", "Racks to each paired rack"),
    ("hbm_gb", "HBM"),
    ("hbm_usable_gb", "HBM that is usable"),
    ("hbm_tb_s", "HBM bandwidth"),
    ("fp4_tflops", "FP4 throughput"),
    ("fp8_tflops", "FP8 throughput"),
    ("bf16_tflops", "BF16 throughput"),
    ("scale_up_tb_s", "NVLink bandwidth"),
    ("scale_out_gbit_s", "Network bandwidth"),
    ("tdp_w", "Thermal design power"),
    ("message_us", "Time of a message"),
    ("NotOrderable", "Why it cannot be ordered"),
    ("of", "Serves beside"),
    ("cap", "Power cap"),
    // Models.
    ("total_params_b", "Parameters"),
    ("active_params_b", "Parameters in use per token"),
    ("hopper", "On Hopper"),
    ("blackwell", "On Blackwell and later"),
    ("hidden", "Hidden width"),
    ("vocab", "Vocabulary"),
    ("heads", "Attention heads"),
    ("kv_heads", "Key-value heads"),
    ("head_dim", "Head width"),
    ("window_tokens", "Attention window"),
    ("top_k", "Chosen at a time"),
    ("ffn", "Feed-forward width"),
    ("shared_ffn", "Width of the shared expert"),
    ("ffn_matrices", "Feed-forward matrices"),
    ("mtp_layers", "Layers that predict more tokens"),
    ("q_lora", "Rank of queries"),
    ("kv_lora", "Rank of keys and values"),
    ("nope", "Width without position"),
    ("rope", "Width with position"),
    ("index_dim", "Width of the indexer"),
    ("index_heads", "Heads of the indexer"),
    ("compress_tokens", "Tokens compressed into one"),
    ("params", "Parameters of a layer"),
    ("state_values", "Numbers of its state"),
    ("latent_width", "Width of the latent space"),
    // Curves, tiers, tariffs.
    ("tokens", "Tokens counted"),
    ("day_swing_frac", "Swing over the day"),
    ("price_frac", "Share of the price"),
    ("volume_tok_s_per_mw", "Volume per MW"),
    ("volume_gpus", "Volume"),
    ("penalty_usd_per_mtok", "Penalty per million tokens"),
    ("penalty_usd_per_gpu_h", "Penalty per GPU-hour"),
    ("energy_usd_per_mwh", "Energy price"),
    ("carbon_kg_per_mwh", "Carbon of the grid"),
    ("minimum_bill_usd_per_year", "Minimum bill"),
    ("curtailable_h_per_year", "Hours curtailed at most"),
    ("weight_h", "Hours a year"),
    ("clock_h", "Hour of the day"),
    ("day", "Kind of day"),
    ("month", "Energised in month"),
    // Equipment.
    ("rating_mva", "Rated power"),
    ("impedance_frac", "Short-circuit impedance"),
    ("xr_ratio", "Reactance to resistance, X/R"),
    ("tap_range_frac", "Range of the taps"),
    ("tap_step_frac", "Step of the taps"),
    ("emergency_long_ratio", "Long-time emergency rating"),
    ("emergency_long_h", "Time at the long-time rating"),
    ("emergency_short_ratio", "Short-time emergency rating"),
    ("emergency_short_min", "Time at the short-time rating"),
    ("failures_per_year", "Failures"),
    ("failures_per_km_year", "Failures by length"),
    ("repair_h", "Time to repair"),
    ("replace_frac", "Failures that need replacement"),
    ("spare_h", "Time to install a spare"),
    ("lead_weeks", "Delivery time"),
    ("usd_per_mva", "Price per rated power"),
    ("gap_m", "Clearance"),
    ("conductor_c", "Hottest conductor"),
    ("rated_ambient_c", "Ambient of the rating"),
    ("r_ohm_per_km", "Resistance"),
    ("x_ohm_per_km", "Reactance"),
    ("c_uf_per_km", "Capacitance"),
    ("continuous_frac", "Continuous of its rating"),
    ("pump_frac", "Pumps, of the heat"),
    ("approach_c", "Approach temperature"),
    ("fan_frac", "Fans, of the heat"),
    ("min_speed_frac", "Slowest fan speed"),
    ("trim_span_c", "Span of the trim chiller"),
    ("cop", "Coefficient of performance"),
    ("water_l_per_kwh", "Water evaporated"),
    ("cycles_ratio", "Cycles of concentration"),
    ("path_gain_frac", "Gain of the power path"),
    // Weather.
    ("warmest_c", "Warmest hour"),
    ("extreme_20y_c", "Warmest in 20 years"),
    ("extreme_c", "Design extreme"),
    ("drybulb_h", "Hours by dry bulb"),
    ("by_degree_h", "Hours by degree"),
    ("ambient_c", "Dry bulb"),
    ("wetbulb_c", "Wet bulb"),
    // The constants of the estimator.
    ("fit", "How it was fitted"),
    ("tpot_mean_frac", "Mean error of time per token"),
    ("tpot_median_frac", "Median error of time per token"),
    ("throughput_median_frac", "Median error of throughput"),
    ("ttft_median_frac", "Median error of time to first token"),
    ("step_us", "Least time of a step"),
    ("layer_us", "Time of a layer"),
    ("expert_layer_us", "Least time of a layer of experts"),
    ("latent_layer_us", "Least time of a latent layer"),
    ("sparse_layer_us", "Least time of a sparse layer"),
    ("linear_layer_us", "Least time of a linear layer"),
    ("reduce_us", "Least time of a reduction"),
    ("dispatch_us", "Least time of a dispatch"),
    ("scale_out_ratio", "Times across the network"),
    ("weights_frac", "Bandwidth for weights"),
    ("experts_frac", "Bandwidth for experts"),
    ("cache_frac", "Bandwidth for the cache"),
    ("gemm_frac", "Arithmetic of matrices"),
    ("attention_frac", "Arithmetic of attention"),
    ("prefill_frac", "Arithmetic of prefill"),
    ("reduce_frac", "Bandwidth of reductions"),
    ("dispatch_frac", "Bandwidth of dispatches"),
    ("long_message_ratio", "Gain of long messages"),
    ("memory_frac", "Memory in use"),
    ("prefill_use_frac", "Use of prefill"),
    ("prefill_worker_ratio", "Slowness of prefill workers"),
    ("prefill_weights_frac", "Weights read in prefill"),
    ("prefill_ratio", "Times of prefill"),
    ("steps_ratio", "Steps of decoding waited for"),
    ("handover_ms", "Handover to decoding"),
    ("wave_frac", "Share of a wave waited for"),
    ("draft_tokens", "Tokens drafted"),
    ("accepted_tokens", "Tokens accepted"),
    ("draft_layer_ratio", "Layers of the draft"),
    ("base_frac", "Power without load"),
    ("load_frac", "Power with load"),
    ("exponent_ratio", "Exponent of the load"),
    ("tpot_frac_per_month", "Gain of time per token"),
    ("first_token_ms", "Delay of the first token"),
    ("queue_ratio", "Times of queueing"),
    ("layer_ratio", "Times of a layer"),
    ("dispatch_ratio", "Times of a dispatch"),
    ("arithmetic_ratio", "Times of arithmetic"),
    ("weight_bytes", "Bytes of a weight"),
    ("cache_bytes", "Bytes in the cache"),
    ("attention_bytes", "Bytes in attention"),
    ("low_ratio", "Lower end"),
    ("high_ratio", "Upper end"),
    // Elements of a site.
    ("supply_c", "Supply temperature"),
    ("scheme", "Declared scheme"),
    ("from", "Fed from"),
    ("node_b", "Second power node"),
    ("node", "Power node"),
    ("cdus", "CDUs"),
    ("origin_deg", "Place on the globe"),
    ("keynote", "Of the keynote"),
    ("m_per_unit", "Metres to one unit"),
    ("discount_frac", "Discount rate"),
    ("height_m", "Height"),
    ("old", "Value before"),
];

/// Words that keep their capitals.
const ABBREVIATIONS: &[&str] = &[
    "AC", "API", "BF16", "CDU", "CDUs", "COP", "CPU", "DC", "EPW", "FP4", "FP8", "GPU", "GPUs",
    "HBM", "HVDC", "ID", "INT4", "IT", "LPX", "MIP", "MW", "NVL72", "NVLink", "PG25", "PUE", "TDP",
    "TPOT", "TTFT", "UPS", "WUE",
];

/// What a planner calls a field, from its name or its path: `grid_contract_mw`
/// is "Grid contract". Sentence case, unit left out.
pub fn label_of_field(path: &str) -> String {
    let name = path.rsplit('.').next().unwrap_or_default();
    match LABELS.iter().find(|(known, _)| *known == name) {
        Some((_, label)) => (*label).to_owned(),
        None => sentence(stem_of_field(name)),
    }
}

/// What people call one of several kinds: `MainTransformer` is "Main transformer", `Fp8` is
/// "FP8", `GridMwAssumed` is "Grid MW assumed".
pub fn words_of_kind(kind: &str) -> String {
    sentence(kind)
}

/// Snake, kebab or camel case to a sentence.
fn sentence(name: &str) -> String {
    let words = words(name).into_iter().enumerate().map(|(i, word)| {
        let abbreviation = ABBREVIATIONS.iter().find(|a| a.eq_ignore_ascii_case(&word));
        match (abbreviation, i) {
            (Some(abbreviation), _) => (*abbreviation).to_owned(),
            (None, 0) => upper_first(&word),
            (None, _) => lower_first(&word),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The words of a name; a capital behind a small letter begins one.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let parts = matches!(c, '_' | '-' | ' ');
        if parts || (c.is_uppercase() && before.is_lowercase()) {
            words.push(String::new());
        }
        if let (Some(word), false) = (words.last_mut(), parts) {
            word.push(c);
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}
