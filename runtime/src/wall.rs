use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

/// An instant of a wall clock: whole nanoseconds since 1970, in UTC.
///
/// A [`Time`](crate::Time) begins with its process and means nothing to another one. Whatever is
/// written down and read again after a restart, or by another machine, is a `Wall`: a lease, a time
/// to live, the timeout of a saga. Such a clock may be wrong, be set back, or run too fast, so who
/// decides by it says how far off it may be, and rests no safety on it.
///
/// It holds 584 years; arithmetic saturates at both ends.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Wall(u64);

impl Wall {
    /// The beginning of 1970.
    pub const EPOCH: Self = Self(0);
    /// Later than everything that happens.
    pub const MAX: Self = Self(u64::MAX);

    /// The instant `nanos` nanoseconds after the beginning of 1970.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Nanoseconds since the beginning of 1970.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// What has passed since `earlier`; zero if `earlier` is later, as after a step back.
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }

    /// Whether `deadline` has passed by a clock that may be `skew` off, whichever way that is
    /// wrong: who must not act too late asks this.
    pub fn may_be_past(self, deadline: Self, skew: Duration) -> bool {
        self + skew >= deadline
    }

    /// Whether `deadline` has passed even if the clock is `skew` ahead: who must not act too early
    /// asks this.
    pub fn is_past(self, deadline: Self, skew: Duration) -> bool {
        self - skew >= deadline
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

impl Add<Duration> for Wall {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(nanos(duration)))
    }
}

impl Sub<Duration> for Wall {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(nanos(duration)))
    }
}

/// What is before 1970 is its beginning.
impl From<SystemTime> for Wall {
    fn from(time: SystemTime) -> Self {
        Self(nanos(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()))
    }
}

impl From<Wall> for SystemTime {
    fn from(wall: Wall) -> Self {
        Self::UNIX_EPOCH + Duration::from_nanos(wall.0)
    }
}

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1970+{}.{:09}s", self.0 / 1_000_000_000, self.0 % 1_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Wall::MAX + HOUR, Wall::MAX);
        assert_eq!(Wall::EPOCH - HOUR, Wall::EPOCH);
        assert_eq!(Wall::EPOCH.since(Wall::MAX), Duration::ZERO);
        let before = SystemTime::UNIX_EPOCH - HOUR;
        assert_eq!(Wall::from(before), Wall::EPOCH);
    }

    #[test]
    fn a_wall_clock_of_the_system_is_the_same_instant() {
        let wall = Wall::from_nanos(1_234_567_890_123_456_789);
        assert_eq!(Wall::from(SystemTime::from(wall)), wall);
    }

    /// True time is within the skew on either side: one question errs early, the other late.
    #[test]
    fn a_bound_of_the_skew_holds_from_both_sides() {
        let (deadline, skew) = (Wall::from_nanos(10_000), Duration::from_nanos(100));
        for shown in 9_800..10_200 {
            let shown = Wall::from_nanos(shown);
            let (least, most) = (shown - skew, shown + skew);
            assert_eq!(shown.is_past(deadline, skew), least >= deadline, "{shown:?}");
            assert_eq!(shown.may_be_past(deadline, skew), most >= deadline, "{shown:?}");
        }
    }
}
