//! PNG: the SVG of a picture, painted with the embedded font, so that it looks alike on
//! every machine. It must not know what a picture shows.

use super::svg;
use crate::report::Picture;
use crate::scene::tokens::TextRole;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Node, Options, Tree};
use std::collections::HashMap;

/// Pixels a point, where nobody asks for another.
pub const SCALE: f32 = 2.0;
/// More would not fit into memory everywhere: 512 MB.
const MOST_PIXELS: f64 = 128e6;
/// The font of the window.
pub(super) const FONT: &[u8] = include_bytes!("../../../assets/fonts/GigasiteSans.ttf");

/// A picture that cannot be painted.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    #[error("the drawing cannot be read: {0}")]
    Drawing(#[from] resvg::usvg::Error),
    #[error("a picture of {0:.0} x {1:.0} pixels is too large or empty; at most 128 million fit")]
    Size(f64, f64),
    #[error("the picture cannot be encoded: {0}")]
    Encoding(String),
}

/// The picture as the bytes of a PNG file, with so many pixels a point.
///
/// # Errors
/// The picture has no size, or too large a one.
pub fn write(picture: &Picture, scale: f32) -> Result<Vec<u8>, PngError> {
    let k = f64::from(scale);
    let (width, height) = ((picture.width * k).round(), (picture.height * k).round());
    let fits = width >= 1.0 && height >= 1.0 && width * height <= MOST_PIXELS;
    let pixels = fits.then(|| Pixmap::new(width as u32, height as u32)).flatten();
    let mut pixels = pixels.ok_or(PngError::Size(width, height))?;
    let tree = Tree::from_str(&svg::write(picture), &options())?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixels.as_mut());
    pixels.encode_png().map_err(|e| PngError::Encoding(e.to_string()))
}

/// Sizes of texts as they will be painted, in points.
pub fn measure() -> impl FnMut(&str, TextRole) -> (f64, f64) {
    let options = options();
    let mut known: HashMap<(String, TextRole), f64> = HashMap::new();
    move |text, role| {
        let line = f64::from(role.style().line);
        if let Some(width) = known.get(&(text.to_owned(), role)) {
            return (*width, line);
        }
        let tree = Tree::from_str(&svg::text_alone(text, role), &options);
        let width = tree.ok().and_then(|tree| {
            let mut nodes = tree.root().children().iter();
            nodes.find_map(|node| match node {
                Node::Text(text) => Some(f64::from(text.bounding_box().width())),
                _ => None,
            })
        });
        let width = width.unwrap_or(0.0);
        known.insert((text.to_owned(), role), width);
        (width, line)
    }
}

/// The embedded font and no other: the machine's fonts would change the picture.
fn options() -> Options<'static> {
    let mut options = Options::default();
    options.fontdb_mut().load_font_data(FONT.to_vec());
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_measured_in_the_weight_and_size_that_they_are_painted_in() {
        let mut measure = measure();
        let mut width = |text: &str, role| measure(text, role).0;
        let plain = width("Output tokens/s", TextRole::Small);
        assert!(plain > 60.0 && plain < 100.0, "{plain}");
        assert!(width("Output tokens/s", TextRole::SmallStrong) > plain * 1.01, "weight");
        let large = width("Output tokens/s", TextRole::Headline);
        assert!((large / plain - 19.0 / 11.0).abs() < 0.15, "size");
        let digits: Vec<f64> =
            ('0'..='9').map(|d| width(&d.to_string().repeat(8), TextRole::Small)).collect();
        assert!(digits.iter().all(|d| (d / digits[0] - 1.0).abs() < 1e-3), "{digits:?}");
        assert!(width("<&>", TextRole::Small) > 10.0, "signs of markup are text");
    }
}
