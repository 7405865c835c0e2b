use std::collections::BTreeMap;

use cascadia_runtime::Time;

use super::dissector::{Mark, Said};
use crate::ids::PlaceId;

/// Something on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transit {
    /// Which one: what is sent again, or comes twice, has the same.
    pub key: u64,
    /// Who sent it.
    pub from: PlaceId,
    /// To whom.
    pub to: PlaceId,
    /// When it left.
    pub sent: Time,
    /// What becomes of it.
    pub fate: Fate,
    /// What it is.
    pub said: Said,
}

/// What becomes of something on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is received then.
    Received(Time),
    /// It comes then, and nobody is there.
    Unheard(Time),
    /// It is lost on its way.
    Lost,
}

/// What was on the wire around a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capture {
    /// What was sent, in the order in which it left.
    pub transits: Vec<Transit>,
    /// What happened to the message at places, in order.
    pub marks: Vec<Mark>,
    /// What was sent of the message and is not there, as it was too much.
    pub left_out: u64,
    /// The names of all who sent or were sent something, in the order of their places.
    pub names: BTreeMap<PlaceId, String>,
}
