//! How much memory a run takes at most at a time.

use std::collections::BTreeSet;

use cascadia_models::measure::Windows;
use cascadia_models::plan::{
    Arrivals, Depth, LayerPlan, Place, Plan, ServiceId, StackId, Subject, Workers,
};

use super::cost::{Cost, bytes, number};
use super::output::output;
use super::sizes::{
    CALL, CLIENT, COPY_OF_LOAD, COPY_OF_REPLICA, COPY_OF_SERVICE, HOP, LAYER, LAYER_OF_CALL,
    LOOK_AT_REPLICA, PROBE, PROGRAM, QUEUED, REPLICA, REQUEST, ROW, TASK, TEXT, WRITTEN,
};
use super::traffic::Traffic;
use crate::analysis::Graph;
use crate::analysis::graph::Call;
use crate::analysis::requests::{capacity, room, timeout};
use crate::read::File;
use crate::text::Span;

/// The memory of a run.
pub(super) fn memory(plan: &Plan, graph: &Graph, traffic: &Traffic, file: &File<'_>) -> Cost {
    let patient = patient(plan, traffic);
    let mut memory = Memory { plan, graph, traffic, file, patient, cost: Cost::default() };
    let root = file.root.span;
    let text = (root.end - root.start) as f64;
    memory.cost.add(PROGRAM + TEXT * text, root, || "the program and the file".to_owned());
    memory.callers();
    memory.loads();
    memory.services();
    memory.partitions();
    memory.messages();
    memory.extensions();
    memory.measurements();
    let written = output(plan, traffic, file);
    let span = written.most.map_or(root, |most| Span {
        source: most.place.source,
        start: most.place.start,
        end: most.place.end,
    });
    memory.cost.add(written.total * WRITTEN, span, || "the results, put together".to_owned());
    memory.cost
}

pub(super) struct Memory<'a, 'f> {
    pub(super) plan: &'a Plan,
    pub(super) graph: &'a Graph,
    pub(super) traffic: &'a Traffic,
    pub(super) file: &'a File<'f>,
    /// Of what comes to a service, the share that may wait for a worker at once.
    patient: f64,
    pub(super) cost: Cost,
}

/// Where nobody stops waiting, no more requests wait than the clients of closed loads have made. Elsewhere
/// all may.
fn patient(plan: &Plan, traffic: &Traffic) -> f64 {
    let mut layers = plan.stacks.iter().flat_map(|stack| &stack.layers);
    let clients = plan.loads.iter().map(|load| match load.arrivals {
        Arrivals::Closed { clients, .. } => f64::from(clients),
        _ => f64::INFINITY,
    });
    let sent: f64 = traffic.sent.iter().sum();
    let is_left = layers.any(|layer| layer.patience().is_some());
    if is_left { 1.0 } else { (clients.sum::<f64>() / sent.max(1.0)).min(1.0) }
}

/// Everybody who may ever have lived in a group. No number is given twice, so each fault may add as
/// many as it asks for.
pub(super) fn ever(plan: &Plan, id: ServiceId) -> u64 {
    let joiners: u64 = plan.scales(id).map(|scale| u64::from(scale.to)).sum();
    u64::from(plan.replicas(id)) + joiners
}

/// A caller, by its name.
struct Caller<'a> {
    name: &'a str,
    /// Calls that it makes in the run.
    calls: f64,
}

impl Memory<'_, '_> {
    /// Bytes of the way of one caller to all replicas of a target: layers outside a balancer are there once,
    /// those inside it for each replica.
    fn way(&self, caller: &Caller<'_>, target: ServiceId, stack: Option<StackId>) -> f64 {
        let plan = self.plan;
        let layers = plan.layers(stack);
        let balance = layers.iter().position(|layer| matches!(layer.place(), Place::Balancer(_)));
        let (outer, inner) = layers.split_at(balance.unwrap_or(layers.len()));
        let names = (caller.name.len() + plan.name(target).len()) as f64;
        let policy = stack.map_or(0, |stack| plan.stacks[stack.0 as usize].name.len()) as f64;
        let of = |layers: &[LayerPlan]| {
            let bytes = layers
                .iter()
                .map(|layer| layer.remembers(caller.calls) + LAYER + 2.5 * (names + policy));
            bytes.sum::<f64>()
        };
        let replicas = ever(plan, target) as f64;
        let asked = plan.asked(stack).map(|(service, _)| (service, None));
        let others = plan.fallbacks(stack).map(|(service, _, stack)| (service, stack)).chain(asked);
        let others: f64 = others.map(|(service, stack)| self.way(caller, service, stack)).sum();
        of(outer) + replicas * (HOP + of(inner)) + others
    }

