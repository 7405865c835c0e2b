//! Brokers that have the defaults of a system.

use std::collections::{BTreeMap, BTreeSet};

use cascadia_models::plan::ServicePlan;
use cascadia_patterns::messaging::Subscription;
use cascadia_patterns::messaging::suite::Usual;
use cascadia_scenarios::{Scenario, brokers};
use serde_json::{Value, json};

use crate::common;

const SYSTEMS: [&str; 5] = ["kafka", "rabbitmq", "jetstream", "redis", "redis_pubsub"];

/// A shop that publishes in every place where a step may stand.
fn shop() -> Value {
    let publish = || json!([{ "publish": "bus.orders" }]);
    json!({
        "version": 1, "name": "shop", "run": { "duration": "10s" },
        "services": {
            "shop": { "endpoints": { "order": [
                { "publish": "bus.orders" },
                { "parallel": [publish(), publish()] },
                { "chance": "50%", "steps": publish(), "otherwise": publish() },
                { "choose": [{ "weight": 1, "steps": publish() }] },
                { "repeat": 2, "steps": publish() },
                { "request": "bus.questions" },
            ] } },
            "desk": { "consume": { "bus.orders": { "do": [{ "publish": "bus.done" }] } } },
            "oracle": { "consume": { "bus.questions": { "reply": true, "do": [] } } },
            "clerk": { "consume": { "bus.done": { "do": [] } } },
        },
        "brokers": { "bus": { "topics": { "orders": {}, "questions": {}, "done": {} } } },
        "load": { "users": { "target": "shop.order", "open": { "constant": "10/s" } } },
    })
}

fn like(system: &str) -> Value {
    let mut shop = shop();
    shop["brokers"]["bus"]["like"] = json!(system);
    shop
}

fn load(file: &Value) -> Scenario {
    common::with(&file.to_string(), &[]).unwrap_or_else(|error| panic!("{}", common::all(&error)))
}

/// The objects that defaults are put into, by what they are.
fn places(file: &Value, at: &str, found: &mut BTreeMap<&'static str, Vec<String>>) {
    let is_topic = at.starts_with("/brokers/bus/topics/");
    let kind = match file {
        Value::Object(_) if at == "/brokers/bus" => Some("broker"),
        Value::Object(_) if is_topic && at.matches('/').count() == 4 => Some("topic"),
        Value::Object(map) if map.contains_key("publish") => Some("publish"),
        Value::Object(map) if map.contains_key("request") => Some("request"),
        Value::Object(map) if map.contains_key("do") => Some("consume"),
        _ => None,
    };
    if let Some(kind) = kind {
        found.entry(kind).or_default().push(at.to_owned());
    }
    match file {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), found));
        }
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items.for_each(|(index, value)| places(value, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// The rows of the page: the word of the system, what it is a default of, the key and the value.
fn rows() -> BTreeSet<(String, String, String, String)> {
    let (page, mut rows, mut word, mut of) = (brokers(), BTreeSet::new(), "", "");
    for line in page.lines() {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        if let Some((_, rest)) = line.split_once("`\"like\": \"").filter(|_| line.starts_with("##"))
        {
            word = rest.split('"').next().unwrap();
        } else if cells.get(2) == Some(&"default") {
            of = cells[1];
        } else if line.starts_with("| beside the settings") {
            of = "";
        } else if !of.is_empty() && line.starts_with("| `") {
            let [key, value] = [1, 2].map(|at| cells[at].trim_matches('`').to_owned());
            rows.insert((word.to_owned(), of.to_owned(), key, value));
        }
    }
    rows
}

#[test]
fn the_page_of_brokers_is_the_committed_one() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/brokers.md");
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        std::fs::write(path, brokers()).expect("it can be written");
    }
    let committed = std::fs::read_to_string(path).expect("it is committed");
    assert!(committed == brokers(), "run the tests with CASCADIA_UPDATE=1");
}

