//! The economics tab.
