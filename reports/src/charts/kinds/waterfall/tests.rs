use std::collections::BTreeSet;

use super::KIND;
use super::rows::rows;
use crate::charts::Chart;
use crate::fixture;
use crate::result::{Exemplar, OutcomeKind, Span, SpanKind};

fn drawn(exemplar: Exemplar) -> Chart {
    let mut run = fixture::storm();
    run.exemplars = vec![exemplar];
    KIND.of_run(&run).remove(0)
}

/// A request with so many tries, each of which calls somebody who answers at once.
fn tries(count: usize) -> Exemplar {
    let mut exemplar = fixture::exemplars().remove(0);
    let call = |parent, name: &str| Span {
        parent,
        kind: SpanKind::Attempt,
        name: name.to_owned(),
        outcome: Some(OutcomeKind::Failed),
        ..exemplar.spans[0].clone()
    };
    let mut spans = vec![exemplar.spans[0].clone()];
    for at in 0..count {
        let (from, step) = (spans[0].begin_ns, spans[0].nanos() / count as u64);
        let begin_ns = from + step * at as u64;
        let outer = Span { begin_ns, end_ns: begin_ns + step, ..call(Some(0), "api/0") };
        let inner = call(Some(spans.len()), "db/0");
        let inner = Span { begin_ns, end_ns: begin_ns + step / 2, ..inner };
        spans.extend([outer, inner]);
    }
    exemplar.spans = spans;
    exemplar
}

/// Where texts are, by their vertical places.
fn heights(svg: &str) -> Vec<&str> {
    let places = svg.split("<text ").skip(1);
    places.filter_map(|text| text.split_once("y=\"")?.1.split_once('"')).map(|(y, _)| y).collect()
}

#[test]
fn calls_are_below_the_one_for_which_they_are_made_with_their_ends() {
    let exemplar = fixture::exemplars().remove(0);
    let (rows, more) = rows(&exemplar.spans);
    let shown = rows.iter().map(|row| (row.label(), row.depth, row.took(), row.is_critical));
    let expected = [
        ("shoppers", 0, "450 ms timeout"),
        ("gateway/0", 1, "450 ms timeout"),
        ("retry → db", 2, "448 ms timeout"),
        ("db/0", 3, "200 ms given up"),
        ("db/0", 3, "200 ms given up"),
    ];
    let expected =
        expected.map(|(label, depth, took)| (label.to_owned(), depth, took.to_owned(), true));
    assert_eq!(shown.collect::<Vec<_>>(), expected);
    assert_eq!(more, 0);
    let chart = drawn(exemplar);
    for part in ["200 ms waiting for a worker of db/0", "48 ms waiting for the next try"] {
        assert!(chart.svg.contains(part), "{part}");
    }
    assert_eq!(chart.id, "waterfall-failed");
    assert!(chart.title.contains("the first of shoppers to fail"), "{}", chart.title);
    assert!(chart.caption.contains("400 ms waiting for a worker of db/0"), "{}", chart.caption);
    assert!(!chart.is_over_time);
}

#[test]
fn rows_are_bounded_and_the_rest_is_counted() {
    let exemplar = tries(100);
    let (shown, more) = rows(&exemplar.spans);
    assert_eq!((shown.len(), more), (40, 161));
    let begins: Vec<u64> = shown.iter().map(|row| row.span.begin_ns).collect();
    assert!(begins.is_sorted());
    let chart = drawn(Exemplar { left_out: 7, ..exemplar });
    assert!(chart.caption.contains("168 more parts are not shown."), "{}", chart.caption);
    assert!(!drawn(tries(5)).caption.contains("not shown"));
}

#[test]
fn labels_of_two_rows_are_at_two_heights() {
    let chart = drawn(tries(19));
    let heights = heights(&chart.svg);
    let rows = heights.iter().filter(|y| y.parse::<f64>().is_ok_and(|y| y > 720.0));
    let apart: BTreeSet<_> = rows.clone().collect();
    assert_eq!((apart.len(), rows.count()), (39, 78), "a name and a time in each");
}

#[test]
fn a_long_name_ends_before_the_bars() {
    let mut exemplar = fixture::exemplars().remove(0);
    exemplar.spans[0].name = "a".repeat(200);
    let svg = drawn(exemplar).svg;
    let label =
        svg.split_once(">\na").and_then(|(_, rest)| rest.split_once('\n')).map(|(it, _)| it);
    assert!(label.is_some_and(|it| it.ends_with('…') && it.len() < 60), "{label:?}");
}

#[test]
fn what_was_not_followed_has_no_picture() {
    let mut run = fixture::storm();
    run.exemplars.clear();
    assert!(KIND.of_run(&run).is_empty());
}