    /// What callers have of each policy.
    fn callers(&mut self) {
        let plan = self.plan;
        let mut sites: Vec<BTreeSet<(ServiceId, Option<StackId>)>> =
            vec![BTreeSet::new(); plan.groups().len()];
        for (vertex, calls) in self.graph.calls.iter().enumerate() {
            let caller = self.graph.vertices[vertex].0.0 as usize;
            let calls = calls.iter().filter(|call| !call.beside);
            sites[caller].extend(calls.map(|call| (self.graph.vertices[call.to].0, call.policy)));
        }
        for (index, (id, service)) in plan.groups().zip(&plan.services).enumerate() {
            let each = ever(plan, id) as f64;
            let calls = self.traffic.came(plan, self.graph, id) / each.max(1.0);
            let caller = Caller { name: plan.name(id), calls };
            let routes = sites[index].iter().map(|(to, stack)| self.way(&caller, *to, *stack));
            let inbound =
                plan.layers(service.inbound).iter().map(|layer| LAYER + layer.remembers(calls));
            let own = REPLICA + routes.sum::<f64>() + inbound.sum::<f64>();
            let Some(element) = self.file.services.get(index) else { continue };
            let span = if each > 1.0 { element.node.span_of("replicas") } else { element.key };
            self.cost.add(each * own, span, || {
                format!(
                    "{} replicas, each with {} for its policies and its ways to others",
                    number(each),
                    bytes(own)
                )
            });
        }
        for (component, element) in plan.components.iter().zip(&self.file.components) {
            let places = f64::from(component.places);
            self.cost.add(places * REPLICA, element.key, || format!("{} places", number(places)));
        }
        for (index, load) in plan.loads.iter().enumerate() {
            let clients = f64::from(load.population);
            let caller = Caller { name: &load.name, calls: self.traffic.sent[index] / clients };
            let own = self.way(&caller, load.service, load.policy);
            let Some(element) = self.file.loads.get(index) else { continue };
            let span = if clients > 1.0 { element.node.span_of("population") } else { element.key };
            self.cost.add(clients * own, span, || {
                format!("{} clients, each with {} for its policies", number(clients), bytes(own))
            });
        }
    }

    /// The requests of users, and clients that wait for them.
    fn loads(&mut self) {
        let (plan, below) = (self.plan, self.below());
        for (index, load) in plan.loads.iter().enumerate() {
            let Some(element) = self.file.loads.get(index) else { continue };
            let at = self.graph.vertex(load.service, load.endpoint);
            let each = REQUEST + self.call(load.policy) + below[at];
            let node = element.node;
            if let Arrivals::Closed { clients, .. } = load.arrivals {
                let clients = f64::from(clients);
                let span = node.get("closed").unwrap_or(node).span_of("clients");
                self.cost.add(clients * (CLIENT + each), span, || {
                    format!("{} clients", number(clients))
                });
                continue;
            }
            let sent = self.traffic.sent[index];
            let length = load.until.since(load.from).as_nanos() as f64;
            let patience = timeout(plan, load.policy);
            let trouble = self.traffic.trouble[at];
            let takes = self.traffic.takes[at];
            let slow = (takes * trouble.factor).min(trouble.slowed);
            let takes = takes.max(slow) + trouble.hangs;
            let takes = takes.min(patience).min(length);
            let open = if length > 0.0 { (sent * takes / length).min(sent) } else { 0.0 };
            let open = open.min(room(plan, load.service)).max(1.0);
            self.cost.add(open * each, node.span_of("open"), || {
                format!("{} requests under way at once, each of {}", number(open), bytes(each))
            });
        }
    }

    /// Bytes of one call through a stack.
    fn call(&self, stack: Option<StackId>) -> f64 {
        CALL + LAYER_OF_CALL * self.plan.layers(stack).len() as f64
    }

