use std::collections::BTreeSet;

use crate::messaging::ids::{Generation, MemberId, Partition};

/// What a group tells a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupEvent {
    /// A rebalance has begun: it is to join again, with what it owns, and before that to let go of everything where that is
    /// how the group assigns.
    Rejoin {
        /// Who.
        member: MemberId,
        /// Whether it goes on with what it has until it is told otherwise.
        keeps: bool,
    },
    /// The partitions of a member, in this generation.
    Assigned {
        /// Who.
        member: MemberId,
        /// In which generation.
        generation: Generation,
        /// All that it has now.
        partitions: BTreeSet<Partition>,
        /// What it had and is to let go of. When it has, it joins again: others wait for these.
        revoked: BTreeSet<Partition>,
    },
    /// A member is one no more: it was silent for too long, did not come to a rebalance, or was replaced.
    Removed {
        /// Who.
        member: MemberId,
        /// Whether another one of the same name has taken its place.
        replaced: bool,
    },
}

/// Why a group does not do what a member wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupError {
    /// It is no member, or no more: it may join as a new one.
    UnknownMember,
    /// What it says is of an earlier generation (Kafka `ILLEGAL_GENERATION`).
    IllegalGeneration,
    /// A rebalance is under way: it is to join again.
    Rebalancing,
    /// Another one of the same name has taken its place, and it must not go on (Kafka `FENCED_INSTANCE_ID`).
    Fenced,
}

impl std::fmt::Display for GroupError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::UnknownMember => "no member of the group",
            Self::IllegalGeneration => "of an earlier generation of the group",
            Self::Rebalancing => "the group is being rebalanced",
            Self::Fenced => "another one of the same name has taken its place",
        })
    }
}

impl std::error::Error for GroupError {}
