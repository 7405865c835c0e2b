use super::Table;
use crate::result::RunResult;

/// `components.csv`: a row per group of components and figure.
pub fn components(result: &RunResult) -> String {
    let mut table = Table::new(&["component", "metric", "value"]);
    for (name, component) in &result.components {
        for (row, count) in &component.rows {
            table.row([name, row, &count.to_string()]);
        }
    }
    table.text()
}
