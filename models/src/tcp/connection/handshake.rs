use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Time;

use super::end::remember;
use super::{Connection, Content, Kind, Knock, Stage, Step};
use crate::tcp::role::Role;

/// The three packets that open a connection (RFC 9293, 3.5).
impl Connection {
    /// Begins to dial.
    pub(in crate::tcp) fn dial(self: &Arc<Self>) {
        self.step(|step| {
            step.state.ends[Role::Dialler].stage = Stage::Opening;
            step.send(Role::Dialler, Content::Syn);
        });
    }

    /// Waits until the dialler's end is open.
    pub(in crate::tcp) fn poll_opened(
        self: &Arc<Self>,
        context: &Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.step(|step| {
            let end = &mut step.state.ends[Role::Dialler];
            if let Some(failure) = end.failure {
                return Poll::Ready(Err(failure.into()));
            }
            if end.stage == Stage::Open {
                return Poll::Ready(Ok(()));
            }
            remember(&mut end.writer, context);
            Poll::Pending
        })
    }
}

impl Step<'_> {
    /// The wish to connect, sent at `sent`, arrived. Returns whether it was taken notice of.
    pub(super) fn knock(&mut self, sent: Time) -> bool {
        let here = &self.connection.locations[Role::Listener];
        match here.machine.knock(self.connection) {
            Knock::Refused => return self.reset(Role::Listener),
            Knock::Ignored => return false,
            Knock::Admitted(door) => self.state.door = Some(door),
        }
        self.state.outward = self.now.since(sent);
        self.state.ends[Role::Listener].stage = Stage::Opening;
        self.send(Role::Listener, Content::Syn);
        true
    }

    /// The consent, sent at `sent`, arrived at the dialler.
    pub(super) fn consented(&mut self, sent: Time) {
        let round_trip = self.state.outward + self.now.since(sent);
        for role in Role::BOTH {
            self.state.pipes[role].flight.measured(round_trip);
        }
        self.open(Role::Dialler);
        let waker = self.state.ends[Role::Dialler].writer.take();
        self.state.woken.extend(waker);
        self.send(Role::Dialler, Content::Ack);
    }

    /// The dialler's answer arrived at the listener.
    pub(super) fn acknowledged(&mut self) {
        self.open(Role::Listener);
        if let Some(door) = self.state.door.take() {
            door.ready(self.connection, &mut self.state.woken);
        }
    }

    fn open(&mut self, role: Role) {
        self.state.ends[role].stage = Stage::Open;
        self.emit(Kind::Opened, role as usize);
    }
}
