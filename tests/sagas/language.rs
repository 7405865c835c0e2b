//! What a file says of sagas is what is done.

use cascadia::Scenario;
use cascadia::result::RunResult;
use serde_json::{Value, json};

/// Two steps that can be undone and a pivot, each at a service of its own, and who wants them.
fn shop() -> Value {
    let endpoints = |undo: bool| {
        let endpoint = || json!({ "once": true, "steps": [{ "compute": "10ms" }] });
        let mut all = json!({ "do": endpoint() });
        if undo {
            all["undo"] = endpoint();
        }
        json!({ "replicas": 2, "workers": 64, "endpoints": all })
    };
    json!({
        "version": 1,
        "name": "shop",
        "run": { "duration": "60s", "warmup": "0s" },
        "services": {
            "stock": endpoints(true), "courier": endpoints(true), "bank": endpoints(false),
        },
        "sagas": { "order": {
            "lease": "2s", "skew": "100ms", "sweep": "500ms",
            "steps": [
                { "name": "reserve", "call": "stock.do", "undo": "stock.undo" },
                { "name": "book", "call": "courier.do", "undo": "courier.undo" },
                { "name": "charge", "call": "bank.do", "pivot": true },
            ],
        } },
        "links": { "default": { "latency": "1ms" } },
        "load": { "users": { "target": "order", "open": { "constant": "10/s" }, "until": "20s" } },
    })
}

fn run(file: &Value) -> RunResult {
    let scenario =
        Scenario::parse("shop.json", &file.to_string()).unwrap_or_else(|e| panic!("{e}"));
    let result = scenario.run(1).unwrap().result().clone();
    let broken = crate::support::broken(&result);
    assert!(broken.is_empty(), "{broken:?}");
    result
}

fn ends(result: &RunResult, what: &str) -> u64 {
    result.components["order sagas"].rows[what]
}

fn median_ms(result: &RunResult) -> f64 {
    let latency = &result.loads["users"].latency_ns;
    latency.p50.map_or(f64::NAN, |ns| ns as f64 / 1e6)
}

#[test]
fn steps_beside_each_other_take_as_long_as_the_longest() {
    let mut file = shop();
    let apart = median_ms(&run(&file));
    file["sagas"]["order"]["steps"][1]["beside"] = json!(true);
    let beside = median_ms(&run(&file));
    assert!(
        (apart - beside - 14.0).abs() < 3.0,
        "{apart} ms, {beside} ms: a step and its write less"
    );
}

#[test]
fn who_meets_a_lock_goes_back_or_waits_for_it() {
    let mut file = shop();
    file["load"]["users"]["keys"] = json!({ "uniform": { "of": 1 } });
    file["load"]["users"]["open"] = json!({ "poisson": "3/s" });
    file["services"]["bank"]["endpoints"]["do"]["steps"] = json!([{ "compute": "200ms" }]);
    let with = |lock: &str| {
        let mut file = file.clone();
        let step = &mut file["sagas"]["order"]["steps"][0];
        (step["lock"], step["lock_pause"]) = (json!(lock), json!("50ms"));
        (step["lock_wait"], file["sagas"]["order"]["places"]) = (json!("20s"), json!(1));
        run(&file)
    };
    let (fail, wait, stash) = (with("fail"), with("wait"), with("stash"));
    for result in [&fail, &wait, &stash] {
        assert!(result.components["order locks"].rows["locked"] > 10);
        assert_eq!(result.series.components["order locks"].levels["locks"].last(), Some(&0));
        let ended = ends(result, "completed") + ends(result, "compensated");
        assert_eq!(ended, ends(result, "started"));
    }
    assert_eq!(ends(&fail, "compensated"), fail.components["order locks"].rows["locked"]);
    assert_eq!([ends(&wait, "compensated"), ends(&stash, "compensated")], [0, 0]);
    let spread = |result: &RunResult| {
        let latency = &result.loads["users"].latency_ns;
        latency.max.unwrap_or_default() as f64 / latency.p50.unwrap_or(1) as f64
    };
    assert!(spread(&stash) < spread(&wait), "who stands in line is not overtaken");
}

#[test]
fn a_saga_waits_for_what_happens_outside_or_for_its_timeout() {
    let mut file = shop();
    file["sagas"]["order"]["timeout"] = json!("5s");
    file["sagas"]["order"]["steps"][2]["signal"] = json!({ "after": "1s", "share": "75%" });
    let result = run(&file);
    let (completed, compensated) = (ends(&result, "completed"), ends(&result, "compensated"));
    assert_eq!(completed + compensated, 200);
    assert!((130..=170).contains(&completed), "{completed} of 200");
    let median = median_ms(&result);
    assert!((1_000.0..1_200.0).contains(&median), "{median} ms");
}

