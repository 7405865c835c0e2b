use std::sync::Arc;

use crate::messaging::codec::{Corrupt, open, read, seal, write};
use crate::messaging::{Bytes, Message};
use crate::saga::codec;
use crate::saga::fault::Fault;
use crate::saga::ids::SagaId;

/// What one participant tells the others. Steps are named by their number, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The saga.
    pub saga: SagaId,
    /// What has happened.
    pub happened: Happened,
    /// What the saga was begun with.
    pub input: Bytes,
    /// The results of the steps that were done before, by their names.
    pub outputs: Vec<(Arc<str>, Bytes)>,
}

/// What has happened to a saga.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It began.
    Begun,
    /// A step was done.
    Done(u32),
    /// A step was refused, and never will be done.
    Refused(u32, Fault),
    /// A step was undone.
    Undone(u32),
}

impl Event {
    /// It as a message, which is known again by its id and follows the others of its saga.
    pub fn message(&self) -> Message {
        let id = match &self.happened {
            Happened::Begun => format!("{}/begun", self.saga),
            Happened::Done(step) => format!("{}/{step}/done", self.saga),
            Happened::Refused(step, _) => format!("{}/{step}/refused", self.saga),
            Happened::Undone(step) => format!("{}/{step}/undone", self.saga),
        };
        Message::new(self.encode()).id(id).key(self.saga.as_str())
    }

    fn encode(&self) -> Vec<u8> {
        seal(0, |out| {
            write::text(out, self.saga.as_str());
            let (tag, step) = match &self.happened {
                Happened::Begun => (0, 0),
                Happened::Done(step) => (1, *step),
                Happened::Refused(step, _) => (2, *step),
                Happened::Undone(step) => (3, *step),
            };
            write::byte(out, tag);
            write::short(out, step);
            if let Happened::Refused(_, fault) = &self.happened {
                codec::write_fault(out, fault);
            }
            write::bytes(out, &self.input);
            write::list(out, &self.outputs, |out, (name, output)| {
                write::text(out, name);
                write::bytes(out, output);
            });
        })
    }

    /// The event that a message tells of.
    ///
    /// # Errors
    ///
    /// Where it tells of none.
    pub fn decode(bytes: &[u8]) -> Result<Self, Corrupt> {
        let mut rest = open(0, bytes)?;
        let mut event = || {
            let saga = codec::text(&mut rest)?.into();
            let (tag, step) = (read::byte(&mut rest)?, read::short(&mut rest)?);
            let happened = match tag {
                0 => Happened::Begun,
                1 => Happened::Done(step),
                2 => Happened::Refused(step, codec::read_fault(&mut rest)?),
                3 => Happened::Undone(step),
                _ => return None,
            };
            let input = codec::bytes(&mut rest)?;
            let outputs =
                read::list(&mut rest, |rest| Some((codec::text(rest)?, codec::bytes(rest)?)))?;
            Some(Self { saga, happened, input, outputs })
        };
        event().ok_or(Corrupt::Damaged)
    }
}
