use cascadia_runtime::Time;

use super::block::Placed;
use super::kernel::Action;
use crate::engine::{Class, with_world};

/// A callback, in a block.
pub(super) type Callback = Placed<dyn Call>;

/// What is called once.
pub(super) trait Call {
    fn call(&mut self);
}

struct Once<F>(Option<F>);

impl<F: FnOnce()> Call for Once<F> {
    fn call(&mut self) {
        if let Some(callback) = self.0.take() {
            callback();
        }
    }
}

/// Arms `callback` in the world `id`. It is moved once, from the caller into its block.
#[inline]
#[expect(unsafe_code, reason = "as for tasks")]
pub(crate) fn call_at<F: FnOnce() + 'static>(id: u64, at: Time, callback: F) {
    let reserved = with_world(id, |world| {
        let (call, place) = world.reserve_call::<Once<F>>()?;
        world.arm(at, Class::Event, Action::Call(call));
        Some(place)
    });
    if let Some(place) = reserved {
        // Safety: the place is in a block for such a value, and nothing has looked at it, as
        // nothing ran since it was reserved.
        unsafe { place.write(Once(Some(callback))) }
    }
}
