//! Steps that fail a share of requests.

use std::time::Duration;

use cascadia_models::measure::{Cause, Ended, Measured};
use cascadia_models::plan::*;
use cascadia_patterns::breaker::BreakerConfig;
use cascadia_patterns::retry::{Backoff, RetryConfig};

use crate::world::plans::{constant, exponential, ms, plan, run, service};

const SENT: u64 = 10_000;

/// The requests that ended well and those that failed, of all of them.
fn ended(measured: &Measured) -> (u64, u64) {
    let outcomes = measured.loads[0].measured.outcomes;
    let ended = |ended: Ended| outcomes[ended.index()];
    let (ok, failed) = (ended(Ended::Ok), ended(Ended::Failed(Cause::Failed)));
    assert_eq!(ok + failed, SENT, "{outcomes:?}");
    (ok, failed)
}

/// So many requests for a script. The second service does 5 ms of work.
fn measured(script: Vec<Step>) -> Measured {
    let other = service("other", 1_000, vec![Step::Compute(constant(5))]);
    let services = vec![service("server", 1_000, script), other];
    let mut plan = plan(services, Arrivals::Constant(SENT as f64), ms(2_000));
    plan.loads[0].until = ms(1_000);
    run(plan)
}

fn fail(share: f64) -> Step {
    Step::Fail { share, status: None }
}

fn call() -> Step {
    Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: None }
}

#[test]
fn a_step_fails_its_share_and_another_its_share_of_the_rest() {
    for shares in [&[0.0][..], &[0.05], &[0.3], &[0.9], &[1.0], &[0.2, 0.2], &[0.5, 0.1, 0.5]] {
        let failed = ended(&measured(shares.iter().map(|share| fail(*share)).collect())).1;
        let expected = 1.0 - shares.iter().map(|share| 1.0 - share).product::<f64>();
        let sent = SENT as f64;
        let deviation = (sent * expected * (1.0 - expected)).sqrt();
        let off = (failed as f64 - sent * expected).abs();
        assert!(off <= 4.0 * deviation, "{shares:?}: {failed} failed, {expected} should");
    }
}

#[test]
fn what_comes_before_is_done_and_what_comes_after_is_not() {
    let work = |millis| Step::Compute(constant(millis));
    let measured = measured(vec![work(1), fail(0.3), work(2), call()]);
    let (ok, failed) = ended(&measured);
    let server = &measured.services[0].measured;
    assert_eq!(server.completions, SENT, "an error is an answer");
    assert_eq!(server.served, u128::from(failed + ok * (1 + 2 + 5)) * 1_000_000);
    assert_eq!(measured.services[1].measured.arrivals, ok);
    assert_eq!(measured.loads[0].measured.ok.max(), Some(8_000_000));
    assert_eq!(measured.loads[0].measured.all().min(), Some(1_000_000));
}

#[test]
fn a_branch_that_fails_drops_the_others() {
    let branches = vec![vec![call()], vec![Step::Compute(constant(1)), fail(1.0)]];
    let measured = measured(vec![Step::Parallel(branches), call()]);
    assert_eq!(ended(&measured), (0, SENT));
    assert_eq!(measured.loads[0].measured.all().max(), Some(1_000_000));
    assert_eq!(measured.services[1].measured.arrivals, SENT, "the other branch has begun");
}

/// With a greater share the same requests fail, and others besides; how long work takes does not
/// matter.
#[test]
fn who_fails_goes_by_the_request() {
    let failed = |share, law| -> Vec<u64> {
        let measured = measured(vec![fail(share), Step::Compute(law)]);
        let failed = Ended::Failed(Cause::Failed).index();
        measured.loads[0].series.iter().map(|window| window.outcomes[failed]).collect()
    };
    let few = failed(0.2, constant(3));
    assert_eq!(few, failed(0.2, exponential(3)));
    let many = failed(0.4, constant(3));
    assert!(few.iter().zip(&many).all(|(few, many)| few <= many), "{few:?} of {many:?}");
}

/// So many tries are made of a request that is safe and of another.
#[test]
fn a_status_tells_who_is_at_fault_and_whether_another_try_helps() {
    let retry = RetryConfig {
        backoff: Backoff::Fixed { delay: Duration::from_millis(1) },
        budget: None,
        ..RetryConfig::default()
    };
    let tries = |status, safe| {
        let mut server = service("server", 1_000, vec![Step::Fail { share: 1.0, status }]);
        server.endpoints[0].safe = safe;
        let mut plan = plan(vec![server], Arrivals::Constant(10.0), ms(1_000));
        plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![LayerPlan::new(retry)] }];
        plan.loads[0].policy = Some(StackId(0));
        plan.loads[0].until = ms(500);
        run(plan).services[0].measured.arrivals / 5
    };
    use Status::{Grpc, Http};
    for (status, safe, not_safe) in [
        (None, 3, 1),
        (Some(Http(400)), 1, 1),
        (Some(Http(404)), 1, 1),
        (Some(Http(429)), 3, 3),
        (Some(Http(500)), 3, 1),
        (Some(Http(501)), 1, 1),
        (Some(Http(503)), 3, 1),
        (Some(Grpc(5)), 1, 1),
        (Some(Grpc(8)), 1, 1),
        (Some(Grpc(13)), 1, 1),
        (Some(Grpc(14)), 3, 1),
    ] {
        assert_eq!((tries(status, true), tries(status, false)), (safe, not_safe), "{status:?}");
    }
}

#[test]
fn a_circuit_opens_only_where_the_server_is_at_fault() {
    let opens = |status| {
        let server = service("server", 1_000, vec![Step::Fail { share: 1.0, status }]);
        let mut plan = plan(vec![server], Arrivals::Constant(100.0), ms(1_000));
        let breaker = LayerPlan::new(BreakerConfig::default());
        plan.stacks = vec![StackPlan { name: "p".into(), layers: vec![breaker] }];
        plan.loads[0].policy = Some(StackId(0));
        run(plan).services[0].measured.arrivals < 100
    };
    assert!(opens(None) && opens(Some(Status::Http(503))) && opens(Some(Status::Grpc(13))));
    assert!(!opens(Some(Status::Http(404))) && !opens(Some(Status::Grpc(5))));
}
