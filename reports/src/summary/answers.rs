use crate::format;
use crate::result::{LoadResult, RunResult};

use super::table::{Side, align};

/// A line for each load of which it is known what kinds of answers it got.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let kinds = |load: &LoadResult| {
        let kind = |(name, count): (&String, &u64)| {
            format!("{} {}", name.replace('_', " "), format::count(*count))
        };
        load.answers.iter().map(kind).collect::<Vec<_>>().join(", ")
    };
    let known = result.loads.iter().filter(|(_, load)| !load.answers.is_empty());
    let rows: Vec<_> = known.map(|(name, load)| vec![name.clone(), kinds(load)]).collect();
    align(&rows, &[Side::Left, Side::Left])
}
