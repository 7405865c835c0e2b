//! Steps that fail a share of requests.

use cascadia_models::measure::{Ended, Measured};
use cascadia_models::plan::*;
use cascadia_models::request::Cause;

use crate::plans::{constant, exponential, ms, plan, run, service};

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

fn call() -> Step {
    Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: None }
}

#[test]
fn a_step_fails_its_share_and_another_its_share_of_the_rest() {
    for shares in [&[0.0][..], &[0.05], &[0.3], &[0.9], &[1.0], &[0.2, 0.2], &[0.5, 0.1, 0.5]] {
        let failed = ended(&measured(shares.iter().map(|share| Step::Fail(*share)).collect())).1;
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
    let measured = measured(vec![work(1), Step::Fail(0.3), work(2), call()]);
    let (ok, failed) = ended(&measured);
    let server = &measured.services[0].measured;
    assert_eq!(server.completions, SENT, "an error is an answer");
    assert_eq!(server.served, u128::from(failed + ok * (1 + 2 + 5)) * 1_000_000);
    assert_eq!(measured.services[1].measured.arrivals, ok);
    assert_eq!(measured.loads[0].measured.ok.max(), Some(8_000_000));
    assert_eq!(measured.loads[0].measured.all.min(), Some(1_000_000));
}

#[test]
fn a_branch_that_fails_drops_the_others() {
    let branches = vec![vec![call()], vec![Step::Compute(constant(1)), Step::Fail(1.0)]];
    let measured = measured(vec![Step::Parallel(branches), call()]);
    assert_eq!(ended(&measured), (0, SENT));
    assert_eq!(measured.loads[0].measured.all.max(), Some(1_000_000));
    assert_eq!(measured.services[1].measured.arrivals, SENT, "the other branch has begun");
}

/// With a greater share the same requests fail, and others besides; how long work takes does not
/// matter.
#[test]
fn who_fails_goes_by_the_request() {
    let failed = |share, law| -> Vec<u64> {
        let measured = measured(vec![Step::Fail(share), Step::Compute(law)]);
        let failed = Ended::Failed(Cause::Failed).index();
        measured.loads[0].series.iter().map(|window| window.outcomes[failed]).collect()
    };
    let few = failed(0.2, constant(3));
    assert_eq!(few, failed(0.2, exponential(3)));
    let many = failed(0.4, constant(3));
    assert!(few.iter().zip(&many).all(|(few, many)| few <= many), "{few:?} of {many:?}");
}
