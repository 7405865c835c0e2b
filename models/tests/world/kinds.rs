//! What an answer is called, as everybody on the way and its user see it.

use std::sync::Arc;
use std::time::Duration;

use cascadia_models::measure::{Answers, Count, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::call::{Kind, Kinds};
use cascadia_patterns::retry::{Backoff, RetryConfig};

use crate::world::plans::{constant, ms, plan, run, service};

const SENT: u64 = 1_000;

/// So many requests for a script, at the second service what it calls.
fn measured(scripts: [Vec<Step>; 2], change: impl FnOnce(&mut Plan)) -> Measured {
    let [first, second] = scripts;
    let services = vec![service("first", 1_000, first), service("second", 1_000, second)];
    let mut plan = plan(services, Arrivals::Constant(SENT as f64), ms(2_000));
    plan.loads[0].until = ms(1_000);
    change(&mut plan);
    run(plan)
}

fn answers(measured: &Measured) -> Answers {
    measured.loads[0].measured.answers
}

fn call(policy: Option<StackId>) -> Step {
    Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy }
}

fn fail(status: u16) -> Step {
    Step::Fail { share: 1.0, status: Some(Status::Http(status)) }
}

#[test]
fn the_kind_of_the_first_error_travels_to_the_user() {
    for status in [400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504] {
        let measured = measured([vec![call(None)], vec![fail(status)]], |_| {});
        assert_eq!(answers(&measured)[Kind::of_http(status)], SENT, "{status}");
    }
    let unnamed = vec![Step::Fail { share: 1.0, status: None }];
    let measured = measured([vec![call(None)], unnamed], |_| {});
    assert_eq!(answers(&measured)[Kind::Error], SENT);
}

#[test]
fn a_success_is_counted_where_it_was_given_a_status_and_ends_the_request() {
    for status in [200, 201, 204, 301, 304] {
        let answer = Step::Answer { share: 0.5, status: Status::Http(status) };
        let steps = vec![Step::chance(1.0, vec![answer], vec![])];
        let measured = measured([[steps, vec![call(None)]].concat(), vec![]], |_| {});
        let answered = answers(&measured)[Kind::of_http(status)];
        assert!((400..=600).contains(&answered), "{answered}");
        assert_eq!(measured.services[1].measured.arrivals, SENT - answered, "{status}");
        assert_eq!(measured.loads[0].measured.ok.count(), SENT, "{status}");
    }
}

/// What a service behind it was answered with is its own affair.
#[test]
fn a_success_does_not_travel() {
    let answer = Step::Answer { share: 1.0, status: Status::Http(201) };
    let measured = measured([vec![call(None)], vec![answer]], |_| {});
    assert_eq!(answers(&measured).occurring().count(), 0);
}

fn retry(kinds: Kinds) -> StackPlan {
    let backoff = Backoff::Fixed { delay: Duration::from_millis(1) };
    let retry = RetryConfig { backoff, budget: None, ..RetryConfig::default() };
    StackPlan { name: "p".into(), layers: vec![LayerPlan::new(retry).by(kinds)] }
}

/// Tries that are made of a call that ends so.
fn tries(status: u16, safe: bool, kinds: Kinds) -> u64 {
    let measured = measured([vec![call(Some(StackId(0)))], vec![fail(status)]], |plan| {
        plan.stacks = vec![retry(kinds)];
        plan.services[1].endpoints[0].safe = safe;
    });
    measured.services[1].measured.arrivals / SENT
}

#[test]
fn a_retry_is_told_what_to_try_again_and_never_repeats_what_may_do_harm() {
    let only =
        |kinds: &[Kind]| Kinds { only: Some(kinds.iter().copied().collect()), ..Kinds::default() };
    let except = |kind: Kind| Kinds { except: [kind].into(), ..Kinds::default() };
    assert_eq!(tries(409, true, Kinds::default()), 1);
    assert_eq!(tries(409, true, only(&[Kind::Conflict])), 3);
    assert_eq!(tries(409, false, only(&[Kind::Conflict])), 1, "it is not safe to repeat");
    assert_eq!(tries(429, false, only(&[Kind::TooManyRequests])), 3, "nothing has been done");
    assert_eq!(tries(503, true, only(&[Kind::Conflict])), 1);
    assert_eq!(tries(503, true, except(Kind::Unavailable)), 1);
    assert_eq!(tries(503, true, except(Kind::Internal)), 3);
}

fn errors(errors: Errors) -> Vec<FaultPlan> {
    let candidates = vec![Instance { service: ServiceId(0), replica: 0 }];
    let errors = Arc::new(errors);
    let effect = Effect::on(Target { candidates, pick: Pick::All }, move |hit| hit.err(&errors));
    vec![FaultPlan { name: "errors".into(), start: ms(0), end: ms(2_000), effect }]
}

#[test]
fn an_error_after_the_work_loses_an_answer_and_no_work() {
    let work = || vec![Step::Compute(constant(1))];
    for (after, busy) in [(After::Arrival, 0), (After::Work, SENT * 1_000_000)] {
        for script in [work(), [work(), vec![call(None)]].concat()] {
            let all = Errors { after, ..Errors::on_arrival(1.0) };
            let measured = measured([script, vec![]], |plan| plan.faults = errors(all));
            assert_eq!(answers(&measured)[Kind::Error], SENT, "{after:?}");
            assert_eq!(measured.services[0].measured.served, u128::from(busy), "{after:?}");
        }
    }
}

/// A lost acknowledgement of what is not safe to repeat: each try does it once more.
#[test]
fn work_that_is_done_twice_is_counted_where_once_is_enough() {
    for (safe, repeats_unsafe, inbound, tries) in [
        (false, true, false, 3),
        (false, false, false, 1),
        (true, false, false, 3),
        (false, true, true, 3),
    ] {
        let measured = measured([vec![Step::Compute(constant(1))], vec![]], |plan| {
            let backoff = Backoff::Fixed { delay: Duration::from_millis(1) };
            let retry_unsafe = repeats_unsafe;
            let retry = RetryConfig { backoff, retry_unsafe, ..RetryConfig::default() };
            plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![LayerPlan::new(retry)] }];
            plan.services[0].endpoints[0].safe = safe;
            match inbound {
                true => plan.services[0].inbound = Some(StackId(0)),
                false => plan.loads[0].policy = Some(StackId(0)),
            }
            plan.faults = errors(Errors { after: After::Work, ..Errors::on_arrival(1.0) });
        });
        let again = measured.loads[0].measured.counts[Count::Duplicates];
        let expected = if safe { 0 } else { (tries - 1) * SENT };
        assert_eq!(again, expected, "{safe} {repeats_unsafe} {inbound}");
        assert_eq!(measured.services[0].measured.served, u128::from(tries * SENT * 1_000_000));
    }
}

#[test]
fn errors_have_a_status_and_meet_an_endpoint() {
    let named = Errors { status: Some(Status::Http(503)), ..Errors::on_arrival(0.3) };
    let measured_with =
        |errors_of: Errors| measured([vec![], vec![]], |plan| plan.faults = errors(errors_of));
    let met = answers(&measured_with(named.clone()))[Kind::Unavailable];
    assert!((240..=360).contains(&met), "{met}");
    let here = Errors { endpoints: Some(vec![(ServiceId(0), EndpointId(0))]), ..named.clone() };
    assert_eq!(answers(&measured_with(here))[Kind::Unavailable], met, "the same requests");
    let elsewhere = Errors { endpoints: Some(vec![(ServiceId(1), EndpointId(0))]), ..named };
    assert_eq!(answers(&measured_with(elsewhere)).occurring().count(), 0);
}
