use std::collections::BTreeMap;

use cascadia_runtime::Time;
use cascadia_sim_core::{Digest, RunError};

use super::{
    ComponentMeasured, Count, Invariant, Lane, LayerCounters, LayerMeasured, LoadCounters,
    LoadMeasured, LoadMeter, ReplicaMeasured, ServiceCounters, ServiceMeasured, ServiceMeter,
    Tally, Windows,
};
use crate::capture::Suspect;
use crate::ids::ServiceId;

/// What a run measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The fingerprint of every model event.
    pub digest: Digest,
    /// How far the run came.
    pub end: Time,
    /// It was stopped before its end.
    pub interrupted: bool,
    /// Why it could not go on, where it was stopped for that.
    pub stopped: Option<RunError>,
    /// The windows of every series.
    pub windows: Windows,
    /// Each source of load, in the order of the plan.
    pub loads: Vec<LoadMeasured>,
    /// Each service, in the order of the plan.
    pub services: Vec<ServiceMeasured>,
    /// Each group of components, in the order of the plan.
    pub components: Vec<ComponentMeasured>,
    /// Each layer of a policy on its way to a target, by name.
    pub policies: BTreeMap<String, LayerMeasured>,
    /// Each probe, in the order of the plan.
    pub probes: Vec<ProbeMeasured>,
    /// Breakers and instances that changed their state, by name.
    pub lanes: BTreeMap<String, Lane>,
    /// The message that is worth the closest look, and the group of components that carries it; none where
    /// nothing was published.
    pub suspect: Option<(ServiceId, Suspect)>,
    /// The laws that every run must keep.
    pub invariants: Vec<Invariant>,
}

/// What a probe measured.
#[derive(Clone, Debug)]
pub enum ProbeMeasured {
    /// On a source of load.
    Load {
        /// Requests whose intended send lies in the window.
        sent: Box<Tally>,
        /// What happened in the window.
        happened: LoadCounters,
    },
    /// On a service.
    Service(ServiceCounters),
    /// On each replica that there has ever been of a service.
    Replicas(Vec<ReplicaMeasured>),
    /// On a layer of a stack.
    Layer(LayerCounters),
    /// On a group of components, row by row.
    Component(Vec<u64>),
}

impl ProbeMeasured {
    /// The same of several loads together; nothing unless both are loads.
    pub fn merge(self, other: &Self) -> Option<Self> {
        let (Self::Load { mut sent, mut happened }, Self::Load { sent: more, happened: also }) =
            (self, other)
        else {
            return None;
        };
        sent.merge(more);
        happened.merge(also);
        Some(Self::Load { sent, happened })
    }
}

/// The copies of counters at boundaries.
pub(super) struct Snapshots<'a, T>(pub(super) &'a [(Time, T)]);

impl<T: Copy + Default> Snapshots<'_, T> {
    /// The counters at `at`, or the last ones before it.
    pub(super) fn at(&self, at: Time) -> T {
        let after = self.0.partition_point(|(time, _)| *time <= at);
        after.checked_sub(1).map_or_else(T::default, |index| self.0[index].1)
    }
}

/// The edges of the windows that a run until `end` has seen.
fn edges(windows: &Windows, end: Time) -> impl Iterator<Item = (Time, Time)> {
    let (windows, count) = (*windows, windows.count(end));
    (0..count).map(move |index| (windows.edge(index), windows.edge(index + 1).min(end)))
}

impl LoadMeter {
    pub(crate) fn measured(&self, windows: &Windows, end: Time) -> LoadMeasured {
        let copies = Snapshots(&self.copies);
        let window = |(from, until)| copies.at(until).since(&copies.at(from));
        LoadMeasured {
            measured: self.measured.clone(),
            series: edges(windows, end).map(window).collect(),
            latency: self.latency.clone(),
            knows_slow: self.slow.is_some(),
            slowest: Some(self.slowest).filter(|slowest| slowest.nanos > 0),
        }
    }

    /// What happened between two boundaries.
    pub(crate) fn between(&self, from: Time, until: Time) -> LoadCounters {
        let copies = Snapshots(&self.copies);
        copies.at(until).since(&copies.at(from))
    }

    /// Every request carries the trace of the one that it is made for, and so all of them that of
    /// the user's.
    pub(crate) fn one_trace(&self, name: &str) -> Invariant {
        let orphans = self.counters.counts[Count::Orphans];
        Invariant {
            name: format!("one-trace {name}"),
            passed: orphans == 0,
            detail: format!(
                "{orphans} requests without the trace of the one that they were made for"
            ),
        }
    }

    pub(crate) fn flow(&self, name: &str) -> Invariant {
        let offered = self.measured.counts[Count::Offered];
        let ended: u64 = self.measured.outcomes.iter().sum();
        Invariant {
            name: format!("flow-conservation {name}"),
            passed: offered == ended,
            detail: format!("{offered} requests offered, {ended} outcomes"),
        }
    }
}

impl ServiceMeter {
    pub(crate) fn measured(&self, windows: &Windows, end: Time) -> ServiceMeasured {
        ServiceMeasured {
            measured: self.between(windows.start, end),
            queue_max: self.queue_max(),
            series: edges(windows, end).map(|(from, until)| self.between(from, until)).collect(),
            replicas: self.replicas(end),
            replica_arrivals: self.replica_arrivals(windows, end),
        }
    }

    /// Arrivals at each replica whose arrivals were copied, in each window.
    fn replica_arrivals(&self, windows: &Windows, end: Time) -> Vec<Vec<u64>> {
        let series = |copies: &Vec<(Time, u64)>| {
            let copies = Snapshots(copies);
            edges(windows, end).map(|(from, until)| copies.at(until) - copies.at(from)).collect()
        };
        let several = self.replicas.iter().filter(|_| self.are_several());
        several.map(|replica| series(&replica.copies)).collect()
    }

    /// What happened between two boundaries.
    pub(crate) fn between(&self, from: Time, until: Time) -> ServiceCounters {
        let copies = Snapshots(&self.copies);
        copies.at(until).since(&copies.at(from))
    }

    /// What happened at each replica between two boundaries at which replicas are looked at.
    pub(crate) fn replicas_between(&self, from: Time, until: Time) -> Vec<ReplicaMeasured> {
        let at = |time| self.looks.iter().rfind(|(at, _)| *at <= time).map(|(_, counts)| counts);
        let none = Vec::new();
        let (before, after) = (at(from).unwrap_or(&none), at(until).unwrap_or(&none));
        let before = before.iter().copied().chain(std::iter::repeat(ReplicaMeasured::default()));
        after.iter().zip(before).map(|(after, before)| after.since(&before)).collect()
    }

    pub(crate) fn little(&self, name: &str, windows: &Windows, end: Time) -> Invariant {
        let counters = self.between(windows.start, end);
        let present = counters.waiting + counters.in_service;
        Invariant {
            name: format!("littles-law {name}"),
            passed: present == self.residence,
            detail: format!("∫N dt = {present} ns, Σ residence = {} ns", self.residence),
        }
    }

    pub(crate) fn work_conservation(&self, name: &str) -> Invariant {
        Invariant {
            name: format!("work-conservation {name}"),
            passed: self.idle_while_waiting == 0,
            detail: format!(
                "{} times a worker idled while a request waited",
                self.idle_while_waiting
            ),
        }
    }
}
