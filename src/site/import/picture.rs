//! Pictures as underlays: a map or a photograph under the plan, scaled by metres per pixel
//! or by two points and the distance between them.
//!
//! Only the size of a picture is read here; whoever shows it decodes it.

use super::underlay;
use super::{Foreign, Imported, Importer, Options, Role, Scale, fault, fault_in};
use crate::diag::Report;

pub(super) const IMPORTER: Importer = Importer {
    name: "PNG",
    about: "Pictures of maps and plans, under the plan",
    extensions: &["png"],
    roles: &[Role::Underlay],
    read,
};

/// First bytes of every PNG file, and the name of the chunk that must follow.
const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
/// Pixels along a side that graphics cards still take.
const MOST_PX: u32 = 16_384;

fn read(foreign: &Foreign<'_>, options: &Options) -> Result<Imported, Report> {
    let size = size_px(foreign.file, foreign.bytes)?;
    let m_per_px = match options.scale {
        Some(Scale::MetresPerPixel(m)) => m,
        Some(Scale::Points { a, b, metres }) => {
            let px = (a[0] - b[0]).hypot(a[1] - b[1]);
            metres / px
        }
        None => {
            let message = "A picture does not say how large it is";
            let hint =
                "Give metres per pixel (--scale), or two pixels and their distance (--points)";
            return Err(fault(foreign, "unknown-scale", message, hint));
        }
    };
    if !(m_per_px.is_finite() && m_per_px > 0.0) {
        let message = format!("A scale of {m_per_px} metres per pixel is impossible");
        let hint = "Give a number above zero, and two different points";
        return Err(fault(foreign, "bad-scale", &message, hint));
    }
    let mut imported = underlay::of(foreign, options, m_per_px, [0.0, 0.0]);
    imported.taken.push(format!(
        "Picture of {} by {} pixels, {:.0} m by {:.0} m at {m_per_px:.4} m per pixel",
        size[0],
        size[1],
        f64::from(size[0]) * m_per_px,
        f64::from(size[1]) * m_per_px
    ));
    Ok(imported)
}

/// Width and height in pixels, from the header of a PNG file.
pub(super) fn size_px(name: &str, bytes: &[u8]) -> Result<[u32; 2], Report> {
    let number = |at: usize| {
        let four: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
        Some(u32::from_be_bytes(four))
    };
    let is_png = bytes.starts_with(&SIGNATURE) && bytes.get(12..16) == Some(b"IHDR".as_slice());
    let size = is_png.then(|| Some([number(16)?, number(20)?])).flatten();
    let hint = "Save the picture as PNG";
    match size {
        Some([w, h]) if w == 0 || h == 0 || w > MOST_PX || h > MOST_PX => {
            let message = format!("A picture of {w} by {h} pixels cannot be shown");
            let hint = format!("Save it with at most {MOST_PX} pixels a side");
            Err(fault_in(name, "bad-size", &message, &hint))
        }
        Some(size) => Ok(size),
        None => Err(fault_in(name, "not-png", "The file is no PNG picture", hint)),
    }
}
