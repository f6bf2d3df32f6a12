// Triangles with a colour at each corner, as egui paints those without a texture.

struct View {
    // Of the window, points.
    size: vec2<f32>,
    // To the point.
    pixels: f32,
    unused: f32,
}

@group(0) @binding(0) var<uniform> view: View;

struct Corner {
    @builtin(position) at: vec4<f32>,
    // Premultiplied, in the gamma space that the window blends in.
    @location(0) ink: vec4<f32>,
}

@vertex
fn vertex(@location(0) at: vec2<f32>, @location(1) ink: vec4<f32>) -> Corner {
    let place = vec2(2.0 * at.x / view.size.x - 1.0, 1.0 - 2.0 * at.y / view.size.y);
    return Corner(vec4(place, 0.0, 1.0), ink);
}

@fragment
fn gamma(corner: Corner) -> @location(0) vec4<f32> {
    return corner.ink;
}

// For a target that encodes by itself.
@fragment
fn linear(corner: Corner) -> @location(0) vec4<f32> {
    return decoded(corner.ink);
}
