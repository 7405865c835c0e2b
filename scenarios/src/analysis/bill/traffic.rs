//! How many requests come to each endpoint.

use std::collections::BTreeMap;

use cascadia_models::plan::{
    Arrivals, Keeping, LoadId, LoadPlan, Plan, QueuePlan, ServiceId, Source, StackId,
};

use super::post;
use super::tries::{Way, longer};
use super::trouble::{Trouble, Troubles, between, first};
use super::walk::{Deeds, TopicName, deeds};
use crate::analysis::Graph;
use crate::analysis::graph::Call;
use crate::analysis::requests::{capacity, requests_sent, timeout, trip, work};
use crate::read::File;

/// Messages may cause messages, in a circle, too. So often they are followed.
const ROUNDS: usize = 12;

/// What goes on in a run.
pub(super) struct Traffic {
    /// Requests that each load sends.
    pub(super) sent: Vec<f64>,
    /// Requests that come to each vertex.
    pub(super) arrivals: Vec<f64>,
    /// How long each vertex and what it calls take when nothing is wrong, in nanoseconds.
    pub(super) takes: Vec<f64>,
    /// What steps do besides, for each vertex.
    pub(super) deeds: Vec<Deeds>,
    /// Messages that are published to each topic, and how many bytes they have together.
    pub(super) published: BTreeMap<TopicName, (f64, f64)>,
    /// Requests that would come to each vertex if what goes wrong lasted for the whole run.
    pub(super) stormy: Vec<f64>,
    /// When calls to each vertex are expected to fail.
    pub(super) trouble: Vec<Trouble>,
    /// The share of requests to each vertex that fails when nothing is wrong.
    failing: Vec<f64>,
    /// The trouble that each service and each group of components has by itself.
    pub(super) own: Vec<Trouble>,
    /// That of messages between each service and the brokers that it consumes from.
    pub(super) severed: Vec<Trouble>,
}

impl Traffic {
    pub(super) fn new(plan: &Plan, graph: &Graph, file: &File<'_>) -> Self {
        let duration = plan.duration.as_nanos() as f64;
        let deeds = graph
            .vertices
            .iter()
            .map(|(service, endpoint)| deeds(&plan.endpoint(*service, *endpoint).script));
        let troubles = Troubles::of(plan, file);
        let mut traffic = Self {
            sent: requests_sent(plan, graph),
            arrivals: vec![0.0; graph.vertices.len()],
            stormy: vec![0.0; graph.vertices.len()],
            takes: work(plan, graph, duration),
            deeds: deeds.collect(),
            published: BTreeMap::new(),
            trouble: vec![Trouble::default(); graph.vertices.len()],
            failing: vec![0.0; graph.vertices.len()],
            own: troubles.own(),
            severed: severed(plan, file),
        };
        traffic.failing(plan, graph, file);
        traffic.trouble = traffic.expected(plan, graph, file, troubles);
        traffic.hasten(plan, graph);
        let sent = traffic.sent.clone();
        (traffic.arrivals, traffic.published) = traffic.flow(plan, graph, &sent, &traffic.trouble);
        traffic
    }

    /// What goes wrong may leave more work behind than workers can do: then it lasts.
    fn expected(
        &mut self,
        plan: &Plan,
        graph: &Graph,
        file: &File<'_>,
        troubles: Troubles,
    ) -> Vec<Trouble> {
        let duration = plan.duration.as_nanos() as f64;
        // As if every load lasted for the whole run, since at some time they may come together.
        let whole = |(sent, load): (&f64, &LoadPlan)| {
            let length = load.until.since(load.from).as_nanos() as f64;
            if matches!(load.arrivals, Arrivals::Closed { .. }) || length <= 0.0 {
                return *sent;
            }
            sent * duration / length
        };
        let sent: Vec<f64> = self.sent.iter().zip(&plan.loads).map(whole).collect();
        let overloaded = |trouble: &[Trouble]| -> Vec<bool> {
            let (arrivals, _) = self.flow(plan, graph, &sent, trouble);
            let is_too_much = |id| {
                let vertices = self.of_service(plan, graph, id);
                let busy: f64 = vertices.map(|at| arrivals[at] * self.takes[at]).sum();
                busy > capacity(plan, id) * post::seated(plan, file, id) * duration
            };
            plan.groups().map(is_too_much).collect()
        };
        let mut troubles = troubles.with_brokers(plan, file, &self.deeds);
        let lasting = troubles.lasting(plan).of_vertices(plan, graph);
        if let Some(start) = first(plan, file) {
            let storm = Troubles::from(plan, start);
            troubles = troubles.but(&overloaded(&lasting), &storm);
            troubles = troubles.with_brokers(plan, file, &self.deeds);
        }
        let calm = overloaded(&vec![Trouble::default(); graph.vertices.len()]);
        self.stormy = self.flow(plan, graph, &sent, &lasting).0;
        let troubles = troubles.but(&calm, &Troubles::from(plan, 0.0));
        troubles.with_brokers(plan, file, &self.deeds).of_vertices(plan, graph)
    }

