//! The fields that dtap judges, with the types that the API server asks of them.
//!
//! Two uses: an object in which such a field has another type is refused, as the API server would; and of a
//! controller-owned pod nothing but these fields is read.

use dtap_model::object::GroupKind;
use dtap_model::tree::{Node, Span, Value};

/// The type that a field must have. `null` stands for absence everywhere, as in the API.
#[derive(Debug)]
pub enum Shape {
    /// Text.
    Text,
    /// A boolean.
    Boolean,
    /// A whole number.
    Integer,
    /// A whole number or text, such as a port by number or name.
    IntegerOrText,
    /// A mapping of text to text.
    Texts,
    /// A list.
    List(&'static Self),
    /// A mapping in which these fields are judged and all others are free.
    Fields(&'static [(&'static str, Self)]),
}

/// A field of the wrong type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Its path, such as `spec.template.metadata.labels.app`.
    pub path: String,
    /// Where its value stands.
    pub span: Span,
    /// What was asked for, in words.
    pub expected: &'static str,
    /// What stands there, in words.
    pub found: &'static str,
}

use Shape::{Boolean, Fields, Integer, IntegerOrText, List, Text, Texts};

/// `ObjectMeta` in whole: what does not fit it is not decoded, so the API server refuses it.
const METADATA: Shape = Fields(&[
    ("name", Text),
    ("generateName", Text),
    ("namespace", Text),
    ("selfLink", Text),
    ("uid", Text),
    ("resourceVersion", Text),
    ("generation", Integer),
    ("creationTimestamp", Text),
    ("deletionTimestamp", Text),
    ("deletionGracePeriodSeconds", Integer),
    ("labels", Texts),
    ("annotations", Texts),
    (
        "ownerReferences",
        List(&Fields(&[
            ("apiVersion", Text),
            ("kind", Text),
            ("name", Text),
            ("uid", Text),
            ("controller", Boolean),
            ("blockOwnerDeletion", Boolean),
        ])),
    ),
    ("finalizers", List(&Text)),
    ("managedFields", List(&Fields(&[]))),
]);

/// What is judged of it of pods, which run already.
const METADATA_OF_PODS: Shape = Fields(&[
    ("name", Text),
    ("generateName", Text),
    ("namespace", Text),
    ("labels", Texts),
    ("annotations", Texts),
    ("deletionTimestamp", Text),
    ("ownerReferences", List(&Fields(&[("kind", Text), ("name", Text), ("controller", Boolean)]))),
]);

const CONTAINERS: Shape = List(&Fields(&[
    ("name", Text),
    ("ports", List(&Fields(&[("name", Text), ("containerPort", Integer), ("hostPort", Integer), ("protocol", Text)]))),
]));

const NODES: Shape = Fields(&[("nodeSelectorTerms", List(&Fields(&[("matchExpressions", EXPRESSIONS)])))]);

const EXPRESSIONS: Shape = List(&Fields(&[("key", Text), ("operator", Text), ("values", List(&Text))]));

const POD_SPEC: Shape = Fields(&[
    ("hostNetwork", Boolean),
    ("nodeName", Text),
    ("nodeSelector", Texts),
    ("affinity", Fields(&[("nodeAffinity", Fields(&[("requiredDuringSchedulingIgnoredDuringExecution", NODES)]))])),
    ("containers", CONTAINERS),
    ("initContainers", CONTAINERS),
    ("ephemeralContainers", CONTAINERS),
]);

/// A Pod.
pub const POD: Shape = Fields(&[
    ("apiVersion", Text),
    ("kind", Text),
    ("metadata", METADATA_OF_PODS),
    ("spec", POD_SPEC),
    ("status", Fields(&[("phase", Text), ("podIP", Text), ("podIPs", List(&Fields(&[("ip", Text)])))])),
]);

const TEMPLATE: Shape =
    Fields(&[("metadata", Fields(&[("labels", Texts), ("annotations", Texts)])), ("spec", POD_SPEC)]);

const TEMPLATED: Shape = Fields(&[("metadata", METADATA), ("spec", Fields(&[("template", TEMPLATE)]))]);

const CRON_JOB: Shape = Fields(&[
    ("metadata", METADATA),
    ("spec", Fields(&[("jobTemplate", Fields(&[("spec", Fields(&[("template", TEMPLATE)]))]))])),
]);

const SELECTOR: Shape = Fields(&[("matchLabels", Texts), ("matchExpressions", EXPRESSIONS)]);

const PEERS: Shape = List(&Fields(&[
    ("podSelector", SELECTOR),
    ("namespaceSelector", SELECTOR),
    ("ipBlock", Fields(&[("cidr", Text), ("except", List(&Text))])),
]));

const PORTS: Shape = List(&Fields(&[("port", IntegerOrText), ("endPort", Integer), ("protocol", Text)]));

