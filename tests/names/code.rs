//! Names that are listed in the code.

use std::collections::BTreeSet;

use cascadia::exit;
use cascadia::result::OutcomeKind;
use cascadia_models::measure::metrics::{Metric, Of};
use cascadia_patterns::observe::RetryDenied;
use cascadia_patterns::{POLICIES, Policy};

use super::Names;

/// The exit codes, which have no list.
const EXITS: [(u8, &str); 9] = [
    (exit::PASSED, "passed"),
    (exit::INTERNAL, "internal"),
    (exit::USAGE, "usage"),
    (exit::INVALID, "invalid"),
    (exit::FAILED, "failed"),
    (exit::INVARIANT, "invariant"),
    (exit::NOT_DETERMINISTIC, "not deterministic"),
    (exit::INCONCLUSIVE, "inconclusive"),
    (exit::INTERRUPTED, "interrupted"),
];

pub(super) fn names() -> Names {
    let metrics = |of: Of| of.metrics().iter().map(Metric::form).collect();
    Names::from([
        (
            "Codes of diagnostics",
            cascadia_scenarios::codes().map(|(code, _)| code.into()).collect(),
        ),
        ("Exit codes", EXITS.iter().map(|(code, name)| format!("{code} {name}")).collect()),
        ("Metrics of layers", metrics(Of::Layers)),
        ("Metrics of loads", metrics(Of::Loads)),
        ("Metrics of services", metrics(Of::Services)),
        ("Outcomes", OutcomeKind::ALL.iter().map(|kind| kind.name().into()).collect()),
        ("Policies: counts", of_policies(|policy| policy.counts.iter().map(|it| it.name()))),
        ("Policies: layers", of_policies(|policy| policy.files().iter().copied())),
        ("Policies: levels", of_policies(|policy| policy.levels.iter().map(|it| it.name()))),
        (
            "Policies: reasons to refuse",
            of_policies(|policy| policy.reasons.iter().map(|(_, reason)| reason.name())),
        ),
        (
            "Policies: reasons not to retry",
            RetryDenied::ALL.iter().map(|reason| reason.name().into()).collect(),
        ),
    ])
}

fn of_policies<I: Iterator<Item = &'static str>>(
    terms: impl Fn(&'static Policy) -> I,
) -> BTreeSet<String> {
    let terms = |policy: &&'static Policy| {
        let name = policy.name;
        terms(policy).map(move |term| format!("{name}: {term}")).collect::<Vec<_>>()
    };
    POLICIES.iter().flat_map(terms).collect()
}
