use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use super::Stage;
use crate::ids::ServiceId;

/// What was heard last of a call that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// Who was called refused it.
    Refused(ServiceId),
    /// Who was called stopped waiting, of what it does before its queue.
    GaveUp(ServiceId),
    /// The caller left when it had come so far.
    Left(ServiceId, Stage),
}

/// Where a call is, and what was heard last of those that are made for it. One thread writes it, and
/// it decides nothing.
#[derive(Default)]
pub(crate) struct Trail {
    stage: AtomicU32,
    news: AtomicU64,
}

impl Trail {
    #[inline]
    pub(crate) fn reach(&self, stage: Stage) {
        self.stage.store(stage.code(), Relaxed);
    }

    pub(crate) fn stage(&self) -> Stage {
        Stage::of(self.stage.load(Relaxed))
    }

    pub(crate) fn hear(&self, news: News) {
        self.news.store(news.code(), Relaxed);
    }

    pub(crate) fn heard(&self) -> Option<News> {
        News::of(self.news.load(Relaxed))
    }
}

/// The first code of a call that waits for service 0.
const CALLING: u32 = 5;

impl Stage {
    #[inline]
    const fn code(self) -> u32 {
        match self {
            Self::Sent => 0,
            Self::Down => 1,
            Self::Waiting => 2,
            Self::Working => 3,
            Self::Answered => 4,
            Self::Calling(ServiceId(service)) => CALLING.saturating_add(service),
        }
    }

    const fn of(code: u32) -> Self {
        match code {
            0 => Self::Sent,
            1 => Self::Down,
            2 => Self::Waiting,
            3 => Self::Working,
            4 => Self::Answered,
            _ => Self::Calling(ServiceId(code - CALLING)),
        }
    }
}

/// The first code of having left.
const LEFT: u64 = 3;

impl News {
    /// Who was called, behind what became of it; 0 is nothing.
    fn code(self) -> u64 {
        let (ServiceId(service), what) = match self {
            Self::Refused(service) => (service, 1),
            Self::GaveUp(service) => (service, 2),
            Self::Left(service, stage) => (service, LEFT + u64::from(stage.code())),
        };
        u64::from(service) | what << u32::BITS
    }

    fn of(code: u64) -> Option<Self> {
        let service = ServiceId(code as u32);
        match code >> u32::BITS {
            0 => None,
            1 => Some(Self::Refused(service)),
            2 => Some(Self::GaveUp(service)),
            stage => Some(Self::Left(service, Stage::of((stage - LEFT) as u32))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_heard_is_read_again() {
        let trail = Trail::default();
        assert_eq!((trail.stage(), trail.heard()), (Stage::Sent, None));
        for service in [0, 1, 70_000].map(ServiceId) {
            let calling = Stage::Calling(ServiceId(service.0 + 1));
            let stages = [Stage::Sent, Stage::Down, Stage::Waiting, Stage::Working, calling];
            for stage in stages.into_iter().chain([Stage::Answered]) {
                trail.reach(stage);
                assert_eq!(trail.stage(), stage);
                for news in
                    [News::Refused(service), News::GaveUp(service), News::Left(service, stage)]
                {
                    trail.hear(news);
                    assert_eq!(trail.heard(), Some(news));
                }
            }
        }
    }
}