const NETWORK_POLICY: Shape = Fields(&[
    ("metadata", METADATA),
    (
        "spec",
        Fields(&[
            ("podSelector", SELECTOR),
            ("policyTypes", List(&Text)),
            ("ingress", List(&Fields(&[("from", PEERS), ("ports", PORTS)]))),
            ("egress", List(&Fields(&[("to", PEERS), ("ports", PORTS)]))),
        ]),
    ),
]);

const SERVICE_PORTS: Shape = List(&Fields(&[
    ("name", Text),
    ("protocol", Text),
    ("port", Integer),
    ("targetPort", IntegerOrText),
    ("nodePort", Integer),
]));

const SERVICE: Shape = Fields(&[
    ("metadata", METADATA),
    (
        "spec",
        Fields(&[
            ("type", Text),
            ("selector", Texts),
            ("ports", SERVICE_PORTS),
            ("clusterIP", Text),
            ("clusterIPs", List(&Text)),
            ("externalIPs", List(&Text)),
            ("loadBalancerIP", Text),
        ]),
    ),
]);

const ENDPOINT_PORTS: Shape = List(&Fields(&[("name", Text), ("port", Integer), ("protocol", Text)]));

const ENDPOINT_SLICE: Shape = Fields(&[
    ("metadata", METADATA),
    ("addressType", Text),
    ("endpoints", List(&Fields(&[("addresses", List(&Text))]))),
    ("ports", ENDPOINT_PORTS),
]);

const ENDPOINT_ADDRESSES: Shape = List(&Fields(&[("ip", Text)]));

const ENDPOINTS: Shape = Fields(&[
    ("metadata", METADATA),
    (
        "subsets",
        List(&Fields(&[
            ("addresses", ENDPOINT_ADDRESSES),
            ("notReadyAddresses", ENDPOINT_ADDRESSES),
            ("ports", ENDPOINT_PORTS),
        ])),
    ),
]);

const ANY_OBJECT: Shape = Fields(&[("metadata", METADATA)]);

/// What is judged of an object of this kind. A custom kind that has a template as the API's own have it is judged as
/// those.
#[must_use]
pub fn of(kind: &GroupKind, tree: &Node<'_>) -> &'static Shape {
    let has_template = || tree.at(&["spec", "template", "spec", "containers"]).is_some();
    match (kind.group.as_str(), kind.kind.as_str()) {
        ("", "Pod") => &POD,
        ("", "Service") => &SERVICE,
        ("", "Endpoints") => &ENDPOINTS,
        ("discovery.k8s.io", "EndpointSlice") => &ENDPOINT_SLICE,
        ("batch", "CronJob") => &CRON_JOB,
        ("networking.k8s.io", "NetworkPolicy") => &NETWORK_POLICY,
        _ if crate::workload::template_path(kind).is_some() || has_template() => &TEMPLATED,
        _ => &ANY_OBJECT,
    }
}

impl Shape {
    /// The shape of a field; none where the field is not judged.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&'static Self> {
        match self {
            Fields(fields) => fields.iter().find(|(name, _)| *name == key).map(|(_, shape)| shape),
            _ => None,
        }
    }

    /// The shape of the items of a list.
    #[must_use]
    pub fn item(&self) -> Option<&'static Self> {
        match self {
            List(item) => Some(item),
            _ => None,
        }
    }

    /// The first field of a tree that has the wrong type.
    #[must_use]
    pub fn misfit(&self, node: &Node<'_>) -> Option<Misfit> {
        match (self, &node.value) {
            (_, Value::Null)
            | (Text | IntegerOrText, Value::String(_))
            | (Boolean, Value::Bool(_))
            | (Integer | IntegerOrText, Value::Integer(_)) => None,
            (Texts, Value::Mapping(entries)) => {
                entries.iter().find_map(|entry| Some(Text.misfit(&entry.node)?.under(&entry.key)))
            }
            (List(shape), Value::Sequence(items)) => {
                items.iter().enumerate().find_map(|(index, item)| Some(shape.misfit(item)?.under(&index.to_string())))
            }
            (Fields(fields), Value::Mapping(_)) => {
                fields.iter().find_map(|(key, shape)| Some(shape.misfit(node.get(key)?)?.under(key)))
            }
            _ => Some(Misfit { path: String::new(), span: node.span, expected: self.words(), found: node.kind_word() }),
        }
    }

    fn words(&self) -> &'static str {
        match self {
            Text => "text",
            Boolean => "a boolean",
            Integer => "a whole number",
            IntegerOrText => "a whole number or text",
            Texts => "a mapping of text to text",
            List(_) => "a list",
            Fields(_) => "a mapping",
        }
    }
}

impl Misfit {
    fn under(mut self, key: &str) -> Self {
        self.path = if self.path.is_empty() { key.to_owned() } else { format!("{key}.{}", self.path) };
        self
    }
}
