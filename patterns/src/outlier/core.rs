use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::rates::lower_bound;
use super::record::Record;
use super::{EnvoyConfig, OutlierConfig};
use crate::delay::uniform;
use crate::endpoints::EndpointKey;
use crate::observe::Ejection;

/// Finds outliers among endpoints, and ejects them for a while.
///
/// - *Events*: [`on_members`](Self::on_members) when endpoints came or went;
///   [`on_call`](Self::on_call) and [`on_outcome`](Self::on_outcome), with the time, which must not
///   go back. Each of the latter makes up for the sweeps that were due before it.
/// - *Output*: [`poll_change`](Self::poll_change), until there is none.
/// - *Getters*: [`ejected`](Self::ejected), [`next_sweep`](Self::next_sweep).
#[derive(Debug)]
pub struct Outlier {
    config: OutlierConfig,
    /// In the order of their keys.
    records: Vec<Record>,
    active: usize,
    next_sweep: Time,
    changes: VecDeque<Change>,
}

/// What an outcome says of its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// It works.
    Success,
    /// It answered with an error.
    Error,
    /// It, or what stands before it, answered that it is overloaded.
    GatewayError,
    /// It did not answer.
    NoAnswer,
}

/// What became of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was ejected.
    Ejected {
        /// Which it is.
        endpoint: EndpointKey,
        /// Why.
        reason: Ejection,
    },
    /// It was an outlier and stays, because too many are ejected.
    Denied {
        /// Which it is.
        endpoint: EndpointKey,
    },
    /// It is back.
    Restored {
        /// Which it is.
        endpoint: EndpointKey,
    },
    /// It was ejected and is no member any more.
    Forgotten {
        /// Which it was.
        endpoint: EndpointKey,
    },
}

/// The runs of an endpoint.
const ERRORS: usize = 0;
const GATEWAY: usize = 1;
const LOCAL: usize = 2;

/// The counts of an endpoint: what it answered, and whether it did.
const ANSWERS: usize = 0;
const REACHED: usize = 1;

impl Outlier {
    /// There is no endpoint yet at `now`.
    pub fn new(config: OutlierConfig, now: Time) -> Self {
        Self {
            records: Vec::new(),
            active: 0,
            next_sweep: now + config.interval(),
            changes: VecDeque::new(),
            config,
        }
    }

    /// These are the endpoints from now on, in the order of their keys. Of those that are new nothing
    /// is known, and those that are missing are forgotten.
    pub fn on_members(&mut self, members: impl IntoIterator<Item = EndpointKey>) {
        let mut known = std::mem::take(&mut self.records).into_iter().peekable();
        for endpoint in members {
            while let Some(gone) = known.next_if(|record| record.endpoint < endpoint) {
                self.forget(&gone);
            }
            let record = known.next_if(|record| record.endpoint == endpoint);
            self.records.push(record.unwrap_or_else(|| Record::new(endpoint)));
        }
        known.for_each(|gone| self.forget(&gone));
    }

    /// An endpoint is about to be chosen.
    pub fn on_call(&mut self, now: Time, stream: &mut Stream) {
        while self.next_sweep <= now {
            self.sweep(self.next_sweep, stream);
            self.next_sweep += self.config.interval();
            self.skip_to(self.idle_until().min(now));
        }
    }

    /// A call to an endpoint ended. Of one that is no member any more it says nothing.
    pub fn on_outcome(
        &mut self,
        now: Time,
        endpoint: EndpointKey,
        sign: Sign,
        stream: &mut Stream,
    ) {
        self.on_call(now, stream);
        let Some(host) = self.find(endpoint) else { return };
        match self.config {
            OutlierConfig::Envoy(config) => self.record(now, host, sign, &config, stream),
            OutlierConfig::Grpc(_) => {
                self.records[host].counts[ANSWERS].add(sign == Sign::Success);
            }
        }
    }

