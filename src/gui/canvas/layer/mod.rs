//! Racks painted by the card from buffers that pan and zoom leave alone, and the triangles, boxes,
//! circles and dashes of a picture, which lie there as long as it is kept. Without a card that egui
//! paints with by wgpu, all of it is a mesh instead, which looks the same, and egui brings it to
//! the card in each frame. It must not know what the inks mean.

mod card;
mod instances;
mod pile;

pub use instances::SiteInstances;
pub(super) use pile::{Figure, Pile};

use crate::gui::canvas::paint;
use crate::scene::geom::View;
use crate::scene::plan::{PlanScene, RackView, lod};
use crate::scene::tokens::Palette;
use eframe::egui::{Id, PaintCallbackInfo, Rect, Shape};
use eframe::egui_wgpu::{
    Callback, CallbackResources, CallbackTrait, RenderState, ScreenDescriptor,
};
use eframe::wgpu;
use instances::{FILL_BYTES, HallInstances, Instances, SHAPE_BYTES};
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// That the card of a window can paint racks and piles.
#[derive(Clone, Copy, Debug)]
pub struct CardLayer(());

/// Zoom below which the racks of all halls are painted at once, points per metre.
const WHOLE_SCALE: f64 = 0.6;
/// Views of a hall lie so far apart in their buffer: every card takes such offsets.
const VIEW_STRIDE: usize = 256;
/// Bytes of one view.
const VIEW_BYTES: u64 = 32;

impl CardLayer {
    /// Makes what the card of a window needs; once for each window.
    pub fn install(state: &RenderState) -> Self {
        let card = Card::new(&state.device, state.target_format);
        let piles = card::PileCard::new(&state.device, state.target_format);
        let resources = &mut state.renderer.write().callback_resources;
        resources.insert(card);
        resources.insert(piles);
        Self(())
    }

    /// A pile of a canvas, by its place in the picture; `room` is the screen that it may cover.
    pub(super) fn pile(self, canvas: Id, at: usize, pile: &Arc<Pile>, room: Rect) -> Shape {
        card::shape((canvas, at), pile, room)
    }

    /// The racks of a scene in a view, as a shape of a canvas.
    pub(super) fn shape(
        self,
        canvas: Id,
        scene: &PlanScene,
        instances: &SiteInstances,
        (view, palette): (&View, &Palette),
    ) -> Shape {
        let visible = view.visible().grown(8.0 / view.scale);
        let halls = scene.halls.iter().zip(&instances.halls);
        let halls = halls.filter_map(|(hall, instances)| {
            let rows = match hall.rack_view(view, &visible) {
                RackView::Hidden => return None,
                RackView::Rows => true,
                RackView::Blocks => false,
            };
            Some((instances, rows))
        });
        let mut halls: Vec<(&Arc<HallInstances>, bool)> = halls.collect();
        if let [(_, rows), .., _] = halls.as_slice()
            && view.scale < WHOLE_SCALE
            && halls.iter().all(|(_, others)| others == rows)
        {
            halls = vec![(instances.whole(), *rows)];
        }
        let halls = halls.into_iter().map(|(instances, rows)| {
            let origin = view.to_screen(instances.origin);
            let origin = [origin.x as f32, origin.y as f32];
            HallPaint { instances: Arc::clone(instances), rows, origin }
        });
        let tray = paint::ink(lod::TRAY_INK, palette).to_array();
        let racks = RackPaint { canvas, halls: halls.collect(), scale: view.scale as f32, tray };
        let screen: Rect = paint::rect(&view.screen);
        Shape::Callback(Callback::new_paint_callback(screen, racks))
    }
}

/// A hall in a frame.
struct HallPaint {
    instances: Arc<HallInstances>,
    /// A row at a time, not a block.
    rows: bool,
    /// Of the hall on the screen, points.
    origin: [f32; 2],
}

impl HallPaint {
    fn shown(&self) -> &Instances {
        if self.rows { &self.instances.rows } else { &self.instances.blocks }
    }
}

