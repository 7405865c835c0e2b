//! What a request went through, as a second run of its seed shows.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use cascadia::result::RunResult;
use cascadia::{Fault, Handed, RunError, Scenario};
use serde_json::{Value, json};

use crate::support::{cascadia, folder, stderr, stdout};

/// A shop whose database answers the second try of every order: the first is worked on for longer than the shop waits.
const SHOP: &str = r#"{ "version": 1, "name": "shop", "run": { "duration": "4s" },
  "services": {
    "shop": { "endpoints": { "order": [ { "compute": "2ms" }, { "call": "db.write", "policy": "patient" } ] } },
    "db": { "workers": 1, "endpoints": { "write": { "idempotent": true, "steps": [ { "compute": "10ms" } ] } } } },
  "policies": { "patient": [
    { "retry": { "attempts": 3, "backoff": { "fixed": "30ms" } } }, { "timeout": "40ms" } ] },
  "links": { "default": { "latency": "1ms" } },
  "load": { "users": { "target": "shop.order", "open": { "constant": "10/s" } } },
  "faults": [ { "name": "slow", "at": "1950ms", "for": "100ms", "slow": { "target": "db", "factor": 6 } } ] }"#;

/// The saved result, the page and what was printed of a run of a file.
fn run(name: &str, file: &str, more: &[&str]) -> (Value, String, String) {
    let folder = folder(name);
    fs::write(folder.join("file.json"), file).unwrap();
    let arguments = [&["run", "file.json", "--out", "out"], more].concat();
    let output = cascadia(&folder, &arguments);
    let read = |name: &str| fs::read_to_string(folder.join("out").join(name));
    let result = read("result.json").unwrap_or_else(|_| panic!("{}", stderr(&output)));
    (serde_json::from_str(&result).unwrap(), read("report.html").unwrap(), stdout(&output))
}

/// The spans of a request: which they are part of, what they are, and from when to when, in microseconds since its send.
fn spans(exemplar: &Value) -> Vec<(Option<u64>, String, u64, u64)> {
    let spans = exemplar["spans"].as_array().unwrap();
    let sent = spans[0]["begin_ns"].as_u64().unwrap();
    let text = |span: &Value, key: &str| span[key].as_str().unwrap().to_owned();
    let span = |span: &Value| {
        let what = format!("{} {}", text(span, "kind"), text(span, "name"));
        let at = |key: &str| (span[key].as_u64().unwrap() - sent) / 1_000;
        (span["parent"].as_u64(), what.trim_end().to_owned(), at("begin_ns"), at("end_ns"))
    };
    spans.iter().map(span).collect()
}

fn of<'a>(result: &'a Value, kind: &str) -> &'a Value {
    let exemplars = result["exemplars"].as_array().unwrap();
    exemplars.iter().find(|one| one["of"] == kind).unwrap_or_else(|| panic!("{exemplars:#?}"))
}

#[test]
fn a_request_is_followed_through_its_tries() {
    let (result, page, told) = run("traces-tries", SHOP, &["--traces"]);
    let expected = [
        (None, "request users", 0, 86_000),
        (Some(0), "attempt shop/0", 0, 86_000),
        (Some(1), "there", 0, 1_000),
        (Some(1), "work", 1_000, 85_000),
        (Some(3), "layer retry → db", 3_000, 85_000),
        (Some(4), "layer timeout → db", 3_000, 43_000),
        (Some(5), "attempt db/0", 3_000, 43_000),
        (Some(6), "there", 3_000, 4_000),
        (Some(6), "work", 4_000, 43_000),
        (Some(4), "wait retry", 43_000, 73_000),
        (Some(4), "attempt db/0", 73_000, 85_000),
        (Some(10), "there", 73_000, 74_000),
        (Some(10), "work", 74_000, 84_000),
        (Some(10), "back", 84_000, 85_000),
        (Some(1), "back", 85_000, 86_000),
    ];
    let expected = expected.map(|(parent, what, from, to)| (parent, what.to_owned(), from, to));
    let slowest = of(&result, "slowest");
    assert_eq!(spans(slowest), expected);
    let ends = [5, 6, 10].map(|at| &slowest["spans"][at]["outcome"]);
    assert_eq!(ends, [&json!("timeout"), &Value::Null, &json!("ok")]);
    assert!(page.contains("chart-waterfall-slowest") && page.contains("chart-waterfall-median"));
    assert!(!page.contains("chart-waterfall-failed"));
    let line = "users  slowest  86 ms  ok  49 ms at work at db/0, 30 ms waiting for the next try, 2 ms at work at shop/0";
    assert!(told.contains(line), "{told}");
}

