use super::Table;
use crate::result::{OutcomeKind, RunResult};

/// `failures.csv`: a row per load and way of not succeeding that occurred.
pub fn failures(result: &RunResult) -> String {
    let mut table = Table::new(&["load", "outcome", "count", "share_of_offered"]);
    for (name, load) in &result.loads {
        for kind in OutcomeKind::ALL.into_iter().filter(|kind| *kind != OutcomeKind::Ok) {
            let count = load.outcomes.get(&kind).copied().unwrap_or(0);
            let share = count as f64 / load.offered.max(1) as f64;
            if count > 0 {
                table.row([name, kind.name(), &count.to_string(), &share.to_string()]);
            }
        }
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use crate::fixture::storm;
    use crate::result::OutcomeKind;

    #[test]
    fn only_what_occurred() {
        let mut run = storm();
        let load = run.loads.get_mut("shoppers").expect("a load of the fixture");
        load.offered = 1000;
        load.outcomes.insert(OutcomeKind::Timeout, 125);
        let text = super::failures(&run);
        let kinds: Vec<&str> =
            text.lines().skip(1).filter_map(|line| line.split(',').nth(1)).collect();
        assert_eq!(kinds, ["timeout", "rejected", "short_circuit"]);
        assert!(text.contains("shoppers,timeout,125,0.125\n"));
    }

    #[test]
    fn names_are_quoted() {
        let mut run = storm();
        let load = run.loads["shoppers"].clone();
        run.loads = [("a, \"b\"".to_owned(), load)].into();
        assert!(super::failures(&run).contains("\n\"a, \"\"b\"\"\",timeout,"));
    }
}
