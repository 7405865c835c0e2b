//! How many requests a scenario is expected to send: what is refused for it, and what is not.

use crate::common::{self, with};

/// A closed load of many clients, for a minute.
const CLOSED: &str = r#"{
  "version": 1,
  "name": "closed",
  "run": { "duration": "60s" },
  "services": {
    "a": { "workers": "unlimited", "endpoints": { "get": [ { "call": "b.get" } ] } },
    "b": { "workers": "unlimited", "endpoints": { "get": [ { "compute": "10ms" } ] } }
  },
  "policies": { "p": [] },
  "load": { "u": { "target": "a.get", "policy": "p", "closed": { "clients": 1000 } } }
}"#;

/// What is said of the requests of the scenario with changes; nothing where it is taken.
fn refused(sets: &[&str]) -> Option<String> {
    let problems = with(CLOSED, sets).err()?;
    let found = problems.diagnostics.iter().find(|found| found.code == "S060");
    let found = found.unwrap_or_else(|| panic!("{}", common::all(&problems)));
    assert!(found.message.ends_with(" events; the limit is 5.00e9"), "{}", found.message);
    Some(found.labels[0].text.clone())
}

/// Every law of work with its mean at 10 ms, however small its least value is.
#[test]
fn a_turn_takes_what_it_takes_on_average() {
    for law in [
        r#""10ms""#,
        r#"{"uniform":{"min":"0s","max":"20ms"}}"#,
        r#"{"exp":{"mean":"10ms"}}"#,
        r#"{"lognormal":{"p50":"9ms","sigma":0.5}}"#,
        r#"{"erlang":{"stages":3,"mean":"10ms"}}"#,
        r#"{"hyperexp":[{"weight":0.5,"mean":"1ms"},{"weight":0.5,"mean":"19ms"}]}"#,
        r#"{"gamma":{"shape":0.5,"mean":"10ms"}}"#,
        r#"{"weibull":{"shape":0.7,"scale":"8ms"}}"#,
        r#"{"abs_normal":{"mean":"10ms","sd":"3ms"}}"#,
        r#"{"quantiles":{"0%":"0s","50%":"8ms","100%":"30ms"}}"#,
    ] {
        assert_eq!(refused(&[&format!("services.b.endpoints.get=[{{\"compute\":{law}}}]")]), None);
    }
}

/// A run in which no time passes is ended by its livelock.
#[test]
fn what_takes_no_time_is_not_refused_for_its_cost() {
    assert_eq!(refused(&[r#"services.b.endpoints.get=[{"compute":"0s"}]"#]), None);
}

/// Nothing but one thing takes time, and it is enough.
#[test]
fn links_and_thinking_are_part_of_a_turn() {
    let idle = r#"services.b.endpoints.get=[{"compute":"1ns"}]"#;
    assert!(refused(&[idle]).is_some());
    for slow in [
        r#"load.u.closed.think={"exp":{"mean":"1ms"}}"#,
        r#"links={"default":{"latency":{"exp":{"mean":"1ms"}}}}"#,
        r#"links={"u -> a":{"latency":"1ms"}}"#,
        r#"links={"a -> b":{"latency":"1ms"}}"#,
    ] {
        assert_eq!(refused(&[idle, slow]), None, "{slow}");
    }
}

#[test]
fn what_is_too_much_is_refused_with_its_cost() {
    let work = |law: &str| format!(r#"services.b.endpoints.get=[{{"compute":{law}}}]"#);
    let rare =
        r#"{"hyperexp":[{"weight":0.999999999,"mean":"1ns"},{"weight":1e-9,"mean":"36500d"}]}"#;
    let think = format!("load.u.closed.think={rare}");
    let day = "run.duration=1d";
    for (sets, cost) in [
        (vec![work(r#""1ns""#)], "6.00e13"),
        (vec![work(r#""0s""#), think], "8.61e11"),
        (vec![work(rare)], "8.61e11"),
        // One is taken in, and the others are back as soon as they are refused.
        (
            vec![
                work(r#""1d""#),
                day.to_owned(),
                r#"services.a={"workers":1,"queue":{"capacity":0},"endpoints":{"get":[{"compute":"1d"}]}}"#.to_owned(),
                r#"links={"default":{"latency":"1us"}}"#.to_owned(),
            ],
            "4.32e13",
        ),
        (vec![work(r#""1d""#), r#"policies.p=[{"timeout":"1us"}]"#.to_owned()], "6.00e10"),
    ] {
        let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
        let message = refused(&sets).unwrap_or_else(|| panic!("{sets:?} is taken"));
        assert!(message.starts_with(&format!("about {cost} requests")), "{sets:?}: {message}");
    }
}

#[test]
fn a_load_counts_only_while_it_lasts() {
    let idle = r#"services.b.endpoints.get=[{"compute":"1us"}]"#;
    assert!(refused(&[idle]).is_some());
    assert_eq!(refused(&[idle, "load.u.until=500ms"]), None);
}

/// Who ends before the work is soon back.
#[test]
fn work_behind_a_step_that_fails_takes_time_of_those_that_it_lets_pass() {
    let after =
        |fail| format!(r#"services.b.endpoints.get=[{{"fail":"{fail}"}},{{"compute":"10ms"}}]"#);
    assert_eq!(refused(&[&after("50%")]), None);
    assert!(refused(&[&after("99.99%")]).is_some());
    let before = r#"services.b.endpoints.get=[{"compute":"10ms"},{"fail":"99.99%"}]"#;
    assert_eq!(refused(&[before]), None);
}
