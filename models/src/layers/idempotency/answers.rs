use std::sync::Arc;

use cascadia_patterns::idempotency::{Repeated, fingerprint};
use cascadia_patterns::store::Store;

use super::known::{KeyOf, Scope};
use super::remote::{Remote, Way};
use crate::exchange::{Answer, Content, Request, ServiceError, kept};

/// How modelled requests and their answers are known again.
pub(super) struct Answers {
    pub(super) key: KeyOf,
    pub(super) scope: Scope,
    /// The way to the store, if that is somewhere else.
    pub(super) way: Option<Arc<Way>>,
}

impl Repeated<Request, Content, ServiceError> for Answers {
    fn key(&self, request: &Request) -> Option<Arc<str>> {
        let key = match self.key {
            KeyOf::Request => format!("{:016x}", request.key),
            KeyOf::Subject => request.subject().to_string(),
        };
        Some(key.into())
    }

    fn store(&self, request: &Request, store: &Arc<dyn Store>) -> Arc<dyn Store> {
        match &self.way {
            Some(way) => Arc::new(Remote::new(way, store, request)),
            None => Arc::clone(store),
        }
    }

    fn scope(&self, request: &Request) -> Arc<str> {
        match self.scope {
            Scope::Endpoint => request.endpoint.0.to_string().into(),
            Scope::Service => "".into(),
        }
    }

    fn fingerprint(&self, request: &Request) -> u64 {
        let (endpoint, subject) = (request.endpoint.0.to_le_bytes(), request.subject());
        fingerprint([endpoint.as_slice(), &subject.to_le_bytes()])
    }

    fn encode(&self, outcome: &Answer) -> Option<Vec<u8>> {
        kept::encode(outcome)
    }

    fn decode(&self, bytes: &[u8]) -> Option<Answer> {
        kept::decode(bytes)
    }
}
