//! What a call allocates: nothing in the cores, a boxed future a layer in a stack; and what a long run holds.

mod bill;
mod cores;
mod day;
mod sagas;
mod stacks;
mod waits;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cascadia_runtime::Time;

/// The allocator of the system, with a count for each thread, of what it allocates and of the bytes that it holds.
struct Counting;

thread_local! {
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<i64> = const { Cell::new(0) };
    static PEAK: Cell<i64> = const { Cell::new(0) };
}

// Safety: everything is left to the allocator of the system.
#[expect(unsafe_code, reason = "an allocator is unsafe to write")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        LIVE.set(LIVE.get() + layout.size() as i64);
        PEAK.set(PEAK.get().max(LIVE.get()));
        // Safety: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        LIVE.set(LIVE.get() - layout.size() as i64);
        // Safety: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const ROUNDS: u64 = 10_000;

/// Allocations of so many rounds of `call`, one a millisecond, after some that may make room.
fn allocations(mut call: impl FnMut(Time)) -> u64 {
    let at = |round: u64| Time::from_nanos(round * 1_000_000);
    (0..ROUNDS).for_each(|round| call(at(round)));
    let before = COUNT.get();
    (ROUNDS..2 * ROUNDS).for_each(|round| call(at(round)));
    COUNT.get() - before
}
