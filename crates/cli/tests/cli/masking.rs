//! Secrets planted wherever people leave them: no output, in no format, shows one.

use crate::harness::{Run, dtap, finish, run, run_with_input, shop_with};

/// Every planted value contains this.
const PLANTED: &str = "hunter2";

/// What programs take as credentials by their own custom: directives, flags, variables.
const HABITS_DEV: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: habits, namespace: shop-dev}
data:
  redis.conf: |
    maxmemory 1
    requirepass hunter2-a
    masterauth hunter2-a
  sentinel.conf: sentinel auth-pass main hunter2-a
  netrc: machine x login y password hunter2-a
  run.sh: |
    curl -u a:hunter2-a https://host
    docker login -u a -p hunter2-a
  SVC_PASSCODE: hunter2-a
  SVC_PIN: hunter2-a
  GIT_PAT: hunter2-a
  SENTRY_DSN: hunter2-a
  SVC_CREDS: hunter2-a
  PASSPHRASE: hunter2-a
  PRIVATE_KEY: hunter2-a
  DB_CONNECTION_STRING: hunter2-a
  SPIN: spin-a
  SLACK_WEBHOOK: https://host/hunter2-a
  slackWebhookUrl: https://host/hunter2-a
  DISCORD_WEBHOOK_URLS: https://host/hunter2-a
  PAGERDUTY_SERVICE: hunter2-a
  alerts.yaml: |
    slack_webhook: https://host/hunter2-a
    pagerduty_integration: hunter2-a
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: habits, namespace: shop-dev}
spec:
  selector: {matchLabels: {app: habits}}
  template:
    metadata: {labels: {app: habits}}
    spec:
      containers:
      - name: one
        image: registry.example/h:1
        command: [sh, -c, "curl -u a:hunter2-a https://host"]
        args: [login, -u, hunter2-a, -p, hunter2-a]
        env:
        - {name: GIT_PAT, value: hunter2-a}
        - name: DSN
          value: hunter2-a
      - name: two
        image: registry.example/h:1
        command:
        - docker login -p hunter2-a
        args:
        - docker login --password hunter2-a
        - --user=a:hunter2-a
        - curl --user 'a:hunter2-a unter2' https://host
        - -p
        - hunter2-a
        - --password
        - hunter2-a
        - "--db-password"

        - "hunter2-a"
        - --token
        # it is folded
        - >-
          hunter2-a
      - name: three
        image: registry.example/h:1
        command: [run, --password, hunter2-a, --slack-webhook-url, hunter2-a]
        args: [
          "--password",
          "hunter2-a",
          --token, hunter2-a,
        ]
        env:
        - {name: TEAMS_WEBHOOK, value: hunter2-a}
        - name: PAGERDUTY_SERVICE
          value: hunter2-a
"#;

/// The same in another environment, each with another value.
fn habits_prd() -> String {
    HABITS_DEV.replace("shop-dev", "shop-prd").replace("hunter2-a", "hunter2-b").replace("spin-a", "spin-b")
}

/// Values that nothing on their own line calls a secret, and those that a finding masks for a reason that its line does
/// not tell.
const UNSAID_DEV: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: unsaid, namespace: shop-dev}
data:
  a.xml: |
    <db><password>hunter2-a-1</password></db>
  b.xml: |
    <db>
    <password>hunter2-a-2</password>
    <password>
      hunter2-a-3
    </password>
  c.properties: |
    level=debug
    db.password=\
      hunter2-a-4
  d.toml: |
    password = """
    hunter2-a-5"""
  e.acl: |
    user default on >hunter2-a-6 ~* +@all
  f.sql: |
    CREATE USER a IDENTIFIED BY 'hunter2-a-7';
  userlist.txt: |
    "user" "hunter2-a-8"
  run.sh: |
    echo 'hunter2-a-9' | docker login -u x --password-stdin
  conf: |
    rocommunity hunter2-a-10
  id_rsa: hunter2-a-11
  age: AGE-SECRET-KEY-1hunter2-a-12
  sas: https://x/c?sv=1&sig=hunter2-a-13
  core-site.xml: |
    <property>
      <name>fs.s3a.secret.key</name>
      <value>hunter2-a-23</value>
    </property>
  section.toml: |
    [auth.token]
    value = "hunter2-a-24"
  block.hcl: |
    token {
      value = "hunter2-a-25"
    }
  insert.sql: |
    INSERT INTO users (name, password)
    VALUES ('a', 'hunter2-a-26');
  users.csv: |
    name,password
    a,hunter2-a-27
  users-too.csv: "name,password\na,hunter2-a-28\n"
  said-in-secret: hunter2-a-secret