    /// Clients of closed loads whose requests fail are soon back.
    fn hasten(&mut self, plan: &Plan, graph: &Graph) {
        let duration = plan.duration.as_nanos() as f64;
        for (index, load) in plan.loads.iter().enumerate() {
            let Arrivals::Closed { clients, think } = &load.arrivals else { continue };
            let at = graph.vertex(load.service, load.endpoint);
            let trouble = self.trouble[at];
            let failing = (self.failing[at] + trouble.share * trouble.failing).min(1.0);
            let from = Source::Load(LoadId(index as u32));
            let turn = think.mean_within(duration) + trip(plan, from, load.service, duration);
            let length = load.until.since(load.from).as_nanos() as f64;
            let most = f64::from(*clients) * length / turn;
            if turn > 0.0 && most > self.sent[index] {
                self.sent[index] += failing * (most - self.sent[index]);
            }
        }
    }

    /// The vertices of a service or a group of components.
    pub(super) fn of_service(
        &self,
        plan: &Plan,
        graph: &Graph,
        id: ServiceId,
    ) -> impl Iterator<Item = usize> + use<> {
        let count = plan.endpoints(id).len();
        let first = graph.first(id);
        first..first + count
    }

    fn failing(&mut self, plan: &Plan, graph: &Graph, file: &File<'_>) {
        let replies = self.replies(plan, graph);
        for vertex in &graph.order {
            let from = graph.vertices[*vertex].0;
            let calls = graph.calls[*vertex].iter().filter(|call| !call.beside);
            let failing = calls.map(|call| {
                let lost = self.lost(plan, graph, Source::Service(from), call.to, call.policy);
                call.share.min(1.0) * lost
            });
            let failing: f64 = failing.sum();
            let deeds = &self.deeds[*vertex];
            let late = deeds.asked.iter().map(|(topic, share, timeout)| {
                let works = replies.get(topic).copied().unwrap_or(0.0);
                let takes = works + post::by_mail(plan, file, from, topic);
                share.min(1.0) * longer(takes, timeout.as_nanos() as f64)
            });
            self.failing[*vertex] = (deeds.failing + failing + late.sum::<f64>()).min(1.0);
        }
    }

    /// The share of requests to a vertex that fails when nothing is wrong.
    pub(super) fn failing_at(&self, vertex: usize) -> f64 {
        self.failing[vertex]
    }

    /// The share of calls that fails when nothing is wrong, as a policy sees one try.
    fn lost(
        &self,
        plan: &Plan,
        graph: &Graph,
        from: Source,
        to: usize,
        stack: Option<StackId>,
    ) -> f64 {
        let service = graph.vertices[to].0;
        let duration = plan.duration.as_nanos() as f64;
        let takes = self.takes[to] + trip(plan, from, service, duration);
        let loss = plan.links.get(from, service).map_or(0.0, |link| link.loss);
        let passed = (1.0 - self.failing[to]) * (1.0 - loss) * (1.0 - loss);
        1.0 - passed * (1.0 - longer(takes, timeout(plan, stack)))
    }

