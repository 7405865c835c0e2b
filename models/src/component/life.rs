use core::net::SocketAddr;
use std::any::Any;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Disk, Runtime as _, Stream, Time};
use cascadia_sim_core::Sim;

use super::{Connection, Lane, Outbox, Parcel, Place, PlaceId, Watcher, Way};
use crate::disk::Drive;
use crate::effects::Branch;
use crate::exchange::{Cause, Route};
use crate::ids::{ServiceId, StackId};
use crate::spoils::Spoil;
use crate::tcp::Host;

/// What a component can do while it lives.
#[derive(Clone)]
pub struct Life {
    pub(crate) place: Arc<Place>,
    pub(crate) incarnation: u64,
    pub(crate) sim: Sim,
    pub(crate) ground: Arc<dyn Ground>,
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) disk: Option<Arc<Drive>>,
}

/// The world around a component.
pub(crate) trait Ground: Send + Sync {
    /// The places of those of a group who may be called, in order.
    fn find(&self, name: &str) -> Vec<PlaceId>;

    /// Tells of every change of a group.
    fn watch(&self, name: &str, watcher: Weak<Watcher>);

    /// Somebody is down or up again, comes or leaves.
    fn changed(&self, place: &Place, from: &'static str, to: &'static str);

    /// The machine of a place.
    fn host(&self, at: PlaceId) -> Host;

    /// What a group of components has in common, if there is one of this name.
    fn common(&self, name: &str) -> Option<Arc<dyn Any + Send + Sync>>;

    /// A way, which may keep the order of what is sent; none to a source of load.
    fn lane(&self, way: Way, is_ordered: bool) -> Option<Arc<dyn Lane>>;

    /// The ways from a place to services, each through a stack.
    fn routes(&self, from: &Place, sites: &[(ServiceId, Option<StackId>)]) -> Vec<Route>;

    /// What becomes of the commits of those who see to it that sagas are done, where a defect is planted.
    fn spoil(&self) -> Option<Spoil>;

    /// Sends a request.
    fn ask(&self, between: (PlaceId, PlaceId), key: u64) -> BoxFuture<Result<(), Cause>>;

    /// Asks a coordinator what it has decided.
    fn inquire(
        &self,
        between: (PlaceId, PlaceId),
        key: u64,
        branch: Arc<Branch>,
    ) -> BoxFuture<Result<(), Cause>>;
}

impl Life {
    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Which of its lives it is, from 0.
    pub const fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// What time it is.
    pub fn now(&self) -> Time {
        self.sim.now()
    }

    /// Waits.
    pub fn sleep(&self, duration: Duration) -> impl Future<Output = ()> + Send + use<> {
        self.sim.sleep_until(self.sim.now() + duration)
    }

    /// Runs a task, which ends with this life.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        drop(self.sim.spawn_on(self.place.node, task));
    }

    /// What is drawn for a purpose in this life.
    pub fn stream(&self, purpose: &str) -> Stream {
        self.sim.stream(self.place.identity.name("draws").name(purpose), self.incarnation)
    }

    /// The places of those of a service or of a group of components who may be called now, in order;
    /// none where nobody is called so.
    pub fn find(&self, name: &str) -> Vec<PlaceId> {
        self.ground.find(name)
    }

    /// Tells `watcher`, for as long as it is kept, of everybody who joins or leaves a service or a
    /// group of components.
    pub fn watch(&self, name: &str, watcher: &Arc<Watcher>) {
        self.ground.watch(name, Arc::downgrade(watcher));
    }

    /// Its machine on the network of byte streams, over the links of the plan and its faults. What is
    /// spawned there ends with this life, and so do its connections.
    pub fn host(&self) -> Host {
        self.ground.host(self.place.id)
    }

    /// Its disk, with what earlier lives have left there. It fails once this life has ended, and takes
    /// its time in what its [`host`](Self::host), which is a [`Runtime`](cascadia_runtime::Runtime), does
    /// by [`blocking`](cascadia_runtime::Runtime::blocking).
    ///
    /// # Panics
    ///
    /// When who builds it does not say that it [keeps](super::Build::keeps) anything.
    pub fn disk(&self) -> Arc<dyn Disk> {
        let disk = self.disk.as_ref();
        disk.expect("who keeps something says so by `Build::keeps`").open()
    }

    /// The address of the machine of a place. Every client of a load has one of its own.
    pub fn address(&self, of: PlaceId, port: u16) -> SocketAddr {
        self.ground.host(of).address(port)
    }

    /// What the components of a group have in common ([`Build::common`](super::Build::common)); nothing
    /// where no group is called so, or it is of another type.
    pub fn common<T: Any + Send + Sync>(&self, group: &str) -> Option<Arc<T>> {
        self.ground.common(group)?.downcast().ok()
    }

    /// Sends something that wants no answer. It may be lost, and overtake others.
    pub fn send(&self, to: PlaceId, message: impl Parcel) {
        let way = Way { from: self.place.id, to, is_back: false };
        let lane = self.ground.lane(way, false);
        Connection::new(to, &self.outbox, lane).send(message);
    }

    /// A connection to a place.
    pub fn connect(&self, to: PlaceId) -> Connection {
        self.connection(Way { from: self.place.id, to, is_back: false })
    }

    /// The way back of the connection of somebody to here.
    pub fn accept(&self, from: PlaceId) -> Connection {
        self.connection(Way { from: self.place.id, to: from, is_back: true })
    }

    fn connection(&self, way: Way) -> Connection {
        Connection::new(way.to, &self.outbox, self.ground.lane(way, true))
    }

    /// Asks somebody, and waits as long as it takes. Where the request or its answer is lost, that
    /// is for ever.
    pub fn ask(&self, to: PlaceId) -> BoxFuture<Result<(), Cause>> {
        let (key, sent) = self.outbox.send();
        let answer = self.ground.ask((self.place.id, to), key);
        Box::pin(async move {
            let answer = answer.await;
            sent.end(answer.is_ok());
            answer
        })
    }
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Life {} of {}", self.incarnation, self.place.name)
    }
}
