//! What the shipped cascades are told to come of, and that nothing of the kind is said where there is none.

use cascadia::Scenario;
use cascadia::result::RunResult;
use cascadia_reports::page;
use cascadia_reports::story::{Fall, commonest, culprit, falls, storm, timeline};

use crate::shipped::RUNS;

/// Variants that fail, and what is said of each: a part of the one sentence that names the cause.
const NAMED: [(&str, &str, &str); 29] = [
    ("retry-storm", "naive", "The retries keep it busy, and its delay keeps them coming"),
    ("retry-backoff", "none", "The retries keep it busy, and its delay keeps them coming"),
    ("hedge-storm", "unlimited", "The copies keep it busy, and its delay keeps them coming"),
    ("livelock", "costly", "% of its busy time goes into refusing"),
    ("livelock", "livelock", "% of its busy time goes into refusing"),
    (
        "lost-deadline",
        "forgotten",
        "of its work is for callers that had gone, and what is still waited",
    ),
    ("stale-queue", "fifo", "of its work is for callers that had gone, and what is still waited"),
    ("cascade", "unprotected", "takes browsers with it, which never come to stock-db: from"),
    (
        "optional-dependency",
        "slow",
        "takes buyers with it, which never come to recommendations: from",
    ),
    ("bulkheads", "none", "takes readers with it, which never come to payments: from"),
    (
        "fallback-cascade",
        "unbounded",
        "they fail at database, which gets 11 times the requests of before",
    ),
    ("zone-loss", "bare", "the timeout of shop → cart stopped waiting for cart, which was down"),
    ("acked-loss", "one-in-sync", "to bus.orders billing are lost; message"),
    ("acked-loss", "unclean", "was lost: the broker had it and lost it."),
    ("dead-letters-replayed", "nobody", "bus.dead clerk does nothing from 20.0 s on"),
    ("dedupe-window", "no-inbox", "messages again, as it knows 0 of"),
    ("dedupe-window", "short", "messages again, as it knows 0 of"),
    ("kill-switch", "none", "of the deliveries to bus.orders inventory are repeats"),
    ("order-saga", "broken-undo", "are stuck: what they did is to be undone, and that fails"),
    ("order-saga", "no-keys", "order sagas are orphans; saga"),
    ("order-saga", "nobody-takes-over", "are under way in the end, and none was taken over"),
    ("outbox-id-gap", "by-the-highest-id", "was lost: it never came to the broker."),
    ("poison-message", "dropped", "Nothing is published to bus.dead clerk."),
    ("poison-message", "for-ever", "of the deliveries to bus.orders inventory are repeats"),
    ("poison-message", "paused", "bus.orders inventory is not over with a message for"),
    ("rebalance-loop", "cooperative", "of the deliveries to bus.orders billing are repeats"),
    ("rebalance-loop", "eager", "of the deliveries to bus.orders billing are repeats"),
    ("work-queue", "before", "acknowledged it before it was done, and did not do it."),
    (
        "work-queue",
        "too-slow",
        "messages wait for bus.orders inventory in the end: at last it does",
    ),
];

/// In which order services fell.
const FELL: [(&str, &str, &[&str]); 5] = [
    ("cascade", "unprotected", &["stock-db", "inventory", "orders", "catalog", "gateway"]),
    ("fallback-cascade", "unbounded", &["cache", "database"]),
    ("retry-storm", "naive", &["db", "gateway"]),
    ("lost-deadline", "forgotten", &["db", "api", "gateway"]),
    ("livelock", "costly", &["server"]),
];

/// What is told of why a run went as it did.
pub(crate) struct Told {
    /// Every sentence that names a cause.
    causes: Vec<String>,
    /// The paragraphs of its page that name one.
    paragraphs: Vec<String>,
    falls: Vec<Fall>,
    /// When the first fault began.
    hit_ns: Option<u64>,
    all_hold: bool,
}

impl Told {
    pub(crate) fn of(run: &RunResult) -> Self {
        let storm = storm(run);
        let storm = storm.sustained.then_some(storm.text);
        let causes: Vec<_> = storm.into_iter().chain(culprit(run)).chain(commonest(run)).collect();
        let page = if causes.is_empty() { String::new() } else { page::run(run, &[]) };
        let paragraphs = page.split("<p class=\"storm\">").skip(1);
        let paragraphs = paragraphs.filter_map(|rest| rest.split("</p>").next());
        Self {
            paragraphs: paragraphs.map(str::to_owned).collect(),
            falls: falls(run),
            hit_ns: run.faults.first().map(|fault| fault.start_ns),
            all_hold: !run.checks.is_empty() && run.checks.iter().all(|check| check.passed),
            causes,
        }
    }
}