    fn way<'a>(
        &self,
        plan: &'a Plan,
        graph: &Graph,
        (from, callers, calls): (Source, f64, f64),
        (to, stack): (usize, Option<StackId>),
    ) -> Way<'a> {
        let (service, endpoint) = graph.vertices[to];
        let safe = plan.endpoint(service, endpoint).safe;
        let failing = self.lost(plan, graph, from, to, stack);
        let takes = self.takes[to];
        let trip = trip(plan, from, service, plan.duration.as_nanos() as f64);
        let refuses = refuses(plan, service);
        Way { plan, stack, safe, refuses, callers, calls, failing, takes, trip }
    }

    /// What comes to each vertex and is published to each topic where loads send so much.
    fn flow(
        &self,
        plan: &Plan,
        graph: &Graph,
        sent: &[f64],
        trouble: &[Trouble],
    ) -> (Vec<f64>, BTreeMap<TopicName, (f64, f64)>) {
        let mut fresh = vec![0.0; graph.vertices.len()];
        for ((index, load), sent) in (0..).zip(&plan.loads).zip(sent) {
            let to = graph.vertex(load.service, load.endpoint);
            let from = (Source::Load(LoadId(index)), f64::from(load.population), *sent);
            fresh[to] += sent * self.way(plan, graph, from, (to, load.policy)).tries(trouble[to]);
            for call in graph.besides(plan, load.policy) {
                fresh[call.to] += sent * self.beside(&call, self.failing[to], trouble[to]);
            }
        }
        let (mut arrivals, mut published) = (vec![0.0; fresh.len()], BTreeMap::new());
        for _ in 0..ROUNDS {
            self.spread(plan, graph, &mut fresh, trouble);
            let mut sent = BTreeMap::new();
            for (vertex, came) in fresh.iter().enumerate().filter(|(_, came)| **came > 0.0) {
                arrivals[vertex] += came;
                for (topic, share, size) in &self.deeds[vertex].published {
                    let (count, bytes) = sent.entry(topic.clone()).or_insert((0.0, 0.0));
                    *count += came * share;
                    *bytes += came * share * *size as f64;
                }
            }
            if sent.is_empty() {
                break;
            }
            fresh = self.consumed(plan, graph, &sent, trouble);
            for (topic, (count, bytes)) in sent {
                let of: &mut (f64, f64) = published.entry(topic).or_default();
                *of = (of.0 + count, of.1 + bytes);
            }
        }
        (arrivals, published)
    }

    /// How often a call beside another is made for one of that.
    fn beside(&self, call: &Call, failing: f64, trouble: Trouble) -> f64 {
        if call.most > 1.0 {
            call.most
        } else {
            (failing + trouble.share * trouble.failing).min(1.0) * call.share
        }
    }

    /// Adds what is called for what comes, and so on.
    fn spread(&self, plan: &Plan, graph: &Graph, came: &mut [f64], trouble: &[Trouble]) {
        for vertex in graph.order.iter().rev() {
            let (service, _) = graph.vertices[*vertex];
            let count = came[*vertex];
            if count <= 0.0 {
                continue;
            }
            if let Some(member) = member(plan, graph, *vertex) {
                came[member] += count * f64::from(plan.replicas(service));
            }
            let callers = f64::from(plan.replicas(service));
            for call in &graph.calls[*vertex] {
                let calls = count * call.share;
                came[call.to] += if call.beside {
                    count * self.beside(call, self.failing[*vertex], trouble[*vertex])
                } else {
                    let from = (Source::Service(service), callers, calls);
                    calls
                        * self
                            .way(plan, graph, from, (call.to, call.policy))
                            .tries(trouble[call.to])
                };
            }
        }
    }

    /// How many of those that come are taken up by a worker.
    pub(super) fn served(&self, plan: &Plan, graph: &Graph, id: ServiceId) -> f64 {
        let vertices = self.of_service(plan, graph, id);
        let (came, busy) = vertices.fold((0.0, 0.0), |(came, busy), at| {
            (came + self.arrivals[at], busy + self.arrivals[at] * self.takes[at])
        });
        let room = capacity(plan, id) * plan.duration.as_nanos() as f64;
        if busy > room { came * room / busy } else { came }
    }

    /// What comes to a service or a group of components.
    pub(super) fn came(&self, plan: &Plan, graph: &Graph, id: ServiceId) -> f64 {
        self.of_service(plan, graph, id).map(|at| self.arrivals[at]).sum()
    }
}

fn severed(plan: &Plan, file: &File<'_>) -> Vec<Trouble> {
    let of_service = |id: ServiceId| {
        let consumes = plan.services.get(id.0 as usize).map_or(&[][..], |it| &it.consumes);
        let each = consumes.iter().map(|it| between(plan, file, [plan.name(id), &it.broker]));
        each.fold(Trouble::default(), Trouble::or)
    };
    plan.groups().map(of_service).collect()
}

/// Whether a service may refuse what comes, in its queue or before it.
fn refuses(plan: &Plan, id: ServiceId) -> bool {
    plan.services.get(id.0 as usize).is_some_and(|service| {
        let QueuePlan { capacity, discipline } = &service.queue;
        capacity.is_some() || discipline.codel.is_some() || service.inbound.is_some()
    })
}

/// The vertex at which all replicas are asked for what one of them is asked at this one, if it is
/// that of a quorum.
fn member(plan: &Plan, graph: &Graph, vertex: usize) -> Option<usize> {
    let (service, endpoint) = graph.vertices[vertex];
    let store = plan.services.get(service.0 as usize)?.store.as_ref()?;
    let half = plan.endpoints(service).len() / 2;
    let is_outer = matches!(store.keeping, Keeping::Quorum { .. }) && (endpoint.0 as usize) < half;
    is_outer.then_some(vertex + half)
}
