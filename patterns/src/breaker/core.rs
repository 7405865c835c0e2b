use std::time::Duration;

use cascadia_runtime::{Stream, Time};

use super::probes::{Probes, Verdict};
use super::window::{Consecutive, Limits, Mark, Memory, Tally, build};
use super::{BreakerConfig, Manual, Snapshot, Stuck, Transition};
use crate::call::{Layer, Reason, Rejection, Status};
use crate::observe::{BreakerState, Count};

/// A circuit breaker.
///
/// - *Events* go in by `on_*`, with the time, which must not go back, and the randomness.
///   [`on_call`](Self::on_call) gives a [`Permit`], which goes back in with one of
///   [`on_success`](Self::on_success), [`on_failure`](Self::on_failure) and
///   [`on_abandoned`](Self::on_abandoned).
/// - *Output*: each event makes at most one transition and is counted as at most one thing;
///   [`poll_transition`](Self::poll_transition) and [`poll_count`](Self::poll_count) tell which.
/// - *Getters*: [`state`](Self::state), [`snapshot`](Self::snapshot),
///   [`next_deadline`](Self::next_deadline).
#[derive(Debug)]
pub struct Breaker {
    config: BreakerConfig,
    limits: Limits,
    phase: Phase,
    /// What the probes of earlier phases left behind.
    spare: Vec<Time>,
    generation: u64,
    /// Openings since the circuit was last closed.
    openings: u32,
    windows: Vec<Box<dyn Memory>>,
    consecutive: Option<Consecutive>,
    /// A circuit that only counts would be open.
    exceeded: bool,
    late_outcomes: u64,
    transition: Option<Transition>,
    counted: Option<Count>,
}

#[derive(Debug)]
enum Phase {
    Closed,
    Open { until: Time, wait: Duration },
    HalfOpen(Probes),
    Manual(Manual),
}

/// Permission to make one call.
#[derive(Debug)]
#[must_use = "a permit goes back with the outcome of its call"]
pub struct Permit {
    generation: u64,
    began: Time,
}

impl Breaker {
    /// A circuit that is closed, or as a hand left it.
    pub fn new(config: BreakerConfig) -> Self {
        Self {
            limits: Limits::new(&config),
            phase: match config.mode {
                Manual::Automatic => Phase::Closed,
                manual => Phase::Manual(manual),
            },
            spare: Vec::new(),
            generation: 0,
            openings: 0,
            windows: config.windows.iter().copied().map(build).collect(),
            consecutive: config.consecutive.map(Consecutive::new),
            exceeded: false,
            late_outcomes: 0,
            transition: None,
            counted: None,
            config,
        }
    }

    /// Admits a call or refuses it.
    ///
    /// # Errors
    ///
    /// The rejection, with the time until another call may be admitted.
    pub fn on_call(&mut self, now: Time, stream: &mut Stream) -> Result<Permit, Rejection> {
        match &self.phase {
            Phase::Open { until, wait } if now >= *until => {
                let spare = std::mem::take(&mut self.spare);
                let probes = Probes::new(self.config.half_open, *wait, spare);
                self.enter(Phase::HalfOpen(probes));
            }
            _ => self.on_time(now, stream),
        }
        match &mut self.phase {
            Phase::Open { until, .. } => Err(rejection(Reason::OPEN, Some(until.since(now)))),
            Phase::Manual(Manual::ForcedOpen) => Err(rejection(Reason::OPEN, None)),
            Phase::HalfOpen(probes) => match probes.take(now) {
                true => {
                    self.counted = Some(Count::PROBE);
                    Ok(self.permit(now))
                }
                false => Err(rejection(Reason::PROBES_TAKEN, probes.wait(now))),
            },
            Phase::Closed | Phase::Manual(_) => Ok(self.permit(now)),
        }
    }

    /// A call did its work.
    pub fn on_success(&mut self, now: Time, permit: Permit, stream: &mut Stream) {
        self.record(now, &permit, Mark::default(), stream);
    }

    /// A call failed; `overload` where the server was alive and had too much to do.
    pub fn on_failure(&mut self, now: Time, permit: Permit, overload: bool, stream: &mut Stream) {
        self.record(now, &permit, Mark { failed: true, overload, slow: false }, stream);
    }

    /// A call was dropped, or its outcome says nothing. Its permit is free again.
    pub fn on_abandoned(&mut self, permit: Permit) {
        if permit.generation == self.generation
            && let Phase::HalfOpen(probes) = &mut self.phase
        {
            probes.give_back(permit.began);
        }
    }

    /// What becomes of a call that comes now, as its balancer wants to know. Probes that took too
    /// long are given up first.
    pub fn status(&mut self, now: Time, stream: &mut Stream) -> Status {
        self.on_time(now, stream);
        match &self.phase {
            Phase::Open { until, .. } if now < *until => Status::Rests { until: *until },
            Phase::HalfOpen(probes) if !probes.has_free() => {
                Status::Rests { until: probes.deadline() }
            }
            Phase::Manual(Manual::ForcedOpen) => Status::Rests { until: Time::MAX },
            _ => Status::Ready,
        }
    }

    /// Takes the circuit in hand, or lets go of it.
    pub fn force(&mut self, manual: Manual) {
        let automatic = !matches!(self.phase, Phase::Manual(_));
        match (manual, &self.phase) {
            (Manual::Automatic, _) if automatic => {}
            (Manual::Automatic, _) => self.close(),
            (_, Phase::Manual(current)) if *current == manual => {}
            _ => self.enter(Phase::Manual(manual)),
        }
    }

