//! Runs a plan.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use cascadia_runtime::Time;
use cascadia_sim_core::{Digest, Simulation};

pub use cascadia_sim_core::RunError;

use crate::faults;
use crate::group;
use crate::measure::{
    Invariant, Lane, LayerMeasured, Measured, ProbeMeasured, Windows, boundaries,
};
use crate::model::Model;
use crate::plan::{LoadId, Plan, Probe, Subject};
use crate::world::World;

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
    let model = Arc::new(Model::new(simulation.sim(), Arc::clone(&plan)));
    set_up(&model);
    let ran = drive(&mut simulation, &model, &windows, watch);
    let end = model.world.now();
    let interrupted = matches!(ran, Ok(true));
    if interrupted {
        cross(&model, &windows, end, true);
    }
    // What is still under way is dropped next, and what it reports then has not happened.
    let policies = model.world.policies.borrow_mut().measured(end);
    let lanes = model.world.lanes.borrow_mut().take();
    let ending = Ending { end, interrupted, digest: simulation.digest(), policies, lanes };
    model.residents().iter().for_each(|resident| resident.dismantle());
    drop(simulation);
    ran?;
    Ok(collect(&model, windows, ending))
}

/// Arms what is known before the run. What is armed first runs first within its instant: faults
/// turn before requests come.
fn set_up(model: &Arc<Model>) {
    faults::arm(model);
    model.residents().iter().for_each(|resident| resident.boot(&model.ground));
    for (load, plan) in model.loads.iter().zip(&model.world.plan.loads) {
        let (load, world) = (*load, Arc::clone(&model.world));
        model.world.sim.at(plan.from, move || load.start(&world));
    }
}

/// Runs from boundary to boundary, where counters are copied. What happens at a boundary belongs to
/// the time after it, and at the end of the run to the time before it. Returns whether the run was
/// interrupted.
fn drive(
    simulation: &mut Simulation,
    model: &Model,
    windows: &Windows,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<bool, RunError> {
    for at in boundaries(&model.world.plan, windows) {
        let before = at.as_nanos().checked_sub(1).map(Time::from_nanos);
        let limit = if at == model.world.plan.duration { Some(at) } else { before };
        while let Some(limit) = limit {
            let reached = simulation.advance(limit, SLICE)?;
            let progress =
                Progress { now: model.world.now(), events: simulation.digest().events() };
            if watch(progress).is_break() {
                return Ok(true);
            }
            if reached {
                break;
            }
        }
        cross(model, windows, at, false);
    }
    Ok(false)
}

/// Copies every counter at a boundary. `cut` says that the run ends here before its time.
fn cross(model: &Model, windows: &Windows, at: Time, cut: bool) {
    let window = at.as_nanos().checked_sub(windows.start.as_nanos());
    let is_edge = |offset: u64| offset.is_multiple_of(windows.width) || at == windows.end || cut;
    for meter in &model.world.loads {
        let mut meter = meter.borrow_mut();
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
    model.groups.iter().for_each(|group| group.copy(&model.world, at));
    model.world.policies.borrow_mut().copy(at);
}

/// How a run ended, and what is measured then and no later.
struct Ending {
    end: Time,
    interrupted: bool,
    digest: Digest,
    policies: BTreeMap<String, LayerMeasured>,
    lanes: BTreeMap<String, Lane>,
}

fn collect(model: &Model, windows: Windows, ending: Ending) -> Measured {
    let Ending { end, interrupted, digest, policies, lanes } = ending;
    let loads = model.world.loads.iter();
    let loads = loads.map(|meter| meter.borrow_mut().measured(&windows, end)).collect();
    let services = model.services.iter();
    let services =
        services.map(|service| service.meter.borrow_mut().measured(&windows, end)).collect();
    let components = model.groups.iter();
    let components = components.map(|group| group.measured(&model.world, &windows, end));
    let components = components.collect();
    Measured {
        digest,
        end,
        interrupted,
        windows,
        loads,
        services,
        components,
        policies,
        probes: probes(model),
        lanes,
        invariants: invariants(model, &windows, end),
    }
}

fn probes(model: &Model) -> Vec<ProbeMeasured> {
    let mut tallies: Vec<_> = model
        .world
        .loads
        .iter()
        .map(|meter| meter.borrow_mut().take_tallies().into_iter())
        .collect();
    let probe = |&Probe { subject, from, until, .. }: &Probe| match subject {
        Subject::Load(load) => {
            let happened = model.world.load(load).borrow_mut().between(from, until);
            let sent = tallies[load.0 as usize].next().expect("each probe has a tally");
            ProbeMeasured::Load { sent: Box::new(sent), happened }
        }
        Subject::Component(id, part) => {
            ProbeMeasured::Component(model.group(id).between(part, from, until))
        }
        Subject::Service(service) => {
            let meter = &model.service(service).meter;
            let counters = meter.borrow_mut().between(from, until);
            ProbeMeasured::Service(counters)
        }
        Subject::Layer(layer) => {
            let counters = model.world.policies.borrow_mut().between(layer, from, until);
            ProbeMeasured::Layer(counters)
        }
    };
    model.world.plan.probes.iter().map(probe).collect()
}

fn invariants(model: &Model, windows: &Windows, end: Time) -> Vec<Invariant> {
    let World { plan, names, loads, .. } = &*model.world;
    let loads = || loads.iter().zip((0..).map(LoadId));
    let flow = loads().map(|(meter, id)| meter.borrow_mut().flow(names.load(id)));
    let forwards = plan.services.iter().all(|service| service.forwards_trace);
    let traces = loads().filter(|_| forwards);
    let traces = traces.map(|(meter, id)| meter.borrow_mut().one_trace(names.load(id)));
    let queues = plan.groups().zip(&model.services).flat_map(|(id, service)| {
        let (name, meter) = (names.group(id), service.meter.borrow_mut());
        [meter.little(name, windows, end), meter.work_conservation(name)]
    });
    let logs = plan.groups().zip(&model.services).filter(|(_, service)| service.disk().is_some());
    let logs = logs.flat_map(|(id, service)| {
        let laws = service.laws(names.group(id), end).into_iter();
        laws.chain([group::flow(&model.world, id)])
    });
    let groups = model.groups.iter().flat_map(|group| group.invariants(&model.world));
    flow.chain(queues).chain(traces).chain(logs).chain(groups).collect()
}
