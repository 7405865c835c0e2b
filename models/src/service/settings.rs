use std::collections::BTreeSet;
use std::sync::Arc;

use cascadia_patterns::store::MemoryStore;

use crate::elected::Ledger;
use crate::plan::{
    BranchPlan, ConsumePlan, ElectedPlan, MemberPlan, OnCancel, Plan, QueuePlan, ServiceId,
    StackId, Workers,
};
use crate::saga::CHANGES;
use crate::script::{Known, Rules, Scripts, Sent};
use crate::store::Keeper;
use crate::world::World;

/// What all replicas of a service have in common.
pub(super) struct Settings {
    pub(super) id: ServiceId,
    pub(super) name: String,
    pub(super) workers: Workers,
    pub(super) queue: QueuePlan,
    pub(super) on_cancel: OnCancel,
    pub(super) inbound: Option<StackId>,
    /// A layer before the queue looks at requests again when a worker takes them up.
    pub(super) looks_again: bool,
    /// What a worker works on a request that is refused, in nanoseconds.
    pub(super) refusal: u64,
    pub(super) scripts: Scripts,
    pub(super) consumes: Vec<ConsumePlan>,
    /// The brokers that transactions publish to, if it is a store.
    pub(super) relays: Vec<Arc<str>>,
    /// What is known of commands that are done once.
    pub(super) known: Known,
    /// Its parts in sagas that go by events, and what it has written down for them.
    pub(super) members: Vec<(Arc<MemberPlan>, MemoryStore)>,
    /// Its branches of what is done by several together, and what it keeps of them.
    pub(super) branches: Vec<(BranchPlan, MemoryStore)>,
    /// What it keeps, if it is a store.
    pub(super) keeper: Option<Arc<Keeper>>,
    /// What is known of its log, if it keeps one.
    pub(super) ledger: Arc<Ledger>,
}

impl Settings {
    /// How its replicas elect who leads, if they do.
    pub(super) fn elected(&self) -> Option<&ElectedPlan> {
        self.keeper.as_ref()?.plan.elected()
    }

    pub(super) fn new(world: &World, id: ServiceId) -> Self {
        let plan = &*world.plan;
        let service = &plan.services[id.0 as usize];
        let rules = Rules {
            forward_deadline: service.forward_deadline,
            forwards_trace: service.forwards_trace,
            stretches: plan.faults.iter().any(|fault| fault.effect.stretches(id)),
        };
        let endpoints = service.endpoints.iter();
        let endpoints = endpoints.map(|endpoint| (&endpoint.script[..], endpoint.once));
        let is_safe = |service, endpoint| plan.endpoint(service, endpoint).safe;
        Self {
            id,
            name: service.name.clone(),
            workers: service.workers,
            queue: service.queue,
            on_cancel: service.on_cancel,
            inbound: service.inbound,
            looks_again: plan.layers(service.inbound).iter().any(|layer| layer.looks_again()),
            refusal: service.refusal.as_nanos() as u64,
            scripts: Scripts::new(endpoints, rules, &is_safe),
            consumes: service.consumes.clone(),
            relays: relays(plan, id),
            keeper: service
                .store
                .as_ref()
                .map(|store| Keeper::new(store, service.replicas, world.table(id))),
            known: Known::new(
                id,
                world.sim,
                (service.own.clone(), plan.spoils.participants.clone()),
            ),
            members: service.members.iter().map(member).collect(),
            branches: service.branches.iter().map(branch).collect(),
            ledger: Arc::default(),
        }
    }
}

/// A branch, of which nothing is written down.
fn branch(plan: &BranchPlan) -> (BranchPlan, MemoryStore) {
    (plan.clone(), MemoryStore::keeping(CHANGES))
}

/// A part in sagas, of which nothing is written down.
fn member(plan: &MemberPlan) -> (Arc<MemberPlan>, MemoryStore) {
    (Arc::new(plan.clone()), MemoryStore::keeping(CHANGES))
}

/// The brokers that transactions of a service publish to, as far as it is a store.
fn relays(plan: &Plan, id: ServiceId) -> Vec<Arc<str>> {
    let endpoints = plan.services.iter().flat_map(|service| &service.endpoints);
    let sent = Sent::by(endpoints.map(|endpoint| &endpoint.script[..]));
    let own = sent.relayed.into_iter().filter(|(store, _)| *store == id);
    let brokers: BTreeSet<_> = own.map(|(_, publish)| publish.broker).collect();
    brokers.into_iter().collect()
}
