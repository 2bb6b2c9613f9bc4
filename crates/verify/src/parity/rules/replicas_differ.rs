//! PAR007: how often it runs.

use dtap_report::{Plane, Rule, Severity};

/// PAR007.
pub static RULE: Rule = Rule {
    code: "PAR007",
    title: "replicas differ",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "What runs once never meets its own second instance: locks, sessions, leader election and rolling updates are first tried in production.",
    breaks: concat!(
        closed!(),
        r#"apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-acc}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop-prd}
spec:
  replicas: 6
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example/web:1.8.1
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
"#
    ),
    mend: "Run at least two wherever production runs several, or keep the difference and know it.",
};
