//! Limits in the language: what becomes of each, and what is wrong with a bad one.

use std::time::Duration;

use cascadia_models::plan::{KeyBy, Keyed, LayerKind};
use cascadia_patterns::bulkhead::{KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::limit;
use cascadia_patterns::rate_limit::{Algorithm, Rate, RateLimitConfig};
use cascadia_patterns::shed::{CodelConfig, DagorConfig, DisciplineConfig, Order, QueueConfig};

use crate::common::{all, valid, with};

const BASE: &str = r#"{
  "version": 1,
  "name": "limits",
  "run": { "duration": "10s" },
  "services": { "s": { "workers": 4, "inbound": "door", "endpoints": { "get": [ { "compute": "1ms" } ] } } },
  "policies": { "door": [], "way": [] },
  "load": { "l": { "target": "s", "policy": "way", "open": { "constant": "10/s" } } }
}"#;

/// The settings of one layer.
fn layer<T: LayerKind + Clone>(text: &str) -> T {
    let scenario = valid(BASE, &[&format!("policies.way=[{text}]")]);
    let stack = scenario.plan.stacks.iter().find(|stack| stack.name == "way").unwrap();
    stack.layers[0].settings::<T>().expect("it is one").clone()
}

/// What is said of one layer: the code, the message and the place that it points to.
fn problem(set: &str) -> String {
    let Err(problems) = with(BASE, &[set]) else { panic!("{set} is taken") };
    let [found] = &problems.diagnostics[..] else { panic!("{}", all(&problems)) };
    let label = &found.labels[0];
    let place = &problems.sources[label.source].text[label.start..label.end];
    format!("{} {} at {place}", found.code, found.message)
}

