//! `--strict` and `--assume NAME[=VALUE]`, as the verifier takes them.

use crate::arguments::Judging;
use crate::failure::Failure;
use dtap_report::assumption::ASSUMPTIONS;
use dtap_verify::{Assumed, Settings};

/// How to judge.
pub fn of(judging: &Judging) -> Result<Settings, Failure> {
    let mut assume = Assumed::default();
    for typed in &judging.assume {
        let (name, value) = typed.split_once('=').map_or((typed.as_str(), None), |(name, value)| (name, Some(value)));
        let vouched = || ASSUMPTIONS.iter().filter_map(|known| Some((known.name, known.takes?)));
        let Some((_, takes)) = vouched().find(|(known, _)| *known == name) else {
            let known = vouched().map(|(known, _)| known.to_owned()).collect();
            return Err(Failure::Unknown { what: "assumption", name: name.to_owned(), known, listed: None });
        };
        take(&mut assume, name, value).ok_or_else(|| Failure::Value {
            option: "--assume",
            value: typed.clone(),
            why: if takes.is_empty() {
                "it takes no value".to_owned()
            } else {
                format!("its value is {}", takes.trim_start_matches('='))
            },
            hint: format!("--assume {name}{takes}"),
        })?;
    }
    Ok(Settings { strict: judging.strict, assume })
}

/// Takes one assumption; none where its value is wrong.
fn take(assume: &mut Assumed, name: &str, value: Option<&str>) -> Option<()> {
    match (name, value) {
        ("cni-enforces", None) => assume.cni_enforces = true,
        ("input-complete", None) => assume.input_complete = true,
        ("no-host-network", None) => assume.no_host_network = true,
        ("clusters-apart", None) => assume.clusters_apart = true,
        ("own-namespaces", None) => assume.own_namespaces = true,
        ("ip-block-matches-pods", Some("yes")) => assume.ip_block_matches_pods = Some(true),
        ("ip-block-matches-pods", Some("no")) => assume.ip_block_matches_pods = Some(false),
        ("ip-block-matches-pods", Some("unknown")) => assume.ip_block_matches_pods = None,
        ("pod-range", Some(ranges)) => {
            let ranges: Result<Vec<ipnet::IpNet>, _> = ranges.split(',').map(|range| range.trim().parse()).collect();
            assume.pod_ranges.get_or_insert_default().extend(ranges.ok()?);
        }
        _ => return None,
    }
    Some(())
}
