use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::Window;
use super::estimator::{Answer, Estimator, Sample};

/// Shows another rule one sample for many calls: their mean latency, the most that were under way,
/// and whether one was lost.
#[derive(Debug)]
pub(super) struct Windowed {
    window: Window,
    inner: Box<dyn Estimator>,
    /// The window ends with the first call after this.
    until: Time,
    gathered: Gathered,
}

#[derive(Debug)]
struct Gathered {
    calls: u32,
    sum: u128,
    shortest: Duration,
    in_flight: u32,
    lost: Option<Answer>,
}

impl Gathered {
    const NOTHING: Self =
        Self { calls: 0, sum: 0, shortest: Duration::MAX, in_flight: 0, lost: None };

    fn add(&mut self, sample: &Sample) {
        self.calls += 1;
        self.sum += sample.rtt.as_nanos();
        self.shortest = self.shortest.min(sample.rtt);
        self.in_flight = self.in_flight.max(sample.in_flight);
        if sample.answer != Answer::Ok {
            self.lost = Some(sample.answer);
        }
    }

    fn mean(&self) -> Duration {
        let mean = self.sum / u128::from(self.calls);
        Duration::from_nanos(u64::try_from(mean).unwrap_or(u64::MAX))
    }
}

impl Windowed {
    pub(super) fn new(window: Window, inner: Box<dyn Estimator>) -> Self {
        Self { window, inner, until: Time::ZERO, gathered: Gathered::NOTHING }
    }
}

impl Estimator for Windowed {
    fn on_sample(&mut self, now: Time, sample: &Sample, stream: &mut Stream) {
        let Window { samples, min, max, min_rtt } = self.window;
        if sample.answer == Answer::Ok && sample.rtt < min_rtt {
            return;
        }
        self.gathered.add(sample);
        if now <= self.until {
            return;
        }
        let gathered = std::mem::replace(&mut self.gathered, Gathered::NOTHING);
        self.until = now + gathered.shortest.saturating_mul(2).clamp(min, max);
        if gathered.calls >= samples {
            let sample = Sample {
                began: sample.began,
                rtt: gathered.mean(),
                in_flight: gathered.in_flight,
                answer: gathered.lost.unwrap_or(Answer::Ok),
            };
            self.inner.on_sample(now, &sample, stream);
        }
    }

    fn limit(&self) -> u32 {
        self.inner.limit()
    }
}
