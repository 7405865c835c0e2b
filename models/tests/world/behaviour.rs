//! What the world does, exactly.

use std::time::Duration;

use cascadia_models::measure::{Cause, Count, Ended, ProbeMeasured};
use cascadia_models::plan::*;
use cascadia_models::stats::Histogram;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::deadline::DeadlineConfig;
use cascadia_patterns::retry::{BudgetConfig, RetryConfig};
use cascadia_patterns::shed::Order;
use cascadia_patterns::timeout::TimeoutConfig;
use cascadia_runtime::Time;

use crate::world::plans::{constant, ms, plan, run, service};

const OK: usize = Ended::Ok.index();
const FAILED: usize = Ended::Failed(Cause::Failed).index();
const TIMEOUT: usize = Ended::Failed(Cause::Timeout).index();
const REJECTED: usize = Ended::Failed(Cause::Rejected).index();
const SHORT_CIRCUIT: usize = Ended::Failed(Cause::ShortCircuit).index();
const UNFINISHED: usize = Ended::Unfinished.index();

fn call(service: u32) -> Step {
    Step::Call { service: ServiceId(service), endpoint: EndpointId(0), policy: None }
}

fn timeout(millis: u64) -> LayerPlan {
    LayerPlan::new(TimeoutConfig { after: Duration::from_millis(millis) })
}

fn with_policy(mut plan: Plan, layers: Vec<LayerPlan>) -> Plan {
    plan.stacks = vec![StackPlan { name: "policy".into(), layers }];
    plan.loads[0].policy = Some(StackId(0));
    plan
}

fn all(service: u32) -> Target {
    let candidates = vec![Instance { service: ServiceId(service), replica: 0 }];
    Target { candidates, pick: Pick::All }
}

fn fault(start: Time, end: Time, effect: Effect) -> Vec<FaultPlan> {
    vec![FaultPlan { name: "fault".into(), start, end, effect }]
}

#[test]
fn a_chain_takes_the_sum_and_a_fan_out_the_maximum() {
    let leaf = |name, millis| service(name, 10, vec![Step::Compute(constant(millis))]);
    let latency = |script| {
        let root = service("root", 10, script);
        let services = vec![root, leaf("one", 30), leaf("two", 20)];
        run(plan(services, Arrivals::Constant(10.0), ms(1_000))).loads[0].measured.ok.max()
    };
    assert_eq!(latency(vec![call(1), call(2)]), Some(50_000_000));
    assert_eq!(latency(vec![Step::Parallel(vec![vec![call(1)], vec![call(2)]])]), Some(30_000_000));
    let nested = vec![Step::Parallel(vec![vec![call(1)], vec![call(2), call(2)]])];
    assert_eq!(latency(nested), Some(40_000_000));
}

#[test]
fn a_link_delays_both_ways() {
    let server = service("server", 10, vec![Step::Compute(constant(10))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(1_000));
    plan.links.default = Some(Link::new(Duration::from_millis(3)));
    let latency = |plan: &Plan| run(plan.clone()).loads[0].measured.ok.max();
    assert_eq!(latency(&plan), Some(16_000_000));
    let own = Link::new(Duration::from_millis(1));
    plan.links.between.insert((Source::Load(LoadId(0)), ServiceId(0)), own);
    assert_eq!(latency(&plan), Some(12_000_000));
    let effect = Effect::between(|_| Fate::Delayed { factor: 2.0, add: 5_000_000 });
    plan.faults = fault(ms(0), ms(1_000), effect);
    assert_eq!(latency(&plan), Some(24_000_000));
}

#[test]
fn lost_messages_are_missed_by_their_share() {
    let server = service("server", 100, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10_000.0), ms(10_000));
    plan.links.default = Some(Link { loss: 0.1, ..Link::new(Duration::ZERO) });
    let measured = run(with_policy(plan, vec![timeout(5)]));
    let load = &measured.loads[0].measured;
    let share = load.outcomes[TIMEOUT] as f64 / load.counts[Count::Offered] as f64;
    assert!((share - 0.19).abs() < 4.0 * 0.0012, "{share}");
}

#[test]
fn a_partition_hangs_callers_until_it_heals() {
    let server = service("server", 100, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(3_000));
    plan.faults = fault(ms(1_000), ms(2_000), Effect::between(|_| Fate::Lost));
    let hung = run(plan.clone()).loads[0].measured.outcomes;
    assert_eq!((hung[OK], hung[UNFINISHED]), (200, 100));
    let timed = run(with_policy(plan, vec![timeout(200)])).loads[0].measured.outcomes;
    assert_eq!((timed[OK], timed[TIMEOUT], timed[UNFINISHED]), (200, 100, 0));
}

