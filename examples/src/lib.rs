//! What the examples share: a server on a port of this machine, with or without layers before it, a
//! client for it, a load that does not wait for answers, and a table of what became of it; and what the examples of
//! messages do, on whatever broker.

mod client;
mod inbound;
mod load;
pub mod messaging;
mod server;

pub use self::client::{Answer, Get, Layers, Route, Unreachable, client, env};
pub use self::inbound::{Handler, IDEMPOTENCY_KEY, Inbound, handler, server_env, service};
pub use self::load::{Load, heading};
pub use self::server::serve;
