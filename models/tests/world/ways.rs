//! Steps that are one of several, and steps that are done several times.

use cascadia_models::measure::Measured;
use cascadia_models::plan::*;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

const SENT: u64 = 10_000;

/// So many requests for a script. The second service does 5 ms of work.
fn measured(script: Vec<Step>, keys: Option<Keys>) -> Measured {
    let other = service("other", 100_000, vec![Step::Compute(constant(5))]);
    let services = vec![service("server", 100_000, script), other];
    let mut plan = plan(services, Arrivals::Constant(SENT as f64), ms(3_000));
    plan.loads[0].until = ms(1_000);
    plan.loads[0].keys = keys;
    run(plan)
}

fn call() -> Step {
    Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: None }
}

fn choose(by: By, ways: &[(f64, u64)]) -> Step {
    let way = |(weight, millis): &(f64, u64)| Way {
        weight: *weight,
        steps: vec![Step::Compute(constant(*millis))],
    };
    Step::Choose { ways: ways.iter().map(way).collect(), by }
}

fn repeat(min: u32, max: u32, steps: Vec<Step>) -> Step {
    Step::Repeat { times: Times { min, max }, steps }
}

/// Milliseconds of work at the first service.
fn worked(measured: &Measured) -> u64 {
    (measured.services[0].measured.served / 1_000_000) as u64
}

#[test]
fn every_way_is_taken_by_its_weight() {
    let found = worked(&measured(
        vec![choose(By::Request, &[(3.0, 1), (1.0, 2), (0.0, 500), (4.0, 8)])],
        None,
    ));
    let expected = SENT as f64 * (3.0 + 2.0 + 32.0) / 8.0;
    assert!((found as f64 - expected).abs() < 0.03 * expected, "{found} and not {expected}");
}

#[test]
fn two_ways_are_a_chance() {
    let steps = |millis| vec![Step::Compute(constant(millis))];
    let chance = measured(vec![Step::chance(0.25, steps(1), steps(3))], None);
    let choice = measured(vec![choose(By::Request, &[(1.0, 1), (3.0, 3)])], None);
    assert_eq!(chance.digest, choice.digest);
}

/// With one key all go the same way; with many each way has its share.
#[test]
fn a_key_always_goes_the_same_way() {
    let ways = [(1.0, 1), (1.0, 2)];
    let one = worked(&measured(vec![choose(By::Key, &ways)], Some(Keys::Uniform { of: 1 })));
    assert!(one == SENT || one == 2 * SENT, "{one}");
    let many = worked(&measured(vec![choose(By::Key, &ways)], Some(Keys::Uniform { of: 10_000 })));
    assert!((many as f64 / SENT as f64 - 1.5).abs() < 0.05, "{many}");
}

#[test]
fn what_is_repeated_is_done_so_often() {
    for times in [0, 1, 3] {
        let measured = measured(vec![repeat(times, times, vec![call()])], None);
        assert_eq!(measured.services[1].measured.arrivals, u64::from(times) * SENT);
        assert_eq!(measured.loads[0].measured.ok.max(), Some(u64::from(times) * 5_000_000));
    }
    let measured = measured(vec![repeat(1, 4, vec![call()])], None);
    let mean = measured.services[1].measured.arrivals as f64 / SENT as f64;
    assert!((mean - 2.5).abs() < 0.05, "{mean}");
}

/// The turns of a request are not alike, and its first is what it would be alone.
#[test]
fn each_turn_draws_anew() {
    let work = || vec![Step::Compute(exponential(4))];
    let digest = |script| measured(script, None).digest;
    let chosen = Step::chance(1.0, work(), Vec::new());
    assert_eq!(digest(vec![chosen]), digest(vec![repeat(1, 1, work())]));
    let once = measured(work(), None).loads[0].measured.ok.mean().unwrap();
    let deviation = |measured: &Measured| {
        let ok = &measured.loads[0].measured.ok;
        (ok.supported_quantile(0.99).unwrap() - ok.mean().unwrap()) / ok.mean().unwrap()
    };
    let (alone, twenty) = (measured(work(), None), measured(vec![repeat(20, 20, work())], None));
    let mean = twenty.loads[0].measured.ok.mean().unwrap();
    assert!((mean / once - 20.0).abs() < 0.5, "{mean} and {once}");
    assert!(deviation(&twenty) < deviation(&alone) / 3.0, "twenty alike would spread as one");
}

#[test]
fn turns_in_turns_multiply_and_the_first_error_ends_all() {
    let inner = repeat(3, 3, vec![call()]);
    let nested = measured(vec![repeat(2, 2, vec![inner])], None);
    assert_eq!(nested.services[1].measured.arrivals, 6 * SENT);
    let fails = Step::Fail { share: 0.5, status: None };
    let cut = measured(vec![repeat(3, 3, vec![fails, call()])], None);
    let mean = cut.services[1].measured.arrivals as f64 / SENT as f64;
    assert!((mean - (0.5 + 0.25 + 0.125)).abs() < 0.03, "{mean}");
}
