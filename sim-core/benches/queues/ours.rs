//! The queue of the engine.

use cascadia_runtime::Time;

use crate::contender::Contender;
use crate::engine::Class;
use crate::engine::own::queue::{Queue, TimerKey};

pub(crate) struct Ours(Queue<u32>);

impl Default for Ours {
    fn default() -> Self {
        Self(Queue::new())
    }
}

impl Contender for Ours {
    type Key = TimerKey;

    fn arm(&mut self, at: u64, payload: u32) -> TimerKey {
        self.0.arm(Time::from_nanos(at), Class::Event, payload)
    }

    fn cancel(&mut self, key: TimerKey) {
        self.0.cancel(key);
    }

    fn pop(&mut self) -> Option<(u64, u32)> {
        self.0.pop(Time::MAX).map(|(at, payload)| (at.as_nanos(), payload))
    }
}
