use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::Broker;
use cascadia_patterns::messaging::suite::{History, Stage, Usual};
use cascadia_runtime::TokioWorld;
use tokio::task::{JoinError, JoinSet};

use super::{restart, run, told};

/// Plays all these histories that the broker can, with the defaults of its system where they say nothing else, each with a
/// client of its own: so many at the same time, but for those in which its server is killed, where it has a name and when it was
/// left alone for so long. Which were not played, as the broker denies what they need.
///
/// # Panics
///
/// When one goes otherwise.
pub fn play(
    histories: &[History],
    at_once: usize,
    open: impl Fn() -> Arc<dyn Broker>,
    usual: &Usual,
    server: Option<(&'static str, Duration)>,
) -> Vec<&'static str> {
    let only = told("CASCADIA_HISTORY");
    let is_wanted = |history: &&History| only.as_ref().is_none_or(|only| only == history.name);
    let wanted: Vec<_> = histories.iter().filter(is_wanted).copied().collect();
    let (alone, together): (Vec<_>, Vec<_>) =
        wanted.iter().copied().partition(|history| history.restarts);
    let played = run(async {
        let (mut played, mut playing) = (BTreeSet::new(), JoinSet::new());
        for history in together {
            if playing.len() >= at_once {
                played.extend(ended(playing.join_next().await));
            }
            let stage = stage(&history, open(), usual, server);
            playing.spawn(async move { history.play(stage).await.then_some(history.name) });
        }
        while !playing.is_empty() {
            played.extend(ended(playing.join_next().await));
        }
        for history in alone {
            let is_played = history.play(stage(&history, open(), usual, server)).await;
            played.extend(is_played.then_some(history.name));
        }
        played
    });
    let names = wanted.iter().map(|history| history.name);
    names.filter(|name| !played.contains(name)).collect()
}

/// One that panics has gone otherwise.
fn ended(one: Option<Result<Option<&'static str>, JoinError>>) -> Option<&'static str> {
    one?.unwrap_or_else(|failed| panic!("{failed}"))
}

fn stage(
    history: &History,
    broker: Arc<dyn Broker>,
    usual: &Usual,
    server: Option<(&'static str, Duration)>,
) -> Stage {
    // A server may have been used before.
    let name = format!("{}-{}", history.name, std::process::id());
    let stage = Stage::new(name, Arc::clone(&broker), TokioWorld::new()).usually(usual.clone());
    let Some((server, rest)) = server else { return stage };
    stage.restarting(Box::new(move || {
        let broker = Arc::clone(&broker);
        Box::pin(async move {
            restart(server, rest).await;
            broker
        }) as _
    }))
}
