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

#[cfg(test)]
mod tests {
    use crate::fixture::storm;
    use crate::summary::Look;
    use crate::{csv, page, summary};

    #[test]
    fn what_is_counted_or_figured_besides_has_a_column_everywhere() {
        let mut run = storm();
        let load = run.loads.get_mut("shoppers").expect("a load of the fixture");
        load.counts.insert("half_served".to_owned(), load.offered / 4);
        let series = run.series.loads.get_mut("shoppers").expect("it has a series");
        series.counts.insert("half_served".to_owned(), vec![7; series.offered.len()]);
        let service = run.services.get_mut("db").expect("a service of the fixture");
        service.figures.insert("idling_share".to_owned(), 0.125);
        let summary = summary::run(&run, Look::default(), None);
        assert!(summary.contains("half-served") && summary.contains("25 %"), "{summary}");
        let page = page::run(&run, &[]);
        for cell in ["Half served", "25 %", "Idling share", "12.5 %"] {
            assert!(page.contains(cell), "{cell}");
        }
        assert!(csv::summary(&run).starts_with("load,offered"));
        assert!(csv::summary(&run).contains(",degraded,half_served,ok_share,"));
        assert!(csv::series(&run).contains(",load,shoppers,half_served,7\n"));
    }
}
