//! Does a request once, however often it comes.
//!
//! A client that is not answered does not know whether its order was taken. It sends it again, and has ordered twice; or it does
//! not, and has perhaps not ordered at all. Only the server can tell the two apart, and only if the client says that it is
//! the same request: by a key of its own making.
//!
//! What is easily written down of a key, afterwards, is not enough. Two requests of one key come at the same time, and both find
//! nothing. The server is killed between the work and the note. It is slow, is taken for dead, and wakes up when another one has done its
//! work. And a client that uses one key for two orders must not be told of the first when it asks for the second.
//!
//! ```text
//!            ┌── another fingerprint: 422
//!  request ──┤
//!            ├── nothing ─▶ IN PROGRESS (epoch, until) ─▶ work ─▶ DONE (answer, expires)
//!            ├── in progress ─▶ 409, or waits ── until is over ─▶ epoch + 1, work
//!            └── done ─▶ the same bytes
//! ```
//!
//! [`Keys`] are kept in any [`Store`](crate::store::Store), [`IdempotencyLayer`] is the layer of a server. Where the effects of the work are
//! in that store, too, it does them in a transaction of its [`Claim`]; then the answer and the effect are one.
//!
//! # What is promised
//!
//! | the work | its effect is there | the answer |
//! |---|---|---|
//! | in the transaction of its [`Claim::done`] | at most once a key, within its time to live | is of the same bytes |
//! | elsewhere, and refuses an earlier [`epoch`](Claim::epoch) | once, or once more after a crash between it and the answer | is of the same bytes |
//! | elsewhere | once, and again after a crash or a pause beyond the `lease` | is of the same bytes |
//!
//! After the time to live a key is a new one, so it must be longer than anybody tries again
//! ([`IdempotencyConfig::covers`]). Clocks that are off cost time, and no safety: a claim that was taken over
//! conflicts.
//!
//! | answer | is given when | and then |
//! |---|---|---|
//! | 400 | the key is missing where one is required, or too long | |
//! | 409, with `Retry-After` | another one of the key is under way | the same request again |
//! | 422 | the key has asked for something else | another key |
//! | 503 | the store is away, or whether the answer is kept is not known | the same request again |
//!
//! Safe methods pass, with or without a key.
//!
//! | parameter | unit | default | from |
//! |---|---|---|---|
//! | `time_to_live` | time | 24 h | Stripe |
//! | `longest_key` | bytes | 255 | Stripe |
//! | `lease` | time | 60 s | ours |
//! | `skew` | time | 1 s | ours |
//! | `concurrent` | | refuse | Stripe |
//! | `keeps` | | what is final | ours; Stripe keeps errors, too: [`Keeps::Errors`] |
//! | `required` | | no | ours |
//!
//! | others | the same | differ |
//! |---|---|---|
//! | Stripe v1 | keys of up to 255 characters, parameters are compared, 24 h at least, 409 while in progress | the first answer is kept whatever it is, a 500 as well |
//! | IETF `Idempotency-Key` draft 07 | 400, 409, 422 | says nothing of crashes |
//! | AWS Powertools | in progress with an expiry, payload validation | effects are never in the transaction of the record; a takeover has no fence |
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`IdempotencyLayer`] | `idempotency` | | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | idempotency: one that comes beside it | Stripe's is refused | is refused, or waits for the answer | `one_that_comes_beside_it_is_refused_or_waits` |
//! | idempotency: an answer that is an error of the server | Stripe's is kept | is sought anew, unless it is to be kept | `what_another_try_would_change_is_not_kept` |
//! | idempotency: other parameters | Stripe refuses them, with 400 | refuses them, with 422 | `another_fingerprint_is_told` |
//! | idempotency: a key whose time is over | Stripe's is new, and so is what it does | so is this one; a retry that would come later is a mistake of the file | `a_key_is_forgotten_when_its_time_is_over`, `a_key_must_be_known_for_longer_than_anybody_tries_again` |
//! | idempotency: a server that died at work | AWS Powertools' is taken over, and may wake up and answer | is taken over, and conflicts when it wakes up | `a_crash_in_progress_is_taken_over_with_a_fence` |
//!
//! References: [Stripe, *Designing robust and predictable APIs with
//! idempotency*](https://stripe.com/blog/idempotency); the draft
//! [`draft-ietf-httpapi-idempotency-key-header`](https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).

mod asked;
mod claim;
mod config;
mod entry;
mod keys;
mod layer;
mod rows;
mod samples;
#[cfg(any(test, feature = "suite"))]
pub mod suite;
#[cfg(test)]
mod tests;

use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::terms::terms;

pub use self::asked::{Asked, fingerprint};
pub use self::claim::Claim;
pub use self::config::{Concurrent, IdempotencyConfig, Keeps};
pub use self::keys::{Keys, Known};
pub use self::layer::{IdempotencyLayer, Repeated};
pub(crate) use self::samples::samples;

terms! { Layer:
    /// An idempotency layer.
    IDEMPOTENCY = "idempotency", TimedOut::Waited;
}

terms! { Reason:
    /// Another request of the key is under way.
    IN_PROGRESS = "in_progress", Sense::AtFault { http: 409 };
    /// The key has asked for something else.
    KEY_REUSED = "key_reused", Sense::AtFault { http: 422 };
    /// There is no key, and one is required.
    KEY_MISSING = "key_missing", Sense::AtFault { http: 400 };
    /// The key is empty or too long.
    KEY_INVALID = "key_invalid", Sense::AtFault { http: 400 };
    /// What is known of the key cannot be read or written.
    NO_STORE = "no_store", Sense::Overload;
}

terms! { Count:
    /// A request was answered as the one before it, without any work.
    ANSWERED_AGAIN = "answered_again", Happening;
    /// The work of a key was begun anew, after a crash or an answer that is not kept.
    DONE_AGAIN = "done_again", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "idempotency",
    reasons: &[
        (Layer::IDEMPOTENCY, Reason::IN_PROGRESS),
        (Layer::IDEMPOTENCY, Reason::KEY_REUSED),
        (Layer::IDEMPOTENCY, Reason::KEY_MISSING),
        (Layer::IDEMPOTENCY, Reason::KEY_INVALID),
        (Layer::IDEMPOTENCY, Reason::NO_STORE),
    ],
    counts: &[Count::ANSWERED_AGAIN, Count::DONE_AGAIN],
    ..Policy::EMPTY
};
