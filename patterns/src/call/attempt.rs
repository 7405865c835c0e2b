use super::{Apart, Tie, Tried};

/// How often, by which copy and where a stack sends a request. It ends with that stack: over a hop
/// there is none of it.
#[derive(Clone, Debug, Default)]
pub struct Attempt {
    /// Which try this is, from 0; with retries around retries, among all that there may be.
    pub number: u16,
    /// Which copy of a hedged call this is, from 0.
    pub copy: u8,
    /// This try is the last, and may take all the time there is until the deadline.
    pub takes_rest: bool,
    /// Where the copies of a hedged call were sent. It ends at the balancer.
    pub apart: Option<Apart>,
    /// Ties the copies of a hedged call together. Whoever learns that the work on this request has
    /// begun says so to it.
    pub tie: Option<Tie>,
    /// Where the tries of a call were sent. It ends at the balancer.
    pub tried: Option<Tried>,
}
