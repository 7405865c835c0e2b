use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use cascadia_runtime::Identity;
use cascadia_sim_core::{Local, NodeId, Sim};

use super::connection::{Connection, Location};
use super::machine::Machine;
use super::netstat::Netstat;
use super::path::Path;
use super::role::Pair;
use super::settings::Settings;
use crate::network::{Fabric, Party};

/// The machines of a network and the ways between them.
pub(super) struct Topology {
    pub(super) sim: Sim,
    pub(super) settings: Settings,
    pub(super) fabric: Arc<Fabric>,
    machines: Local<Vec<Arc<Machine>>>,
    names: Local<BTreeSet<String>>,
    paths: Local<Paths>,
    connections: AtomicU32,
}

/// By whom they lead away from, and to whom.
type Paths = BTreeMap<(Ipv4Addr, Ipv4Addr), Arc<Local<Path>>>;

/// The first machine has the address after it.
const BASE: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 0);

impl Topology {
    pub(super) fn new(sim: Sim, fabric: Arc<Fabric>, settings: Settings) -> Self {
        let (machines, names, paths) = (Local::default(), Local::default(), Local::default());
        let connections = AtomicU32::new(0);
        Self { sim, settings, fabric, machines, names, paths, connections }
    }

    /// A new machine, with the next free address. `party` is given how many there were before.
    pub(super) fn add(
        &self,
        name: &str,
        node: NodeId,
        party: impl FnOnce(u32) -> Party,
    ) -> Arc<Machine> {
        let is_new = self.names.borrow_mut().insert(name.to_owned());
        assert!(is_new, "a network has one host called {name}");
        let machines = &mut self.machines.borrow_mut();
        let index = u32::try_from(machines.len()).expect("fewer than 2³² hosts");
        let address = Ipv4Addr::from_bits(BASE.to_bits() + 1 + index);
        let machine = Arc::new(Machine::new(self.sim, name, address, node, party(index)));
        machines.push(Arc::clone(&machine));
        machine
    }

    pub(super) fn netstat(&self) -> Netstat {
        Netstat::of(&self.machines.borrow_mut())
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
        let locations = Pair([
            Location { machine: Arc::clone(from) as _, address: SocketAddr::new(own, port) },
            Location { machine: there, address: to },
        ]);
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        Some(Connection::new(self.sim, self.settings, locations, paths, number))
    }

    /// Who has an address, as seen by `from`.
    fn find(&self, from: &Arc<Machine>, address: IpAddr) -> Option<Arc<Machine>> {
        if address.is_loopback() || address.is_unspecified() {
            return Some(Arc::clone(from));
        }
        let IpAddr::V4(address) = address else { return None };
        let index = address.to_bits().checked_sub(BASE.to_bits() + 1)?;
        self.machines.borrow_mut().get(index as usize).cloned()
    }

    /// The way from one machine to another.
    pub(super) fn path(&self, from: &Machine, to: &Machine) -> Arc<Local<Path>> {
        let paths = &mut self.paths.borrow_mut();
        let path = paths.entry((from.address, to.address)).or_insert_with(|| {
            let who = Identity::new("packets").name(&from.name).name(&to.name);
            let key = self.sim.stream(who, 0).next_u64();
            // What stays on a machine meets nobody else's links and faults.
            let own = from.address == to.address;
            let fabric = if own { Arc::default() } else { Arc::clone(&self.fabric) };
            Arc::new(Local::new(Path::new(fabric, from.party, to.party, key)))
        });
        Arc::clone(path)
    }
}
