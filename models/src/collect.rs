//! What is measured of a run once it is over.

use std::collections::BTreeMap;

use cascadia_runtime::Time;
use cascadia_sim_core::{Digest, RunError};

use crate::capture::Suspect;
use crate::group;
use crate::measure::{Invariant, Lane, LayerMeasured, Measured, ProbeMeasured, Windows};
use crate::model::Model;
use crate::plan::{Depth, LoadId, Probe, ServiceId, Subject};
use crate::world::World;

/// How a run ended, and what is measured then and no later.
pub(crate) struct Ending {
    pub(crate) end: Time,
    pub(crate) interrupted: bool,
    pub(crate) stopped: Option<RunError>,
    pub(crate) digest: Digest,
    pub(crate) policies: BTreeMap<String, LayerMeasured>,
    pub(crate) lanes: BTreeMap<String, Lane>,
}

/// What was measured.
pub(crate) fn collect(model: &Model, windows: Windows, ending: Ending) -> Measured {
    let Ending { end, interrupted, stopped, digest, policies, lanes } = ending;
    let loads = model.world.loads.iter();
    let loads = loads.map(|meter| meter.borrow_mut().measured(&windows, end)).collect();
    let services = model.services.iter();
    let services =
        services.map(|service| service.meter.borrow_mut().measured(&windows, end)).collect();
    let components = model.groups.iter();
    let components = components.map(|group| group.measured(&model.world, end));
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
        suspect: suspect(model),
        // What was broken off in the middle of an instant has not kept them yet.
        invariants: if stopped.is_some() { Vec::new() } else { invariants(model, &windows, end) },
        stopped,
    }
}

/// The message that is worth the closest look.
fn suspect(model: &Model) -> Option<(ServiceId, Suspect)> {
    let World { plan, .. } = &*model.world;
    let groups = plan.groups().filter_map(|id| Some((id, plan.component(id)?)));
    let suspects =
        groups.filter_map(|(id, group)| Some((id, group.build.suspect(&model.world.common(id)?)?)));
    suspects.reduce(|one, other| match one.1.clone().worse(other.1.clone()) == one.1 {
        true => one,
        false => other,
    })
}

fn probes(model: &Model) -> Vec<ProbeMeasured> {
    let mut tallies: Vec<_> = model
        .world
        .loads
        .iter()
        .map(|meter| meter.borrow_mut().take_tallies().into_iter())
        .collect();
    let probe = |&Probe { subject, from, until, depth }: &Probe| match subject {
        Subject::Load(load) => {
            let happened = model.world.load(load).borrow_mut().between(from, until);
            let sent = tallies[load.0 as usize].next().expect("each probe has a tally");
            ProbeMeasured::Load { sent: Box::new(sent), happened }
        }
        Subject::Component(id, part) => {
            ProbeMeasured::Component(model.group(id).between(part, from, until))
        }
        Subject::Service(service) if depth == Depth::Replicas => {
            let meter = model.service(service).meter.borrow_mut();
            ProbeMeasured::Replicas(meter.replicas_between(from, until))
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
