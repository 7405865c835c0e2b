//! A valid file and changes to it.

use std::time::Duration;

use cascadia_models::plan::{Effect, FallbackPlan, FallbackStep, LayerPlan, Workers};
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::breaker::{BreakerConfig, HalfOpen, Manual, Reopen, Stuck, Window};
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay};
use cascadia_patterns::outlier::{EnvoyConfig, FailurePercentage, GrpcConfig, OutlierConfig, Run};
use cascadia_patterns::retry::RetryConfig;
use cascadia_patterns::throttle::ThrottleConfig;
use cascadia_scenarios::{Options, load, schema};

use crate::common::{VALID, codes, source, valid};

#[test]
fn a_valid_file_becomes_a_plan() {
    let scenario = valid(VALID, &[]);
    assert_eq!(scenario.name, "retry-storm");
    assert_eq!((scenario.seed, scenario.seeds, scenario.require), (42, Some(20), Some(0.95)));
    let names: Vec<&str> = scenario.plan.services.iter().map(|s| &*s.name).collect();
    assert_eq!(names, ["db", "gateway", "orders", "users"]);
    assert_eq!(scenario.plan.services[3].workers, Workers::Unlimited);
    assert!(!scenario.plan.services[1].endpoints[0].safe);
    assert!(
        scenario.plan.services.iter().any(|service| service.refusal == Duration::from_micros(20))
    );
    assert_eq!(scenario.checks.len(), 11);
    assert_eq!(scenario.checks[0].subject(), "db");
    assert_eq!(scenario.faults[0].description, "slow ×10 on db");
    assert_eq!(scenario.faults[1].name, "partition-1");
    assert!(matches!(scenario.plan.faults[1].effect, Effect::Messages(_)));
    assert_eq!(scenario.faults[1].description, "partition gateway zone=a ↔ db");
    assert_eq!(scenario.variants.len(), 1);
    assert!(scenario.variants[0].expect_fail);
    let found: Vec<&str> = scenario.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(found, Vec::<&str>::new());
}

/// The layers of a policy of the valid file.
fn layers(policy: &str) -> Vec<LayerPlan> {
    let stacks = valid(VALID, &[]).plan.stacks.clone();
    stacks.into_iter().find(|stack| stack.name == policy).expect("it exists").layers
}

#[test]
fn every_setting_of_a_breaker_and_of_what_stands_beside_it_arrives() {
    let [throttle, outlier, _, breaker] = &layers("edge")[..] else { panic!("four layers") };
    let Some(throttle) = throttle.settings::<ThrottleConfig>() else { panic!("it throttles") };
    let expected = ThrottleConfig {
        window: Duration::from_secs(60),
        buckets: 60,
        k: 1.5,
        max_refused: 0.8,
        min_per_second: 1.0,
        ..ThrottleConfig::default()
    };
    assert_eq!(*throttle, expected);
    let Some(OutlierConfig::Envoy(envoy)) = outlier.settings() else { panic!("it ejects") };
    let expected = EnvoyConfig {
        interval: Duration::from_secs(5),
        always_eject_one: true,
        consecutive: Run { errors: 3, enforcing: 1.0 },
        consecutive_gateway: Run { errors: 5, enforcing: 1.0 },
        failure_percentage: FailurePercentage {
            threshold: 0.5,
            ..EnvoyConfig::default().failure_percentage
        },
        ..EnvoyConfig::default()
    };
    assert_eq!(*envoy, expected);
    let Some(breaker) = breaker.settings::<BreakerConfig>() else { panic!("it breaks") };
    let expected = BreakerConfig {
        windows: vec![
            Window::Time { span: Duration::from_secs(30), buckets: 15 },
            Window::Count(10),
            Window::Ewma { half_life: Duration::from_secs(5) },
        ],
        half_open: HalfOpen {
            permits: 5,
            successes: Some(3),
            max_wait: None,
            stuck: Stuck::Close,
            reopen: Reopen::Rate,
        },
        mode: Manual::MetricsOnly,
        ..BreakerConfig::default()
    };
    assert_eq!(*breaker, expected);
}