    /// Bytes of what is called for a request at each vertex.
    fn below(&self) -> Vec<f64> {
        let mut below = vec![0.0; self.graph.vertices.len()];
        for vertex in &self.graph.order {
            let calls = self.graph.calls[*vertex].iter().filter(|call| !call.beside);
            let each = |call: &Call| TASK + self.call(call.policy) + below[call.to];
            below[*vertex] = calls.map(|call| call.share * each(call)).sum();
        }
        below
    }

    /// What waits at services for a worker, is at work there, or kept.
    fn services(&mut self) {
        for (id, element) in self.plan.groups().zip(&self.file.services) {
            let queued = self.queued(id);
            let duration = self.plan.duration.as_nanos() as f64;
            let each = |at: usize| self.traffic.arrivals[at] * self.traffic.takes[at] / duration;
            let working: f64 = self.of_service(id).map(each).sum();
            let came = self.traffic.came(self.plan, self.graph, id);
            let working = working.min(capacity(self.plan, id)).min(came);
            let rows = |at: usize| self.traffic.deeds[at].rows * self.traffic.arrivals[at];
            let rows: f64 = self.of_service(id).map(rows).sum();
            let text = || format!("{} requests that wait for a worker", number(queued));
            self.cost.add(queued * QUEUED + working * CALL, element.key, text);
            self.cost.add(rows * ROW, element.key, || format!("{} accesses to rows", number(rows)));
        }
    }

    pub(super) fn of_service(&self, id: ServiceId) -> impl Iterator<Item = usize> + use<> {
        self.traffic.of_service(self.plan, self.graph, id)
    }

    /// How many requests wait for a worker at most at a time: those that are too many for the workers, in
    /// the whole run or while they are slow, and no more than there is room for.
    fn queued(&self, id: ServiceId) -> f64 {
        let Self { plan, graph, traffic, .. } = *self;
        let service = &plan.services[id.0 as usize];
        let room = match (service.workers, service.queue.capacity) {
            (Workers::Unlimited, _) => return 0.0,
            (Workers::Limited(_), None) => f64::INFINITY,
            (Workers::Limited(_), Some(most)) => {
                f64::from(most) * f64::from(plan.most_replicas(id))
            }
        };
        let duration = plan.duration.as_nanos() as f64;
        let busy: f64 = self.of_service(id).map(|at| traffic.stormy[at] * traffic.takes[at]).sum();
        let workers = capacity(plan, id) * duration;
        let slow = self.of_service(id).map(|at| {
            let trouble = traffic.trouble[at];
            let left = 1.0 - workers / (busy * trouble.factor.max(1.0));
            traffic.stormy[at] * (trouble.slowed / duration).min(1.0) * left.max(0.0)
        });
        let came = traffic.came(plan, graph, id);
        let left = came - traffic.served(plan, graph, id);
        left.max(slow.sum()).min(room).min(self.patient * came.max(1.0))
    }

    /// What is counted at each boundary, and by probes.
    fn measurements(&mut self) {
        let plan = self.plan;
        let windows = Windows::new(plan.warmup, plan.duration).count(plan.duration) as f64;
        let boundaries = windows + 2.0 * plan.probes.len() as f64;
        let replicas: f64 = plan.groups().map(|id| (ever(plan, id) as f64).min(64.0)).sum();
        let each = COPY_OF_SERVICE * plan.groups().len() as f64
            + COPY_OF_REPLICA * replicas
            + COPY_OF_LOAD * plan.loads.len() as f64;
        let follows = |depth| matches!(depth, Depth::Requests { .. });
        let followed = plan
            .probes
            .iter()
            .filter(|probe| matches!(probe.subject, Subject::Load(_)) && follows(probe.depth));
        let probes = followed.count() as f64 + 2.0 * plan.loads.len() as f64;
        let looks = plan.probes.iter().filter_map(|probe| match (probe.subject, probe.depth) {
            (Subject::Service(id), Depth::Replicas) => Some(2.0 * ever(plan, id) as f64),
            _ => None,
        });
        let looks = looks.sum::<f64>() * LOOK_AT_REPLICA;
        let span = self.file.root.key_or_start("checks");
        self.cost.add(boundaries * each + probes * PROBE + looks, span, || {
            format!("{} moments at which {} is counted", number(boundaries), bytes(each))
        });
    }
}