#[test]
fn where_all_is_well_nobody_is_followed_unless_that_is_asked_for() {
    let (result, page, told) = run("traces-well", SHOP, &[]);
    assert!(result["exemplars"].is_null() && !page.contains("waterfall"));
    assert!(!told.contains("EXAMPLES"), "{told}");
    let checked = SHOP.replace("\"faults\"", r#""checks": { "users": [ "p50 < 1ms" ] }, "faults""#);
    let (result, ..) = run("traces-unwell", &checked, &[]);
    assert_eq!(kinds(&result), ["slowest", "median"], "a check failed, and no request");
    let expected = checked.replace("p50 < 1ms", "ok > 1%");
    let once = "policies.patient[0].retry.attempts=1";
    let (result, ..) = run("traces-expected", &expected, &["--set", once]);
    assert!(result["exemplars"].is_null(), "a request failed, which its checks allow");
}

#[test]
fn the_first_of_the_commonest_failure_is_followed() {
    let once = "policies.patient[0].retry.attempts=1";
    let (result, page, told) = run("traces-failed", SHOP, &["--set", once]);
    assert_eq!(kinds(&result), ["failed", "slowest", "median"]);
    let failed = of(&result, "failed");
    assert_eq!(failed["outcome"], "timeout");
    let sent = failed["spans"][0]["begin_ns"].as_u64().unwrap();
    assert_eq!(sent, 2_000_000_000, "that is sent while the database is slow");
    assert!(page.contains("the first of users to fail in the commonest way"));
    assert_eq!(told.lines().filter(|line| line.contains("  failed  ")).count(), 1, "{told}");
}

#[test]
fn following_changes_nothing_and_gives_the_same_every_time() {
    let (one, page, told) = run("traces-once", SHOP, &["--traces"]);
    let (other, again, retold) = run("traces-again", SHOP, &["--traces"]);
    assert!(one == other && page == again && told == retold);
    let scenario = Scenario::parse("file.json", SHOP).unwrap();
    let (unseen, seen) = (scenario.run(1).unwrap(), scenario.traced(1).unwrap());
    assert_eq!(unseen.result().digest, one["digest"]);
    assert!(unseen.result().exemplars.is_empty() && seen.result().exemplars.len() == 2);
    let plain = RunResult {
        exemplars: Vec::new(),
        reproduce: unseen.result().reproduce.clone(),
        ..seen.result().clone()
    };
    assert_eq!(&plain, unseen.result());
}

#[test]
fn a_copy_that_loses_is_given_up_when_the_other_one_wins() {
    const HEDGED: &str = r#"{ "version": 1, "name": "hedged", "run": { "duration": "4s" },
      "services": { "db": { "replicas": 2, "workers": 4, "endpoints": { "read": [ { "compute": "30ms" } ] } } },
      "policies": { "hedged": [ { "hedge": { "delay": "10ms", "budget": "unlimited" } }, { "balance": "round_robin" } ] },
      "load": { "users": { "target": "db.read", "policy": "hedged", "open": { "constant": "5/s" } } } }"#;
    let (result, ..) = run("traces-hedged", HEDGED, &["--traces"]);
    let slowest = of(&result, "slowest");
    let attempts: Vec<_> =
        spans(slowest).into_iter().filter(|(_, what, ..)| what.contains("db/")).collect();
    let [first, copy] = &attempts[..] else { panic!("{attempts:?}") };
    assert_eq!((first.2, first.3), (0, 30_000));
    assert_eq!((copy.1.starts_with("copy db/"), copy.2, copy.3), (true, 10_000, 30_000));
    let given_up = slowest["spans"].as_array().unwrap().iter().find(|span| span["kind"] == "copy");
    let given_up = given_up.expect("there is a copy");
    assert!(given_up["outcome"].is_null() && given_up["text"] == "its caller had gone");
}

