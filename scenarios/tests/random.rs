//! No input makes the loader panic.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{self, VALID, with};

/// Any JSON, with many of the words of the language.
fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        prop::sample::select(vec![
            "5ms",
            "0s",
            "-1s",
            "18446744073s",
            "584y",
            "20%",
            "1e9%",
            "1/s",
            "0/s",
            "db",
            "db/0",
            "gateway zone=a",
            "all",
            "one",
            "none",
            "shoppers",
            "db.insert",
            "standard",
            "p99 < 5ms over after db-slow",
            "µs",
            "",
            "goodput within 1% of baseline over 1s..2s",
            "after",
            "unlimited",
            "0xffffffffffffffff",
            "a -> b",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    let number = prop_oneof![
        any::<i64>().prop_map(|n| json!(n)),
        any::<u64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        prop::sample::select(vec![json!(0), json!(1), json!(4_294_967_295_u32), json!(1e308)]),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        number,
        word.clone().prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 12, 4, move |inner| {
        let key = prop_oneof![
            prop::sample::select(vec![
                "exp",
                "mean",
                "retry",
                "slow",
                "target",
                "compute",
                "call",
                "parallel",
                "description",
                "name",
                "steps",
                "timeout",
                "open",
                "closed",
                "clients",
                "set",
                "policies.standard.retry",
                "faults[0]",
                "default",
            ])
            .prop_map(str::to_owned),
            word.clone(),
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::btree_map(key, inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

fn places(value: &Value, way: String, found: &mut Vec<String>) {
    found.push(way.clone());
    match value {
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                places(item, format!("{way}/{at}"), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(item, format!("{way}/{key}"), found);
            }
        }
        _ => {}
    }
}

fn loads(text: &str, sets: &[&str]) {
    match with(text, sets) {
        Ok(_) => {}
        Err(problems) => {
            assert!(!problems.diagnostics.is_empty());
            let _ = common::all(&problems);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        loads(&text, &[]);
        loads(VALID, &[&text]);
    }

    #[test]
    fn mutated_bytes(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6)) {
        let mut bytes = VALID.as_bytes().to_vec();
        for (at, byte, kind) in edits {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        loads(&String::from_utf8_lossy(&bytes), &[]);
    }

    #[test]
    fn substituted_values(edits in prop::collection::vec((any::<prop::sample::Index>(), any_json()), 1..4)) {
        let mut value = common::valid(VALID, &[]).resolved;
        for (at, new) in edits {
            let mut found = Vec::new();
            places(&value, String::new(), &mut found);
            if let Some(place) = value.pointer_mut(&found[at.index(found.len())]) {
                *place = new;
            }
        }
        loads(&value.to_string(), &[]);
    }

    #[test]
    fn arbitrary_checks(words in prop::collection::vec(prop::sample::select(vec![
        "p99", "ok", "<", ">=", "=", "within", "of", "baseline", "over", "during", "after", "db-slow", "5%", "5ms",
        "..", "10s..20s", "latency", "below", "db.queue", ".", "db.", "µ", "100/s", "3", "99999999999999999999d",
    ]), 0..9), glue in prop::sample::select(vec![" ", "", "\t"])) {
        let text = json!(words.join(glue)).to_string();
        loads(VALID, &[&format!("checks.shoppers[0]={text}")]);
    }
}
