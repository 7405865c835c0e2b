//! Generated worlds: whatever fails and whatever protects, the run keeps its laws.

use cascadia::Scenario;
use cascadia::result::OutcomeKind;
use proptest::prelude::*;

fn layer() -> impl Strategy<Value = String> {
    prop_oneof![
        (5..400u32).prop_map(|ms| format!(r#"{{ "timeout": "{ms}ms" }}"#)),
        (1..5u32, any::<bool>()).prop_map(|(attempts, budget)| {
            let budget = if budget { r#"{ "ratio": "20%" }"# } else { "null" };
            format!(r#"{{ "retry": {{ "attempts": {attempts}, "backoff": {{ "full_jitter": {{ "base": "5ms", "max": "50ms" }} }}, "budget": {budget} }} }}"#)
        }),
        (2..10u32).prop_map(|n| format!(r#"{{ "breaker": {{ "consecutive": {n}, "open": "200ms" }} }}"#)),
        (1..30u32).prop_map(|n| format!(r#"{{ "bulkhead": {n} }}"#)),
    ]
}

/// A layer that stands before the balancer.
fn outer_layer() -> impl Strategy<Value = String> {
    let delay = prop::sample::select(vec!["5ms", "20ms", "p50", "p95"]);
    let hedge = (delay, 1..5u8, any::<bool>()).prop_map(|(delay, max, bounded)| {
        let budget = if bounded { "20%" } else { "unlimited" };
        format!(r#"{{ "hedge": {{ "delay": "{delay}", "max": {max}, "budget": "{budget}" }} }}"#)
    });
    let steps = prop::sample::select(vec![
        r#""default""#,
        r#"{ "call": "spare.read", "limit": 2 }"#,
        r#"[ { "call": "spare.read" }, "default" ]"#,
    ]);
    let fallback = steps.prop_map(|steps| format!(r#"{{ "fallback": {steps} }}"#));
    prop_oneof![4 => layer(), 2 => hedge, 1 => fallback]
}

fn stack() -> impl Strategy<Value = String> {
    let balance = prop::sample::select(vec!["round_robin", "random", "least_connections", "p2c"]);
    (
        prop::collection::vec(outer_layer(), 0..3),
        prop::option::of(balance),
        prop::collection::vec(layer(), 0..3),
    )
        .prop_map(|(outer, balance, inner)| {
            let balance = balance.map(|name| format!(r#"{{ "balance": "{name}" }}"#));
            let layers: Vec<String> = outer.into_iter().chain(balance).chain(inner).collect();
            format!("[ {} ]", layers.join(", "))
        })
}

fn fault() -> impl Strategy<Value = String> {
    let effect = prop_oneof![
        (2..30u32, any::<bool>()).prop_map(|(factor, rate)| {
            let mode = if rate { "rate" } else { "start" };
            format!(r#""slow": {{ "target": "db", "factor": {factor}, "mode": "{mode}" }}"#)
        }),
        Just(r#""crash": { "target": "db", "pick": "one" }"#.to_owned()),
        Just(r#""crash": { "target": "shop" }"#.to_owned()),
        Just(r#""crash": { "target": "zone=a" }"#.to_owned()),
        (5..100u32)
            .prop_map(|share| format!(r#""errors": {{ "target": "db", "rate": "{share}%" }}"#)),
        (1..80u32).prop_map(|ms| format!(r#""latency": {{ "to": "db", "add": "{ms}ms" }}"#)),
        (1..60u32).prop_map(|share| format!(r#""loss": {{ "from": "shop", "rate": "{share}%" }}"#)),
        Just(r#""partition": { "from": "shop", "to": "zone=b" }"#.to_owned()),
    ];
    (0..1800u32, 50..1500u32, effect).prop_map(|(at, lasts, effect)| {
        let lasts = lasts.min(1999 - at);
        format!(r#"{{ "at": "{at}ms", "for": "{lasts}ms", {effect} }}"#)
    })
}

fn world() -> impl Strategy<Value = String> {
    let on_cancel = prop::sample::select(vec!["ignore", "skip_queued", "stop"]);
    let inbound = prop::sample::select(vec!["null", r#""guard""#, r#""deadline""#]);
    let load = prop_oneof![
        (50..900u32).prop_map(|rate| format!(r#""open": {{ "poisson": "{rate}/s" }}"#)),
        (1..60u32).prop_map(|n| format!(
            r#""closed": {{ "clients": {n}, "think": {{ "exp": {{ "mean": "20ms" }} }} }}"#
        )),
    ];
    let parts = (stack(), stack(), prop::collection::vec(fault(), 0..4), on_cancel, inbound, load);
    parts.prop_map(|(edge, inner, faults, on_cancel, inbound, load)| {
        format!(
            r#"{{
  "version": 1, "name": "generated", "run": {{ "duration": "2s", "warmup": "100ms" }},
  "services": {{
    "shop": {{ "replicas": 2, "workers": 64, "queue": {{ "capacity": 50 }}, "on_cancel": "{on_cancel}",
      "endpoints": {{ "buy": [ {{ "compute": {{ "exp": {{ "mean": "1ms" }} }} }},
        {{ "parallel": [ {{ "call": "db.read", "policy": "inner" }}, [ {{ "compute": "1ms" }}, {{ "call": "db.write" }} ] ] }} ] }} }},
    "db": {{ "replicas": 3, "workers": 3, "labels": {{ "zone": ["a", "b"] }}, "queue": {{ "capacity": 20, "discipline": "lifo" }},
      "on_cancel": "{on_cancel}", "inbound": {inbound},
      "endpoints": {{ "read": [ {{ "compute": {{ "exp": {{ "mean": "4ms" }} }} }} ], "write": [ {{ "compute": {{ "gamma": {{ "shape": 2.0, "mean": "3ms" }} }} }} ] }} }},
    "spare": {{ "queue": {{ "capacity": 5 }}, "on_cancel": "{on_cancel}", "endpoints": {{ "read": [ {{ "compute": "2ms" }} ] }} }}
  }},
  "policies": {{ "edge": {edge}, "inner": {inner}, "guard": [ {{ "bulkhead": 10 }} ], "deadline": [ {{ "deadline": {{}} }} ] }},
  "links": {{ "default": {{ "latency": {{ "exp": {{ "mean": "300us" }} }}, "loss": "0.5%" }} }},
  "load": {{ "users": {{ "target": "shop.buy", "policy": "edge", {load} }} }},
  "faults": [ {} ]
}}"#,
            faults.join(", ")
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_request_has_one_outcome_and_the_run_repeats(text in world(), seed in 0..1000u64) {
        let scenario = Scenario::parse("generated.json", &text).unwrap();
        let run = scenario.run(seed).unwrap();
        let result = run.result();
        let users = &result.loads["users"];
        prop_assert_eq!(users.offered, users.outcomes.values().sum::<u64>());
        prop_assert_eq!(users.outcomes.len(), OutcomeKind::ALL.len());
        let answered = users.outcomes[&OutcomeKind::Ok] - users.counts["degraded"];
        prop_assert!(users.attempts >= answered, "what is answered was sent");
        for law in &result.invariants {
            prop_assert!(law.passed, "{}: {}", law.name, law.detail);
        }
        for service in result.services.values() {
            prop_assert!(service.utilisation.is_none_or(|share| (0.0..=1.0).contains(&share)));
            prop_assert!(service.wasted_share.is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
        let again = scenario.run(seed).unwrap();
        prop_assert_eq!(result, again.result());
    }
}
