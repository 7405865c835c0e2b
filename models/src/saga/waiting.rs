use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::call::{Failure, Kind};
use cascadia_sim_core::Local;

use crate::component::Death;
use crate::exchange::{Answer, Exchange, ServiceError};

/// Those who wait for the end of a saga at a place.
#[derive(Default)]
pub(super) struct Waiting(Local<BTreeMap<u64, Arc<Exchange>>>);

impl Waiting {
    /// One more waits.
    pub(super) fn wait(&self, exchange: &Arc<Exchange>) {
        self.0.borrow_mut().insert(exchange.key(), Arc::clone(exchange));
    }

    /// Answers whoever waits, and still does.
    pub(super) fn answer(&self, exchange: &Arc<Exchange>, answer: Answer) {
        let waiting = self.0.borrow_mut().remove(&exchange.key());
        if waiting.is_some() {
            exchange.answer(answer);
        }
    }

    /// The process of the place has died, of which all hear, or its machine.
    pub(super) fn end(&self, death: Death) {
        let waiting = std::mem::take(&mut *self.0.borrow_mut());
        if death == Death::Process {
            let reset = || Err(Failure::Service(ServiceError::new(Kind::Reset)));
            waiting.values().for_each(|exchange| exchange.answer(reset()));
        }
    }
}
