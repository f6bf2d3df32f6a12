//! Triangles of kept pictures on the card: brought there once for each picture, not in every
//! frame. It must not know what they show.

use eframe::egui::epaint::{Mesh, Vertex};
use eframe::egui::{Id, PaintCallbackInfo, Rect, Shape};
use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// Which triangles of which canvas: a picture has some below its racks and some above.
pub type Slot = (Id, usize);

/// Frames after which buffers that nobody paints any more go.
const FRAMES_KEPT: u64 = 600;
const VIEW_BYTES: u64 = 16;

/// A mesh as a shape of a window whose card holds it.
pub fn shape(slot: Slot, mesh: &Arc<Mesh>, room: Rect) -> Shape {
    let paint = MeshPaint { slot, mesh: Arc::clone(mesh) };
    Shape::Callback(Callback::new_paint_callback(room, paint))
}

struct MeshPaint {
    slot: Slot,
    mesh: Arc<Mesh>,
}

/// Buffers of a slot; they outlive a mesh, so that the next one finds room.
struct Held {
    mesh: Weak<Mesh>,
    vertices: wgpu::Buffer,
    indices: wgpu::Buffer,
    count: u32,
    frame: u64,
}

/// What lies on the card.
pub struct MeshCard {
    pipeline: wgpu::RenderPipeline,
    view: wgpu::Buffer,
    /// Size of the window that the view is of, points.
    size: [f32; 2],
    group: wgpu::BindGroup,
    held: HashMap<Slot, Held>,
    frame: u64,
}

impl MeshCard {
    pub fn new(device: &wgpu::Device, format: wgpu::TextureFormat) -> Self {
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("gigasite triangles"),
            entries: &[wgpu::BindGroupLayoutEntry {
                binding: 0,
                visibility: wgpu::ShaderStages::VERTEX,
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
            label: Some("gigasite triangles"),
            layout: &layout,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: view.as_entire_binding() }],
        });
        let source = wgpu::ShaderSource::Wgsl(include_str!("mesh.wgsl").into());
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
        let how = ("gigasite triangles", source, wgpu::PrimitiveTopology::TriangleList);
        let pipeline = super::pipeline(device, (&layout, format), how, &[Some(corners)]);
        Self { pipeline, view, size: [0.0; 2], group, held: HashMap::new(), frame: 0 }
    }

    /// Brings a mesh to the card where it does not lie there yet.
    fn keep(&mut self, device: &wgpu::Device, queue: &wgpu::Queue, slot: Slot, mesh: &Arc<Mesh>) {
        let frame = self.frame;
        let old = self.held.remove(&slot);
        if let Some(held) = &old
            && std::ptr::eq(held.mesh.as_ptr(), Arc::as_ptr(mesh))
        {
            self.held.extend(old.map(|held| (slot, Held { frame, ..held })));
            return;
        }
        let (vertices, indices) = match old {
            Some(held) => (Some(held.vertices), Some(held.indices)),
            None => (None, None),
        };
        let corners = bytemuck::cast_slice(&mesh.vertices);
        let vertices = filled((device, queue), vertices, corners, wgpu::BufferUsages::VERTEX);
        let numbers = bytemuck::cast_slice(&mesh.indices);
        let indices = filled((device, queue), indices, numbers, wgpu::BufferUsages::INDEX);
        let (mesh, count) = (Arc::downgrade(mesh), mesh.indices.len() as u32);
        self.held.insert(slot, Held { mesh, vertices, indices, count, frame });
    }
}

fn buffer(device: &wgpu::Device, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
    device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("gigasite triangles"),
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
    let size = bytes.len() as u64;
    let old = old.filter(|old| old.size() >= size);
    let buffer = old.unwrap_or_else(|| buffer(device, size.next_power_of_two(), usage));
    queue.write_buffer(&buffer, 0, bytes);
    buffer
}

impl CallbackTrait for MeshPaint {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(card) = resources.get_mut::<MeshCard>() else { return Vec::new() };
        card.frame += 1;
        card.keep(device, queue, self.slot, &self.mesh);
        let oldest = card.frame.saturating_sub(FRAMES_KEPT);
        card.held.retain(|_, held| held.frame >= oldest);
        let size = screen.size_in_pixels.map(|px| px as f32 / screen.pixels_per_point);
        if card.size != size {
            card.size = size;
            queue.write_buffer(&card.view, 0, bytemuck::bytes_of(&[size, [0.0; 2]]));
        }
        Vec::new()
    }

    fn paint(
        &self,
        info: PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let Some(card) = resources.get::<MeshCard>() else { return };
        let Some(held) = card.held.get(&self.slot) else { return };
        let [width, height] = info.screen_size_px;
        pass.set_viewport(0.0, 0.0, width as f32, height as f32, 0.0, 1.0);
        pass.set_pipeline(&card.pipeline);
        pass.set_bind_group(0, &card.group, &[]);
        pass.set_vertex_buffer(0, held.vertices.slice(..));
        pass.set_index_buffer(held.indices.slice(..), wgpu::IndexFormat::Uint32);
        pass.draw_indexed(0..held.count, 0, 0..1);
    }
}
