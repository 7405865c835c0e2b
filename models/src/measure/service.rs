use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use cascadia_runtime::Time;

use super::counters::ServiceCounters;
use super::gauge::Gauge;
use super::replica::{ReplicaMeasured, ReplicaMeter};
use crate::plan::{Depth, Probe};
use crate::store::Told;

/// So many replicas have their arrivals in each window measured, too: one has those of its service,
/// and of more nobody could read them.
const SEVERAL: RangeInclusive<usize> = 2..=64;

/// What a service measured.
#[derive(Clone, Debug)]
pub struct ServiceMeasured {
    /// From the warm-up to the end.
    pub measured: ServiceCounters,
    /// Most waiting requests at once at one replica.
    pub queue_max: u64,
    /// Each window of the series.
    pub series: Vec<ServiceCounters>,
    /// Each replica that there has ever been.
    pub replicas: Vec<ReplicaMeasured>,
    /// Arrivals at each replica in each window; empty unless there are 2 to 64 replicas.
    pub replica_arrivals: Vec<Vec<u64>>,
}

/// Measures one service.
pub(crate) struct ServiceMeter {
    warmup: Time,
    duration: Time,
    workers: u64,
    pub(super) counters: ServiceCounters,
    waiting: Gauge,
    in_service: Gauge,
    refusing: Gauge,
    capacity: Gauge,
    queue_max: u64,
    pub(super) replicas: Vec<ReplicaMeter>,
    pub(super) copies: Vec<(Time, ServiceCounters)>,
    /// When somebody wants to know what each replica has done, and what it had.
    wanted: BTreeSet<Time>,
    pub(super) looks: Vec<(Time, Vec<ReplicaMeasured>)>,
    /// Sum of the residences of everybody, clipped to the measured time: the other side of
    /// Little's law.
    pub(super) residence: u128,
    /// Times at which a worker was left idle while somebody waited.
    pub(super) idle_while_waiting: u64,
}

impl ServiceMeter {
    /// `workers` is 0 where they are unlimited.
    pub(crate) fn new(warmup: Time, duration: Time, workers: u32) -> Self {
        Self {
            warmup,
            duration,
            workers: u64::from(workers),
            counters: ServiceCounters::default(),
            waiting: Gauge::default(),
            in_service: Gauge::default(),
            refusing: Gauge::default(),
            capacity: Gauge::default(),
            queue_max: 0,
            replicas: Vec::new(),
            copies: Vec::new(),
            wanted: BTreeSet::new(),
            looks: Vec::new(),
            residence: 0,
            idle_while_waiting: 0,
        }
    }

