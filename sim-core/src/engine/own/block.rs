use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// A value in a block of memory, where it stays.
///
/// A box would do, but tasks and callbacks come and go by the million and most of them look
/// alike: in the blocks of those that have ended, new ones need no allocation.
pub(super) struct Placed<T: ?Sized>(NonNull<T>);

/// Memory for a value.
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

impl<T: ?Sized> Placed<T> {
    /// Where the value is.
    pub(super) fn place(&self) -> NonNull<T> {
        self.0
    }

    #[expect(unsafe_code, reason = "it is a box of our own")]
    pub(super) fn get_mut(&mut self) -> &mut T {
        // Safety: the value is there as long as this is, which owns it.
        unsafe { self.0.as_mut() }
    }

    /// Drops the value, and leaves its block.
    pub(super) fn end(self) -> Block {
        ManuallyDrop::new(self).vacate()
    }

    /// Drops the value, which must not be used or dropped again. A block whose value panics is
    /// freed.
    #[expect(unsafe_code, reason = "what was put into a block by hand is dropped by hand")]
    fn vacate(&mut self) -> Block {
        let block = Block { place: self.0.cast(), layout: Block::layout(self.get_mut()) };
        // Safety: the value was written where it was reserved; both callers own it, and leave it.
        unsafe { self.0.drop_in_place() }
        block
    }
}

impl<T: ?Sized> Drop for Placed<T> {
    fn drop(&mut self) {
        drop(self.vacate());
    }
}

impl Block {
    #[expect(unsafe_code, reason = "a block of any size")]
    fn new(layout: Layout) -> Self {
        // Safety: the size is at least `GRAIN`.
        let place = NonNull::new(unsafe { alloc(layout) });
        Self { place: place.unwrap_or_else(|| handle_alloc_error(layout)), layout }
    }

    /// The layout of the block that a value is in.
    fn layout<T: ?Sized>(value: &T) -> Layout {
        Self::around(Layout::for_value(value))
    }

    /// The layout of blocks for values of a layout.
    fn around(value: Layout) -> Layout {
        let size = value.size().max(1).next_multiple_of(GRAIN);
        Layout::from_size_align(size, value.align().max(GRAIN)).expect("it is no giant")
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

    /// A block for a value of type `V`, seen as `T`. The value is written to the place that comes
    /// with it before anything else is done with it.
    pub(super) fn reserve<V, T: ?Sized>(
        &mut self,
        see: impl FnOnce(NonNull<V>) -> NonNull<T>,
    ) -> (Placed<T>, NonNull<V>) {
        let layout = Block::around(Layout::new::<V>());
        let kept = self.free.get_mut(Block::class(layout)).and_then(Vec::pop);
        let block = kept.unwrap_or_else(|| Block::new(layout));
        let place = ManuallyDrop::new(block).place.cast::<V>();
        (Placed(see(place)), place)
    }

    /// Keeps a block for the next value of its size.
    pub(super) fn keep(&mut self, block: Block) {
        if let Some(free) = self.free.get_mut(Block::class(block.layout)) {
            free.push(block);
        }
    }
}
