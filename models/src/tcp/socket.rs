use core::net::SocketAddr;

/// A listener, or one end of a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// Bytes that have arrived and are not read.
    pub received: usize,
    /// Bytes that are written and have not arrived.
    pub sent: usize,
    /// Its own address.
    pub local: SocketAddr,
    /// That of the other end; none for a listener.
    pub peer: Option<SocketAddr>,
    /// Its state, as RFC 9293 calls it, with underscores.
    pub state: &'static str,
}
