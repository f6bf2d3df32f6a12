//! The throughput estimator: graphics card against CPU, the range of single precision,
//! and what physics demands of every curve.

mod adjunct;
mod agreement;
#[cfg(feature = "gpu")]
mod cards;
mod effort;
mod physics;
mod published;
mod range;
mod software;
mod world;