#[test]
fn who_publishes_and_who_asks_by_message_is_seen_to_wait() {
    const BY_MESSAGE: &str = r#"{ "version": 1, "name": "by-message", "run": { "duration": "6s" },
      "services": {
        "shop": { "endpoints": {
          "order": [ { "publish": "bus.orders" } ],
          "ask": [ { "request": "bus.questions", "timeout": "1s" } ] } },
        "desk": { "consume": {
          "bus.orders": { "do": [ { "compute": "1ms" } ] },
          "bus.questions": { "reply": true, "do": [ { "compute": "5ms" } ] } } } },
      "brokers": { "bus": { "topics": { "orders": {}, "questions": {} } } },
      "links": { "default": { "latency": "500us" } },
      "load": { "users": { "target": "shop ENDPOINT", "open": { "constant": "10/s" }, "until": "5s" } } }"#;
    for (endpoint, kind, topic) in
        [("order", "publish", "bus.orders"), ("ask", "ask", "bus.questions")]
    {
        let file = BY_MESSAGE.replace("ENDPOINT", endpoint);
        let (result, ..) = run(&format!("traces-{endpoint}"), &file, &["--traces"]);
        let slowest = of(&result, "slowest");
        let all = slowest["spans"].as_array().unwrap();
        let found = all.iter().find(|span| span["kind"] == kind);
        let span = found.unwrap_or_else(|| panic!("{slowest:#}"));
        assert_eq!((&span["name"], &span["outcome"]), (&json!(topic), &json!("ok")));
        let took = span["end_ns"].as_u64().unwrap() - span["begin_ns"].as_u64().unwrap();
        assert!(took >= 1_000_000, "it goes to the broker and back: {took} ns");
    }
}

/// A program that is another one when it is run again is found out, and nothing is shown of it.
#[test]
fn a_second_run_that_is_another_one_is_an_error() {
    const MAILED: &str = r#"{ "version": 1, "name": "mailed", "run": { "duration": "5s" },
      "services": {
        "shop": { "endpoints": { "order": [ { "publish": "bus.orders" } ] } },
        "desk": { "consume": { "bus.orders": { "do": [ { "compute": "1ms" } ] } } } },
      "brokers": { "bus": { "topics": { "orders": {} } } },
      "load": { "users": { "target": "shop.order", "open": { "constant": "10/s" }, "until": "4s" } } }"#;
    let seen = Arc::new(AtomicU64::new(0));
    let mailed = Scenario::parse("mailed.json", MAILED).unwrap();
    let forgetful = mailed.consumer("desk", move |message: Handed| {
        let is_second_run = seen.fetch_add(1, Relaxed) >= 40;
        async move {
            if is_second_run {
                return Err(Fault::poison("it has been here before"));
            }
            message.work().await
        }
    });
    let traced = forgetful.unwrap().traced(1);
    assert!(matches!(traced, Err(RunError::Another { .. })), "{traced:?}");
    assert!(mailed.traced(1).is_ok());
}

#[test]
fn one_seed_is_followed_where_the_file_says_that_there_are_several() {
    let several = SHOP.replace(r#""duration": "4s""#, r#""duration": "4s", "seeds": 3"#);
    let (result, ..) = run("traces-several", &several, &["--traces"]);
    assert_eq!(kinds(&result), ["slowest", "median"]);
}

/// What the requests that were followed are examples of.
fn kinds(result: &Value) -> Vec<&str> {
    let exemplars = result["exemplars"].as_array().unwrap().iter();
    exemplars.map(|one| one["of"].as_str().unwrap()).collect()
}
