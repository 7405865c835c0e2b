//! Worlds of few parts, of which more can be said than of others.

use serde_json::{Value, json};

use super::dice::Dice;
use super::services::fail;

/// Each of them.
const WORLDS: [fn(&mut Dice) -> Value; 8] =
    [sick, unlucky, failing, hurried, deep, branches, seldom, black_hole];

const RULES: [&str; 4] = ["round_robin", "random", "least_connections", "p2c"];

/// The scenario of a seed.
pub(super) fn scenario(seed: u64) -> Value {
    let mut dice = Dice::new(seed, u64::MAX);
    let mut scenario = dice.pick(&WORLDS)(&mut dice);
    scenario["version"] = json!(1);
    scenario["name"] = json!(format!("generated {seed}"));
    scenario["run"] = json!({ "duration": "4s" });
    scenario
}

fn load(dice: &mut Dice, target: &str) -> Value {
    let rate = format!("{}/s", dice.magnitude(2, 500));
    let open = dice.pick(&["constant", "poisson"]);
    json!({ "target": target, "open": { open: rate }, "until": "3s" })
}

fn retry(dice: &mut Dice) -> Value {
    json!({ "retry": { "attempts": dice.between(2, 4), "backoff": "none" } })
}

fn work(dice: &mut Dice) -> Value {
    json!({ "compute": format!("{}ms", dice.between(1, 20)) })
}

/// One replica of several answers nothing but errors.
fn sick(dice: &mut Dice) -> Value {
    let replicas = dice.between(2, 6);
    let mut users = load(dice, "leaf.get");
    users["policy"] = json!("p");
    json!({
        "services": { "leaf": { "replicas": replicas, "workers": "unlimited",
            "endpoints": { "get": [work(dice)] } } },
        "policies": { "p": [retry(dice), { "balance": dice.pick(&RULES) }] },
        "load": { "users": users }, "links": {}, "checks": {},
        "faults": [{ "name": "sick", "at": "0s", "errors": {
            "target": format!("leaf/{}", dice.between(0, replicas - 1)), "rate": "100%" } }],
    })
}

/// Any try fails by chance.
fn unlucky(dice: &mut Dice) -> Value {
    let mut users = load(dice, "leaf.get");
    users["policy"] = json!("p");
    let rate = format!("{}%", dice.between(10, 60));
    json!({
        "services": { "leaf": { "replicas": dice.between(1, 3), "workers": "unlimited",
            "endpoints": { "get": [work(dice)] } } },
        "policies": { "p": [retry(dice), { "balance": dice.pick(&RULES) }] },
        "load": { "users": users }, "links": {}, "checks": {},
        "faults": [{ "name": "luck", "at": "0s", "errors": { "target": "leaf", "rate": rate } }],
    })
}

/// Steps fail by chance, amid work.
fn failing(dice: &mut Dice) -> Value {
    let by_chance = |dice: &mut Dice| {
        let share = json!(format!("{}%", dice.between(0, 100)));
        fail(dice, share)
    };
    let mut steps = vec![work(dice), by_chance(dice), work(dice)];
    if dice.chance(50) {
        steps.push(by_chance(dice));
    }
    dice.shuffle(&mut steps);
    json!({
        "services": { "leaf": { "replicas": dice.between(1, 3), "workers": "unlimited",
            "endpoints": { "get": steps } } },
        "load": { "users": load(dice, "leaf.get") }, "links": {}, "checks": {}, "faults": [],
    })
}

/// Work that is begun only with enough time left, behind a queue.
fn hurried(dice: &mut Dice) -> Value {
    let work = dice.between(1, 20);
    let mut users = load(dice, "leaf.get");
    users["policy"] = json!("p");
    let least = format!("{}ms", work + dice.between(0, 20));
    json!({
        "services": { "leaf": { "workers": dice.between(1, 4), "inbound": "door",
            "endpoints": { "get": [{ "compute": format!("{work}ms") }] } } },
        "policies": {
            "p": [{ "timeout": format!("{}ms", dice.between(20, 200)) }],
            "door": [{ "deadline": { "min_remaining": least } }] },
        "load": { "users": users }, "links": {}, "checks": {}, "faults": [],
    })
}

