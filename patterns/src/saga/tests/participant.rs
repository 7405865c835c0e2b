use std::sync::Arc;

use super::world::did;
use crate::messaging::Bytes;
use crate::messaging::tests::run;
use crate::saga::participant::{Contention, Ledger, Local, Participant, Turn};
use crate::saga::{Command, Direction, Epoch, Outcome, SagaId};
use crate::store::{MemoryStore, Range, Store};

use Direction::{Do, Release, Undo};

fn command(saga: &str, direction: Direction, epoch: u64) -> Command {
    Command {
        saga: saga.into(),
        step: "reserve".into(),
        direction,
        epoch: Epoch(epoch),
        attempt: 1,
        must: false,
        input: Bytes::from("a book"),
        outputs: [].into(),
    }
}

/// One that writes down what it does, and locks its stock if it is to.
struct Shop {
    store: Arc<dyn Store>,
    local: Local,
}

impl Shop {
    fn new(contention: Option<Contention>) -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let effects = move |mut turn: Turn| async move {
            if let Some(contention) = contention
                && turn.direction() == Do
                && let Some(holder) = turn.lock("stock", contention).await?
            {
                return Ok(turn.locked(holder, contention));
            }
            if &*turn.command.input == b"no" {
                return Ok(turn.refuse("sold out", ""));
            }
            let row = format!("did/{}/reserve", turn.command.saga);
            let mut did = turn.transaction.get(row.as_str()).await?.unwrap_or_default();
            did.extend([if turn.direction() == Do { b'd' } else { b'u' }, 0]);
            turn.transaction.put(row, did);
            let output = format!("{}", turn.command.epoch);
            Ok(turn.done(output))
        };
        let local = Local::new(Ledger::new("l/"), Arc::clone(&store), effects);
        Self { store, local }
    }

    async fn ask(&self, saga: &str, direction: Direction, epoch: u64) -> Outcome {
        self.local.call(command(saga, direction, epoch)).await
    }

    async fn did(&self, saga: &str) -> String {
        did(&*self.store, saga, "reserve").await
    }
}

fn done(output: &str) -> Outcome {
    Outcome::Done(Bytes::from(output))
}

fn locked(by: &str) -> Outcome {
    Outcome::Locked(SagaId::from(by))
}

fn is_refused(outcome: &Outcome, kind: &str) -> bool {
    matches!(outcome, Outcome::Refused(fault) if &*fault.kind == kind)
}

#[test]
fn what_comes_again_is_answered_the_same_and_not_done_again() {
    run(async {
        let shop = Shop::new(None);
        assert_eq!(shop.ask("7", Do, 1).await, done("1"));
        assert_eq!(shop.ask("7", Do, 2).await, done("1"), "by whichever orchestrator");
        assert_eq!(shop.ask("7", Undo, 2).await, done("2"));
        assert_eq!(shop.ask("7", Undo, 2).await, done("2"));
        assert_eq!(shop.did("7").await, "du");
    });
}

/// † The undo overtakes its step: it does nothing, and the step is refused when it comes.
#[test]
fn an_undo_that_comes_first_leaves_a_tombstone() {
    run(async {
        let shop = Shop::new(None);
        assert_eq!(shop.ask("7", Undo, 1).await, done(""));
        assert!(is_refused(&shop.ask("7", Do, 1).await, "undone"));
        assert_eq!((shop.did("7").await, shop.did("8").await), (String::new(), String::new()));
        assert_eq!(shop.ask("8", Do, 1).await, done("1"), "of another saga nothing is known");
    });
}

/// Of a refusal, too, a copy that comes when there is stock again is refused. Behind the pivot nothing is.
#[test]
fn what_was_refused_stays_refused() {
    run(async {
        let shop = Shop::new(None);
        let ask = |must, input: &str| {
            let input = Bytes::from(input);
            shop.local.call(Command { must, input, ..command("7", Do, 1) })
        };
        assert!(matches!(ask(true, "no").await, Outcome::Failed(_)));
        assert!(is_refused(&ask(false, "no").await, "sold out"));
        assert!(is_refused(&ask(false, "a book").await, "sold out"));
        assert_eq!(shop.ask("7", Undo, 1).await, done(""));
        assert_eq!(shop.did("7").await, "");
    });
}

/// † Whoever was paused and does not know that the saga is another one's does nothing.
#[test]
fn an_earlier_epoch_is_fenced() {
    run(async {
        let shop = Shop::new(None);
        assert_eq!(shop.ask("7", Release, 3).await, done(""));
        assert_eq!(shop.ask("7", Do, 2).await, Outcome::Fenced(Epoch(3)));
        assert_eq!(shop.ask("8", Do, 1).await, done("1"));
        assert_eq!(shop.did("7").await, "");
    });
}