#[test]
fn who_does_not_wait_any_more_cancels_its_saga_if_that_is_wanted() {
    let mut file = shop();
    file["services"]["courier"]["endpoints"]["do"]["steps"] = json!([{ "compute": "500ms" }]);
    file["policies"] = json!({ "hasty": [{ "timeout": "200ms" }] });
    file["load"]["users"]["policy"] = json!("hasty");
    assert_eq!(ends(&run(&file), "completed"), 200, "it goes on");
    file["sagas"]["order"]["on_cancel"] = json!("go_back");
    let result = run(&file);
    assert_eq!((ends(&result, "completed"), ends(&result, "compensated")), (0, 200));
}

#[test]
fn orchestrators_at_a_service_live_and_die_with_it_and_have_its_links() {
    let mut file = shop();
    file["services"]["shop"] = file["services"]["bank"].clone();
    file["sagas"]["order"]["orchestrated_by"] = json!("shop");
    file["load"]["users"]["open"] = json!({ "constant": "40/s" });
    let near = median_ms(&run(&file));
    file["links"]["shop -> bank"] = json!({ "latency": "51ms" });
    file["faults"] = json!([
        { "name": "dies", "at": "5s", "for": "5s", "crash": { "target": "shop/0" } },
        { "name": "cut", "at": "12s", "for": "2s", "partition": { "from": "shop", "to": "stock" } },
    ]);
    file["policies"] = json!({ "again": [{ "retry": { "attempts": 9, "backoff": { "fixed": "1s" } } }, { "timeout": "2s" }] });
    file["load"]["users"]["policy"] = json!("again");
    let result = run(&file);
    let far = median_ms(&result);
    assert!((far - near - 100.0).abs() < 20.0, "{near} ms, {far} ms");
    let lane = result.states.iter().find(|lane| lane.name == "order/0").expect("it dies, too");
    let at = lane.changes.iter().map(|change| change.at_ns / 1_000_000_000);
    assert_eq!(at.collect::<Vec<_>>(), [5, 10]);
    assert!(result.states.iter().all(|lane| lane.name != "order/1"));
    assert!(result.components["order"].rows["taken_over"] > 0);
    let retries = result.components["order"].rows["retries"];
    assert!(retries > 5, "what is cut off from the shop is so from its orchestrators: {retries}");
}

/// n steps, each of which is refused with probability p: q = 1 − p, P(commit) = qⁿ, E[forward] = (1 − qⁿ) / p,
/// E[compensations] = Σ i qⁱ p for i < n.
#[test]
fn as_many_complete_and_go_back_as_theory_says() {
    let steps: Vec<Value> = (0..5)
        .map(|at| json!({ "name": at.to_string(), "call": "stock.do", "undo": "stock.undo" }))
        .collect();
    let mut file = shop();
    file["services"] = json!({ "stock": { "workers": "unlimited", "endpoints": {
        "do": { "once": true, "steps": [{ "fail": "5%", "status": 402 }] },
        "undo": { "once": true, "steps": [{ "compute": "1ms" }] },
    } } });
    file["sagas"]["order"]["steps"] = json!(steps);
    file["load"]["users"] =
        json!({ "target": "order", "open": { "poisson": "400/s" }, "until": "20s" });
    let result = run(&file);
    let all = ends(&result, "started") as f64;
    let near = |what: &str, mean: f64, expected: f64, variance: f64| {
        let error = (variance / all).sqrt();
        assert!((mean - expected).abs() < 3.0 * error, "{what}: {mean}, not {expected} ± {error}");
    };
    let completed = ends(&result, "completed") as f64 / all;
    near("completed", completed, 0.773_780_937, 0.773_780_937 * 0.226_219_063);
    let commands = result.components["order"].rows["commands"] as f64 / all;
    let (q, p, n) = (0.95_f64, 0.05, 5);
    let cases = (0..n).map(|i| (q.powi(i) * p, f64::from(2 * i + 1)));
    let cases: Vec<(f64, f64)> = cases.chain([(q.powi(n), f64::from(n))]).collect();
    let mean = cases.iter().map(|(share, count)| share * count).sum::<f64>();
    let squares = cases.iter().map(|(share, count)| share * count * count).sum::<f64>();
    assert!((mean - (4.524_381_25 + 0.429_257_5)).abs() < 1e-6, "{mean}");
    near("commands", commands, mean, squares - mean * mean);
}

/// The sagas of a shop whose stock cannot take anything back for a while, and an operator who wants something of them.
fn stuck(orders: &Value) -> Value {
    let mut file = shop();
    file["ledgers"] = json!({ "books": { "start": 1_000 } });
    let enter = |amount: i64| json!({ "enter": "books", "amount": amount });
    file["services"]["stock"]["endpoints"]["do"]["steps"] = json!([enter(-1)]);
    file["services"]["stock"]["endpoints"]["undo"]["steps"] = json!([enter(1)]);
    file["services"]["bank"]["endpoints"]["do"]["steps"] =
        json!([{ "fail": "20%", "status": 402 }]);
    let step = &mut file["sagas"]["order"]["steps"][0];
    (step["undo_attempts"], step["lock"]) = (json!(2), json!("wait"));
    step["pause"] = json!("100ms");
    file["faults"] = json!([
        { "name": "cut", "at": "5s", "for": "25s", "partition": { "from": "order", "to": "stock", "direction": "forward" } },
    ]);
    file["load"]["users"]["until"] = json!("5s");
    file["load"]["users"]["open"] = json!({ "constant": "100/s" });
    file["services"]["bank"]["endpoints"]["do"]["steps"]
        .as_array_mut()
        .expect("steps")
        .insert(0, json!({ "compute": { "exp": { "mean": "1s" } } }));
    file["services"]["bank"]["workers"] = json!("unlimited");
    file["sagas"]["order"]["operator"] = orders.clone();
    file
}

