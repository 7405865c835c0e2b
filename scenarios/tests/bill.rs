//! What a run costs is known before it is made.

use cascadia_scenarios::{Diagnostic, Options, Source, load};

use crate::common;

/// One service and one load, with changes.
const SMALL: &str = r#"{
  "version": 1,
  "name": "t",
  "run": { "duration": "2s" },
  "services": { "db": { "workers": 2, "endpoints": { "get": [ { "compute": "5ms" } ] } } },
  "policies": { "p": [] },
  "load": { "u": { "target": "db.get", "policy": "p", "open": { "constant": "10/s" } } }
}"#;

/// What is refused of a text with changes, by code and by the text that it points to.
fn refused_of(text: &str, sets: &[&str]) -> Vec<(&'static str, String)> {
    let Err(problems) = common::with(text, sets) else { return Vec::new() };
    let place = |found: &Diagnostic| {
        let label = &found.labels[0];
        problems.sources[label.source].text[label.start..label.end].to_owned()
    };
    problems.diagnostics.iter().map(|found| (found.code, place(found))).collect()
}

fn refused(sets: &[&str]) -> Vec<(&'static str, String)> {
    refused_of(SMALL, sets)
}

fn codes(sets: &[&str]) -> Vec<&'static str> {
    refused(sets).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn what_is_small_is_taken() {
    assert_eq!(refused(&[]), []);
}

#[test]
fn windows_of_breakers_count_for_each_client() {
    let many = r#"policies.p=[{"breaker":{"window":{"time":{"span":"10s","buckets":65535}}}}]"#;
    assert_eq!(refused(&[many]), []);
    assert_eq!(
        refused(&[many, "load.u.population=100000"]),
        [("S063", "100000".to_owned())],
        "it points to the number of clients"
    );
}

#[test]
fn buckets_of_throttles_count_for_each_client() {
    let many = r#"policies.p=[{"throttle":{"buckets":65535}}]"#;
    assert_eq!(refused(&[many]), []);
    assert_eq!(codes(&[many, "load.u.population=100000"]), ["S063"]);
}

#[test]
fn histograms_of_hedges_count_for_each_client() {
    let policy = r#"policies.p=[{"hedge":{}},{"balance":"p2c"}]"#;
    assert_eq!(codes(&[policy, "services.db.replicas=2", "load.u.population=2000000"]), ["S063"]);
}

#[test]
fn a_client_of_a_closed_load_is_no_trifle() {
    let clients = r#"load.u={"target":"db.get","closed":{"clients":9000000,"think":"1s"}}"#;
    let found = refused(&[clients, "services.db.workers=unlimited"]);
    assert_eq!(found, [("S063", "9000000".to_owned())]);
}

#[test]
fn what_waits_in_a_queue_without_a_bound_is_counted() {
    let sets = ["load.u.open.constant=10000000/s", "run.duration=90s"];
    let slow = r#"services.db.endpoints.get=[{"compute":"1h"}]"#;
    assert_eq!(codes(&[sets[0], sets[1], slow]), ["S063"]);
    let bounded = "services.db.queue={\"capacity\":1000}";
    assert_eq!(refused(&[sets[0], sets[1], slow, bounded]), []);
}

#[test]
fn a_log_of_calls_is_as_long_as_there_are_calls() {
    let log = r#"policies.p=[{"rate_limit":{"algorithm":{"sliding_log":{"limit":4294967295,"window":"30d"}}}}]"#;
    let fast = "services.db.workers=unlimited";
    assert_eq!(refused(&[log, fast]), []);
    let many = ["load.u.open.constant=2000000/s", "run.duration=100s"];
    assert_eq!(codes(&[log, fast, many[0], many[1]]), ["S063"]);
}

#[test]
fn names_count_for_each_client() {
    let name = "n".repeat(100_000);
    let text = SMALL.replace("\"u\"", &format!("\"{name}\""));
    let population = text.replace("\"policy\": \"p\"", "\"policy\": \"p\", \"population\": 20000");
    let retried = r#"policies.p=[{"retry":{}}]"#;
    assert_eq!(refused_of(&text, &[retried]), []);
    let found = refused_of(&population, &[retried]);
    assert!(found.contains(&("S063", "20000".to_owned())), "{:?}", found[0].0);
}

