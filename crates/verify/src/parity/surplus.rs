//! Of two lists the items that the other one lacks, where those are all that tells them apart.

use dtap_model::tree::Node;

/// An item, or a flag of a command with what follows it: a value says nothing without its flag.
struct Part<'l> {
    nodes: &'l [Node<'l>],
    shown: &'l [String],
}

/// The items that one of two lists has and the other one lacks, each list with what is shown of its items; `apart` says
/// where two texts first say different things, if they do. None where this would not tell the whole: where the others
/// stand in another order, what is shown of two that differ is the same, or a list is empty.
#[must_use]
pub fn of(
    (left, left_shown): (&[Node<'_>], &[String]),
    (right, right_shown): (&[Node<'_>], &[String]),
    apart: &impl Fn(&str, &str) -> Option<(usize, usize)>,
) -> Option<(String, String)> {
    let is_shown = left.len() == left_shown.len() && right.len() == right_shown.len();
    if left.is_empty() || right.is_empty() || !is_shown {
        return None;
    }
    let (left, right) = (parts(left, left_shown), parts(right, right_shown));
    let mut answered = vec![false; right.len()];
    let mut left_only = Vec::new();
    let mut last = None;
    for part in &left {
        let answers = |(at, other): &(usize, &Part<'_>)| answered.get(*at) == Some(&false) && same(part, other, apart);
        match right.iter().enumerate().find(answers) {
            Some((at, _)) if last.is_some_and(|last| at < last) => return None,
            Some((at, _)) => {
                last = Some(at);
                answered.iter_mut().skip(at).take(1).for_each(|answered| *answered = true);
            }
            None => left_only.push(part.shown),
        }
    }
    let right_only = right.iter().zip(answered).filter(|(_, answered)| !answered).map(|(part, _)| part.shown);
    let right_only: Vec<&[String]> = right_only.collect();
    let are_told_apart = !left_only.iter().any(|shown| right_only.contains(shown));
    let is_any = !left_only.is_empty() || !right_only.is_empty();
    (is_any && are_told_apart).then(|| (say(&left_only), say(&right_only)))
}

fn parts<'l>(nodes: &'l [Node<'l>], shown: &'l [String]) -> Vec<Part<'l>> {
    let is_flag = |node: &Node<'_>| node.as_str().is_some_and(|text| text.starts_with('-'));
    let takes_value = |node: &Node<'_>| is_flag(node) && !node.as_str().is_some_and(|text| text.contains(['=', ' ']));
    let mut parts = Vec::new();
    let mut at = 0;
    while let Some(node) = nodes.get(at) {
        let is_pair = takes_value(node) && nodes.get(at + 1).is_some_and(|next| !is_flag(next));
        let end = if is_pair { at + 2 } else { at + 1 };
        let (nodes, shown) = (nodes.get(at..end), shown.get(at..end));
        parts.push(Part { nodes: nodes.unwrap_or_default(), shown: shown.unwrap_or_default() });
        at = end;
    }
    parts
}

/// Whether two parts say the same, texts in the words of every environment.
fn same(one: &Part<'_>, other: &Part<'_>, apart: &impl Fn(&str, &str) -> Option<(usize, usize)>) -> bool {
    let same_node = |one: &Node<'_>, other: &Node<'_>| match (one.as_str(), other.as_str()) {
        (Some(one), Some(other)) => apart(one, other).is_none(),
        _ => one.same_value(other),
    };
    one.nodes.len() == other.nodes.len() && one.nodes.iter().zip(other.nodes).all(|(one, other)| same_node(one, other))
}

fn say(only: &[&[String]]) -> String {
    match only.concat().as_slice() {
        [] => "nothing more".to_owned(),
        [item] => item.clone(),
        items => format!("[{}]", items.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtap_model::tree::Value;

    /// What is told of two lists of words; what has a line break is shown by how many lines it has, and `***` as that.
    fn told(left: &[&str], right: &[&str]) -> Option<(String, String)> {
        let nodes = |words: &[&str]| -> Vec<Node<'static>> {
            words.iter().map(|word| Node::synthetic(Value::String((*word).to_owned().into()))).collect()
        };
        let shown = |words: &[&str]| -> Vec<String> {
            let show = |word: &&str| if word.contains('\n') { "2 lines".to_owned() } else { (*word).to_owned() };
            words.iter().map(show).collect()
        };
        let apart = |one: &str, other: &str| (one != other).then_some((0, 0));
        of((&nodes(left), &shown(left)), (&nodes(right), &shown(right)), &apart)
    }

    #[test]
    fn what_one_list_alone_has_is_told_only_where_that_is_all() {
        let pair = |left: &str, right: &str| Some((left.to_owned(), right.to_owned()));
        assert_eq!(told(&["a", "b"], &["a", "b", "c"]), pair("nothing more", "c"));
        assert_eq!(told(&["a", "x", "b"], &["a", "b", "c"]), pair("x", "c"));
        assert_eq!(told(&["--a", "1", "b"], &["--a", "2", "b"]), pair("[--a, 1]", "[--a, 2]"));
        assert_eq!(told(&["a", "b"], &["a", "c", "d", "b"]), pair("nothing more", "[c, d]"));
        assert_eq!(told(&["a", "b"], &["b", "a", "c"]), None, "the order differs, too");
        assert_eq!(told(&["a", "b\nb"], &["a", "c\nc", "d"]), None, "what is shown of two that differ is the same");
        assert_eq!(told(&["a"], &[]), None, "nothing at all is not nothing more");
        assert_eq!(told(&["a"], &["a"]), None);
    }
}
