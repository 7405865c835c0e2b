use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use cascadia_runtime::Time;

use super::alarm::Alarm;
use crate::engine::{Class, with_world};

/// A wait for an instant of simulated time. Armed when first polled; dropped, it wakes nobody,
/// but madsim keeps some bytes of it until its time.
#[derive(Debug)]
pub struct Sleep {
    world: u64,
    at: Time,
    class: Class,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    New,
    Armed(Arc<Alarm>),
    Over,
}

impl Sleep {
    pub(crate) const fn new(world: u64, at: Time, class: Class) -> Self {
        Self { world, at, class, stage: Stage::New }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let (at, class, waker) = (self.at, self.class, context.waker());
        with_world(self.world, |world| match &self.stage {
            Stage::Over => {}
            Stage::Armed(alarm) if alarm.has_rung(waker) => self.stage = Stage::Over,
            Stage::Armed(_) => {}
            Stage::New if world.is_past(at, class) => self.stage = Stage::Over,
            Stage::New => {
                self.stage = world.arm(at, class, waker).map_or(Stage::New, Stage::Armed);
            }
        });
        if matches!(self.stage, Stage::Over) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Stage::Armed(alarm) = &self.stage {
            alarm.cancel();
        }
    }
}
