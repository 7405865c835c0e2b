use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_runtime::Wall;

use super::event::{Event, Happened};
use super::score::Score;
use crate::saga::direction::Direction;
use crate::saga::ids::SagaId;
use crate::saga::state::Phase;

/// Where sagas are that nobody drives, by the events that were seen of them.
///
/// There is no place where the state of a choreographed saga is; this is the nearest to it, for whoever watches. It may hear of
/// events twice, late and in any order.
#[derive(Debug)]
pub struct Trace {
    score: Score,
    sagas: BTreeMap<SagaId, Seen>,
}

#[derive(Debug)]
struct Seen {
    at: Wall,
    last: Happened,
    done: Vec<bool>,
    refused: Option<u32>,
    /// Two steps were refused.
    refused_again: bool,
    undone: Vec<bool>,
}

impl Trace {
    /// Of the sagas of a score, none of which was seen.
    pub fn new(score: Score) -> Self {
        Self { score, sagas: BTreeMap::new() }
    }

    /// An event was seen.
    pub fn on_event(&mut self, event: &Event, now: Wall) {
        let steps = self.score.definition.steps().len();
        let fresh = || Seen {
            at: now,
            last: event.happened.clone(),
            done: vec![false; steps],
            refused: None,
            refused_again: false,
            undone: vec![false; steps],
        };
        let seen = self.sagas.entry(event.saga.clone()).or_insert_with(fresh);
        seen.at = seen.at.max(now);
        seen.last.clone_from(&event.happened);
        let mark = |of: &mut Vec<bool>, step: u32| {
            if let Some(mark) = of.get_mut(step as usize) {
                *mark = true;
            }
        };
        match &event.happened {
            Happened::Begun => {}
            Happened::Done(step) => mark(&mut seen.done, *step),
            Happened::Refused(step, _) => {
                seen.refused_again |= seen.refused.is_some_and(|refused| refused != *step);
                seen.refused = Some(*step);
            }
            Happened::Undone(step) => mark(&mut seen.undone, *step),
        }
    }

    /// Where a saga is, if anything was seen of it.
    pub fn phase(&self, saga: &SagaId) -> Option<Phase> {
        let seen = self.sagas.get(saga)?;
        let Some(refused) = seen.refused else {
            let is_done = seen.done.iter().all(|done| *done);
            return Some(if is_done { Phase::Completed } else { Phase::Forward });
        };
        let mut last = self.score.follows(&Happened::Undone(refused));
        while let Some((step, Direction::Undo)) = last {
            if !seen.undone[step] {
                return Some(Phase::Backward);
            }
            last = self.score.follows(&Happened::Undone(step as u32));
        }
        Some(Phase::Compensated)
    }

    /// What was heard of a saga last, if anything was.
    pub fn last(&self, saga: &SagaId) -> Option<&Happened> {
        self.sagas.get(saga).map(|seen| &seen.last)
    }

    /// The sagas that have not ended and of which nothing was heard for so long: an event of theirs is lost, or
    /// somebody does not come to it.
    pub fn silent(&self, now: Wall, after: Duration) -> impl Iterator<Item = &SagaId> {
        self.sagas.iter().filter_map(move |(id, seen)| {
            let is_open = self.phase(id).is_some_and(|phase| !phase.is_end());
            (is_open && now.since(seen.at) >= after).then_some(id)
        })
    }

    /// The sagas of which something was heard that follows from nothing in the score, in whatever order it was heard: two
    /// steps refused, one done that is not before the refused one, or one undone that is not. Somebody does what is not
    /// his turn, or does a step twice with two ends.
    pub fn astray(&self) -> impl Iterator<Item = &SagaId> {
        let is_astray = |seen: &Seen| {
            let Some(refused) = seen.refused else { return false };
            let behind = seen.done.iter().skip(refused as usize);
            let undone = seen.undone.iter().skip(refused as usize);
            seen.refused_again || behind.chain(undone).any(|happened| *happened)
        };
        self.sagas.iter().filter_map(move |(id, seen)| is_astray(seen).then_some(id))
    }

    /// Forgets the sagas that have ended. How many.
    pub fn forget(&mut self) -> usize {
        let ended: Vec<_> = self.sagas.keys().filter(|id| self.is_ended(id)).cloned().collect();
        ended.iter().for_each(|id| drop(self.sagas.remove(id)));
        ended.len()
    }

    fn is_ended(&self, id: &SagaId) -> bool {
        self.phase(id).is_some_and(Phase::is_end)
    }
}
