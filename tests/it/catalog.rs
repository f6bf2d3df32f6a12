//! The catalogue: every number has a source; overlays and overrides behave.
