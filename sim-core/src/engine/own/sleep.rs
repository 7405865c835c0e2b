use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use cascadia_runtime::Time;

use super::kernel::Action;
use super::queue::TimerKey;
use super::target::Target;
use super::world::World;
use crate::engine::{Class, try_with_world, with_world};

/// A wait for an instant of simulated time. Armed when first polled; dropped, it leaves nothing.
#[derive(Debug)]
pub struct Sleep {
    world: u64,
    at: Time,
    class: Class,
    stage: Stage,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    New,
    Armed(TimerKey),
    Over,
}

impl Sleep {
    pub(crate) const fn new(world: u64, at: Time, class: Class) -> Self {
        Self { world, at, class, stage: Stage::New }
    }

    /// The stage after a look at the clock.
    fn step(&self, world: &World, waker: &Waker) -> Stage {
        let now = world.now.get();
        match self.stage {
            Stage::Over => Stage::Over,
            Stage::Armed(key) => {
                if !world.kernel.borrow().queue.is_armed(key) {
                    return Stage::Over;
                }
                let action = Action::Wake(Target::new(world, waker));
                let before = {
                    let queue = &mut world.kernel.borrow_mut().queue;
                    std::mem::replace(queue.payload(key), action)
                };
                drop(before);
                Stage::Armed(key)
            }
            Stage::New if now > self.at || (now == self.at && self.class == Class::Event) => {
                Stage::Over
            }
            Stage::New => {
                let action = Action::Wake(Target::new(world, waker));
                world.arm(self.at, self.class, action).map_or(Stage::New, Stage::Armed)
            }
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.stage = with_world(self.world, |world| self.step(world, context.waker()));
        if matches!(self.stage, Stage::Over) { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Stage::Armed(key) = self.stage {
            let cancel = |world: &World| world.kernel.borrow_mut().queue.cancel(key);
            drop(try_with_world(self.world, cancel));
        }
    }
}
