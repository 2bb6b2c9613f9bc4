//! Secrets planted in texts of every form that people write: no excerpt shows one, wherever it is marked.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what a test cannot go on without fails it"
)]

use dtap_model::place::{Origin, Place, Source, SourceId, Sources};
use dtap_model::tree::Span;
use dtap_report::Evidence;
use dtap_report::excerpt::{Masked, excerpt};

/// What is planted. A text holds it where it must not be seen, and `visible` where it may.
const PLANTED: &str = "hunter2";

/// The excerpts of a text marked at every character of it.
fn excerpts(text: &str) -> Vec<String> {
    let source = Source { name: "file.yaml".into(), origin: Origin::File, text: text.into() };
    let starts = text.char_indices().map(|(at, _)| at);
    starts
        .map(|at| Place { source: SourceId(0), span: Span::new(at, (at + 9).min(text.len())) })
        .map(|place| Evidence { place, label: String::new() })
        .map(|evidence| excerpt(&source, &evidence, &Masked::default(), 100).text)
        .collect()
}

#[track_caller]
fn hides(text: &str) {
    assert!(text.contains(PLANTED), "nothing is planted in {text}");
    for shown in excerpts(text) {
        assert!(!shown.contains("hunter") && !shown.contains("unter2"), "shown: {shown}\nof:\n{text}");
    }
}

#[track_caller]
fn shows(text: &str, part: &str) {
    assert!(excerpts(text).iter().any(|shown| shown.contains(part)), "{part} is hidden in\n{text}");
}

#[test]
fn data_of_secrets() {
    hides("apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\ndata:\n  x: hunter2\n");
    hides("data:\n  x: hunter2\nkind: Secret\n");
    hides("kind: \"Secret\"\nstringData:\n    name: hunter2\n    kind: hunter2\n");
    hides("kind: Secret\nstringData: {a: hunter2}\n");
    hides("{kind: Secret, stringData: {a: hunter2}}\n");
    hides("{\"data\": {\"a\": \"hunter2\"}, \"kind\": \"Secret\"}\n");
    hides("kind: Secret\nstringData:\n  file: |\n    first line\n    hunter2\n\n    kind: hunter2\n");
    hides("kind: Secret\nstringData:\n  x: \"a\n  hunter2\"\n");
    hides("kind: ConfigMap\n---\nkind: Secret\nstringData:\n  x: hunter2\n---\nkind: ConfigMap\n");
    shows("kind: Secret\nmetadata:\n  name: visible\nstringData:\n  x: y\n", "visible");
}

#[test]
fn what_gives_itself_away_before_what_is_called_a_secret() {
    hides("kind: Pod\nspec:\n  containers: [{image: \"https://u:hunter2@reg/x:1\", args: [\"--password\", x]}]\n");
    hides("kind: Pod\nspec: {url: \"https://u:hunter2@reg/x\", password: x}\n");
}

#[test]
fn data_of_secrets_in_lists() {
    let list = r#"{
    "apiVersion": "v1",
    "items": [
        {
            "apiVersion": "v1",
            "data": {
                "a": "hunter2"
            },
            "kind": "Secret",
            "metadata": {
                "name": "x"
            }
        },
        {
            "kind": "NetworkPolicy",
            "spec": {
                "podSelector": {"matchLabels": {"app": "visible"}}
            }
        }
    ],
    "kind": "List"
}
"#;
    hides(list);
    shows(list, "visible");
    let list = "kind: List\nitems:\n- apiVersion: v1\n  kind: Secret\n  data:\n    a: hunter2\n- kind: Service\n  spec:\n    a: visible\n";
    hides(list);
    shows(list, "visible");
    hides("kind: List\nitems:\n  - data:\n      a: hunter2\n    kind: Secret\n");
}

