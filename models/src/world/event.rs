/// What happened, as the digest sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum EventKind {
    /// A request was sent by a source of load; the value is its key.
    Sent = 1,
    /// A request arrived at a replica; the value is the key of the attempt.
    Arrived = 2,
    /// A worker took it up.
    Started = 3,
    /// It was worked off.
    Completed = 4,
    /// It was refused.
    Rejected = 5,
    /// A user's request ended; the value says how.
    Ended = 6,
    /// A breaker or an instance changed its state.
    State = 7,
    /// A fault began or ended.
    Fault = 8,
    /// A call was cancelled, and its target learnt of it.
    Cancelled = 9,
    /// Nobody listened where a request came; the value is the key of the attempt.
    Refused = 10,
    /// Who belongs to a group changes; the value is 0 for one that joins, 1 where it is to leave, and
    /// 2 where it has left.
    Member = 11,
    /// Another replica of a store leads; the value is its number.
    Leader = 12,
}
