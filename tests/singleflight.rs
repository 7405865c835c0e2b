//! A database that would go down under equal queries, and stays up where they share answers.

use cascadia::Scenario;
use cascadia::result::{OutcomeKind, RunResult};

/// The database answers 100 queries a second. Three times as many ask for the same page.
fn run(layers: &str) -> RunResult {
    let text = format!(
        r#"{{ "version": 1, "name": "stampede", "run": {{ "duration": "20s" }},
        "services": {{
            "web": {{ "workers": "unlimited", "endpoints": {{ "page": [ {{ "call": "db.query", "policy": "way" }} ] }} }},
            "db": {{ "workers": 2, "endpoints": {{ "query": [ {{ "compute": "20ms" }} ] }} }}
        }},
        "policies": {{ "way": [ {layers} ] }},
        "load": {{ "users": {{ "target": "web.page", "open": {{ "poisson": "300/s" }} }} }} }}"#
    );
    let scenario =
        Scenario::parse("stampede.json", &text).unwrap_or_else(|error| panic!("{error}"));
    scenario.run(1).expect("it runs").result().clone()
}

#[test]
fn equal_queries_that_share_an_answer_spare_the_database() {
    let timeout = r#"{ "timeout": "500ms" }"#;
    let alone = run(timeout);
    let shared = run(&format!(r#"{timeout}, {{ "singleflight": {{}} }}"#));
    let ended =
        |result: &RunResult, kind| result.loads["users"].outcomes.get(&kind).copied().unwrap_or(0);
    let offered = shared.loads["users"].offered;
    let alone_ok = ended(&alone, OutcomeKind::Ok);
    assert!(alone_ok * 5 < offered, "{alone_ok} of the queries end in time");
    let shared_ok = ended(&shared, OutcomeKind::Ok) + ended(&shared, OutcomeKind::Unfinished);
    assert_eq!(shared_ok, offered, "all of them do");
    let asked = |result: &RunResult| result.services["db"].arrivals;
    assert!(asked(&shared) * 3 < asked(&alone), "{} queries", asked(&shared));
    assert!(asked(&shared) <= 20 * 50 + 1, "one at a time");
    assert_eq!(shared.services["db"].wasted, 0);
    let layer = &shared.policies["way.singleflight → db"];
    assert_eq!(layer.counts["shared"] + asked(&shared), offered);
}
