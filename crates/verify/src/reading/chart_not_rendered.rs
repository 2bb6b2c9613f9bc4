//! SRC006: a chart that was recognised and not rendered.

use super::not_read::grouped;
use dtap_report::{Finding, Plane, Rule, Severity};
use dtap_snapshot::Snapshot;
use dtap_snapshot::reading::UnreadCause;

/// SRC006.
pub static RULE: Rule = Rule {
    code: "SRC006",
    title: "a chart is not rendered",
    plane: Plane::Sources,
    severity: Severity::Warning,
    why: "A Helm chart is no manifest until it is rendered with the values of an environment. This version recognises charts and does not render them: what they hold is unknown, and so is the environment that they belong to.",
    breaks: r#"# file: chart/Chart.yaml
apiVersion: v2
name: shop
version: 1.0.0
"#,
    holds: r#"# file: shop.yaml
apiVersion: v1
kind: Namespace
metadata: {name: shop-dev}
"#,
    mend: "Render the chart once for each environment (`helm template shop chart -n shop-dev -f values-dev.yaml > dev.yaml`) and scan the results; leave the chart out with --exclude.",
};

/// One finding for every chart; many are one.
pub fn check(snapshot: &Snapshot) -> Vec<Finding> {
    grouped(
        snapshot,
        &RULE,
        |unread| unread.cause == UnreadCause::Chart,
        |chart| format!("the chart {} is not rendered: what it holds is unknown", chart.name),
    )
}
