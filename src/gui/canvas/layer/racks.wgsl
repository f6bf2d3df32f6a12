// Racks of a hall: one instance for each block and ink. A fragment finds out for itself which
// rack it lies on, so that the zoom changes no buffer. The steps are those of
// src/scene/plan/racks.rs, on whose constants it is compiled.

struct View {
    // The hall's origin on the screen, points.
    origin: vec2<f32>,
    // Points per metre, and pixels per point.
    scale: f32,
    pixels: f32,
    // The screen, pixels.
    screen: vec2<f32>,
    // Ink of trays, as four bytes.
    tray: u32,
    spare: u32,
}

@group(0) @binding(0) var<uniform> view: View;

const ALONG_X: u32 = 1u;
const WIDE: u32 = 2u;
const POOL: u32 = 4u;
const ROW: u32 = 8u;

// What is drawn of a block.
const WHOLE: u32 = 0u;
const HATCH: u32 = 1u;
const LATTICE: u32 = 2u;
const CLOSE: u32 = 3u;

struct Block {
    // Footprint from the hall's origin: north-west and south-east corner, metres.
    @location(0) own: vec4<f32>,
    // Half the depth of the band, metres.
    @location(1) band: f32,
    // Racks in a line, lines, places, flags.
    @location(2) lattice: vec4<u32>,
    // First place of this ink and first behind it, racks of all inks, the ink as four bytes.
    @location(3) fill: vec4<u32>,
}

struct Drawn {
    @builtin(position) at: vec4<f32>,
    // Corners on the screen, points.
    @location(0) @interpolate(flat) area: vec4<f32>,
    @location(1) @interpolate(flat) lattice: vec4<u32>,
    @location(2) @interpolate(flat) fill: vec4<u32>,
    @location(3) @interpolate(flat) detail: u32,
}

fn has(flags: u32, flag: u32) -> bool {
    return (flags & flag) != 0u;
}

fn detail_of(block: Block, size: vec2<f32>) -> u32 {
    let flags = block.lattice.w;
    if has(flags, POOL) || has(flags, ROW) {
        return WHOLE;
    }
    let long = select(size.y, size.x, has(flags, ALONG_X));
    let rack = long / f32(block.lattice.x);
    if rack >= CLOSE_PX {
        return CLOSE;
    }
    if rack >= RACK_PX {
        return LATTICE;
    }
    if rack * UNIT_RACKS >= UNIT_PX {
        return HATCH;
    }
    return WHOLE;
}

@vertex
fn vertex(block: Block, @builtin(vertex_index) corner: u32) -> Drawn {
    let flags = block.lattice.w;
    var low = view.origin + block.own.xy * view.scale;
    var high = view.origin + block.own.zw * view.scale;
    let size = (block.own.zw - block.own.xy) * view.scale;
    let middle = (low + high) / 2.0;
    if has(flags, ROW) {
        let thin = max(ROW_PX - size.y, 0.0) / 2.0;
        low.y -= thin;
        high.y += thin;
    } else if has(flags, WIDE) {
        let deep = clamp(DEPTH_PX / 2.0, size.y / 2.0, max(block.band * view.scale, size.y / 2.0));
        low.y = middle.y - deep;
        high.y = middle.y + deep;
    } else {
        let deep = clamp(DEPTH_PX / 2.0, size.x / 2.0, max(block.band * view.scale, size.x / 2.0));
        low.x = middle.x - deep;
        high.x = middle.x + deep;
    }
    var out: Drawn;
    out.area = vec4(low, high);
    out.lattice = block.lattice;
    out.fill = block.fill;
    out.detail = detail_of(block, size);
    // A point of room, as cells lie on whole points.
    let at = select(low - 1.0, high + 1.0, vec2(has(corner, 1u), has(corner, 2u)));
    let share = at * view.pixels / view.screen;
    out.at = vec4(share.x * 2.0 - 1.0, 1.0 - share.y * 2.0, 0.0, 1.0);
    return out;
}

fn whole_px(v: f32) -> f32 {
    return floor(v + 0.5);
}

fn within(v: f32, low: f32, high: f32) -> bool {
    return v >= low && v < high;
}

// Whether the point lies on this ink's share of an undivided block.
fn on_whole(p: vec2<f32>, block: Drawn) -> bool {
    let flags = block.lattice.w;
    var low = block.area.xy;
    var high = block.area.zw;
    let size = high - low;
    if !has(flags, ROW) && size.x > 3.0 && size.y > 3.0 {
        low += 0.4;
        high -= 0.4;
    }
    let total = max(f32(block.fill.z), 1.0);
    let share = vec2(f32(block.fill.x), f32(block.fill.y)) / total;
    if has(flags, ALONG_X) {
        let long = high.x - low.x;
        return within(p.y, low.y, high.y)
            && within(p.x, low.x + long * share.x, low.x + long * share.y);
    }
    let long = high.y - low.y;
    return within(p.x, low.x, high.x)
        && within(p.y, low.y + long * share.x, low.y + long * share.y);
}

