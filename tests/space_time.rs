//! What was on the wire around the worst message of a run, or its worst saga, as the page of it shows.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{cascadia, folder, stderr};

/// A broker that answers before it syncs, dies and loses what was confirmed.
const FORGETFUL: &str = r#"{ "version": 1, "name": "forgetful", "run": { "duration": "12s" },
  "services": {
    "shop": { "endpoints": { "order": [ { "publish": "bus.orders", "request_timeout": "1s",
      "delivery_timeout": "5s" } ] } },
    "desk": { "consume": { "bus.orders": { "do": [ { "compute": "1ms" } ] } } } },
  "brokers": { "bus": { "topics": { "orders": {} }, "flush": { "every": "2s" } } },
  "links": { "default": { "latency": "500us" } },
  "load": { "users": { "target": "shop", "open": { "constant": "20/s" }, "until": "8s" } },
  "faults": [
    { "name": "desk-away", "crash": { "target": "desk" }, "at": "4100ms", "for": "4s" },
    { "name": "power", "crash": { "target": "bus" }, "at": "5s", "for": "1s" } ] }"#;

/// The saved result and the page of a run of a file.
fn run(name: &str, file: &str, sets: &[&str]) -> (Value, String) {
    let sets: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    run_as(name, file, &sets)
}

fn run_as(name: &str, file: &str, more: &[&str]) -> (Value, String) {
    let folder: PathBuf = folder(name);
    fs::write(folder.join("file.json"), file).unwrap();
    let mut arguments = vec!["run", "file.json", "--out", "out", "--force"];
    arguments.extend(more);
    let output = cascadia(&folder, &arguments);
    let read = |name: &str| fs::read_to_string(folder.join("out").join(name));
    let result = read("result.json").unwrap_or_else(|_| panic!("{}", stderr(&output)));
    (serde_json::from_str(&result).unwrap(), read("report.html").unwrap())
}

fn of<'a>(capture: &'a Value, kind: &str) -> Vec<&'a Value> {
    let transits = capture["transits"].as_array().unwrap().iter();
    let of = transits.filter(|one| one["is_about"] == true && one["kind"] == kind);
    of.collect()
}

fn place<'a>(capture: &'a Value, one: &Value, end: &str) -> &'a str {
    capture["places"][one[end].as_u64().unwrap() as usize].as_str().unwrap()
}

#[test]
fn a_lost_message_is_shown_from_its_publication_to_the_death_of_who_had_it() {
    let (result, page) = run("space-time-lost", FORGETFUL, &[]);
    let capture = &result["capture"];
    assert_eq!(capture["suspicion"], "lost", "{capture:#}");
    assert_eq!(capture["of"], "bus.orders desk");
    let (publish, confirm) = (of(capture, "publish")[0], of(capture, "confirm")[0]);
    assert_eq!(place(capture, publish, "from"), "shop/0");
    assert_eq!(place(capture, publish, "to"), "bus/0");
    assert_eq!(place(capture, confirm, "to"), "shop/0");
    let transits = capture["transits"].as_array().unwrap();
    assert!(transits.len() <= 60);
    for one in transits {
        let arrives = one["arrives_ns"].as_u64().expect("links here lose nothing");
        assert_eq!(arrives - one["sent_ns"].as_u64().unwrap(), 500_000, "{one}");
    }
    let down = result["states"].as_array().unwrap().iter().find(|lane| lane["name"] == "bus/0");
    let death = down.expect("it died")["changes"][0]["at_ns"].as_u64().unwrap();
    assert!((confirm["sent_ns"].as_u64().unwrap()..death + 1).contains(&death));
    for part in ["id=\"chart-space-time\"", "was lost: the broker had it and lost it", ">\ndown\n<"]
    {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_same_run_gives_the_same_picture_and_looking_on_changes_nothing() {
    let (one, page) = run("space-time-once", FORGETFUL, &[]);
    let (other, again) = run("space-time-again", FORGETFUL, &[]);
    assert!(one == other && page == again);
    let scenario = cascadia::Scenario::parse("file.json", FORGETFUL).unwrap();
    let unseen = scenario.run(0).unwrap();
    let (seen, _) = run("space-time-seed", FORGETFUL, &["run.seed=0"]);
    assert_eq!(seen["digest"], unseen.result().digest);
    assert!(unseen.result().capture.is_none() && !seen["capture"].is_null());
}

#[test]
fn what_a_link_loses_is_crossed_out_where_it_was_lost() {
    let sets =
        ["faults=[{\"loss\":{\"from\":\"shop\",\"rate\":\"40%\"},\"at\":\"1s\",\"for\":\"2s\"}]"];
    let (result, page) = run("space-time-loss", FORGETFUL, &sets);
    let capture = &result["capture"];
    assert_eq!(capture["suspicion"], "slowest", "{capture:#}");
    let lost = of(capture, "publish").into_iter().filter(|one| one["arrives_ns"].is_null()).count();
    assert!(lost > 0, "{capture:#}");
    assert!(page.contains("lost on its way"));
    let done = capture["marks"].as_array().unwrap();
    assert_eq!(done.len(), 1);
    assert_eq!(done[0]["at_ns"], capture["noticed_ns"]);
}

#[test]
fn without_messages_there_is_no_picture_of_any() {
    const CALLS: &str = r#"{ "version": 1, "name": "calls", "run": { "duration": "1s" },
      "services": { "s": { "endpoints": { "e": [ { "compute": "1ms" } ] } } },
      "load": { "l": { "target": "s", "open": { "constant": "10/s" } } } }"#;
    let (result, page) = run("space-time-none", CALLS, &[]);
    assert!(result["capture"].is_null() && !page.contains("chart-space-time"));
}

/// A shop whose stock does whatever comes, over a network that loses.
const CARELESS: &str = r#"{ "version": 1, "name": "careless", "run": { "duration": "30s" },
  "services": {
    "stock": { "endpoints": {
      "take": { "steps": [ { "compute": "1ms" } ] }, "give": { "steps": [ { "compute": "1ms" } ] } } },
    "bank": { "endpoints": { "pay": { "once": true, "steps": [ { "fail": "20%", "status": 402 } ] } } } },
  "sagas": { "order": { "lease": "5s", "steps": [
    { "name": "take", "call": "stock.take", "undo": "stock.give", "timeout": "50ms", "pause": "20ms" },
    { "name": "pay", "call": "bank.pay", "pivot": true, "timeout": "50ms", "pause": "20ms" } ] } },
  "links": { "default": { "latency": "2ms", "loss": "5%" } },
  "load": { "users": { "target": "order", "open": { "constant": "20/s" }, "until": "20s" } } }"#;

