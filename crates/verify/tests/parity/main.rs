//! Parity: what is a difference, what is none, and how differences are told.

mod apply;
mod causes;
mod digest;
mod same;
mod street;
mod words;
