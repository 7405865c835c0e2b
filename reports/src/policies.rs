//! What layers did, as figures with names.

use std::collections::BTreeMap;

use crate::format::capitalised;
use crate::result::{PolicyResult, PolicySeries};

/// Everything that a layer did, by names such as `rejected.open` or `retries.1`.
pub(crate) fn counts(policy: &PolicyResult) -> Vec<(String, u64)> {
    let timed_out = (policy.timed_out > 0).then(|| ("timed_out".to_owned(), policy.timed_out));
    by_kind("rejected.", &policy.rejected)
        .chain(timed_out)
        .chain(by_attempt(&policy.retries))
        .chain(by_kind("denied.", &policy.denied))
        .chain(by_kind("", &policy.counts))
        .collect()
}

/// The same in each window.
pub(crate) fn series(policy: &PolicySeries) -> Vec<(String, Vec<u64>)> {
    let timed_out = Some(policy.timed_out.clone()).filter(|counts| !counts.is_empty());
    by_kind("rejected.", &policy.rejected)
        .chain(timed_out.map(|counts| ("timed_out".to_owned(), counts)))
        .chain(by_attempt(&policy.retries))
        .chain(by_kind("denied.", &policy.denied))
        .chain(by_kind("", &policy.counts))
        .collect()
}

fn by_kind<T: Clone>(
    prefix: &str,
    counts: &BTreeMap<String, T>,
) -> impl Iterator<Item = (String, T)> {
    counts.iter().map(move |(kind, count)| (format!("{prefix}{kind}"), count.clone()))
}

fn by_attempt<T: Clone>(counts: &[T]) -> impl Iterator<Item = (String, T)> {
    (1..).zip(counts).map(|(attempt, count)| (format!("retries.{attempt}"), count.clone()))
}

/// A name of the result for people: `rejected.probes_taken` becomes `Rejected: probes taken`.
pub(crate) fn in_words(name: &str) -> String {
    capitalised(&name.replace('.', ": ").replace('_', " "))
}
