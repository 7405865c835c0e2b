use crate::decode::{Text, object};
use crate::units::Duration;

object! {
    /// A saga: steps of which each is done by a service and can be taken back by one, all of them or none that lasts. It is called
    /// like a service, and answers when it has completed, or with HTTP's 409 when it has gone back. The orchestrator is the one
    /// that runs in production.
    pub(crate) struct Saga {
        /// How many orchestrators there are, each at a place of its own. They have a store in common, which outlives them.
        places: u32 = 1,
        /// The steps, in their order.
        steps: Vec<SagaStep>,
        /// How long a saga may take until it has passed its pivot; then it goes back.
        timeout: Option<Duration> => "any time",
        /// How long a commit of the store takes. Who dies in its second half does not know that it was made.
        write: Duration = std::time::Duration::from_millis(2),
        /// How long an orchestrator may be silent before another one takes over what it drives.
        lease: Duration = std::time::Duration::from_secs(30),
        /// How far the clocks of orchestrators may be apart.
        skew: Duration = std::time::Duration::from_secs(1),
        /// How often it is looked for sagas that nobody drives.
        sweep: Duration = std::time::Duration::from_secs(5),
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
