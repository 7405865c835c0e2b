use cascadia_runtime::Time;

use crate::endpoints::EndpointKey;

/// What is known of one endpoint.
#[derive(Debug)]
pub(super) struct Record {
    /// Which it is.
    pub(super) endpoint: EndpointKey,
    /// Runs of errors, gateway errors and errors of local origin.
    pub(super) runs: [u32; 3],
    /// Outcomes of this interval, and apart from them whether there was an answer.
    pub(super) counts: [Counts; 2],
    /// Outcomes of the last interval.
    pub(super) last: [Counts; 2],
    /// Until when it is ejected at least, if it is.
    pub(super) ejected: Option<Time>,
    /// How often it was ejected, less with time.
    pub(super) times: u32,
    /// When the last ejection ended.
    pub(super) restored: Option<Time>,
}

/// Outcomes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) good: u64,
    pub(super) all: u64,
}

impl Counts {
    pub(super) fn add(&mut self, good: bool) {
        self.all += 1;
        self.good += u64::from(good);
    }

    pub(super) fn success_rate(self) -> f64 {
        self.good as f64 / self.all as f64
    }
}

impl Record {
    /// Nothing is known.
    pub(super) fn new(endpoint: EndpointKey) -> Self {
        Self {
            endpoint,
            runs: [0; 3],
            counts: [Counts::default(); 2],
            last: [Counts::default(); 2],
            ejected: None,
            times: 0,
            restored: None,
        }
    }

    /// The interval is over.
    pub(super) fn turn(&mut self) {
        self.last = std::mem::take(&mut self.counts);
    }
}