// Corner of the block, its far corner and the point, as (along, across) its lines.
struct Turned {
    low: vec2<f32>,
    high: vec2<f32>,
    p: vec2<f32>,
}

fn turned(p: vec2<f32>, block: Drawn) -> Turned {
    if has(block.lattice.w, ALONG_X) {
        return Turned(block.area.xy, block.area.zw, p);
    }
    return Turned(block.area.yx, block.area.wz, p.yx);
}

fn on_hatch(p: vec2<f32>, block: Drawn) -> bool {
    let t = turned(p, block);
    let stripes = max(floor((t.high.x - t.low.x) / HATCH_PX), 1.0);
    let along = t.p.x - whole_px(t.low.x);
    let stripe = floor(along / HATCH_PX);
    if stripe < 0.0 || stripe >= stripes || along - stripe * HATCH_PX >= HATCH_PX - 1.0 {
        return false;
    }
    let rack = (stripe + 0.5) / stripes * max(f32(block.fill.z), 1.0);
    let last = block.fill.y >= block.fill.z;
    return within(t.p.y, whole_px(t.low.y), whole_px(t.high.y))
        && rack > f32(block.fill.x) && (rack <= f32(block.fill.y) || last);
}

// Index of the cell that holds `v`, of cells of this length from `low`, on whole points.
fn cell_at(v: f32, low: f32, length: f32) -> f32 {
    let near = floor((v - low) / length);
    if v < whole_px(low + near * length) {
        return near - 1.0;
    }
    if v >= whole_px(low + (near + 1.0) * length) {
        return near + 1.0;
    }
    return near;
}

// Column and line of the rack under the point; negative between racks.
fn rack_at(p: vec2<f32>, block: Drawn) -> vec2<f32> {
    let nowhere = vec2(-1.0, -1.0);
    let t = turned(p, block);
    let count = vec2(f32(block.lattice.x), f32(block.lattice.y));
    let size = (t.high - t.low) / count;
    let seam = select(1.0, whole_px(min(size.x * 0.06, 2.0)), size.x > 12.0);
    let cross = select(0.0, 1.0, block.lattice.y > 1u);
    let column = cell_at(t.p.x, t.low.x, size.x);
    let line = cell_at(t.p.y, t.low.y, size.y);
    if column < 0.0 || column >= count.x || line < 0.0 || line >= count.y {
        return nowhere;
    }
    let left = whole_px(t.low.x + column * size.x);
    let to = max(whole_px(t.low.x + (column + 1.0) * size.x) - seam, left + 1.0);
    let deep = whole_px(t.low.y + (line + 1.0) * size.y) - cross;
    if t.p.x >= to || t.p.y >= deep {
        return nowhere;
    }
    let place = u32(line) * block.lattice.x + u32(column);
    let own = place >= block.fill.x && place < min(block.fill.y, block.lattice.z);
    return select(nowhere, vec2(column, line), own);
}

// Whether the point lies on a tray of a rack.
fn on_tray(p: vec2<f32>, rack: vec2<f32>, block: Drawn) -> bool {
    let along_x = has(block.lattice.w, ALONG_X);
    let count = vec2(f32(block.lattice.x), f32(block.lattice.y));
    let size = (block.area.zw - block.area.xy) / select(count.yx, count, along_x);
    let low = block.area.xy + select(rack.yx, rack, along_x) * size;
    let apart = size.y / (TRAYS + 1.0);
    let edge = size.x * TRAY_EDGE;
    if apart < TRAY_PX || !within(p.x, whole_px(low.x + edge), whole_px(low.x + size.x - edge)) {
        return false;
    }
    let tray = clamp(whole_px((p.y - low.y) / apart), 1.0, TRAYS);
    let top = whole_px(low.y + apart * tray - 0.5);
    return within(p.y, top, top + 1.0);
}

// Premultiplied, in the gamma space that the window blends in.
fn ink_at(block: Drawn) -> vec4<f32> {
    let p = block.at.xy / view.pixels;
    let ink = unpack4x8unorm(block.fill.w);
    if block.detail == WHOLE {
        return select(vec4(0.0), ink, on_whole(p, block));
    }
    if block.detail == HATCH {
        return select(vec4(0.0), ink, on_hatch(p, block));
    }
    let rack = rack_at(p, block);
    if rack.x < 0.0 {
        return vec4(0.0);
    }
    if block.detail == CLOSE && on_tray(p, rack, block) {
        let tray = unpack4x8unorm(view.tray);
        return tray + ink * (1.0 - tray.a);
    }
    return ink;
}

@fragment
fn gamma(block: Drawn) -> @location(0) vec4<f32> {
    return ink_at(block);
}

// For a target that encodes by itself.
@fragment
fn linear(block: Drawn) -> @location(0) vec4<f32> {
    return decoded(ink_at(block));
}