#[test]
fn grpc_looks_at_what_is_said_and_the_breaker_of_introductions_has_a_name() {
    let [outlier, _, breaker] = &layers("introduction")[..] else { panic!("three layers") };
    let Some(OutlierConfig::Grpc(grpc)) = outlier.settings() else { panic!("it ejects") };
    let failed = Some(FailurePercentage::default());
    let expected =
        GrpcConfig { success_rate: None, failure_percentage: failed, ..GrpcConfig::default() };
    assert_eq!(*grpc, expected);
    let Some(document) = breaker.settings::<DocumentConfig>() else { panic!("it breaks") };
    assert_eq!(*document, DocumentConfig::default());
}

#[test]
fn a_variant_and_sets_change_it() {
    let options = Options { variant: Some("no-budget".to_owned()), ..Options::default() };
    let scenario = load(source(VALID), &options).expect("it is valid");
    let stack = scenario.plan.stacks.iter().find(|stack| stack.name == "standard");
    let layers = &stack.expect("it exists").layers;
    let Some(retry) = layers[1].settings::<RetryConfig>() else { panic!("it retries") };
    assert_eq!(retry.budget, None);
    assert_eq!(scenario.faults[0].description, "slow ×20 on db");

    let sets = [
        "services.db.workers=16",
        "load.shoppers.open.poisson=600/s",
        "policies.door.deadline=null",
        "services.gateway.endpoints[\"POST /orders\"][0]={\"compute\":\"1ms\"}",
        "name=\"x\"",
    ];
    let scenario = valid(VALID, &sets);
    assert_eq!(scenario.plan.services[0].workers, Workers::Limited(16));
    assert_eq!(scenario.plan.stacks[0].layers.len(), 1);
    assert_eq!(scenario.name, "x");
    assert_eq!(scenario.resolved["load"]["shoppers"]["open"]["poisson"], "600/s");
}

#[test]
fn bad_changes_are_told() {
    assert_eq!(codes(VALID, &["services.dbb.workers=1"]), ["S051"]);
    assert_eq!(codes(VALID, &["policies.standard.timeout=1s"]), ["S052"]);
    assert_eq!(codes(VALID, &["a..b=1"]), ["S050"]);
    assert_eq!(codes(VALID, &["a"]), ["S050"]);
    assert_eq!(codes(VALID, &["checks.shoppers[9]=null"]), ["S051"]);
    let options = Options { variant: Some("no-budgett".to_owned()), ..Options::default() };
    let problems = load(source(VALID), &options).expect_err("there is none");
    assert_eq!(problems.diagnostics[0].code, "S053");
    // Who has no variants is shown where they would be, and not as a whole.
    let none = VALID.replace("\"variants\"", "\"x-variants\"");
    let problems = load(source(&none), &options).expect_err("there is none");
    let label = &problems.diagnostics.iter().find(|one| one.code == "S053").unwrap().labels[0];
    assert_eq!((label.start, label.end), (0, 1));
}

#[test]
fn lints_warn() {
    assert_eq!(codes(VALID, &["services.db.workers=4"]), ["S081"]);
    assert_eq!(codes(VALID, &["policies.standard[4].timeout=1ms"]), ["S084", "S084"]);
    assert_eq!(codes(VALID, &["load.shoppers.policy=standard"]), ["S083"]);
    assert_eq!(codes(VALID, &["policies.standard.retry.attempts=4"]), ["S082"]);
    assert_eq!(codes(VALID, &["services.idle={\"endpoints\":{\"a\":[]}}"]), ["S080"]);
}

#[test]
fn force_lifts_the_limits() {
    let options = Options {
        sets: vec!["run.duration=31d".to_owned(), "run.window=1d".to_owned()],
        force: true,
        ..Options::default()
    };
    assert!(load(source(VALID), &options).is_ok_and(|scenario| !scenario.checks.is_empty()));
}

