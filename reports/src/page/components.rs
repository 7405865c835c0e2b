use maud::{Markup, html};

use super::tables::{counted, figure, sortable};
use crate::format;
use crate::policies::in_words;
use crate::result::{ComponentResult, RunResult};

/// Every group of components with its figures. What only others have is left open, and what nobody has left out.
pub(super) fn table(result: &RunResult) -> Markup {
    let groups = &result.components;
    let mut names: Vec<&String> = Vec::new();
    for (name, value, _) in groups.values().flat_map(ComponentResult::figures) {
        if value > 0 && !names.contains(&name) {
            names.push(name);
        }
    }
    let fixed = ["Component", "Places"].map(str::to_owned).into_iter();
    let heads = fixed.chain(names.iter().map(|name| in_words(name)));
    let heads: Vec<Markup> = heads.map(|name| html! { (name) }).collect();
    let row = |group: &ComponentResult| {
        let cell = |name: &&String| {
            let found = group.figures().find(|(of, ..)| of == name);
            let missing = || figure(None, format::number);
            found.map_or_else(missing, |(_, value, text)| figure(Some(value as f64), text))
        };
        // What is no place has none, such as a group of consumers.
        let places = match group.places {
            0 => figure(None, format::number),
            places => counted(u64::from(places)),
        };
        let places = std::iter::once(places);
        places.chain(names.iter().map(cell)).collect()
    };
    let rows = groups.iter().map(|(name, group)| (name.clone(), row(group))).collect();
    html! {
        @if !groups.is_empty() {
            section {
                h2 { "Components" }
                p {
                    "All the components of a group together, from the warm-up to the end; of what there is \
                     at a moment, the most."
                }
                (sortable(&heads, rows))
                @for (name, group) in groups {
                    @for remark in &group.remarks { p { b { (name) } ": " (remark) "." } }
                }
            }
        }
    }
}
