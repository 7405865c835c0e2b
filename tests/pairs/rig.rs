//! A pair of layers around a server, and what must not leak from it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};

use cascadia_patterns::breaker::BreakerLayer;
use cascadia_patterns::call::{BoxFuture, Call, Context};
use cascadia_patterns::env::Env;
use cascadia_patterns::observe::BreakerState;
use cascadia_sim_core::Sim;

use super::layers::{Build, Entry};
use crate::conformance::bench::{Answer, Bench, Route};
use crate::conformance::server::{Server, Step};

pub(super) struct Rig {
    pub(super) bench: Bench<Sim>,
    pub(super) server: Arc<Server<Sim>>,
    others: Vec<Arc<Server<Sim>>>,
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
        let mut rig = Self { bench, server, others: Vec::new(), held: Vec::new() };
        let route = rig.put(outer.build, |rig| rig.put(inner.build, |rig| rig.server.clone()));
        (rig, route)
    }

    /// Puts a layer around one or two of what `inside` makes.
    fn put(&mut self, build: Build, inside: impl Fn(&mut Self) -> Route) -> Route {
        match build {
            Build::Sample(build) => {
                let inner = inside(self);
                build(&self.bench.world, inner)
            }
            Build::Around(build) => {
                let inner = inside(self);
                build(self, inner)
            }
            Build::Among(build) => {
                let endpoints = [(); 2].map(|()| inside(self));
                build(self, endpoints.into())
            }
        }
    }

    pub(super) fn env(&self) -> Env<Sim, u32, &'static str> {
        self.bench.env(&Arc::default())
    }

    /// A server beside the one that is called.
    pub(super) fn another(&mut self, script: &[Step]) -> Arc<Server<Sim>> {
        let server = Server::new(&self.bench, script);
        self.others.push(server.clone());
        server
    }

    /// Every server works from now on.
    pub(super) fn recovers(&self) {
        self.servers().for_each(|server| server.recovers());
    }

    fn servers(&self) -> impl Iterator<Item = &Arc<Server<Sim>>> {
        self.others.iter().chain([&self.server])
    }

    /// A layer holds so much for the calls that are under way.
    pub(super) fn holds(&mut self, held: impl Fn() -> u32 + Send + Sync + 'static) {
        self.held.push(Box::new(held));
    }

    /// What all layers hold together, and what is under way at the servers.
    pub(super) fn held(&self) -> u32 {
        let at_servers: u32 = self.servers().map(|server| server.in_flight()).sum();
        self.held.iter().map(|held| held()).sum::<u32>() + at_servers
    }
}

/// Stands inside a layer and sees that never more is under way there than the layer lets through.
pub(super) struct Bounded {
    most: u32,
    inner: Route,
    under_way: AtomicU32,
}

impl Bounded {
    pub(super) fn new(most: u32, inner: Route) -> Arc<Self> {
        Arc::new(Self { most, inner, under_way: AtomicU32::new(0) })
    }
}

impl Call<Context, u32, &'static str> for Bounded {
    fn call(self: Arc<Self>, request: Context) -> BoxFuture<Answer> {
        Box::pin(async move {
            let under_way = self.under_way.fetch_add(1, Ordering::Relaxed) + 1;
            let _leaves = Leaves(&self.under_way);
            assert!(under_way <= self.most, "{under_way} calls at once");
            Arc::clone(&self.inner).call(request).await
        })
    }

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        Some(&*self.inner)
    }
}

/// A call under way.
struct Leaves<'a>(&'a AtomicU32);

impl Drop for Leaves<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
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

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        Some(&*self.inner)
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
