//! Plans in few words.

use std::ops::ControlFlow;
use std::time::Duration;

use cascadia_models::laws::Law;
use cascadia_models::measure::Measured;
use cascadia_models::plan::*;
use cascadia_models::run::simulate;
use cascadia_patterns::shed::DisciplineConfig;
use cascadia_runtime::Time;

pub(crate) fn ms(millis: u64) -> Time {
    Time::from_nanos(millis * 1_000_000)
}

pub(crate) fn exponential(mean: u64) -> Law {
    Law::Exponential { mean: ms(mean).as_nanos() as f64 }
}

pub(crate) fn constant(millis: u64) -> Law {
    Law::Constant(ms(millis).as_nanos() as f64)
}

/// A service with one endpoint.
pub(crate) fn service(name: &str, workers: u32, script: Vec<Step>) -> ServicePlan {
    ServicePlan {
        name: name.into(),
        replicas: 1,
        workers: Workers::Limited(workers),
        queue: QueuePlan { capacity: None, discipline: DisciplineConfig::default() },
        on_cancel: OnCancel::Ignore,
        forward_deadline: true,
        inbound: None,
        refusal: Duration::ZERO,
        forwards_trace: true,
        store: None,
        endpoints: vec![EndpointPlan { name: "work".into(), safe: true, once: false, script }],
        consumes: Vec::new(),
        members: Vec::new(),
        branches: Vec::new(),
        own: None,
    }
}

/// A source of load on service 0.
pub(crate) fn load(arrivals: Arrivals, until: Time) -> LoadPlan {
    LoadPlan {
        name: "users".into(),
        service: ServiceId(0),
        endpoint: EndpointId(0),
        policy: None,
        priority: 0,
        arrivals,
        population: 1,
        keys: None,
        from: Time::ZERO,
        until,
    }
}

pub(crate) fn plan(services: Vec<ServicePlan>, arrivals: Arrivals, duration: Time) -> Plan {
    Plan {
        seed: 1,
        duration,
        warmup: Time::ZERO,
        services,
        ledgers: Vec::new(),
        components: Vec::new(),
        stacks: Vec::new(),
        links: Links::default(),
        loads: vec![load(arrivals, duration)],
        faults: Vec::new(),
        probes: Vec::new(),
        spoils: Spoils::default(),
    }
}

/// Runs a plan; every invariant must hold.
pub(crate) fn run(plan: Plan) -> Measured {
    let measured = simulate(plan, &mut |_| ControlFlow::Continue(())).unwrap();
    for invariant in &measured.invariants {
        assert!(invariant.passed, "{}: {}", invariant.name, invariant.detail);
    }
    measured
}
