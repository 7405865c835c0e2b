use super::table::{Side, align};
use crate::format;
use crate::result::RunResult;

/// A line for each group of components, with what it counted.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let rows = result.components.iter().map(|(name, component)| {
        let row = |(row, count): (&String, &u64)| {
            format!("{} {}", row.replace('_', " "), format::count(*count))
        };
        let counted: Vec<_> = component.rows.iter().map(row).collect();
        vec![name.clone(), counted.join(", ")]
    });
    align(&rows.collect::<Vec<_>>(), &[Side::Left, Side::Left])
}
