//! Fields of records by path: read and written through serde, so that every
//! field that a file can hold can also be set from a command line or a panel.
//!
//! Lowest layer. It must not know which records there are.
