use cascadia_runtime::Time;

use crate::messaging::Feed;

/// Where the messages come from.
pub(super) enum Link {
    Open(Box<dyn Feed>),
    /// It is being asked for.
    Asked,
    /// It is asked for again at this time.
    Down(Time),
    /// There will be none any more.
    Over,
}
