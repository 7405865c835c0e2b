//! A pair of layers around a server, and what must not leak from it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, Weak};

use cascadia_patterns::breaker::BreakerLayer;
use cascadia_patterns::call::{BoxFuture, Call, Context};
use cascadia_patterns::env::Env;
use cascadia_patterns::observe::BreakerState;
use cascadia_sim_core::Sim;

use super::layers::Entry;
use crate::conformance::bench::{Answer, Bench, Route};
use crate::conformance::server::{Server, Step};

pub(super) struct Rig {
    pub(super) bench: Bench<Sim>,
    pub(super) server: Arc<Server<Sim>>,
    held: Vec<Box<dyn Fn() -> u32 + Send + Sync>>,
}

impl Rig {
    /// `outer(inner(server))`, and the way into it.
    pub(super) fn new(
        bench: Bench<Sim>,
        script: &[Step],
        outer: &Entry,
        inner: &Entry,
    ) -> (Self, Route) {
        let server = Server::new(&bench, script);
        let mut rig = Self { bench, server, held: Vec::new() };
        let routes = (0..outer.endpoints)
            .map(|_| {
                let servers = (0..inner.endpoints).map(|_| rig.server.clone() as Route).collect();
                (inner.build)(&mut rig, servers)
            })
            .collect();
        let route = (outer.build)(&mut rig, routes);
        (rig, route)
    }

    pub(super) fn env(&self) -> Env<Sim, u32, &'static str> {
        self.bench.env(&Arc::default())
    }

    /// A layer holds so much for the calls that are under way.
    pub(super) fn holds(&mut self, held: impl Fn() -> u32 + Send + Sync + 'static) {
        self.held.push(Box::new(held));
    }

    /// What all layers hold together, and what is under way at the server.
    pub(super) fn held(&self) -> u32 {
        self.held.iter().map(|held| held()).sum::<u32>() + self.server.in_flight()
    }
}

type Breaker = BreakerLayer<Sim, Context, u32, &'static str>;

/// Stands inside a breaker and sees that no half-open phase has more probes under way than it may.
pub(super) struct Probes {
    permits: u32,
    inner: Route,
    breaker: OnceLock<Weak<Breaker>>,
    under_way: Mutex<BTreeMap<u64, u32>>,
}

impl Probes {
    pub(super) fn new(permits: u32, inner: Route) -> Arc<Self> {
        let under_way = Mutex::default();
        Arc::new(Self { permits, inner, breaker: OnceLock::new(), under_way })
    }

    pub(super) fn watch(&self, breaker: &Arc<Breaker>) {
        self.breaker.set(Arc::downgrade(breaker)).unwrap_or_else(|_| panic!("it has a breaker"));
    }

    /// The half-open phase that lets a call through now, if it is one.
    fn phase(&self) -> Option<u64> {
        let snapshot = self.breaker.get().and_then(Weak::upgrade).expect("it is called").snapshot();
        (snapshot.state == BreakerState::HalfOpen).then_some(snapshot.generation)
    }
}

impl Call<Context, u32, &'static str> for Probes {
    fn call(self: Arc<Self>, request: Context) -> BoxFuture<Answer> {
        Box::pin(async move {
            let phase = self.phase();
            let _probe = phase.map(|phase| {
                let mut under_way = self.under_way.lock().unwrap();
                let probes = under_way.entry(phase).or_default();
                *probes += 1;
                assert!(*probes <= self.permits, "{probes} probes at once");
                Probe { probes: &self, phase }
            });
            Arc::clone(&self.inner).call(request).await
        })
    }
}

/// A probe under way.
struct Probe<'a> {
    probes: &'a Probes,
    phase: u64,
}

impl Drop for Probe<'_> {
    fn drop(&mut self) {
        if let Some(probes) = self.probes.under_way.lock().unwrap().get_mut(&self.phase) {
            *probes -= 1;
        }
    }
}