#[test]
fn secrets_in_texts_that_do_not_parse() {
    hides("kind: Secret\nstringData:\n\tx: hunter2\n");
    hides("kind: Secret\nstringData:\n  x: [hunter2\n");
    hides("kind: Secret\n  stringData:\nx: hunter2: y\n");
    hides("kind: Secret\nstringData:\nhunter2\n");
    hides("kind: Secret\ndata:\n  {{ range .Values.x }}\n  {{ .name }}: hunter2\n");
    hides("data:\n  x: hunter2\n  y: [\n");
    hides("kind: ConfigMap\ndata:\n  password: 'hunter2\n");
    hides("kind: ConfigMap\ndata:\n  password : hunter2 : x\n");
    hides("password:\n hunter2\n");
}

#[test]
fn values_whose_key_speaks_of_secrets() {
    for key in [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "passwd",
        "pwd",
        "token",
        "API_TOKEN",
        "clientSecret",
        "secrets",
        "credentials",
        "awsCredential",
        "apiKey",
        "API_KEY",
        "private-key",
        "sshkey",
        "keys",
        "key",
        "passphrase",
        "SVC_PASSCODE",
        "userPin",
        "GITHUB_PAT",
        "DSN",
        "SENTRY_DSN",
        "DB_PIN2",
        "SVC_CREDS",
        "PRIVATE_KEY",
        "LDAP_BINDPW",
        "id_rsa",
        "secureJsonData",
        "--from-literal",
        "x-honeycomb-team",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "CONNECTION_STRING",
        "DB_CONN_STR",
        "TLS_KEY",
        "auth",
        "salt",
        "Authorization",
        "Cookie",
        "Set-Cookie",
        "X-Api-Key",
        ".dockerconfigjson",
        "kubectl.kubernetes.io/last-applied-configuration",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  {key}: hunter2\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  \"{key}\": \"hunter2\"\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  '{key}': |-\n    hunter2\n    more hunter2\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  {key}:\n    inner: hunter2\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  {key}:\n  - hunter2\n"));
        hides(&format!("kind: ConfigMap\ndata: {{a: b, {key}: hunter2}}\n"));
        hides(&format!("{{\"kind\": \"ConfigMap\", \"data\": {{\"{key}\":\"hunter2\"}}}}\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  file.properties: |\n    a=b\n    {key}=hunter2\n"));
    }
}

#[test]
fn what_is_assigned_before_the_first_colon_of_a_line() {
    for text in ["password=hunter2\\nfoo: 1", "--token=hunter2 foo: 1", "password = hunter2 foo: 1"] {
        hides(&format!("{{\"kind\":\"NetworkPolicy\",\"metadata\":{{\"annotations\":{{\"x\":\"{text}\"}}}}}}\n"));
        hides(&format!("kind: ConfigMap\nmetadata: {{name: x}} # {text}\n"));
    }
    hides("{\"kind\":\"Secret\",\"stringData\":{\"a\":\"hunter2\",\"b\":\"c: d\"}}\n");
}

#[test]
fn elements_and_calls_that_speak() {
    for line in [
        "<db><password>hunter2</password></db>",
        "<password type=\"plain\">hunter2</password>",
        "<c:clientSecret>hunter2</c:clientSecret>",
        "define('DB_PASSWORD', 'hunter2');",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  any: |\n    first\n    {line}\n"));
    }
}

#[test]
fn keys_written_with_escapes() {
    hides("kind: Thing\nspec: {a: b, \"p\\x61ssword\": \"hunter2\"}\n");
    hides("{\"kind\": \"Thing\", \"spec\": {\"p\\u0061ssword\": \"hunter2\"}}\n");
    shows("kind: Thing\nspec: {a: \"\\x61 visible\"}\n", "visible");
}

#[test]
fn values_on_the_lines_below() {
    for text in [
        "<password>\n      hunter2\n    </password>",
        "<password>\n      a\n      hunter2\n    </password>",
        "db.password=\\\n      hunter2",
        "db.password = a\\\n      hunter2",
        "db.password=\\\n      hunter2: x",
        "password = \"\"\"\n    hunter2\"\"\"",
        "password = \"\"\"a\n    b\n    hunter2\"\"\"",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  any: |\n    first\n    {text}\n"));
    }
    let closed = "kind: ConfigMap\ndata:\n  any: |\n    <password>\n    x\n    </password>\n    visible\n";
    shows(closed, "visible");
    shows("kind: ConfigMap\ndata:\n  any: |\n    password = \"\"\"x\n    y\"\"\"\n    visible\n", "visible");
}

