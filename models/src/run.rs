//! Runs a plan.

use std::ops::ControlFlow;
use std::sync::Arc;

use cascadia_runtime::Time;
use cascadia_sim_core::{Digest, Simulation};

pub use cascadia_sim_core::RunError;

use crate::fault;
use crate::measure::{Invariant, Measured, ProbeMeasured, Windows, boundaries};
use crate::model::Model;
use crate::plan::{Plan, Probe, Subject};

/// Kernel events between two looks at the outside.
const SLICE: u64 = 1 << 14;

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Simulated time.
    pub now: Time,
    /// Model events.
    pub events: u64,
}

/// Simulates `plan` to its end, or until `watch` breaks off.
///
/// # Errors
///
/// When a task panics, or when time does not move on.
///
/// # Determinism
///
/// The result is a function of the plan. Breaking off depends on the watcher, so only a run that
/// was not interrupted is reproducible.
pub fn simulate(
    plan: Plan,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Measured, RunError> {
    let plan = Arc::new(plan);
    let windows = Windows::new(plan.warmup, plan.duration);
    let mut simulation = Simulation::new(plan.seed);
    let model = Model::new(simulation.sim(), Arc::clone(&plan));
    set_up(&model);
    let ran = drive(&mut simulation, &model, &windows, watch);
    let (end, digest) = (model.now(), simulation.digest());
    if matches!(ran, Ok(true)) {
        cross(&model, &windows, end, true);
    }
    for replica in model.services.iter().flat_map(|service| &service.replicas) {
        replica.dismantle(end);
    }
    drop(simulation);
    let ending = Ending { end, interrupted: ran?, digest };
    Ok(collect(&model, windows, ending))
}

/// Arms what is known before the run. What is armed first runs first within its instant: faults
/// turn before requests come.
fn set_up(model: &Arc<Model>) {
    let sim = model.sim;
    fault::arm(model);
    for replica in model.services.iter().flat_map(|service| &service.replicas) {
        replica.boot(model);
    }
    for (index, load) in model.plan.loads.iter().enumerate() {
        let model = Arc::clone(model);
        sim.at(load.from, move || model.loads[index].start(&model));
    }
}

/// Runs from boundary to boundary, where counters are copied before anything happens. Returns
/// whether the run was interrupted.
fn drive(
    simulation: &mut Simulation,
    model: &Model,
    windows: &Windows,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<bool, RunError> {
    for at in boundaries(&model.plan, windows) {
        let mut reached = at == Time::ZERO;
        while !reached {
            reached = simulation.advance(Time::from_nanos(at.as_nanos() - 1), SLICE)?;
            let progress = Progress { now: model.now(), events: simulation.digest().events() };
            if watch(progress).is_break() {
                return Ok(true);
            }
        }
        cross(model, windows, at, false);
    }
    simulation.run_until(model.plan.duration)?;
    Ok(false)
}

/// Copies every counter at a boundary. `cut` says that the run ends here before its time.
fn cross(model: &Model, windows: &Windows, at: Time, cut: bool) {
    let window = at.as_nanos().checked_sub(windows.start.as_nanos());
    let is_edge = |offset: u64| offset.is_multiple_of(windows.width) || at == windows.end || cut;
    for load in &model.loads {
        let mut meter = load.meter.borrow_mut();
        if !meter.copy(at) {
            continue;
        }
        match window {
            Some(0) => meter.open_windows(),
            Some(offset) if is_edge(offset) => meter.close_window(),
            _ => {}
        }
    }
    for service in &model.services {
        service.meter.borrow_mut().copy(at);
    }
    model.policies.borrow_mut().copy(at);
}

/// How a run ended.
struct Ending {
    end: Time,
    interrupted: bool,
    digest: Digest,
}

fn collect(model: &Model, windows: Windows, ending: Ending) -> Measured {
    let Ending { end, interrupted, digest } = ending;
    let loads =
        model.loads.iter().map(|load| load.meter.borrow_mut().measured(&windows, end)).collect();
    let services = model.services.iter();
    let services =
        services.map(|service| service.meter.borrow_mut().measured(&windows, end)).collect();
    // What is borrowed in an expression is borrowed to its end, and the probes borrow the same.
    let policies = model.policies.borrow_mut().measured(end);
    let lanes = model.lanes.borrow_mut().take();
    Measured {
        digest,
        end,
        interrupted,
        windows,
        loads,
        services,
        policies,
        probes: probes(model),
        lanes,
        invariants: invariants(model, &windows, end),
    }
}

fn probes(model: &Model) -> Vec<ProbeMeasured> {
    let mut tallies: Vec<_> =
        model.loads.iter().map(|load| load.meter.borrow_mut().take_tallies().into_iter()).collect();
    let probe = |&Probe { subject, from, until, .. }: &Probe| match subject {
        Subject::Load(load) => {
            let happened = model.load(load).meter.borrow_mut().between(from, until);
            let sent = tallies[load.0 as usize].next().expect("each probe has a tally");
            ProbeMeasured::Load { sent: Box::new(sent), happened }
        }
        Subject::Service(service) => {
            let meter = &model.services[service.0 as usize].meter;
            let counters = meter.borrow_mut().between(from, until);
            ProbeMeasured::Service(counters)
        }
        Subject::Layer(layer) => {
            let counters = model.policies.borrow_mut().between(layer, from, until);
            ProbeMeasured::Layer(counters)
        }
    };
    model.plan.probes.iter().map(probe).collect()
}

fn invariants(model: &Model, windows: &Windows, end: Time) -> Vec<Invariant> {
    let plan = &model.plan;
    let flow = model.loads.iter().zip(&plan.loads);
    let flow = flow.map(|(load, plan)| load.meter.borrow_mut().flow(&plan.name));
    let forwards = plan.services.iter().all(|service| service.forwards_trace);
    let traces = model.loads.iter().zip(&plan.loads).filter(|_| forwards);
    let traces = traces.map(|(load, plan)| load.meter.borrow_mut().one_trace(&plan.name));
    let queues = model.services.iter().zip(&plan.services).flat_map(|(service, plan)| {
        let meter = service.meter.borrow_mut();
        [meter.little(&plan.name, windows, end), meter.work_conservation(&plan.name)]
    });
    flow.chain(queues).chain(traces).collect()
}