    /// The transition that the last event made, once.
    pub fn poll_transition(&mut self) -> Option<Transition> {
        self.transition.take()
    }

    /// What the last event is counted as, once.
    pub fn poll_count(&mut self) -> Option<Count> {
        self.counted.take()
    }

    /// The instant from which on a call finds another state, if time alone brings one.
    pub fn next_deadline(&self) -> Option<Time> {
        match &self.phase {
            Phase::Open { until, .. } => Some(*until),
            Phase::HalfOpen(probes) => Some(probes.deadline()).filter(|at| *at < Time::MAX),
            Phase::Closed | Phase::Manual(_) => None,
        }
    }

    /// The state that the last event left.
    pub fn state(&self) -> BreakerState {
        match self.phase {
            Phase::Closed | Phase::Manual(Manual::Automatic) => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen(_) => BreakerState::HalfOpen,
            Phase::Manual(Manual::ForcedOpen) => BreakerState::ForcedOpen,
            Phase::Manual(Manual::Disabled) => BreakerState::Disabled,
            Phase::Manual(Manual::MetricsOnly) => BreakerState::MetricsOnly,
        }
    }

    /// The breaker at `now`; of several windows the first.
    pub fn snapshot(&mut self, now: Time) -> Snapshot {
        let window = self.windows.first_mut();
        let tally = window.map_or_else(Tally::default, |window| window.tally(now));
        Snapshot {
            state: self.state(),
            generation: self.generation,
            openings: self.openings,
            calls: tally.calls,
            failure_rate: tally.failure_rate(),
            slow_rate: tally.slow_rate(),
            consecutive: self.consecutive.as_ref().map_or(0, Consecutive::run),
            late_outcomes: self.late_outcomes,
        }
    }

    fn permit(&self, began: Time) -> Permit {
        Permit { generation: self.generation, began }
    }

    fn record(&mut self, now: Time, permit: &Permit, mark: Mark, stream: &mut Stream) {
        if permit.generation != self.generation {
            self.count_late();
            return;
        }
        let took = now.since(permit.began);
        let slow = self.config.slow.is_some_and(|slow| took > slow.threshold);
        let mark = Mark { slow, ..mark };
        match &mut self.phase {
            Phase::Closed => {
                self.count(now, mark);
                if self.trips(now) {
                    self.open(now, stream);
                }
            }
            Phase::HalfOpen(probes) if now > probes.deadline() => {
                self.count_late();
                self.give_up(now, stream);
            }
            Phase::HalfOpen(probes) => match probes.record(permit.began, mark, &self.limits) {
                Verdict::Works => self.close(),
                Verdict::Fails => self.open(now, stream),
                Verdict::Unknown => {}
            },
            Phase::Manual(Manual::MetricsOnly) => {
                self.count(now, mark);
                let exceeds = self.trips(now);
                if exceeds && !self.exceeded {
                    self.counted = Some(Count::WOULD_OPEN);
                }
                self.exceeded = exceeds;
            }
            Phase::Open { .. } | Phase::Manual(_) => {}
        }
    }

    fn count_late(&mut self) {
        self.late_outcomes += 1;
        self.counted = Some(Count::LATE_OUTCOME);
    }

    fn memories(&mut self) -> impl Iterator<Item = &mut dyn Memory> {
        let windows = self.windows.iter_mut().map(|window| &mut **window as &mut dyn Memory);
        let consecutive = self.consecutive.as_mut().map(|run| run as &mut dyn Memory);
        windows.chain(consecutive)
    }

    fn count(&mut self, now: Time, mark: Mark) {
        self.memories().for_each(|memory| memory.record(now, mark));
    }

    fn trips(&mut self, now: Time) -> bool {
        let limits = self.limits;
        self.memories().any(|memory| memory.trips(now, &limits))
    }

    /// Does what is due at `now` though no call comes.
    fn on_time(&mut self, now: Time, stream: &mut Stream) {
        if matches!(&self.phase, Phase::HalfOpen(probes) if now >= probes.deadline()) {
            self.give_up(now, stream);
        }
    }

    /// The probes took too long.
    fn give_up(&mut self, now: Time, stream: &mut Stream) {
        match self.config.half_open.stuck {
            Stuck::Open => self.open(now, stream),
            Stuck::Close => self.close(),
            Stuck::Wait => {}
        }
    }

    fn open(&mut self, now: Time, stream: &mut Stream) {
        let wait = self.config.open.draw(self.openings, stream);
        self.openings = self.openings.saturating_add(1);
        self.enter(Phase::Open { until: now + wait, wait });
    }

    fn close(&mut self) {
        self.openings = 0;
        self.memories().for_each(Memory::clear);
        self.enter(Phase::Closed);
    }

    fn enter(&mut self, phase: Phase) {
        let from = self.state();
        if let Phase::HalfOpen(probes) = std::mem::replace(&mut self.phase, phase) {
            self.spare = probes.leave();
        }
        self.generation += 1;
        self.exceeded = false;
        self.transition = Some(Transition { from, to: self.state() });
    }
}

fn rejection(reason: Reason, retry_after: Option<Duration>) -> Rejection {
    Rejection::new(Layer::BREAKER, reason).until(retry_after)
}
