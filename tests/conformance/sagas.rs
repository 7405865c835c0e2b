//! Sagas that are driven, and what is done by several together.

use std::future::ready;
use std::sync::Arc;

use cascadia_patterns::saga::definition::{Definition, Step, Steps};
use cascadia_patterns::saga::orchestrator::{Cast, Orchestrator, OrchestratorConfig};
use cascadia_patterns::saga::participant::{Contention, Ledger, Local, Turn};
use cascadia_patterns::saga::state::Phase;
use cascadia_patterns::saga::{Direction, Order, SagaId};
use cascadia_patterns::store::{MemoryStore, Store};
use cascadia_patterns::two_phase::{
    Ask, Config, Coordinating, Decision, Participant, Reply, What,
};
use cascadia_runtime::{Runtime, Stream};

use super::bench::{Bench, Log, ms};

/// Nobody charges for it.
const REFUSED: &str = "a castle";

fn store() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

/// Two steps at the same time, the first of which locks the stock, and then the pivot.
fn order() -> Steps {
    let reserve = Step { locks: true, lock_pause: ms(5), ..Step::compensatable("reserve", "all") };
    Steps::new("order", 1)
        .together([reserve, Step::compensatable("book", "all")])
        .then(Step::pivot("charge", "all"))
}

/// A participant that writes down what it does.
fn cast(effects: &Arc<dyn Store>, definition: Arc<Definition>) -> Cast {
    let play = |mut turn: Turn| async move {
        let (is_do, step) = (turn.direction() == Direction::Do, Arc::clone(&turn.command.step));
        if is_do && &*step == "charge" && &*turn.command.input == REFUSED.as_bytes() {
            return Ok(turn.refuse("declined", ""));
        }
        if is_do
            && &*step == "reserve"
            && let Some(holder) = turn.lock("stock", Contention::Stash).await?
        {
            return Ok(turn.locked(holder, Contention::Stash));
        }
        let row = format!("did/{}/{step}", turn.command.saga);
        let mut did = turn.transaction.get(row.as_str()).await?.unwrap_or_default();
        did.push(if is_do { b'd' } else { b'u' });
        turn.transaction.put(row, did);
        Ok(turn.done("ok"))
    };
    let local = Local::new(Ledger::new("ledger/"), Arc::clone(effects), play);
    Cast::new().definition(definition).participant("all", local)
}

fn start<R: Runtime>(
    bench: &Bench<R>,
    (log, seed): (&Arc<dyn Store>, u64),
    cast: Cast,
) -> Orchestrator<R> {
    let config = OrchestratorConfig {
        lease: ms(100),
        skew: ms(1),
        sweep: ms(10),
        ..OrchestratorConfig::new("saga/")
    };
    let mut stream = Stream::from_seed(seed);
    Orchestrator::start(config, bench.world.clone(), &mut stream, Arc::clone(log), cast)
}

/// What was done of each step, in order: `d` for done, `u` for undone.
async fn did(effects: &Arc<dyn Store>, saga: &str) -> [String; 3] {
    let mut all = [const { String::new() }; 3];
    for (did, step) in all.iter_mut().zip(["reserve", "book", "charge"]) {
        let row = effects.get(format!("did/{saga}/{step}").into_bytes()).await.unwrap();
        *did = row.map_or_else(String::new, |row| String::from_utf8(row.value).unwrap());
    }
    all
}

pub(crate) async fn it_is_done_whole_or_undone_and_begun_once<R: Runtime>(bench: Bench<R>) {
    let (log, effects) = (store(), store());
    let own = start(&bench, (&log, 1), cast(&effects, order().build().unwrap()));
    let ends = [("a book", Phase::Completed, "d"), (REFUSED, Phase::Compensated, "du")];
    for (id, (input, end, reserved)) in ["7", "8"].into_iter().zip(ends) {
        assert_eq!(own.begin(id, "order", input).await, Ok(true));
        assert_eq!(own.begin(id, "order", input).await, Ok(false));
        assert_eq!(own.ended(&id.into()).await, Ok(end));
        let charged = if end == Phase::Completed { "d" } else { "" };
        assert_eq!(did(&effects, id).await, [reserved, reserved, charged]);
    }
}

