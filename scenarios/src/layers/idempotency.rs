use std::time::Duration as Time;

use cascadia_models::plan::{Act, IdempotencyPlan, Keeping, KeptAt, KeyOf, LayerPlan, Scope};
use cascadia_patterns::config::ConfigError;
use cascadia_patterns::idempotency::{Concurrent, IdempotencyConfig, Keeps};

use super::layer::Layer;
use super::place::Place;
use crate::decode::{Text, object, words};
use crate::diagnostics::Diagnostic;
use crate::units::Duration;

/// How long a store of keys is waited for.
const TIMEOUT: Time = Time::from_secs(1);

object! {
    /// Does a request once, however often it comes, and answers all the same; as the inbound policy of a
    /// service. Requests to an idempotent endpoint pass. Another request under the key of one is refused as HTTP's 422
    /// does, and with 503 where the store does not answer.
    pub(super) struct Idempotency {
        /// The store that keeps what was answered to which key; one that keeps its rows at one replica.
        _store as "store": Option<Text> => "the memory of each replica, and gone with that",
        /// How long the store is waited for.
        timeout: Duration = TIMEOUT,
        /// What makes it the same request.
        key: KeyOf = KeyOf::Request,
        /// Within what a key is one.
        scope: Scope = Scope::Endpoint,
        /// How long after the answer its key is known. It must be longer than anybody tries again.
        time_to_live: Duration = IdempotencyConfig::new("").time_to_live,
        /// How long a request may take before it is taken for crashed, and the next one of its key does its work.
        lease: Duration = IdempotencyConfig::new("").lease,
        /// How far clocks may be apart.
        skew: Duration = IdempotencyConfig::new("").skew,
        /// How long a request waits for another one of its key that is under way, to be answered the same.
        wait: Option<Duration> => "it is refused at once, as HTTP's 409 does",
        /// Which answers are kept.
        keeps: Keeps = IdempotencyConfig::new("").keeps,
    }
}

words! {
    /// What makes it the same request.
    "KeyOf" for KeyOf {
        /// It is another attempt of a call, or another copy of it.
        request => KeyOf::Request,
        /// It is about the same: what its load drew for it.
        subject => KeyOf::Subject,
    }
}

words! {
    /// Within what a key is one.
    "KeyScope" for Scope {
        /// An endpoint: the same key at another one is another key.
        endpoint => Scope::Endpoint,
        /// A service: the same key at another endpoint is refused.
        service => Scope::Service,
    }
}

words! {
    /// Which answers are kept. After the others, the next request of the key does the work anew.
    "KeptAnswers" for Keeps {
        /// What another try would not change: successes, and what is wrong with the request.
        final => Keeps::Final,
        /// Those, and the errors of the server but for overload.
        errors => Keeps::Errors,
    }
}

impl Idempotency {
    fn config(&self) -> IdempotencyConfig {
        let Self { time_to_live, lease, skew, wait, keeps, .. } = *self;
        let concurrent = wait.map_or(Concurrent::Refuse, Concurrent::Wait);
        IdempotencyConfig {
            time_to_live,
            lease,
            skew,
            concurrent,
            keeps,
            ..IdempotencyConfig::new("")
        }
    }

    /// The store, if it can keep keys.
    fn kept_at(&self, place: &mut Place<'_, '_>) -> Option<KeptAt> {
        let node = place.node.get("store")?;
        let (service, endpoint) = place.names.store(node, Act::Transact, place.report)?;
        let store = node.text().and_then(|name| place.names.services.get(name))?;
        if !matches!(store.keeps, Some(Keeping::Rows)) {
            let message = "only a store that keeps its rows at one replica keeps keys";
            let diagnostic = Diagnostic::error("S047", message).at(node.span, "asked for here");
            place.report.push(diagnostic.at(store.key, "defined here"));
        }
        Some(KeptAt { service, endpoint, timeout: self.timeout })
    }
}

impl Layer for Idempotency {
    fn plan(&self, place: &mut Place<'_, '_>) -> Vec<LayerPlan> {
        let store = self.kept_at(place);
        let (key, scope) = (self.key, self.scope);
        vec![LayerPlan::new(IdempotencyPlan { config: self.config(), key, scope, store })]
    }

    fn check(&self) -> Result<(), ConfigError> {
        self.config().check()
    }
}
