//! How the tests of an adapter drive a real server: started, killed and started again by a script that `.ci/live` has
//! written, whose path and port are in the environment.

mod awaited;
mod buried;
mod cost;
mod drawn;
mod examples;
mod fixed;
mod left;
mod model;
mod proxy;
/// What an adapter costs beside the client that it is made of.
pub mod rates;

use std::process::{Command, Stdio};
use std::time::Duration;

pub use self::awaited::delivered;
pub use self::buried::is_buried_by_the_next;
pub use self::cost::{Cost, Meter};
pub use self::drawn::{Drawn, play_drawn};
pub use self::examples::play_examples;
pub use self::fixed::play;
pub use self::left::attempt_behind_who_leaves;
pub use self::proxy::Proxy;

/// Something from the environment.
#[expect(clippy::disallowed_methods, reason = "tests are told where the server is")]
pub fn told(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where the server of a name listens.
///
/// # Panics
///
/// Where nobody has said so.
pub fn port(server: &str) -> u16 {
    let port = told(&format!("CASCADIA_{server}_PORT"));
    port.expect(".ci/live starts a server and says where").parse().expect("a port")
}

/// Has the script of a server do something.
///
/// # Panics
///
/// When it fails.
pub fn control(server: &str, what: &str) {
    let script = told(&format!("CASCADIA_{server}_CONTROL")).expect("as the port");
    let mut command = Command::new(script);
    // A server that goes on must not hold the output of the tests open.
    command.arg(what).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    assert!(command.status().expect("it can be run").success(), "{server} {what}");
}

/// Kills a server that was left alone for a while, and starts it again.
pub(crate) async fn restart(server: &str, rest: Duration) {
    tokio::time::sleep(rest).await;
    control(server, "kill");
    control(server, "start");
}

/// Runs something on tokio.
///
/// # Panics
///
/// When that cannot be started.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("it can be run").block_on(work)
}
