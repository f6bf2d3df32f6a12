//! The editing core without a window.
