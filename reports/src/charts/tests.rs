use std::collections::BTreeSet;

use super::kind::{Draw, Kind};
use super::{Chart, all, kinds, sweep};
use crate::fixture;
use crate::palette;
use crate::result::{FaultLane, LoadSeries, RunResult, SweepResult};

/// The charts of a kind, of whatever it has one of.
fn of(kind: &Kind, run: &RunResult, sweep: &SweepResult) -> Vec<Chart> {
    kind.of_run(run).into_iter().chain(kind.of_sweep(sweep)).collect()
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

/// Whether the chart says why it is empty: then it shows what else only describes it.
fn says_why(chart: &Chart) -> bool {
    count(&chart.svg, &chart.caption) == 2
}

#[test]
fn kinds_have_names_of_their_own_that_fit_a_file() {
    let names: BTreeSet<&str> = kinds::ALL.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), kinds::ALL.len());
    let fits = |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    assert!(names.iter().all(|name| fits(name)), "{names:?}");
}

#[test]
fn the_order_is_that_of_the_registry() {
    let (run, sweep_kinds): (Vec<&Kind>, _) =
        kinds::ALL.iter().partition(|kind| !matches!(kind.draw, Draw::Sweep(_)));
    let names = |kinds: Vec<&Kind>| kinds.iter().map(|kind| kind.name).collect::<Vec<_>>();
    let drawn = |charts: Vec<Chart>| charts.iter().map(|chart| chart.kind).collect::<Vec<_>>();
    assert_eq!(drawn(all(&fixture::storm())), names(run));
    assert_eq!(drawn(sweep(&fixture::sweep())), names(sweep_kinds));
}

#[test]
fn charts_name_and_describe_themselves_and_draw_something() {
    for kind in kinds::ALL {
        let charts = of(kind, &fixture::storm(), &fixture::sweep());
        assert!(!charts.is_empty(), "{}", kind.name);
        for chart in charts {
            let named = format!("<title>{}</title>", chart.title);
            assert!(chart.svg.contains(&named), "{}", chart.id);
            assert!(chart.svg.contains("<desc>") && !chart.caption.is_empty(), "{}", chart.id);
            assert!(chart.svg.contains("prefers-color-scheme:dark"), "{}", chart.id);
            assert_eq!(count(&chart.svg, "http"), 1, "{} fetches something", chart.id);
            assert!(!chart.svg.contains("NaN"), "{}", chart.id);
            assert!(chart.svg.trim_end().ends_with("</svg>"), "{}", chart.id);
            assert!(!says_why(&chart), "{}", chart.id);
        }
    }
}

#[test]
fn the_same_result_gives_the_same_bytes() {
    assert_eq!(all(&fixture::storm()), all(&fixture::storm()));
}

#[test]
fn every_fault_has_a_lane_and_two_hairlines_per_panel() {
    let run = fixture::storm();
    let hairline = format!("stroke=\"{}\" stroke-width", palette::FAULT.hex());
    let svg = &all(&run)[0].svg;
    assert!(svg.contains("db-slow · slow ×10 on db"));
    assert_eq!(count(svg, &hairline), 2);
    let mut open = run;
    open.faults[0].end_ns = u64::MAX;
    assert_eq!(count(&all(&open)[0].svg, &hairline), 1);
}

#[test]
fn lanes_of_faults_are_capped_and_the_rest_counted() {
    let mut run = fixture::storm();
    run.faults = vec![run.faults[0].clone(); 15];
    assert!(all(&run)[0].caption.contains("the first 12 of 15 with a lane"));
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
    let (mut run, mut sweep) = (fixture::storm(), fixture::sweep());
    run.states.clear();
    run.series.policies.clear();
    run.series.components.clear();
    run.capture = None;
    run.exemplars.clear();
    run.series.services.clear();
    run.series.loads = [("shoppers".to_owned(), LoadSeries::default())].into();
    sweep.runs.clear();
    for kind in kinds::ALL {
        let of_what_is_there = !matches!(
            kind.draw,
            Draw::Level(_)
                | Draw::Sagas(_)
                | Draw::Component(_)
                | Draw::Message(_)
                | Draw::Exemplar(_)
        );
        let charts = of(kind, &run, &sweep);
        assert_eq!(charts.len(), usize::from(of_what_is_there), "{}", kind.name);
        assert!(charts.iter().all(says_why), "{}", kind.name);
    }
    run.series.end_ns = run.series.start_ns;
    let charts = all(&run);
    assert_eq!(charts.len(), 1);
    assert!(charts[0].svg.contains("ended before anything was measured") && says_why(&charts[0]));
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
