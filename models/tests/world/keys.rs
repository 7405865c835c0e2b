//! What requests are about.

use std::time::Duration;

use cascadia_models::measure::Measured;
use cascadia_models::plan::*;
use cascadia_patterns::singleflight::SingleflightConfig;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

const SENT: f64 = 2_000.0;

/// The first calls the second, which is slow to answer, through a policy.
fn built(keys: Option<Keys>, layers: Vec<LayerPlan>) -> Plan {
    let call =
        Step::Call { service: ServiceId(1), endpoint: EndpointId(0), policy: Some(StackId(0)) };
    let first = service("first", 10_000, vec![Step::Compute(exponential(3)), call]);
    let second = service("second", 10_000, vec![Step::Compute(constant(20))]);
    let mut plan = plan(vec![first, second], Arrivals::Poisson(SENT), ms(1_500));
    plan.stacks = vec![StackPlan { name: "p".into(), layers }];
    plan.loads[0].keys = keys;
    plan.loads[0].until = ms(1_000);
    plan
}

fn together() -> Vec<LayerPlan> {
    let config = SingleflightConfig { max_age: Duration::from_millis(20) };
    vec![LayerPlan::new(Keyed { config, by: KeyBy::Key })]
}

fn calls(measured: &Measured) -> u64 {
    measured.services[1].measured.arrivals
}

/// With one key all who come at the same time share an answer, with many nobody has anybody to share
/// it with, and the more unequal they are, the more do.
#[test]
fn a_layer_tells_requests_apart_by_what_they_are_about_at_any_depth() {
    let of = 10_000;
    let calls = |keys| calls(&run(built(keys, together())));
    let (own, one) = (calls(None), calls(Some(Keys::Uniform { of: 1 })));
    let even = calls(Some(Keys::Uniform { of }));
    let usual = calls(Some(Keys::Zipf { of, exponent: 0.99 }));
    let steep = calls(Some(Keys::Zipf { of, exponent: 2.0 }));
    let hot = calls(Some(Keys::HotSet { of, hot: 1, share: 0.5 }));
    let all = run(built(None, Vec::new())).loads[0].measured.ok.count();
    assert_eq!(own, all, "each is about something of its own");
    assert!(one < 60, "{one}");
    assert!(even > all * 98 / 100, "{even} of {all}");
    assert!(steep < usual && usual < even, "{steep}, {usual}, {even}");
    assert!(hot > all / 2 - 100 && hot < all / 2 + 160, "{hot} of {all}");
}

/// What nobody looks at shifts nothing.
#[test]
fn keys_shift_no_other_draw() {
    let digest = |keys| run(built(keys, Vec::new())).digest;
    let without = digest(None);
    for keys in [Keys::Uniform { of: 7 }, Keys::Zipf { of: 1_000, exponent: 0.99 }] {
        assert_eq!(digest(Some(keys)), without, "{keys:?}");
    }
}
