//! The window, driven by accessibility label.
