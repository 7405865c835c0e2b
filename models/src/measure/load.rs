use std::collections::BTreeMap;
use std::time::Duration;

use cascadia_patterns::call::Kind;
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::causes::{Causes, Failures};
use super::counters::{Answers, Count, Counts, LoadCounters, SLOWER};
use crate::blame::{Blame, News};
use crate::exchange::{Answer, Cause, Ended, Outcomes};
use crate::plan::{Depth, Plan, Probe};
use crate::stats::Histogram;

/// The requests whose intended send lies in one window.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// What is counted besides how they ended.
    pub counts: Counts,
    /// A fingerprint of when they were to be sent and of their keys, in whatever order.
    pub demand: u64,
    /// How they ended.
    pub outcomes: Outcomes,
    /// What kind of answer they got.
    pub answers: Answers,
    /// Why those failed that did.
    pub causes: Causes,
    /// Latency of those that ended in success, in nanoseconds.
    pub ok: Histogram,
    /// Latency of the others: the time until their user was told, and of what is unfinished its
    /// age at the end of the run.
    pub others: Histogram,
    /// Those that ended in success faster than the probe's limit.
    pub below: u64,
}

impl Tally {
    /// Adds the requests of another run. Exact, so the order of merging does not matter.
    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.demand = self.demand.wrapping_add(other.demand);
        for (mine, theirs) in self.outcomes.iter_mut().zip(other.outcomes) {
            *mine += theirs;
        }
        self.answers.merge(&other.answers);
        self.causes.merge(&other.causes);
        self.ok.merge(&other.ok);
        self.others.merge(&other.others);
        self.below += other.below;
    }

    /// Latency of all, however they ended.
    pub fn all(&self) -> Histogram {
        let mut all = self.ok.clone();
        all.merge(&self.others);
        all
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
    /// Whether it is known which latencies are slow.
    pub knows_slow: bool,
    /// The slowest of those that ended in success and count; none where none took any time.
    pub slowest: Option<Slowest>,
}

/// The request that took longest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Slowest {
    /// Its key.
    pub key: u64,
    /// How long it took, in nanoseconds.
    pub nanos: u64,
}

/// Measures one source of load.
pub(crate) struct LoadMeter {
    warmup: Time,
    /// When the first fault begins, if there is one.
    first_fault: Option<Time>,
    /// What counts as slow from then on, in nanoseconds; none before, and where too few had ended in
    /// ok.
    pub(super) slow: Option<u64>,
    pub(super) counters: LoadCounters,
    pub(super) measured: Tally,
    probes: Vec<Probe>,
    /// Of each probe that follows requests, unless that is all that is measured.
    tallies: Vec<Option<Tally>>,
    pub(super) copies: Vec<(Time, LoadCounters)>,
    window: Histogram,
    /// What was heard last of calls for requests that are under way, by their keys.
    news: BTreeMap<u64, News>,
    pub(super) latency: Vec<[Option<u64>; 5]>,
    /// That of no request where it took no time.
    pub(super) slowest: Slowest,
}

impl LoadMeter {
    pub(crate) fn new(plan: &Plan, mut probes: Vec<Probe>) -> Self {
        let Plan { warmup, duration, .. } = *plan;
        // The end of the run belongs to the window before it.
        for probe in probes.iter_mut().filter(|probe| probe.until >= duration) {
            probe.until = Time::MAX;
        }
        let is_all = |probe: &Probe| probe.from == warmup && probe.until >= duration;
        let tally = |probe: &Probe| match probe.depth {
            Depth::Events | Depth::Replicas => None,
            Depth::Requests { below: None } if is_all(probe) => None,
            Depth::Requests { .. } => Some(Tally::default()),
        };
        Self {
            warmup,
            first_fault: plan.first_fault(),
            slow: None,
            counters: LoadCounters::default(),
            measured: Tally::default(),
            tallies: probes.iter().map(tally).collect(),
            probes,
            copies: Vec::new(),
            window: Histogram::default(),
            news: BTreeMap::new(),
            latency: Vec::new(),
            slowest: Slowest::default(),
        }
    }

