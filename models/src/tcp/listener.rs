use core::net::SocketAddr;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::sync::Arc;

use cascadia_runtime::Listener;

use super::backlog::Backlog;
use super::machine::Machine;
use super::role::Role;
use super::stream::TcpStream;

/// A port at which connections arrive. Dropped, it resets those that nobody has accepted.
pub struct TcpListener {
    machine: Arc<Machine>,
    address: SocketAddr,
    backlog: Arc<Backlog>,
}

impl TcpListener {
    pub(super) fn new(machine: &Arc<Machine>, at: SocketAddr, limit: usize) -> io::Result<Self> {
        let (address, backlog) = machine.listen(at, limit)?;
        Ok(Self { machine: Arc::clone(machine), address, backlog })
    }
}

impl Listener for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        let connection = poll_fn(|context| self.backlog.poll_accept(context)).await;
        let stream = TcpStream::new(connection, Role::Listener);
        let from = stream.peer_address();
        Ok((stream, from))
    }

    fn address(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

impl fmt::Debug for TcpListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TcpListener({})", self.address)
    }
}

impl Drop for TcpListener {
    fn drop(&mut self) {
        self.machine.unlisten(self.address.port());
        self.backlog.close().for_each(|connection| connection.abort(Role::Listener));
    }
}
