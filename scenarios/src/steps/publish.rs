use std::sync::Arc;

use cascadia_models::plan::{self, IdOf, PublishPlan};
use cascadia_patterns::messaging::Acks;
use cascadia_patterns::messaging::producer::{ProducerConfig, WhenFull};

use super::StepKind;
use super::place::Place;
use crate::decode::{Text, object, words};
use crate::diagnostics::Diagnostic;
use crate::units::Duration;

object! {
    /// Publishes a message to a topic of a broker.
    pub(super) struct Publish {
        /// The topic, as "broker.topic".
        _publish as "publish": Text,
        /// When the broker answers.
        acks: Acks = Acks::All,
        /// Whether the step waits until it is known what became of the message, and fails unless it is there.
        /// If not, it goes on as soon as the message is taken.
        wait: bool = true,
        /// Whether messages have the key of what their request is about, and so go to one partition.
        keyed: bool = false,
        /// How many bytes a message has; at least 64.
        size: u64 = cascadia_models::broker::LEAST_BYTES as u64,
        /// What a message is known by when it comes again, to the broker in its partition and to who does it `once`.
        id: IdOf = IdOf::None,
        /// Whether the broker knows what is sent again. Not with `acks` "none".
        idempotent: Option<bool> => "unless nobody acknowledges",
        /// How long a batch waits for more messages.
        linger: Duration = std::time::Duration::ZERO,
        /// How many batches of a partition may be under way.
        in_flight: u32 = 5,
        /// How many bytes of messages a replica keeps that have no end yet.
        buffer_bytes: u64 = 32 << 20,
        /// What happens to a message for which there is no room.
        when_full: Full = Full::Error,
        /// How long one try may take.
        request_timeout: Duration = std::time::Duration::from_secs(30),
        /// How long a message may take with all its tries.
        delivery_timeout: Duration = std::time::Duration::from_secs(120),
    }
}

words! {
    /// When a broker answers.
    "Acks" for Acks {
        /// At once: nobody waits, and nothing is sent again.
        none => Acks::None,
        /// When the place that keeps the partition has it.
        leader => Acks::Leader,
        /// When all have it who are to have it.
        all => Acks::All,
    }
}

words! {
    /// What a message is known by when it comes again.
    "MessageId" for IdOf {
        /// Nothing: a second one is another message.
        none => IdOf::None,
        /// An id that is made up when it is published. It is the same each time that the broker delivers it, and
        /// another one when the step is done again.
        attempt => IdOf::Attempt,
        /// The id of the request that it is published for: the same when who called tries again, or when the
        /// message comes again that it is published for.
        request => IdOf::Request,
    }
}

/// What happens to a message for which there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    Error,
    Drop,
    Block,
}

words! {
    /// What happens to a message for which there is no room.
    "WhenFull" for Full {
        /// The step fails.
        error => Full::Error,
        /// It is dropped, and counted as lost.
        drop => Full::Drop,
        /// The step waits, for up to a minute.
        block => Full::Block,
    }
}

impl Publish {
    fn config(&self) -> ProducerConfig {
        ProducerConfig {
            acks: self.acks,
            idempotent: self.idempotent.unwrap_or(self.acks != Acks::None),
            linger: self.linger,
            in_flight: self.in_flight,
            buffer_bytes: self.buffer_bytes as usize,
            when_full: match self.when_full {
                Full::Error => WhenFull::Error,
                Full::Drop => WhenFull::Drop,
                Full::Block => WhenFull::Block(std::time::Duration::from_secs(60)),
            },
            request_timeout: self.request_timeout,
            delivery_timeout: self.delivery_timeout,
            ..ProducerConfig::default()
        }
    }
}

/// How a producer is to do it. What makes no sense is reported.
pub(super) fn checked(config: ProducerConfig, place: &mut Place<'_, '_>) -> ProducerConfig {
    if let Err(error) = config.check() {
        let message = format!("`{}` {}", error.field, error.reason);
        let span = place.node.span_of(error.field);
        place.report.push(Diagnostic::error("S048", message).at(span, error.reason));
    }
    config
}

impl StepKind for Publish {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let node = place.node.get("publish")?;
        let topic = place.names.topic(node, place.report);
        let config = checked(self.config(), place);
        if self.acks == Acks::None && self.wait {
            let message = "a step cannot wait for what nobody acknowledges";
            let diagnostic = Diagnostic::error("S048", message);
            let span = place.node.span_of("acks");
            place.report.push(diagnostic.at(span, "nobody").help("write \"wait\": false"));
        }
        let (broker, topic) = topic?;
        Some(plan::Step::Publish(PublishPlan {
            broker: Arc::from(broker),
            topic: topic.into(),
            config,
            waits: self.wait,
            keyed: self.keyed,
            size: self.size as usize,
            id: self.id,
        }))
    }
}
