//! Calls that are made for calls, as many as a file wishes.

use std::thread;

use cascadia::Scenario;

/// Every call but the last makes another one, all of one service.
fn chain(length: usize, policy: &str) -> String {
    let endpoint = |n: usize| match n + 1 < length {
        true => format!(r#""e{n}":[{{"call":"s.e{}"}}]"#, n + 1),
        false => format!(r#""e{n}":[{{"compute":"1ms"}}]"#),
    };
    let endpoints: Vec<String> = (0..length).map(endpoint).collect();
    format!(
        r#"{{ "version": 1, "name": "chain", "run": {{ "duration": "1s" }},
  "services": {{ "s": {{ "workers": "unlimited", "endpoints": {{ {} }} }} }},
  "policies": {{ "p": {policy} }}, "links": {{ "default": {{ "latency": "1us" }} }},
  "load": {{ "u": {{ "target": "s.e0", "policy": "p", "open": {{ "constant": "2/s" }} }} }} }}"#,
        endpoints.join(",")
    )
}

/// The outcomes of two requests that go through a chain, on a stack of a megabyte.
fn run(length: usize, policy: &'static str) -> (u64, u64) {
    let run = move || {
        let scenario = Scenario::parse("chain.json", &chain(length, policy)).unwrap();
        let result = scenario.run(1).unwrap().result().clone();
        assert!(result.invariants.iter().all(|law| law.passed), "{:?}", result.invariants);
        let outcomes = &result.loads["u"].outcomes;
        let of = |name: &str| {
            let mut named = outcomes.iter().filter(|(kind, _)| kind.name() == name);
            named.next().map_or(0, |(_, count)| *count)
        };
        (of("ok"), of("timeout"))
    };
    let stack = thread::Builder::new().stack_size(1 << 20).spawn(run).unwrap();
    stack.join().expect("the stack is large enough")
}

#[test]
fn a_chain_of_seventy_thousand_calls_needs_no_stack() {
    assert_eq!(run(70_000, "[]"), (2, 0));
}

/// Every call of it ends for nobody.
#[test]
fn a_chain_whose_user_has_gone_needs_none_either() {
    assert_eq!(run(70_000, r#"[ { "timeout": "30ms" } ]"#), (0, 2));
}
