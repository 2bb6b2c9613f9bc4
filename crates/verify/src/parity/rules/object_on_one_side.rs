//! PAR001: a whole object that only one of two neighbouring environments has.

use dtap_report::{Plane, Rule, Severity};

/// PAR001.
pub static RULE: Rule = Rule {
    code: "PAR001",
    title: "an object that only one of two environments has",
    plane: Plane::Parity,
    severity: Severity::Note,
    why: "What is missing in acceptance was not tested before production, and what is missing in production was tested for nothing. Objects are compared without what tells the environment: namespace, name prefix or suffix, a generator's hash. What a controller or the server makes is not compared.",
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
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop-acc}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
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
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop-acc}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
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
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop-prd}
spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}
"#
    ),
    mend: "Add the object to the environment that lacks it, or take it out of the other.",
};
