//! Orchestrators that are killed, paused and doubled, participants that fail, and a network that loses, delays and doubles; then
//! a calm time, in which all must end well.

mod check;
mod effects;
mod network;
mod store;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_runtime::Stream;
use tokio::sync::watch;

use self::check::{check, check_logs, check_participant};
pub(in crate::saga::tests) use self::effects::{Flaw, Traced, did};
use self::network::Lossy;
use self::store::Shaky;
pub(in crate::saga::tests) use self::store::{
    Plant, without_fence, without_lease, without_tombstone,
};
use crate::messaging::Backoff;
use crate::messaging::tests::Dated;
use crate::saga::definition::{Attempts, Definition, Siblings, Step, Steps};
use crate::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig};
use crate::saga::participant::{Contention, Ledger, Local, Participant};
use crate::saga::state::Phase;
use crate::saga::suite::Skewed;
use crate::saga::{Order, SagaId};
use crate::store::{MemoryStore, Store};
use crate::testing::ms;

/// What is planted in a world.
#[derive(Clone, Copy, Default)]
pub(in crate::saga::tests) struct Planted {
    pub(in crate::saga::tests) flaw: Flaw,
    pub(in crate::saga::tests) at_participants: Option<Plant>,
    pub(in crate::saga::tests) at_orchestrators: Option<Plant>,
}

const PARTICIPANTS: [&str; 3] = ["inventory", "payment", "courier"];

struct World {
    draws: Stream,
    seed: u64,
    dated: Dated,
    log: MemoryStore,
    stores: Vec<MemoryStore>,
    participants: Vec<Arc<dyn Participant>>,
    share: f64,
    definition: Arc<Definition>,
    is_calm: watch::Sender<bool>,
    planted: Planted,
    lives: u64,
}

struct Life {
    orchestrator: Orchestrator<Skewed<Dated>>,
    is_paused: watch::Sender<bool>,
}

pub(in crate::saga::tests) fn quick(step: Step) -> Step {
    let backoff = Backoff::Steps(vec![ms(20)]);
    let undo_attempts = Attempts { most: 6, backoff: backoff.clone() };
    let attempts = Attempts { most: 2, backoff };
    let (lock_pause, lock_wait) = (ms(20), ms(400));
    Step { timeout: ms(100), attempts, undo_attempts, lock_pause, lock_wait, ..step }
}

fn definition(draws: &mut Stream) -> Arc<Definition> {
    let reserve = Step { locks: true, ..quick(Step::compensatable("reserve", "inventory")) };
    let pivot = Step { undo: draws.below(2) == 0, ..quick(Step::pivot("charge", "payment")) };
    let siblings = if draws.below(2) == 0 { Siblings::Wait } else { Siblings::Cancel };
    let steps = Steps::new("order", 1)
        .then(quick(Step::reading("look", "inventory")))
        .together([reserve, quick(Step::compensatable("book", "courier"))])
        .then(pivot)
        .together([
            quick(Step::retriable("ship", "inventory")),
            quick(Step::retriable("tell", "courier")),
        ])
        .siblings(siblings);
    let steps = if draws.below(3) == 0 { steps.timeout(ms(300)) } else { steps };
    steps.build().unwrap()
}

impl World {
    fn new(seed: u64, planted: Planted) -> Self {
        let mut draws = Stream::from_seed(seed);
        let dated = Dated::new();
        let (is_calm, calm) = watch::channel(false);
        let (_, never) = watch::channel(false);
        let contention = [Contention::Fail, Contention::Wait, Contention::Stash];
        let contention = contention[draws.below(3) as usize];
        let mut rate = |most: f64| most * draws.unit();
        let (refuses, fails, unknown, share) = (rate(0.15), rate(0.3), rate(0.2), rate(0.6));
        let mut world = Self {
            definition: definition(&mut draws),
            draws,
            seed,
            dated,
            log: MemoryStore::new(),
            stores: Vec::new(),
            participants: Vec::new(),
            share,
            is_calm,
            planted,
            lives: 0,
        };
        for number in 0..PARTICIPANTS.len() as u64 {
            let store = MemoryStore::new();
            let seed = seed * 100 + number;
            let shaky = Shaky::new(&store, seed, unknown, &calm, &never);
            let shaky: Arc<dyn Store> = Arc::new(shaky.planted(planted.at_participants));
            let effects = Traced {
                store: Arc::clone(&shaky),
                draws: Arc::new(Mutex::new(Stream::from_seed(seed + 50))),
                refuses,
                fails,
                contention: Some(contention),
                flaw: planted.flaw,
            };
            world.stores.push(store);
            world.participants.push(Arc::new(Local::new(Ledger::new("l/"), shaky, effects)));
        }
        world
    }

