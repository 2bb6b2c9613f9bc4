//! What holds the network plane to Kubernetes: a slow oracle, random clusters on which the fast verifier must agree with
//! it, laws that need no oracle, and matrices that a person can read.

mod agreement;
mod cluster;
mod laws;
mod literate;
mod oracle;