#[test]
fn an_operator_has_those_that_are_stuck_try_again_or_sees_to_them_by_hand() {
    let figures = |orders: Value| {
        let result = run(&stuck(&orders));
        let levels = &result.series.components;
        let last = |of: &str, what: &str| levels[of].levels[what].last().copied().unwrap();
        let ended = ends(&result, "completed") + ends(&result, "compensated");
        (ended, last("order sagas", "stuck"), last("order locks", "locks"))
    };
    let (ended, left, locked) = figures(json!([]));
    assert!(left > 10 && locked == left, "{left} are stuck, {locked} locked");
    let all = ended + left;
    assert_eq!(figures(json!([{ "at": "20s", "order": "retry" }])).1, left, "it is cut off yet");
    assert_eq!(figures(json!([{ "at": "40s", "order": "retry" }])), (all, 0, 0));
    let by_hand = json!([{ "at": "40s", "order": "skip", "step": "reserve" }]);
    assert_eq!(figures(by_hand), (all, 0, 0), "what they had locked is free");
    let other = json!([{ "at": "40s", "order": "skip", "step": "book" }]);
    assert_eq!(figures(other).1, left, "they are not stuck at that");
}

#[test]
fn an_operator_has_those_go_back_that_run() {
    let mut file = shop();
    file["sagas"]["order"]["steps"][2]["signal"] = json!({ "after": "30s" });
    file["sagas"]["order"]["operator"] = json!([{ "at": "25s", "order": "force" }]);
    let result = run(&file);
    assert_eq!((ends(&result, "completed"), ends(&result, "compensated")), (0, 200));
}

#[test]
fn a_saga_of_ones_own_must_have_its_steps_in_the_file() {
    use cascadia::saga::definition::{Step, Steps};
    let scenario = Scenario::parse("shop.json", &shop().to_string()).unwrap();
    let of = |name: &str, step: Step| {
        let definition = Steps::new("own", 7).then(step).build().unwrap();
        let refused = scenario.saga(name, definition).err();
        refused.map(|refused| refused.codes().map(str::to_owned).collect::<Vec<_>>())
    };
    assert_eq!(of("order", Step::compensatable("reserve", "whoever")), None);
    assert_eq!(of("order", Step::pivot("charge", "whoever")), None);
    let refused = Some(vec!["S049".to_owned()]);
    assert_eq!(of("order", Step::compensatable("charge", "bank")), refused, "nobody undoes that");
    assert_eq!(of("order", Step::compensatable("ship", "courier")), refused);
    let locks = Step { locks: true, ..Step::compensatable("reserve", "stock") };
    assert_eq!(of("order", locks), refused);
    assert_eq!(of("trip", Step::pivot("charge", "bank")), Some(vec!["S048".to_owned()]));
}

/// What somebody's own code says is what becomes of a step, driven and by events, and its rows outlive replicas.
#[test]
fn a_participant_of_ones_own_decides_and_keeps_what_it_has_written() {
    use cascadia::saga::Direction;
    use cascadia::saga::participant::Turn;
    let mut driven = shop();
    driven["faults"] =
        json!([{ "name": "dies", "at": "5s", "for": "2s", "crash": { "target": "stock" } }]);
    let mut by_events = driven.clone();
    by_events["brokers"] = json!({ "bus": { "topics": { "orders": {} } } });
    by_events["sagas"]["order"]["over"] = json!("bus.orders");
    for file in [driven, by_events] {
        let scenario = Scenario::parse("shop.json", &file.to_string()).unwrap();
        let refused = scenario.participant("nobody", |turn: Turn| async move { Ok(turn.done("")) });
        assert!(refused.is_err());
        let scenario = scenario.participant("stock", |mut turn: Turn| async move {
            let books = turn.transaction.get("books").await?.map_or(20, |row| row[0]);
            if turn.direction() == Direction::Do && books == 0 {
                return Ok(turn.refuse("sold out", ""));
            }
            let books = if turn.direction() == Direction::Do { books - 1 } else { books + 1 };
            turn.transaction.put("books", [books]);
            Ok(turn.done([books]))
        });
        let result = scenario.unwrap().run(1).unwrap().result().clone();
        assert_eq!((ends(&result, "completed"), ends(&result, "started")), (20, 200));
    }
}
