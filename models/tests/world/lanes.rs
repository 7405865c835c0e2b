//! The states of breakers and endpoints over the lives of their owner.

use std::time::Duration;

use cascadia_models::measure::Lane;
use cascadia_models::plan::*;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::breaker::{BreakerConfig, OpenWait};
use cascadia_patterns::fallback::FallbackConfig;
use cascadia_patterns::outlier::{EnvoyConfig, OutlierConfig};
use cascadia_runtime::Time;

use crate::world::plans::{ms, plan, run, service};

const NEW_LIFE: u64 = 400;

/// A service that calls another through `layers`. That answers all with an error for 200 ms; from
/// 300 ms to 400 ms the caller is down.
fn lanes(layers: Vec<LayerPlan>) -> Vec<(String, Lane)> {
    let call =
        Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: Some(StackId(0)) };
    let mut db = service("db", 100, Vec::new());
    db.replicas = 2;
    let services = vec![service("api", 100, vec![call]), db];
    let mut plan = plan(services, Arrivals::Constant(1_000.0), ms(1_000));
    let leaf = vec![breaker()];
    let stacks = [("p", layers), ("q", leaf)];
    let stack = |(name, layers): (&str, _)| StackPlan { name: name.into(), layers };
    plan.stacks = stacks.into_iter().map(stack).collect();
    let all = |service, replicas: u32| {
        let instance = |replica| Instance { service: ServiceId(service), replica };
        Target { candidates: (0..replicas).map(instance).collect(), pick: Pick::All }
    };
    let fault = |name: &str, start, end, effect| FaultPlan {
        name: name.into(),
        start: ms(start),
        end: ms(end),
        effect,
    };
    plan.faults = vec![
        fault("errors", 0, 200, Effect::on(all(1, 2), |hit| hit.fail(1.0))),
        fault("crash", 300, NEW_LIFE, Effect::on(all(0, 1), |hit| hit.stop())),
    ];
    run(plan).lanes.into_iter().filter(|(name, _)| name != "api/0").collect()
}

/// Opens at once and for long.
fn breaker() -> LayerPlan {
    let wait = Duration::from_secs(60);
    let open = OpenWait { base: wait, max: wait, ..OpenWait::default() };
    LayerPlan::new(BreakerConfig { consecutive: Some(1), open, ..BreakerConfig::default() })
}

fn states(lane: &Lane) -> Vec<(Time, &'static str)> {
    lane.changes.iter().map(|change| (change.at, change.state)).collect()
}

#[test]
fn another_life_of_their_owner_begins_as_the_first() {
    let balance = || LayerPlan::new(BalanceKind::RoundRobin);
    let document = LayerPlan::new(DocumentConfig { failures: 1, ..Default::default() });
    let outlier = LayerPlan::new(OutlierConfig::Envoy(EnvoyConfig {
        max_ejection_percent: 1.0,
        base_ejection_time: Duration::from_secs(60),
        ..EnvoyConfig::default()
    }));
    let fallback = LayerPlan::new(FallbackPlan(vec![FallbackStep::Call {
        service: ServiceId(1),
        endpoint: EndpointId(0),
        policy: Some(StackId(1)),
        config: FallbackConfig::default(),
    }]));
    for (layers, expected) in [
        (vec![breaker()], 1),
        (vec![document], 1),
        (vec![breaker(), breaker()], 2),
        (vec![balance(), breaker()], 2),
        (vec![outlier, balance()], 2),
        (vec![fallback, breaker()], 2),
    ] {
        let lanes = lanes(layers);
        assert_eq!(lanes.len(), expected, "{lanes:?}");
        for (name, lane) in lanes {
            let states = states(&lane);
            assert!(states[0].0 < ms(200) && states[0].1 != lane.initial, "{name}: {states:?}");
            assert_eq!(states[1..], [(ms(NEW_LIFE), lane.initial)], "{name}");
        }
    }
}
