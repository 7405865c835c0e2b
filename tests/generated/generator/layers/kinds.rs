//! Which failures a layer goes by.

use serde_json::{Value, json};

use crate::generated::generator::Generator;
use crate::generated::generator::services::CODES;

/// Gives a layer that judges one of its two lists, now and then.
pub(super) fn put(all: &mut Generator, name: &str, layer: &mut Value) {
    let keys = match name {
        "retry" | "hedge" | "fallback" => ["on", "never"],
        "breaker" | "throttle" | "cooldown" | "limit" | "outlier" => ["counts", "ignores"],
        _ => return,
    };
    let layer = match name {
        "outlier" => layer.as_object_mut().and_then(|rules| rules.values_mut().next()),
        _ => Some(layer),
    };
    if let Some(layer) = layer.filter(|layer| layer.is_object())
        && all.dice.chance(12)
    {
        layer[all.dice.pick(&keys)] = kinds(all);
    }
}

fn kinds(all: &mut Generator) -> Value {
    let kind = |all: &mut Generator| match all.dice.between(0, 4) {
        0 => all.number(400, 599),
        1 => json!(all.dice.pick(&CODES)),
        _ => json!(all.dice.pick(&NAMES)),
    };
    (0..all.dice.between(1, 4)).map(|_| kind(all)).collect()
}

const NAMES: [&str; 25] = [
    "bad_request",
    "unauthenticated",
    "forbidden",
    "not_found",
    "request_timeout",
    "conflict",
    "failed_precondition",
    "unprocessable",
    "too_early",
    "too_many_requests",
    "client_error",
    "cancelled",
    "aborted",
    "internal",
    "not_implemented",
    "bad_gateway",
    "unavailable",
    "gateway_timeout",
    "server_error",
    "error",
    "refused",
    "reset",
    "timeout",
    "rejected",
    "short_circuit",
];
