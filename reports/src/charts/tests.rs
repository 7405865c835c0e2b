use super::{Chart, all, sweep};
use crate::fixture;
use crate::palette;
use crate::result::{FaultLane, OutcomeKind, RunResult};

fn chart(result: &RunResult, kind: &str) -> Chart {
    all(result).into_iter().find(|chart| chart.kind == kind).expect("every run has this chart")
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
fn the_order_is_that_of_the_report() {
    let kinds: Vec<&str> = all(&fixture::storm()).iter().map(|chart| chart.kind).collect();
    let expected =
        ["outcomes", "quantiles", "states", "rejections", "level", "saturation", "amplification"];
    assert_eq!(kinds, expected);
}

#[test]
fn charts_name_and_describe_themselves() {
    for chart in all(&fixture::storm()).into_iter().chain(sweep(&fixture::sweep())) {
        let named = format!("<title>{}</title>", chart.title);
        assert!(chart.svg.contains(&named), "{}", chart.id);
        assert!(chart.svg.contains("<desc>") && !chart.caption.is_empty(), "{}", chart.id);
        assert!(chart.svg.contains("prefers-color-scheme:dark"), "{}", chart.id);
        assert_eq!(count(&chart.svg, "http"), 1, "{} fetches something", chart.id);
        assert!(!chart.svg.contains("NaN"), "{}", chart.id);
        assert!(chart.svg.trim_end().ends_with("</svg>"), "{}", chart.id);
    }
}

#[test]
fn the_same_result_gives_the_same_bytes() {
    assert_eq!(all(&fixture::storm()), all(&fixture::storm()));
}

#[test]
fn a_missing_percentile_is_a_gap() {
    let lines = |run: &RunResult| {
        let median = format!("stroke=\"{}\"", palette::QUANTILES[0].hex());
        let svg = chart(run, "quantiles").svg;
        svg.lines().filter(|line| line.starts_with("<polyline") && line.contains(&median)).count()
    };
    let mut run = fixture::storm();
    assert_eq!(lines(&run), 2, "the fixture has one gap");
    run.series.loads.get_mut("shoppers").expect("a load of the fixture").p50_ns.fill(Some(7));
    assert_eq!(lines(&run), 1);
}

#[test]
fn every_fault_has_a_lane_and_two_hairlines_per_panel() {
    let run = fixture::storm();
    let hairline = format!("stroke=\"{}\" stroke-width", palette::FAULT.hex());
    let svg = chart(&run, "outcomes").svg;
    assert!(svg.contains("db-slow · slow ×10 on db"));
    assert_eq!(count(&svg, &hairline), 2);
    let mut open = run;
    open.faults[0].end_ns = u64::MAX;
    assert_eq!(count(&chart(&open, "outcomes").svg, &hairline), 1);
}

#[test]
fn only_latency_bounds_are_drawn() {
    let svg = chart(&fixture::storm(), "quantiles").svg;
    assert!(svg.contains("✗ p99 &lt; 800ms") && svg.contains("✓ p50 &lt; 50ms"));
    assert!(!svg.contains("ok &gt; 99%"));
}

#[test]
fn several_loads_have_a_chart_each() {
    let mut run = fixture::storm();
    let load = run.series.loads["shoppers"].clone();
    run.series.loads.insert("a b".to_owned(), load.clone());
    run.series.loads.insert("a/b".to_owned(), load);
    let ids: Vec<String> = all(&run).into_iter().map(|chart| chart.id).take(3).collect();
    assert_eq!(ids, ["outcomes-a-b", "outcomes-a-b-2", "outcomes-shoppers"]);
}

#[test]
fn no_data_says_why() {
    let mut run = fixture::storm();
    run.states.clear();
    run.series.policies.clear();
    assert!(chart(&run, "states").svg.contains("No breaker and no instance changed its state."));
    assert!(chart(&run, "rejections").svg.contains("No layer of a policy refused a call."));
    assert!(all(&run).iter().all(|chart| chart.kind != "level"));
    run.series.end_ns = run.series.start_ns;
    let charts = all(&run);
    assert_eq!(charts.len(), 1);
    assert!(charts[0].svg.contains("ended before anything was measured"));
}

#[test]
fn lanes_are_capped_and_the_rest_counted() {
    let mut run = fixture::storm();
    run.states = vec![run.states[2].clone(); 55];
    let states = chart(&run, "states");
    assert_eq!(count(&states.svg, ">\ndb/0\n<"), 40);
    assert!(states.caption.contains("15 more lanes are not shown."));
    run.faults = vec![run.faults[0].clone(); 15];
    assert!(chart(&run, "outcomes").caption.contains("the first 12 of 15 with a lane"));
}

#[test]
fn names_are_escaped() {
    let mut run = fixture::storm();
    run.faults = vec![FaultLane {
        name: "<script>".to_owned(),
        description: "a & b".to_owned(),
        start_ns: 20_000_000_000,
        end_ns: 30_000_000_000,
    }];
    for chart in all(&run) {
        assert!(!chart.svg.contains("<script>"), "{}", chart.id);
    }
}

#[test]
fn outcomes_that_never_occur_take_no_room() {
    let mut run = fixture::storm();
    let rejected = palette::outcome(OutcomeKind::Rejected).hex();
    assert!(chart(&run, "outcomes").svg.contains(&rejected));
    let load = run.series.loads.get_mut("shoppers").expect("a load of the fixture");
    load.outcomes.insert(OutcomeKind::Rejected, vec![0; 60]);
    assert!(!chart(&run, "outcomes").svg.contains(&rejected));
}

#[test]
fn refused_calls_are_stacked_by_reason() {
    let run = fixture::storm();
    let picture = chart(&run, "rejections");
    for (index, reason) in ["open", "probes taken"].iter().enumerate() {
        assert!(picture.svg.contains(&format!(">\n{reason}\n<")), "{reason} is in the legend");
        let area = format!("<polygon opacity=\"1\" fill=\"{}\"", palette::kind(index).hex());
        assert_eq!(count(&picture.svg, &area), 1, "{reason}");
    }
    assert!(picture.svg.contains("standard.breaker → orders"));
    assert!(!picture.svg.contains("standard.retry"), "it refused nothing");
}

#[test]
fn a_level_is_a_line_within_its_range() {
    let mut run = fixture::storm();
    let picture = chart(&run, "level");
    assert_eq!(picture.id, "level-budget");
    assert!(picture.svg.contains("standard.retry → orders"));
    let area = format!("<polygon opacity=\"0.25\" fill=\"{}\"", palette::SERIES.hex());
    assert_eq!(count(&picture.svg, &area), 1);
    let retry = run.series.policies.get_mut("standard.retry → orders").expect("a layer");
    let budget = retry.levels.get_mut("budget").expect("a level of the fixture");
    for values in [&mut budget.mean, &mut budget.min, &mut budget.max] {
        values[30] = None;
    }
    assert_eq!(count(&chart(&run, "level").svg, &area), 2, "a gap");
}
