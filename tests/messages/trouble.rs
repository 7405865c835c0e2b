//! What a broker does about a consumer that is silent, and about a disk that is full.

use cascadia::Scenario;

const NEWS: &str = r#"{
  "version": 1, "name": "news", "run": { "duration": "80s", "warmup": "0s" },
  "services": {
    "desk": { "workers": "unlimited", "endpoints": { "tell": [
      { "publish": "bus.news", "acks": "all", "delivery_timeout": "2s", "request_timeout": "1s" } ] } },
    "reader": { "replicas": 2, "workers": 8, "consume": { "bus.news": {
      "prefetch": 20, "ack_wait": "10m", "do": [ { "compute": "1ms" } ] } } }
  },
  "brokers": { "bus": { "topics": { "news": {} } } },
  "load": { "users": { "target": "desk", "open": { "constant": "20/s" }, "until": "30s" } },
  "faults": [ { "name": "trouble", "at": "10s", "for": FAULT } ],
  "checks": CHECKS
}"#;

fn hold(fault: &str, checks: &str) {
    let news = NEWS.replace("FAULT", fault).replace("CHECKS", checks);
    let run = Scenario::parse("news", &news).unwrap().run(1).unwrap();
    assert!(run.passed(), "{run}");
}

/// Long before its messages' own time is over.
#[test]
fn what_one_has_who_is_silent_goes_to_the_others() {
    let fault = r#""70s", "partition": { "from": "reader/0", "to": "bus" }"#;
    let checks = r#"{ "bus.news reader": [
        "lag > 5 over 12s..18s", "redelivered > 5", "lag == 0 over 60s..80s", "lost == 0" ] }"#;
    hold(fault, checks);
}

/// One that is there and hears nothing, by the defaults of Redis pub/sub.
#[test]
fn what_is_on_its_way_to_a_subscriber_that_is_silent_is_lost() {
    let lost = lost_by(r#""partition": { "from": "reader/0", "to": "bus" }"#);
    assert!(lost > 20, "{lost}");
}

/// It hears of the last second when it is back, and of what comes then.
#[test]
fn who_is_away_has_missed_what_was_published() {
    let lost = lost_by(r#""crash": { "target": "reader" }"#);
    assert!((150..=200).contains(&lost), "{lost} of the 200 of ten seconds");
}

/// How many messages of Redis pub/sub a fault of ten seconds costs.
fn lost_by(fault: &str) -> u64 {
    let mut news = NEWS.replace("FAULT", &format!(r#""10s", {fault}"#)).replace("CHECKS", "{}");
    for (text, other) in [
        (r#""bus": { "topics""#, r#""bus": { "like": "redis_pubsub", "topics""#),
        (r#""prefetch": 20, "ack_wait": "10m", "#, ""),
        (r#", "acks": "all", "delivery_timeout": "2s", "request_timeout": "1s""#, ""),
    ] {
        news = news.replace(text, other);
    }
    let run = Scenario::parse("news", &news).unwrap().run(1).unwrap();
    let rows = &run.result().components["bus.news reader"].rows;
    rows["published"] - rows["done"]
}

#[test]
fn a_broker_whose_disk_is_full_refuses_what_comes() {
    let fault = r#""10s", "disk": { "target": "bus", "is": "full" }"#;
    let checks = r#"{
        "users": [ "ok < 1% over 12s..17s", "ok == 100% over 21s..30s" ],
        "bus.news reader": [ "lost == 0", "published < 5 over 12s..17s" ] }"#;
    hold(fault, checks);
}
