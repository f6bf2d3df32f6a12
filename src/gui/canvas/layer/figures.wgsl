// Boxes, rings and dashes, of a few numbers each: see src/gui/canvas/layer/pile.rs.

struct View {
    // Of the window, points.
    size: vec2<f32>,
    // To the point.
    pixels: f32,
    unused: f32,
}

@group(0) @binding(0) var<uniform> view: View;

const RING: u32 = 1u;
const DASHED_ALONG_X: u32 = 2u;
const DASHED_ALONG_Y: u32 = 3u;
const ROUNDED: u32 = 4u;
const RISING: u32 = 5u;
const FALLING: u32 = 6u;

struct Figure {
    // Corners on the screen, points.
    @location(0) area: vec4<f32>,
    // Premultiplied, in the gamma space that the window blends in.
    @location(1) ink: vec4<f32>,
    @location(2) kind: u32,
    // Outer and inner radius; begin, length and period of dashes; radius of the corners and width of
    // the edge; or width of the line; points.
    @location(3) sizes: vec3<f32>,
}

struct Drawn {
    @builtin(position) at: vec4<f32>,
    @location(0) @interpolate(flat) ink: vec4<f32>,
    @location(1) @interpolate(flat) kind: u32,
    // In pixels.
    @location(2) @interpolate(flat) middle: vec2<f32>,
    @location(3) @interpolate(flat) half: vec2<f32>,
    @location(4) @interpolate(flat) sizes: vec3<f32>,
}

@vertex
fn vertex(figure: Figure, @builtin(vertex_index) corner: u32) -> Drawn {
    var low = figure.area.xy;
    var high = figure.area.zw;
    if figure.kind == RING || figure.kind >= ROUNDED {
        // Soft edges reach half a pixel further, and a line by half its width.
        let room = select(0.0, figure.sizes.x / 2.0, figure.kind >= RISING) + 1.0 / view.pixels;
        low -= room;
        high += room;
    }
    let at = select(low, high, vec2((corner & 1u) != 0u, (corner & 2u) != 0u));
    let place = vec2(2.0 * at.x / view.size.x - 1.0, 1.0 - 2.0 * at.y / view.size.y);
    var out: Drawn;
    out.at = vec4(place, 0.0, 1.0);
    out.ink = figure.ink;
    out.kind = figure.kind;
    out.middle = (figure.area.xy + figure.area.zw) / 2.0 * view.pixels;
    out.half = (figure.area.zw - figure.area.xy) / 2.0 * view.pixels;
    out.sizes = figure.sizes * view.pixels;
    return out;
}

// Whether a pixel lies on a dash: one reaches over the pixels of which it covers a quarter.
fn on_dash(pixel: f32, sizes: vec3<f32>) -> bool {
    let near = floor((pixel + 0.5 - sizes.x) / sizes.z);
    for (var i = -1.0; i < 1.5; i += 1.0) {
        let begun = sizes.x + (near + i) * sizes.z;
        if pixel >= floor(begun + 0.25) && pixel < floor(begun + sizes.y + 0.75) {
            return true;
        }
    }
    return false;
}

// Share of a pixel on the near side of an edge, by the way from it.
fn cover(way: f32) -> f32 {
    return clamp(0.5 - way, 0.0, 1.0);
}

// Way from the edge of a box with round corners; negative inside.
fn way_from_box(p: vec2<f32>, half: vec2<f32>, radius: f32) -> f32 {
    let corner = abs(p) - half + radius;
    return length(max(corner, vec2(0.0))) + min(max(corner.x, corner.y), 0.0) - radius;
}

// Share of a pixel on a line through the middle of its box, from corner to corner.
fn on_line(p: vec2<f32>, to: vec2<f32>, width: f32) -> f32 {
    let length = length(to);
    let along = to / length;
    let across = abs(dot(p, vec2(-along.y, along.x)));
    let sides = cover(across - width / 2.0) - cover(across + width / 2.0);
    return sides * cover(abs(dot(p, along)) - length);
}

fn ink_at(drawn: Drawn) -> vec4<f32> {
    let p = drawn.at.xy;
    switch drawn.kind {
        case RING: {
            let way = distance(p, drawn.middle);
            return drawn.ink * (cover(way - drawn.sizes.x) - cover(way - drawn.sizes.y));
        }
        case RISING: {
            let to = drawn.half * vec2(1.0, -1.0);
            return drawn.ink * on_line(p - drawn.middle, to, drawn.sizes.x);
        }
        case FALLING: {
            return drawn.ink * on_line(p - drawn.middle, drawn.half, drawn.sizes.x);
        }
        case ROUNDED: {
            let way = way_from_box(p - drawn.middle, drawn.half, drawn.sizes.x);
            let hole = select(0.0, cover(way + drawn.sizes.y), drawn.sizes.y > 0.0);
            return drawn.ink * (cover(way) - hole);
        }
        case DASHED_ALONG_X: {
            return select(vec4(0.0), drawn.ink, on_dash(floor(p.x), drawn.sizes));
        }
        case DASHED_ALONG_Y: {
            return select(vec4(0.0), drawn.ink, on_dash(floor(p.y), drawn.sizes));
        }
        default: {
            return drawn.ink;
        }
    }
}

@fragment
fn gamma(drawn: Drawn) -> @location(0) vec4<f32> {
    return ink_at(drawn);
}

// For a target that encodes by itself.
@fragment
fn linear(drawn: Drawn) -> @location(0) vec4<f32> {
    return decoded(ink_at(drawn));
}
