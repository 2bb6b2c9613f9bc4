//! What a verification takes on somebody's word, and how strict it is.

use ipnet::IpNet;

/// How to judge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Whether an assumption that neither the input settles nor somebody vouches for makes the verdict unknown.
    pub strict: bool,
    /// What somebody vouches for.
    pub assume: Assumed,
}

/// The assumptions taken on somebody's word (`--assume NAME[=VALUE]`); those left out are not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assumed {
    /// `cni-enforces`: the CNI enforces NetworkPolicy in whole (N15).
    pub cni_enforces: bool,
    /// `input-complete`: the input holds every policy and every workload that is not a would-be pod's (N17, N19).
    pub input_complete: bool,
    /// `no-host-network`: would-be pods do not use the node's network (N12, N17).
    pub no_host_network: bool,
    /// `clusters-apart`: what is taken for several clusters is several, and none leads to another's pods by their
    /// address.
    pub clusters_apart: bool,
    /// `own-namespaces`: what names no namespace is applied to one of its own in each environment (N21).
    pub own_namespaces: bool,
    /// `ip-block-matches-pods=yes|no|unknown`: whether an ipBlock covers pods by their address (N11).
    pub ip_block_matches_pods: Option<bool>,
    /// `pod-range=CIDR,…`: where pods' addresses lie (N11).
    pub pod_ranges: Option<Vec<IpNet>>,
}
