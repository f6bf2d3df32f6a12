//! The sweep on a graphics card: a device of its own, tables of rows, batches and modes in,
//! the best of each bin out; nothing is sent for single configurations. It must not know
//! what the rows mean, nor who runs the sweep when the card cannot.

use super::kernel::Mode;
use super::space::{BINS, Best, OCTAVES, Space};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

/// The shader; `kernel.rs` holds the same lines.
const SHADER: &str = include_str!("sweep.wgsl");
/// Invocations of a workgroup, as the shader declares them.
const WORKGROUP: u32 = 64;
/// Workgroups in one line of a dispatch; lines make the second dimension, because one
/// dimension alone is too short for large sweeps.
const LINE: u32 = 1024;
/// Configurations of the first submission: few, because drivers may compile at first use
/// and nothing is known of the card.
const FIRST_CHUNK: u32 = 1 << 12;
/// A submission grows at most so many times over the one before.
const GROWTH: f64 = 8.0;
/// What a submission should take. The window shares the card: above some 50 ms its frames
/// wait, and drivers end programs that hold the card for seconds.
const AIM: Duration = Duration::from_millis(20);
/// A card that says nothing for so long is lost.
const PATIENCE: Duration = Duration::from_secs(20);
/// Running indices stay below, so that the last line of a dispatch cannot wrap around.
const MOST: usize = 1 << 31;

/// Which adapters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Real,
    /// A rasteriser on the CPU: it proves answers, not speed.
    Software,
}

/// Why the card did not answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    #[error("no graphics card found")]
    NoAdapter,
    #[error("{0} is software and slower than the program's own path")]
    OnlySoftware(String),
    #[error("{0}")]
    Device(String),
    /// The card works, but not for this sweep.
    #[error("the tables of this sweep need {0} and the card takes {1}")]
    TooLarge(String, String),
}

/// A card with its compiled shader.
pub struct Gpu {
    pub adapter: String,
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    errors: Errors,
    /// Configurations of the next submission.
    chunk: u32,
    /// Nothing has run yet.
    cold: bool,
    /// The longest submission so far, without the first, in which drivers compile.
    pub longest: Duration,
}

/// What the driver complained of since the last look.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<String>>>);

impl Errors {
    fn push(&self, text: &str) {
        // One line: drivers write paragraphs.
        let words: Vec<&str> = text.split_whitespace().collect();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(words.join(" "));
    }

    fn check(&self) -> Result<(), Fault> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = all.first().cloned();
        all.clear();
        first.map_or(Ok(()), |text| Err(Fault::Device(text)))
    }
}

/// Turns a panic of the driver layer into a fault: waiting on a lost device may end so.
fn guarded<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
        Err(Fault::Device(text.trim().to_owned()))
    })
}

impl Gpu {
    /// Opens the best adapter of a kind.
    ///
    /// # Errors
    /// There is none, it lacks the default limits, or it refuses the shader.
    pub fn open(kind: Kind) -> Result<Self, Fault> {
        guarded(|| Self::with_shader(kind, SHADER))
    }

    fn with_shader(kind: Kind, shader: &str) -> Result<Self, Fault> {
        let adapter = find(kind)?;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("throughput estimator"),
            required_features: wgpu::Features::empty(),
            required_limits: wgpu::Limits::defaults(),
            ..Default::default()
        };
        let opened = pollster::block_on(adapter.request_device(&descriptor));
        let (device, queue) = opened.map_err(|e| Fault::Device(e.to_string()))?;
        let errors = Errors::default();
        let sink = errors.clone();
        device.on_uncaptured_error(Arc::new(move |e: wgpu::Error| sink.push(&e.to_string())));
        let sink = errors.clone();
        device.set_device_lost_callback(move |reason, text| {
            sink.push(&format!("the device was lost ({reason:?}) {text}"));
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("sweep"),
            source: wgpu::ShaderSource::Wgsl(shader.into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some("sweep"),
            layout: None,
            module: &module,
            entry_point: Some("sweep"),
            compilation_options: Default::default(),
            cache: None,
        });
        errors.check()?;
        let adapter = adapter.get_info().name;
        let (chunk, cold, longest) = (FIRST_CHUNK, true, Duration::ZERO);
        Ok(Self { adapter, device, queue, pipeline, errors, chunk, cold, longest })
    }

