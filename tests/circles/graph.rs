use std::collections::{BTreeMap, BTreeSet};

/// The sets of nodes that can all reach each other, of more than one.
pub(super) fn circles(edges: &BTreeSet<(String, String)>) -> Vec<Vec<String>> {
    let mut next: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (from, to) in edges.iter().filter(|(from, to)| from != to) {
        next.entry(from).or_default().push(to);
    }
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        next.keys().map(|node| (*node, reach(&next, node))).collect();
    let circle = |(node, reached_from): (&&str, &BTreeSet<&str>)| -> Vec<String> {
        let back = |other: &&&str| reached.get(**other).is_some_and(|reach| reach.contains(node));
        reached_from.iter().filter(back).map(|other| (*other).to_owned()).collect()
    };
    let circles: BTreeSet<_> = reached.iter().map(circle).collect();
    circles.into_iter().filter(|circle| !circle.is_empty()).collect()
}

fn reach<'a>(next: &BTreeMap<&'a str, Vec<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut left = next[from].clone();
    while let Some(node) = left.pop() {
        if seen.insert(node) {
            left.extend(next.get(node).into_iter().flatten());
        }
    }
    seen
}

#[test]
fn a_circle_is_who_can_reach_each_other() {
    let edges = [("a", "b"), ("b", "c"), ("c", "b"), ("c", "d"), ("d", "d")];
    let edges = edges.map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(circles(&edges.into()), [["b", "c"]]);
}
