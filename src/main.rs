//! The program `gigasite`.

fn main() {}