#[test]
fn a_lock_is_given_in_the_order_in_which_it_was_asked_for() {
    run(async {
        let shop = Shop::new(Some(Contention::Stash));
        assert_eq!(shop.ask("a", Do, 1).await, done("1"));
        for saga in ["b", "c", "d"] {
            assert_eq!(shop.ask(saga, Do, 1).await, locked("a"));
        }
        assert_eq!(shop.ask("a", Release, 1).await, done(""));
        assert_eq!(shop.ask("c", Do, 1).await, locked("b"), "it is not its turn");
        assert_eq!(shop.ask("b", Undo, 1).await, done(""), "it has waited too long");
        assert_eq!(shop.ask("d", Do, 1).await, locked("c"));
        assert_eq!(shop.ask("c", Do, 1).await, done("1"));
        assert_eq!(shop.ask("d", Do, 1).await, locked("c"));
        assert_eq!(shop.ask("c", Undo, 1).await, done("1"), "its undo releases it, too");
        assert_eq!(shop.ask("d", Do, 1).await, done("1"));
    });
}

/// A store tells of a thousand rows at a time.
#[test]
fn a_line_may_be_longer_than_what_a_store_tells_at_a_time() {
    run(async {
        let shop = Shop::new(Some(Contention::Stash));
        assert_eq!(shop.ask("first", Do, 1).await, done("1"));
        let sagas: Vec<String> = (0..1_100).map(|number| number.to_string()).collect();
        for saga in &sagas {
            assert_eq!(shop.ask(saga, Do, 1).await, locked("first"));
        }
        for gone in [3, 1_050] {
            assert_eq!(shop.ask(&sagas[gone], Undo, 1).await, done(""));
        }
        assert_eq!(shop.ask("first", Release, 1).await, done(""));
        for (_, saga) in sagas.iter().enumerate().filter(|(at, _)| ![3, 1_050].contains(at)) {
            assert_eq!(shop.ask(saga, Do, 1).await, done("1"), "it is the turn of {saga}");
            assert_eq!(shop.ask(saga, Release, 1).await, done(""));
        }
    });
}

#[test]
fn who_meets_a_lock_fails_or_waits() {
    run(async {
        let shop = Shop::new(Some(Contention::Fail));
        assert_eq!(shop.ask("a", Do, 1).await, done("1"));
        assert!(is_refused(&shop.ask("b", Do, 1).await, "locked"));
        let shop = Shop::new(Some(Contention::Wait));
        assert_eq!(shop.ask("a", Do, 1).await, done("1"));
        assert_eq!(shop.ask("b", Do, 1).await, locked("a"));
        assert_eq!(shop.ask("c", Do, 1).await, locked("a"));
        shop.ask("a", Release, 1).await;
        assert_eq!(shop.ask("c", Do, 1).await, done("1"), "whoever comes first");
    });
}

/// † Two that lock two things in different orders wait for each other, until one has waited too long and goes back.
#[test]
fn two_that_wait_for_each_other_part_when_one_goes_back() {
    for contention in [Contention::Wait, Contention::Stash] {
        run(async {
            let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
            let effects = move |mut turn: Turn| async move {
                let target = turn.command.step.to_string();
                match turn.direction() {
                    Do => match turn.lock(&target, contention).await? {
                        Some(holder) => Ok(turn.locked(holder, contention)),
                        None => Ok(turn.done("")),
                    },
                    _ => Ok(turn.done("")),
                }
            };
            let local = Local::new(Ledger::new("l/"), Arc::clone(&store), effects);
            let ask = |saga, step: &str, direction| {
                local.call(Command { step: step.into(), ..command(saga, direction, 1) })
            };
            assert_eq!(ask("a", "stock", Do).await, done(""));
            assert_eq!(ask("b", "money", Do).await, done(""));
            assert_eq!(ask("a", "money", Do).await, locked("b"));
            assert_eq!(ask("b", "stock", Do).await, locked("a"));
            for step in ["stock", "money"] {
                assert_eq!(ask("b", step, Undo).await, done(""), "it has waited too long");
            }
            assert_eq!(ask("a", "money", Do).await, done(""));
            for step in ["money", "stock"] {
                assert_eq!(ask("a", step, Release).await, done(""));
            }
            for kind in ["l/lock/", "l/line/", "l/held/"] {
                assert_eq!(store.range(Range::prefix(kind), 1).await.unwrap().rows, []);
            }
        });
    }
}

#[test]
fn what_is_forgotten_leaves_nothing_and_would_be_done_anew() {
    run(async {
        let shop = Shop::new(None);
        for saga in ["7", "77"] {
            assert_eq!(shop.ask(saga, Do, 2).await, done("2"));
        }
        let rows = async || shop.store.range(Range::prefix("l/"), 10).await.unwrap().rows.len();
        assert_eq!(rows().await, 4, "of each saga a note and a fence");
        Ledger::new("l/").forget(&shop.store, &"7".into()).await.unwrap();
        assert_eq!(rows().await, 2, "those of another one are left");
        assert_eq!(shop.ask("7", Do, 1).await, done("1"));
        assert_eq!(shop.did("7").await, "dd");
    });
}
