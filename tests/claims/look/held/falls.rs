//! In which order services fall.

use std::collections::BTreeSet;

use cascadia_reports::format::{duration, moment};

use super::super::Claim;
use super::super::oracle::{Case, Fell};
use super::{claim, told_if};

const PLACES: &[&str] = &["CASCADE", "What happened"];
/// So many are named.
const NAMED: usize = 6;

pub(super) const HELD: &[Claim] = &[
    claim("In which order: ", &["What happened"], |run| {
        told_if(!run.fell().is_empty(), "In which order: ")
    }),
    claim("{} falls at {}", PLACES, |run| {
        let first = run.fell().first().map(|one| format!("* falls at {}", moment(one.at)));
        first.into_iter().collect()
    }),
    claim(", {name} with it", PLACES, |run| {
        both(run).iter().flat_map(|moments| with(moments, |after| after == 0)).collect()
    }),
    claim(", {name} {} later", PLACES, |run| {
        both(run).iter().flat_map(|moments| with(moments, |after| after > 0)).collect()
    }),
    claim("; back for good: {name} at {}", PLACES, |run| {
        let back = run.fell().iter().filter_map(|one| one.back).min();
        back.map(|at| format!("; back for good: * at {}", moment(at))).into_iter().collect()
    }),
    claim("; {one} is not back before the end", PLACES, |run| match &down(run)[..] {
        [one] => vec![format!("; {one} is not back before the end")],
        _ => Vec::new(),
    }),
    claim("; {named}{more} are not back before the end", PLACES, |run| {
        let down = down(run);
        match down.len() {
            0 | 1 => Vec::new(),
            2..=NAMED => {
                down.iter().map(|one| format!("; *{one}* are not back before the end")).collect()
            }
            _ => vec!["; * more are not back before the end".to_owned()],
        }
    }),
    claim(", and {more} more", PLACES, |run| {
        let many = both(run).into_iter().map(|moments| moments.len()).filter(|many| *many > NAMED);
        many.map(|many| format!(", and {} more", many - NAMED)).collect()
    }),
    claim(" and {more} more", PLACES, |run| {
        let many = both(run).into_iter().map(|moments| moments.len()).chain([down(run).len()]);
        let many = many.filter(|many| *many > NAMED);
        many.map(|many| format!(" and {} more", many - NAMED)).collect()
    }),
];

/// When services fell, and when they were back.
fn both(run: &Case<'_>) -> [Vec<(String, u64)>; 2] {
    let fell = run.fell();
    let down = fell.iter().map(|one| (one.service.clone(), one.at)).collect();
    let mut back: Vec<_> =
        fell.iter().filter_map(|one| Some((one.service.clone(), one.back?))).collect();
    back.sort_by_key(|(_, at)| *at);
    [down, back]
}

/// Who came so long after the first; of those that came together it is not known here who was named first.
fn with(moments: &[(String, u64)], is_so: impl Fn(u64) -> bool) -> BTreeSet<String> {
    let Some((_, first)) = moments.first() else { return BTreeSet::new() };
    let named = moments.iter().take(NAMED).skip(1);
    let told = named.filter(|(_, at)| is_so(at - first)).map(|(name, at)| match at - first {
        0 => ", * with it".to_owned(),
        after if moments.len() <= NAMED => format!(", {name} {} later", duration(after as f64)),
        after => format!(" {} later", duration(after as f64)),
    });
    told.collect()
}

/// Who is not back, in the order in which they fell.
fn down(run: &Case<'_>) -> Vec<String> {
    let down = run.fell().iter().filter(|Fell { back, .. }| back.is_none());
    down.map(|one| one.service.clone()).collect()
}