/// Retries at two depths, or twice in one stack.
fn deep(dice: &mut Dice) -> Value {
    let mut users = load(dice, "front.get");
    users["policy"] = json!("outer");
    let mut inner = vec![retry(dice)];
    if dice.chance(50) {
        inner.push(retry(dice));
    }
    let rate = format!("{}%", dice.between(10, 90));
    json!({
        "services": {
            "front": { "workers": "unlimited",
                "endpoints": { "get": [work(dice), { "call": "back.get", "policy": "inner" }] } },
            "back": { "workers": "unlimited", "endpoints": { "get": [work(dice)] } } },
        "policies": { "outer": [retry(dice)], "inner": inner },
        "load": { "users": users }, "links": {}, "checks": {},
        "faults": [{ "name": "luck", "at": "0s", "errors": { "target": "back", "rate": rate } }],
    })
}

/// Branches of which one is refused, or fails, at once.
fn branches(dice: &mut Dice) -> Value {
    let service =
        |dice: &mut Dice| json!({ "workers": "unlimited", "endpoints": { "get": [work(dice)] } });
    let mut branches = vec![
        json!({ "call": "first.get" }),
        json!({ "call": "second.get", "policy": "plain" }),
        json!({ "call": "refused.get", "policy": "open" }),
    ];
    dice.shuffle(&mut branches);
    let faults = match dice.chance(50) {
        true => json!([{ "name": "down", "at": "1s", "for": "1s",
            "errors": { "target": "first", "rate": "100%" } }]),
        false => json!([]),
    };
    json!({
        "services": {
            "front": { "workers": "unlimited", "endpoints": { "get": [{ "parallel": branches }] } },
            "first": service(dice), "second": service(dice), "refused": service(dice) },
        "policies": {
            "plain": [{ "balance": dice.pick(&RULES) }],
            "open": [{ "breaker": { "consecutive": 1, "mode": "forced_open" } }] },
        "load": { "users": load(dice, "front.get") }, "links": {}, "checks": {},
        "faults": faults,
    })
}

/// A circuit that opens once, and calls that come seldom.
fn seldom(dice: &mut Dice) -> Value {
    let open = format!("{}ms", dice.between(50, 400));
    let breaker = json!({ "consecutive": dice.between(1, 3), "open": open,
        "half_open": { "permits": dice.between(1, 5), "stuck": dice.pick(&["open", "wait"]) } });
    let rate = format!("{}/s", dice.between(2, 40));
    json!({
        "services": { "leaf": { "workers": "unlimited", "endpoints": { "get": [work(dice)] } } },
        "policies": { "p": [{ "breaker": breaker }] },
        "load": { "users": { "target": "leaf.get", "policy": "p", "open": { "constant": rate } } },
        "links": {}, "checks": {},
        "faults": [{ "name": "down", "at": "200ms", "for": "1s",
            "errors": { "target": "leaf", "rate": "100%" } }],
    })
}

/// One replica of several hangs, and with it each probe of its circuit.
fn black_hole(dice: &mut Dice) -> Value {
    let rate = format!("{}/s", dice.between(100, 400));
    let open = format!("{}ms", dice.between(100, 400));
    let policy = json!([
        { "balance": dice.pick(&RULES) },
        { "breaker": { "consecutive": dice.between(3, 6), "open": open } },
        { "timeout": format!("{}ms", dice.between(100, 1_000)) },
    ]);
    json!({
        "services": { "leaf": { "replicas": dice.between(2, 5), "workers": "unlimited",
            "endpoints": { "get": [work(dice)] } } },
        "policies": { "p": policy },
        "load": { "users": { "target": "leaf.get", "policy": "p", "open": { "poisson": rate } } },
        "links": {}, "checks": {},
        "faults": [{ "name": "slow", "at": "200ms", "for": "3s",
            "slow": { "target": "leaf/0", "factor": 1000 } }],
    })
}
