//! The command as users meet it: run as a program, judged by what it prints and by its exit status.

mod bytes;
mod exit_status;
mod harness;
mod help;
mod masking;
mod readme;
mod rules;
mod schema;
