use core::net::{IpAddr, SocketAddr};
use std::fmt;
use std::sync::Arc;

use super::machine::Machine;
use super::socket::Socket;

/// What the hosts of a network know of their connections: plain data, printed in the columns of
/// the command of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Netstat(pub Vec<Socket>);

impl Netstat {
    pub(super) fn of(machines: &[Arc<Machine>]) -> Self {
        let sockets = machines.iter().flat_map(|machine| {
            let listeners = machine.ports().into_iter().map(|port| Socket {
                received: 0,
                sent: 0,
                local: SocketAddr::new(IpAddr::V4(machine.address), port),
                peer: None,
                state: "LISTEN",
            });
            let connections = machine.connections();
            let ends = connections.iter().filter_map(|(connection, role)| connection.socket(*role));
            listeners.chain(ends).collect::<Vec<_>>()
        });
        Self(sockets.collect())
    }
}

impl fmt::Display for Netstat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heads = ["Recv-Q", "Send-Q", "Local Address", "Foreign Address", "State"];
        let [received, sent, local, peer, state] = heads;
        writeln!(f, "{received:>6} {sent:>6} {local:<21} {peer:<21} {state}")?;
        for socket in &self.0 {
            let Socket { received, sent, state, .. } = socket;
            let local = socket.local.to_string();
            let peer = socket.peer.map_or_else(|| "*".to_owned(), |peer| peer.to_string());
            writeln!(f, "{received:>6} {sent:>6} {local:<21} {peer:<21} {state}")?;
        }
        Ok(())
    }
}