#[test]
fn every_default_of_the_page_is_in_every_place_that_has_such() {
    let rows = rows();
    assert!(rows.len() > 80, "{}", rows.len());
    for system in SYSTEMS {
        let resolved = load(&like(system)).resolved;
        let mut found = BTreeMap::new();
        places(&shop(), "", &mut found);
        assert_eq!(found["publish"].len(), 8, "{found:?}");
        for (_, of, key, value) in rows.iter().filter(|(word, ..)| word == system) {
            let value: Value = serde_json::from_str(value).unwrap();
            for place in &found[&**of] {
                let is = &resolved.pointer(place).unwrap()[key];
                assert_eq!(*is, value, "{system}: {key} at {place}");
            }
        }
        let asked = &resolved.pointer(&found["request"][0]).unwrap();
        assert!(asked["acks"].is_string() && asked["idempotent"].is_null(), "{asked}");
    }
}

#[test]
fn a_default_is_as_if_it_were_written() {
    for system in SYSTEMS {
        let scenario = load(&like(system));
        let mut written = scenario.resolved.clone();
        written["brokers"]["bus"].as_object_mut().unwrap().remove("like");
        let (one, other) = (scenario.plan, load(&written).plan);
        assert_eq!(format!("{one:?}"), format!("{other:?}"), "{system}");
    }
}

/// Of each default the one of another system is written, in all places at once.
#[test]
fn what_is_written_goes_before_a_default() {
    let (rows, mut tried) = (rows(), 0);
    let mut found = BTreeMap::new();
    places(&shop(), "", &mut found);
    for system in SYSTEMS {
        for (word, of, key, value) in &rows {
            let own = (system.to_owned(), of.clone(), key.clone(), value.clone());
            if word == system || rows.contains(&own) {
                continue;
            }
            let (mut file, value) = (like(system), serde_json::from_str::<Value>(value).unwrap());
            for place in &found[&**of] {
                file.pointer_mut(place).unwrap()[key] = value.clone();
            }
            // Some do not go with what the system has besides.
            let Ok(scenario) = common::with(&file.to_string(), &[]) else { continue };
            tried += 1;
            for place in &found[&**of] {
                let is = &scenario.resolved.pointer(place).unwrap()[key];
                assert_eq!(*is, value, "{system}: {key} at {place}");
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn null_stands_for_the_default() {
    for system in SYSTEMS {
        let (mut file, plain) = (like(system), load(&like(system)));
        let of = &plain.resolved["services"]["desk"]["consume"]["bus.orders"];
        for key in of.as_object().unwrap().keys().filter(|key| *key != "do") {
            file["services"]["desk"]["consume"]["bus.orders"][key] = Value::Null;
        }
        assert_eq!(load(&file).resolved, plain.resolved);
    }
}

#[test]
fn the_others_keep_the_defaults_of_the_language() {
    let mut file = like("redis");
    file["brokers"]["bu"] = json!({ "topics": { "s.orders": {} } });
    let mut plain = shop();
    plain["brokers"]["bu"] = file["brokers"]["bu"].clone();
    let (file, plain) = (load(&file), load(&plain));
    assert_eq!(file.resolved["brokers"]["bu"], plain.resolved["brokers"]["bu"]);
    assert_eq!(load(&shop()).resolved, shop());
}

/// Whoever compares the model with a server asks both for what a scenario asks for.
#[test]
fn the_histories_are_played_with_the_defaults_of_the_language() {
    let redis = [Usual::redis(), Usual::redis_pubsub()];
    let usual = [Usual::kafka(), Usual::rabbitmq(), Usual::jetstream()].into_iter().chain(redis);
    for (system, usual) in SYSTEMS.into_iter().zip(usual) {
        let plan = load(&like(system)).plan;
        let is_desk = |service: &&ServicePlan| service.name == "desk";
        let desk = plan.services.iter().find(is_desk).expect("it consumes");
        let Subscription { topics, group, start, .. } = &desk.consumes[0].config.subscription;
        let asked = Subscription {
            topics: topics.clone(),
            group: group.clone(),
            start: *start,
            ..usual.subscription
        };
        assert_eq!(desk.consumes[0].config.subscription, asked, "{system}");
        let topic = format!("{:?}", usual.topic);
        assert!(format!("{plan:?}").contains(&topic), "{system}: {topic}");
    }
}