/// The network is cut at 1 s for good: whoever was sent before is answered, whoever waits 1.5 s
/// gives up, and of the others it is known how long they have waited.
#[test]
fn the_latencies_of_all_are_those_of_each_request_counted_by_hand() {
    let server = service("server", 100, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(3_000));
    plan.faults = fault(ms(1_000), ms(3_000), Effect::between(|_| Fate::Lost));
    let (subject, depth) = (Subject::Load(LoadId(0)), Depth::Requests { below: None });
    plan.probes = vec![Probe { subject, from: ms(900), until: ms(1_700), depth }];
    let measured = run(with_policy(plan, vec![timeout(1_500)]));
    let by_hand = |sends: std::ops::Range<u64>| {
        let mut all = Histogram::new();
        for sent in sends.map(|number| number * 10) {
            let latency = if sent < 1_000 { 1 } else { 1_500.min(3_000 - sent) };
            all.record(latency * 1_000_000);
        }
        all
    };
    let ProbeMeasured::Load { sent, .. } = &measured.probes[0] else {
        panic!("a load is probed");
    };
    for (tally, sends) in [(&measured.loads[0].measured, 0..300), (&**sent, 90..170)] {
        let (all, expected) = (tally.all(), by_hand(sends));
        assert!(tally.outcomes[TIMEOUT] > 0 && tally.outcomes[UNFINISHED] > 0);
        assert_eq!(
            (all.sum(), all.min(), all.max()),
            (expected.sum(), expected.min(), expected.max())
        );
        assert!(all.bins().eq(expected.bins()));
    }
}

#[test]
fn a_slow_down_stretches_what_it_says() {
    let latencies = |slow: fn(&dyn Hit)| {
        let server = service("server", 100, vec![Step::Compute(constant(100))]);
        let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(1_000));
        plan.loads[0].until = ms(10);
        plan.faults = fault(ms(50), ms(80), Effect::on(all(0), slow));
        plan.loads[0].from = ms(0);
        run(plan).loads[0].measured.ok.max()
    };
    assert_eq!(latencies(|hit| hit.slow(3.0)), Some(100_000_000), "begun before the fault");
    assert_eq!(
        latencies(|hit| hit.stretch(3.0)),
        Some(120_000_000),
        "30 ms at a third of the pace"
    );
}

#[test]
fn a_crash_loses_what_it_has_and_comes_back_empty() {
    let server = service("server", 1, vec![Step::Compute(constant(100))]);
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(2_000));
    plan.loads[0].until = ms(1_000);
    plan.faults = fault(ms(505), ms(905), Effect::on(all(0), |hit| hit.stop()));
    let measured = run(plan);
    let outcomes = measured.loads[0].measured.outcomes;
    assert_eq!(outcomes[OK], 5 + 9, "five before the crash, the last nine after it");
    assert_eq!(outcomes[UNFINISHED], 86);
    let lane = &measured.lanes["server/0"];
    assert_eq!(lane.initial, "up");
    let changes: Vec<_> = lane.changes.iter().map(|change| (change.at, change.state)).collect();
    assert_eq!(changes, [(ms(505), "down"), (ms(905), "up")]);
    let utilisation = measured.services[0].measured.utilisation().unwrap();
    assert!((utilisation - (505.0 + 900.0) / 1_600.0).abs() < 1e-9, "{utilisation}");
}

#[test]
fn errors_hit_their_share() {
    let server = service("server", 100, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Constant(10_000.0), ms(3_000));
    plan.faults = fault(ms(1_000), ms(2_000), Effect::on(all(0), |hit| hit.fail(0.3)));
    let failed = run(plan).loads[0].measured.outcomes[FAILED] as f64;
    assert!((failed - 3_000.0).abs() < 4.0 * 46.0, "{failed}");
}

/// One worker of 100 ms, callers that wait 150 ms, one request each 100 ms and one burst.
fn abandoned(on_cancel: OnCancel) -> (u64, u64, u64) {
    let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
    server.on_cancel = on_cancel;
    let mut plan = plan(vec![server], Arrivals::Constant(1_000.0), ms(2_000));
    plan.loads[0].until = ms(10);
    let measured = run(with_policy(plan, vec![timeout(150)]));
    let service = &measured.services[0].measured;
    (service.completions, service.wasted, (service.served_wasted / 1_000_000) as u64)
}

#[test]
fn a_service_says_what_becomes_of_abandoned_work() {
    assert_eq!(abandoned(OnCancel::Ignore), (10, 9, 49 + 8 * 100));
    let (completions, wasted, _) = abandoned(OnCancel::SkipQueued);
    assert_eq!((completions, wasted), (2, 1), "the second was begun and is finished");
    let (completions, wasted, _) = abandoned(OnCancel::Stop);
    assert_eq!((completions, wasted), (1, 0), "the second was stopped in time");
}