    /// The best configuration of each group and bin.
    ///
    /// # Errors
    /// The tables do not fit, or the device failed; then it is of no further use.
    pub fn sweep(&mut self, space: &Space) -> Result<Best, Fault> {
        self.fits(space)?;
        guarded(|| {
            // What happened since the last sweep; a lost device is told only when asked.
            let _ = self.device.poll(wgpu::PollType::Poll);
            self.errors.check()?;
            let tables = Tables::new(self, space);
            self.errors.check()?;
            for pass in 0..2 {
                self.pass(space, &tables, pass)?;
            }
            self.read(&tables)
        })
    }

    /// Ends the device, as a driver update or an unplugged card does.
    #[cfg(test)]
    pub fn lose(&self) {
        self.device.destroy();
    }

    fn fits(&self, space: &Space) -> Result<(), Fault> {
        if space.len() >= MOST {
            let need = format!("{} configurations", space.len());
            return Err(Fault::TooLarge(need, format!("{MOST}")));
        }
        let limits = self.device.limits();
        let most = limits.max_storage_buffer_binding_size.min(limits.max_buffer_size);
        let largest = size_of_val(space.narrow.as_slice())
            .max(space.groups.len() * BINS * 4)
            .max(size_of_val(space.batches.as_slice()));
        if largest as u64 > most {
            return Err(Fault::TooLarge(format!("{largest} bytes"), format!("{most}")));
        }
        Ok(())
    }

    /// All configurations once, in submissions that the window does not notice.
    fn pass(&mut self, space: &Space, tables: &Tables, pass: u32) -> Result<(), Fault> {
        // cannot wrap: `fits` has compared it with MOST
        let all = space.len() as u32;
        let mut first = 0;
        while first < all {
            let count = self.chunk.min(all - first);
            let task = Task { first, end: first + count, pass, ..tables.task };
            let began = Instant::now();
            self.queue.write_buffer(&tables.uniform, 0, bytemuck::bytes_of(&task));
            self.submit(tables, count)?;
            self.measured(began.elapsed(), count);
            first += count;
        }
        Ok(())
    }

    fn submit(&self, tables: &Tables, count: u32) -> Result<(), Fault> {
        let mut encoder = self.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &tables.group, &[]);
            let groups = count.div_ceil(WORKGROUP);
            pass.dispatch_workgroups(groups.min(LINE), groups.div_ceil(LINE), 1);
        }
        self.queue.submit([encoder.finish()]);
        self.wait()
    }

    fn wait(&self) -> Result<(), Fault> {
        // An error means that nothing was submitted that could be waited for.
        self.errors.check()?;
        let wait = wgpu::PollType::Wait { submission_index: None, timeout: Some(PATIENCE) };
        let waited = self.device.poll(wait).map_err(|e| Fault::Device(e.to_string()));
        self.errors.check()?;
        waited.map(|_| ())
    }

    /// Sizes the next submission by the last.
    fn measured(&mut self, took: Duration, count: u32) {
        if std::mem::take(&mut self.cold) {
            return;
        }
        self.longest = self.longest.max(took);
        let factor = AIM.as_secs_f64() / took.as_secs_f64().max(1e-9);
        // The rest of a pass says little: it may be a handful.
        if count < self.chunk && factor > 1.0 {
            return;
        }
        let next = f64::from(count) * factor.min(GROWTH);
        self.chunk = (next as u32).clamp(FIRST_CHUNK, WORKGROUP * LINE * 4096);
    }

    fn read(&self, tables: &Tables) -> Result<Best, Fault> {
        let bytes = tables.scores.size();
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("answer"),
            size: bytes * 2,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(&tables.scores, 0, &staging, 0, bytes);
        encoder.copy_buffer_to_buffer(&tables.indices, 0, &staging, bytes, bytes);
        self.queue.submit([encoder.finish()]);
        self.errors.check()?;
        let (tell, told) = mpsc::sync_channel(1);
        staging.slice(..).map_async(wgpu::MapMode::Read, move |result| {
            let _ = tell.try_send(result);
        });
        self.wait()?;
        let lost = |text: String| Fault::Device(text);
        let mapped = told.try_recv().map_err(|_| lost("the answer did not arrive".into()))?;
        mapped.map_err(|e| lost(e.to_string()))?;
        let view = staging.slice(..).get_mapped_range().map_err(|e| lost(e.to_string()))?;
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&view);
        let (scores, indices) = words.split_at(words.len() / 2);
        Ok(Best {
            score: scores.iter().map(|bits| f32::from_bits(*bits)).collect(),
            index: indices.to_vec(),
        })
    }
}