#[test]
fn an_orphan_is_shown_with_the_message_that_made_it_and_with_its_log() {
    let (result, page) = run("space-time-orphan", CARELESS, &[]);
    let capture = &result["capture"];
    assert_eq!((&capture["suspicion"], &capture["of"]), (&"orphan".into(), &"order sagas".into()));
    assert!(of(capture, "do").len() >= 2 && !of(capture, "begin").is_empty(), "{capture:#}");
    let begin = of(capture, "begin")[0];
    assert_eq!([place(capture, begin, "from"), place(capture, begin, "to")], ["users", "order/0"]);
    let text = capture["text"].as_str().unwrap();
    let last = capture["marks"].as_array().unwrap().iter().filter(|mark| {
        let at = mark["at_ns"].as_u64().unwrap() as f64 / 1e9;
        text.contains(&format!(" at {at:.3} s"))
    });
    assert_eq!(last.count(), 1, "{capture:#}");
    let story = capture["story"].as_array().unwrap();
    let lines: Vec<&str> = story.iter().map(|line| line.as_str().unwrap()).collect();
    assert!(lines[0].starts_with("+0.000s  ") && lines[0].ends_with(" begins, as order 1"));
    assert!(lines.iter().any(|line| line.ends_with("take: asks stock, attempt 2")), "{lines:?}");
    let name = format!("{:016x}", capture["message"].as_u64().unwrap());
    let remark = result["components"]["order sagas"]["remarks"][0].as_str().unwrap();
    assert_eq!(remark, format!("saga {name} is an orphan: {text}"));
    for part in ["id=\"chart-space-time\"", &format!("The log of saga {name}"), lines[1]] {
        assert!(page.contains(part), "{part}");
    }
    let unseen = cascadia::Scenario::parse("file.json", CARELESS).unwrap().run(1).unwrap();
    assert_eq!(result["digest"], unseen.result().digest, "looking on changes nothing");
}

#[test]
fn the_first_saga_that_is_stuck_is_shown_where_there_is_no_orphan() {
    let stuck = CARELESS.replace(r#""take": { "#, r#""take": { "once": true, "#);
    let stuck = stuck.replace(
        r#""give": { "steps": [ { "compute": "1ms" } ] }"#,
        r#""give": { "once": true, "steps": [ { "fail": "100%" } ] }"#,
    );
    let (result, _) = run("space-time-stuck", &stuck, &[]);
    let capture = &result["capture"];
    assert_eq!(capture["suspicion"], "stuck");
    assert_eq!(of(capture, "undo").len(), 10, "so often it is attempted");
    let story = capture["story"].as_array().unwrap();
    assert!(story.last().unwrap().as_str().unwrap().ends_with("stuck: take cannot be undone"));
}

/// Nobody drives it, so it is shown what was told of it.
#[test]
fn of_an_orphan_that_goes_by_events_it_is_shown_who_told_whom_of_it() {
    let text = include_str!("../scenarios/order-choreography.json");
    let (result, _) = run_as("space-time-events", text, &["--variant", "told-beside"]);
    let capture = &result["capture"];
    assert_eq!((&capture["suspicion"], &capture["of"]), (&"orphan".into(), &"order sagas".into()));
    let text = |transit: &Value| transit["text"].as_str().unwrap().to_owned();
    let told: Vec<String> = of(capture, "publish").into_iter().map(text).collect();
    let heard = of(capture, "deliver");
    assert!(told.iter().any(|text| text == "reserve was done"), "{told:?}");
    assert!(heard.iter().any(|transit| text(transit) == "it has begun"), "{heard:?}");
    let marks = capture["marks"].as_array().unwrap();
    assert!(marks.iter().any(|mark| mark["what"] == "done"), "{marks:?}");
}

#[test]
fn of_what_nobody_decides_it_is_shown_who_has_voted_and_asks() {
    let text = include_str!("../scenarios/two-phase-commit.json");
    let (result, page) = run_as("space-time-doubt", text, &["--variant", "it-does-not"]);
    let capture = &result["capture"];
    assert_eq!((&capture["suspicion"], &capture["of"]), (&"stuck".into(), &"order sagas".into()));
    assert!(!of(capture, "prepare").is_empty() && !of(capture, "inquire").is_empty());
    assert!(capture["text"].as_str().unwrap().ends_with("and nobody says what was decided"));
    assert!(page.contains("chart-space-time"));
}