---
apiVersion: v1
kind: Secret
metadata: {name: unsaid, namespace: shop-dev}
stringData: {foo: hunter2-a-secret, bar: hunter2-a-shared}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: beside, namespace: shop-dev}
data: {level: debug-a, said: hunter2-a-shared}
---
apiVersion: v1
kind: Secert
metadata: {name: unsaid, namespace: shop-dev}
data:
  foo: hunter2-a-14
---
apiVersion: example.com/v1
kind: SecretThing
metadata: {name: unsaid, namespace: shop-dev}
spec: {foo: hunter2-a-15}
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: unsaid, namespace: shop-dev}
spec: {parameters: [{name: masterPassword, default: "hunter2-a-16"}], "p\x61ssword": "hunter2-a-17"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: unsaid, namespace: shop-dev}
spec:
  selector: {matchLabels: {app: unsaid}}
  template:
    metadata: {labels: {app: unsaid}}
    spec:
      containers:
      - name: one
        image: registry.example/h:1
        command: [kubectl, create, secret, generic, x, "--from-literal=foo=hunter2-a-18"]
        args: [sh, -c, "vault login hunter2-a-19"]
        env:
        - {name: DB_PASSWORD, value: &q "hunter2-a-env"}
        - {name: OTHER, value: *q}
        - {name: AGAIN, value: hunter2-a-env}
        - {name: API_TOKEN, valueFrom: "hunter2-a-20"}
        - {name: LDAP_BINDPW, value: hunter2-a-21}
        - {name: OTEL_EXPORTER_OTLP_HEADERS, value: "x-team=hunter2-a-22"}
"#;

/// The same in another environment, each with another value.
fn unsaid_prd() -> String {
    UNSAID_DEV.replace("shop-dev", "shop-prd").replace("debug-a", "debug-b").replace("hunter2-a", "hunter2-b")
}

const HABITS_TWICE: &str = r#"apiVersion: v1
kind: ConfigMap
metadata: {name: habits-twice, namespace: shop-prd}
data:
  redis.conf: requirepass hunter2-a
  redis.conf: requirepass hunter2-b
  SVC_PIN: hunter2-a
  SVC_PIN: hunter2-b
  run: docker login -p hunter2-a
  run: docker login -p hunter2-b
"#;

