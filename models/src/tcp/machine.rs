use core::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use cascadia_sim_core::{Local, NodeId, Sim};

use super::backlog::Backlog;
use super::connection::{self, Connection, Knock};
use super::role::Role;
use crate::network::Party;

/// What lies below the process of a host: its address, its ports, its connections.
pub(super) struct Machine {
    pub(super) name: String,
    pub(super) address: Ipv4Addr,
    pub(super) node: NodeId,
    /// Who it is to links and faults.
    pub(super) party: Party,
    sim: Sim,
    /// Its process is dead, but the machine is up.
    crashed: AtomicBool,
    tables: Local<Tables>,
}

struct Tables {
    listeners: BTreeMap<u16, Arc<Backlog>>,
    connections: Vec<(Weak<Connection>, Role)>,
    /// From so many connections on, those that are gone are taken out.
    crowded: usize,
    next_port: u16,
}

/// The first port that is not given away by name (RFC 6335, 6).
const FIRST_PORT: u16 = 49_152;

impl Machine {
    pub(super) fn new(sim: Sim, name: &str, address: Ipv4Addr, node: NodeId, party: Party) -> Self {
        let tables = Tables {
            listeners: BTreeMap::new(),
            connections: Vec::new(),
            crowded: 64,
            next_port: FIRST_PORT,
        };
        Self {
            name: name.to_owned(),
            address,
            node,
            party,
            sim,
            crashed: AtomicBool::new(false),
            tables: Local::new(tables),
        }
    }

    pub(super) fn set_crashed(&self, crashed: bool) {
        self.crashed.store(crashed, Ordering::Relaxed);
    }

    /// A port for a connection that leaves.
    pub(super) fn free_port(&self) -> u16 {
        let tables = &mut self.tables.borrow_mut();
        loop {
            let port = tables.next_port;
            tables.next_port = port.checked_add(1).unwrap_or(FIRST_PORT);
            if !tables.listeners.contains_key(&port) {
                return port;
            }
        }
    }

    /// Begins to listen. Returns where.
    pub(super) fn listen(
        &self,
        at: SocketAddr,
        limit: usize,
    ) -> io::Result<(SocketAddr, Arc<Backlog>)> {
        let private = at.ip().is_loopback();
        if !private && !at.ip().is_unspecified() && at.ip() != self.address {
            return Err(io::ErrorKind::AddrNotAvailable.into());
        }
        let port = if at.port() == 0 { self.free_port() } else { at.port() };
        let listeners = &mut self.tables.borrow_mut().listeners;
        if listeners.contains_key(&port) {
            return Err(io::ErrorKind::AddrInUse.into());
        }
        let backlog = Arc::new(Backlog::new(private, limit));
        listeners.insert(port, Arc::clone(&backlog));
        let ip = if private { at.ip() } else { IpAddr::V4(self.address) };
        Ok((SocketAddr::new(ip, port), backlog))
    }

    /// Ends listening.
    pub(super) fn unlisten(&self, port: u16) {
        self.tables.borrow_mut().listeners.remove(&port);
    }

    /// Where connections from `from` to `port` wait.
    fn backlog(&self, port: u16, from: IpAddr) -> Option<Arc<Backlog>> {
        let own = from.is_loopback() || from == self.address;
        let backlog = self.tables.borrow_mut().listeners.get(&port).cloned();
        backlog.filter(|backlog| own || !backlog.private)
    }

    /// Remembers a connection that ends here.
    pub(super) fn register(&self, connection: &Arc<Connection>, role: Role) {
        let Tables { connections, crowded, .. } = &mut *self.tables.borrow_mut();
        if connections.len() >= *crowded {
            connections.retain(|(connection, _)| connection.strong_count() > 0);
            *crowded = 64.max(2 * connections.len());
        }
        connections.push((Arc::downgrade(connection), role));
    }

    /// The connections that end here, oldest first.
    pub(super) fn connections(&self) -> Vec<(Arc<Connection>, Role)> {
        let connections = &self.tables.borrow_mut().connections;
        let live = |(held, role): &(Weak<Connection>, Role)| Some((held.upgrade()?, *role));
        connections.iter().filter_map(live).collect()
    }

    /// The ports that are listened at.
    pub(super) fn ports(&self) -> Vec<u16> {
        self.tables.borrow_mut().listeners.keys().copied().collect()
    }
}

impl connection::Reachable for Machine {
    /// It is down while its node is dead, unless only the process died.
    fn answers(&self) -> bool {
        self.crashed.load(Ordering::Relaxed) || self.sim.is_alive(self.node)
    }

    fn knock(&self, connection: &Arc<Connection>) -> Knock {
        let [there, here] = &connection.locations.0;
        let Some(backlog) = self.backlog(here.address.port(), there.address.ip()) else {
            return Knock::Refused;
        };
        if !backlog.admit(connection) {
            return Knock::Ignored;
        }
        self.register(connection, Role::Listener);
        Knock::Admitted(backlog)
    }
}
