use crate::ids::{Instance, PlaceId};

/// Who belongs to a group changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Somebody new is there and can be called.
    Joined(Member),
    /// Somebody is to be called no more. It ends what is under way there.
    Left(Member),
}

/// One of a group, and where it lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// Which one it is.
    pub instance: Instance,
    /// Its place.
    pub place: PlaceId,
}

/// Who is told of changes.
pub type Watcher = dyn Fn(Change) + Send + Sync;
