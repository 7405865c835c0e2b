use std::sync::Arc;

use cascadia_models::plan::{self, IdOf, PublishPlan};
use cascadia_patterns::messaging::Acks;
use cascadia_patterns::messaging::producer::ProducerConfig;

use super::StepKind;
use super::place::Place;
use super::publish::checked;
use crate::decode::{Text, object};
use crate::diagnostics::Diagnostic;
use crate::units::Duration;

object! {
    /// Publishes a request to a topic of a broker, and waits for the reply of who consumes it. Without one
    /// in time the step fails, and so it does when the reply is that the work has failed. A request that
    /// nobody waits for any more expires at the broker.
    pub(super) struct Request {
        /// The topic, as "broker.topic". Who consumes it is to `reply`.
        _request as "request": Text,
        /// How long it waits for the reply.
        timeout: Duration = std::time::Duration::from_secs(30),
        /// When the broker answers that it has the request. The reply is waited for in any case.
        acks: Acks = Acks::All,
        /// Whether requests have the key of what they are about, and so go to one partition.
        keyed: bool = false,
        /// How many bytes a request has; at least 64.
        size: u64 = cascadia_models::broker::LEAST_BYTES as u64,
        /// How long a batch waits for more requests.
        linger: Duration = std::time::Duration::ZERO,
        /// How long one try to publish it may take.
        request_timeout: Duration = std::time::Duration::from_secs(30),
        /// How long it may take to publish it with all tries.
        delivery_timeout: Duration = std::time::Duration::from_secs(120),
    }
}

impl Request {
    fn config(&self) -> ProducerConfig {
        ProducerConfig {
            acks: self.acks,
            idempotent: self.acks != Acks::None,
            linger: self.linger,
            request_timeout: self.request_timeout,
            delivery_timeout: self.delivery_timeout,
            ..ProducerConfig::default()
        }
    }
}

impl StepKind for Request {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let node = place.node.get("request")?;
        let topic = place.names.topic(node, place.report);
        let config = checked(self.config(), place);
        if self.timeout.is_zero() {
            let message = "a request that waits for nothing has no reply";
            let span = place.node.span_of("timeout");
            let diagnostic = Diagnostic::error("S048", message).at(span, "zero");
            place.report.push(diagnostic.help("to want no reply is to `publish`"));
        }
        let (broker, topic) = topic?;
        let publish = PublishPlan {
            broker: Arc::from(broker),
            topic: topic.into(),
            config,
            waits: true,
            keyed: self.keyed,
            size: self.size as usize,
            id: IdOf::None,
        };
        Some(plan::Step::Request { publish, timeout: self.timeout })
    }
}