/// Files that hold a secret each, in ways that make something complain of the line it stands on or beside.
const FILES: [(&str, &str); 33] = [
    (
        "secret-dev.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop-dev}\nstringData:\n  url: hunter2-a\n  user: hunter2-u\n",
    ),
    (
        "secret-prd.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop-prd}\nstringData:\n  url: hunter2-b\n  user: hunter2-u\n  more: hunter2-c\n",
    ),
    (
        "data-prd.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: only, namespace: shop-prd}\ndata:\n  url: aHVudGVyMg==\n",
    ),
    (
        "twice.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: twice, namespace: shop-prd}\nstringData:\n  url: hunter2-a\n  url: hunter2-b\n",
    ),
    (
        "twice-env.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice, namespace: shop-prd}\ndata:\n  DB_PASSWORD: hunter2-a\n  DB_PASSWORD: hunter2-b\n",
    ),
    (
        "config-dev.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop-dev}\ndata:\n  DB_PASSWORD: hunter2-a\n  apiKey: hunter2-a\n  file.properties: |\n    db.password=hunter2-a\n    level=debug\n  url: postgres://shop:hunter2-a@db/shop\n",
    ),
    (
        "config-prd.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c, namespace: shop-prd}\ndata:\n  DB_PASSWORD: hunter2-b\n  apiKey: hunter2-b\n  file.properties: |\n    db.password=hunter2-b\n    level=info\n  url: postgres://shop:hunter2-b@db/shop\n",
    ),
    (
        "env-dev.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: e, namespace: shop-dev}\nspec:\n  selector: {matchLabels: {app: e}}\n  template:\n    metadata: {labels: {app: e}}\n    spec:\n      containers:\n      - name: e\n        image: registry.example/e:1\n        args: [--api-token, hunter2-a, --password=hunter2-a]\n        env:\n        - name: DB_PASSWORD\n          value: hunter2-a\n        - {name: API_TOKEN, value: hunter2-a}\n",
    ),
    (
        "env-prd.yaml",
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: e\n  namespace: shop-prd\n  annotations:\n    kubectl.kubernetes.io/last-applied-configuration: '{\"kind\":\"Secret\",\"data\":{\"a\":\"hunter2-l\"}}'\nspec:\n  selector: {matchLabels: {app: e}}\n  template:\n    metadata: {labels: {app: e}}\n    spec:\n      containers:\n      - name: e\n        image: registry.example/e:1\n        args: [--api-token, hunter2-b, --password=hunter2-b]\n        env:\n        - name: DB_PASSWORD\n          value: hunter2-b\n        - {name: API_TOKEN, value: hunter2-b}\n",
    ),
    (
        "external-dev.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: made, namespace: shop-dev}\nspec:\n  target:\n    template:\n      data:\n        b: hunter2-a\n        b: hunter2-b\n",
    ),
    (
        "external-prd.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: made, namespace: shop-prd}\nspec:\n  target:\n    template:\n      data:\n        b: hunter2-c\n        b: hunter2-d\n",
    ),
    (
        "external-flow.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: flow, namespace: shop-prd}\nspec: {target: {template: {data: {b: hunter2-a, b: hunter2-b}}}}\n",
    ),
    (
        "external-cluster.yaml",
        "apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: made}\nspec:\n  externalSecretSpec:\n    target:\n      template:\n        data:\n          b: hunter2-a\n          b: hunter2-b\n",
    ),
    (
        "vault.yaml",
        "apiVersion: secrets.hashicorp.com/v1beta1\nkind: VaultStaticSecret\nmetadata: {name: made, namespace: shop-prd}\nspec: {destination: {transformation: {templates: {b: {text: hunter2-a, text: hunter2-b}}}}}\n",
    ),
    (
        "sops.yaml",
        "apiVersion: isindir.github.com/v1alpha3\nkind: SopsSecret\nmetadata: {name: made, namespace: shop-prd}\nspec:\n  secretTemplates:\n  - name: s\n    stringData:\n      b: hunter2-a\n      b: hunter2-b\n",
    ),
    (
        "pairs-dev.yaml",
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t, namespace: shop-dev}\nspec:\n  parameters:\n  - key: DB_PASSWORD\n    value: hunter2-a-k\n  - key: other\n    value: plain-a\n  pairs:\n  - param: DB_PASSWORD\n    val: hunter2-a-p\n  settings:\n  - {id: API_TOKEN, content: hunter2-a-i}\n",
    ),
    (
        "pairs-prd.yaml",
        "apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: t, namespace: shop-prd}\nspec:\n  parameters:\n  - key: DB_PASSWORD\n    value: hunter2-b-k\n  - key: other\n    value: plain-b\n  pairs:\n  - param: DB_PASSWORD\n    val: hunter2-b-p\n  settings:\n  - {id: API_TOKEN, content: hunter2-b-i}\n",
    ),
    (
        "held-dev.yaml",
        "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: tpl, namespace: shop-dev}\nobjects:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n  data: {foo: hunter2-a}\n---\napiVersion: work.open-cluster-management.io/v1\nkind: ManifestWork\nmetadata: {name: mw, namespace: shop-dev}\nspec: {workload: {manifests: [{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {foo: hunter2-a}}]}}\n---\napiVersion: kyverno.io/v1\nkind: Policy\nmetadata: {name: kp, namespace: shop-dev}\nspec:\n  rules:\n  - name: gen\n    generate:\n      kind: Secret\n      data:\n        data:\n          foo: hunter2-a\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm, namespace: shop-dev}\nbinaryData: {store: aHVudGVyMg==}\n",
    ),
    (
        "held-prd.yaml",
        "apiVersion: template.openshift.io/v1\nkind: Template\nmetadata: {name: tpl, namespace: shop-prd}\nobjects:\n- apiVersion: v1\n  kind: Secret\n  metadata: {name: s}\n  data: {foo: hunter2-b}\n---\napiVersion: work.open-cluster-management.io/v1\nkind: ManifestWork\nmetadata: {name: mw, namespace: shop-prd}\nspec: {workload: {manifests: [{apiVersion: v1, kind: Secret, metadata: {name: s}, data: {foo: hunter2-b}}]}}\n---\napiVersion: kyverno.io/v1\nkind: Policy\nmetadata: {name: kp, namespace: shop-prd}\nspec:\n  rules:\n  - name: gen\n    generate:\n      kind: Secret\n      data:\n        data:\n          foo: hunter2-b\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm, namespace: shop-prd}\nbinaryData: {store: aHVudGVyMgo=}\n",
    ),
    ("habits-dev.yaml", HABITS_DEV),
    ("unsaid-dev.yaml", UNSAID_DEV),
    (
        "line.json",
        r#"{"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"p","namespace":"shop-dev","annotations":{"x":"password=hunter2\nfoo: 1"}},"spec":{"podSelector":{},"ingress":[{"From":[]}]}}"#,
    ),
    (
        "broken-pem.yaml",
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  k: |\n    -----BEGIN PRIVATE KEY-----\n   hunter2\n    -----END PRIVATE KEY-----\n",
    ),
    ("broken-kind.yaml", "apiVersion: v1\nkind: Secert\nmetadata: {name: k}\ndata:\n  foo: hunter2: x\n"),
    ("habits-twice.yaml", HABITS_TWICE),
    ("broken-habits.yaml", "apiVersion: v1\nkind: Pod\nspec:\n  args: [sh, -c, \"curl -u a:hunter2 https://host\n"),
    ("broken-redis.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  redis.conf: requirepass hunter2: [\n x\n"),
    ("broken-pin.yaml", "apiVersion: v1\nkind: ConfigMap\ndata:\n  SVC_PIN: hunter2: x\n  GIT_PAT: 'hunter2\n"),
    ("broken-tab.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: t}\nstringData:\n\turl: hunter2-t\n"),
    ("broken-flow.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: f}\nstringData: {url: hunter2-f\n"),
    ("broken-quote.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: q}\ndata:\n  password: \"hunter2-q\n"),
    (
        "broken-colon.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata: {name: k}\nstringData:\n  url: hunter2-k: x: y\n *nothing hunter2\n",
    ),
    ("broken.json", "{\"apiVersion\": \"v1\", \"kind\": \"Secret\", \"stringData\": {\"url\": \"hunter2-j\", }, }"),
];