#[test]
fn values_on_lines_below_one_that_names_a_secret() {
    for text in [
        "<property>\n      <name>fs.s3a.secret.key</name>\n      <value>hunter2</value>\n    </property>",
        "<property>\n      <name>fs.s3a.secret.key</name>\n      <final>true</final>\n\n      <value>hunter2</value>",
        "<property><name>fs.s3a.secret.key</name>\n    <value>hunter2</value></property>",
        "[auth.token]\n    value = \"hunter2\"",
        "[database.password]\n    # it\n\n    other = 1\n    value = \"hunter2\"",
        "[[auth.tokens]]\n    value: hunter2",
        "token {\n      value = \"hunter2\"\n    }",
        "token \"a\" {\n\n      x = {}\n      value = \"hunter2\"\n    }",
        "INSERT INTO users (name, password)\n    VALUES ('a', 'hunter2');",
        "INSERT INTO tokens (id, it) VALUES\n    (1, 'a'),\n    (2, 'hunter2');",
        "INSERT INTO users (\n      name,\n      password\n    ) VALUES (\n      'a',\n      'hunter2'\n    );",
        "COPY users (name, password) FROM stdin;\n    a hunter2",
        "name,password\n    a,hunter2",
        "name,password\n    a,b}\n    c,hunter2: x",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  any: |\n    first\n    {text}\n"));
        hides(&text.replace("\n    ", "\n"));
        let line = text.replace("\n    ", "\\n").replace('"', "\\\"");
        hides(&format!("{{\"kind\": \"ConfigMap\", \"data\": {{\"any\": \"{}\"}}}}\n", line.replace('\n', "\\n")));
    }
    hides("kind: ConfigMap\ndata:\n  any: \"name,password\\n\\\n    a,hunter2\"\n");
    for text in [
        "<property>\n      <name>secret.key</name>\n      <value>x</value>\n    </property>\n    visible",
        "[auth.token]\n    value = 1\n    [other]\n    visible = 1",
        "token {\n      value = 1\n    }\n    visible",
        "name,password\n    a,b\n\n    visible",
        "name,password\n    a,b\n  other: visible",
        "cat /run/secrets/token $TOKEN ${TOKEN}\n    visible",
    ] {
        shows(&format!("kind: ConfigMap\ndata:\n  any: |\n    {text}\n"), "visible");
    }
    shows("kind: Role\nrules:\n- resources:\n  - secrets\n  - visible\n  verbs: [get]\n", "visible");
}

#[test]
fn lines_of_a_pem_block_however_indented() {
    for pem in ["    -----BEGIN PRIVATE KEY-----\n   hunter2\n", "    -----BEGIN PRIVATE KEY-----\n  a\n hunter2\n"] {
        hides(&format!("kind: ConfigMap\ndata:\n  k: |\n{pem}"));
    }
    let ended = "kind: ConfigMap\ndata:\n  k: |\n    -----BEGIN X-----\n    -----END X-----\n    visible\n";
    shows(ended, "visible");
}

#[test]
fn what_was_meant_for_a_secret() {
    hides("apiVersion: v1\nkind: Secert\nmetadata: {name: x}\ndata:\n  foo: hunter2\n");
    shows("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  foo: visible\n", "visible");
    shows("apiVersion: apps/v1\nkind: Other\nmetadata: {name: x}\ndata:\n  foo: visible\n", "visible");
}