/// A frame of one canvas.
struct RackPaint {
    canvas: Id,
    halls: Vec<HallPaint>,
    /// Points per metre.
    scale: f32,
    /// Ink of trays.
    tray: [u8; 4],
}

impl CallbackTrait for RackPaint {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(card) = resources.get_mut::<Card>() else { return Vec::new() };
        for hall in &self.halls {
            let shown = hall.shown();
            card.keep(device, queue, &shown.shapes);
            card.keep(device, queue, &shown.fills);
        }
        card.forget();
        let [width, height] = screen.size_in_pixels;
        let mut bytes = vec![0; self.halls.len() * VIEW_STRIDE];
        for (hall, at) in self.halls.iter().zip(bytes.chunks_exact_mut(VIEW_STRIDE)) {
            let [x, y] = hall.origin;
            let numbers = [x, y, self.scale, screen.pixels_per_point, width as f32, height as f32];
            let words = numbers.into_iter().map(f32::to_ne_bytes).chain([self.tray]);
            for (to, word) in at.chunks_exact_mut(4).zip(words) {
                to.copy_from_slice(&word);
            }
        }
        card.show(device, queue, self.canvas, &bytes);
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(card) = resources.get::<Card>() else { return };
        let Some(views) = card.views.get(&self.canvas) else { return };
        let [width, height] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        pass.set_pipeline(&card.pipeline);
        for (at, hall) in self.halls.iter().enumerate() {
            let shown = hall.shown();
            let buffers = (card.buffer(&shown.shapes), card.buffer(&shown.fills));
            let (Some(shapes), Some(fills)) = buffers else { continue };
            pass.set_bind_group(0, &views.group, &[(at * VIEW_STRIDE) as u32]);
            pass.set_vertex_buffer(0, shapes.slice(..));
            pass.set_vertex_buffer(1, fills.slice(..));
            pass.draw(0..4, 0..shown.count);
        }
    }
}

/// Bytes that lie on the card as long as somebody holds them here.
struct Kept {
    bytes: Weak<Vec<u8>>,
    buffer: wgpu::Buffer,
}

/// Where the halls of a canvas stand in its newest frame.
struct Views {
    buffer: wgpu::Buffer,
    group: wgpu::BindGroup,
    bytes: usize,
}

/// What lies on the card.
struct Card {
    pipeline: wgpu::RenderPipeline,
    layout: wgpu::BindGroupLayout,
    /// By the address of the bytes, which the weak pointer holds on to.
    kept: HashMap<usize, Kept>,
    views: HashMap<Id, Views>,
}

fn address(bytes: &Arc<Vec<u8>>) -> usize {
    Arc::as_ptr(bytes) as usize
}

impl Card {
    fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("gigasite racks"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: true,
                    min_binding_size: std::num::NonZeroU64::new(VIEW_BYTES),
                },
                count: None,
            }],
        });
        let shapes = wgpu::VertexBufferLayout {
            array_stride: SHAPE_BYTES as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![0 => Float32x4, 1 => Float32, 2 => Uint32x4],
        };
        let fills = wgpu::VertexBufferLayout {
            array_stride: FILL_BYTES as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![3 => Uint32x4],
        };
        let source = source();
        let how = ("gigasite racks", source.as_str(), wgpu::PrimitiveTopology::TriangleStrip);
        let pipeline = pipeline(device, (&layout, format), how, &[Some(shapes), Some(fills)]);
        Self { pipeline, layout, kept: HashMap::new(), views: HashMap::new() }
    }

    /// Brings bytes to the card that do not lie there yet.
    fn keep(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, bytes: &Arc<Vec<u8>>) {
        if bytes.is_empty() {
            return;
        }
        self.kept.entry(address(bytes)).or_insert_with(|| {
            let buffer = device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("gigasite racks"),
                size: bytes.len() as u64,
                usage: wgpu::BufferUsages::VERTEX | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            queue.write_buffer(&buffer, 0, bytes);
            Kept { bytes: Arc::downgrade(bytes), buffer }
        });
    }

    fn buffer(&self, bytes: &Arc<Vec<u8>>) -> Option<&wgpu::Buffer> {
        self.kept.get(&address(bytes)).map(|kept| &kept.buffer)
    }

    /// Frees what nobody holds any more.
    fn forget(&mut self) {
        self.kept.retain(|_, kept| kept.bytes.strong_count() > 0);
    }

    /// Brings the views of a canvas to the card.
    fn show(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, canvas: Id, bytes: &[u8]) {
        if bytes.is_empty() {
            return;
        }
        let fits = self.views.get(&canvas).is_some_and(|views| views.bytes >= bytes.len());
        if !fits {
            let size = bytes.len().next_power_of_two();
            let buffer = device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("gigasite rack views"),
                size: size as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            });
            let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("gigasite rack views"),
                layout: &self.layout,
                entries: &[wgpu::BindGroupEntry {
                    binding: 0,
                    resource: wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                        buffer: &buffer,
                        offset: 0,
                        size: std::num::NonZeroU64::new(VIEW_BYTES),
                    }),
                }],
            });
            self.views.insert(canvas, Views { buffer, group, bytes: size });
        }
        if let Some(views) = self.views.get(&canvas) {
            queue.write_buffer(&views.buffer, 0, bytes);
        }
    }
}