/// Three services in a row, each of which tries again what fails.
fn retries(attempts: u32) -> String {
    let call = |to: &str| format!(r#"[{{"call":"{to}.e","policy":"p"}}]"#);
    let (b, c) = (call("b"), call("c"));
    format!(
        r#"{{"version":1,"name":"t","run":{{"duration":"10s"}},
        "services":{{"a":{{"workers":"unlimited","endpoints":{{"e":{b}}}}},
                     "b":{{"workers":"unlimited","endpoints":{{"e":{c}}}}},
                     "c":{{"workers":"unlimited","endpoints":{{"e":[{{"compute":"1us"}}]}}}}}},
        "policies":{{"p":[{{"retry":{{"attempts":{attempts},"backoff":{{"fixed":"1ns"}}}}}}]}},
        "load":{{"u":{{"target":"a.e","policy":"p","open":{{"constant":"1/s"}}}}}}}}"#
    )
}

#[test]
fn tries_of_tries_multiply() {
    assert_eq!(refused_of(&retries(10), &[]), []);
    assert_eq!(refused_of(&retries(1_000), &[]), [("S065", "\"u\"".to_owned())]);
}

#[test]
fn tries_count_where_something_goes_wrong() {
    let events = |text: &str, sets: &[&str]| common::valid(text, sets).bill.events.total;
    let often = "load.u.open.constant=1000/s";
    let calm = events(&retries(10), &[often]);
    let wrong = r#"faults=[{"at":"0s","errors":{"target":"c","rate":"100%"}}]"#;
    let many = events(&retries(10), &[often, wrong]);
    assert!(many > 300.0 * calm, "{many} and {calm}");
    let budget = r#"policies.p[0].retry.budget={"ratio":"10%","min_per_second":0}"#;
    let few = events(&retries(10), &[often, wrong, budget]);
    assert!(few < 2.0 * calm, "{few} and {calm}");
}

/// What was refused before it began has had no effect.
#[test]
fn refusals_are_tried_again_even_of_what_must_not_be_done_twice() {
    let post = SMALL.replace("\"get\"", "\"POST /x\"").replace("db.get", "db POST /x");
    let busy = ["load.u.open.constant=1000/s", r#"policies.p=[{"retry":{"attempts":5}}]"#];
    let events = |queue: &str| common::valid(&post, &[busy[0], busy[1], queue]).bill.events.total;
    let (patient, full) =
        (events("services.db.queue={}"), events(r#"services.db.queue={"capacity":9}"#));
    assert!(full > 1.5 * patient, "{full} and {patient}");
}

#[test]
fn calls_at_once_count_for_each_request() {
    let calls = vec![r#"{"call":"c.e"}"#; 3_000].join(",");
    let text = format!(
        r#"{{"version":1,"name":"t","run":{{"duration":"10s"}},
        "services":{{"a":{{"workers":"unlimited","endpoints":{{"e":[{{"parallel":[{calls}]}}]}}}},
                     "c":{{"workers":"unlimited","endpoints":{{"e":[{{"compute":"10s"}}]}}}}}},
        "load":{{"u":{{"target":"a.e","open":{{"constant":"1/s"}}}}}}}}"#
    );
    assert_eq!(refused_of(&text, &[]), []);
    let found = refused_of(&text, &["load.u.open.constant=100/s"]);
    let found: Vec<_> = found.into_iter().map(|(code, _)| code).collect();
    assert_eq!(found, ["S063"]);
}

#[test]
fn moments_at_which_everything_is_counted_count_for_everything() {
    let services: Vec<String> = (0..5_000)
        .map(|n| format!(r#""s{n}":{{"endpoints":{{"e":[{{"compute":"1ms"}}]}}}}"#))
        .collect();
    let text =
        SMALL.replace("\"services\": {", &format!("\"services\": {{{},", services.join(",")));
    let found: Vec<_> = refused_of(&text, &[]).into_iter().map(|(code, _)| code).collect();
    assert!(found.contains(&"S063") && found.contains(&"S064"), "{found:?}");
}

#[test]
fn force_lifts_all_of_it() {
    let sets = ["load.u.open.constant=1000000000/s".to_owned(), "run.duration=29d".to_owned()];
    let source = Source { name: "t".to_owned(), text: retries(65_535) };
    let forced = Options { sets: sets.into(), force: true, ..Options::default() };
    let scenario = load(source.clone(), &forced).unwrap_or_else(|wrong| panic!("{wrong:?}"));
    assert!(scenario.bill.events.total.is_finite());
    assert!(load(source, &Options { force: false, ..forced }).is_err());
}
