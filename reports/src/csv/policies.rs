use super::{Table, cell};
use crate::policies::counts;
use crate::result::RunResult;

/// `policies.csv`: a row per layer of a policy and figure. What never happened has no row.
pub fn policies(result: &RunResult) -> String {
    let mut table = Table::new(&["layer", "metric", "value"]);
    for (name, policy) in &result.policies {
        for (metric, count) in counts(policy) {
            table.row([name, &metric, &count.to_string()]);
        }
        for (level, figures) in &policy.levels {
            let figures = [("last", figures.last), ("min", figures.min), ("max", figures.max)];
            for (which, value) in figures {
                table.row([name, &format!("{level}.{which}"), &cell(value)]);
            }
        }
    }
    table.text()
}

#[cfg(test)]
mod tests {
    use crate::fixture::storm;

    #[test]
    fn a_row_per_layer_and_figure() {
        let text = super::policies(&storm());
        let breaker: Vec<&str> =
            text.lines().filter(|line| line.starts_with("standard.breaker")).collect();
        assert_eq!(
            breaker,
            [
                "standard.breaker → orders,rejected.open,6148",
                "standard.breaker → orders,rejected.probes_taken,84",
                "standard.breaker → orders,opened,30",
            ]
        );
        assert!(text.contains("\nstandard.retry → orders,budget.last,0\n"), "{text}");
        assert!(!text.contains("standard.timeout"), "it did nothing");
    }
}
