//! What is told of sagas that go by events, to who looks at one of them.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::choreography::{Event, Happened, Score};
use cascadia_patterns::saga::{Direction, SagaId};

use super::hub::Hub;
use crate::broker::told_in;
use crate::capture::{Dissector, Mark, Said};
use crate::exchange::Letter;
use crate::ids::PlaceId;
use crate::saga::id::request_of;
use crate::saga::reading::asked;

/// What was said so far of a saga.
pub(super) struct Reading {
    hub: Arc<Hub>,
    score: Score,
    saga: SagaId,
    /// Who has told of what was done.
    at: BTreeMap<(Arc<str>, bool), PlaceId>,
}

impl Reading {
    pub(super) fn new(hub: Arc<Hub>, score: &Score, saga: SagaId) -> Self {
        Self { hub, score: score.clone(), saga, at: BTreeMap::new() }
    }

    fn step(&self, number: u32) -> Arc<str> {
        let step = self.score.definition().steps().get(number as usize);
        step.map_or_else(|| number.to_string().into(), |step| Arc::clone(&step.name))
    }

    /// An event in words.
    fn words(&self, event: &Event) -> String {
        match &event.happened {
            Happened::Begun => "it has begun".to_owned(),
            Happened::Done(step) => format!("{} was done", self.step(*step)),
            Happened::Refused(step, _) => format!("{} was refused", self.step(*step)),
            Happened::Undone(step) => format!("{} was undone", self.step(*step)),
        }
    }
}

impl Dissector for Reading {
    fn read(&mut self, (from, _): (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said> {
        if let Some(Letter { exchange, kind, word }) = sent.downcast_ref() {
            return asked((kind, word), exchange.request.key == request_of(&self.saga));
        }
        let (kind, messages) = told_in(sent)?;
        let events = messages.iter().filter_map(|message| Event::decode(message.bytes()).ok());
        let Some(event) = events.rev().find(|event| event.saga == self.saga) else {
            let text = format!("{} messages", messages.len());
            return Some(Said { kind, text, is_about: false });
        };
        if kind == "publish" {
            let of = match event.happened {
                Happened::Done(step) => Some((self.step(step), false)),
                Happened::Undone(step) => Some((self.step(step), true)),
                _ => None,
            };
            self.at.extend(of.map(|of| (of, from)));
        }
        Some(Said { kind, text: self.words(&event), is_about: true })
    }

    fn marks(&self) -> Vec<Mark> {
        let deeds = self.hub.witness.deeds(&self.saga).into_iter();
        let mark = |(step, direction, at)| {
            let is_undo = direction == Direction::Undo;
            let what = if is_undo { "undone" } else { "done" };
            Some(Mark { at, place: *self.at.get(&(step, is_undo))?, what })
        };
        deeds.map(|deed| (deed.step, deed.direction, deed.work.at)).filter_map(mark).collect()
    }
}
