use std::collections::BTreeSet;

use cascadia_runtime::Time;

use crate::messaging::ids::{MemberId, Partition, Topic};

/// A member, in one of its lives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who {
    /// Chosen by the member itself, so that one that joins a second time, as it has heard nothing, is not a second
    /// member.
    pub id: MemberId,
    /// Which start of it this is. A static member that comes back has the same id and a higher one, and takes over
    /// what the last one had; others have 0.
    pub instance: u64,
}

/// Who wants to be a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Joining {
    /// Who it is.
    pub who: Who,
    /// What it wants.
    pub topics: BTreeSet<Topic>,
    /// What it has, from before.
    pub owned: BTreeSet<Partition>,
}

/// A member.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) instance: u64,
    pub(super) topics: BTreeSet<Topic>,
    pub(super) owned: BTreeSet<Partition>,
    /// When it is dead, if nothing is heard of it.
    pub(super) expires: Time,
    /// Whether it is to let go of something, which others wait for.
    pub(super) revokes: bool,
    /// Whether it has come to the rebalance that is under way.
    pub(super) joined: bool,
}
