//! Runs a plan.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;
use cascadia_sim_core::Simulation;

pub use cascadia_sim_core::{Digest, RunError};

use crate::capture::{Capture, Suspect};
use crate::collect::{Ending, collect};
use crate::faults;
use crate::measure::{Measured, Windows, boundaries};
use crate::model::Model;
use crate::plan::{Plan, ServiceId};
use crate::trace::{Trace, Wanted};
use crate::world::{Look, Resident};

/// Kernel events between two looks at the outside.
const SLICE: u64 = 1 << 14;

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Simulated time.
    pub now: Time,
    /// Model events.
    pub events: u64,
    /// About how many bytes all that is under way takes, and what is kept.
    pub held: u64,
}

/// What a request takes that a user waits for, one that waits for a worker, and one that is worked on, about.
const OPEN: u64 = 600;
const WAITING: u64 = 420;
const WORKED_ON: u64 = 1_200;
/// What a task takes, or what waits for its time.
const PENDING: u64 = 350;

/// Simulates `plan` to its end, or until `watch` breaks off.
///
/// # Errors
///
/// When a task panics. Where time does not move on, what was measured until then is the result, and
/// [says so](Measured::stopped).
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
    let model = Arc::new(Model::new(simulation.sim(), Arc::clone(&plan), Look::Nowhere));
    set_up(&model);
    let ran = drive(&mut simulation, &model, &windows, watch);
    let end = model.world.now();
    let stopped = ran.as_ref().err().filter(|error| matches!(error, RunError::Livelock { .. }));
    let stopped = stopped.cloned();
    let interrupted = stopped.is_some() || matches!(ran, Ok(true));
    if interrupted {
        cross(&model, &windows, end, true);
    }
    // What is still under way is dropped next, and what it reports then has not happened.
    let policies = model.world.policies.borrow_mut().measured(end);
    let lanes = model.world.lanes.borrow_mut().take();
    let digest = simulation.digest();
    let ending = Ending { end, interrupted, stopped, digest, policies, lanes };
    Resident::dismantle(&model.residents(), model.world.sim);
    drop(simulation);
    if ending.stopped.is_none() {
        ran?;
    }
    Ok(collect(&model, windows, ending))
}

/// So long a capture goes on after its message was noticed, to show what came of it.
const EPILOGUE: Duration = Duration::from_secs(1);

/// Simulates `plan` again, until shortly after `suspect` was noticed or `watch` breaks off, and returns what was on
/// the wire around it.
/// It is [`Measured::suspect`] of the same plan.
///
/// # Errors
///
/// As those of [`simulate`].
///
/// # Determinism
///
/// The result is a function of the plan and the suspect. Looking on changes nothing: until it ends, this run
/// is the first one, event by event.
pub fn capture(
    plan: Plan,
    suspect: &(ServiceId, Suspect),
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Capture, RunError> {
    let windows = Windows::new(plan.warmup, plan.duration);
    let mut simulation = Simulation::new(plan.seed);
    let model = Arc::new(Model::new(simulation.sim(), Arc::new(plan), Look::Message(suspect)));
    set_up(&model);
    let until = suspect.1.noticed + EPILOGUE;
    let mut until_then = |progress: Progress| match progress.now > until {
        true => ControlFlow::Break(()),
        false => watch(progress),
    };
    let ran = drive(&mut simulation, &model, &windows, &mut until_then);
    let mut capture = model.world.captured();
    Resident::dismantle(&model.residents(), model.world.sim);
    drop(simulation);
    ran?;
    let places = capture.transits.iter().flat_map(|transit| [transit.from, transit.to]);
    capture.names = places.map(|place| (place, model.world.name(place))).collect();
    Ok(capture)
}

/// Simulates `plan` again and follows what is `wanted` of it: the requests of some keys, in their order, and one that
/// takes about so long. Where `watch` breaks off, nobody was followed.
///
/// # Errors
///
/// As those of [`simulate`], and when this run is another one than that with the digest `first`.
///
/// # Determinism
///
/// The result is a function of the plan and of what is wanted. Following changes nothing, as the digest shows.
pub fn trace(
    plan: Plan,
    wanted: &Wanted,
    first: Digest,
    watch: &mut dyn FnMut(Progress) -> ControlFlow<()>,
) -> Result<Vec<Trace>, RunError> {
    let windows = Windows::new(plan.warmup, plan.duration);
    let mut simulation = Simulation::new(plan.seed);
    let look = Look::Requests(wanted);
    let model = Arc::new(Model::new(simulation.sim(), Arc::new(plan), look));
    set_up(&model);
    let ran = drive(&mut simulation, &model, &windows, watch);
    let tracer = model.world.tracer.as_ref();
    let (traces, second) = (tracer.map(|tracer| tracer.take()), simulation.digest());
    Resident::dismantle(&model.residents(), model.world.sim);
    drop(simulation);
    match ran? {
        true => Ok(Vec::new()),
        false if second != first => Err(RunError::Another { first, second }),
        false => Ok(traces.unwrap_or_default()),
    }
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
            let (now, events) = (model.world.now(), simulation.digest().events());
            if watch(Progress { now, events, held: held(model, simulation.pending()) }).is_break() {
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

/// About how many bytes all that is under way takes, and what is kept. They are counted, so that a run is not ended for
/// it on one machine and goes on on another.
fn held(model: &Model, pending: usize) -> u64 {
    let open: u64 = model.world.loads.iter().map(|meter| meter.borrow_mut().open()).sum();
    let services = model.services.iter().map(|service| service.meter.borrow_mut().present());
    let requests = services.fold(open * OPEN, |sum, (waiting, worked_on)| {
        sum + waiting * WAITING + worked_on * WORKED_ON
    });
    // The tasks and timers of requests are counted both ways.
    requests.max(pending as u64 * PENDING) + model.held()
}

/// Copies every counter at a boundary. `cut` says that the run ends here before its time.
fn cross(model: &Model, windows: &Windows, at: Time, cut: bool) {
    let window = at.as_nanos().checked_sub(windows.start.as_nanos());
    for meter in &model.world.loads {
        let mut meter = meter.borrow_mut();
        if !meter.copy(at) {
            continue;
        }
        match window {
            Some(0) => meter.open_windows(),
            Some(_) if windows.is_edge(at) || cut => meter.close_window(),
            _ => {}
        }
    }
    for service in &model.services {
        service.meter.borrow_mut().copy(at);
    }
    model.groups.iter().for_each(|group| group.copy(&model.world, at));
    model.world.policies.borrow_mut().copy(at);
}
