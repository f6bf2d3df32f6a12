//! The throughput estimator: graphics card against CPU, the range of single precision,
//! and what physics demands of every curve.

mod agreement;
#[cfg(feature = "gpu")]
mod cards;
mod effort;
mod physics;
mod range;
mod software;
mod world;
