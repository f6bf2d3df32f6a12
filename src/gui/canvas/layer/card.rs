//! Piles of kept pictures on the card: brought there once for each picture, not in every frame.
//! It must not know what they show.

use super::pile::{FIGURE_BYTES, Pile};
use eframe::egui::epaint::Vertex;
use eframe::egui::{Id, PaintCallbackInfo, Rect, Shape};
use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// Which pile of which canvas: a picture has one below its racks and one above.
pub type Slot = (Id, usize);

/// Frames after which buffers that nobody paints any more go.
const FRAMES_KEPT: u64 = 600;
const VIEW_BYTES: u64 = 16;

/// A pile as a shape of a window whose card holds it.
pub fn shape(slot: Slot, pile: &Arc<Pile>, room: Rect) -> Shape {
    let paint = PilePaint { slot, pile: Arc::clone(pile) };
    Shape::Callback(Callback::new_paint_callback(room, paint))
}

struct PilePaint {
    slot: Slot,
    pile: Arc<Pile>,
}

/// Buffers of a slot; they outlive a pile, so that the next one finds room.
struct Held {
    pile: Weak<Pile>,
    vertices: wgpu::Buffer,
    indices: wgpu::Buffer,
    figures: wgpu::Buffer,
    frame: u64,
}

/// What lies on the card.
pub struct PileCard {
    triangles: wgpu::RenderPipeline,
    figures: wgpu::RenderPipeline,
    view: wgpu::Buffer,
    /// What the view says: width and height of the window in points, pixels to the point.
    window: [f32; 3],
    group: wgpu::BindGroup,
    held: HashMap<Slot, Held>,
    frame: u64,
}

impl PileCard {
    pub fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("gigasite pile"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
                ty: wgpu::BindingType::Buffer {
                    ty: wgpu::BufferBindingType::Uniform,
                    has_dynamic_offset: false,
                    min_binding_size: std::num::NonZeroU64::new(VIEW_BYTES),
                },
                count: None,
            }],
        });
        let usage = wgpu::BufferUsages::UNIFORM;
        let view = buffer(device, VIEW_BYTES, usage);
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("gigasite pile"),
            layout: &layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: view.as_entire_binding() }],
        });
        let drawn = |source, topology, buffer| {
            let how = ("gigasite pile", source, topology);
            super::pipeline(device, (&layout, format), how, &[Some(buffer)])
        };
        let corners = wgpu::VertexBufferLayout {
            array_stride: size_of::<Vertex>() as u64,
            step_mode: wgpu::VertexStepMode::Vertex,
            // Between them lies the place in the texture of glyphs, which is white everywhere.
            attributes: &[
                wgpu::VertexAttribute {
                    format: wgpu::VertexFormat::Float32x2,
                    offset: 0,
                    shader_location: 0,
                },
                wgpu::VertexAttribute {
                    format: wgpu::VertexFormat::Unorm8x4,
                    offset: 16,
                    shader_location: 1,
                },
            ],
        };
        let figures = wgpu::VertexBufferLayout {
            array_stride: FIGURE_BYTES as u64,
            step_mode: wgpu::VertexStepMode::Instance,
            attributes: &wgpu::vertex_attr_array![
                0 => Float32x4, 1 => Unorm8x4, 2 => Uint32, 3 => Float32x3
            ],
        };
        let (list, strip) =
            (wgpu::PrimitiveTopology::TriangleList, wgpu::PrimitiveTopology::TriangleStrip);
        Self {
            triangles: drawn(include_str!("triangles.wgsl"), list, corners),
            figures: drawn(include_str!("figures.wgsl"), strip, figures),
            view,
            window: [0.0; 3],
            group,
            held: HashMap::new(),
            frame: 0,
        }
    }

    /// Brings a pile to the card where it does not lie there yet.
    fn keep(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, slot: Slot, pile: &Arc<Pile>) {
        let frame = self.frame;
        let old = self.held.remove(&slot);
        if let Some(held) = &old
            && std::ptr::eq(held.pile.as_ptr(), Arc::as_ptr(pile))
        {
            self.held.extend(old.map(|held| (slot, Held { frame, ..held })));
            return;
        }
        let [vertices, indices, figures] = match old {
            Some(held) => [held.vertices, held.indices, held.figures].map(Some),
            None => [None, None, None],
        };
        let with = |old, bytes, usage| filled((device, queue), old, bytes, usage);
        let (vertex, index) = (wgpu::BufferUsages::VERTEX, wgpu::BufferUsages::INDEX);
        let held = Held {
            pile: Arc::downgrade(pile),
            vertices: with(vertices, bytemuck::cast_slice(&pile.mesh().vertices), vertex),
            indices: with(indices, bytemuck::cast_slice(&pile.mesh().indices), index),
            figures: with(figures, bytemuck::cast_slice(pile.figures()), vertex),
            frame,
        };
        self.held.insert(slot, held);
    }
}

fn buffer(device: &wgpu::Device, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("gigasite pile"),
        size,
        usage: usage | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

/// The bytes in a buffer: in the old one where they fit.
fn filled(
    (device, queue): (&wgpu::Device, &wgpu::Queue),
    old: Option<wgpu::Buffer>,
    bytes: &[u8],
    usage: wgpu::BufferUsages,
) -> wgpu::Buffer {
    // No buffer is empty.
    let size = (bytes.len() as u64).max(wgpu::COPY_BUFFER_ALIGNMENT);
    let old = old.filter(|old| old.size() >= size);
    let buffer = old.unwrap_or_else(|| buffer(device, size.next_power_of_two(), usage));
    queue.write_buffer(&buffer, 0, bytes);
    buffer
}

impl CallbackTrait for PilePaint {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(card) = resources.get_mut::<PileCard>() else { return Vec::new() };
        card.frame += 1;
        card.keep(device, queue, self.slot, &self.pile);
        let oldest = card.frame.saturating_sub(FRAMES_KEPT);
        card.held.retain(|_, held| held.frame >= oldest);
        let pixels = screen.pixels_per_point;
        let [width, height] = screen.size_in_pixels.map(|px| px as f32 / pixels);
        if card.window != [width, height, pixels] {
            card.window = [width, height, pixels];
            queue.write_buffer(&card.view, 0, bytemuck::bytes_of(&[width, height, pixels, 0.0]));
        }
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(card) = resources.get::<PileCard>() else { return };
        let Some(held) = card.held.get(&self.slot) else { return };
        let [width, height] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        pass.set_bind_group(0, &card.group, &[]);
        let mut begun = [0, 0];
        for run in self.pile.runs() {
            let ([index, figure], [last_index, last_figure]) = (begun, *run);
            if last_index > index {
                pass.set_pipeline(&card.triangles);
                pass.set_vertex_buffer(0, held.vertices.slice(..));
                pass.set_index_buffer(held.indices.slice(..), wgpu::IndexFormat::Uint32);
                pass.draw_indexed(index..last_index, 0, 0..1);
            }
            if last_figure > figure {
                pass.set_pipeline(&card.figures);
                pass.set_vertex_buffer(0, held.figures.slice(..));
                pass.draw(0..4, figure..last_figure);
            }
            begun = *run;
        }
    }
}
