use core::net::{IpAddr, SocketAddr};
use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::Arc;

use cascadia_runtime::{Ended, Net, Runtime, Time, Wall};
use cascadia_sim_core::{NodeId, SimTask, Sleep};
use futures::future::{Either, select};

use super::listener::TcpListener;
use super::machine::Machine;
use super::role::Role;
use super::stream::TcpStream;
use super::topology::Topology;
use crate::network::Party;

/// A host of a network: the world as code on its node sees it. What is spawned through it runs
/// there, and what it dials comes from there.
#[derive(Clone)]
pub struct Host {
    topology: Arc<Topology>,
    machine: Arc<Machine>,
}

impl Host {
    pub(super) fn new(topology: Arc<Topology>, machine: Arc<Machine>) -> Self {
        Self { topology, machine }
    }

    pub(super) fn machine(&self) -> &Arc<Machine> {
        &self.machine
    }

    /// Who it is to links and faults.
    pub(super) fn party(&self) -> Party {
        self.machine.party
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.machine.name
    }

    /// Its node.
    pub fn node(&self) -> NodeId {
        self.machine.node
    }

    /// Its address, at `port`.
    pub fn address(&self, port: u16) -> SocketAddr {
        SocketAddr::new(IpAddr::V4(self.machine.address), port)
    }

    /// Kills its process. The machine stays up: it resets the connections of the process at once,
    /// and refuses new ones until something listens again.
    ///
    /// Linux ends a connection of which nothing is unread with a FIN instead, which in the middle
    /// of an exchange comes to the same.
    pub fn crash(&self) {
        self.reset_all();
        self.topology.sim.kill(self.machine.node);
    }

    /// Takes the machine away, silently. Its peers hang; what they send is lost. Once it is back,
    /// it answers whatever still arrives for the connections of before with a reset.
    ///
    /// Killing the node of a host ([`Sim::kill`](cascadia_sim_core::Sim::kill)) looks the same from
    /// outside.
    pub fn power_off(&self) {
        self.lose_all();
        self.topology.sim.kill(self.machine.node);
    }

    /// Brings it back, without tasks.
    pub fn restart(&self) {
        self.begin();
        self.topology.sim.restart(self.machine.node);
    }

    /// The part of a [`crash`](Self::crash) that others see.
    pub(crate) fn reset_all(&self) {
        for (connection, role) in self.machine.connections() {
            connection.abort(role);
        }
        self.machine.set_crashed(true);
    }

    /// The part of a loss of [`power`](Self::power_off) that others see.
    pub(crate) fn lose_all(&self) {
        for (connection, role) in self.machine.connections() {
            connection.lose(role);
        }
        self.machine.set_crashed(false);
    }

    /// The part of a [`restart`](Self::restart) that others see.
    pub(crate) fn begin(&self) {
        self.machine.set_crashed(false);
    }

    /// Who has no address cannot be told from who does not answer.
    async fn connect(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let Some(connection) = self.topology.connection(&self.machine, to) else {
            return std::future::pending().await;
        };
        self.machine.register(&connection, Role::Dialler);
        connection.dial();
        let stream = TcpStream::new(connection, Role::Dialler);
        stream.opened().await?;
        Ok(stream)
    }
}

impl Runtime for Host {
    type Sleep = Sleep;
    type Task = SimTask;

    fn now(&self) -> Time {
        self.topology.sim.now()
    }

    fn wall(&self) -> Wall {
        self.topology.sim.wall_of(self.machine.node)
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        self.topology.sim.sleep_until(at)
    }

    fn deadline(&self, at: Time) -> Sleep {
        self.topology.sim.deadline(at)
    }

    #[track_caller]
    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> SimTask {
        self.topology.sim.spawn_on(self.machine.node, task)
    }

    fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> impl Future<Output = Result<T, Ended>> + Send {
        let sim = self.topology.sim;
        async move { sim.blocking(work).await }
    }
}

impl Net for Host {
    type Stream = TcpStream;
    type Listener = TcpListener;

    async fn dial(&self, to: SocketAddr) -> io::Result<TcpStream> {
        let deadline = self.deadline(self.now() + self.topology.settings.connect_timeout);
        match select(pin!(self.connect(to)), deadline).await {
            Either::Left((connected, _)) => connected,
            Either::Right(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    async fn listen(&self, at: SocketAddr) -> io::Result<TcpListener> {
        TcpListener::new(&self.machine, at, self.topology.settings.backlog)
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({} at {})", self.machine.name, self.machine.address)
    }
}
