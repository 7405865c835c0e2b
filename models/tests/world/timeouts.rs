//! Timeouts of connections, and deadlines that are forgotten on the way.

use std::time::Duration;

use cascadia_models::measure::{Cause, Ended, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::bulkhead::BulkheadConfig;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::timeout::TimeoutConfig;
use cascadia_runtime::Time;

use crate::world::plans::{constant, ms, plan, run, service};

const OK: usize = Ended::Ok.index();
const TIMEOUT: usize = Ended::Failed(Cause::Timeout).index();

fn connection(connect: Option<u64>, read: Option<u64>) -> LayerPlan {
    let limit = |millis: Option<u64>| millis.map(Duration::from_millis);
    let (connect, read) = (limit(connect), limit(read));
    LayerPlan::new(ConnectionPlan { connect, read, inner: false })
}

/// One request each 100 ms for a second, to a server that takes `work` and has `workers`.
fn calls(layer: LayerPlan, workers: u32, work: u64, effect: Option<Effect>) -> Measured {
    let server = service("server", workers, vec![Step::Compute(constant(work))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(20_000));
    plan.loads[0].until = ms(1_000);
    plan.stacks = vec![StackPlan { name: "policy".into(), layers: vec![layer] }];
    plan.loads[0].policy = Some(StackId(0));
    let fault =
        |effect| FaultPlan { name: "fault".into(), start: Time::ZERO, end: ms(19_000), effect };
    plan.faults = effect.map(fault).into_iter().collect();
    run(plan)
}

fn outcomes(measured: &Measured) -> (u64, u64, Option<u64>) {
    let load = &measured.loads[0].measured;
    (load.outcomes[OK], load.outcomes[TIMEOUT], load.all().max().map(|nanos| nanos / 1_000_000))
}

fn crash() -> Option<Effect> {
    let candidates = vec![Instance { service: ServiceId(0), replica: 0 }];
    Some(Effect::on(Target { candidates, pick: Pick::All }, |hit| hit.stop()))
}

#[test]
fn a_server_that_is_down_or_beyond_a_partition_accepts_nothing() {
    let partition = Effect::between(|_| Fate::Lost);
    for effect in [crash(), Some(partition)] {
        let layer = connection(Some(30), Some(5_000));
        let (ok, timeout, longest) = outcomes(&calls(layer, 10, 1, effect));
        assert_eq!((ok, timeout), (0, 10));
        assert!(longest.is_some_and(|longest| (29..=31).contains(&longest)), "{longest:?}");
    }
}

#[test]
fn a_server_that_is_slow_accepts_at_once_and_is_given_the_time_to_answer() {
    assert_eq!(outcomes(&calls(connection(Some(1), None), 10, 500, None)).0, 10);
    assert_eq!(outcomes(&calls(connection(Some(1), Some(500)), 10, 500, None)).0, 10, "on time");
    let (ok, timeout, _) = outcomes(&calls(connection(None, Some(499)), 10, 500, None));
    assert_eq!((ok, timeout), (0, 10));
}

#[test]
fn a_request_in_a_queue_has_been_accepted() {
    let (ok, timeout, _) = outcomes(&calls(connection(Some(1), Some(150)), 1, 1_000, None));
    assert_eq!((ok, timeout), (0, 10), "reading times out, not connecting");
    assert_eq!(outcomes(&calls(connection(Some(1), None), 1, 1_000, None)).0, 10);
}

#[test]
fn reading_is_timed_from_the_acceptance_and_not_from_the_call() {
    let server = service("server", 10, vec![Step::Compute(constant(10))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(1_000));
    plan.links.default = Some(Link::new(Duration::from_millis(40)));
    plan.stacks =
        vec![StackPlan { name: "policy".into(), layers: vec![connection(None, Some(50))] }];
    plan.loads[0].policy = Some(StackId(0));
    assert_eq!(run(plan.clone()).loads[0].measured.outcomes[TIMEOUT], 0, "40 + 10 + 40");
    plan.stacks[0].layers = vec![connection(None, Some(49))];
    assert_eq!(run(plan).loads[0].measured.outcomes[OK], 0);
}

/// A line before the queue is a line like the queue, and a second acceptance would give more time.
#[test]
fn who_waits_in_an_inbound_line_has_been_accepted_as_well() {
    let lines = |inbound: bool| {
        let server =
            service("server", if inbound { 10 } else { 1 }, vec![Step::Compute(constant(150))]);
        let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(20_000));
        plan.loads[0].until = ms(1_000);
        let (limit, max_wait) = (1, Duration::MAX);
        let line = BulkheadConfig { limit, max_wait, max_waiting: None };
        plan.stacks = vec![
            StackPlan { name: "policy".into(), layers: vec![connection(Some(1), Some(300))] },
            StackPlan { name: "line".into(), layers: vec![LayerPlan::new(line)] },
        ];
        plan.loads[0].policy = Some(StackId(0));
        plan.services[0].inbound = inbound.then_some(StackId(1));
        outcomes(&run(plan))
    };
    let (ok, timeout, longest) = lines(true);
    assert_eq!((ok, timeout, longest), lines(false));
    assert!(ok > 0 && timeout > 0 && longest == Some(300), "{ok} {timeout} {longest:?}");
}

/// Work that the last of three services begins too late, and whether the one in the middle told it.
fn begun_too_late(forward_deadline: bool) -> u64 {
    let call =
        |service| Step::Call { service: ServiceId(service), endpoint: EndpointId(0), policy: None };
    let gateway = service("gateway", 100, vec![call(1)]);
    let mut middle = service("middle", 100, vec![call(2)]);
    middle.forward_deadline = forward_deadline;
    let mut last = service("last", 1, vec![Step::Compute(constant(100))]);
    last.inbound = Some(StackId(1));
    let mut plan = plan(vec![gateway, middle, last], Arrivals::Constant(50.0), ms(5_000));
    plan.loads[0].until = ms(1_000);
    let timeout = LayerPlan::new(TimeoutConfig { after: Duration::from_millis(250) });
    let deadline = LayerPlan::new(DeadlineConfig::default());
    let stack = |name: &str, layer| StackPlan { name: name.into(), layers: vec![layer] };
    plan.stacks = vec![stack("user", timeout), stack("on-time", deadline)];
    plan.loads[0].policy = Some(StackId(0));
    run(plan).services[2].measured.wasted
}

/// tonic honours the deadline of a request and makes the calls on its behalf without one.
#[test]
fn a_deadline_that_is_not_forwarded_is_work_for_nobody() {
    assert!(begun_too_late(true) <= 12, "those that were begun in time and ended late");
    assert!(begun_too_late(false) >= 35, "nearly all of them");
}
