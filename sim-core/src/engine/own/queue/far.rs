use super::entry::Entry;
use super::near::Near;
use super::slots::Slots;

/// Timers that are not near, dealt into buckets by their instant.
///
/// An instant is a number of eleven digits, each six bits. A timer lies at the level of the highest
/// digit in which its instant differs from `base`, in the bucket of that digit. So everything at a
/// lower level is earlier than everything at a higher one, a lower digit earlier than a higher one,
/// and where a timer lies depends on its instant and on `base` alone: `base` moves only to the
/// earliest timer of the earliest bucket, and that bucket is dealt anew.
pub(super) struct Far {
    /// By level, then by digit.
    buckets: Vec<Vec<Entry>>,
    /// For each level, the digits whose bucket holds something.
    digits: [u64; LEVELS],
    /// The levels that hold something.
    levels: u32,
    /// Earlier than everything here.
    base: u64,
    /// Timers here that were cancelled.
    dead: usize,
}

/// Bits of a digit.
const BITS: u32 = 6;
/// Buckets of a level.
const WIDTH: usize = 1 << BITS;
/// Digits of an instant.
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;

impl Far {
    pub(super) const fn new() -> Self {
        Self { buckets: Vec::new(), digits: [0; LEVELS], levels: 0, base: 0, dead: 0 }
    }

    /// How many cancelled timers are still here.
    pub(super) fn dead(&self) -> usize {
        self.dead
    }

    pub(super) fn is_empty(&self) -> bool {
        self.levels == 0
    }

    /// Whether the timer is too early to be here.
    pub(super) fn is_before(&self, entry: Entry) -> bool {
        entry.instant <= self.base
    }

    pub(super) fn put(&mut self, entry: Entry) {
        let (level, digit) = self.place(entry.instant);
        if self.buckets.is_empty() {
            self.buckets.resize_with(LEVELS * WIDTH, Vec::new);
        }
        self.buckets[level * WIDTH + digit].push(entry);
        self.digits[level] |= 1 << digit;
        self.levels |= 1 << level;
    }

    /// Takes a cancelled timer out, or leaves it behind where that is not easy.
    pub(super) fn take_out(&mut self, entry: Entry) {
        let (level, digit) = self.place(entry.instant);
        let bucket = &mut self.buckets[level * WIDTH + digit];
        if bucket.last() != Some(&entry) {
            self.dead += 1;
            return;
        }
        bucket.pop();
        if bucket.is_empty() {
            self.vacate(level, digit);
        }
    }

    /// Moves the earliest bucket on: to `near`, in order, if it is not larger than `run`, and else
    /// the earliest timers to `near` and the others to lower levels. Does nothing if the earliest
    /// timer is later than `limit`.
    pub(super) fn refill<T>(
        &mut self,
        near: &mut Near,
        slots: &Slots<T>,
        limit: u64,
        run: usize,
    ) -> Option<()> {
        if self.levels == 0 {
            return None;
        }
        let level = self.levels.trailing_zeros() as usize;
        let digit = self.digits[level].trailing_zeros() as usize;
        let place = level * WIDTH + digit;
        let earliest = self.buckets[place].iter().map(|entry| entry.instant).min();
        let earliest = earliest.filter(|earliest| *earliest <= limit)?;
        self.base = earliest;
        self.vacate(level, digit);
        let mut bucket = std::mem::take(&mut self.buckets[place]);
        self.bury(&mut bucket, slots);
        let near = near.begin();
        if level == 0 || bucket.len() <= run {
            near.append(&mut bucket);
        } else {
            for entry in bucket.drain(..) {
                if entry.instant == earliest { near.push(entry) } else { self.put(entry) }
            }
        }
        near.sort_unstable();
        self.buckets[place] = bucket;
        Some(())
    }

    /// Takes out everything that was cancelled.
    pub(super) fn sweep<T>(&mut self, slots: &Slots<T>) {
        for level in 0..LEVELS {
            let mut digits = self.digits[level];
            while digits != 0 {
                let digit = digits.trailing_zeros() as usize;
                digits &= digits - 1;
                let mut bucket = std::mem::take(&mut self.buckets[level * WIDTH + digit]);
                self.bury(&mut bucket, slots);
                if bucket.is_empty() {
                    self.vacate(level, digit);
                }
                self.buckets[level * WIDTH + digit] = bucket;
            }
        }
    }

    /// Takes what was cancelled out of a bucket.
    fn bury<T>(&mut self, bucket: &mut Vec<Entry>, slots: &Slots<T>) {
        if self.dead > 0 {
            let before = bucket.len();
            bucket.retain(|entry| slots.holds(entry));
            self.dead -= before - bucket.len();
        }
    }

    fn vacate(&mut self, level: usize, digit: usize) {
        self.digits[level] &= !(1 << digit);
        if self.digits[level] == 0 {
            self.levels &= !(1 << level);
        }
    }

    /// Level and digit of an instant after `base`.
    fn place(&self, instant: u64) -> (usize, usize) {
        let level = (instant ^ self.base).ilog2() / BITS;
        (level as usize, (instant >> (level * BITS)) as usize % WIDTH)
    }
}
