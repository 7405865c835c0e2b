//! A store on PostgreSQL: on a real server that is killed, and where there is none.
//!
//! What needs the server is ignored where nobody has started one, as `.ci/live` does.

mod absent;
mod cut;
mod duplicates;
mod killed;
mod live;
mod orders;
mod sagas;
mod support;
