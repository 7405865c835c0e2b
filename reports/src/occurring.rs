//! What occurs in a run: what never happened takes no room in tables.

use std::collections::{BTreeMap, BTreeSet};

use crate::result::{LoadResult, OutcomeKind, ServiceResult};

/// The ways in which requests of some load ended. That none ended in ok is worth a column, too.
pub(crate) fn outcomes(loads: &BTreeMap<String, LoadResult>) -> Vec<OutcomeKind> {
    let occurs = |kind: &OutcomeKind| {
        *kind == OutcomeKind::Ok
            || loads.values().any(|load| load.outcomes.get(kind).is_some_and(|&count| count > 0))
    };
    OutcomeKind::ALL.into_iter().filter(occurs).collect()
}

/// What was counted of some load besides.
pub(crate) fn counts(loads: &BTreeMap<String, LoadResult>) -> BTreeSet<&str> {
    let counts = loads.values().flat_map(|load| &load.counts);
    counts.filter(|(_, count)| **count > 0).map(|(name, _)| name.as_str()).collect()
}

/// The further figures that some service has.
pub(crate) fn figures(services: &BTreeMap<String, ServiceResult>) -> BTreeSet<&str> {
    services.values().flat_map(|service| service.figures.keys()).map(String::as_str).collect()
}
