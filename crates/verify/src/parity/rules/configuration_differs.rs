//! PAR003: values that applications read.

use dtap_report::{Plane, Rule, Severity};

/// PAR003.
pub static RULE: Rule = Rule {
    code: "PAR003",
    title: "configuration differs",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "A value that differs by more than the environment's own name is behaviour that was not tested before. A value in which each environment names itself is no difference, nor is one that both say word for word; one in which an environment names another is.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop-acc}
data: {DATABASE: orders.shop-acc.svc, LOG_LEVEL: info}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop-prd}
data: {DATABASE: orders.shop-acc-old.svc, LOG_LEVEL: info}
"#
    ),
    holds: concat!(
        closed!(),
        r#"apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop-acc}
data: {DATABASE: orders.shop-acc.svc, LOG_LEVEL: info}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop-prd}
data: {DATABASE: orders.shop-prd.svc, LOG_LEVEL: info}
"#
    ),
    mend: "Give both environments the same value, or keep the difference and know it.",
};
