use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Time;

use super::role::{Pair, Role};
use crate::network::{Fabric, Link, Message, MessageKind, Party, Queueing, Wire};

/// Bytes of a packet besides what it carries: the headers of IP and TCP.
const HEADER: usize = 40;

/// A direction between two machines at run time.
pub(super) struct Path {
    fabric: Arc<Fabric>,
    /// Those of connections that were dialled from where it begins, and from where it ends: a link
    /// is that of calls, both ways.
    wires: Pair<Wire>,
    queueing: Queueing,
    /// What its draws are made of, with the number of the packet.
    key: u64,
    packets: u64,
}

impl Path {
    pub(super) fn new(fabric: Arc<Fabric>, from: Party, to: Party, key: u64) -> Self {
        let wires = Pair([fabric.wire(from, to), fabric.wire(to, from).reversed()]);
        Self { fabric, wires, queueing: Queueing::default(), key, packets: 0 }
    }

    /// What it is like for packets sent from now on.
    pub(super) fn set(&mut self, link: &Link) {
        for role in Role::BOTH {
            self.wires[role].link = Some(link.clone());
        }
    }

    /// Sends a packet with `payload` bytes of a connection whose `role` is where the path begins:
    /// when it arrives, or `None` where it is lost.
    pub(super) fn send(&mut self, now: Time, role: Role, payload: usize) -> Option<Time> {
        self.packets += 1;
        let wire = &self.wires[role];
        let bandwidth = wire.link.as_ref().and_then(|link| link.bandwidth);
        let departs = self.queueing.departs(now, payload + HEADER, bandwidth);
        let packet = Message { key: self.key, kind: MessageKind::Packet, number: self.packets };
        let delay = self.fabric.delay(wire, &packet)?;
        Some(departs + Duration::from_nanos(delay))
    }
}