#[test]
fn a_rate_is_a_token_bucket_of_one_second() {
    let rate = Rate::per_second(100);
    let expected = RateLimitConfig::new(Algorithm::TokenBucket { rate, burst: 100 });
    assert_eq!(layer::<RateLimitConfig>(r#"{"rate_limit":"100/s"}"#), expected);
}

#[test]
fn every_way_to_count_can_be_written() {
    let of = |algorithm: &str| {
        let text = format!(r#"{{"rate_limit":{{"algorithm":{{{algorithm}}},"max_wait":"20ms"}}}}"#);
        let config = layer::<RateLimitConfig>(&text);
        assert_eq!(config.max_wait, Duration::from_millis(20));
        config.algorithm
    };
    let minute = Duration::from_secs(60);
    let rate = Rate { permits: 7, per: minute };
    assert_eq!(
        of(r#""token_bucket":{"rate":"7/m","burst":3}"#),
        Algorithm::TokenBucket { rate, burst: 3 }
    );
    assert_eq!(of(r#""gcra":{"rate":"7/m"}"#), Algorithm::Gcra { rate, burst: 1 });
    let window = r#"{"limit":9,"window":"1m"}"#;
    let (limit, window_of) = (9, |kind: &str| of(&format!(r#""{kind}":{window}"#)));
    assert_eq!(window_of("sliding_log"), Algorithm::SlidingLog { limit, window: minute });
    assert_eq!(window_of("sliding_counter"), Algorithm::SlidingCounter { limit, window: minute });
    assert_eq!(window_of("fixed_cycle"), Algorithm::FixedCycle { limit, window: minute });
}

#[test]
fn every_rule_of_a_limit_can_be_written() {
    let of = |text: &str| layer::<limit::LimitConfig>(&format!(r#"{{"limit":{text}}}"#));
    assert_eq!(of("\"gradient2\""), limit::LimitConfig::default());
    let aimd = limit::AimdConfig { initial: 5, min: 5, max: 5, ..Default::default() };
    let window = limit::Window { samples: 20, ..limit::Window::default() };
    assert_eq!(
        of(r#"{"algorithm":{"aimd":{"max":5}},"window":{"samples":20}}"#),
        limit::LimitConfig {
            algorithm: limit::Algorithm::Aimd(aimd),
            window: Some(window),
            ..limit::LimitConfig::default()
        }
    );
    let vegas = limit::VegasConfig::default();
    assert_eq!(of("\"vegas\"").algorithm, limit::Algorithm::Vegas(vegas));
    let gradient = limit::GradientConfig { jitter: 0.0, ..limit::GradientConfig::default() };
    assert_eq!(
        of(r#"{"algorithm":{"gradient":{"jitter":"0%"}}}"#).algorithm,
        limit::Algorithm::Gradient(gradient)
    );
}

#[test]
fn every_bulkhead_can_be_written() {
    let Keyed { config, by }: Keyed<KeyedBulkheadConfig> =
        layer(r#"{"bulkhead":{"limit":3,"per":"load","max_keys":7}}"#);
    assert_eq!((config.each.limit, config.max_keys, by), (3, 7, KeyBy::Load));
    let pool: PoolConfig = layer(r#"{"thread_pool":{"core":2,"queue":5}}"#);
    assert_eq!((pool.core, pool.max, pool.queue), (2, 2, 5));
}

#[test]
fn every_discipline_can_be_written() {
    let of = |text: &str| {
        let set = format!("services.s.queue={{\"discipline\":{text}}}");
        valid(BASE, &[&set]).plan.services[0].queue.discipline
    };
    let codel = Some(CodelConfig::default());
    let plain = |order| DisciplineConfig { order, codel: None };
    assert_eq!(of("\"fifo\""), plain(Order::Fifo));
    assert_eq!(of("\"lifo\""), plain(Order::Lifo));
    assert_eq!(of("\"adaptive_lifo\""), plain(Order::Adaptive { above: 4 }));
    assert_eq!(of("\"codel\""), DisciplineConfig { order: Order::Fifo, codel });
    let order = Order::Adaptive { above: 9 };
    assert_eq!(
        of(r#"{"adaptive_lifo":{"above":9,"codel":{}}}"#),
        DisciplineConfig { order, codel }
    );
    let target = Duration::from_millis(8);
    let codel = Some(CodelConfig { target, ..CodelConfig::default() });
    assert_eq!(of(r#"{"codel":{"target":"8ms"}}"#).codel, codel);
}

#[test]
fn shedders_can_be_written() {
    let sets = [r#"policies.door=[{"shed":{"dagor":{"shrink":"10%"}}}]"#, "load.l.priority=3"];
    let plan = valid(BASE, &sets).plan;
    let config = plan.stacks[0].layers[0].settings::<DagorConfig>().expect("it is one");
    assert_eq!(*config, DagorConfig { shrink: 0.1, ..DagorConfig::default() });
    assert_eq!(plan.loads[0].priority, 3);
    let text = r#"{"shed":{"queue":{"limit":2,"discipline":"adaptive_lifo"}}}"#;
    let queue: QueueConfig = layer(text);
    assert_eq!(queue.discipline.order, Order::Adaptive { above: 2 });
}

#[test]
fn a_priority_that_nothing_tells_of_waits_is_warned_of() {
    let scenario = valid(BASE, &[r#"policies.way=[{"shed":{"dagor":{}}}]"#]);
    let found: Vec<_> = scenario.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(found, ["S086"]);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let told = [
        r#"policies.way=[{"rate_limit":"0/s"}]"#,
        r#"policies.way=[{"rate_limit":{"algorithm":{"gcra":{"rate":"5/s","burst":0}}}}]"#,
        r#"policies.way=[{"rate_limit":{"algorithm":{"fixed_cycle":{"limit":1,"window":"0s"}}}}]"#,
        r#"policies.way=[{"limit":{"algorithm":{"aimd":{"min":9,"max":3}}}}]"#,
        r#"policies.way=[{"limit":{"algorithm":"gradient","window":{}}}]"#,
        r#"policies.way=[{"limit":"gradient3"}]"#,
        r#"policies.way=[{"bulkhead":{"limit":3,"max_keys":7}}]"#,
        r#"policies.way=[{"bulkhead":{"limit":3,"per":"tenant"}}]"#,
        r#"policies.way=[{"thread_pool":{"core":5,"max":4}}]"#,
        r#"policies.door=[{"shed":{"dagor":{"grow":"0%"}}}]"#,
        r#"services.s.queue={"discipline":{"codel":{"target":"1s"}}}"#,
        r#"services.s.queue={"discipline":"cdel"}"#,
        "load.l.priority=300",
    ]
    .map(problem);
    let expected = [
        "S031 `algorithm.token_bucket.rate` must be more than zero at \"0/s\"",
        "S031 `algorithm.gcra.burst` must be at least 1 at 0",
        "S031 `algorithm.fixed_cycle.window` must be longer than zero at \"0s\"",
        "S031 `algorithm.aimd.max` must be at least the minimum at 3",
        "S031 `window` must be left out, as a gradient has windows of its own at {}",
        "S010 `gradient3` is none of the choices here at \"gradient3\"",
        "S031 `max_keys` makes sense only with `per` at 7",
        "S010 `tenant` is none of the choices here at \"tenant\"",
        "S031 `max` must be at least the core at 4",
        "S031 `dagor.grow` must be more than 0 and at most 1 at \"0%\"",
        "S031 `codel.interval` must be longer than the target at {\"codel\":{\"target\":\"1s\"}}",
        "S010 `cdel` is none of the choices here at \"cdel\"",
        "S030 300 is given where a whole number from 0 to 255 belongs at 300",
    ];
    assert_eq!(told, expected);
}
