//! How often sagas are about the same thing at the same time.

use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Arrivals, EndpointId, Keys, LoadPlan, ServiceId, ServicePlan, StackId, Step, Times, Visit,
};
use cascadia_models::saga::StepCalls;

use crate::sagas::{Saga, SagaStep};

/// Keys behind these are taken for as seldom as the last of them.
const KEYS: u32 = 10_000;

/// The share of time for which somebody is at what a saga is about, where several may be about the same: that of most
/// requests, if keys are unequal.
pub(super) fn busy(loads: &[LoadPlan], lasts: f64) -> f64 {
    let of_load = |load: &LoadPlan| {
        let rate = match &load.arrivals {
            Arrivals::Poisson(rate) | Arrivals::Constant(rate) => *rate,
            Arrivals::Closed { clients, think } => {
                f64::from(*clients) / (think.mean() / 1e9 + lasts).max(f64::EPSILON)
            }
        };
        load.keys.map_or(0.0, |keys| rate * again(keys))
    };
    (loads.iter().map(of_load).sum::<f64>() * lasts).min(1.0)
}

/// The probability that two requests are about the same.
fn again(keys: Keys) -> f64 {
    match keys {
        Keys::Uniform { of } => 1.0 / f64::from(of),
        Keys::HotSet { of, hot, share } => {
            let (hot, cold) = (f64::from(hot), f64::from(of.saturating_sub(hot)).max(1.0));
            share * share / hot + (1.0 - share) * (1.0 - share) / cold
        }
        Keys::Zipf { of, exponent } => {
            let weights = (1..=of.min(KEYS)).map(|key| libm::pow(f64::from(key), -exponent));
            let (sum, squares) =
                weights.fold((0.0, 0.0), |(sum, of), weight| (sum + weight, of + weight * weight));
            squares / (sum * sum)
        }
    }
}

/// How many seconds a saga lasts, but for the way of its messages, when nothing is wrong.
pub(super) fn lasts(
    saga: &Saga,
    calls: &BTreeMap<Arc<str>, StepCalls>,
    services: &[ServicePlan],
) -> f64 {
    let works = |step: &Arc<str>| {
        let act = calls.get(step)?.act;
        let service = services.get(act.service.0 as usize)?;
        Some(Works::of(&service.endpoints.get(act.endpoint.0 as usize)?.script) / 1e9)
    };
    let of_step = |step: &SagaStep| {
        let signal = step.signal.as_ref().map_or(0.0, |signal| signal.after.mean() / 1e9);
        works(&Arc::from(&*step.name)).unwrap_or_default() + signal
    };
    let mut stages: Vec<f64> = Vec::new();
    for step in &saga.steps {
        match stages.last_mut().filter(|_| step.beside) {
            Some(longest) => *longest = longest.max(of_step(step)),
            None => stages.push(of_step(step)),
        }
    }
    stages.iter().sum::<f64>() + saga.write.as_secs_f64() * (stages.len() + 1) as f64
}

/// Sums what is worked by the steps themselves, in nanoseconds.
struct Works(f64);

impl Works {
    fn of(steps: &[Step]) -> f64 {
        let mut works = Self(0.0);
        works.steps(steps);
        works.0
    }
}

impl Visit for Works {
    fn work(&mut self, law: &Law) {
        self.0 += law.mean();
    }

    fn call(&mut self, _: ServiceId, _: EndpointId, _: Option<StackId>) {}

    fn branches(&mut self, branches: &[Vec<Step>]) {
        self.0 += branches.iter().map(|steps| Self::of(steps)).fold(0.0, f64::max);
    }

    fn ends(&mut self, _: f64) {}

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        self.0 += ways.iter().map(|(share, steps)| share * Self::of(steps)).sum::<f64>();
    }

    fn turns(&mut self, times: Times, steps: &[Step]) {
        self.0 += (f64::from(times.min) + f64::from(times.max)) / 2.0 * Self::of(steps);
    }
}
