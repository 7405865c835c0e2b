use std::time::Duration;

use cascadia_runtime::Stream;

use super::faults::Fault;

/// What kind of world a seed is: each of these is drawn, so that no two are alike.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) members: u64,
    pub(crate) max_entries: u32,
    pub(crate) network: Weather,
    /// How long a write takes, at most; a few take ten times as long.
    pub(crate) sync: Duration,
    /// The mean time between faults, and how long they last.
    pub(crate) faults_every: Duration,
    pub(crate) faults_last: Duration,
    /// How often each kind of fault comes, of the sum of all.
    pub(crate) kinds: [u64; Fault::ALL.len()],
    pub(crate) clients_every: Duration,
    /// For how long there are faults.
    pub(crate) trouble: Duration,
}

/// What happens to messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weather {
    pub(crate) loss: f64,
    pub(crate) duplication: f64,
    /// How often one is very late.
    pub(crate) late: f64,
    pub(crate) delay: Duration,
}

pub(crate) const LATE: Duration = Duration::from_millis(400);

impl Weather {
    pub(crate) const FAIR: Self =
        Self { loss: 0.0, duplication: 0.0, late: 0.0, delay: Duration::from_millis(5) };
}

impl Plan {
    pub(crate) fn draw(stream: &mut Stream) -> Self {
        let pick = |stream: &mut Stream, all: [u64; 4]| all[stream.below(4) as usize];
        let millis = |stream: &mut Stream, all| Duration::from_millis(pick(stream, all));
        let share = |stream: &mut Stream, percents| pick(stream, percents) as f64 / 100.0;
        let plan = Self {
            members: pick(stream, [3, 3, 5, 5]),
            max_entries: pick(stream, [1, 1, 4, 64]) as u32,
            network: Weather {
                loss: share(stream, [0, 0, 2, 20]),
                duplication: share(stream, [0, 0, 2, 20]),
                late: share(stream, [0, 0, 1, 5]),
                delay: millis(stream, [1, 5, 20, 60]),
            },
            sync: millis(stream, [1, 2, 10, 40]),
            faults_every: millis(stream, [50, 100, 250, 600]),
            faults_last: millis(stream, [50, 150, 400, 1000]),
            kinds: Fault::ALL.map(|_| pick(stream, [0, 1, 1, 4])),
            clients_every: millis(stream, [4, 10, 20, 50]),
            trouble: Duration::from_secs(3),
        };
        if stream.below(4) == 0 { plan.of_short_reigns() } else { plan }
    }

    /// Leaders die one after the other, each with its last entries on few disks: what Figure 8 of the
    /// paper is about.
    fn of_short_reigns(self) -> Self {
        Self {
            members: 5,
            max_entries: 1,
            faults_every: Duration::from_millis(50),
            kinds: Fault::ALL.map(|fault| u64::from(fault == Fault::DyingYoung)),
            clients_every: self.clients_every.min(Duration::from_millis(10)),
            ..self
        }
    }
}
