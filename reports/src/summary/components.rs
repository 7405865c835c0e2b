use super::table::{Side, align};
use crate::result::RunResult;

/// A line for each group of components, with its figures.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let rows = result.components.iter().map(|(name, component)| {
        let figure = |(name, value, text): (&String, u64, fn(f64) -> String)| {
            // Of what comes and goes it is the most that there was.
            let most = if component.rows.contains_key(name) { "" } else { "up to " };
            format!("{} {most}{}", name.replace('_', " "), text(value as f64))
        };
        let told = component.figures().filter(|(_, value, _)| *value > 0);
        let mut figures: Vec<_> = told.map(figure).collect();
        if figures.is_empty() {
            figures.push("nothing".to_owned());
        }
        let remark = component.remarks.first().map(|remark| format!("; {remark}"));
        vec![name.clone(), format!("{}{}", figures.join(", "), remark.unwrap_or_default())]
    });
    align(&rows.collect::<Vec<_>>(), &[Side::Left, Side::Left])
}
