//! The assumptions: what a verdict may stand on that the input cannot show. The one table of their names.

/// An assumption: its name, the value it takes, what it says, what settles it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The name, as reports have it and `--assume` takes it.
    pub name: &'static str,
    /// The value that `--assume` takes with it, `=` included; none where nobody can vouch for it.
    pub takes: Option<&'static str>,
    /// What it says.
    pub statement: &'static str,
    /// What of the input settles it.
    pub settled: &'static str,
}

/// Every assumption.
pub static ASSUMPTIONS: [Explained; 7] = [
    Explained {
        name: "cni-enforces",
        takes: Some(""),
        statement: "The cluster's CNI enforces NetworkPolicy in whole. The API server accepts policies whether anybody \
            enforces them or not, and which CNI there is seldom stands in manifests.",
        settled: "nothing in manifests",
    },
    Explained {
        name: "input-complete",
        takes: Some(""),
        statement: "What was read holds every NetworkPolicy of the namespaces it speaks of, every policy of another \
            kind that changes what those mean, and every Service, EndpointSlice and Gateway by which their pods are \
            reached. What is missing here can only open a way that the verdict holds for closed.",
        settled: "nothing in manifests",
    },
    Explained {
        name: "no-host-network",
        takes: Some(""),
        statement: "No pod that may come to run uses the network of its node: such a pod is past every NetworkPolicy.",
        settled: "Pod Security `enforce: baseline` or `restricted` on the namespace",
    },
    Explained {
        name: "ip-block-matches-pods",
        takes: Some("=yes|no|unknown"),
        statement: "Whether an ipBlock of a policy covers pods by their address. CNIs differ; without a word on it both \
            are tried, and where they disagree the answer is unknown.",
        settled: "nothing in manifests",
    },
    Explained {
        name: "pod-range",
        takes: Some("=CIDR,…"),
        statement: "Pods have addresses in these ranges only, so that an ipBlock outside of them covers no pod. Without a word on \
            it they are the private ranges, and those that the input gives to pods (Node, IPPool, CiliumNode, Cluster, \
            ServiceCIDR). With --strict and without a word a pod may have any address, so that every ipBlock may cover \
            pods, and what it opens is unknown. Say your cluster's range: --assume pod-range=10.244.0.0/16; `kubectl get \
            nodes -o jsonpath={..podCIDRs}` shows it for many network plugins, else it stands in the plugin's own \
            configuration.",
        settled: "addresses of pods in a dump of the cluster",
    },
    Explained {
        name: "clusters-apart",
        takes: Some(""),
        statement: "What is taken for several clusters is several, and from one to another only addresses lead, which no \
            policy of the other one names as pods. Where nothing but the names of folders tells the clusters apart the \
            verdicts say so; on a flat network, in which pods' addresses lead from cluster to cluster, it does not hold.",
        settled: "nothing in manifests",
    },
    Explained {
        name: "own-namespaces",
        takes: Some(""),
        statement: "What names no namespace is applied to a namespace of its own in each environment. It lands in the one \
            that is current when it is applied; were that the same for two environments, they would stand in one.",
        settled: "a `namespace` in every manifest, or in the kustomization",
    },
];