/// What was told of a shipped file or of a variant of it.
fn told(name: &str, variant: Option<&str>) -> &'static Told {
    let file = format!("scenarios/{name}.json");
    let ran = RUNS.iter().find(|ran| ran.file == file && ran.variant.as_deref() == variant);
    &ran.unwrap_or_else(|| panic!("{name} {variant:?} is not shipped")).told
}

#[test]
fn the_cause_of_each_cascade_is_named_in_one_sentence() {
    for (name, variant, said) in NAMED {
        let told = told(name, Some(variant));
        let first = told.causes.first().map_or("", String::as_str);
        assert!(first.contains(said), "{name} {variant}: {first}");
        let [paragraph] = &told.paragraphs[..] else {
            panic!("{name} {variant}: {:?}", told.paragraphs)
        };
        assert!(paragraph.contains(said), "{name} {variant}: {paragraph}");
    }
}

#[test]
fn where_all_checks_hold_no_cause_is_named() {
    let unfounded = RUNS.iter().filter(|ran| ran.told.all_hold && !ran.told.causes.is_empty());
    let named: Vec<_> =
        unfounded.map(|ran| format!("{}: {:?}", ran.name(), ran.told.causes)).collect();
    assert!(named.is_empty(), "{named:#?}");
}

#[test]
fn the_order_in_which_services_fall_is_that_of_the_cascade() {
    for (name, variant, order) in FELL {
        let Told { falls, hit_ns, .. } = told(name, Some(variant));
        let fell: Vec<&str> = falls.iter().map(|fall| fall.service.as_str()).collect();
        assert_eq!(fell, order, "{name} {variant}");
        assert!(falls.iter().all(|fall| Some(fall.at_ns) >= *hit_ns), "{falls:?}");
        let text = timeline(falls).expect("some fell");
        assert!(text.starts_with(&format!("{} falls at ", order[0])), "{text}");
        let is_back = |fall: &Fall| fall.back_ns.is_some();
        assert_eq!(text.contains("not back before the end"), !falls.iter().all(is_back), "{text}");
    }
}

#[test]
fn nobody_falls_where_nothing_happens() {
    for name in ["mm1", "min-rtt", "tied-requests", "two-breakers"] {
        assert_eq!(timeline(&told(name, None).falls), None, "{name}");
    }
}

/// Visitors whose pages come of two services, and bots that ask for a page which needs neither. Between the site and
/// one of the two there is nothing for ten seconds.
const CUT: &str = r#"{ "version": 1, "name": "cut", "run": { "duration": "60s", "warmup": "5s", "seed": 4 },
  "services": {
    "web": { "replicas": 2, "workers": 20, "queue": { "capacity": 100 }, "endpoints": {
      "home": [ { "compute": "1ms" }, { "parallel": [ [ { "call": "user.get", "policy": "waiting" } ],
        [ { "call": "feed.get", "policy": "waiting" } ] ] } ],
      "about": [ { "compute": "1ms" } ] } },
    "user": { "workers": 4, "endpoints": { "get": [ { "compute": "4ms" } ] } },
    "feed": { "replicas": 2, "workers": 4, "endpoints": { "get": [ { "compute": "8ms" } ] } } },
  "policies": { "waiting": [ { "timeout": "60s" } ] },
  "links": { "default": { "latency": "1ms" } },
  "load": {
    "people": { "target": "web.home", "closed": { "clients": 50, "think": { "exp": { "mean": "200ms" } } } },
    "bots": { "target": "web.about", "open": { "poisson": "50/s" } } },
  "faults": [ { "name": "cut", "at": "20s", "for": "10s", "partition": { "from": "web", "to": "feed" } } ],
  "checks": { "bots": [ "ok > 99%" ] } }"#;

#[test]
fn who_only_meets_those_who_are_cut_off_is_told_to_be_taken_along() {
    let cut = Scenario::parse("cut.json", CUT).unwrap();
    let run = cut.run(4).unwrap();
    let said = culprit(run.result()).expect("bots fail");
    assert!(said.contains("takes bots with it, which never come to feed: from"), "{said}");
    assert!(said.contains("they fail at web, where 100 % of the workers are taken"), "{said}");
    let patient = cut.set("policies.waiting[0].timeout", "100ms").unwrap();
    assert_eq!(culprit(patient.run(4).unwrap().result()), None);
}
