use std::time::Duration;

use cascadia_runtime::Stream;

use crate::messaging::capabilities::{Capabilities, Capability};
use crate::messaging::suite::trouble::Trouble;

/// How long a message stays with a consumer where that is tried. Slow machines do what comes before the end within that.
const SHORT: Duration = Duration::from_secs(3);
/// How long it stays otherwise: for longer than a history takes.
const LONG: Duration = Duration::from_secs(300);
/// No bound.
const MANY: u32 = 1_000;

/// What is drawn for a whole history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// What happens once or twice in it.
    pub trouble: Trouble,
    pub(super) prefetch: u32,
    pub(super) attempts: Option<u32>,
    pub(super) buries: bool,
    pub(super) members: usize,
    pub(super) ack_wait: Duration,
    /// Whether some of what is published lives for a while only.
    pub(super) perishes: bool,
}

impl Setting {
    pub(super) fn draw(trouble: Trouble, can: Capabilities, stream: &mut Stream) -> Self {
        let mut one_in = |sides| stream.below(sides) == 0;
        let counts = can.has(Capability::Attempts);
        // Who is lost sight of has what it had for longer than others need to come, and may be sent more.
        let is_lost = matches!(trouble, Trouble::Cut | Trouble::Kill);
        let is_bounded = counts && !is_lost && one_in(2);
        // Where one has died, there may be room for one more than was asked for.
        let is_mortal = counts && !is_lost && !is_bounded;
        let shares = can.has(Capability::Competing) || can.has(Capability::Partitions);
        let shares = shares && !is_bounded;
        let perishes = can.has(Capability::Expiry) && trouble == Trouble::None && one_in(2);
        // Some know by the time alone that somebody is gone.
        let is_timed = can.has(Capability::Requeue) && !is_bounded && !perishes;
        let is_short = is_timed && (is_lost || one_in(3));
        let buries = can.has(Capability::DeadLetter) && one_in(2);
        let (members, prefetch) =
            (1 + usize::from(shares && one_in(2)), if one_in(2) { 1 } else { 3 });
        let attempts = if one_in(2) { 2 } else { 3 };
        Self {
            trouble,
            prefetch: if is_bounded { prefetch } else { MANY },
            attempts: match (is_mortal, is_bounded) {
                (true, _) => Some(attempts),
                (false, true) => Some(MANY),
                (false, false) => None,
            },
            buries,
            members,
            ack_wait: if is_short { SHORT } else { LONG },
            perishes,
        }
    }

    pub(super) fn is_short(&self) -> bool {
        self.ack_wait == SHORT
    }

    /// Whether it counts how often something is tried, or in which order.
    pub(super) const fn is_strict(&self) -> bool {
        self.attempts.is_some()
    }

    pub(super) const fn is_bounded(&self) -> bool {
        self.prefetch < MANY
    }
}
