//! A shop whose sagas end, one after the other, for as long as it is open.

use cascadia::Scenario;
use serde_json::json;

use super::{LIVE, PEAK};

/// How sagas are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Driven,
    Together,
}

/// What is kept of sagas that have ended.
fn scenario(form: Form, minutes: u64) -> Scenario {
    let once = || json!({ "once": true, "steps": [{ "compute": "2ms" }] });
    let refuses = json!({ "once": true, "steps": [{ "fail": "20%", "status": 402 }, { "enter": "money", "amount": 30 }] });
    let driven = json!({ "places": 2, "lease": "4s", "skew": "100ms", "steps": [
        { "name": "reserve", "call": "stock.do", "undo": "stock.undo", "lock": "wait" },
        { "name": "charge", "call": "bank.do", "pivot": true },
    ] });
    let together = json!({ "places": 2, "commit": "two_phase", "timeout": "2s", "sweep": "200ms", "steps": [
        { "name": "reserve", "call": "stock.do" }, { "name": "charge", "call": "bank.do" },
    ] });
    let saga = if form == Form::Driven { driven } else { together };
    let text = json!({
        "version": 1,
        "name": "shop",
        "run": {
            "duration": format!("{}s", minutes * 60), "warmup": "0s", "window": format!("{minutes}s"),
        },
        "ledgers": { "money": {} },
        "services": {
            "stock": { "workers": 64, "endpoints": { "do": once(), "undo": once() } },
            "bank": { "workers": 64, "endpoints": { "do": refuses } },
        },
        "sagas": { "order": saga },
        "policies": { "again": [
            { "retry": { "attempts": 3, "backoff": { "fixed": "1s" } } }, { "timeout": "2s" },
        ] },
        "links": { "default": { "latency": "1ms", "loss": "1%" } },
        "load": { "users": {
            "target": "order", "open": { "poisson": "20/s" }, "policy": "again",
            "keys": { "uniform": { "of": 100_000 } },
        } },
        "faults": [{ "at": "20s", "for": "5s", "crash": { "target": "order/0" } }],
    });
    Scenario::parse("shop", &text.to_string()).unwrap()
}

/// The most bytes that a run holds at a time, and how many sagas have ended in it.
fn peak(form: Form, minutes: u64) -> (i64, u64) {
    let scenario = scenario(form, minutes);
    let before = LIVE.get();
    PEAK.set(before);
    let run = scenario.run(1).unwrap();
    let result = run.result();
    assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
    let rows = &result.components["order sagas"].rows;
    let ended = [rows["completed"], rows["compensated"]];
    assert!(ended.iter().all(|ended| *ended > 100), "{rows:?}");
    (PEAK.get() - before, ended.iter().sum())
}

fn take_no_room(form: Form) {
    let (one, few) = peak(form, 2);
    let (two, some) = peak(form, 4);
    let (four, many) = peak(form, 8);
    assert!(some > few * 19 / 10 && many > few * 38 / 10, "{few}, {some} and {many} have ended");
    // A saga that is kept takes some kilobytes.
    let grown = (two - one).max(four - one);
    assert!(grown < 200_000, "{one}, {two} and {four} bytes for {few}, {some} and {many} sagas");
}

#[test]
fn sagas_that_have_ended_well_take_no_room() {
    take_no_room(Form::Driven);
}

#[test]
fn what_has_committed_or_aborted_together_takes_no_room() {
    take_no_room(Form::Together);
}
