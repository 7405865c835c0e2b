//! Steps that are done for a share of requests.

use cascadia_models::measure::{Ended, Measured};
use cascadia_models::plan::*;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

const SENT: u64 = 10_000;

/// So many requests for a script. The second service does 5 ms of work.
fn measured(script: Vec<Step>) -> Measured {
    let other = service("other", 1_000, vec![Step::Compute(constant(5))]);
    let services = vec![service("server", 1_000, script), other];
    let mut plan = plan(services, Arrivals::Constant(SENT as f64), ms(2_000));
    plan.loads[0].until = ms(1_000);
    run(plan)
}

fn chance(share: f64, steps: Vec<Step>, otherwise: Vec<Step>) -> Step {
    Step::chance(share, steps, otherwise)
}

fn call() -> Step {
    Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: None }
}

fn work(millis: u64) -> Step {
    Step::Compute(constant(millis))
}

/// So many of all requests are what a share of them may be by chance.
fn assert_share(found: u64, share: f64) {
    let sent = SENT as f64;
    let deviation = (sent * share * (1.0 - share)).sqrt();
    let off = (found as f64 - sent * share).abs();
    assert!(off <= 4.0 * deviation, "{found} of {sent} and not {share}");
}

#[test]
fn every_request_takes_exactly_one_way() {
    for share in [0.0, 0.05, 0.3, 0.9, 1.0] {
        let measured = measured(vec![chance(share, vec![call()], vec![work(2)]), work(1)]);
        let calls = measured.services[1].measured.arrivals;
        assert_share(calls, share);
        let served = calls * (5 + 1) + (SENT - calls) * (2 + 1);
        assert_eq!(measured.services[0].measured.served, u128::from(served) * 1_000_000);
        assert_eq!(measured.loads[0].measured.outcomes[Ended::Ok.index()], SENT);
    }
}

#[test]
fn a_chance_within_a_chance_is_taken_of_those_that_come_to_it() {
    let inner = chance(0.5, vec![call()], vec![work(2)]);
    let measured = measured(vec![chance(0.3, vec![inner.clone()], Vec::new()), inner]);
    assert_share(measured.services[1].measured.arrivals - SENT / 2, 0.15);
}

#[test]
fn what_is_certain_is_as_if_it_was_written_without_a_chance() {
    let seen = |script| format!("{:?}", measured(script).loads[0].measured);
    let plain = seen(vec![work(1), call()]);
    assert_eq!(seen(vec![chance(1.0, vec![work(1), call()], vec![work(7)])]), plain);
    assert_eq!(seen(vec![work(1), chance(0.0, Vec::new(), vec![call()])]), plain);
    assert_eq!(seen(vec![work(1), chance(1.0, Vec::new(), vec![work(7)]), call()]), plain);
}

#[test]
fn the_way_that_is_taken_does_not_shift_what_others_draw() {
    let ways = |share| {
        let ways = chance(share, vec![work(1)], vec![work(1)]);
        let script = vec![ways, Step::Compute(exponential(3)), call()];
        format!("{:?}", measured(script).loads[0].measured)
    };
    assert_eq!(ways(0.0), ways(0.5));
    assert_eq!(ways(0.5), ways(1.0));
}

#[test]
fn an_error_on_a_way_ends_the_request() {
    let fail = Step::Fail { share: 1.0, status: None };
    let measured = measured(vec![chance(0.3, vec![work(1), fail], Vec::new()), call()]);
    let calls = measured.services[1].measured.arrivals;
    assert_share(calls, 0.7);
    assert_eq!(measured.loads[0].measured.outcomes[Ended::Ok.index()], calls);
}
