use std::collections::VecDeque;

use super::message::Envelope;

/// Messages that may be sent, and those that wait for the disk.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    free: Vec<Envelope>,
    /// Each with the write that it waits for, in their order.
    held: VecDeque<(u64, Envelope)>,
}

impl Outbox {
    pub(super) fn send(&mut self, envelope: Envelope) {
        self.free.push(envelope);
    }

    /// Sends when `write` has ended.
    pub(super) fn send_after(&mut self, write: u64, envelope: Envelope) {
        self.held.push_back((write, envelope));
    }

    /// What may go now that all writes up to `durable` have ended.
    pub(super) fn take(&mut self, durable: u64) -> Vec<Envelope> {
        let mut messages = std::mem::take(&mut self.free);
        let may_go = self.held.partition_point(|(write, _)| *write <= durable);
        messages.extend(self.held.drain(..may_go).map(|(_, envelope)| envelope));
        messages
    }
}