    /// Copies the counters at a boundary, and says whether it is the first time. Where a run is
    /// interrupted at a boundary, the last copy counts.
    pub(crate) fn copy(&mut self, now: Time) -> bool {
        let fresh = self.copies.last().is_none_or(|(at, _)| *at < now);
        self.copies.push((now, self.counters));
        fresh
    }

    /// How many requests have no end yet.
    pub(crate) fn open(&self) -> u64 {
        let ended: u64 = self.counters.outcomes.iter().sum();
        self.counters.counts[Count::Offered].saturating_sub(ended)
    }

    /// How far the run came when the counters were copied last, which is its end at the end.
    fn reached(&self) -> Time {
        self.copies.last().map_or(Time::ZERO, |(at, _)| *at)
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
        self.happened(Count::Offered);
        let demand = cascadia_runtime::mix(sent.as_nanos(), key);
        self.tally(sent, |_, tally| {
            tally.counts[Count::Offered] += 1;
            tally.demand = tally.demand.wrapping_add(demand);
        });
    }

    /// Counts something of a request.
    pub(crate) fn count(&mut self, count: Count, sent: Time) {
        self.happened(count);
        self.tally(sent, |_, tally| tally.counts[count] += 1);
    }

    /// Counts something of whose request nobody knows when it was sent.
    pub(crate) fn happened(&mut self, count: Count) {
        self.counters.counts[count] += 1;
    }

    /// Something was heard of a call for a request.
    pub(crate) fn hear(&mut self, key: u64, news: News) {
        self.news.insert(key, news);
    }

    /// What was heard last for a request, which has ended.
    #[inline]
    pub(crate) fn heard(&mut self, key: u64) -> Option<News> {
        if self.news.is_empty() { None } else { self.news.remove(&key) }
    }

    /// A request failed for a reason.
    fn failed(&mut self, key: u64, cause: Cause, blame: Blame, sent: Time) {
        let failures = Failures { cause, blame, count: 1, first: key };
        self.tally(sent, |_, tally| tally.causes.add(failures));
    }

    fn ended(&mut self, key: u64, (sent, now): (Time, Time), ended: Ended, answered: Option<Kind>) {
        let latency = now.nanos_since(sent);
        self.counters.outcomes[ended.index()] += 1;
        if let Some(kind) = answered {
            self.counters.answers[kind] += 1;
        }
        if ended == Ended::Ok {
            self.window.record(latency);
            self.judge(latency, now);
            if latency > self.slowest.nanos && sent >= self.warmup {
                self.slowest = Slowest { key, nanos: latency };
            }
        }
        self.tally(sent, |below, tally| {
            tally.outcomes[ended.index()] += 1;
            if let Some(kind) = answered {
                tally.answers[kind] += 1;
            }
            match ended {
                Ended::Ok => {
                    tally.ok.record(latency);
                    tally.below += u64::from(below.is_some_and(|below| latency < nanos(below)));
                }
                Ended::Failed(_) | Ended::Unfinished => tally.others.record(latency),
            }
        });
    }

    /// Counts a latency that is slow beside those from before the first fault.
    fn judge(&mut self, latency: u64, now: Time) {
        if self.first_fault.is_some_and(|first| first <= now) {
            self.first_fault = None;
            let median = self.measured.ok.supported_quantile(0.5);
            self.slow = median.map(|median| SLOWER * median as u64);
        }
        self.counters.slow += u64::from(self.slow.is_some_and(|slow| latency > slow));
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

    /// The request `key`, which it is for, is answered, or has failed.
    pub(crate) fn end(
        mut self,
        key: u64,
        now: Time,
        answer: &Answer,
        ended: Ended,
        why: Option<Blame>,
    ) {
        self.open = false;
        let mut meter = self.meter.borrow_mut();
        if answer.as_ref().is_ok_and(|content| content.degraded) {
            meter.count(Count::Degraded, self.sent);
        }
        if let (Ended::Failed(cause), Some(why)) = (ended, why) {
            meter.failed(key, cause, why, self.sent);
        }
        meter.ended(key, (self.sent, now), ended, Ended::answered(answer));
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.open {
            let mut meter = self.meter.borrow_mut();
            let end = meter.reached();
            meter.ended(0, (self.sent, end), Ended::Unfinished, None);
        }
    }
}
