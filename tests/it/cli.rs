//! The command line as a stranger uses it.
