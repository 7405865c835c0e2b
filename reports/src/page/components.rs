use std::collections::BTreeSet;

use maud::{Markup, html};

use super::tables::{counted, figure, sortable};
use crate::format;
use crate::policies::in_words;
use crate::result::{ComponentResult, RunResult};

/// Every group of components: what they counted. What only others count is left open.
pub(super) fn table(result: &RunResult) -> Markup {
    let groups = &result.components;
    let counts: BTreeSet<&String> = groups.values().flat_map(|group| group.rows.keys()).collect();
    let fixed = ["Component", "Places"].map(str::to_owned).into_iter();
    let heads = fixed.chain(counts.iter().map(|name| in_words(name)));
    let heads: Vec<Markup> = heads.map(|name| html! { (name) }).collect();
    let row = |group: &ComponentResult| {
        let count = |name: &&String| group.rows.get(*name).copied();
        let cell = |count: Option<u64>| count.map_or_else(|| figure(None, format::number), counted);
        let places = [counted(u64::from(group.places))].into_iter();
        places.chain(counts.iter().map(|name| cell(count(name)))).collect()
    };
    let rows = groups.iter().map(|(name, group)| (name.clone(), row(group))).collect();
    html! {
        @if !groups.is_empty() {
            section {
                h2 { "Components" }
                p { "All the components of a group together, from the warm-up to the end." }
                (sortable(&heads, rows))
            }
        }
    }
}
