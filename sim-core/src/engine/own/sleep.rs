use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use cascadia_runtime::Time;

use super::timers::{Action, Class, TimerKey};
use super::world::{try_with_world, with_world};

/// A wait for an instant of simulated time. Armed when first polled; dropped, it leaves nothing.
#[derive(Debug)]
pub struct Sleep {
    world: u64,
    at: Time,
    class: Class,
    timer: Option<TimerKey>,
}

impl Sleep {
    pub(crate) const fn new(world: u64, at: Time, class: Class) -> Self {
        Self { world, at, class, timer: None }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        with_world(self.world, |world| {
            if let Some(key) = self.timer {
                let mut timers = world.timers.borrow_mut();
                if !timers.is_armed(key) {
                    return Poll::Ready(());
                }
                timers.set_waker(key, context.waker());
                return Poll::Pending;
            }
            let now = world.now.get();
            let over = match self.class {
                Class::Event => now >= self.at,
                Class::Deadline => now > self.at,
            };
            if over {
                return Poll::Ready(());
            }
            self.timer = world.arm(self.at, self.class, Action::Wake(context.waker().clone()));
            Poll::Pending
        })
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.timer {
            let action = try_with_world(self.world, |world| world.timers.borrow_mut().cancel(key));
            drop(action);
        }
    }
}
