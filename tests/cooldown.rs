//! A query that cannot be answered, which takes along what can unless its failures are kept.

use cascadia::Scenario;
use cascadia::result::{OutcomeKind, RunResult};

/// The database works 200 ms on a report, which then fails. One is asked for every 10 ms, so that
/// reports alone keep 20 workers busy, and there are 10.
fn run(layers: &str) -> RunResult {
    let text = format!(
        r#"{{ "version": 1, "name": "broken-report", "run": {{ "duration": "54s" }},
        "services": {{
            "web": {{ "workers": "unlimited", "endpoints": {{
                "page": [ {{ "call": "db.read", "policy": "way" }} ],
                "report": [ {{ "call": "db.report", "policy": "way" }} ] }} }},
            "db": {{ "workers": 10, "queue": {{ "capacity": 100 }}, "endpoints": {{
                "read": [ {{ "compute": "1ms" }} ],
                "report": [ {{ "compute": "200ms" }}, {{ "fail": "100%" }} ] }} }} }},
        "policies": {{ "way": [ {layers} ] }},
        "load": {{
            "readers": {{ "target": "web.page", "open": {{ "constant": "100/s" }} }},
            "reporters": {{ "target": "web.report", "open": {{ "constant": "100/s" }} }} }} }}"#
    );
    let scenario =
        Scenario::parse("broken-report.json", &text).unwrap_or_else(|error| panic!("{error}"));
    scenario.run(1).expect("it runs").result().clone()
}

fn ended(result: &RunResult, load: &str, kind: OutcomeKind) -> u64 {
    result.loads[load].outcomes.get(&kind).copied().unwrap_or(0)
}

/// The share of pages that were served.
fn served(result: &RunResult) -> f64 {
    ended(result, "readers", OutcomeKind::Ok) as f64 / result.loads["readers"].offered as f64
}

#[test]
fn what_works_is_served_where_the_failures_of_what_does_not_are_kept() {
    let bare = run("");
    let kept = run(r#"{ "cooldown": { "pause": "5s", "per": "endpoint" } }"#);
    assert!(served(&bare) < 0.7, "{}", served(&bare));
    assert!(served(&kept) > 0.999, "{}", served(&kept));
    let refused = ended(&kept, "reporters", OutcomeKind::ShortCircuit);
    assert_eq!(kept.policies["way.cooldown → db"].rejected["key_cooling"], refused);
}

/// Of each pause, those are sent that come before the first has failed: 20 in 200 ms, of which the
/// second ten wait for the workers of the first, so that the last fails 400 ms after the first was
/// sent. The pause is counted from there; so 10 of them begin in 54 s.
#[test]
fn in_each_pause_as_many_are_sent_as_come_before_the_first_has_failed() {
    let kept = run(r#"{ "cooldown": { "pause": "5s", "per": "endpoint" } }"#);
    let failed = ended(&kept, "reporters", OutcomeKind::Failed);
    assert!((10 * 20..=10 * 21).contains(&failed), "{failed}");
}

#[test]
fn without_a_key_all_calls_rest_after_a_failure_of_one() {
    let all = run(r#"{ "cooldown": { "pause": "5s" } }"#);
    assert!(served(&all) < 0.1, "{}", served(&all));
    let refused = |load| ended(&all, load, OutcomeKind::ShortCircuit);
    assert!(refused("readers") > 0 && refused("reporters") > 0);
}
