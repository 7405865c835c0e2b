use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::Broker;
use cascadia_patterns::messaging::suite::{Stage, Tale, Trouble, Usual};
use cascadia_runtime::TokioWorld;
use tokio::task::JoinSet;

use super::model::tell;
use super::proxy::Proxy;
use super::{control, port, restart, run, told};

/// How many are played at the same time that do not disturb each other.
const TOGETHER: usize = 12;
/// How long a server stands still.
const PAUSE: Duration = Duration::from_millis(500);

/// A system that histories are drawn for.
#[derive(Clone)]
pub struct Drawn {
    /// What it is called in the environment.
    pub server: &'static str,
    /// Its defaults.
    pub usual: Usual,
    /// What may happen to it.
    pub troubles: &'static [Trouble],
    /// How long who leaves takes what comes.
    pub leaving: Duration,
    /// How long it is left alone before it is killed.
    pub rest: Duration,
    /// A client of the server at a port.
    pub open: fn(u16) -> Arc<dyn Broker>,
}

impl std::fmt::Debug for Drawn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Drawn").field("server", &self.server).finish_non_exhaustive()
    }
}

/// Plays as many histories as `CASCADIA_DRAWN` says, or 40, or the one of `CASCADIA_SEED`: on the model of a system, and on
/// the system.
///
/// # Panics
///
/// When some go otherwise there, with all of them.
pub fn play_drawn(system: &Drawn) {
    let count = told("CASCADIA_DRAWN").map_or(40, |count| count.parse().expect("a number"));
    let seed: Option<u64> = told("CASCADIA_SEED").map(|seed| seed.parse().expect("a number"));
    let seeds = seed.map_or(0..count, |seed| seed..seed + 1);
    let can = run(async { (system.open)(port(system.server)).can() });
    let tales = seeds.map(|seed| tell(&system.usual, can, trouble(system, seed), seed));
    let (alone, together): (Vec<_>, Vec<_>) =
        tales.partition(|tale| is_alone(tale.setting.trouble));
    let mut wrong = run(play_together(system, together));
    wrong.extend(run(async {
        let mut wrong = Vec::new();
        for tale in alone {
            wrong.extend(play(system, tale).await.err());
        }
        wrong
    }));
    let count = wrong.len();
    assert!(wrong.is_empty(), "{count} go otherwise:\n\n{}", wrong.join("\n\n"));
}

/// Most are left alone, and few servers are killed, as that takes its time.
fn trouble(system: &Drawn, seed: u64) -> Trouble {
    let trouble = match seed % 20 {
        3 => Trouble::Kill,
        7 => Trouble::Pause,
        at if at % 5 == 1 => Trouble::Cut,
        _ => Trouble::None,
    };
    if system.troubles.contains(&trouble) { trouble } else { Trouble::None }
}

fn is_alone(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::Kill | Trouble::Pause)
}

async fn play_together(system: &Drawn, tales: Vec<Tale>) -> Vec<String> {
    let (mut wrong, mut playing) = (Vec::new(), JoinSet::new());
    for tale in tales {
        if playing.len() >= TOGETHER {
            let played = playing.join_next().await;
            wrong.extend(played.and_then(|played| told_by(played).err()));
        }
        let system = system.clone();
        playing.spawn(async move { play(&system, tale).await });
    }
    while let Some(played) = playing.join_next().await {
        wrong.extend(told_by(played).err());
    }
    wrong
}

/// One that panics has gone otherwise, too.
fn told_by(played: Result<Result<(), String>, tokio::task::JoinError>) -> Result<(), String> {
    played.unwrap_or_else(|error| Err(error.to_string()))
}

async fn play(system: &Drawn, tale: Tale) -> Result<(), String> {
    let (server, rest) = (system.server, system.rest);
    let mut at = port(server);
    let mut proxy = None;
    if tale.setting.trouble == Trouble::Cut {
        let between = Arc::new(Proxy::before(at).await);
        at = between.port;
        proxy = Some(between);
    }
    let broker = (system.open)(at);
    let disturb = move |trouble| {
        let proxy = proxy.clone();
        Box::pin(async move {
            match (trouble, proxy) {
                (Trouble::Cut, Some(proxy)) => {
                    proxy.cut();
                    true
                }
                _ => {
                    control(server, "pause");
                    tokio::time::sleep(PAUSE).await;
                    control(server, "resume");
                    false
                }
            }
        }) as _
    };
    let again = Arc::clone(&broker);
    let killed = move || {
        let broker = Arc::clone(&again);
        Box::pin(async move {
            restart(server, rest).await;
            broker
        }) as _
    };
    // A server may have been used before.
    let name = format!("drawn-{}-{}", tale.seed(), std::process::id());
    let stage = Stage::new(name, broker, TokioWorld::new()).usually(system.usual.clone());
    let stage = stage.leaving_within(system.leaving);
    let stage = stage.disturbed(Box::new(disturb)).restarting(Box::new(killed));
    tale.play(stage).await
}
