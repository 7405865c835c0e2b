use std::sync::Arc;

use super::replica::Replica;
use crate::component::{Body, Component, Death, Drained, Envelope, Life, Strike};

impl Component for Replica {
    fn boot(self: Arc<Self>, life: Life) {
        self.begin_life(life.incarnation());
        self.open_mail(&life);
        if let Some(log) = &self.log {
            log.boot(life);
        }
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        match envelope.body {
            Body::Request(exchange) => self.arrive(exchange),
            Body::Cancel(exchange) => self.cancel(&exchange),
            Body::Message(_) | Body::Reset => self.hear(envelope),
        }
    }

    fn drain(self: Arc<Self>, drained: Drained) {
        self.close_mail(drained);
    }

    fn end(&self, _: Death) {
        self.end_life();
        if let Some(log) = &self.log {
            log.end();
        }
    }

    fn ended(&self, death: Death) {
        self.leave_remains(death);
    }

    fn strike(&self, strike: Strike, begins: bool) {
        match strike {
            Strike::Slow(factor) => self.pace.stretch_start(factor, begins),
            Strike::Stretch(factor) => self.pace.stretch_rate(factor, begins),
            Strike::Fail(index, errors) => self.fault(index, begins.then_some(errors)),
        }
    }
}