    /// Each replica is to be looked at when these probes begin and end.
    #[must_use]
    pub(crate) fn looking<'a>(mut self, probes: impl Iterator<Item = &'a Probe>) -> Self {
        let probes = probes.filter(|probe| probe.depth == Depth::Replicas);
        self.wanted.extend(probes.flat_map(|probe| [probe.from, probe.until]));
        self
    }

    /// There is one more replica.
    pub(crate) fn enter(&mut self) {
        self.replicas.push(ReplicaMeter::default());
    }

    /// Copies the counters at a boundary; of several copies of one the last counts.
    pub(crate) fn copy(&mut self, now: Time) {
        let fresh = self.copies.last().is_none_or(|(at, _)| *at < now);
        if now == self.warmup && fresh {
            for replica in &mut self.replicas {
                replica.at_warmup = replica.counts(now);
            }
            self.queue_max = self.replicas.iter().map(|replica| replica.waiting).max().unwrap_or(0);
        }
        self.copies.push((now, self.counters(now)));
        if self.wanted.contains(&now) {
            let counts = self.replicas.iter().map(|replica| replica.counts(now)).collect();
            self.looks.push((now, counts));
        }
        // How many there will have been is not known yet.
        for replica in self.replicas.iter_mut().take(*SEVERAL.end()) {
            replica.copies.push((now, replica.counts.arrivals));
        }
    }

    pub(super) fn counters(&self, now: Time) -> ServiceCounters {
        ServiceCounters {
            waiting: self.waiting.integral(now),
            in_service: self.in_service.integral(now),
            refusing: self.refusing.integral(now),
            capacity: self.capacity.integral(now),
            ..self.counters
        }
    }

    /// How many requests wait, and how many are worked on.
    pub(crate) const fn present(&self) -> (u64, u64) {
        (self.waiting.level(), self.in_service.level())
    }

    pub(super) fn queue_max(&self) -> u64 {
        self.queue_max
    }

    /// Whether each replica has its arrivals in each window measured.
    pub(super) fn are_several(&self) -> bool {
        SEVERAL.contains(&self.replicas.len())
    }

    pub(super) fn replicas(&self, now: Time) -> Vec<ReplicaMeasured> {
        let since_warmup = |replica: &ReplicaMeter| replica.counts(now).since(&replica.at_warmup);
        self.replicas.iter().map(since_warmup).collect()
    }

    /// It has told something as a store.
    pub(crate) fn told(&mut self, told: Told) {
        self.counters.store.add(told);
    }

    pub(crate) fn up(&mut self, now: Time, replica: u32) {
        self.capacity.add(now, self.workers);
        self.replicas[replica as usize].capacity.set(now, self.workers);
    }

    pub(crate) fn down(&mut self, now: Time, replica: u32) {
        self.capacity.subtract(now, self.workers);
        self.replicas[replica as usize].capacity.set(now, 0);
    }

    pub(crate) fn arrived(&mut self, replica: u32) {
        self.counters.arrivals += 1;
        self.replicas[replica as usize].counts.arrivals += 1;
    }

    /// A request begins to wait.
    pub(crate) fn queued(&mut self, now: Time, replica: u32) {
        self.waiting.add(now, 1);
        let replica = &mut self.replicas[replica as usize];
        replica.waiting += 1;
        self.queue_max = self.queue_max.max(replica.waiting);
    }

    /// A request that began to wait at `since` waits no longer.
    pub(crate) fn unqueued(&mut self, now: Time, replica: u32, since: Time) {
        self.waiting.subtract(now, 1);
        self.replicas[replica as usize].waiting -= 1;
        self.leave(now, since);
    }

    /// A request that arrived at `arrived` begins service.
    pub(crate) fn started(&mut self, now: Time, replica: u32, arrived: Time) {
        self.counters.started += 1;
        self.counters.wait += u128::from(now.nanos_since(arrived));
        self.in_service.add(now, 1);
        self.replicas[replica as usize].in_service.add(now, 1);
    }

    /// A request that began service at `since` ends it, with success or not, for a caller that had gone at
    /// `abandoned`.
    #[inline]
    pub(crate) fn ended(
        &mut self,
        now: Time,
        replica: u32,
        since: Time,
        (succeeded, abandoned): (bool, Option<Time>),
    ) {
        self.in_service.subtract(now, 1);
        self.replicas[replica as usize].in_service.subtract(now, 1);
        self.counters.served += u128::from(now.nanos_since(since));
        match abandoned.filter(|at| *at < now) {
            None => self.counters.useful += u64::from(succeeded),
            Some(at) => {
                self.counters.wasted += 1;
                self.counters.served_wasted += u128::from(now.nanos_since(at.max(since)));
            }
        }
        self.leave(now, since);
    }

    /// A request that arrived is answered, and not refused.
    pub(crate) fn completed(&mut self, replica: u32) {
        self.counters.completions += 1;
        self.replicas[replica as usize].counts.completions += 1;
    }

    pub(crate) fn rejected(&mut self) {
        self.counters.rejected += 1;
    }

    /// A worker begins to work on refusals.
    pub(crate) fn refuses(&mut self, now: Time, replica: u32) {
        self.refusing.add(now, 1);
        self.replicas[replica as usize].refusing.add(now, 1);
    }

    /// So many workers do not work on refusals any more.
    pub(crate) fn refused(&mut self, now: Time, replica: u32, workers: u64) {
        self.refusing.subtract(now, workers);
        self.replicas[replica as usize].refusing.subtract(now, workers);
    }

    /// A worker is idle although somebody waits.
    pub(crate) fn idled(&mut self) {
        self.idle_while_waiting += 1;
    }

    fn leave(&mut self, now: Time, since: Time) {
        let from = since.max(self.warmup);
        let until = now.min(self.duration);
        self.residence += u128::from(until.nanos_since(from));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Windows;

    #[test]
    fn arrivals_are_kept_for_each_of_several_replicas_in_each_window() {
        let (start, half, end) = (Time::ZERO, Time::from_nanos(300), Time::from_nanos(600));
        let arrivals = |replicas| {
            let mut meter = ServiceMeter::new(start, end, 1);
            (0..replicas).for_each(|_| meter.enter());
            meter.copy(start);
            (0..replicas).for_each(|replica| meter.arrived(replica));
            meter.copy(half);
            meter.arrived(0);
            meter.copy(end);
            let windows = Windows { start, end, width: 300 };
            meter.measured(&windows, end).replica_arrivals
        };
        assert_eq!(arrivals(2), [[1, 1], [1, 0]]);
        let kept: Vec<usize> = [1, 2, 64, 65].map(|replicas| arrivals(replicas).len()).into();
        assert_eq!(kept, [0, 2, 64, 0]);
    }
}
