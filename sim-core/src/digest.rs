use std::fmt;

use cascadia_runtime::Time;

use crate::Event;

/// A rolling 128-bit fingerprint of model events, in order.
///
/// Two runs with the same digest did the same things at the same times. It sees neither timers
/// nor task wakes, so the kernel can be made faster without moving it.
///
/// Each lane is rotated, joined with the event and multiplied by an odd constant. For a given
/// event that is a bijection of the state, so a difference is never cancelled by what follows
/// being equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    low: u64,
    high: u64,
    events: u64,
}

impl Digest {
    /// The digest of no events.
    pub const fn new() -> Self {
        Self { low: 0x243f_6a88_85a3_08d3, high: 0x1319_8a2e_0370_7344, events: 0 }
    }

    /// Adds an event.
    pub fn add(&mut self, at: Time, event: Event) {
        let who = (u64::from(event.entity) << 8) | u64::from(event.kind);
        let low = self.low.rotate_left(29) ^ at.as_nanos() ^ who.rotate_left(40);
        let high = self.high.rotate_left(23) ^ event.value ^ who;
        self.low = low.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.high = high.wrapping_mul(0xd6e8_feb8_6659_fd93) ^ (low >> 32);
        self.events += 1;
    }

    /// How many events it has seen.
    pub const fn events(&self) -> u64 {
        self.events
    }

    /// The fingerprint.
    pub fn value(&self) -> u128 {
        let low = cascadia_runtime::mix(self.low, self.high);
        let high = cascadia_runtime::mix(self.high, self.events ^ low);
        (u128::from(high) << 64) | u128::from(low)
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(events: &[(u64, u32, u8, u64)]) -> u128 {
        let mut digest = Digest::new();
        for &(at, entity, kind, value) in events {
            digest.add(Time::from_nanos(at), Event { entity, kind, value });
        }
        digest.value()
    }

    #[test]
    fn every_field_and_the_order_count() {
        let base = digest(&[(1, 2, 3, 4), (5, 6, 7, 8)]);
        assert_eq!(base, digest(&[(1, 2, 3, 4), (5, 6, 7, 8)]));
        let others = [
            digest(&[(0, 2, 3, 4), (5, 6, 7, 8)]),
            digest(&[(1, 3, 3, 4), (5, 6, 7, 8)]),
            digest(&[(1, 2, 2, 4), (5, 6, 7, 8)]),
            digest(&[(1, 2, 3, 5), (5, 6, 7, 8)]),
            digest(&[(5, 6, 7, 8), (1, 2, 3, 4)]),
            digest(&[(1, 2, 3, 4)]),
        ];
        assert!(others.iter().all(|other| *other != base));
    }

    #[test]
    fn the_value_is_golden() {
        assert_eq!(digest(&[(1, 2, 3, 4)]), GOLDEN);
    }

    const GOLDEN: u128 = 10129990056398073168362615164195621298;
}
