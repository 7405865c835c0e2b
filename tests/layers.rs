//! Layers of policies: a file, its checks and the results call each of them the same.

use cascadia::Scenario;
use cascadia::result::{PolicyResult, RunResult};
use proptest::prelude::*;

/// A layer as a file says it, and what its parts are called in results.
#[derive(Clone, Debug)]
struct Layer {
    text: String,
    kind: &'static str,
    parts: Vec<&'static str>,
}

fn layer() -> impl Strategy<Value = Layer> {
    let of = |kind, parts: &[&'static str], value: String| Layer {
        text: format!(r#"{{ "{kind}": {value} }}"#),
        kind,
        parts: parts.to_vec(),
    };
    let timeout = move |parts: &[&'static str], value| of("timeout", parts, value);
    prop_oneof![
        (20..90u32).prop_map(move |ms| timeout(&["timeout"], format!(r#""{ms}ms""#))),
        (20..90u32).prop_map(move |ms| timeout(
            &["timeout", "connection"],
            format!(r#"{{ "overall": "{}ms", "read": "{ms}ms" }}"#, ms + 5)
        )),
        (20..90u32).prop_map(move |ms| timeout(
            &["connection"],
            format!(r#"{{ "connect": "1s", "read": "{ms}ms" }}"#)
        )),
        (1..4u32).prop_map(move |n| of(
            "retry",
            &["retry"],
            format!(r#"{{ "attempts": {n}, "backoff": {{ "fixed": "{n}ms" }} }}"#)
        )),
        (1..9u32).prop_map(move |n| of("bulkhead", &["bulkhead"], n.to_string())),
        (20..90u32).prop_map(move |n| of("rate_limit", &["rate_limit"], format!(r#""{n}/s""#))),
        (2..9u32).prop_map(move |n| of(
            "breaker",
            &["breaker"],
            format!(r#"{{ "consecutive": {n}, "open": "20ms" }}"#)
        )),
    ]
}

/// What a layer is called after: its position only where others are called the same.
fn path(layers: &[Layer], position: usize, name: &str) -> String {
    let alike = layers.iter().filter(|other| other.kind == layers[position].kind).count();
    let place = if alike > 1 { format!("[{position}]") } else { String::new() };
    format!("p{place}.{name}")
}

const METRICS: [&str; 4] = ["rejected", "timed_out", "retried", "denied"];

fn counted(policy: &PolicyResult) -> [u64; 4] {
    let sum = |counts: &mut dyn Iterator<Item = &u64>| counts.sum();
    [
        sum(&mut policy.rejected.values()),
        policy.timed_out,
        sum(&mut policy.retries.iter()),
        sum(&mut policy.denied.values()),
    ]
}

fn run(layers: &[Layer], checks: &[String]) -> RunResult {
    let layers: Vec<_> = layers.iter().map(|layer| layer.text.as_str()).collect();
    let text = format!(
        r#"{{ "version": 1, "name": "layers", "run": {{ "duration": "3s" }},
  "services": {{ "db": {{ "workers": 5, "endpoints": {{ "get": [ {{ "compute": {{ "exp": {{ "mean": "40ms" }} }} }} ] }} }} }},
  "policies": {{ "p": [ {} ] }},
  "load": {{ "u": {{ "target": "db.get", "policy": "p", "open": {{ "poisson": "100/s" }}, "until": "1s" }} }},
  "faults": [ {{ "at": "300ms", "for": "300ms", "errors": {{ "target": "db", "rate": "50%" }} }} ],
  "checks": {{ "u": {checks:?} }} }}"#,
        layers.join(", ")
    );
    Scenario::parse("layers.json", &text).unwrap().run(1).unwrap().result().clone()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_check_measures_the_layer_that_the_result_names(
        layers in prop::collection::vec(layer(), 1..7)
    ) {
        // Each part by its name in results and, the outermost, by that in the file; each with its
        // position and as short as the result has it.
        let mut asked = Vec::new();
        for (position, layer) in layers.iter().enumerate() {
            let first = std::iter::once((layer.kind, layer.parts[0]));
            for (name, part) in layer.parts.iter().map(|part| (*part, *part)).chain(first) {
                let result = format!("{} → db", path(&layers, position, part));
                asked.push((format!("p[{position}].{name}"), result.clone()));
                asked.push((path(&layers, position, name), result));
            }
        }
        let checks: Vec<String> = asked
            .iter()
            .flat_map(|(path, _)| METRICS.map(|metric| format!("{path}.{metric} >= 0")))
            .collect();
        let result = run(&layers, &checks);
        let parts: usize = layers.iter().map(|layer| layer.parts.len()).sum();
        prop_assert_eq!(result.policies.len(), parts, "{:?}", result.policies.keys());
        for ((path, name), checks) in asked.iter().zip(result.checks.chunks(METRICS.len())) {
            let Some(policy) = result.policies.get(name) else {
                panic!("{name} is not among {:?}", result.policies.keys())
            };
            let counted = counted(policy).map(|count| Some(count as f64));
            let measured: Vec<_> = checks.iter().map(|check| check.measured).collect();
            prop_assert_eq!(&measured[..], &counted[..], "{} is not {}", path, name);
        }
    }
}
