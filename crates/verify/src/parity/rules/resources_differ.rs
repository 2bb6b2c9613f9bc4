//! PAR005: how much it may use.

use dtap_report::{Plane, Rule, Severity};

/// PAR005.
pub static RULE: Rule = Rule {
    code: "PAR005",
    title: "resources differ",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "With other limits a program is throttled or killed at another load. Amounts are compared, not their spelling: 500m is 0.5.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-acc}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
        resources: {limits: {memory: 256Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-prd}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
        resources: {limits: {memory: 1Gi}}
"#
    ),
    holds: concat!(
        closed!(),
        r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-acc}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
        resources: {limits: {memory: 1024Mi}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-prd}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
        resources: {limits: {memory: 1Gi}}
"#
    ),
    mend: "Give both environments the same requests and limits, or keep the difference and know it.",
};
