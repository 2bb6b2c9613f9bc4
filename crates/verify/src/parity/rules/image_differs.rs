//! PAR004: what runs.

use dtap_report::{Plane, Rule, Severity};

/// PAR004.
pub static RULE: Rule = Rule {
    code: "PAR004",
    title: "an image differs",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "Two environments that run different images are two versions: a test in the earlier one says nothing of the later one, unless a promotion is under way.",
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
        image: registry.example/web:1.8.2
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
    mend: "Promote the image that was tested, by its digest.",
};
