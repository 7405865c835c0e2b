use std::cmp::Ordering;

use cascadia_runtime::Time;

use crate::engine::Class;

/// A timer's place in the order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// Time and class.
    pub(super) instant: u64,
    pub(super) sequence: u64,
    pub(super) slot: u32,
}

/// Time and class in one number that keeps their order. Time ends after 292 years.
pub(super) fn instant(at: Time, class: Class) -> u64 {
    at.as_nanos().min(u64::MAX >> 1) << 1 | class as u64
}

pub(super) fn time(instant: u64) -> Time {
    Time::from_nanos(instant >> 1)
}

impl Entry {
    /// Its order, which is compared without a branch.
    pub(super) fn key(&self) -> u128 {
        u128::from(self.instant) << 64 | u128::from(self.sequence)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Entry {}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}
