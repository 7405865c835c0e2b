use std::collections::BTreeMap;

use super::table::{Side, align};
use crate::format;
use crate::result::RunResult;

/// A line for each layer that refused a call or was denied a retry.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let rows: Vec<Vec<String>> = result
        .policies
        .iter()
        .map(|(name, policy)| {
            let rejected = by_reason("rejected", &policy.rejected);
            let denied = by_reason("denied", &policy.denied);
            vec![
                name.clone(),
                [rejected, denied].into_iter().flatten().collect::<Vec<_>>().join(", "),
            ]
        })
        .filter(|row| !row[1].is_empty())
        .collect();
    align(&rows, &[Side::Left, Side::Left])
}

/// `rejected 6 232 (open 6 148, probes taken 84)`; nothing where nothing was.
fn by_reason(what: &str, counts: &BTreeMap<String, u64>) -> Option<String> {
    let reasons = counts.iter().filter(|(_, count)| **count > 0);
    let reason = |name: &str| name.replace('_', " ");
    let reasons: Vec<(String, u64)> = reasons.map(|(name, n)| (reason(name), *n)).collect();
    let total = format::count(reasons.iter().map(|(_, count)| count).sum());
    match &reasons[..] {
        [] => None,
        [(only, _)] => Some(format!("{what} {total} ({only})")),
        several => {
            let each =
                several.iter().map(|(name, count)| format!("{name} {}", format::count(*count)));
            Some(format!("{what} {total} ({})", each.collect::<Vec<_>>().join(", ")))
        }
    }
}
