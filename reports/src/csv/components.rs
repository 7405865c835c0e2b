use super::Table;
use crate::result::RunResult;

/// `components.csv`: a row per group of components and figure.
pub fn components(result: &RunResult) -> String {
    let mut table = Table::new(&["component", "metric", "value"]);
    for (name, component) in &result.components {
        for (row, value) in component.rows.iter().chain(&component.levels) {
            table.row([name, row, &value.to_string()]);
        }
        for (row, nanos) in &component.ages_ns {
            table.row([name, &format!("{row}_ns"), &nanos.to_string()]);
        }
    }
    table.text()
}
