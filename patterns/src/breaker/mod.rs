//! Stops calling what fails, and finds out when it works again.
//!
//! A service that fails slowly takes its callers along: each call waits for its timeout, and each
//! retry adds load to what already has too much. The obvious answer, to count failures and stop,
//! leaves three questions that most of the bugs in circuit breakers are answers to:
//!
//! - *Which failures?* Those in a [`Window`] that really slides. A counter since the beginning
//!   needs a million failures to outweigh a million successes.
//! - *Whose outcome is this?* Every permit carries the generation it was given in. A call that was
//!   admitted before the circuit opened and fails a minute later says nothing about the probe of
//!   now; it is counted as late and moves nothing.
//! - *What if nobody answers?* A call that is dropped gives its permit back, to its own generation
//!   only, and is no success. A probe that hangs does not hold the circuit half-open for ever.
//!
//! ```text
//! CLOSED ── rate or consecutive failures ──> OPEN until now + wait, wait × factor
//! OPEN ── first call at or after `until` ──> HALF-OPEN with n probes
//! HALF-OPEN ── probes say yes ──> CLOSED, window cleared, first wait again
//!           ── probes say no, or too long ──> OPEN
//! ```
//!
//! Waits end lazily: no timer runs, the next call at or after the instant makes the transition.
//! By hand the circuit can be forced open, disabled, or made to count only ([`Manual`]), from the
//! beginning ([`BreakerConfig::mode`]) or later ([`BreakerLayer::force`]). A circuit that counts only
//! reports when it would have opened ([`Count::WOULD_OPEN`](crate::observe::Count::WOULD_OPEN)): a
//! breaker can be tried on live traffic before it may refuse anything.
//!
//! A call that hangs and is dropped by a layer outside says nothing, so a [timeout](crate::timeout)
//! belongs inside the breaker, where its end is a failure.
//!
//! A refusal for overload (HTTP 429, `RESOURCE_EXHAUSTED`) counts in the rate and fails a probe,
//! and leaves the run of consecutive failures as it is: such a server is alive (linkerd).
//!
//! ```
//! # use cascadia_patterns::{breaker::*, call::*, env::Env};
//! # use cascadia_runtime::{Stream, TokioWorld};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let broken = call_fn(|_: Context| async { Err::<(), _>(Failure::Service("down")) });
//! let config = BreakerConfig { consecutive: Some(2), ..BreakerConfig::default() };
//! let env = Env::new(TokioWorld::new(), Stream::from_entropy());
//! let breaker = BreakerLayer::new(config, env, broken);
//! for _ in 0..2 {
//!     assert_eq!(breaker.clone().call(Context::default()).await, Err(Failure::Service("down")));
//! }
//! let Err(Failure::Rejected(rejection)) = breaker.call(Context::default()).await else { panic!() };
//! assert_eq!(rejection.reason, Reason::OPEN);
//! # });
//! ```
//!
//! | elsewhere | opens | stays open | probes |
//! |---|---|---|---|
//! | resilience4j `CircuitBreaker` | at 50 % of the last 100 calls, or seconds | 60 s, or a function of the attempt | 10, judged by their rate; a deadline if one is set |
//! | Polly | at 10 % of 30 s, from 100 calls on | 5 s, or a function of the attempt | 1 |
//! | Hystrix | at 50 % of 10 s, from 20 calls on | 5 s | 1 |
//! | sony/gobreaker | after more than 5 failures in a row | 60 s | 1; generations, as here |
//! | Finagle `FailureAccrual` | at 80 % success of 30 s, or 5 in a row, each endpoint by itself | 5 s to 300 s, equal jitter | 1 |
//! | Envoy, gRPC A50 | [`outlier`](crate::outlier) detection ejects instead of refusing | | |
//!
//! [`document`] is the breaker of most introductions, as a warning. The name is from Nygard,
//! *Release It!* (2007).
//!
//! # Elsewhere
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`BreakerLayer`] | `breaker` | | `CircuitBreaker` | `CircuitBreaker` | | `FailureAccrual` |
//! | [`DocumentLayer`] | `breaker: "document"` | | | | | |
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | breaker: an outcome from before the circuit opened | resilience4j and Polly let it close or open the half-open circuit | it is counted and moves nothing | `a_late_outcome_of_an_earlier_generation_moves_nothing` |
//! | breaker: a call that is dropped, or whose outcome is ignored, as a probe | Polly closes the circuit; resilience4j can mint a permit | the permit comes back, nothing is concluded; one that panics has failed | `a_dropped_probe_gives_its_permit_back`, `a_probe_that_panics_has_failed`, `an_ignored_probe_does_not_close_the_circuit`, `an_abandoned_call_of_an_earlier_generation_mints_no_permit` |
//! | breaker: a probe that hangs | resilience4j and Polly refuse everything for ever | the probes have a deadline, then the circuit opens | `probes_that_hang_do_not_hold_the_circuit_half_open` |
//! | breaker: half-open | failsafe and recloser let all calls through | only the probes | `half_open_lets_its_probes_through_and_not_the_whole_load` |
//! | breaker: a window by count | tower-resilience 0.13's never forgets | it slides | `a_million_successes_do_not_hide_a_total_failure` |
//! | breaker: waits | failsafe cuts them to whole seconds | nanoseconds | `an_open_wait_below_a_second_is_not_cut_to_nothing` |
//! | breaker: which failures | every exception to resilience4j and Polly: a 404 that is one counts, unless `ignoreExceptions` or `ShouldHandle` says otherwise; what `recordExceptions` does not list is a success | the table of kinds; `counts` and `ignores` change it, and what they leave out says nothing | `what_is_to_be_ignored_changes_nothing`, `every_status_and_every_code_has_one_kind` |
//! | breaker: overload (429) | resilience4j and Polly count it as any failure | in the rate, not in the run (linkerd) | `overload_counts_in_the_rate_but_not_in_the_run_and_fails_a_probe` |

