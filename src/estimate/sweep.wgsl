// One invocation is one configuration: row x mode x batch, found from a running index.
// `step`, `score` and `first_token` hold the lines of kernel.rs, in f32.
//
// The same entry point runs twice, so that both passes compute the same bits: first each
// bin keeps the highest score, then the lowest index that has it.

struct Row {
    gpus: f32,
    stages: f32,
    fixed: f32,
    weights: f32,
    experts: f32,
    route: f32,
    shape: f32,
    gemm: f32,
    cache: f32,
    attention: f32,
    ranks: f32,
    network: f32,
    imbalance: f32,
    draft: f32,
    drafted: f32,
    accepted: f32,
    prefill: f32,
    pool_prefill: f32,
    pool_gpus: f32,
    transfer: f32,
    capacity: f32,
    osl: f32,
    interference: f32,
    pool_use: f32,
    first_base: f32,
    first_prefill: f32,
    first_queue: f32,
    first_steps: f32,
    power_base: f32,
    power_load: f32,
    power_exponent: f32,
    spare: f32,
}

struct Task {
    // Indices of this submission, and invocations in one line of the dispatch.
    first: u32,
    end: u32,
    line: u32,
    // 0 keeps scores, 1 keeps indices.
    pass_number: u32,
    modes: u32,
    batches: u32,
    bins: u32,
    bins_per_octave: f32,
    ttft_limit_us: f32,
}

struct Score {
    tpot_us: f32,
    ttft_us: f32,
    tok_s_gpu: f32,
}

// Bits of a mode.
const SPLIT = 1u;
const SPECULATIVE = 2u;
// Highest use of a queue that still has a mean wait.
const FULLEST = 0.95;
// Bits of infinity: those of every finite positive number lie below.
const INFINITE = 0x7f800000u;

@group(0) @binding(0) var<uniform> task: Task;
@group(0) @binding(1) var<storage, read> rows: array<Row>;
@group(0) @binding(2) var<storage, read> groups: array<u32>;
@group(0) @binding(3) var<storage, read> modes: array<u32>;
@group(0) @binding(4) var<storage, read> batches: array<f32>;
// Bits of the highest score of each group and bin: of positive numbers they order alike.
@group(0) @binding(5) var<storage, read_write> scores: array<atomic<u32>>;
@group(0) @binding(6) var<storage, read_write> indices: array<atomic<u32>>;

fn score(row: Row, batch: f32, mode: u32) -> Score {
    let split = (mode & SPLIT) != 0u;
    let speculative = (mode & SPECULATIVE) != 0u;
    // E8 to E11: one decode step.
    let drafted = select(1.0, row.drafted, speculative);
    let sequences = batch / row.stages;
    let tokens = sequences * drafted;
    let hit = 1.0 - exp2(-row.shape * log2(1.0 + row.route * tokens));
    let gemm = max(row.weights + row.experts * hit, row.gemm * tokens);
    let local = max(sequences / row.ranks, 1.0);
    let attention = max(local * row.cache, local * drafted * row.attention);
    let busy_us = row.imbalance * (gemm + attention);
    let draft = select(1.0, row.draft, speculative);
    let step_us = (row.fixed + tokens * row.network + busy_us) * draft;
    // E12 to E14: speed and throughput.
    let own = select(step_us, step_us / row.accepted, speculative);
    let share_us = select(row.interference * batch * row.prefill / row.osl, 0.0, split);
    let tpot_us = own + share_us;
    let rate = batch / tpot_us;
    let prefill_gpus =
        select(0.0, rate / row.osl * row.pool_prefill * row.pool_gpus / row.pool_use, split);
    return Score(
        tpot_us,
        first_token(row, select(share_us / tpot_us, row.pool_use, split), step_us, split),
        rate * 1e6 / (row.gpus + prefill_gpus),
    );
}

// E15, E16.
fn first_token(row: Row, used: f32, step_us: f32, split: bool) -> f32 {
    let settled = row.first_base + row.first_steps * step_us;
    let work = select(row.prefill, row.pool_prefill, split);
    let on_top = select(0.0, row.transfer, split);
    let held = min(used, FULLEST);
    let queue = row.first_queue * held / (2.0 * (1.0 - held));
    return settled + on_top + work * (row.first_prefill + queue);
}

@compute @workgroup_size(64)
fn sweep(@builtin(global_invocation_id) id: vec3<u32>) {
    let index = task.first + id.y * task.line + id.x;
    if index >= task.end {
        return;
    }
    let at_row = index / (task.modes * task.batches);
    let rest = index % (task.modes * task.batches);
    let mode = modes[rest / task.batches];
    let batch = batches[rest % task.batches];
    if batch > rows[at_row].capacity {
        return;
    }
    let answer = score(rows[at_row], batch, mode);
    let bits = bitcast<u32>(answer.tok_s_gpu);
    if answer.ttft_us > task.ttft_limit_us || bits == 0u || bits >= INFINITE {
        return;
    }
    let tok_s_user = max(1e6 / answer.tpot_us, 1.0);
    let bin = min(u32(log2(tok_s_user) * task.bins_per_octave), task.bins - 1u);
    let slot = groups[at_row] * task.bins + bin;
    if task.pass_number == 0u {
        // Most scores are not the highest: a look spares the bus.
        if bits > atomicLoad(&scores[slot]) {
            atomicMax(&scores[slot], bits);
        }
    } else if bits == atomicLoad(&scores[slot]) {
        atomicMin(&indices[slot], index);
    }
}
