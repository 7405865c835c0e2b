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

    /// The stage after the first look at the clock.
    fn begin(&self, world: &World, waker: &Waker) -> Stage {
        let now = world.now.get();
        if now > self.at || (now == self.at && self.class == Class::Event) {
            return Stage::Over;
        }
        let action = Action::Wake(Target::new(world, waker));
        world.arm(self.at, self.class, action).map_or(Stage::New, Stage::Armed)
    }
}

/// Makes an armed timer wake `waker`, whoever it was to wake before.
fn redirect(world: &World, key: TimerKey, waker: &Waker) {
    let action = Action::Wake(Target::new(world, waker));
    let before = {
        let queue = &mut world.kernel.borrow_mut().queue;
        std::mem::replace(queue.payload(key), action)
    };
    drop(before);
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let stage = match self.stage {
            Stage::New => with_world(self.world, |world| self.begin(world, context.waker())),
            Stage::Armed(key) => with_world(self.world, |world| {
                if !world.kernel.borrow().queue.is_armed(key) {
                    return Stage::Over;
                }
                redirect(world, key, context.waker());
                Stage::Armed(key)
            }),
            Stage::Over => Stage::Over,
        };
        self.stage = stage;
        if matches!(stage, Stage::Over) { Poll::Ready(()) } else { Poll::Pending }
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
