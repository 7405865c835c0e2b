use std::sync::Arc;
use std::time::Duration;

/// What is to become of a delivered message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settle {
    /// It is done, and comes no more.
    Ack,
    /// It is done, and so is everything before it in its partition that was delivered to the group.
    AckThrough,
    /// It comes again at once, to anybody of the group. Poison that is refused so comes round in a
    /// hot loop, until its attempts are spent.
    Requeue,
    /// It comes again after a pause.
    RequeueAfter(Duration),
    /// It will never be of use: it goes to the dead letters of the subscription, with the reason.
    Dead(Arc<str>),
    /// It takes longer: its time begins anew.
    Working,
}

/// What has become of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// As it was said.
    Done,
    /// As it was said, although its time was over and it was ready for somebody else, or was already delivered
    /// to another: that one's is void.
    Late,
    /// Nothing, as its time is over, or its consumer is another one now: it is, or will be, with
    /// somebody else.
    Stale,
    /// Nothing, as it is done already, or is no more.
    Gone,
}

impl Settled {
    /// Whether what was asked has happened.
    pub const fn is_done(self) -> bool {
        matches!(self, Self::Done | Self::Late)
    }
}
