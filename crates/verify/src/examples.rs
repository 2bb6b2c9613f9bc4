//! What the examples of the rules add to: environments that let nobody in, so that an example shows its own rule alone.

/// A policy that lets nobody into this environment of the shop.
macro_rules! nobody_into {
    ($stage:literal) => {
        concat!(
            "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: shop-",
            $stage,
            "}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
"
        )
    };
}

/// Two environments of a shop that let nobody in, dev and prd, with a pod each.
macro_rules! street {
    () => {
        concat!(
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
",
            nobody_into!("dev"),
            nobody_into!("prd")
        )
    };
}

/// Two environments of a shop that let nobody in, acc and prd.
macro_rules! closed {
    () => {
        concat!(nobody_into!("acc"), nobody_into!("prd"))
    };
}
