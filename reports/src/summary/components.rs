use super::table::{Side, align};
use crate::result::RunResult;

/// A line for each group of components, with its figures.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let rows = result.components.iter().map(|(name, component)| {
        let figure = |(name, value, text): (&String, u64, fn(f64) -> String)| {
            format!("{} {}", name.replace('_', " "), text(value as f64))
        };
        let figures: Vec<_> = component.figures().map(figure).collect();
        let remark = component.remarks.first().map(|remark| format!("; {remark}"));
        vec![name.clone(), format!("{}{}", figures.join(", "), remark.unwrap_or_default())]
    });
    align(&rows.collect::<Vec<_>>(), &[Side::Left, Side::Left])
}
