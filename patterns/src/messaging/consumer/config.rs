use std::time::Duration;

use super::kill_switch::KillSwitchConfig;
use crate::config::{ConfigError, require};
use crate::messaging::{AckMode, Backoff, Capabilities, Capability, Subscription};
use crate::retry;

/// How a consumer takes messages, does them, and says so.
///
/// | parameter | unit | default | from |
/// |---|---|---|---|
/// | `ack` | | after | every broker's advice |
/// | `concurrency` | messages | 1 | Kafka, JMS: one thread a consumer |
/// | `order` | | free | |
/// | `extend` | | yes | SQS clients; JetStream `+WPI` |
/// | `kill_switch` | | none | MassTransit has one that is off |
/// | `drain` | time | 30 s | Kubernetes `terminationGracePeriodSeconds` |
/// | `backoff` | | 100 ms, doubled up to 1 s, ± 20 % | as of a producer |
#[derive(Clone, Debug, PartialEq)]
pub struct ConsumerConfig {
    /// What it is delivered. What comes again, and how often, is said there.
    pub subscription: Subscription,
    /// When it acknowledges.
    pub ack: AckWhen,
    /// The most messages that are done at a time.
    pub concurrency: u32,
    /// What is done one after the other.
    pub order: Order,
    /// Whether it asks for more time for what it has and has not done: each third of
    /// [`ack_wait`](Subscription::ack_wait), in one word for all.
    pub extend: bool,
    /// When it stops by itself.
    pub kill_switch: Option<KillSwitchConfig>,
    /// How long a drain waits for what is under way before that is given back.
    pub drain: Duration,
    /// The rests before it asks again a broker that did not answer, or is not there.
    pub backoff: retry::Backoff,
}

/// When a message is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AckWhen {
    /// Before it is handled, and it is only handled when that is certain: at most once. What a crash interrupts, or a fault, is lost.
    Before,
    /// After it was handled: at least once. What a crash interrupts is done again.
    #[default]
    After,
    /// After it was handled, in one word for all of such a time: what was handled in the last of it is done
    /// again after a crash.
    Auto(Duration),
    /// Whenever the handler does so itself.
    Manual,
}

/// What is done one after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Nothing: a message that fails is given back to the broker, and comes again whenever it says.
    #[default]
    Free,
    /// What has one key, in the order in which it is delivered. A message that fails is kept and tried again here, after its rest, and its
    /// key is parked meanwhile: those behind it wait, others go on. If the broker takes it away, they are given back, too.
    Key,
}

impl ConsumerConfig {
    /// The usual one for a subscription.
    pub fn new(subscription: Subscription) -> Self {
        Self {
            subscription,
            ack: AckWhen::default(),
            concurrency: 1,
            order: Order::default(),
            extend: true,
            kill_switch: None,
            drain: Duration::from_secs(30),
            backoff: retry::Backoff::Proportional {
                base: Duration::from_millis(100),
                factor: 2.0,
                max: Duration::from_secs(1),
                spread: 0.2,
            },
        }
    }

    /// Whether it makes sense.
    ///
    /// # Errors
    ///
    /// Where nothing could be done, or something is promised that could not be kept.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.subscription.check()?;
        require(self.concurrency >= 1, "concurrency", "must be at least 1")?;
        let is_explicit = self.subscription.ack == AckMode::Explicit;
        let says = is_explicit || self.ack == AckWhen::After;
        require(
            says,
            "ack",
            "must be after, which then means nothing, where deliveries acknowledge",
        )?;
        let retries = self.order == Order::Free || self.ack != AckWhen::Before;
        require(retries, "order", "must be free where nothing is tried again")?;
        let is_often = self.ack != AckWhen::Auto(Duration::ZERO);
        require(is_often, "ack", "must not be each moment")?;
        self.kill_switch.map_or(Ok(()), |switch| switch.check())?;
        self.backoff.check()
    }

    /// What a broker must be able to do for it.
    pub fn needs(&self) -> Capabilities {
        let settles = self.subscription.ack == AckMode::Explicit;
        let gives_back = settles && self.order == Order::Free && self.ack != AckWhen::Manual;
        let delays = gives_back && self.subscription.backoff != Backoff::None;
        let asked = [
            (gives_back, Capability::Requeue),
            (delays, Capability::Delay),
            (settles && self.extend, Capability::Working),
        ];
        let own = asked.into_iter().filter_map(|(is_asked, what)| is_asked.then_some(what));
        let subscription = self.subscription.needs();
        own.chain(Capability::ALL.iter().copied().filter(|it| subscription.has(*it))).collect()
    }
}
