//! The world of a thread.

use std::cell::Cell;

use super::World;

thread_local! {
    /// The world of this thread: one, used again by each simulation.
    static WORLD: World = World::new();
}

/// Runs `action` in the world `id`.
///
/// # Panics
///
/// When that world does not live on this thread.
pub(crate) fn with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> T {
    WORLD.with(|world| {
        assert!(
            world.id() == id,
            "a handle of a simulation was used outside its run or on another thread"
        );
        action(world)
    })
}

/// The same, for destructors: `None` when the world is gone.
pub(super) fn try_with_world<T>(id: u64, action: impl FnOnce(&World) -> T) -> Option<T> {
    WORLD.try_with(|world| (world.id() == id).then(|| action(world))).ok().flatten()
}

/// Begins a simulation on this thread; returns its id.
pub(super) fn begin(seed: u64) -> u64 {
    thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });
    WORLD.with(|world| {
        let idle = world.id() == 0;
        assert!(idle, "a thread holds one simulation at a time; drop the other first");
        let count = COUNT.with(|count| count.replace(count.get() + 1));
        let thread = std::ptr::from_ref(world).addr() as u64;
        let id = cascadia_runtime::mix(thread, count).max(1);
        world.begin(id, seed);
        id
    })
}
