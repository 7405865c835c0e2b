use std::io;
use std::sync::Arc;

use cascadia_runtime::Time;

use super::{Connection, Content, Kind, Stage, Step};
use crate::tcp::role::Role;

impl Connection {
    /// Does what is due in the direction away from `role`.
    pub(super) fn turn(self: &Arc<Self>, role: Role) {
        self.step(|step| step.turn(role));
    }
}

/// What happens by itself.
impl Step<'_> {
    fn turn(&mut self, from: Role) {
        self.state.pipes[from].called(self.now);
        self.deliver(from);
        self.deliver_reset(from);
        self.retry(from);
        self.refill(from);
    }

    fn deliver(&mut self, from: Role) {
        while let Some((content, sent)) = self.state.pipes[from].flight.arrived(self.now) {
            if !self.receive(from, content, sent) {
                return self.state.pipes[from].flight.lose();
            }
            self.state.pipes[from].flight.take();
        }
    }

    /// A segment arrived at the host on the other end. Returns whether it was taken notice of; if
    /// not, it will be sent again.
    fn receive(&mut self, from: Role, content: Content, sent: Time) -> bool {
        let to = from.other();
        if !self.answers(to) {
            return false;
        }
        match (content, self.state.ends[to].stage) {
            (Content::Syn, Stage::Absent) if to == Role::Listener => return self.knock(sent),
            (Content::Syn, Stage::Opening) => self.consented(sent),
            (Content::Ack, Stage::Opening) => self.acknowledged(),
            (_, Stage::Absent) | (Content::Data(_), Stage::Closed) => return self.reset(to),
            (Content::Data(bytes), _) => {
                self.emit(Kind::Arrived, bytes);
                self.state.pipes[from].arrive(bytes);
                self.wake_reader(to);
            }
            (Content::Fin, _) => {
                self.emit(Kind::Ended, from as usize);
                self.state.pipes[from].ended = true;
                self.wake_reader(to);
            }
            (Content::Probe, _) => self.update(to),
            (Content::Syn | Content::Ack, _) => {}
        }
        true
    }

    /// Sends what was lost again, until it has been tried too often.
    fn retry(&mut self, from: Role) {
        if !self.state.pipes[from].flight.is_overdue(self.now) {
            return;
        }
        if !self.answers(from) {
            return self.forget(from);
        }
        let path = &mut self.connection.paths[from].borrow_mut();
        let tries = self.state.pipes[from].flight.retry(self.now, path);
        if tries > self.connection.settings.retries {
            self.fail(from, io::ErrorKind::TimedOut);
        }
    }

    /// Lets a writer that waits for room go on, or asks for it.
    fn refill(&mut self, from: Role) {
        let (end, pipe) = (&mut self.state.ends[from], &mut self.state.pipes[from]);
        if !end.waits_to_write() {
            return;
        }
        if pipe.window.room(self.now) > 0 {
            self.state.woken.extend(end.writer.take());
        } else if pipe.stall(self.now) {
            self.send(from, Content::Probe);
        }
    }

    fn wake_reader(&mut self, role: Role) {
        let reader = self.state.ends[role].reader.take();
        self.state.woken.extend(reader);
    }
}