#[test]
fn what_evidence_masks_is_masked_on_its_line_wherever_that_says_it() {
    let text = "any: \"hunter2-x\" # and hunter2-x\n";
    let source = Source { name: "file.yaml".into(), origin: Origin::File, text: text.into() };
    let shown = |label: &str| {
        let place = Place { source: SourceId(0), span: Span::new(5, 16) };
        excerpt(&source, &Evidence { place, label: label.to_owned() }, &Masked::default(), 100).text
    };
    assert_eq!(shown("*** in prd"), "any: *** # and ***");
    assert_eq!(shown("x in prd"), text.trim_end());
}

#[test]
fn what_other_evidence_masks_is_masked_on_every_line_that_says_it() {
    let text = "{level: debug, said: hunter2-x}\nother: hunter2-x\n";
    let mut sources = Sources::default();
    let id = sources.add(Source { name: "file.yaml".into(), origin: Origin::File, text: text.into() });
    let evidence = |value: &str, label: &str| {
        let at = text.find(value).unwrap();
        Evidence { place: Place { source: id, span: Span::new(at, at + value.len()) }, label: label.to_owned() }
    };
    let shown = |label: &str| {
        let all = [evidence("debug", "debug in prd"), evidence("hunter2-x", label), evidence("other", "")];
        let masked = Masked::by(&sources, all.iter());
        [0, 2].map(|at| excerpt(sources.get(id).unwrap(), &all[at], &masked, 100).text)
    };
    assert_eq!(shown("*** in prd"), ["{level: debug, said: ***}", "other: ***"]);
    assert_eq!(shown("x in prd"), ["{level: debug, said: hunter2-x}", "other: hunter2-x"]);
}

#[test]
fn environment_variables_on_two_lines() {
    let pod = |env: &str| format!("kind: Pod\nspec:\n  containers:\n  - name: web\n    env:\n{env}\n");
    hides(&pod("    - name: DB_PASSWORD\n      value: hunter2"));
    hides(&pod("    - value: hunter2\n      name: DB_PASSWORD"));
    hides(&pod("    - name: DB_PASSWORD\n      value: |\n        hunter2"));
    hides(&pod("    - name: DB_PASSWORD\n      value: >-\n\n        a\n        hunter2"));
    hides(&pod("    - {name: DB_PASSWORD, value: hunter2}"));
    hides(&pod("    - {value: hunter2, name: DB_PASSWORD}"));
    hides(&pod("    - {name: DB_PASSWORD,\n       value: hunter2}"));
    hides(&pod("    -\n      name: DB_PASSWORD\n      value: hunter2"));
    hides(
        "{\n  \"kind\": \"Pod\",\n  \"env\": [\n    {\n      \"name\": \"DB_PASSWORD\",\n      \"value\": \"hunter2\"\n    }\n  ]\n}\n",
    );
    hides(
        "{\n  \"kind\": \"Pod\",\n  \"env\": [\n    {\n      \"value\": \"hunter2\",\n      \"name\": \"DB_PASSWORD\"\n    }\n  ]\n}\n",
    );
    let other = pod("    - name: DB_PASSWORD\n      value: hunter2\n    - name: LOG_LEVEL\n      value: visible");
    hides(&other);
    shows(&other, "visible");
}

#[test]
fn arguments_and_addresses() {
    let pod = |args: &str| format!("kind: Pod\nspec:\n  containers:\n  - args:\n{args}\n");
    hides(&pod("    - --password=hunter2"));
    hides(&pod("    - --password\n    - hunter2"));
    hides(&pod("    - \"--api-token hunter2\""));
    hides("kind: Pod\nargs: [\"--password\", \"hunter2\"]\n");
    hides("kind: Pod\nargs: [web, --password, hunter2]\n");
    hides("kind: Pod\ndata:\n  url: postgres://user:hunter2@db:5432/x\n");
    hides("kind: Pod\ndata:\n  url: \"https://hunter2@host/\"\n");
}

