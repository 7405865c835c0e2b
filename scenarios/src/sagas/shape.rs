use cascadia_patterns::saga::definition::Siblings;
use cascadia_patterns::saga::participant::Contention;

use crate::decode::{Text, object, words};
use crate::laws::Law;
use crate::units::{Duration, Part};

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
        /// The service whose replicas run the orchestrators: one beside each, which dies with its machine or its process, and has
        /// its clock and its links. There are as many then as replicas.
        orchestrated_by: Option<Text> => "each has a machine of its own",
        /// The steps, in their order. By events, each fails until it is done or refused.
        steps: Vec<SagaStep>,
        /// How long a saga may take until it has passed its pivot; then it goes back.
        timeout: Option<Duration> => "any time",
        /// What becomes of the steps beside one that fails.
        siblings: Siblings = Siblings::Wait,
        /// What becomes of a saga when whoever asked for it has gone, as a try does that has timed out.
        on_cancel: OnCancel = OnCancel::Ignore,
        /// What an operator wants of these sagas, and when.
        operator: Option<Vec<SagaOrder>> => "nobody looks after them",
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
        /// How long an event stays with a replica that says nothing of it: at least 1 ms. With `over`.
        ack_wait: Duration = std::time::Duration::from_secs(30),
        /// How long nothing may be heard of a saga that has not ended before it counts as stuck. With `over`.
        stuck_after: Duration = std::time::Duration::from_secs(30),
    }
}

impl Saga {
    /// Whether orchestrators drive it.
    pub(crate) fn is_driven(&self) -> bool {
        self.over.is_none() && self.commit == Together::Each
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

/// What becomes of a saga when whoever asked for it has gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OnCancel {
    Ignore,
    GoBack,
}

words! {
    /// What becomes of a saga when whoever asked for it has gone.
    "SagaOnCancel" for OnCancel {
        /// It goes on.
        ignore => OnCancel::Ignore,
        /// It is cancelled: it goes back, unless it has passed its pivot, or done all that can be undone.
        go_back => OnCancel::GoBack,
    }
}

words! {
    /// What becomes of the steps beside one that fails.
    "Siblings" for Siblings {
        /// They are waited for, and undone if they were done.
        wait => Siblings::Wait,
        /// They are undone at once, whatever becomes of them.
        cancel => Siblings::Cancel,
    }
}

words! {
    /// What becomes of a saga that meets the lock of another one.
    "Contention" for Contention {
        /// It is refused, and goes back.
        fail => Contention::Fail,
        /// It asks again; whoever comes first after the release has it.
        wait => Contention::Wait,
        /// It has a place in line, and asks again: the lock is given in the order in which it was asked for.
        stash => Contention::Stash,
    }
}

object! {
    /// Something that happens outside, such as that somebody has paid.
    pub(crate) struct Signal {
        /// How long after the saga has begun.
        after: Law,
        /// With which share of sagas it happens at all. The others wait for their `timeout`.
        share: Part = 1.0,
    }
}

object! {
    /// What an operator wants of sagas at a moment, of which it lists all that have not ended.
    pub(crate) struct SagaOrder {
        /// When.
        at: Duration,
        /// What.
        order: Wanted,
        /// The step. With `skip`.
        step: Option<Text> => "none",
    }
}

/// What an operator wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Retry,
    Skip,
    Force,
}

words! {
    /// What an operator wants.
    "Wanted" for Wanted {
        /// Those that are stuck try again to take back what they are stuck at.
        retry => Wanted::Retry,
        /// Those that are stuck at the `step` go on without it: it was seen to by hand, and what is left of it is right.
        skip => Wanted::Skip,
        /// Those that are not stuck go back, even from behind their pivot, and are stuck at what cannot be taken back.
        force => Wanted::Force,
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
        /// Whether it is begun together with the step before it. What follows waits for both.
        beside: bool = false,
        /// It is begun when this has happened, too.
        signal: Option<Signal> => "it waits for nothing",
        /// It locks what the saga is about, the key of the request, where it is done, until the saga has ended or the step is
        /// undone; with this it says what becomes of a saga that meets the lock of another one. Only what is done `once` can.
        lock: Option<Contention> => "it locks nothing",
        /// How long it waits for a lock before the saga goes back. With `lock`.
        lock_wait: Duration = std::time::Duration::from_secs(30),
        /// How long before it asks again whether a lock is free. With `lock`.
        lock_pause: Duration = std::time::Duration::from_millis(100),
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
