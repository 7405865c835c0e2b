//! A network of byte streams that behave like TCP.
//!
//! Code that talks over sockets fails in the ways of sockets: a call hangs although nothing is
//! wrong with the other side, a connection is reset in the middle of an answer, a slow reader makes
//! a writer wait. A model that delivers whole messages shows none of that. Here real protocol code
//! runs as tasks on [`Host`]s, over [`TcpStream`]s that open, fill up, close, break and hang as
//! those of an operating system do (RFC 9293), at times that are exact to the nanosecond.
//!
//! ```
//! use std::time::Duration;
//! use cascadia_models::tcp::{Link, Network, Settings};
//! use cascadia_runtime::{Listener, Net, Runtime, Time};
//! use cascadia_sim_core::Simulation;
//! use tokio::io::{AsyncReadExt, AsyncWriteExt};
//!
//! let mut simulation = Simulation::new(42);
//! let link = Link::new(Duration::from_micros(100));
//! let network = Network::new(simulation.sim(), link, Settings::default());
//! let (server, client) = (network.host("server"), network.host("client"));
//!
//! let address = server.address(80);
//! let world = server.clone();
//! server.spawn(async move {
//!     let listener = world.listen(address).await.unwrap();
//!     let (mut stream, _) = listener.accept().await.unwrap();
//!     stream.write_all(b"hello").await.unwrap();
//! });
//! let heard = simulation.block_on(async move {
//!     let mut heard = String::new();
//!     client.dial(address).await.unwrap().read_to_string(&mut heard).await.unwrap();
//!     (heard, client.now())
//! });
//! // There and back to connect; the third packet and the greeting take as long again.
//! assert_eq!(heard.unwrap(), ("hello".to_owned(), Time::from_nanos(400_000)));
//! ```
//!
//! # What it is like
//!
//! | what happens | what an end sees |
//! |---|---|
//! | nobody listens at the port | the dial is refused after a round trip |
//! | the backlog is full | the dial is ignored, and tries again after 1, 2, 4, … seconds |
//! | the reader does not read | writers wait once the [window](Settings::window) is full |
//! | the other end is shut down | reading ends, writing goes on |
//! | the other end is dropped | reading ends; what is written is answered with a reset |
//! | the other end is dropped with bytes unread | a reset |
//! | the process dies ([`Host::crash`]) | a reset, and the next dial is refused |
//! | the machine is lost ([`Host::power_off`]) | silence, until it is back; then a reset |
//! | the way is cut ([`Network::cut`]) | silence; once it is mended, everything arrives |
//! | a packet is lost | everything behind it is late by the retransmission timeout |
//!
//! Timeouts follow RFC 6298 with the limits of Linux: three round trips of the handshake, at least
//! 200 ms, doubled up to 120 s. So what was stopped by a cut goes on up to that much after it is
//! mended. A dial gives up after 127 seconds, a connection after 15 retransmissions, about a
//! quarter of an hour.
//!
//! Whether a packet is lost is decided when it is sent, so what is under way when a link is cut
//! still arrives. A node that is paused is a stopped process: its machine goes on receiving until
//! the window is full.
//!
//! # At the places of a plan
//!
//! A component has a host too ([`Life::host`](crate::component::Life::host)). The links of the plan
//! lie between such hosts, that of calls in both directions, and its faults act on their packets: a
//! partition is a cut, the death of a process a crash, that of a machine a loss of power.
//!
//! # What it leaves out
//!
//! There is no congestion control, and no fast retransmission: the window alone limits what is
//! under way, and a lost segment always costs a timeout. Acknowledgements of what arrived take
//! neither bandwidth nor harm; updates of the window do. Nothing is delayed to be sent with
//! something else (no Nagle's algorithm). A closed connection leaves no `TIME_WAIT` behind.
//!
//! # Determinism
//!
//! Bytes arrive at times that are a function of the seed, the names of the hosts and what they do.
//! Loss and latency are drawn by (seed, link, number of the packet on it), so neither shifts the
//! other. The digest sees each opening, arrival, end and failure.

mod backlog;
mod connection;
mod host;
mod listener;
mod machine;
mod netstat;
mod network;
mod path;
mod pipe;
mod role;
mod settings;
mod socket;
mod stream;
mod topology;

pub use self::host::Host;
pub use self::listener::TcpListener;
pub use self::netstat::Netstat;
pub use self::network::Network;
pub use self::settings::Settings;
pub use self::socket::Socket;
pub use self::stream::TcpStream;
pub use crate::network::Link;
