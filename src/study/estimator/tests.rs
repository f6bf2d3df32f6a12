//! Estimated curves.
