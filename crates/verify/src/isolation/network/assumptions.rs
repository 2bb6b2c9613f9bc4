//! What the verdicts stand on that the input cannot show, and on what ground.

use super::mend::list;
use super::parties::Parties;
use super::plane::Plane;
use super::policy::Peer;
use super::ranges::RangesFrom;
use crate::settings::Settings;
use dtap_report::report::{Assumption, Standing};

/// What a verdict that two ends are closed to each other stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// They stand on different clusters.
    Clusters,
    /// The policies of one cluster.
    Policies {
        /// Whether either end names no namespace, so that both may stand in one (N21).
        nameless: bool,
        /// Whether it is said of pods that would be too, where nothing keeps them off their node's network (N17).
        new_pods: bool,
    },
}

impl Ground {
    /// The assumptions of it that nobody vouches for, in strict mode; otherwise they need no word.
    #[must_use]
    pub fn open(self, settings: &Settings) -> Vec<&'static str> {
        let assume = &settings.assume;
        let stands_on: &[(&str, bool, bool)] = match self {
            Self::Clusters => &[("clusters-apart", true, assume.clusters_apart)],
            Self::Policies { nameless, new_pods } => &[
                ("cni-enforces", true, assume.cni_enforces),
                ("input-complete", true, assume.input_complete),
                ("no-host-network", new_pods, assume.no_host_network),
                ("own-namespaces", nameless, assume.own_namespaces),
            ],
        };
        let open = stands_on.iter().filter(|(_, needed, vouched)| settings.strict && *needed && !vouched);
        open.map(|(name, ..)| *name).collect()
    }
}

/// The assumptions among these on which a strict verdict waits for somebody's word.
#[must_use]
pub fn wanting_a_word(assumptions: &[Assumption]) -> Vec<&str> {
    let wanting = assumptions.iter().filter(|told| told.standing == Standing::Assumed && told.name != "pod-range");
    wanting.map(|told| told.name.as_str()).collect()
}

/// Why a strict verdict is unknown for which nobody vouches, with the options that do.
#[must_use]
pub fn nobody_vouches(names: &[&str]) -> String {
    let options: Vec<String> = names.iter().map(|name| format!("--assume {name}")).collect();
    format!("strict: nobody vouches for {}; you do with {}", list(names.iter().copied()), options.join(" "))
}

/// The assumptions, in the order they are told.
#[must_use]
pub fn assumptions(plane: &Plane<'_>, parties: &Parties) -> Vec<Assumption> {
    let assume = &plane.settings.assume;
    let mut assumptions = vec![
        told(
            "cni-enforces",
            "the network plugin enforces every NetworkPolicy in whole",
            word("cni-enforces", assume.cni_enforces, ""),
        ),
        told(
            "input-complete",
            "the input holds every policy and Service, and every label of pods and namespaces that policies select by",
            word("input-complete", assume.input_complete, ""),
        ),
    ];
    let mut judged = plane.spaces.iter().zip(&parties.of_namespace).filter(|(_, party)| party.is_some()).peekable();
    let settled = judged.peek().is_some() && judged.all(|(space, _)| space.refuses_host_network);
    let standing = if settled && !assume.no_host_network {
        Standing::Evidence("Pod Security enforces baseline or restricted in every namespace".to_owned())
    } else {
        word("no-host-network", assume.no_host_network, "")
    };
    assumptions.push(told("no-host-network", "new pods use neither their node's network nor its ports", standing));
    if has_blocks(plane) {
        assumptions.extend(about_blocks(plane));
    }
    if plane.snapshot.clusters.len() > 1 {
        assumptions.push(told("clusters-apart", &apart(plane), word("clusters-apart", assume.clusters_apart, "")));
    }
    if parties.nameless(plane.snapshot).iter().filter(|nameless| **nameless).count() > 1 {
        let statement = "what names no namespace stands in one of its own in each environment";
        assumptions.push(told("own-namespaces", statement, word("own-namespaces", assume.own_namespaces, "")));
    }
    assumptions
}

/// That clusters are apart, and where folders alone tell them apart, which.
fn apart(plane: &Plane<'_>) -> String {
    let guessed = plane.snapshot.clusters.iter().filter(|cluster| cluster.guessed);
    let names: Vec<&str> = guessed.map(|cluster| cluster.name.as_str()).collect();
    let named = match names.as_slice() {
        [] => String::new(),
        [first, .., last] if names.len() > 4 => {
            format!("the {} folders from {first} to {last} are clusters of their own, and ", names.len())
        }
        names => format!("the folders {} are clusters of their own, and ", list(names.iter().copied())),
    };
    format!("{named}from one cluster to another only addresses lead, which no policy of the other one names as pods")
}

/// What is assumed of the addresses that ipBlocks cover.
fn about_blocks(plane: &Plane<'_>) -> Vec<Assumption> {
    let assume = &plane.settings.assume;
    let mut assumptions = Vec::new();
    if let Some(matches) = assume.ip_block_matches_pods {
        let (statement, value) = if matches {
            ("an ipBlock covers pods by their addresses", "=yes")
        } else {
            ("an ipBlock covers no pods", "=no")
        };
        assumptions.push(told("ip-block-matches-pods", statement, word("ip-block-matches-pods", true, value)));
    }
    let ranges: Vec<String> = plane.ranges.ranges.iter().map(ToString::to_string).collect();
    let ranges = ranges.join(",");
    let standing = match plane.ranges.from {
        RangesFrom::Word => word("pod-range", true, &format!("={ranges}")),
        RangesFrom::WordAndInput => Standing::Evidence(
            "--assume, and addresses of pods in the input, or ranges for them, that lie elsewhere".to_owned(),
        ),
        RangesFrom::Input => Standing::Evidence("the addresses of pods in the input".to_owned()),
        RangesFrom::Nothing => Standing::Assumed,
    };
    let statement = match plane.ranges.from {
        RangesFrom::Nothing if plane.settings.strict => {
            "a pod may have any address, and so every ipBlock may cover pods: --assume pod-range=CIDR,… says which they have"
                .to_owned()
        }
        _ => format!("pods have addresses in {ranges} only, so that an ipBlock outside of these covers no pod"),
    };
    assumptions.push(told("pod-range", &statement, standing));
    assumptions
}

fn has_blocks(plane: &Plane<'_>) -> bool {
    let routes = plane.terms.iter().flat_map(|terms| terms.ingress.iter().chain(&terms.egress).flatten());
    routes.into_iter().any(|route| matches!(route.way.peer, Peer::Block(_)))
}

fn told(name: &str, statement: &str, standing: Standing) -> Assumption {
    Assumption { name: name.to_owned(), statement: statement.to_owned(), standing }
}

/// On whose word an assumption stands.
fn word(name: &str, given: bool, value: &str) -> Standing {
    if given { Standing::Word(format!("--assume {name}{value}")) } else { Standing::Assumed }
}
