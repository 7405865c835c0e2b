use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::Broker;
use cascadia_patterns::messaging::suite::{HISTORIES, Stage, Usual};

use super::{restart, run, told};

/// Plays all histories that the broker can, with the defaults of its system where they say nothing else, each with a client of its own, whose server is killed where it has a name, when it was left alone for so long.
/// Which were not played, as the broker denies what they need.
///
/// # Panics
///
/// When one goes otherwise.
pub fn play(
    open: impl Fn() -> Arc<dyn Broker>,
    usual: &Usual,
    server: Option<(&'static str, Duration)>,
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
            let Some((server, rest)) = server else { return history.play(stage).await };
            let again = move || {
                let broker = Arc::clone(&broker);
                Box::pin(async move {
                    restart(server, rest).await;
                    broker
                }) as _
            };
            history.play(stage.restarting(Box::new(again))).await
        });
        if !is_played {
            skipped.push(history.name);
        }
    }
    skipped
}
