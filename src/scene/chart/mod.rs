//! Charts as plain shapes: axes, curves that pass through their points, the keynote chart
//! of throughput against interactivity, and the same of an estimate, which the window and
//! a picture share. It must not know egui or files.

mod axis;
mod clip;
mod cooling;
mod curve;
mod duration;
mod furniture;
mod heat;
mod keynote;
mod keynote_draw;
pub mod money;
mod throughput;
pub mod throughput_draw;

pub use axis::{Axis, Scale, reading, tick_label};
pub use cooling::{Bar, CoolingYear, draw_year};
pub use curve::interpolate;
pub use duration::{DurationCurve, PueDuration, draw_duration};
pub use heat::{HeatCell, HeatMap, draw_heat};
pub use keynote::{Band, Disc, Keynote, Mark, Series, keynote};
pub use keynote_draw::{ChartDrawing, ChartOptions, Hit, draw};
pub use throughput::{
    Answered, Estimated, Least, Line, Per, Published, PublishedPoint, Throughput, throughput,
};