    /// The record of an endpoint. Where nobody has left, it is in the place of its number.
    fn find(&self, endpoint: EndpointKey) -> Option<usize> {
        let number = endpoint.number() as usize;
        match self.records.get(number) {
            Some(record) if record.endpoint == endpoint => Some(number),
            _ => self.records.binary_search_by_key(&endpoint, |record| record.endpoint).ok(),
        }
    }

    /// The first thing that happened and was not asked for yet.
    pub fn poll_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    /// What happened and was not asked for yet.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter()
    }

    /// The endpoints that are ejected.
    pub fn ejected(&self) -> impl Iterator<Item = EndpointKey> {
        let ejected = self.records.iter().filter(|record| record.ejected.is_some());
        ejected.map(|record| record.endpoint)
    }

    /// How many are.
    pub fn active(&self) -> usize {
        self.active
    }

    /// When the next sweep is due.
    pub fn next_sweep(&self) -> Time {
        self.next_sweep
    }

    fn record(
        &mut self,
        now: Time,
        host: usize,
        sign: Sign,
        config: &EnvoyConfig,
        stream: &mut Stream,
    ) {
        let state = &mut self.records[host];
        if config.split_local_errors {
            let reached = sign != Sign::NoAnswer;
            state.counts[REACHED].add(reached);
            if !reached {
                return self.bump(now, host, LOCAL, config, stream);
            }
            state.runs[LOCAL] = 0;
        }
        state.counts[ANSWERS].add(sign == Sign::Success);
        match sign {
            Sign::Success => state.runs = [0, 0, state.runs[LOCAL]],
            Sign::Error => {
                state.runs[GATEWAY] = 0;
                self.bump(now, host, ERRORS, config, stream);
            }
            Sign::GatewayError | Sign::NoAnswer => {
                self.bump(now, host, GATEWAY, config, stream);
                self.bump(now, host, ERRORS, config, stream);
            }
        }
    }

    /// A run of errors has become longer.
    fn bump(
        &mut self,
        now: Time,
        host: usize,
        run: usize,
        config: &EnvoyConfig,
        stream: &mut Stream,
    ) {
        let (rule, reason) = match run {
            ERRORS => (config.consecutive, Ejection::ConsecutiveErrors),
            GATEWAY => (config.consecutive_gateway, Ejection::ConsecutiveGatewayErrors),
            _ => (config.consecutive_local, Ejection::ConsecutiveLocalErrors),
        };
        let state = &mut self.records[host];
        state.runs[run] = state.runs[run].saturating_add(1);
        if state.runs[run] == rule.errors && state.ejected.is_none() {
            state.runs[run] = 0;
            self.eject(now, host, reason, rule.enforcing, stream);
        }
    }

    fn sweep(&mut self, at: Time, stream: &mut Stream) {
        match self.config {
            OutlierConfig::Envoy(config) => {
                self.restore(|until| at >= until, at);
                self.records.iter_mut().for_each(Record::turn);
                let (rate, failed) = (config.success_rate.enforcing, config.failure_percentage);
                self.judge(at, ANSWERS, (rate, failed.enforcing), stream);
                if config.split_local_errors {
                    let rate = config.enforcing_local_success_rate;
                    let failed = config.enforcing_local_failure_percentage;
                    self.judge(at, REACHED, (rate, failed), stream);
                }
                let rested = |restored: Time| at.since(restored) >= config.interval;
                self.forgive(|record| record.restored.is_some_and(rested));
            }
            OutlierConfig::Grpc(config) => {
                self.records.iter_mut().for_each(Record::turn);
                let rate = config.success_rate.map_or(0.0, |rule| rule.enforcing);
                let failed = config.failure_percentage.map_or(0.0, |rule| rule.enforcing);
                self.judge(at, ANSWERS, (rate, failed), stream);
                self.forgive(|_| true);
                self.restore(|until| at > until, at);
            }
        }
    }

    /// Ejects by the counts of the last interval; `enforcing` by success rate and by failure
    /// percentage.
    fn judge(&mut self, at: Time, counts: usize, enforcing: (f64, f64), stream: &mut Stream) {
        let hosts = 0..self.records.len();
        if let Some(rule) = self.config.success_rate() {
            let volume = rule.request_volume;
            let rates = hosts.clone().filter_map(|host| self.rate(host, counts, volume));
            if rates.clone().count() >= rule.minimum_hosts as usize {
                let bound = lower_bound(rates, rule.stdev_factor);
                for host in hosts.clone() {
                    if self.rate(host, counts, volume).is_some_and(|rate| rate < bound) {
                        self.eject(at, host, Ejection::SuccessRate, enforcing.0, stream);
                    }
                }
            }
        }
        if let Some(rule) = self.config.failure_percentage() {
            let volume = rule.request_volume;
            let rates = hosts.clone().filter_map(|host| self.rate(host, counts, volume));
            if rates.count() >= rule.minimum_hosts as usize {
                let config = self.config;
                let large = |rate: f64| config.is_too_large(1.0 - rate, rule.threshold);
                for host in hosts {
                    if self.rate(host, counts, volume).is_some_and(large) {
                        self.eject(at, host, Ejection::FailurePercentage, enforcing.1, stream);
                    }
                }
            }
        }
    }

    /// The share of successes of an endpoint that is not ejected and had so many outcomes in the
    /// last interval.
    fn rate(&self, host: usize, counts: usize, volume: u32) -> Option<f64> {
        let Record { ejected, last, .. } = &self.records[host];
        let known = ejected.is_none() && last[counts].all >= u64::from(volume);
        known.then(|| last[counts].success_rate())
    }

    fn eject(
        &mut self,
        now: Time,
        host: usize,
        reason: Ejection,
        enforcing: f64,
        stream: &mut Stream,
    ) {
        if !self.config.has_room(self.active, self.records.len()) {
            return self
                .changes
                .push_back(Change::Denied { endpoint: self.records[host].endpoint });
        }
        if enforcing < 1.0 && stream.unit() >= enforcing {
            return;
        }
        let state = &mut self.records[host];
        let (times, lasts) = self.config.ejection(state.times);
        state.times = times;
        let jitter = self.config.jitter();
        let jitter =
            if jitter.is_zero() { jitter } else { uniform(stream, Duration::ZERO, jitter) };
        state.ejected = Some(now + lasts + jitter);
        self.active += 1;
        self.changes.push_back(Change::Ejected { endpoint: state.endpoint, reason });
    }

    fn restore(&mut self, is_over: impl Fn(Time) -> bool, at: Time) {
        for state in &mut self.records {
            if state.ejected.is_some_and(&is_over) {
                state.ejected = None;
                state.restored = Some(at);
                state.runs = [0; 3];
                self.active -= 1;
                self.changes.push_back(Change::Restored { endpoint: state.endpoint });
            }
        }
    }

    fn forget(&mut self, gone: &Record) {
        if gone.ejected.is_some() {
            self.active -= 1;
            self.changes.push_back(Change::Forgotten { endpoint: gone.endpoint });
        }
    }

    /// Endpoints that are not ejected and deserve it are held to have been ejected once less.
    fn forgive(&mut self, deserves: impl Fn(&Record) -> bool) {
        for record in &mut self.records {
            if record.ejected.is_none() && record.times > 0 && deserves(record) {
                record.times -= 1;
            }
        }
    }

    /// Until when sweeps would change nothing if no outcome came.
    fn idle_until(&self) -> Time {
        let next = |record: &Record| match record.ejected {
            Some(until) => until,
            None if record.times > 0 => self.next_sweep,
            None => Time::MAX,
        };
        self.records.iter().map(next).min().unwrap_or(Time::MAX)
    }

    /// Leaves out the sweeps that lie wholly before `time`.
    fn skip_to(&mut self, time: Time) {
        let interval = self.config.interval().as_nanos();
        let behind = time.since(self.next_sweep).as_nanos();
        let skipped = u64::try_from(behind / interval * interval).unwrap_or(u64::MAX);
        self.next_sweep = self.next_sweep.after(skipped);
    }
}