    /// An orchestrator that begins to live.
    fn life(&mut self) -> Life {
        self.lives += 1;
        let seed = self.seed * 1_000 + 7 * self.lives;
        let (is_paused, paused) = watch::channel(false);
        let calm = self.is_calm.subscribe();
        let store = Shaky::new(&self.log, seed, 0.05, &calm, &paused);
        let store = Arc::new(store.planted(self.planted.at_orchestrators));
        let far = Duration::from_secs(5);
        let (ahead, behind) = match self.draws.below(8) {
            0 => (far, Duration::ZERO),
            1 => (Duration::ZERO, far),
            2 => (ms(15), Duration::ZERO),
            _ => (Duration::ZERO, Duration::ZERO),
        };
        let mut cast = Cast::new().definition(Arc::clone(&self.definition));
        for (number, (name, to)) in PARTICIPANTS.into_iter().zip(&self.participants).enumerate() {
            let seed = seed + 1 + number as u64;
            cast = cast.participant(name, Lossy::new(to, seed, self.share, &calm, &paused));
        }
        let config = OrchestratorConfig {
            lease: ms(300),
            skew: ms(20),
            sweep: ms(50),
            ..OrchestratorConfig::new("s/")
        };
        let world = Skewed::new(self.dated, ahead, behind);
        let mut stream = Stream::from_seed(seed);
        let orchestrator = Orchestrator::start(config, world, &mut stream, store, cast);
        Life { orchestrator, is_paused }
    }

    /// Whatever happens to orchestrators: they are replaced, paused beyond their lease, asked to cancel.
    async fn trouble(&mut self, lives: &mut [Life; 2], sagas: &[SagaId]) {
        for _ in 0..2 + self.draws.below(8) {
            tokio::time::sleep(ms(self.draws.below(120))).await;
            let which = self.draws.below(2) as usize;
            match self.draws.below(5) {
                0 | 1 => lives[which] = self.life(),
                2 => {
                    let is_paused = lives[which].is_paused.clone();
                    let pause = ms(200 + self.draws.below(400));
                    is_paused.send_replace(true);
                    drop(tokio::spawn(async move {
                        tokio::time::sleep(pause).await;
                        is_paused.send_replace(false);
                    }));
                }
                3 => {
                    let saga = &sagas[self.draws.below(sagas.len() as u64) as usize];
                    let order = lives[which].orchestrator.order(saga, Order::Cancel);
                    // Whoever is paused is asked in vain.
                    let _ = tokio::time::timeout(ms(50), order).await;
                }
                _ => {}
            }
        }
    }

    /// In a calm world every saga ends; an operator has those that are stuck try again, or sees to the step by hand.
    async fn end(&mut self, id: &SagaId, life: &Life) -> Result<Phase, String> {
        for _ in 0..20 {
            let ended = life.orchestrator.ended(id);
            let ended = tokio::time::timeout(Duration::from_secs(4 * 3_600), ended).await;
            match ended {
                Err(_) => {
                    let log = life.orchestrator.log(id).await;
                    return Err(format!("it does not end: {}", log.unwrap()));
                }
                Ok(Ok(Phase::Stuck(step))) => {
                    let step = Arc::clone(&self.definition.steps()[step].name);
                    let by_hand = self.draws.below(2) == 0;
                    let order = if by_hand { Order::Skip { step } } else { Order::Retry };
                    let _ = life.orchestrator.order(id, order).await;
                    tokio::time::sleep(ms(500)).await;
                }
                Ok(ended) => return ended.map_err(|error| error.to_string()),
            }
        }
        Err("it is stuck again and again".into())
    }
}

/// What is wrong with the world of a seed, and how many of its sagas have completed and have gone back.
pub(in crate::saga::tests) async fn world(seed: u64, planted: Planted) -> Result<[u64; 2], String> {
    let mut world = World::new(seed, planted);
    let sagas: Vec<SagaId> =
        (0..1 + world.draws.below(3)).map(|it| it.to_string().into()).collect();
    let mut lives = [world.life(), world.life()];
    for (at, id) in sagas.iter().enumerate() {
        let begin = || lives[at % 2].orchestrator.begin(id.clone(), "order", "a book");
        while begin().await.is_err() {}
        assert_ne!(begin().await, Ok(true), "twice is once");
    }
    world.trouble(&mut lives, &sagas).await;
    world.is_calm.send_replace(true);
    for life in &lives {
        life.is_paused.send_replace(false);
    }
    let mut ends = [0; 2];
    for id in &sagas {
        match world.end(id, &lives[0]).await? {
            Phase::Completed => ends[0] += 1,
            _ => ends[1] += 1,
        }
    }
    // What is still on its way arrives.
    tokio::time::sleep(ms(5_000)).await;
    check_logs(&world.log).await?;
    for id in &sagas {
        let log = lives[0].orchestrator.log(id).await.unwrap();
        check(&log, &world.stores).await.map_err(|wrong| format!("{wrong}\n{log}"))?;
    }
    for store in &world.stores {
        check_participant(store).await?;
    }
    Ok(ends)
}
