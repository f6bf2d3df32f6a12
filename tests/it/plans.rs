//! Plans against hand calculations, other solvers and brute force.
