//! Real HTTP between two places of a scenario file: hyper on both sides, over its links and under
//! its faults.

mod sites;

use cascadia::Scenario;

use self::sites::{Log, registry};

const WEB: &str = r#"{
  "version": 1,
  "name": "web",
  "run": { "duration": "20s" },
  "services": { "idle": { "endpoints": { "get": [{ "compute": "1ms" }] } } },
  "components": { "alice": { "browser": {} }, "site": { "site": {} } },
  "links": { "default": { "latency": "1ms" }, "alice -> site": { "latency": "2ms" } },
  "load": { "users": { "target": "idle.get", "open": { "constant": "10/s" } } },
  "faults": [
    { "name": "dead", "at": "2025ms", "for": "1875ms", "refuse": { "target": "site" } },
    { "name": "cut", "at": "5900ms", "for": "2s", "partition": { "from": "alice", "to": "site" } },
    { "name": "off", "at": "10025ms", "for": "1875ms", "crash": { "target": "site" } },
    { "name": "lossy", "at": "14s", "for": "4s",
      "loss": { "from": "alice", "to": "site", "rate": "30%" } }
  ],
  "checks": { "alice": ["reset < 2", "refused < 4", "answered > 20", "late > 0"] }
}"#;

#[test]
fn http_is_reset_refused_hung_and_late_when_the_faults_of_the_file_are() {
    let log = Log::default();
    let run = Scenario::parse_with(registry(&log), "web", WEB).unwrap().run(1).unwrap();
    assert!(run.passed(), "{run}");
    let log = log.lock().unwrap();
    let went_wrong = log.iter().filter(|(row, at, _)| *row != "answered" && *at < 14_000);
    let expected = [
        // The process dies halfway through the answer; the reset takes the way back.
        ("reset", 2_000, 27),
        ("refused", 2_500, 4),
        ("refused", 3_000, 4),
        ("refused", 3_500, 4),
        // What is sent meanwhile is lost, and so is the first packet of the next connection.
        ("timed_out", 6_000, 1_000),
        ("timed_out", 7_000, 1_000),
        // The machine is gone without a word, and nobody is there to be connected to.
        ("timed_out", 10_000, 1_000),
        ("timed_out", 11_000, 1_000),
    ];
    assert_eq!(went_wrong.copied().collect::<Vec<_>>(), expected);
    assert_eq!(log[1], ("answered", 500, 54), "there, fifty milliseconds, and back");
    // A lost packet is sent again after 200 ms.
    let late: Vec<_> = log.iter().filter(|(row, ..)| *row == "late").collect();
    assert!(late.iter().all(|(_, at, took)| *at >= 14_000 && *took >= 254), "{late:?}");

    let figures = &run.result().components["alice"].rows;
    for row in ["answered", "late", "reset", "refused", "timed_out"] {
        let count = log.iter().filter(|(became, ..)| *became == row).count();
        assert_eq!(figures[row], count as u64, "{row}");
    }
}

#[test]
fn a_run_of_real_http_repeats_bit_for_bit() {
    let run = || {
        let log = Log::default();
        let run = Scenario::parse_with(registry(&log), "web", WEB).unwrap().run(1).unwrap();
        let log = log.lock().unwrap().clone();
        (log, run.to_string())
    };
    assert_eq!(run(), run());
}
