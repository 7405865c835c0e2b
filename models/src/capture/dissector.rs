use std::any::Any;

use cascadia_runtime::Time;

use crate::ids::PlaceId;

/// Reads what is on the wire, with an eye on one message.
pub trait Dissector: Send {
    /// What something is that is sent from one place to another; nothing where it is none of the group's.
    fn read(&mut self, way: (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said>;

    /// What has happened to the message at places.
    fn marks(&self) -> Vec<Mark>;
}

/// What is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Of which kind it is, in a word.
    pub kind: &'static str,
    /// What there is to know of it.
    pub text: String,
    /// It is about the message that is looked at.
    pub is_about: bool,
}

/// What has happened at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Time,
    /// Where.
    pub place: PlaceId,
    /// What, in a word.
    pub what: &'static str,
}
