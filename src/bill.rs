//! What runs cost, for people.

use cascadia_reports::sinks::line;
use cascadia_scenarios::{Bill, Cost, Source};

/// A line for each cost: how much it is, what most of it is for, and where that stands.
pub(crate) fn table(title: &str, bill: &Bill, sources: &[Source]) -> String {
    let row = |(name, total, cost): (&str, String, &Cost)| {
        format!("  {name:<7} {total:>9}  {}\n", most(cost, sources))
    };
    let rows: String = bill.rows().into_iter().map(row).collect();
    let text = format!("{title}\n{rows}");
    text.lines().flat_map(|row| [line(row).into_owned(), "\n".to_owned()]).collect()
}

/// What most of it is for, and the line.
fn most(cost: &Cost, sources: &[Source]) -> String {
    let Some(item) = &cost.most else { return String::new() };
    let place = &item.place;
    let number = sources.get(place.source).map_or(0, |source| {
        let before = source.text.as_bytes().get(..place.start).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    });
    format!("line {number}: {}", place.text)
}
