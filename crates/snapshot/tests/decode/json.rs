//! JSON reads as every reader of JSON reads it.

use super::*;

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        // Quarters, which every reader of decimals reads alike.
        (-1_000_000_000_i64..1_000_000_000).prop_map(|value| Json::from(value as f64 / 4.0 + 0.125)),
        any::<String>().prop_map(Json::from),
        "[a-z\"\\\\]{0,20}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::hash_map("[a-z\"\\\\é]{0,6}", inner, 0..20)
                .prop_map(|entries| Json::Object(entries.into_iter().collect())),
        ]
    })
}

/// Every value's span cuts the text that says that value.
fn spans_cut_the_values(node: &Node<'_>, text: &str) {
    let (start, end) = node.span.range();
    assert_eq!(serde_json::from_str::<Json>(&text[start..end]).unwrap(), tree_to_json(node));
    node.items().iter().for_each(|item| spans_cut_the_values(item, text));
    for entry in node.entries() {
        let (start, end) = entry.key_span.range();
        assert_eq!(serde_json::from_str::<String>(&text[start..end]).unwrap(), entry.key);
        spans_cut_the_values(&entry.node, text);
    }
}

proptest! {
    #[test]
    fn json_reads_as_serde_json_reads_it(value in any_json(), pretty: bool) {
        let value = json!([value]);
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        let trees = documents(&text).unwrap();
        prop_assert_eq!(tree_to_json(&trees[0]), value);
        spans_cut_the_values(&trees[0], &text);
    }

    #[test]
    fn json_changed_anywhere_is_read_as_long_as_it_is_json(value in any_json(), at in 0.0..1.0_f64, byte in "[ -~]") {
        let mut text = json!({"a": value}).to_string();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a position")]
        let at = (at * text.len() as f64) as usize;
        prop_assume!(text.is_char_boundary(at) && text.is_char_boundary(at + 1));
        text.replace_range(at..=at, &byte);
        // What YAML alone reads is no matter here.
        if let Ok(theirs) = serde_json::from_str::<Json>(&text) {
            let ours = documents(&text);
            prop_assert!(ours.is_ok(), "{text} is {theirs}");
        }
    }
}
