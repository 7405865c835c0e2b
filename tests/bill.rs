//! The bills of the shipped scenarios, and how they are shown.

use cascadia::result::RunResult;
use cascadia::{Bill, Scenario};

use crate::support::{cascadia, folder, root, stderr, stdout};

/// Those whose cost depends on who wins, or on whose failures nobody tries again: a bill does not know.
const UNFORESEEN: [&str; 3] = ["errors-by-class", "order-saga", "row-contention"];

/// What is wrong with the bill of a shipped scenario, or of a variant of it, that was run.
pub(crate) fn dishonest(name: &str, bill: &Bill, result: &RunResult) -> Option<String> {
    let (events, billed) = (result.events as f64, bill.events.total);
    let is_honest = billed < 2.0 * events && events < 2.0 * billed;
    let is_unforeseen = UNFORESEEN.iter().any(|unforeseen| name.contains(unforeseen));
    (!is_honest && !is_unforeseen).then(|| format!("{name}: {events}, of {billed} on the bill"))
}

#[test]
fn a_bill_is_shown_with_the_lines_that_cause_it() {
    let output = cascadia(&root(), &["validate", "-v", "scenarios/retry-storm.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    let of_file: Vec<&str> = text.lines().take(5).collect();
    assert_eq!(of_file[0], "scenarios/retry-storm.json");
    for (row, name) in of_file[1..].iter().zip(["events", "memory", "output", "depth"]) {
        assert!(row.trim_start().starts_with(name) && row.contains("line "), "{text}");
    }
    assert!(text.contains("scenarios/retry-storm.json --variant naive"), "{text}");
    let quiet = cascadia(&root(), &["validate", "scenarios/retry-storm.json"]);
    assert!(!stdout(&quiet).contains("memory"), "{}", stdout(&quiet));
}

/// A file of 200 bytes that asks for a queue of 900 million requests.
const BOMB: &str = r#"{ "version": 1, "name": "t", "run": { "duration": "90s" },
  "services": { "db": { "workers": 1, "endpoints": { "get": [ { "compute": "1h" } ] } } },
  "load": { "u": { "target": "db.get", "open": { "constant": "10000000/s" } } } }"#;

#[test]
fn what_costs_too_much_is_refused_at_its_line_and_can_be_forced() {
    let folder = folder("bomb");
    std::fs::write(folder.join("bomb.json"), BOMB).unwrap();
    for command in ["run", "check", "validate"] {
        let output = cascadia(&folder, &[command, "bomb.json"]);
        assert_eq!(output.status.code(), Some(3), "{command}");
        let said = stderr(&output);
        for part in ["S063", "the limit is 1 GB", "--force", "bomb.json:3"] {
            assert!(said.contains(part), "{command} does not say {part}: {said}");
        }
    }
    let forced = cascadia(&folder, &["validate", "--force", "bomb.json"]);
    assert_eq!(forced.status.code(), Some(0), "{}", stderr(&forced));
}

/// A broker with so many partitions, and so many who ask it for replies.
fn mail(partitions: u64, replicas: u64) -> String {
    format!(
        r#"{{ "version": 1, "name": "t", "run": {{ "duration": "10s" }},
  "services": {{
    "shop": {{ "replicas": {replicas}, "endpoints": {{ "order": [ {{ "request": "bus.orders" }} ] }} }},
    "desk": {{ "consume": {{ "bus.orders": {{ "reply": true, "do": [ {{ "compute": "1ms" }} ] }} }} }} }},
  "brokers": {{ "bus": {{ "topics": {{
    "orders": {{ "partitions": {partitions} }} }} }} }},
  "load": {{ "u": {{ "target": "shop.order", "open": {{ "constant": "1/s" }} }} }} }}"#
    )
}

#[test]
fn what_a_broker_and_its_clients_take_is_on_the_bill() {
    let codes = |partitions, replicas| match Scenario::parse("t.json", &mail(partitions, replicas))
    {
        Ok(_) => Vec::new(),
        Err(invalid) => invalid.codes().map(str::to_owned).collect(),
    };
    assert_eq!(codes(100, 10), [""; 0]);
    assert_eq!(codes(600_000, 1), ["S063"], "partitions");
    assert_eq!(codes(549_720_000, 1), ["S063"], "partitions without end");
    assert_eq!(codes(1, 90_000), ["S063"], "clients");
    assert_eq!(codes(1, 4_000_000_000), ["S061"], "replicas that nobody lays out");
}

#[test]
fn what_happens_again_and_again_is_on_the_bill() {
    let each = [
        ("order-saga", "sagas.order.sweep", "\"1ns\""),
        ("order-choreography", "sagas.order.sweep", "\"1ns\""),
        ("two-phase-commit", "sagas.order.sweep", "\"1ns\""),
        ("outbox-id-gap", "stores.orders.outbox", "{ \"query_delay\": \"1ns\" }"),
    ];
    for (name, every, value) in each {
        let path = root().join(format!("scenarios/{name}.json"));
        let scenario = Scenario::parse(name, &std::fs::read_to_string(path).unwrap()).unwrap();
        let refused = scenario.set(every, value).err();
        let codes: Vec<String> =
            refused.iter().flat_map(|it| it.codes().map(str::to_owned)).collect();
        assert!(codes.iter().any(|code| code == "S060"), "{name}: {every}: {codes:?}");
    }
}

/// Sagas of a tenth of a second, ten a second, about one of so many things that they lock.
fn locking(keys: u32) -> String {
    format!(
        r#"{{ "version": 1, "name": "t", "run": {{ "duration": "60s", "warmup": "0s" }},
  "services": {{ "db": {{ "workers": "unlimited", "endpoints": {{
    "take": {{ "once": true, "steps": [ {{ "compute": "100ms" }} ] }},
    "give": {{ "once": true, "steps": [ {{ "compute": "1ms" }} ] }} }} }} }},
  "sagas": {{ "order": {{ "steps": [ {{ "name": "take", "call": "db.take", "undo": "db.give",
    "lock": "wait", "lock_pause": "20ms" }} ] }} }},
  "load": {{ "u": {{ "target": "order", "open": {{ "poisson": "10/s" }},
    "keys": {{ "uniform": {{ "of": {keys} }} }} }} }} }}"#
    )
}

#[test]
fn waiting_for_a_lock_is_billed_by_how_many_want_the_same() {
    let billed = |keys| {
        let scenario = Scenario::parse("t.json", &locking(keys)).unwrap();
        let run = scenario.run(1).unwrap();
        assert_eq!(dishonest("t", scenario.bill(), run.result()), None, "{keys} keys");
        scenario.bill().events.total
    };
    let (few, many) = (billed(3), billed(100_000));
    assert!(few > 1.2 * many, "{few} for few keys, {many} for many");
    billed(30);
}
