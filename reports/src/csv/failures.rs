use super::Table;
use crate::result::{CauseResult, LoadResult, OutcomeKind, RunResult};

const HEAD: [&str; 10] = [
    "load",
    "outcome",
    "why",
    "caller",
    "callee",
    "layer",
    "reason",
    "stage",
    "count",
    "share_of_offered",
];

/// `failures.csv`: a row per load, way of not succeeding and reason for it that occurred.
pub fn failures(result: &RunResult) -> String {
    let mut table = Table::new(&HEAD);
    for (name, load) in &result.loads {
        for cause in &load.causes {
            let said = [&cause.caller, &Some(cause.callee.clone()), &cause.layer, &cause.reason];
            let [caller, callee, layer, reason] = said.map(|said| said.as_deref().unwrap_or(""));
            let stage = stage(cause);
            let why = [cause.why.name(), caller, callee, layer, reason, &stage];
            row(&mut table, (name, load), (cause.outcome, cause.count), why);
        }
        let unfinished = load.outcomes.get(&OutcomeKind::Unfinished).copied().unwrap_or(0);
        if unfinished > 0 {
            row(&mut table, (name, load), (OutcomeKind::Unfinished, unfinished), [""; 6]);
        }
    }
    table.text()
}

/// How far the call had come, and whom it waited for.
fn stage(cause: &CauseResult) -> String {
    let stage = cause.stage.map_or("", |stage| stage.name());
    cause.behind.as_ref().map_or_else(|| stage.to_owned(), |behind| format!("{stage} {behind}"))
}

fn row(
    table: &mut Table,
    (name, load): (&str, &LoadResult),
    (outcome, count): (OutcomeKind, u64),
    [why, caller, callee, layer, reason, stage]: [&str; 6],
) {
    let share = (count as f64 / load.offered.max(1) as f64).to_string();
    let count = count.to_string();
    let outcome = outcome.name();
    table.row([name, outcome, why, caller, callee, layer, reason, stage, &count, &share]);
}

#[cfg(test)]
mod tests {
    use crate::fixture::storm;

    #[test]
    fn only_what_occurred() {
        let mut run = storm();
        let load = run.loads.get_mut("shoppers").expect("a load of the fixture");
        load.offered = 1000;
        load.causes[0].count = 125;
        let text = super::failures(&run);
        let kinds: Vec<&str> =
            text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
        assert_eq!(kinds, ["timeout", "rejected", "short_circuit"]);
        let row = "shoppers,timeout,gave_up,gateway,db,timeout,,waiting,125,0.125\n";
        assert!(text.contains(row), "{text}");
    }

    #[test]
    fn names_are_quoted() {
        let mut run = storm();
        let load = run.loads["shoppers"].clone();
        run.loads = [("a, \"b\"".to_owned(), load)].into();
        assert!(super::failures(&run).contains("\n\"a, \"\"b\"\"\",timeout,"));
    }
}
