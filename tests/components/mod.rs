//! Components of a kind that only this test knows, from a file to a report.

mod connections;
mod counter;
mod echo;

use cascadia::result::RunResult;
use cascadia::{Registry, Scenario};

use self::echo::registry;

const SHOP: &str = r#"{
  "version": 1,
  "name": "aviary",
  "run": { "duration": "20s", "warmup": "2s" },
  "services": {
    "api": {
      "endpoints": {
        "get": { "steps": [{ "compute": "1ms" }, { "call": "parrot", "policy": "patient" }] }
      }
    }
  },
  "components": {
    "parrot": { "echo": { "to": "parrot", "every_ms": 100 }, "places": 2 },
    "loner": { "echo": { "to": "api" } },
    "writer": { "echo": { "writes": true }, "disk": { "sync": "2ms", "size_bytes": 1000000 } }
  },
  "policies": { "patient": [{ "timeout": "200ms" }] },
  "links": { "default": { "latency": "1ms" }, "loner -> api": { "latency": "5ms" } },
  "load": {
    "users": { "target": "api.get", "open": { "constant": "50/s" } },
    "fans": { "target": "parrot", "open": { "constant": "20/s" }, "policy": "patient" }
  },
  "faults": [],
  "checks": {
    "parrot": ["echoed > 1300", "heard > 10/s", "answered > 300"],
    "loner": ["answered > 100"],
    "writer": ["kept > 300"],
    "users": ["ok > 99%", "parrot.echoed > 1000"]
  }
}"#;

fn aviary() -> Scenario {
    Scenario::parse_with(registry(), "aviary", SHOP).unwrap()
}

