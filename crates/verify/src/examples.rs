//! What the examples of the rules add to: environments that let nobody in, so that an example shows its own rule alone.

/// Two environments of a shop that let nobody in, dev and prd, with a pod each.
macro_rules! street {
    () => {
        "apiVersion: v1
kind: Namespace
metadata: {name: shop-dev, labels: {environment: dev, team: shop}}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop-prd, labels: {environment: prd, team: shop}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop-dev, labels: {app: web}}
spec: {containers: [{name: web, image: registry.example/web:1.0.0}]}
---
apiVersion: v1
kind: Pod
metadata: {name: orders, namespace: shop-prd, labels: {app: orders}}
spec: {containers: [{name: orders, image: registry.example/orders:1.0.0, ports: [{containerPort: 5432}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-dev}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-prd}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
"
    };
}

/// Two environments of a shop that let nobody in, acc and prd.
macro_rules! closed {
    () => {
        "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-acc}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-prd}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
"
    };
}
