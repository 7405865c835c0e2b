//! Whatever things are called, each is itself.

use std::time::Duration;

use cascadia_models::measure::Measured;
use cascadia_models::plan::*;
use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::breaker::document::DocumentConfig;
use cascadia_patterns::breaker::{BreakerConfig, OpenWait};
use cascadia_patterns::bulkhead::{BulkheadConfig, KeyedBulkheadConfig};
use cascadia_patterns::fallback::FallbackConfig;
use cascadia_patterns::retry::{Backoff, RetryConfig};
use cascadia_patterns::shed::{DagorConfig, QueueConfig};
use cascadia_patterns::timeout::TimeoutConfig;
use proptest::prelude::*;

use crate::world::plans::{constant, load, ms, plan, run, service};

/// Names that can be taken for parts of each other.
const NAMES: [&str; 32] = [
    "a",
    "b",
    "p",
    "a/0",
    "a/0/0",
    "b/1",
    "\"a\"",
    "\"a\"/0",
    "load \"a\"",
    "a → b",
    "b → a",
    "→",
    "a → b/0",
    "inbound",
    "\"inbound\"",
    "",
    "\"\"",
    "p fallback 1",
    "p fallback 1 → a",
    "p[1]",
    "p[1] fallback 1",
    "p.0 retry",
    "p.breaker → a",
    "a breaker",
    "b breaker of p",
    "a breaker/0",
    "p into a",
    "into a",
    " a",
    "a ",
    "a b",
    "demand",
];

/// A circuit that opens at every failure and hardly stays open, so that every call is made.
fn breaker() -> LayerPlan {
    let wait = Duration::from_nanos(1);
    let open = OpenWait { base: wait, max: wait, min: None, ..OpenWait::default() };
    let windows = Vec::new();
    LayerPlan::new(BreakerConfig { windows, consecutive: Some(1), open, ..Default::default() })
}

fn layer(kind: u8) -> LayerPlan {
    let call = |service| FallbackStep::Call {
        service: ServiceId(service),
        endpoint: EndpointId(0),
        policy: Some(StackId(2)),
        config: FallbackConfig { limit: 100 },
    };
    match kind {
        0 => LayerPlan::new(TimeoutConfig { after: Duration::from_secs(1) }),
        1 | 2 => breaker(),
        3 => LayerPlan::new(DocumentConfig {
            failures: 1,
            recovery: Duration::from_nanos(1),
            successes: 1,
        }),
        4 => LayerPlan::new(BulkheadConfig { limit: 100, ..Default::default() }),
        5 => LayerPlan::new(Keyed { config: KeyedBulkheadConfig::default(), by: KeyBy::Load }),
        6 => LayerPlan::new(RetryConfig {
            attempts: 2,
            backoff: Backoff::None,
            budget: None,
            ..RetryConfig::default()
        }),
        _ => LayerPlan::new(FallbackPlan(vec![call(1), call(2)])),
    }
}

fn stack() -> impl Strategy<Value = Vec<LayerPlan>> {
    let layers = || prop::collection::vec((0..9_u8).prop_map(layer), 0..4);
    (layers(), prop::option::of(layers())).prop_map(|(mut outer, inner)| {
        let balance = LayerPlan::new(BalanceKind::RoundRobin);
        outer.extend(inner.map(|inner| [vec![balance], inner].concat()).into_iter().flatten());
        outer
    })
}

fn policy() -> impl Strategy<Value = Option<StackId>> {
    prop::option::of((0..2_u32).prop_map(StackId))
}

/// Three sources of load, each with an endpoint of its own at one service, which calls two others
/// by the ways that it is given. Everything fails but the calls of fallbacks.
fn world() -> impl Strategy<Value = Plan> {
    let stacks = (stack(), stack());
    let ways = prop::collection::vec((1..3_u32, policy()), 3);
    let loads = prop::collection::vec((policy(), 1..3_u32, any::<bool>()), 3);
    let replicas = (1..3_u32, 1..3_u32, any::<bool>());
    (stacks, ways, loads, replicas).prop_map(|(stacks, ways, loads, (first, others, guarded))| {
        let endpoint = |(service, policy): &(u32, Option<StackId>)| EndpointPlan {
            name: "work".into(),
            safe: true,
            once: false,
            script: vec![Step::Call {
                service: ServiceId(*service),
                endpoint: EndpointId(0),
                policy: *policy,
            }],
        };
        let mut root = service("s0", 100, Vec::new());
        root.endpoints = ways.iter().map(endpoint).collect();
        root.replicas = first;
        root.inbound = guarded.then_some(StackId(2));
        let leaf = |name| {
            let mut leaf = service(name, 100, Vec::new());
            leaf.replicas = others;
            leaf
        };
        let services = vec![root, leaf("s1"), leaf("s2")];
        let mut plan = plan(services, Arrivals::Constant(1.0), ms(400));
        let last = vec![breaker(), layer(0), breaker(), breaker()];
        let layers = [stacks.0, stacks.1, last].into_iter().zip(["p0", "p1", "p2"]);
        plan.stacks =
            layers.map(|(layers, name)| StackPlan { name: name.into(), layers }).collect();
        let sources = loads.into_iter().zip(0..).map(|((policy, population, closed), number)| {
            let arrivals = if closed {
                Arrivals::Closed { clients: 2 * population, think: constant(5) }
            } else {
                Arrivals::Constant(400.0)
            };
            let name = format!("l{number}");
            let endpoint = EndpointId(number);
            LoadPlan { name, endpoint, policy, population, ..load(arrivals, ms(400)) }
        });
        plan.loads = sources.collect();
        let all = |services: &[u32], replicas| Target {
            candidates: services
                .iter()
                .flat_map(|service| {
                    (0..replicas).map(|replica| Instance { service: ServiceId(*service), replica })
                })
                .collect(),
            pick: Pick::All,
        };
        let fault = |name: &str, from, until, effect| FaultPlan {
            name: name.into(),
            start: ms(from),
            end: ms(until),
            effect,
        };
        plan.faults = vec![
            fault("bad", 0, 400, Effect::on(all(&[1, 2], others), |hit| hit.fail(1.0))),
            fault("again", 200, 201, Effect::on(all(&[0], first), |hit| hit.stop())),
        ];
        plan
    })
}