/// What comes of it with one fault from 10 s to 15 s.
fn with(fault: &str) -> RunResult {
    let fault = format!(r#"[{{ "name": "fault", "at": "10s", "for": "5s", {fault} }}]"#);
    let run = aviary().set("faults", fault).unwrap().run(1).unwrap();
    let broken: Vec<_> = run.result().invariants.iter().filter(|law| !law.passed).collect();
    assert!(broken.is_empty(), "{broken:?}");
    run.result().clone()
}

/// What a row of a group counted in windows that lie within the fault.
fn meanwhile(result: &RunResult, group: &str, row: &str) -> u64 {
    let series = &result.series;
    let counts = series.components[group].rows[row].iter().zip(0..);
    let within = counts.filter(|(_, index)| {
        let start = series.start_ns + index * series.window_ns;
        (11_000_000_000..14_000_000_000).contains(&start)
    });
    within.map(|(count, _)| count).sum()
}

#[test]
fn a_component_is_called_measured_and_checked() {
    let run = aviary().run(1).unwrap();
    assert!(run.passed(), "{run}");
    let result = run.result();
    assert_eq!(result.components["parrot"].places, 2);
    let echoed = &result.series.components["parrot"].rows["echoed"];
    assert_eq!(echoed.iter().sum::<u64>(), result.components["parrot"].rows["echoed"]);
    assert!(run.to_string().contains("COMPONENTS  loner   answered 180\n"), "{run}");
    let flow = result.invariants.iter().find(|law| law.name == "flow-conservation parrot");
    assert!(!flow.unwrap().detail.starts_with("0 sent"), "{flow:?}");
    let services: Vec<_> = result.services.keys().collect();
    assert_eq!(services, ["api"], "a component is not among the services");
}

#[test]
fn a_component_that_breaks_its_own_law_fails_the_run() {
    let kept = aviary().set("components.loner.echo.most", 1_000).unwrap().run(1).unwrap();
    let broken = aviary().set("components.loner.echo.most", 5).unwrap().run(1).unwrap();
    assert!(kept.passed() && !broken.passed());
    assert!(broken.to_string().contains("✗ echoes loner/0"), "{broken}");
}

#[test]
fn a_component_is_charted() {
    let result = aviary().run(1).unwrap().result().clone();
    let charts = cascadia_reports::charts::all(&result);
    let of_parrots = charts.iter().find(|chart| chart.id == "components-parrot").unwrap();
    assert!(of_parrots.svg.contains("Echoed per second"));
    let series = cascadia_reports::csv::series(&result);
    assert!(series.contains(",component,parrot,heard,"));
}

#[test]
fn a_component_that_has_crashed_or_refuses_does_nothing() {
    let calm = with(r#""crash": { "target": "api" }"#);
    assert!(meanwhile(&calm, "parrot", "heard") > 50, "they talk to each other");
    for kind in ["crash", "refuse"] {
        let hit = with(&format!(r#""{kind}": {{ "target": "parrot" }}"#));
        let did = ["echoed", "heard", "answered"].map(|row| meanwhile(&hit, "parrot", row));
        assert_eq!(did, [0; 3], "{kind}");
        assert!(hit.states.iter().any(|lane| lane.name == "parrot/1"), "{kind}");
        assert!(hit.components["parrot"].rows["echoed"] > 500, "{kind}: it comes back");
    }
}

#[test]
fn messages_of_a_component_meet_what_the_others_meet() {
    let apart = with(r#""partition": { "from": "parrot/0", "to": "parrot/1" }"#);
    assert_eq!(meanwhile(&apart, "parrot", "heard"), 0, "nothing comes through");
    assert!(meanwhile(&apart, "parrot", "echoed") > 100, "others are heard");
    let lossy = with(r#""loss": { "from": "parrot", "to": "parrot", "rate": "50%" }"#);
    let heard = meanwhile(&lossy, "parrot", "heard");
    assert!((10..50).contains(&heard), "{heard} of 60");
    let doubled = with(r#""duplicate": { "from": "parrot", "to": "parrot", "rate": "100%" }"#);
    assert_eq!(meanwhile(&doubled, "parrot", "heard"), 120, "each twice");
    let late = with(r#""latency": { "from": "fans", "to": "parrot", "add": "1s" }"#);
    assert!(late.loads["fans"].outcomes[&cascadia::result::OutcomeKind::Timeout] > 50);
}

#[test]
fn a_component_with_a_disk_meets_what_is_wrong_with_that() {
    let calm = meanwhile(&with(r#""crash": { "target": "api" }"#), "writer", "kept");
    assert_eq!(calm, 58, "one each 52.01 ms of three seconds");
    let slow = with(r#""disk": { "target": "writer", "is": { "slow": 20 } }"#);
    assert_eq!(meanwhile(&slow, "writer", "kept"), 33, "one each 90.2 ms");
    let full = with(r#""disk": { "target": "writer", "is": "full", "pick": "one" }"#);
    assert_eq!(meanwhile(&full, "writer", "kept"), 0);
    assert!(full.components["writer"].rows["kept"] > 200, "there is room again");
    let corrupt = with(r#""disk": { "target": "writer", "is": "corrupt" }"#);
    assert_eq!(meanwhile(&corrupt, "writer", "kept"), calm, "nobody looks");
    assert_eq!(corrupt.faults[0].description, "disk of writer corrupt");
}

#[test]
fn the_same_seed_makes_the_same_components_do_the_same() {
    let runs = [1, 1, 2].map(|seed| aviary().run(seed).unwrap().result().clone());
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0].digest, runs[2].digest);
}

#[test]
fn what_cannot_be_is_refused_where_it_stands() {
    let fault = |fault: &str| SHOP.replace(r#""faults": []"#, &format!(r#""faults": [{fault}]"#));
    let slow = r#"{ "at": "1s", "slow": { "target": "parrot", "factor": 2 } }"#;
    let errors = r#"{ "at": "1s", "errors": { "target": "parrot/0", "rate": "5%" } }"#;
    let full =
        |of: &str| format!(r#"{{ "at": "1s", "disk": {{ "target": "{of}", "is": "full" }} }}"#);
    let cases = [
        (SHOP.replace(r#""echo": { "to": "api" }"#, r#""ecko": {}"#), "S010", "`ecko`"),
        (SHOP.replace(r#""every_ms": 100"#, r#""every_ms": 0"#), "S046", "above 0"),
        (SHOP.replace(r#""places": 2"#, r#""places": 0"#), "S030", "no places"),
        (SHOP.replace(r#""places": 2"#, r#""echo2": {}"#), "S009", "exactly one kind"),
        (SHOP.replace("\"loner\": {", "\"api\": {"), "S027", "and of a service"),
        (SHOP.replace("\"loner\": [", "\"lonr\": ["), "S024", "`loner`"),
        (SHOP.replace("heard > 10/s", "head > 10/s"), "S041", "`heard`"),
        (SHOP.replace("heard > 10/s", "heard > 10%"), "S042", "not compared"),
        (fault(slow), "S026", "`parrot` is a component"),
        (fault(errors), "S026", "`parrot` is a component"),
        (fault(&full("parrot")), "S026", "`parrot` keeps nothing"),
        (fault(&full("api")), "S026", "`api` keeps nothing"),
        (SHOP.replace(r#""places": 2"#, r#""disk": {}"#), "S046", "keeps nothing on it"),
        (SHOP.replace(r#""size_bytes": 1000000"#, r#""bytes_per_second": 0"#), "S030", "zero"),
        (SHOP.replace("\"sync\"", "\"synk\""), "S005", "`synk`"),
    ];
    for (text, code, words) in cases {
        let invalid = Scenario::parse_with(registry(), "aviary", &text).unwrap_err();
        let shown = invalid.to_string();
        assert!(invalid.codes().any(|found| found == code), "{code}: {shown}");
        assert!(shown.contains(words), "{code}: {shown}");
    }
    let unknown = Scenario::parse_with(Registry::default(), "aviary", SHOP).unwrap_err();
    assert!(unknown.to_string().contains("this program knows no kinds of components"), "{unknown}");
}
