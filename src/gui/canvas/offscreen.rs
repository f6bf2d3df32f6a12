//! A page painted into pixels instead of the window, larger than it is shown: for pictures of
//! what is no drawing of its own. It must not know which page.

use eframe::egui::{self, Pos2, RawInput, Rect, Ui, Vec2};
use eframe::egui_wgpu::{RenderState, Renderer, RendererOptions, ScreenDescriptor};
use eframe::wgpu;
use image::RgbaImage;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Frames in which panels find their sizes.
const FRAMES: usize = 4;
/// A card that takes longer than this for one picture has gone.
const PATIENCE: Duration = Duration::from_secs(20);
/// Colours as the window has them.
const FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;

/// The card that paints pictures.
#[derive(Clone)]
pub struct Offscreen {
    device: wgpu::Device,
    queue: wgpu::Queue,
}

impl Offscreen {
    /// The card of the window.
    pub fn of(state: &RenderState) -> Self {
        Self { device: state.device.clone(), queue: state.queue.clone() }
    }

    /// Paints frames of `size` points at `scale` pixels a point, and keeps the last. `prepare`
    /// gives the fresh context its fonts and colours.
    ///
    /// # Errors
    /// A sentence: a picture larger than the card takes, or a card that has gone.
    pub fn paint(
        &self,
        (size, scale): (Vec2, f32),
        prepare: impl FnOnce(&egui::Context),
        mut frame: impl FnMut(&mut Ui),
    ) -> Result<RgbaImage, String> {
        let [width, height] = [size.x, size.y].map(|v| (v * scale).round().max(1.0) as u32);
        let most = self.device.limits().max_texture_dimension_2d;
        if width > most || height > most {
            return Err(format!("a picture of {width} x {height} pixels is more than {most} wide"));
        }
        let ctx = egui::Context::default();
        prepare(&ctx);
        ctx.set_pixels_per_point(scale);
        let mut renderer = Renderer::new(&self.device, FORMAT, RendererOptions::default());
        let mut shapes = Vec::new();
        for n in 0..FRAMES {
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
                time: Some(n as f64 / 10.0),
                ..RawInput::default()
            };
            let mut output = ctx.run_ui(input, &mut frame);
            for (id, images) in output.textures_delta.set.drain() {
                for image in images {
                    renderer.update_texture(&self.device, &self.queue, id, &image);
                }
            }
            for id in output.textures_delta.free.drain() {
                renderer.free_texture(&id);
            }
            shapes = output.shapes;
        }
        let jobs = ctx.tessellate(shapes, ctx.pixels_per_point());
        let screen = ScreenDescriptor { size_in_pixels: [width, height], pixels_per_point: scale };
        let texture = self.device.create_texture(&wgpu::TextureDescriptor {
            label: Some("gigasite-picture"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: FORMAT,
            usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
            view_formats: &[],
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        let buffers =
            renderer.update_buffers(&self.device, &self.queue, &mut encoder, &jobs, &screen);
        let view = texture.create_view(&Default::default());
        {
            let attachment = wgpu::RenderPassColorAttachment {
                view: &view,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
                depth_slice: None,
            };
            let pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                color_attachments: &[Some(attachment)],
                ..Default::default()
            });
            renderer.render(&mut pass.forget_lifetime(), &jobs, &screen);
        }
        self.queue.submit(buffers.into_iter().chain([encoder.finish()]));
        self.read(&texture)
    }

    /// The pixels of a texture.
    fn read(&self, texture: &wgpu::Texture) -> Result<RgbaImage, String> {
        let (width, height) = (texture.width(), texture.height());
        let row = width * 4;
        let step = wgpu::COPY_BYTES_PER_ROW_ALIGNMENT;
        let padded = row.div_ceil(step) * step;
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("gigasite-picture"),
            size: u64::from(padded) * u64::from(height),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        let layout = wgpu::TexelCopyBufferLayout {
            offset: 0,
            bytes_per_row: Some(padded),
            rows_per_image: None,
        };
        encoder.copy_texture_to_buffer(
            texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
        );
        let submission = self.queue.submit([encoder.finish()]);
        let (sender, receiver) = channel();
        buffer.slice(..).map_async(wgpu::MapMode::Read, move |mapped| drop(sender.send(mapped)));
        let wait =
            wgpu::PollType::Wait { submission_index: Some(submission), timeout: Some(PATIENCE) };
        self.device.poll(wait).map_err(|e| format!("the graphics card does not answer: {e}"))?;
        match receiver.recv_timeout(PATIENCE) {
            Ok(Ok(())) => {}
            _ => return Err("the graphics card does not answer".to_owned()),
        }
        let mapped = buffer.slice(..).get_mapped_range();
        let bytes = mapped.map_err(|e| format!("the picture cannot be read: {e}"))?;
        let rows = bytes.chunks(padded as usize).flat_map(|r| &r[..row as usize]);
        let pixels: Vec<u8> = rows.copied().collect();
        drop(bytes);
        buffer.unmap();
        RgbaImage::from_raw(width, height, pixels).ok_or_else(|| "the picture is cut".to_owned())
    }
}
