use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::future::Future;
use std::ptr::NonNull;

/// A future of a task.
pub(super) type TaskFuture = dyn Future<Output = ()> + Send;

/// The work of a task: a future in a block of memory, where it stays.
///
/// A box would do, but tasks come and go by the million and most of them look alike: in the
/// blocks of those that have ended, new ones need no allocation.
pub(super) struct Work {
    future: Placed,
    block: Block,
}

/// A future that lives in a block, and is dropped there.
struct Placed(NonNull<TaskFuture>);

/// Memory for a future.
pub(super) struct Block {
    place: NonNull<u8>,
    layout: Layout,
}

/// Blocks that nobody uses, by size.
pub(super) struct Blocks {
    free: [Vec<Block>; CLASSES],
}

/// Sizes are whole numbers of these, and so are places.
const GRAIN: usize = 64;
/// How many sizes are kept.
const CLASSES: usize = 32;

impl Work {
    /// Where the future is. It may be polled there, pinned, while this exists and nobody else
    /// polls it.
    pub(super) fn place(&self) -> NonNull<TaskFuture> {
        self.future.0
    }

    /// Drops the future, and leaves its block.
    pub(super) fn end(self) -> Block {
        let Self { future, block } = self;
        drop(future);
        block
    }
}

impl Drop for Placed {
    #[expect(unsafe_code, reason = "what was put into a block by hand is dropped by hand")]
    fn drop(&mut self) {
        // Safety: `Blocks::put` wrote the future there, and nobody else drops it.
        unsafe { self.0.drop_in_place() }
    }
}

impl Block {
    #[expect(unsafe_code, reason = "a block of any size")]
    fn new(layout: Layout) -> Self {
        // Safety: the size is at least `GRAIN`.
        let place = NonNull::new(unsafe { alloc(layout) });
        Self { place: place.unwrap_or_else(|| handle_alloc_error(layout)), layout }
    }

    /// The layout of blocks for futures of type `F`.
    fn layout<F>() -> Layout {
        let own = Layout::new::<F>();
        let size = own.size().max(1).next_multiple_of(GRAIN);
        Layout::from_size_align(size, own.align().max(GRAIN)).expect("a future is no giant")
    }

    fn class(layout: Layout) -> usize {
        if layout.align() == GRAIN { layout.size() / GRAIN - 1 } else { CLASSES }
    }
}

impl Drop for Block {
    #[expect(unsafe_code, reason = "what was allocated by hand is freed by hand")]
    fn drop(&mut self) {
        // Safety: `new` allocated it with this layout.
        unsafe { dealloc(self.place.as_ptr(), self.layout) }
    }
}

impl Blocks {
    pub(super) const fn new() -> Self {
        Self { free: [const { Vec::new() }; CLASSES] }
    }

    /// Puts a future into a block.
    #[expect(unsafe_code, reason = "a future of any type goes into a block of its size")]
    pub(super) fn put<F: Future<Output = ()> + Send + 'static>(&mut self, future: F) -> Work {
        let layout = Block::layout::<F>();
        let kept = self.free.get_mut(Block::class(layout)).and_then(Vec::pop);
        let block = kept.unwrap_or_else(|| Block::new(layout));
        let place = block.place.cast::<F>();
        // Safety: a class has one layout, which is large enough for the future, and nobody else
        // has the block.
        unsafe { place.write(future) }
        Work { future: Placed(place), block }
    }

    /// Keeps a block for the next future of its size.
    pub(super) fn keep(&mut self, block: Block) {
        if let Some(free) = self.free.get_mut(Block::class(block.layout)) {
            free.push(block);
        }
    }
}
