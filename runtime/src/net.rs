use std::future::Future;
use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::Runtime;

/// A world with a network of byte streams.
///
/// Whether a server is lost, slow or merely unreachable shows in how its connections behave: they
/// are refused, reset, or hang. Code that opens its own sockets can be shown none of that without
/// a network to break. Code that dials through its world meets TCP (RFC 9293) in production, and in
/// a simulation something that behaves like TCP, under faults that can be repeated.
///
/// Addresses are numbers. Turning a name into one is configuration or service discovery, and
/// belongs to whoever dials.
///
/// Every stream sends what is written to it at once (there is no Nagle's algorithm), in every
/// world.
pub trait Net: Runtime {
    /// A connection. Dropping it closes it.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;
    /// A place where connections arrive. Dropping it closes it.
    type Listener: Listener<Stream = Self::Stream>;

    /// Connects to `to`. Dropping the future gives up.
    ///
    /// # Errors
    ///
    /// `ConnectionRefused` where nobody listens, `TimedOut` where nobody answers, and whatever
    /// else a real world knows.
    fn dial(&self, to: SocketAddr) -> impl Future<Output = io::Result<Self::Stream>> + Send;

    /// Listens at `at`, an address of the caller's node. An unspecified address means all of them,
    /// port zero any that is free.
    ///
    /// # Errors
    ///
    /// `AddrInUse`, `AddrNotAvailable`, and whatever else a real world knows.
    fn listen(&self, at: SocketAddr) -> impl Future<Output = io::Result<Self::Listener>> + Send;
}

/// Where connections arrive.
pub trait Listener: Send + Sync + 'static {
    /// A connection.
    type Stream;

    /// The next connection, and where it comes from.
    ///
    /// # Errors
    ///
    /// When a real world cannot hand one out, for instance as too many files are open. The
    /// listener goes on.
    fn accept(&self) -> impl Future<Output = io::Result<(Self::Stream, SocketAddr)>> + Send;

    /// Where it listens.
    ///
    /// # Errors
    ///
    /// When a real world does not say.
    fn address(&self) -> io::Result<SocketAddr>;
}
