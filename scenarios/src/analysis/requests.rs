use std::collections::BTreeMap;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Arrivals, LoadId, LoadPlan, Plan, ServiceId, Source, StackId, Workers,
};

use super::Graph;

/// How many requests each load is expected to send.
pub(super) fn requests_sent(plan: &Plan, graph: &Graph) -> Vec<f64> {
    let mut turns = Turns { plan, graph, work: BTreeMap::new() };
    let loads = plan.loads.iter().zip(0..);
    loads.map(|(load, id)| turns.requests(load, LoadId(id))).collect()
}

/// How long the turns of closed loops take.
struct Turns<'a> {
    plan: &'a Plan,
    graph: &'a Graph,
    /// The work of each vertex and of what it calls, in runs of different length.
    work: BTreeMap<u64, Vec<f64>>,
}

impl Turns<'_> {
    fn requests(&mut self, load: &LoadPlan, id: LoadId) -> f64 {
        let nanos = load.until.as_nanos().saturating_sub(load.from.as_nanos());
        match &load.arrivals {
            Arrivals::Poisson(rate) | Arrivals::Constant(rate) => rate * nanos as f64 / 1e9,
            Arrivals::Closed { clients, think } => {
                // Windows that are alike share the work; this is exact enough.
                let limit = nanos.checked_next_power_of_two().unwrap_or(u64::MAX);
                self.closed(load, id, (f64::from(*clients), think), (nanos as f64, limit))
            }
        }
    }

    /// Those for whom there is no room are refused when they arrive, and are soon back.
    fn closed(
        &mut self,
        load: &LoadPlan,
        id: LoadId,
        (clients, think): (f64, &Law),
        (nanos, limit): (f64, u64),
    ) -> f64 {
        let (plan, graph) = (self.plan, self.graph);
        let work = self.work.entry(limit).or_insert_with(|| work(plan, graph, limit as f64));
        let work = work[graph.vertex(load.service, load.endpoint)];
        let trip = trip(plan, Source::Load(id), load.service, limit as f64);
        let think = think.mean_within(limit as f64);
        let busiest = self.busiest(load, limit);
        let sent = |clients: f64, call: f64| {
            // Where workers are few, clients wait for each other.
            let call = call.max(clients * busiest - think);
            let turn = think + call.min(timeout(plan, load.policy));
            // Where no time passes the run ends with an error, and soon.
            let turns = if turn > 0.0 { (nanos / turn).max(1.0) } else { 1.0 };
            if clients > 0.0 { clients * turns } else { 0.0 }
        };
        let room = clients.min(room(plan, load.service));
        sent(room, trip + work) + sent(clients - room, trip)
    }
}

impl Turns<'_> {
    /// The time of the worker, among all workers of a service, that a request keeps longest where it is
    /// spread over all of them.
    fn busiest(&self, load: &LoadPlan, limit: u64) -> f64 {
        let Some(work) = self.work.get(&limit) else { return 0.0 };
        let mut came = vec![0.0; self.graph.vertices.len()];
        let mut busy = vec![0.0; self.plan.groups().len()];
        came[self.graph.vertex(load.service, load.endpoint)] = 1.0;
        for vertex in self.graph.order.iter().rev() {
            let count = came[*vertex];
            if count <= 0.0 {
                continue;
            }
            busy[self.graph.vertices[*vertex].0.0 as usize] += count * work[*vertex];
            let calls = self.graph.calls[*vertex].iter().filter(|call| !call.beside);
            calls.for_each(|call| came[call.to] += count * call.share);
        }
        let each = self.plan.groups().zip(busy).map(|(id, busy)| busy / capacity(self.plan, id));
        each.fold(0.0, f64::max)
    }
}

/// How many requests the workers of a service can be at work on at once.
pub(super) fn capacity(plan: &Plan, id: ServiceId) -> f64 {
    match plan.services.get(id.0 as usize).map(|service| service.workers) {
        Some(Workers::Limited(workers)) => f64::from(workers) * f64::from(plan.most_replicas(id)),
        _ => f64::INFINITY,
    }
}

/// How long each vertex and what it calls take on average in a run of `limit` nanoseconds in which
/// nothing is wrong.
pub(super) fn work(plan: &Plan, graph: &Graph, limit: f64) -> Vec<f64> {
    let mean = |law: &Law| law.mean_within(limit);
    graph.work(
        plan,
        mean,
        |rest| rest,
        |from, call, work| {
            let trip = trip(plan, Source::Service(from), graph.vertices[call.to].0, limit);
            (trip + work).min(timeout(plan, call.policy))
        },
    )
}

/// There and back.
pub(super) fn trip(plan: &Plan, from: Source, to: ServiceId, limit: f64) -> f64 {
    let link = plan.links.get(from, to);
    link.map_or(0.0, |link| 2.0 * link.latency.mean_within(limit))
}

/// How long a call through a stack lasts at most.
pub(super) fn timeout(plan: &Plan, stack: Option<StackId>) -> f64 {
    let timeouts = plan.layers(stack).iter().filter_map(|layer| layer.patience());
    timeouts.fold(f64::INFINITY, |least, patience| least.min(patience.as_nanos() as f64))
}

/// How many requests a service takes in at once, in work or waiting for it.
pub(super) fn room(plan: &Plan, id: ServiceId) -> f64 {
    let Some(service) = plan.services.get(id.0 as usize) else { return f64::INFINITY };
    match (service.workers, service.queue.capacity) {
        (Workers::Limited(workers), Some(waiting)) => {
            f64::from(plan.most_replicas(id)) * (f64::from(workers) + f64::from(waiting))
        }
        _ => f64::INFINITY,
    }
}
