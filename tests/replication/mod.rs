//! Published results, from scenario files.
//!
//! What a paper or a post says about a policy is a measurement of somebody else's program. That
//! ours gives the same numbers under the same conditions is the best evidence there is that it
//! models the same thing. A file a source; its scenarios lie beside it.

mod amplification;
mod brooker_retry;
mod quorum_staleness;
mod row_contention;
mod throttle;
mod token_bucket;