#[test]
fn what_looks_like_a_credential_under_any_key() {
    for value in [
        "Basic hunter2",
        "Authorization: Bearer hunter2",
        "https://hooks.slack.com/services/T000/B000/hunter2",
        "https://discord.com/api/webhooks/1/hunter2",
        "https://example.webhook.office.com/webhookb2/hunter2",
        "https://api.telegram.org/bothunter2/sendMessage",
        "user:hunter2@reg/x:1",
        "mysql -uroot -phunter2",
        "-phunter2",
        "glpat-hunter2",
        "AGE-SECRET-KEY-1hunter2",
        "https://x.blob.core.windows.net/c?sv=2020&sig=hunter2",
        "c?sig=hunter2&sv=2020",
        "ASIAhunter2",
        "eyJhunter2",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  any: {value:?}\n"));
        hides(&format!("kind: Pod\nspec:\n  containers:\n  - image: {value:?}\n    command: [run, {value:?}]\n"));
    }
    for value in ["reg/x:1@sha256:visible", "-port=visible", "me@visible", "https://host/visible"] {
        shows(&format!("kind: ConfigMap\ndata:\n  any: {value:?}\n"), "visible");
    }
}

#[test]
fn names_of_which_a_part_of_a_word_would_speak() {
    for key in ["SPIN", "PATH", "OPINION", "PATTERN", "CLASSPATH", "CREDIT", "pinned"] {
        shows(&format!("kind: ConfigMap\ndata:\n  {key}: visible\n"), "visible");
    }
}

#[test]
fn directives_and_prose() {
    for line in [
        "requirepass hunter2",
        "masterauth hunter2",
        "sentinel auth-pass main hunter2",
        "redis-cli config set requirepass hunter2",
        "machine x login y password hunter2",
        "stats auth user:hunter2",
        "bindpw hunter2",
        "rocommunity hunter2",
        "user default on >hunter2 ~* +@all",
        "CREATE USER a IDENTIFIED BY 'hunter2';",
        "vault login hunter2",
        "mc alias set x http://h admin hunter2",
        "the password is hunter2",
    ] {
        hides(&format!("kind: ConfigMap\ndata:\n  redis.conf: |\n    port 1\n    {line}\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  redis.conf: {line}\n"));
        hides(&format!("kind: ConfigMap\ndata:\n  redis.conf: \"{line}\n"));
    }
    for line in ["auth_errors > visible", "cat /run/secrets/token visible", "echo $TOKEN visible"] {
        shows(&format!("kind: ConfigMap\ndata:\n  any: {line}\n"), "visible");
    }
}

#[test]
fn arguments_of_programs_that_are_known_by_their_flags() {
    for command in [
        "docker login -u a -p hunter2 reg",
        "docker login --username a --password hunter2 reg",
        "docker login -p 'hunter2 unter2'",
        "docker login -p hunter2,unter2;unter2",
        "curl -u a:hunter2 https://host",
        "curl -ua:hunter2 https://host",
        "curl --user a:hunter2 https://host",
        "curl --user=a:hunter2 https://host",
        "curl --user 'a:hunter2 unter2' https://host",
        "curl -x proxy --proxy-user a:hunter2 https://host",
        "redis-cli -h x -a hunter2 ping",
        "update -p hunter2",
        "tools -a hunter2",
        "/opt/ls/tools -a hunter2",
    ] {
        hides(&format!("kind: Pod\nargs: [sh, -c, \"{command}\"]\n"));
        hides(&format!("kind: Pod\nargs:\n- sh\n- -c\n- {command}\n"));
        hides(&format!("kind: Pod\nargs:\n- sh\n- -c\n- |\n  set -e\n  {command}\n"));
        hides(&format!("kind: Pod\nargs: [sh, -c, \"{command}\n"));
    }
    hides("kind: Pod\nargs: [login, -u, a, -p, hunter2]\n");
    hides("kind: Pod\nargs: [login, \"-p\", \"hunter2\"]\n");
    hides("kind: Pod\nargs:\n- login\n- -p\n- hunter2\n");
    hides("{\"args\": [\n  \"login\",\n  \"-p\",\n  \"hunter2\"\n]}\n");
    hides("kind: Pod\nargs:\n- |\n  docker login --password \\\n    hunter2\n");
    for command in [
        "mkdir -p visible",
        "/bin/mkdir -p visible",
        "x=$(date -u visible)",
        "nc -p 8080 visible",
        "sort -u visible",
        "ls -a visible",
        "docker run -p 80:80 visible",
    ] {
        shows(&format!("kind: Pod\nargs: [sh, -c, \"{command}\"]\n"), "visible");
    }
}