/// The shader, on the constants of the cells that it repeats.
fn source() -> String {
    let constants: [(&str, f64); 10] = [
        ("UNIT_RACKS", f64::from(lod::UNIT_RACKS)),
        ("UNIT_PX", lod::UNIT_PX),
        ("RACK_PX", lod::RACK_PX),
        ("CLOSE_PX", lod::CLOSE_PX),
        ("DEPTH_PX", lod::DEPTH_PX),
        ("ROW_PX", lod::ROW_PX),
        ("HATCH_PX", lod::HATCH_PX),
        ("TRAYS", f64::from(lod::TRAYS)),
        ("TRAY_PX", lod::TRAY_PX),
        ("TRAY_EDGE", lod::TRAY_EDGE),
    ];
    let lines = constants.map(|(name, value)| format!("const {name}: f32 = {value:?};\n"));
    lines.concat() + include_str!("racks.wgsl")
}

/// Name, shader and shape of what a pipeline paints.
type Drawn<'a> = (&'a str, &'a str, wgpu::PrimitiveTopology);

fn pipeline(
    device: &wgpu::Device,
    (layout, format): (&wgpu::BindGroupLayout, wgpu::TextureFormat),
    (label, source, topology): Drawn<'_>,
    buffers: &[Option<wgpu::VertexBufferLayout<'_>>],
) -> wgpu::RenderPipeline {
    let label = Some(label);
    let source = include_str!("ink.wgsl").to_owned() + source;
    let source = wgpu::ShaderSource::Wgsl(source.into());
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label, source });
    let over = |src_factor, dst_factor| wgpu::BlendComponent {
        src_factor,
        dst_factor,
        operation: wgpu::BlendOperation::Add,
    };
    let target = wgpu::ColorTargetState {
        format,
        // As egui blends.
        blend: Some(wgpu::BlendState {
            color: over(wgpu::BlendFactor::One, wgpu::BlendFactor::OneMinusSrcAlpha),
            alpha: over(wgpu::BlendFactor::OneMinusDstAlpha, wgpu::BlendFactor::One),
        }),
        write_mask: wgpu::ColorWrites::ALL,
    };
    device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
        label,
        layout: Some(&device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(layout)],
            immediate_size: 0,
        })),
        vertex: wgpu::VertexState {
            module: &module,
            entry_point: Some("vertex"),
            buffers,
            compilation_options: wgpu::PipelineCompilationOptions::default(),
        },
        primitive: wgpu::PrimitiveState { topology, ..wgpu::PrimitiveState::default() },
        depth_stencil: None,
        multisample: wgpu::MultisampleState::default(),
        fragment: Some(wgpu::FragmentState {
            module: &module,
            entry_point: Some(if format.is_srgb() { "linear" } else { "gamma" }),
            targets: &[Some(target)],
            compilation_options: wgpu::PipelineCompilationOptions::default(),
        }),
        multiview_mask: None,
        cache: None,
    })
}
