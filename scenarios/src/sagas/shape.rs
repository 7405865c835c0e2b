use crate::decode::{Text, object, words};
use crate::units::Duration;

object! {
    /// A saga: steps of which each is done by a service and can be taken back by one, all of them or none that lasts. It is called
    /// like a service, and answers when it has completed, or with HTTP's 409 when it has gone back. It is driven by an
    /// orchestrator, or goes by events `over` a topic. Either one is what runs in production.
    pub(crate) struct Saga {
        /// The topic of its events, as "broker.topic", which is for nothing else. Each service that has a step consumes it in a
        /// group of its own, does its step when it hears of what comes before, and tells of it.
        over: Option<Text> => "an orchestrator drives it",
        /// Whether each step commits by itself.
        commit: Together = Together::Each,
        /// How many orchestrators there are, each at a place of its own; of a saga that goes by events, how many places where
        /// one is begun. They have a store in common, which outlives them.
        places: u32 = 1,
        /// The steps, in their order. By events, each fails until it is done or refused.
        steps: Vec<SagaStep>,
        /// How long a saga may take until it has passed its pivot; then it goes back.
        timeout: Option<Duration> => "any time",
        /// How long a commit of the store takes. Who dies in its second half does not know that it was made.
        write: Duration = std::time::Duration::from_millis(2),
        /// How long an orchestrator may be silent before another one takes over what it drives. By events, how long who relays
        /// those of a service may be silent before another replica does, or its own next life.
        lease: Duration = std::time::Duration::from_secs(30),
        /// How far the clocks of those may be apart.
        skew: Duration = std::time::Duration::from_secs(1),
        /// How often it is looked for sagas that nobody drives, or for events that were not taken.
        sweep: Duration = std::time::Duration::from_secs(5),
        /// How many events a replica works on at a time. With `over`.
        at_once: u32 = 16,
        /// How long an event stays with a replica that says nothing of it. With `over`.
        ack_wait: Duration = std::time::Duration::from_secs(30),
        /// How long nothing may be heard of a saga that has not ended before it counts as stuck. With `over`.
        stuck_after: Duration = std::time::Duration::from_secs(30),
    }
}

/// Whether steps commit by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Together {
    Each,
    TwoPhase,
}

words! {
    /// Whether steps commit by themselves.
    "Commit" for Together {
        /// Each does, and is taken back by another one: a saga.
        each => Together::Each,
        /// All commit together or none does, by a two-phase commit. Services vote, and keep what a step enters locked, by what
        /// the request is about, until they are told what was decided: for as long as the coordinator is away. Each step is
        /// at a service of its own. `timeout` is how long the votes may take, a minute where it does not say, and `sweep` how
        /// long before it is asked again.
        two_phase => Together::TwoPhase,
    }
}

object! {
    /// A step of a saga.
    pub(crate) struct SagaStep {
        /// Its name.
        name: Text,
        /// Who does it: "service.endpoint".
        _call as "call": Text,
        /// Who takes it back: "service.endpoint".
        undo: Option<Text> => "nobody: it changes nothing, or nothing goes back from there",
        /// Whether it decides: when it is done, the saga completes. What comes behind it is tried until it is done.
        pivot: bool = false,
        /// The policy that its calls pass.
        policy: Option<Text> => "none",
        /// How long an answer may take.
        timeout: Duration = std::time::Duration::from_secs(10),
        /// How often it is attempted before the saga goes back, unless that cannot be any more.
        attempts: u32 = 3,
        /// How often it is attempted to take it back before the saga is stuck.
        undo_attempts: u32 = 10,
        /// How long before the second attempt; twice as long before each other one, up to a hundred times.
        pause: Duration = std::time::Duration::from_secs(1),
    }
}
