//! Commands of sagas, and what they enter in ledgers.

use std::sync::Arc;

use cascadia_patterns::call::Failure;
use cascadia_patterns::messaging::Bytes;
use cascadia_patterns::saga::participant::{Begun, Judged, Turn};
use cascadia_patterns::saga::{Direction, Outcome};
use cascadia_patterns::store::StoreError;
use cascadia_sim_core::Local;

use super::step::{self, Op};
use super::task::Task;
use crate::effects::{Errand, Work};
use crate::exchange::{Answer, Content, ServiceError, Status, failed};
use crate::ledgers::Entry;

/// Does a command once: its entries and the note that it is done are one transaction. Who comes second of two at the same time
/// begins anew.
pub(super) async fn run(ops: &[Op], task: &Task<'_>, errand: &Arc<Errand>) -> Answer {
    let known = task.host.known();
    errand.witness.kept_by(&known.keeper);
    if errand.lock.is_some() {
        errand.witness.locks_at(&known.locks);
    }
    loop {
        errand.meets(None);
        let begun = known.ledger.begin(&known.store, errand.command.clone()).await;
        let played = match begun {
            Ok(Begun::Known(outcome)) => {
                errand.witness.heard(&errand.command, task.done(), None);
                return ended(errand, outcome);
            }
            Ok(Begun::Turn(turn)) => play(ops, task, errand, turn).await,
            Err(error) => Err(error),
        };
        match played {
            Ok(answer) => return answer,
            Err(StoreError::Conflict) => {}
            Err(_) => return failed(Status::UNAVAILABLE),
        }
    }
}

async fn play(
    ops: &[Op],
    task: &Task<'_>,
    errand: &Errand,
    mut turn: Turn,
) -> Result<Answer, StoreError> {
    let known = task.host.known();
    let needed = errand.lock.filter(|_| turn.direction() == Direction::Do);
    if let Some(contention) = needed
        && let Some(holder) = Box::pin(turn.lock(&errand.target(), contention)).await?
    {
        let outcome = Box::pin(known.ledger.end(turn.locked(holder, contention))).await?;
        errand.witness.met();
        errand.witness.heard(&errand.command, task.done(), None);
        return Ok(ended(errand, outcome));
    }
    let (mut answer, entries) = stage(ops, task, errand).await;
    let own = known.own.as_ref().filter(|_| answer.is_ok());
    let judged = match own {
        Some(own) => own.play(turn).await?,
        None => judged(turn, &answer),
    };
    let outcome = known.ledger.end(judged).await?;
    let is_done = matches!(outcome, Outcome::Done(_));
    if own.is_some() {
        answer = ended(errand, outcome);
    }
    if is_done {
        task.host.ledgers().enter(&entries);
    }
    if is_done && needed.is_some() && !known.locks.holds(&errand.command.saga, &errand.target()) {
        errand.witness.without_lock();
    }
    errand.witness.heard(&errand.command, task.done(), is_done.then_some(entries));
    Ok(answer)
}

/// The answer to a command that has ended so.
fn ended(errand: &Errand, outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Done(output) => {
            errand.came_to(output);
            Ok(Content::default())
        }
        Outcome::Locked(holder) => {
            errand.meets(Some(holder));
            Ok(Content::default())
        }
        Outcome::Refused(_) => failed(Status::CONFLICT),
        _ => failed(Status::UNAVAILABLE),
    }
}

/// Does a command that somebody else knows, and commits with what it is to enter.
pub(super) async fn run_turn(ops: &[Op], task: &Task<'_>, errand: &Errand) -> Answer {
    let (answer, entries) = stage(ops, task, errand).await;
    if let Some(turn) = &errand.turn {
        *turn.borrow_mut() = entries;
    }
    answer
}

/// Does the steps of a command, and says what is to be entered for them if that is there.
async fn stage(ops: &[Op], task: &Task<'_>, errand: &Errand) -> (Answer, Vec<Entry>) {
    let staged = Local::default();
    let answer = step::run(ops, &Task { staged: Some(&staged), ..*task }).await;
    let entries: Vec<Entry> = std::mem::take(&mut *staged.borrow_mut());
    let has_all = errand.is_undo() || task.host.ledgers().have(&entries);
    (if has_all { answer } else { failed(Status::CONFLICT) }, entries)
}

/// What an answer makes of a turn.
pub(crate) fn judged(turn: Turn, answer: &Answer) -> Judged {
    match answer {
        Ok(_) => turn.done(Bytes::default()),
        Err(Failure::Service(error)) if error.is_final() => turn.refuse(error.kind.name(), ""),
        Err(failure) => turn.fail(ServiceError::kind_of(failure).name(), ""),
    }
}

/// Does a command whenever it comes.
pub(super) async fn run_again(ops: &[Op], task: &Task<'_>, errand: &Arc<Errand>) -> Answer {
    let answer = step::run(ops, task).await;
    if answer.is_ok() {
        errand.witness.did(&errand.command, task.done(), None);
    }
    answer
}

impl Task<'_> {
    /// The work that is done now.
    fn done(&self) -> Work {
        let known = self.host.known();
        Work { at: known.now(), key: self.exchange.key(), by: Some(known.of) }
    }

    /// Enters something in a ledger, now or with what else is done. Nothing is taken that is not there.
    pub(super) fn enter(&self, entry: Entry) -> Result<(), Failure<ServiceError>> {
        if let Some(staged) = self.staged {
            staged.borrow_mut().push(entry);
            return Ok(());
        }
        let (ledgers, errand) = (self.host.ledgers(), self.exchange.request.errand());
        if !errand.is_some_and(|errand| errand.is_undo()) && !ledgers.have(&[entry]) {
            return Err(Failure::Service(ServiceError::called(Status::CONFLICT)));
        }
        ledgers.enter(&[entry]);
        if let Some(errand) = errand {
            errand.witness.did(&errand.command, self.done(), Some(entry));
        }
        Ok(())
    }
}
