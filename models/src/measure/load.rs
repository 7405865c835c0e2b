use std::time::Duration;

use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::exchange::Cause;
use crate::plan::{Depth, Probe};
use crate::stats::Histogram;

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// Answered with success.
    Ok,
    /// Not answered with success.
    Failed(Cause),
    /// The run ended first.
    Unfinished,
}

impl Ended {
    /// Every way to end, in the order of [`Tally::outcomes`].
    pub const ALL: [Self; 6] = [
        Self::Ok,
        Self::Failed(Cause::Failed),
        Self::Failed(Cause::Timeout),
        Self::Failed(Cause::Rejected),
        Self::Failed(Cause::ShortCircuit),
        Self::Unfinished,
    ];

    /// The position in [`Self::ALL`].
    pub const fn index(self) -> usize {
        match self {
            Self::Ok => 0,
            Self::Failed(Cause::Failed) => 1,
            Self::Failed(Cause::Timeout) => 2,
            Self::Failed(Cause::Rejected) => 3,
            Self::Failed(Cause::ShortCircuit) => 4,
            Self::Unfinished => 5,
        }
    }
}

/// Counters of a source of load, by the time at which things happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LoadCounters {
    /// Requests sent.
    pub offered: u64,
    /// Requests ended, by how.
    pub outcomes: [u64; 6],
    /// Those of the successes that a fallback has a part in.
    pub degraded: u64,
    /// Tries that went over the network: the first of each request, and every retry and copy at any
    /// depth. What a layer refuses before is not sent.
    pub attempts: u64,
    /// Retries that a budget denied.
    pub denied: u64,
    /// Requests at any depth without the trace of the one that they were made for.
    pub orphans: u64,
}

/// The requests whose intended send lies in one window.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Requests sent.
    pub offered: u64,
    /// A fingerprint of when they were to be sent and of their keys, in whatever order.
    pub demand: u64,
    /// How they ended.
    pub outcomes: [u64; 6],
    /// Those of the successes that a fallback has a part in.
    pub degraded: u64,
    /// Tries that went over the network for them: the first of each, and every retry and copy at
    /// any depth.
    pub attempts: u64,
    /// Latency of those that ended in success, in nanoseconds.
    pub ok: Histogram,
    /// Latency of all that ended; only of all that is measured.
    pub all: Histogram,
    /// Those that ended in success faster than the probe's limit.
    pub below: u64,
}

impl Tally {
    /// Adds the requests of another run. Exact, so the order of merging does not matter.
    pub fn merge(&mut self, other: &Self) {
        self.offered += other.offered;
        self.demand = self.demand.wrapping_add(other.demand);
        for (mine, theirs) in self.outcomes.iter_mut().zip(other.outcomes) {
            *mine += theirs;
        }
        self.degraded += other.degraded;
        self.attempts += other.attempts;
        self.ok.merge(&other.ok);
        self.all.merge(&other.all);
        self.below += other.below;
    }
}

/// What a source of load measured.
#[derive(Clone, Debug)]
pub struct LoadMeasured {
    /// Everything that counts: sent from the warm-up on.
    pub measured: Tally,
    /// For each window of the series, what happened in it.
    pub series: Vec<LoadCounters>,
    /// For each window, the latency of what ended in success in it: p50, p95, p99, p99.9 and the
    /// maximum, in nanoseconds.
    pub latency: Vec<[Option<u64>; 5]>,
}

/// Measures one source of load.
pub(crate) struct LoadMeter {
    warmup: Time,
    pub(super) counters: LoadCounters,
    pub(super) measured: Tally,
    probes: Vec<Probe>,
    /// Of each probe that follows requests, unless that is all that is measured.
    tallies: Vec<Option<Tally>>,
    pub(super) copies: Vec<(Time, LoadCounters)>,
    window: Histogram,
    pub(super) latency: Vec<[Option<u64>; 5]>,
}

impl LoadMeter {
    pub(crate) fn new(warmup: Time, duration: Time, mut probes: Vec<Probe>) -> Self {
        // The end of the run belongs to the window before it.
        for probe in probes.iter_mut().filter(|probe| probe.until >= duration) {
            probe.until = Time::MAX;
        }
        let is_all = |probe: &Probe| probe.from == warmup && probe.until >= duration;
        let tally = |probe: &Probe| match probe.depth {
            Depth::Events => None,
            Depth::Requests { below: None } if is_all(probe) => None,
            Depth::Requests { .. } => Some(Tally::default()),
        };
        Self {
            warmup,
            counters: LoadCounters::default(),
            measured: Tally::default(),
            tallies: probes.iter().map(tally).collect(),
            probes,
            copies: Vec::new(),
            window: Histogram::default(),
            latency: Vec::new(),
        }
    }

