//! What can be run and is probably not meant: each is told of where it is, and of nothing that is only like it.

use cascadia_scenarios::{Options, load};

use crate::common;

/// A shop whose front calls a back.
const SHOP: &str = r#"{
    "version": 1, "name": "shop", "run": { "duration": "60s" },
    "services": {
        "front": { "workers": 64, "endpoints": { "get": [ { "call": "back.get", "policy": "p" } ] } },
        "back": { "replicas": 2, "workers": 4, "endpoints": { "get": [ { "compute": "10ms" } ] } } },
    "policies": { "p": [ { "retry": { "attempts": 3, "budget": { "ratio": "20%" } } }, { "breaker": {} }, { "timeout": "100ms" } ] },
    "load": { "users": { "target": "front.get", "open": { "poisson": "400/s" } } },
    "faults": [ { "name": "f", "at": "20s", "for": "10s", "slow": { "target": "back", "factor": 5 } } ],
    "checks": { "users": [ "ok > 99%" ] } }"#;

/// Changes, and what is told of the shop with them.
const TOLD: &[(&[&str], &[&str])] = &[
    (&[], &[]),
    (&["policies.q=[]"], &["S089"]),
    (&[r#"policies.q=[]"#, r#"load.users.policy="q""#], &[]),
    (&[r#"policies.q=[]"#, r#"variants={"v":{"set":{"load.users.policy":"q"}}}"#], &[]),
    (&[r#"policies.p=[{"timeout":"100ms"},{"breaker":{}}]"#], &["S090"]),
    (&[r#"policies.p=[{"breaker":{}},{"timeout":"100ms"}]"#], &[]),
    (&[r#"policies.p=[{"timeout":"500ms"},{"breaker":{}},{"timeout":"100ms"}]"#], &[]),
    (&[r#"policies.p=[{"timeout":"500ms"},{"breaker":{}},{"timeout":{"read":"100ms"}}]"#], &[]),
    (&[r#"policies.p=[{"timeout":"500ms"},{"outlier":{"grpc":{}}},{"balance":"p2c"}]"#], &["S090"]),
    (
        &[
            r#"policies.p=[{"timeout":"500ms"},{"outlier":{"grpc":{}}},{"balance":"p2c"},{"timeout":"50ms"}]"#,
        ],
        &[],
    ),
    (&[r#"policies.p=[{"timeout":"100ms"},{"timeout":"200ms"}]"#], &["S091"]),
    (&[r#"policies.p=[{"timeout":"200ms"},{"timeout":"100ms"}]"#], &[]),
    (
        &[
            r#"policies.p=[{"timeout":"200ms"},{"retry":{"attempts":2,"budget":{}}},{"timeout":"150ms"}]"#,
        ],
        &["S091"],
    ),
    (
        &[
            r#"policies.p=[{"timeout":"300ms"},{"retry":{"attempts":2,"budget":{}}},{"timeout":"150ms"}]"#,
        ],
        &[],
    ),
    (
        &[
            r#"policies.p=[{"timeout":"200ms"},{"retry":{"attempts":2,"budget":{},"last_takes_rest":true}},{"timeout":"150ms"}]"#,
        ],
        &[],
    ),
    (&[r#"policies.p=[{"retry":{"attempts":3}},{"timeout":"100ms"}]"#], &["S092"]),
    (
        &[
            r#"policies.p=[{"retry":{"attempts":3}},{"timeout":"100ms"}]"#,
            "load.users.open.poisson=100/s",
        ],
        &[],
    ),
    (&[r#"policies.p=[{"retry":{"attempts":3}},{"breaker":{}},{"timeout":"100ms"}]"#], &[]),
    (&[r#"policies.p=[{"breaker":{}},{"bulkhead":5},{"timeout":"100ms"}]"#], &["S093"]),
    (&[r#"policies.p=[{"bulkhead":5},{"breaker":{}},{"timeout":"100ms"}]"#], &[]),
    (&[r#"faults[0].slow.target="front""#], &["S094"]),
    (&["faults[0].slow.factor=1"], &["S094"]),
    (&[r#"faults=[{"at":"20s","latency":{"to":"back","factor":10}}]"#], &["S094"]),
    (
        &[
            r#"faults=[{"at":"20s","latency":{"to":"back","factor":10}}]"#,
            r#"links={"default":{"latency":"1ms"}}"#,
        ],
        &[],
    ),
    (&[r#"faults=[{"at":"20s","latency":{"to":"back","factor":10,"add":"1ms"}}]"#], &[]),
    (&["services.front.endpoints.get[0].policy=null", r#"load.users.policy="p""#], &[]),
    (
        &[
            "services.front.endpoints.get[0].policy=null",
            r#"load.users.policy="p""#,
            r#"faults=[{"at":"20s","crash":{"target":"back/0"}}]"#,
        ],
        &["S095"],
    ),
    (
        &[
            "services.front.endpoints.get[0].policy=null",
            r#"load.users.policy="p""#,
            r#"faults=[{"at":"20s","crash":{"target":"front"}}]"#,
        ],
        &[],
    ),
    (
        &[
            "services.front.endpoints.get[0].policy=null",
            r#"load.users.policy="p""#,
            r#"faults=[{"at":"20s","partition":{"from":"back","to":"front"}}]"#,
        ],
        &["S095"],
    ),
    (
        &[
            "services.front.endpoints.get[0].policy=null",
            r#"load.users.policy="p""#,
            r#"faults=[{"at":"20s","partition":{"from":"users","to":"front"}}]"#,
        ],
        &[],
    ),
    (
        &[
            "services.front.endpoints.get[0].policy=null",
            r#"load.users.policy="p""#,
            r#"links={"front -> back":{"loss":"1%"}}"#,
        ],
        &["S095"],
    ),
    (&[r#"faults=[{"at":"20s","crash":{"target":"back/0"}}]"#], &[]),
];

#[test]
fn each_is_told_of_and_nothing_that_is_only_like_it() {
    for (changes, told) in TOLD {
        assert_eq!(common::codes(SHOP, changes), *told, "{changes:?}");
    }
}

/// What is only in a variant is told of as that, and what is in the file is not told again.
#[test]
fn what_is_wrong_in_a_variant_names_it() {
    let variant =
        r#"{"naive":{"set":{"policies.p":[{"retry":{"attempts":3}},{"timeout":"100ms"}]}}}"#;
    let text = SHOP.replace(
        "\"policies\": {",
        &format!("\"variants\": {variant}, \"policies\": {{ \"q\": [],"),
    );
    let with = |variant: Option<&str>| {
        let variant = variant.map(str::to_owned);
        let options = Options { variant, ..Options::default() };
        load(common::source(&text), &options)
    };
    let warned = |variant| with(variant).expect("it is valid").warnings;
    let told: Vec<_> = warned(None).iter().map(|it| (it.code, it.variants.clone())).collect();
    assert_eq!(told, [("S089", vec![])]);
    let naive = warned(Some("naive"));
    let told: Vec<_> = naive.iter().map(|it| (it.code, it.variants.clone())).collect();
    assert_eq!(told, [("S092", vec!["naive".to_owned()])]);
    assert!(naive[0].sentence().ends_with(", in variant `naive`"), "{}", naive[0].sentence());
    let missing = with(Some("nive")).expect_err("there is none of that name");
    assert_eq!(missing.diagnostics[0].sentence(), "there is no variant `nive`");
}
