use super::entry::Entry;
use super::near::Near;

/// Timers that are not near, dealt into buckets by their instant.
///
/// An instant is a number of eleven digits, each six bits. A timer lies at the level of the highest
/// digit in which its instant differs from `base`, in the bucket of that digit. So everything at a
/// lower level is earlier than everything at a higher one, a lower digit earlier than a higher one,
/// and no bucket has to be in order: when its turn comes it is sorted, if it is small, and else
/// dealt again, relative to its earliest timer, to lower levels.
pub(super) struct Far {
    /// By level, then by digit.
    buckets: Box<[Vec<Entry>; LEVELS * WIDTH]>,
    /// For each level, the digits whose bucket holds something.
    digits: [u64; LEVELS],
    /// The levels that hold something.
    levels: u32,
    /// Memory of buckets that are empty, the one used last on top.
    spare: Vec<Vec<Entry>>,
    /// Earlier than everything here, and not earlier than anything that came out.
    base: u64,
}

/// Bits of a digit.
const BITS: u32 = 6;
/// Buckets of a level.
const WIDTH: usize = 1 << BITS;
/// Digits of an instant.
const LEVELS: usize = u64::BITS.div_ceil(BITS) as usize;

impl Far {
    pub(super) fn new() -> Self {
        let buckets = Box::new([const { Vec::new() }; LEVELS * WIDTH]);
        Self { buckets, digits: [0; LEVELS], levels: 0, spare: Vec::new(), base: 0 }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.levels == 0
    }

    /// Whether the timer is too early to be here.
    pub(super) fn is_before(&self, entry: Entry) -> bool {
        entry.instant <= self.base
    }

    #[inline]
    pub(super) fn put(&mut self, entry: Entry) {
        let level = (entry.instant ^ self.base).ilog2() / BITS;
        let digit = (entry.instant >> (level * BITS)) as usize % WIDTH;
        let level = level as usize;
        let place = level * WIDTH + digit;
        if self.buckets[place].capacity() == 0 {
            self.furnish(place);
        }
        self.buckets[place].push(entry);
        self.digits[level] |= 1 << digit;
        self.levels |= 1 << level;
    }

    /// Gives memory to a bucket that has none.
    #[cold]
    fn furnish(&mut self, place: usize) {
        self.buckets[place] = self.spare.pop().unwrap_or_default();
    }

    /// Moves the earliest timers on to `near`, which is empty: the whole earliest bucket if it
    /// holds no more than `run`. Does nothing if they are later than `limit`.
    pub(super) fn refill(&mut self, near: &mut Near, limit: u64, run: usize) -> Option<()> {
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
        if level == 0 || bucket.len() <= run {
            near.refill(bucket.drain(..));
        } else {
            near.refill(bucket.extract_if(.., |entry| entry.instant == earliest));
            bucket.drain(..).for_each(|entry| self.put(entry));
        }
        self.spare.push(bucket);
        Some(())
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&Entry) -> bool) {
        for level in 0..LEVELS {
            let digits = self.digits[level];
            for digit in (0..WIDTH).filter(|digit| digits & 1 << digit != 0) {
                let bucket = &mut self.buckets[level * WIDTH + digit];
                bucket.retain(&keep);
                if bucket.is_empty() {
                    self.spare.push(std::mem::take(bucket));
                    self.vacate(level, digit);
                }
            }
        }
    }

    fn vacate(&mut self, level: usize, digit: usize) {
        self.digits[level] &= !(1 << digit);
        if self.digits[level] == 0 {
            self.levels &= !(1 << level);
        }
    }
}
