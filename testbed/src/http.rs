//! hyper's builders, set up so that what they build repeats.
//!
//! Each has the clock and the tasks of a world, and does without the parts of hyper that read the
//! machine's clock whatever timer they are given.

use std::time::Duration;

use cascadia_runtime::Runtime;
use hyper::client::conn::http2 as client2;
use hyper::server::conn::{http1, http2};

use crate::{WorldExecutor, WorldTimer};

/// A server of HTTP/1 that sends no `date`, which would be the machine's.
pub fn http1_server<R: Runtime>(world: &R) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(WorldTimer::new(world.clone())).auto_date_header(false);
    builder
}

/// A server of HTTP/2 that sends no `date`, which would be the machine's.
pub fn http2_server<R: Runtime>(world: &R) -> http2::Builder<WorldExecutor<R>> {
    let mut builder = http2::Builder::new(WorldExecutor::new(world.clone()));
    builder.timer(WorldTimer::new(world.clone())).auto_date_header(false);
    builder
}

/// A client of HTTP/2 that never forgets which streams it has reset. By itself it does so after a
/// second of the machine's time, and then ends the connection if an answer to one still comes.
pub fn http2_client<R: Runtime>(world: &R) -> client2::Builder<WorldExecutor<R>> {
    let mut builder = client2::Builder::new(WorldExecutor::new(world.clone()));
    builder.timer(WorldTimer::new(world.clone())).reset_stream_duration(Duration::MAX);
    builder
}