#[test]
fn the_schema_is_the_committed_one_and_accepts_the_file() {
    let text = serde_json::to_string_pretty(&schema()).expect("it is JSON") + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scenario.schema.json");
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        std::fs::write(path, &text).expect("it can be written");
    }
    let committed = std::fs::read_to_string(path).expect("it is committed");
    assert!(committed == text, "run the tests with CASCADIA_UPDATE=1");
    let validator = jsonschema::validator_for(&schema()).expect("it is a schema");
    let resolved = valid(VALID, &[]).resolved;
    let errors: Vec<String> =
        validator.iter_errors(&resolved).map(|e| format!("{e} at {}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
    let mut broken = resolved;
    broken["run"]["durration"] = "1s".into();
    assert!(!validator.is_valid(&broken));
}

#[test]
fn a_hedge_and_a_fallback_become_layers() {
    let set = "policies.standard=[\
        {\"fallback\":[{\"call\":\"users\",\"limit\":3},\"default\"]},\
        {\"hedge\":{\"budget\":\"2%\",\"max\":2}},\
        {\"hedge\":\"20ms\"},{\"hedge\":\"p999\"},{\"hedge\":{\"budget\":\"unlimited\"}}]";
    let scenario = valid(VALID, &[set]);
    let stack = scenario.plan.stacks.iter().find(|stack| stack.name == "standard");
    let [fallback, hedges @ ..] = &stack.expect("it exists").layers[..] else {
        panic!("it is one")
    };
    let Some(FallbackPlan(steps)) = fallback.settings() else { panic!("it falls back") };
    assert!(matches!(steps[0], FallbackStep::Call { config, .. } if config.limit == 3));
    assert!(matches!(steps[1], FallbackStep::Default));
    let hedges = hedges.iter().map(|layer| {
        let hedge = layer.settings::<HedgeConfig>().expect("it hedges");
        (hedge.delay, hedge.budget.map(|budget| budget.ratio), hedge.max)
    });
    let quantile = HedgeDelay::quantile;
    let fixed = HedgeDelay::Fixed(Duration::from_millis(20));
    let expected = [
        (quantile(0.98), Some(0.02), 2),
        (fixed, Some(0.05), 1),
        (quantile(0.999), Some(0.05), 1),
        (quantile(0.95), None, 1),
    ];
    assert_eq!(hedges.collect::<Vec<_>>(), expected);
}

#[test]
fn a_tied_hedge_has_a_delay_of_a_millisecond_and_no_budget() {
    let set = "policies.standard=[{\"hedge\":{\"tied\":true}},\
        {\"hedge\":{\"tied\":true,\"delay\":\"p50\",\"budget\":\"3%\"}}]";
    let scenario = valid(VALID, &[set]);
    let stack = scenario.plan.stacks.iter().find(|stack| stack.name == "standard");
    let hedges =
        stack.expect("it exists").layers.iter().map(|layer| layer.settings::<HedgeConfig>());
    let [Some(plain), Some(given)] = hedges.collect::<Vec<_>>()[..] else { panic!("it hedges") };
    assert_eq!(*plain, HedgeConfig::tied());
    assert!(given.tied && given.delay == HedgeDelay::quantile(0.5));
    assert_eq!(given.budget.map(|budget| budget.ratio), Some(0.03));
    let tied = "policies.standard=[{\"hedge\":{\"tied\":true}},{\"timeout\":\"1s\"}]";
    let found = codes(VALID, &[tied, "services.orders.on_cancel=skip_queued"]);
    assert_eq!(found, ["S085", "S085", "S087"], "the database ignores it");
}

#[test]
fn a_hedge_without_effect_is_told() {
    let hedge = "policies.standard=[{\"hedge\":\"20ms\"},{\"timeout\":\"1s\"}]";
    let found = codes(VALID, &[hedge, "load.shoppers.policy=standard"]);
    assert_eq!(found, ["S085", "S085", "S083"], "two services of one replica, one POST");
}
