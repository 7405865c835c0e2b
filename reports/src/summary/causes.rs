use std::cmp::Reverse;

use crate::format;
use crate::result::{CauseResult, LoadResult, RunResult};
use crate::story::cause;

use super::table::{Side, align};

/// So many reasons are told; the rest is on the page.
const MOST: usize = 5;

/// The commonest reasons for which requests failed, over all loads.
pub(super) fn lines(result: &RunResult) -> Vec<String> {
    let of = |(name, load): (&String, &LoadResult)| -> Vec<_> {
        let offered = load.offered.max(1) as f64;
        let row = |cause: &CauseResult| (name.clone(), cause.count as f64 / offered, cause.clone());
        load.causes.iter().map(row).collect()
    };
    let mut causes: Vec<_> = result.loads.iter().flat_map(of).collect();
    causes.sort_by_key(|(.., cause)| Reverse(cause.count));
    let left_out: u64 = causes.iter().skip(MOST).map(|(_, _, cause)| cause.count).sum();
    let shown = causes.iter().take(MOST);
    let rows: Vec<_> = shown
        .map(|(name, share, why)| {
            vec![name.clone(), format::share(*share), why.outcome.label(), cause(why)]
        })
        .collect();
    let mut lines = align(&rows, &[Side::Left, Side::Right, Side::Left, Side::Left]);
    if left_out > 0 {
        lines.push(format!("and {} for other reasons", format::count(left_out)));
    }
    lines
}
