//! What the containers of a workload are told by their arguments: as `--flag=value`, as two arguments, or within a line
//! for a shell.

use dtap_model::object::Object;
use dtap_model::tree::Node;
use dtap_snapshot::workload::template_path;

/// The containers of a workload of the API's own kinds; of others there are none.
pub fn containers(object: &Object) -> &[Node<'_>] {
    let pod = template_path(&object.identity.kind).and_then(|steps| object.tree.at(steps));
    pod.and_then(|pod| pod.at(&["spec", "containers"])).map_or(&[][..], Node::items)
}

/// The values that containers get by these flags, which are named without their hyphens. Of a list every value.
pub fn told<'n>(containers: &'n [Node<'_>], flags: &[&str]) -> Vec<&'n str> {
    let lists = || containers.iter().flat_map(|container| [container.get("command"), container.get("args")]);
    let texts = || lists().flatten().flat_map(Node::items).filter_map(Node::as_str);
    if !texts().any(|text| flags.iter().any(|flag| text.contains(flag))) {
        return Vec::new();
    }
    let is_between = |letter: char| letter.is_whitespace() || matches!(letter, '=' | '"' | '\'' | '\\' | ';');
    let words = texts().flat_map(|text| text.split(is_between)).filter(|word| !word.is_empty());
    let (mut values, mut is_value) = (Vec::new(), false);
    for word in words {
        if is_value && !word.starts_with('-') {
            values.extend(word.split(',').filter(|value| !value.is_empty()));
        }
        is_value = flags.contains(&word.trim_start_matches('-'));
    }
    values
}
