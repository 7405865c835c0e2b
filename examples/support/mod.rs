//! What the examples share: a server on a port of this machine, a client for it, a load that does
//! not wait for answers, and a table of what became of it.

mod client;
mod load;
mod server;

pub(crate) use self::client::{Get, Http, Route, client, env};
pub(crate) use self::load::{Load, heading};
pub(crate) use self::server::serve;