/// The same plan with other names.
fn renamed(plan: &Plan, names: &[&str]) -> Plan {
    let mut plan = plan.clone();
    let (services, others) = names.split_at(3);
    let (stacks, loads) = others.split_at(3);
    for (service, name) in plan.services.iter_mut().zip(services) {
        service.name = (*name).into();
    }
    for (stack, name) in plan.stacks.iter_mut().zip(stacks) {
        stack.name = (*name).into();
    }
    for (load, name) in plan.loads.iter_mut().zip(loads) {
        load.name = (*name).into();
    }
    plan
}

/// How many lanes and layers a run has.
fn counts(measured: &Measured) -> (usize, usize) {
    (measured.lanes.len(), measured.policies.len())
}

/// Three names each for services, policies and loads; a load may be called as a policy is.
fn names() -> impl Strategy<Value = Vec<&'static str>> {
    let three = || prop::sample::subsequence(&NAMES[..], 3).prop_shuffle();
    (three(), three(), three())
        .prop_map(|(services, stacks, loads)| [services, stacks, loads].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// A stream that is asked for twice ends the run, and a lane or a layer that two have in common
    /// shows as one less.
    #[test]
    fn names_tell_everybody_apart(plan in world(), names in names()) {
        let plain = counts(&run(plan.clone()));
        prop_assert_eq!(counts(&run(renamed(&plan, &names))), plain);
    }
}

/// The names of lanes and layers of a load that calls a service of two replicas through `layers`.
fn known(layers: Vec<LayerPlan>) -> (Vec<String>, Vec<String>) {
    let mut server = service("s", 100, Vec::new());
    server.replicas = 2;
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(400));
    plan.stacks = vec![StackPlan { name: "p".into(), layers }];
    plan.loads[0].policy = Some(StackId(0));
    let candidates = [0, 1].map(|replica| Instance { service: ServiceId(0), replica }).to_vec();
    let target = Target { candidates, pick: Pick::All };
    let effect = Effect::on(target, |hit| hit.fail(1.0));
    plan.faults = vec![FaultPlan { name: "bad".into(), start: ms(0), end: ms(400), effect }];
    let measured = run(plan);
    (measured.lanes.into_keys().collect(), measured.policies.into_keys().collect())
}

#[test]
fn layers_of_a_kind_in_one_stack_are_told_apart_by_their_place() {
    let balance = LayerPlan::new(BalanceKind::RoundRobin);
    let (lanes, layers) = known(vec![layer(1), layer(3), balance, layer(1), layer(0)]);
    let inner = ["users → s/0 breaker[3]", "users → s/1 breaker[3]"];
    let outer = ["users → s breaker[0]", "users → s breaker[1]"];
    assert_eq!(lanes, [outer, inner].concat());
    let breakers = ["p[0].breaker → s", "p[1].breaker → s", "p[3].breaker → s"];
    assert_eq!(layers, [&["p.balance → s", "p.timeout → s"][..], &breakers].concat());
    for (one, other) in [
        (layer(4), layer(5)),
        (LayerPlan::new(DagorConfig::default()), LayerPlan::new(QueueConfig::default())),
    ] {
        let (_, layers) = known(vec![one, other]);
        assert_eq!(layers.len(), 2, "{layers:?}");
    }
}

#[test]
fn a_plain_name_is_that_of_a_layer_as_it_is() {
    let (lanes, layers) = known(vec![layer(1), layer(0)]);
    assert_eq!(
        (&lanes[..], &layers[..]),
        (
            &["users → s breaker".to_owned()][..],
            &["p.breaker → s".to_owned(), "p.timeout → s".to_owned()][..]
        )
    );
}