/// A shop in which all of it lies.
fn planted() -> tempfile::TempDir {
    let folder = shop_with(&FILES);
    std::fs::write(folder.path().join("habits-prd.yaml"), habits_prd()).unwrap();
    std::fs::write(folder.path().join("unsaid-prd.yaml"), unsaid_prd()).unwrap();
    folder
}

#[track_caller]
fn hides(what: &str, run: &Run) {
    for (stream, text) in [("standard output", &run.stdout), ("standard error", &run.stderr)] {
        let line = text.lines().find(|line| line.contains(PLANTED) || line.contains("aHVudGVyMg"));
        assert_eq!(line, None, "{what}, {stream}");
    }
}

#[test]
fn no_output_shows_a_planted_secret() {
    let folder = planted();
    for arguments in [
        &["scan"][..],
        &["scan", "--all"],
        &["scan", "-q", "--all"],
        &["scan", "-o", "json"],
        &["scan", "--strict", "--all"],
        &["diff", "dev", "prd"],
        &["diff", "-o", "json", "dev", "prd"],
        &["reach", "dev:e", "prd:e"],
    ] {
        let run = run(arguments, folder.path());
        assert!(run.stdout.len() > 100, "{arguments:?} shows nothing: {}", run.stderr);
        hides(&format!("{arguments:?}"), &run);
    }
}

#[test]
fn each_file_alone_keeps_its_secret_on_standard_input() {
    let (habits, unsaid) = (habits_prd(), unsaid_prd());
    let more = [("habits-prd.yaml", habits.as_str()), ("unsaid-prd.yaml", unsaid.as_str())];
    for (name, text) in FILES.into_iter().chain(more) {
        for format in ["text", "json"] {
            hides(&format!("{name} as {format}"), &run_with_input(&["scan", "--all", "-o", format, "-"], text));
        }
    }
}

/// A renderer that complains with a credential, in place of kustomize.
#[test]
fn no_complaint_of_a_renderer_shows_a_credential() {
    let folder = shop_with(&[
        ("overlay/kustomization.yaml", "configMapGenerator: [{name: b, literals: [\"hunter2\"]}]\n"),
        (
            "kustomize",
            "#!/bin/sh\necho 'Error: literal source: cannot use token hunter2 for https://u:hunter2@h' >&2\nexit 1\n",
        ),
    ]);
    let renderer = folder.path().join("kustomize");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&renderer, mode).unwrap();
    for arguments in [&["scan", "--all"][..], &["scan", "-q"], &["scan", "-o", "json"], &["diff", "dev", "prd"]] {
        let mut command = dtap(arguments, folder.path());
        command.env("DTAP_KUSTOMIZE", &renderer);
        let run = finish(command);
        hides(&format!("{arguments:?}"), &run);
        let said = run.stdout.contains("cannot use token ***") || run.stderr.contains("cannot use token ***");
        assert!(said || arguments[0] == "diff", "{arguments:?}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn something_is_said_of_what_is_hidden() {
    let folder = planted();
    let run = run(&["diff", "dev", "prd"], folder.path());
    assert!(run.stdout.contains("***"), "nothing is masked, so nothing is tested:\n{}", run.stdout);
    for shown in [
        "plain-a",
        "spin-a",
        "debug-a",
        "foo of Template tpl differs",
        "foo of ManifestWork mw differs",
        "store of ConfigMap cm differs",
    ] {
        assert!(run.stdout.contains(shown), "{shown} is not told:\n{}", run.stdout);
    }
}
