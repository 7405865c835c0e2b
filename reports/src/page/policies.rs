use maud::{Markup, html};

use super::tables::{Figure, counted, figure, sortable};
use crate::format;
use crate::policies::{counts, in_words};
use crate::result::{PolicyResult, RunResult};

/// Every layer of a policy: what it refused, denied, gave up and did otherwise.
pub(super) fn table(result: &RunResult) -> Markup {
    let did: Vec<(&String, Vec<(String, Figure)>)> =
        result.policies.iter().map(|(name, policy)| (name, policy_figures(policy))).collect();
    let mut kinds: Vec<&str> = Vec::new();
    for (kind, _) in did.iter().flat_map(|(_, figures)| figures) {
        if !kinds.contains(&kind.as_str()) {
            kinds.push(kind);
        }
    }
    kinds.sort_by_key(|kind| group(kind));
    let head = ["Layer".to_owned()].into_iter().chain(kinds.iter().map(|kind| in_words(kind)));
    let head: Vec<Markup> = head.map(|name| html! { (name) }).collect();
    let row = |figures: &[(String, Figure)]| {
        let cell = |kind: &&str| {
            let known = figures.iter().find(|(name, _)| name == kind);
            known.map_or_else(|| figure(None, format::number), |(_, figure)| figure.clone())
        };
        kinds.iter().map(cell).collect()
    };
    let rows = did.iter().map(|(name, figures)| ((*name).clone(), row(figures))).collect();
    html! {
        @if !result.policies.is_empty() {
            section {
                h2 { "Policies" }
                p {
                    "Each layer of a policy on its way to a target, all its instances together. A \
                     level is the mean over them at the end."
                }
                (sortable(&head, rows))
            }
        }
    }
}

fn policy_figures(policy: &PolicyResult) -> Vec<(String, Figure)> {
    let counts = counts(policy).into_iter();
    let counts = counts.map(|(name, count)| (name, counted(count)));
    let levels = policy
        .levels
        .iter()
        .map(|(name, level)| (format!("level.{name}"), figure(level.last, format::number)));
    counts.chain(levels).collect()
}

/// Columns of one kind stand together: rejections first, levels last.
fn group(kind: &str) -> usize {
    let groups = ["rejected.", "timed_out", "retries.", "denied."];
    let known = groups.iter().position(|group| kind.starts_with(group));
    known.unwrap_or_else(|| groups.len() + usize::from(kind.starts_with("level.")))
}
