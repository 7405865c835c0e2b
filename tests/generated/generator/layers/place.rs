//! Where a kind of layer may stand, as the language says when it is asked.

use cascadia::Scenario;
use serde_json::{Value, json};

use super::{Kind, draw};
use crate::generated::generator::Generator;

/// Where a layer may stand in a policy.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::generated::generator) enum Place {
    Anywhere,
    /// Anywhere, but not on arrival.
    Sending,
    /// Before the balancer.
    Outside,
    /// Directly before the balancer.
    Beside,
    /// It is the balancer.
    Middle,
}

/// What is to be known of a kind.
pub(super) fn kind(name: &'static str) -> Kind {
    let layers = stack(name);
    let mut policy = layers.clone();
    let falls_back = json!([{ "fallback": { "call": "s.e", "policy": "inner" } }]);
    let in_fallback = is_legal(json!({ "outer": falls_back, "inner": policy }), Some("outer"));
    policy.insert(0, json!({ "balance": "p2c" }));
    let place = match layers.len() {
        2 => Place::Beside,
        _ if !calls(json!([layers[0], layers[0]])) => Place::Middle,
        _ if !calls(Value::Array(policy)) => Place::Outside,
        _ if !is_legal(json!({ "inbound": layers }), None) => Place::Sending,
        _ => Place::Anywhere,
    };
    Kind { name, place, in_fallback }
}

/// Layers that a call may have: one of the kind, and a balancer if it needs that.
pub(crate) fn stack(name: &str) -> Vec<Value> {
    let stacks = (0..100).flat_map(|again| {
        let layer = json!({ name: draw(&mut Generator::new(0, again), name) });
        [vec![layer.clone()], vec![layer, json!({ "balance": "p2c" })]]
    });
    let mut legal = stacks.filter(|layers| calls(json!(layers)));
    legal.next().expect("a layer may stand somewhere")
}

/// Whether a call may have such layers.
fn calls(layers: Value) -> bool {
    is_legal(json!({ "outer": layers }), Some("outer"))
}

/// Whether there may be such policies, one of which is that of a load, or of what arrives.
fn is_legal(policies: Value, of_load: Option<&str>) -> bool {
    let mut scenario = json!({
        "version": 1, "name": "place", "run": { "duration": "1s" }, "policies": policies,
        "services": { "s": { "endpoints": { "e": [{ "compute": "1ms" }] } } },
        "load": { "l": { "target": "s.e", "open": { "constant": "10/s" } } },
    });
    match of_load {
        Some(policy) => scenario["load"]["l"]["policy"] = json!(policy),
        None => scenario["services"]["s"]["inbound"] = json!("inbound"),
    }
    Scenario::parse("place.json", &scenario.to_string()).is_ok()
}
