//! A [`Store`](cascadia_patterns::store::Store) on PostgreSQL, over any byte stream.
//!
//! Drivers open their own sockets, so what they do when a server is absent, silent or slow is found out in
//! production. Here the stream is dialled by the world ([`Net::dial`](cascadia_runtime::Net::dial)) or
//! by a function of the user's, so it is a socket, one of a simulated network, or one that is cut at a
//! chosen byte.
//!
//! - *Revisions have no gaps, and appear in their order.* A sequence of PostgreSQL hands out numbers before it is
//!   known who commits first: who reads up to 7 may see 6 appear later, and miss it for ever. Here a commit
//!   first locks the one row that holds the revision and keeps it until it has committed, so the next
//!   number is given out when the one before is there to be seen. Commits happen one after another, then, and
//!   a store is as fast as its server commits one by one.
//! - *Conditions* are looked at under that lock, where nothing changes any more.
//! - *Reads* are of one snapshot (`REPEATABLE READ`), which has nothing in it that is not durable.
//! - *Changes* are asked for again and again, each [`PostgresConfig::poll`], as long as there are none: a `LISTEN` is
//!   lost with its connection, without a word, and has to be backed by that all the same.
//! - *A connection that has failed, or whose user has left, is closed*, and another one dialled. The server
//!   takes back what it had begun; where it does not hear of that, as the network is silent,
//!   [`PostgresConfig::patience`] ends the session, and the others go on.
//!
//! When the connection is lost:
//!
//! | while | answer |
//! |---|---|
//! | dialling, reading, or before `COMMIT` is sent | `Unavailable`: nothing has happened |
//! | after `COMMIT` is sent | `Unknown` |
//!
//! A call has no timeout of its own: put a [timeout](cascadia_patterns::timeout) around it. Giving
//! up closes its connection.

mod config;
mod error;
mod link;
mod session;
mod sql;
mod store;
mod world;

pub use self::config::PostgresConfig;
pub use self::store::PostgresStore;
