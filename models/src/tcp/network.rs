use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cascadia_sim_core::{Local, NodeId, Sim};

use super::connection::{Connection, Place};
use super::host::Host;
use super::link::Link;
use super::machine::Machine;
use super::netstat::Netstat;
use super::path::Path;
use super::settings::Settings;
use super::side::Pair;
use crate::names::word;

/// The hosts of a simulation and what lies between them. A handle: clones are the same network.
#[derive(Clone)]
pub struct Network(Arc<Shared>);

struct Shared {
    sim: Sim,
    settings: Settings,
    /// Between two hosts of which nothing else is said.
    link: Link,
    machines: Local<Vec<Arc<Machine>>>,
    paths: Local<Paths>,
    connections: AtomicU32,
}

/// By whom they lead away from, and to whom.
type Paths = BTreeMap<(NodeId, NodeId), Arc<Local<Path>>>;

/// The first host has the address after it.
const BASE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 0);

impl Network {
    /// A network without hosts. `link` is what lies between any two of them, in each direction.
    ///
    /// # Panics
    ///
    /// When a loss is no share, or a bandwidth or a size is zero.
    pub fn new(sim: Sim, link: Link, settings: Settings) -> Self {
        settings.assert_checked();
        link.assert_checked();
        let (machines, paths) = (Local::default(), Local::default());
        let connections = AtomicU32::new(0);
        Self(Arc::new(Shared { sim, settings, link, machines, paths, connections }))
    }

    /// A new host: a node with the next free address, 10.0.0.1 first.
    ///
    /// # Panics
    ///
    /// When there is a host of that name: what its packets meet is drawn by name.
    pub fn host(&self, name: &str) -> Host {
        let machines = &mut self.0.machines.borrow_mut();
        let known = machines.iter().any(|machine| machine.name == name);
        assert!(!known, "a network has one host called {name}");
        let index = u32::try_from(machines.len()).expect("fewer than 2³² hosts");
        let address = Ipv4Addr::from_bits(BASE.to_bits() + 1 + index);
        let machine = Arc::new(Machine::new(self.0.sim, name, address));
        machines.push(Arc::clone(&machine));
        Host::new(self.0.sim, self.clone(), machine)
    }

    /// Makes the way from `from` to `to` a link of its own, for packets sent from now on.
    ///
    /// # Panics
    ///
    /// When a loss is no share, or a bandwidth is zero.
    pub fn route(&self, from: &Host, to: &Host, link: Link) {
        link.assert_checked();
        self.path(from.machine(), to.machine()).borrow_mut().set(link);
    }

    /// Makes the ways between two hosts links of their own, for packets sent from now on.
    ///
    /// # Panics
    ///
    /// As [`route`](Self::route).
    pub fn link(&self, one: &Host, other: &Host, link: Link) {
        self.route(one, other, link.clone());
        self.route(other, one, link);
    }

    /// Loses every packet sent from `from` to `to` from now on. Nobody is told.
    pub fn cut(&self, from: &Host, to: &Host) {
        self.path(from.machine(), to.machine()).borrow_mut().cut(true);
    }

    /// Ends a cut. What was lost is sent again when its time comes.
    pub fn mend(&self, from: &Host, to: &Host) {
        self.path(from.machine(), to.machine()).borrow_mut().cut(false);
    }

    /// Cuts both directions.
    pub fn partition(&self, one: &Host, other: &Host) {
        self.cut(one, other);
        self.cut(other, one);
    }

    /// Mends both directions.
    pub fn heal(&self, one: &Host, other: &Host) {
        self.mend(one, other);
        self.mend(other, one);
    }

    /// What every host knows of its connections, at this moment.
    pub fn netstat(&self) -> Netstat {
        Netstat::of(&self.0.machines.borrow_mut())
    }

    pub(super) fn settings(&self) -> Settings {
        self.0.settings
    }

    /// A connection from `from` to whoever has the address `to`, of which nobody knows yet.
    pub(super) fn connection(
        &self,
        from: &Arc<Machine>,
        to: SocketAddr,
    ) -> Option<Arc<Connection>> {
        let there = self.find(from, to.ip())?;
        let port = from.free_port();
        let own = if to.ip().is_loopback() { to.ip() } else { from.address.into() };
        let paths = Pair([self.path(from, &there), self.path(&there, from)]);
        let places = Pair([
            Place { machine: Arc::clone(from), address: SocketAddr::new(own, port) },
            Place { machine: there, address: to },
        ]);
        let number = self.0.connections.fetch_add(1, Ordering::Relaxed);
        Some(Connection::new(self.0.sim, self.0.settings, places, paths, number))
    }

    /// Who has an address, as seen by `from`.
    fn find(&self, from: &Arc<Machine>, address: IpAddr) -> Option<Arc<Machine>> {
        if address.is_loopback() || address.is_unspecified() {
            return Some(Arc::clone(from));
        }
        let IpAddr::V4(address) = address else { return None };
        let index = address.to_bits().checked_sub(BASE.to_bits() + 1)?;
        self.0.machines.borrow_mut().get(index as usize).cloned()
    }

    fn path(&self, from: &Machine, to: &Machine) -> Arc<Local<Path>> {
        let paths = &mut self.0.paths.borrow_mut();
        let path = paths.entry((from.node, to.node)).or_insert_with(|| {
            let entity = format!("{} → {}", word(&from.name), word(&to.name));
            let key = self.0.sim.stream(&entity, "packets", 0).next_u64();
            let own = from.node == to.node;
            let link = if own { Link::new(Duration::ZERO) } else { self.0.link.clone() };
            Arc::new(Local::new(Path::new(link, key)))
        });
        Arc::clone(path)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}
