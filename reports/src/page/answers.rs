use std::collections::BTreeSet;

use maud::{Markup, html};

use super::tables::{counted, figure, sortable};
use crate::format;
use crate::policies::in_words;
use crate::result::{LoadResult, RunResult};

/// What kinds of answers there were, where anything was said of them.
pub(super) fn table(result: &RunResult) -> Markup {
    let loads = &result.loads;
    let kinds: BTreeSet<&String> = loads.values().flat_map(|load| load.answers.keys()).collect();
    let heads = ["Load".to_owned()].into_iter().chain(kinds.iter().map(|kind| in_words(kind)));
    let heads: Vec<Markup> = heads.map(|name| html! { (name) }).collect();
    let row = |load: &LoadResult| {
        let count = |kind: &&String| load.answers.get(*kind).copied();
        let cell = |count: Option<u64>| count.map_or_else(|| figure(None, format::number), counted);
        kinds.iter().map(|kind| cell(count(kind))).collect()
    };
    let rows = loads.iter().map(|(name, load)| (name.clone(), row(load))).collect();
    html! {
        @if !kinds.is_empty() {
            section {
                h2 { "Answers" }
                p {
                    "Requests by the kind of their answer: of a failure what the first on the way \
                     said, of a success what it was given a status for."
                }
                (sortable(&heads, rows))
            }
        }
    }
}