pub(crate) async fn sagas_that_want_the_same_have_it_one_after_the_other<R: Runtime>(
    bench: Bench<R>,
) {
    let (log, effects) = (store(), store());
    let own = start(&bench, (&log, 1), cast(&effects, order().build().unwrap()));
    let ids: Vec<SagaId> = (0..5).map(|number| SagaId::from(number.to_string())).collect();
    for id in &ids {
        own.begin(id.clone(), "order", "a book").await.unwrap();
    }
    for id in &ids {
        assert_eq!(own.ended(id).await, Ok(Phase::Completed));
        assert_eq!(did(&effects, id.as_str()).await, ["d", "d", "d"]);
    }
}

pub(crate) async fn who_takes_over_goes_on_where_the_other_one_stopped<R: Runtime>(
    bench: Bench<R>,
) {
    let (log, effects) = (store(), store());
    let waits = Step { signal: Some("paid".into()), ..Step::pivot("charge", "all") };
    let steps = Steps::new("order", 1).then(Step::compensatable("reserve", "all")).then(waits);
    let definition = steps.build().unwrap();
    let one = start(&bench, (&log, 1), cast(&effects, Arc::clone(&definition)));
    one.begin("7", "order", "a book").await.unwrap();
    bench.world.sleep(ms(20)).await;
    drop(one);
    let two = start(&bench, (&log, 2), cast(&effects, definition));
    let paid = Order::Signal { name: "paid".into(), body: "".into() };
    two.order(&"7".into(), paid).await.unwrap();
    assert_eq!(two.ended(&"7".into()).await, Ok(Phase::Completed));
    assert_eq!(did(&effects, "7").await, ["d", "", "d"]);
    assert_eq!(two.counts().taken_over, 1);
}

/// It is by the wall clock, which goes on while nobody drives the saga.
pub(crate) async fn a_timeout_is_met_by_whoever_goes_on<R: Runtime>(bench: Bench<R>) {
    let (log, effects) = (store(), store());
    let waits = Step { signal: Some("paid".into()), ..Step::pivot("charge", "all") };
    let steps = Steps::new("order", 1).then(Step::compensatable("reserve", "all")).then(waits);
    let definition = steps.timeout(ms(400)).build().unwrap();
    let begun = bench.world.wall();
    let one = start(&bench, (&log, 1), cast(&effects, Arc::clone(&definition)));
    one.begin("7", "order", "a book").await.unwrap();
    bench.world.sleep(ms(20)).await;
    drop(one);
    bench.world.sleep(ms(80)).await;
    let two = start(&bench, (&log, 2), cast(&effects, definition));
    assert_eq!(two.ended(&"7".into()).await, Ok(Phase::Compensated));
    assert_eq!(did(&effects, "7").await, ["du", "", ""]);
    let took = bench.world.wall().since(begun);
    assert!(took >= ms(400) && (took < ms(600) || !bench.exact), "{took:?}");
}

pub(crate) async fn together_all_commit_or_none_does<R: Runtime>(bench: Bench<R>) {
    let told = Log::default();
    let says = |number: u32, vote: Reply| -> Arc<dyn Participant> {
        let told = told.clone();
        Arc::new(move |ask: Ask| {
            let (is_castle, told) = (&*ask.name == REFUSED, told.clone());
            ready(match ask.what {
                What::Prepare if is_castle => vote,
                What::Prepare => Reply::Yes,
                What::Decide(decision) => {
                    told.note(number + u32::from(decision == Decision::Commit));
                    Reply::Done
                }
            })
        })
    };
    let participants = [("stock", says(10, Reply::Yes)), ("bank", says(20, Reply::No))];
    let names = participants.each_ref().map(|(name, _)| Arc::from(*name));
    let participants = participants.map(|(name, it)| (Arc::from(name), it)).into();
    let config = Config { timeout: ms(500), pause: ms(20), ..Config::new("decided/", "desk") };
    let (world, numbers) = (bench.world.clone(), Stream::from_seed(1));
    let own = Coordinating::start(config, world, numbers, store(), participants).unwrap();
    assert_eq!(own.run("a book", &names).await, Ok(Decision::Commit));
    bench.world.sleep(ms(50)).await;
    let mut all = told.notes();
    all.sort_unstable();
    assert_eq!(all, [11, 21]);
    assert_eq!(own.run(REFUSED, &names).await, Ok(Decision::Abort));
}