#[test]
fn a_response_exactly_on_time_wins() {
    let server = service("server", 100, vec![Step::Compute(constant(100))]);
    let plan = plan(vec![server], Arrivals::Constant(10.0), ms(1_000));
    let outcomes = run(with_policy(plan.clone(), vec![timeout(100)])).loads[0].measured.outcomes;
    assert_eq!((outcomes[OK], outcomes[TIMEOUT]), (10, 0));
    let outcomes = run(with_policy(plan, vec![timeout(99)])).loads[0].measured.outcomes;
    assert_eq!(outcomes[OK], 0);
}

#[test]
fn retries_are_counted_as_attempts() {
    let server = service("server", 100, vec![Step::Compute(constant(100))]);
    let retry = RetryConfig { attempts: 3, ..RetryConfig::default() };
    let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(10_000));
    plan.loads[0].until = ms(1_000);
    let measured = run(with_policy(plan, vec![LayerPlan::new(retry), timeout(50)]));
    let load = &measured.loads[0].measured;
    assert_eq!(
        (load.counts[Count::Offered], load.outcomes[TIMEOUT], load.counts[Count::Attempts]),
        (100, 100, 300)
    );
    assert_eq!(measured.services[0].measured.arrivals, 300);
}

#[test]
fn each_client_of_a_population_has_policies_of_its_own() {
    let one_retry = BudgetConfig { ratio: 0.0, min_per_second: 0.1, ..BudgetConfig::default() };
    let retry = RetryConfig { budget: Some(one_retry.into()), ..RetryConfig::default() };
    let retries = |population, arrivals| {
        let server = service("server", 100, vec![]);
        let mut plan =
            with_policy(plan(vec![server], arrivals, ms(5_000)), vec![LayerPlan::new(retry)]);
        plan.loads[0].population = population;
        plan.faults = fault(ms(0), ms(5_000), Effect::on(all(0), |hit| hit.fail(1.0)));
        let load = &run(plan).loads[0].measured;
        load.counts[Count::Attempts] - load.counts[Count::Offered]
    };
    assert_eq!(retries(1, Arrivals::Constant(1_000.0)), 1);
    assert_eq!(retries(20, Arrivals::Constant(1_000.0)), 20);
    let closed = Arrivals::Closed { clients: 20, think: constant(100) };
    assert_eq!(retries(1, closed.clone()), 1);
    assert_eq!(retries(5, closed), 5);
}

#[test]
fn a_full_queue_answers() {
    let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
    server.queue.capacity = Some(2);
    let mut plan = plan(vec![server], Arrivals::Constant(1_000.0), ms(2_000));
    plan.loads[0].until = ms(10);
    let measured = run(plan);
    let outcomes = measured.loads[0].measured.outcomes;
    assert_eq!((outcomes[OK], outcomes[REJECTED]), (3, 7));
    assert_eq!(measured.services[0].measured.rejected, 7);
    assert_eq!(measured.services[0].queue_max, 2);
}

#[test]
fn lifo_serves_the_last_first() {
    let latency = |order| {
        let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
        server.queue.discipline.order = order;
        let mut plan = plan(vec![server], Arrivals::Constant(1_000.0), ms(2_000));
        plan.loads[0].until = ms(3);
        run(plan).loads[0].measured.ok.max()
    };
    assert_eq!(latency(Order::Fifo), Some(298_000_000));
    assert_eq!(latency(Order::Lifo), Some(299_000_000));
}

#[test]
fn an_inbound_deadline_refuses_what_expired_in_the_queue() {
    let mut server = service("server", 1, vec![Step::Compute(constant(100))]);
    server.inbound = Some(StackId(1));
    let mut plan = plan(vec![server], Arrivals::Constant(1_000.0), ms(2_000));
    plan.loads[0].until = ms(10);
    let mut plan = with_policy(plan, vec![timeout(150)]);
    plan.stacks.push(StackPlan {
        name: "guard".into(),
        layers: vec![LayerPlan::new(DeadlineConfig::default())],
    });
    let measured = run(plan);
    let service = &measured.services[0].measured;
    assert_eq!((service.completions, service.rejected), (2, 8));
}

/// Rival defects, as tests of ours: 50 requests a second for 60 s; the server takes 1 s, or is
/// down from 10 s to 40 s.
mod happy_simulator {
    use super::*;

    fn plan_with(server: ServicePlan, crashes: bool) -> Plan {
        let mut plan = plan(vec![server], Arrivals::Constant(50.0), ms(62_000));
        plan.loads[0].until = ms(60_000);
        if crashes {
            plan.faults = fault(ms(10_000), ms(40_000), Effect::on(all(0), |hit| hit.stop()));
        }
        plan
    }

