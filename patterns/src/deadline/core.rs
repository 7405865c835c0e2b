use cascadia_runtime::Time;

use crate::call::Context;

/// Whether nobody waits for the request at `now`: its deadline has passed.
pub fn expired(now: Time, context: &Context) -> bool {
    context.deadline.is_some_and(|deadline| now > deadline)
}