/// The adapter to use.
fn find(kind: Kind) -> Result<wgpu::Adapter, Fault> {
    let backends = wgpu::Backends::VULKAN | wgpu::Backends::METAL | wgpu::Backends::DX12;
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends,
        flags: wgpu::InstanceFlags::empty(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let all = pollster::block_on(instance.enumerate_adapters(backends));
    let rank = |a: &wgpu::Adapter| match a.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    };
    let right = |a: &wgpu::Adapter| (rank(a) == 4) == (kind == Kind::Software) && rank(a) != 3;
    let software = all.iter().find(|a| rank(a) == 4).map(|a| a.get_info().name);
    let best = all.into_iter().filter(right).min_by_key(rank);
    best.ok_or(match (kind, software) {
        (Kind::Real, Some(name)) => Fault::OnlySoftware(name),
        _ => Fault::NoAdapter,
    })
}

/// What one submission does; the order is that of the shader's `Task`.
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
struct Task {
    first: u32,
    end: u32,
    line: u32,
    pass: u32,
    modes: u32,
    batches: u32,
    bins: u32,
    bins_per_octave: f32,
    ttft_limit_us: f32,
}

/// The buffers of one sweep.
struct Tables {
    task: Task,
    uniform: wgpu::Buffer,
    scores: wgpu::Buffer,
    indices: wgpu::Buffer,
    group: wgpu::BindGroup,
}

impl Tables {
    fn new(gpu: &Gpu, space: &Space) -> Self {
        let storage = wgpu::BufferUsages::STORAGE;
        let kept = storage | wgpu::BufferUsages::COPY_SRC;
        // Filled through the queue: buffers that are mapped at creation panic on a lost device.
        let buffer = |contents: &[u8], usage| {
            let buffer = gpu.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: contents.len() as u64,
                usage: usage | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            gpu.queue.write_buffer(&buffer, 0, contents);
            buffer
        };
        let slots = space.groups.len() * BINS;
        // No infinity: shaders may assume that there is none.
        let rows = space.narrow.iter().flat_map(|r| r.to_array().map(|v| v.min(f32::MAX)));
        let rows: Vec<f32> = rows.collect();
        let groups: Vec<u32> = space.tags.iter().map(|t| t.group).collect();
        let modes: Vec<u32> = space.modes.iter().map(bits).collect();
        let task = Task {
            first: 0,
            end: 0,
            line: WORKGROUP * LINE,
            pass: 0,
            modes: modes.len() as u32,
            batches: space.batches.len() as u32,
            bins: BINS as u32,
            bins_per_octave: BINS as f32 / OCTAVES,
            ttft_limit_us: space.ttft_limit_us.min(f32::MAX),
        };
        let uniform = buffer(bytemuck::bytes_of(&task), wgpu::BufferUsages::UNIFORM);
        let scores = buffer(bytemuck::cast_slice(&vec![0u32; slots]), kept);
        let indices = buffer(bytemuck::cast_slice(&vec![u32::MAX; slots]), kept);
        let tables = [
            buffer(bytemuck::cast_slice(&rows), storage),
            buffer(bytemuck::cast_slice(&groups), storage),
            buffer(bytemuck::cast_slice(&modes), storage),
            buffer(bytemuck::cast_slice(&space.batches), storage),
        ];
        let [rows, groups, modes, batches] = &tables;
        let all = [&uniform, rows, groups, modes, batches, &scores, &indices];
        let entries: Vec<wgpu::BindGroupEntry> = (0..)
            .zip(all)
            .map(|(binding, b)| wgpu::BindGroupEntry { binding, resource: b.as_entire_binding() })
            .collect();
        let group = gpu.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("sweep"),
            layout: &gpu.pipeline.get_bind_group_layout(0),
            entries: &entries,
        });
        Self { task, uniform, scores, indices, group }
    }
}

fn bits(mode: &Mode) -> u32 {
    u32::from(mode.split) | u32::from(mode.speculative) << 1
}

#[cfg(test)]
mod tests;
