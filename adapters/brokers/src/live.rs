//! How the tests of an adapter drive a real server: started, killed and started again by a script that `.ci/live` has
//! written, whose path and port are in the environment.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::Broker;
use cascadia_patterns::messaging::suite::{HISTORIES, Stage, Usual};

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

/// Runs something on tokio.
///
/// # Panics
///
/// When that cannot be started.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(2).enable_all().build().expect("it can be run").block_on(work)
}

/// Plays all histories that the broker can, with the defaults of its system where they say nothing else, each with a client of its own, whose server is killed where it has a name.
/// Which were not played, as the broker denies what they need.
///
/// # Panics
///
/// When one goes otherwise.
pub fn play(
    open: impl Fn() -> Arc<dyn Broker>,
    usual: &Usual,
    server: Option<&'static str>,
) -> Vec<&'static str> {
    let mut skipped = Vec::new();
    let only = told("CASCADIA_HISTORY");
    for history in HISTORIES {
        if only.as_ref().is_some_and(|only| only != history.name) {
            continue;
        }
        let is_played = run(async {
            let broker = open();
            let sleep = |time: Duration| Box::pin(tokio::time::sleep(time)) as _;
            // A server may have been used before.
            let name = format!("{}-{}", history.name, std::process::id());
            let stage = Stage::new(name, Arc::clone(&broker), Box::new(sleep));
            let stage = stage.usually(usual.clone());
            let Some(server) = server else { return history.play(stage).await };
            let restart = move || {
                let broker = Arc::clone(&broker);
                Box::pin(async move {
                    control(server, "kill");
                    control(server, "start");
                    broker
                }) as _
            };
            history.play(stage.restarting(Box::new(restart))).await
        });
        if !is_played {
            skipped.push(history.name);
        }
    }
    skipped
}