    fn slow() -> ServicePlan {
        service("server", 100, vec![Step::Compute(constant(1_000))])
    }

    fn quick() -> ServicePlan {
        service("server", 100, vec![Step::Compute(constant(10))])
    }

    fn breaker() -> LayerPlan {
        LayerPlan::new(BreakerConfig::default())
    }

    #[test]
    fn defect_1a_a_timeout_fires_while_the_server_works() {
        let retry = RetryConfig { attempts: 3, ..RetryConfig::default() };
        let plan = plan_with(slow(), false);
        let load = &run(with_policy(plan.clone(), vec![timeout(200)])).loads[0].measured;
        assert_eq!(load.outcomes[TIMEOUT], 3_000);
        assert_eq!(load.all().mean(), Some(200e6));
        let layers = vec![LayerPlan::new(retry), timeout(200)];
        let load = &run(with_policy(plan, layers)).loads[0].measured;
        assert_eq!((load.outcomes[TIMEOUT], load.counts[Count::Attempts]), (3_000, 9_000));
    }

    #[test]
    fn defect_1b_a_breaker_before_a_crashed_server_opens() {
        let measured =
            run(with_policy(plan_with(quick(), true), vec![timeout(300), breaker(), timeout(200)]));
        let outcomes = measured.loads[0].measured.outcomes;
        assert!(outcomes[SHORT_CIRCUIT] > 1_000, "{outcomes:?}");
        assert_eq!(outcomes.iter().sum::<u64>(), 3_000);
        let lane = &measured.lanes["users → server breaker"];
        assert_eq!(lane.changes[0].state, "open");
        assert!(lane.changes[0].at > ms(10_000) && lane.changes[0].at < ms(16_000));
        assert_eq!(lane.changes.last().unwrap().state, "closed");
    }

    #[test]
    fn defect_1c_silence_is_neither_success_nor_forgotten() {
        let outcomes =
            run(with_policy(plan_with(quick(), true), vec![breaker()])).loads[0].measured.outcomes;
        assert_eq!((outcomes[OK], outcomes[UNFINISHED]), (1_500, 1_500));
    }

    #[test]
    fn defect_1d_a_breaker_counts_the_timeouts_inside_it() {
        let measured = run(with_policy(plan_with(quick(), true), vec![breaker(), timeout(200)]));
        let outcomes = measured.loads[0].measured.outcomes;
        assert_eq!(outcomes[OK], outcomes[OK].min(1_500));
        assert!(outcomes[TIMEOUT] > 0 && outcomes[SHORT_CIRCUIT] > outcomes[TIMEOUT]);
        assert_eq!(outcomes[UNFINISHED], 0);
    }
}

mod determinism {
    use super::*;
    use crate::world::plans::exponential;

    fn busy() -> Plan {
        let server = service("server", 2, vec![Step::Compute(exponential(2))]);
        with_policy(plan(vec![server], Arrivals::Poisson(900.0), ms(5_000)), vec![timeout(20)])
    }

    #[test]
    fn a_plan_has_one_digest_and_every_seed_another() {
        let digest = |seed| run(Plan { seed, ..busy() }).digest;
        assert_eq!(digest(1), digest(1));
        assert_ne!(digest(1), digest(2));
    }

    #[test]
    fn an_unrelated_service_changes_nothing_elsewhere() {
        let alone = run(busy());
        let mut plan = busy();
        plan.services.push(service("other", 1, vec![Step::Compute(exponential(1))]));
        let mut other = plan.loads[0].clone();
        other.name = "others".into();
        other.service = ServiceId(1);
        plan.loads.push(other);
        let beside = run(plan);
        assert_eq!(alone.loads[0].measured.outcomes, beside.loads[0].measured.outcomes);
        assert_eq!(alone.services[0].measured, beside.services[0].measured);
    }

    #[test]
    fn scaling_time_scales_nothing_but_time() {
        let base = run(busy());
        let mut plan = busy();
        plan.duration = ms(50_000);
        plan.loads[0].until = ms(50_000);
        plan.loads[0].arrivals = Arrivals::Poisson(90.0);
        plan.services[0].endpoints[0].script = vec![Step::Compute(exponential(20))];
        plan.stacks[0].layers = vec![timeout(200)];
        let scaled = run(plan);
        assert_eq!(
            base.loads[0].measured.counts[Count::Offered],
            scaled.loads[0].measured.counts[Count::Offered]
        );
        assert_eq!(base.loads[0].measured.outcomes, scaled.loads[0].measured.outcomes);
    }
}
