use cascadia_runtime::Time;

use crate::call::Baggage;

/// Whether nobody waits for the request at `now`: its deadline has passed.
pub fn expired(now: Time, baggage: &Baggage) -> bool {
    baggage.deadline.is_some_and(|deadline| now > deadline)
}