#[test]
fn literals_of_generators() {
    for generator in ["configMapGenerator", "secretGenerator"] {
        hides(&format!("{generator}: [{{name: b, literals: [\"hunter2\"]}}]\n"));
        hides(&format!("{generator}:\n- name: b\n  literals:\n  - hunter2\n  - a=b\n"));
    }
}

#[test]
fn what_only_parts_documents_is_shown() {
    shows("---\nkind: Secret\nstringData:\n  a: b\n", "---");
    shows("kind: Secret\nstringData:\n  a: b\n---\nkind: Pod\n", "---");
    hides("---\nkind: Secret\nstringData:\n  a: |\n    ---\n    hunter2\n");
    hides("--- hunter2\nkind: Secret\nstringData:\n  a: b\n");
}

#[test]
fn headers_by_their_names() {
    for name in ["Authorization", "authorization", "Cookie", "X-Api-Key", "Proxy-Authorization", "X-Auth-Token"] {
        hides(&format!("kind: Pod\nhttpHeaders:\n- name: {name}\n  value: hunter2\n"));
        hides(&format!("kind: Pod\nhttpHeaders: [{{name: {name}, value: hunter2}}]\n"));
    }
}

#[test]
fn what_becomes_a_secret() {
    hides("kind: SealedSecret\nspec:\n  encryptedData:\n    a: hunter2\n  template:\n    data:\n      b: hunter2\n");
    for kind in
        ["SealedSecret", "ExternalSecret", "ClusterExternalSecret", "SopsSecret", "VaultStaticSecret", "PushSecret"]
    {
        hides(&format!("kind: {kind}\nspec:\n  target:\n    template:\n      data:\n        b: hunter2\n"));
        hides(&format!("kind: {kind}\nspec: {{target: {{template: {{data: {{b: hunter2}}}}}}}}\n"));
        hides(&format!("{{apiVersion: v1, kind: {kind}, spec: {{template: {{data: {{b: hunter2}}}}}}}}\n"));
    }
    hides("kind: SecretList\nitems:\n- data:\n    b: hunter2\n");
    hides("kind: ClusterPolicy\nspec:\n  generate:\n    stringData:\n      b: hunter2\n");
}

#[test]
fn anchors_and_directives_that_may_be_passwords() {
    hides("&hunter2 [\n");
    hides("%hunter2\n");
    hides("any: *hunter2\n");
    hides("any: !hunter2 x\n");
}

#[test]
fn dumps_in_one_line() {
    let filler = "{\"kind\":\"ConfigMap\",\"data\":{\"a\":\"b\"}},".repeat(200);
    hides(&format!("{{\"items\":[{filler}{{\"kind\":\"Secret\",\"data\":{{\"a\":\"hunter2\"}}}}]}}\n"));
    hides(&format!("{{\"items\":[{{\"env\":[{{\"name\":\"DB_PASSWORD\",\"value\":\"hunter2\"}}]}},{filler}]}}\n"));
}

#[test]
fn what_a_network_policy_says_is_shown() {
    let policy = "\
kind: NetworkPolicy
metadata: {name: web, namespace: shop-prd}
spec:
  podSelector:
    matchExpressions:
    - {key: visible, operator: In, values: [visible-too]}
    - key: visible-alone
      operator: In
      values: [visible-value]
  ingress:
  - from:
    - namespaceSelector: {matchLabels: {app: token-service}}
";
    for part in ["visible,", "visible-too", "visible-alone", "visible-value", "token-service", "shop-prd"] {
        shows(policy, part);
    }
}