mod config;
mod core;
pub mod document;
mod layer;
mod open;
mod probes;
mod state;
#[cfg(test)]
mod tests;
mod window;

use std::time::Duration;

use cascadia_runtime::Runtime;

use self::document::{DocumentConfig, DocumentLayer};
use crate::call::{Layer, Reason, Sense, TimedOut};
use crate::observe::{Count, Happening};
use crate::policy::Policy;
use crate::sample::{Doing, Sample, env};
use crate::terms::terms;

pub use self::config::{BreakerConfig, HalfOpen, Reopen, Slow, Stuck, Window};
pub use self::core::{Breaker, Permit};
pub use self::layer::BreakerLayer;
pub use self::open::{Jitter, OpenWait};
pub use self::state::{Manual, Snapshot, Transition};

terms! { Layer:
    /// A circuit breaker.
    BREAKER = "breaker", TimedOut::Waited;
}

terms! { Reason:
    /// The circuit is open.
    OPEN = "open", Sense::ShortCircuit { rests: true };
    /// The circuit is half-open and its probes are taken.
    PROBES_TAKEN = "probes_taken", Sense::ShortCircuit { rests: false };
}

terms! { Count:
    /// An outcome came after the state that admitted its call had ended.
    LATE_OUTCOME = "late_outcome", Happening;
    /// A call was admitted to find out whether an open circuit may close.
    PROBE = "probe", Happening;
    /// A circuit that only counts would have opened.
    WOULD_OPEN = "would_open", Happening;
}

pub(crate) const POLICY: Policy = Policy {
    name: "breaker",
    reasons: &[(Layer::BREAKER, Reason::OPEN), (Layer::BREAKER, Reason::PROBES_TAKEN)],
    counts: &[Count::LATE_OUTCOME, Count::PROBE, Count::WOULD_OPEN],
    ..Policy::EMPTY
};

pub(crate) fn samples<R: Runtime>() -> Vec<Sample<R>> {
    let opens = Some((Doing::Fail, 9, Layer::BREAKER, Reason::OPEN));
    let breaker = Sample {
        name: "breaker",
        tight: |world, inner| {
            let span = Duration::from_millis(100);
            let half_life = Duration::from_millis(50);
            let windows = vec![Window::Time { span, buckets: 10 }, Window::Ewma { half_life }];
            let config = BreakerConfig { windows, min_calls: 3, ..BreakerConfig::default() };
            BreakerLayer::new(config, env(world), inner)
        },
        usual: |world, inner| BreakerLayer::new(BreakerConfig::default(), env(world), inner),
        shown: ["BreakerLayer", "min_calls: 3", "phase: Closed"],
        watches: Some(|world, inner, watching| {
            let count_local = watching.count_local;
            let config = BreakerConfig { consecutive: Some(5), count_local, ..Default::default() };
            BreakerLayer::new(config, watching.env(world), inner)
        }),
        refuses: opens,
        ..Sample::PLAIN
    };
    let document = Sample {
        name: "document breaker",
        tight: |world, inner| {
            let recovery = Duration::from_millis(5);
            let config = DocumentConfig { recovery, ..DocumentConfig::default() };
            DocumentLayer::new(config, env(world), inner)
        },
        usual: |world, inner| DocumentLayer::new(DocumentConfig::default(), env(world), inner),
        shown: ["DocumentLayer", "recovery: 5ms", "state: Closed"],
        refuses: opens,
        ..Sample::PLAIN
    };
    vec![breaker, document]
}
