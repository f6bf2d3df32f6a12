//! Architecture: the direction of imports, the confinement of crates, file length.
