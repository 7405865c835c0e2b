//! Branches that run at once.

use cascadia_models::measure::Measured;
use cascadia_models::plan::*;
use cascadia_patterns::breaker::{BreakerConfig, Manual};
use cascadia_patterns::bulkhead::BulkheadConfig;

use crate::world::plans::{constant, ms, plan, run, service};

fn call(service: u32, policy: Option<StackId>) -> Vec<Step> {
    vec![Step::Call { service: ServiceId(service), endpoint: EndpointId(0), policy }]
}

/// Ways to fail as soon as it is called: the branch and the policy that it uses.
fn failures() -> Vec<(&'static str, Vec<Step>, Vec<LayerPlan>)> {
    let closed = BreakerConfig { mode: Manual::ForcedOpen, ..BreakerConfig::default() };
    let full = BulkheadConfig { limit: 1, ..BulkheadConfig::default() };
    let refused = || call(1, Some(StackId(0)));
    let twice = vec![Step::Parallel(vec![refused(), refused()])];
    vec![
        ("an open circuit", refused(), vec![LayerPlan::new(closed.clone())]),
        ("an open circuit in a branch of its own", twice, vec![LayerPlan::new(closed)]),
        ("an error of the service", refused(), vec![]),
        ("a step that fails", vec![Step::Fail { share: 1.0, status: None }], vec![]),
        ("a full bulkhead", refused(), vec![LayerPlan::new(full)]),
    ]
}

/// A hundred requests that are worked on in `count` branches, of which number `at` fails. The
/// others call a service each.
fn measured(failure: &(&str, Vec<Step>, Vec<LayerPlan>), at: usize, count: usize) -> Measured {
    let (_, failing, policy) = failure;
    let branch = |number: usize| match number {
        _ if number == at => failing.clone(),
        _ => call(2 + number as u32, None),
    };
    let root = vec![Step::Parallel((0..count).map(branch).collect())];
    let others = (0..count + 1)
        .map(|number| service(&format!("s{number}"), 1_000, vec![Step::Compute(constant(50))]));
    let services = [service("root", 1_000, root)].into_iter().chain(others).collect();
    let mut plan = plan(services, Arrivals::Constant(100.0), ms(2_000));
    plan.loads[0].until = ms(1_000);
    plan.stacks = vec![StackPlan { name: "p".into(), layers: policy.clone() }];
    let target = Target {
        candidates: vec![Instance { service: ServiceId(1), replica: 0 }],
        pick: Pick::All,
    };
    let effect = Effect::on(target, |hit| hit.fail(1.0));
    plan.faults = vec![FaultPlan { name: "f".into(), start: ms(0), end: ms(2_000), effect }];
    run(plan)
}

#[test]
fn a_branch_that_fails_at_once_keeps_no_other_from_beginning() {
    for failure in failures() {
        for (count, places) in [(2, 0..2), (3, 0..3), (30, 0..3), (40, 37..40)] {
            for at in places {
                let measured = measured(&failure, at, count);
                let arrivals: Vec<u64> = measured.services[2..]
                    .iter()
                    .map(|service| service.measured.arrivals)
                    .collect();
                let others = (0..count).map(|number| if number == at { 0 } else { 100 });
                assert_eq!(arrivals, others.collect::<Vec<_>>(), "{}, {at} of {count}", failure.0);
                assert_eq!(measured.loads[0].measured.outcomes[0], 0, "one failure fails all");
                assert_eq!(measured.loads[0].measured.all().max(), Some(0), "and at once");
            }
        }
    }
}