    /// Copies the counters at a boundary, and says whether it is the first time. Where a run is
    /// interrupted at a boundary, the last copy counts.
    pub(crate) fn copy(&mut self, now: Time) -> bool {
        let fresh = self.copies.last().is_none_or(|(at, _)| *at < now);
        self.copies.push((now, self.counters));
        fresh
    }

    /// Begins the first window of the series.
    pub(crate) fn open_windows(&mut self) {
        self.window.clear();
    }

    /// What the probes counted, in their order. One without a tally gets all that is measured,
    /// which is what it follows if it follows anything.
    pub(crate) fn take_tallies(&mut self) -> Vec<Tally> {
        let tallies = std::mem::take(&mut self.tallies);
        tallies.into_iter().map(|tally| tally.unwrap_or_else(|| self.measured.clone())).collect()
    }

    /// Ends a window of the series.
    pub(crate) fn close_window(&mut self) {
        let quantile = |p| self.window.supported_quantile(p).map(|value| value as u64);
        let [p50, p95, p99, p999] = [0.5, 0.95, 0.99, 0.999].map(quantile);
        self.latency.push([p50, p95, p99, p999, self.window.max()]);
        self.window.clear();
    }

    fn sent(&mut self, key: u64, sent: Time) {
        self.counters.offered += 1;
        let demand = cascadia_runtime::mix(sent.as_nanos(), key);
        self.tally(sent, |_, tally| {
            tally.offered += 1;
            tally.demand = tally.demand.wrapping_add(demand);
        });
    }

    /// A try was sent for a request.
    pub(crate) fn tried(&mut self, sent: Time) {
        self.counters.attempts += 1;
        self.tally(sent, |_, tally| tally.attempts += 1);
    }

    /// A request ends in success by a fallback.
    fn degraded(&mut self, sent: Time) {
        self.counters.degraded += 1;
        self.tally(sent, |_, tally| tally.degraded += 1);
    }

    /// A budget denied a retry.
    pub(crate) fn denied(&mut self) {
        self.counters.denied += 1;
    }

    /// A request came without the trace of the one that it was made for.
    pub(crate) fn orphaned(&mut self) {
        self.counters.orphans += 1;
    }

    fn ended(&mut self, sent: Time, now: Time, ended: Ended) {
        let latency = now.since(sent).as_nanos() as u64;
        self.counters.outcomes[ended.index()] += 1;
        if ended == Ended::Ok {
            self.window.record(latency);
        }
        if ended != Ended::Unfinished && sent >= self.warmup {
            self.measured.all.record(latency);
        }
        self.tally(sent, |below, tally| {
            tally.outcomes[ended.index()] += 1;
            if ended == Ended::Ok {
                tally.ok.record(latency);
                tally.below += u64::from(below.is_some_and(|below| latency < nanos(below)));
            }
        });
    }

    fn tally(&mut self, sent: Time, mut count: impl FnMut(Option<Duration>, &mut Tally)) {
        if sent >= self.warmup {
            count(None, &mut self.measured);
        }
        for (probe, tally) in self.probes.iter().zip(&mut self.tallies) {
            if let (Some(tally), Depth::Requests { below }) = (tally, probe.depth)
                && probe.from <= sent
                && sent < probe.until
            {
                count(below, tally);
            }
        }
    }
}

fn nanos(duration: Duration) -> u64 {
    duration.as_nanos() as u64
}

/// A request on its way. It ends exactly once: with an outcome, or unfinished when it is dropped.
pub(crate) struct Ticket<'a> {
    meter: &'a Local<LoadMeter>,
    sent: Time,
    open: bool,
}

impl<'a> Ticket<'a> {
    /// The request `key` with the intended send `sent`.
    pub(crate) fn new(meter: &'a Local<LoadMeter>, key: u64, sent: Time) -> Self {
        meter.borrow_mut().sent(key, sent);
        Self { meter, sent, open: true }
    }

    pub(crate) fn end(mut self, now: Time, ended: Ended, degraded: bool) {
        self.open = false;
        let mut meter = self.meter.borrow_mut();
        if degraded {
            meter.degraded(self.sent);
        }
        meter.ended(self.sent, now, ended);
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.open {
            self.meter.borrow_mut().ended(self.sent, self.sent, Ended::Unfinished);
        }
    }
}
