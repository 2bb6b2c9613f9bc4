//! Isolation, plane by plane: whether one environment can touch another.

pub mod network;
