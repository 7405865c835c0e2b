//! Our layers, with their usual settings, and some that others have besides.

use std::time::Duration;

use cascadia_patterns::call::{Stack, call_fn};
use cascadia_patterns::env::Env;
use cascadia_patterns::rate_limit::{Algorithm, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{RetryConfig, RetryLayer};
use cascadia_patterns::sample::Build;
use cascadia_runtime::{Stream, TokioWorld};

use crate::call::{PLENTY, Timed, answer};

/// What is measured besides a layer with its usual settings.
const MORE: [(&str, Build<TokioWorld>); 4] = [
    ("no layer", |_, inner| inner),
    ("retry without budget", |world, inner| {
        RetryLayer::new(RetryConfig::default(), env(world), inner)
    }),
    ("fixed cycle", |world, inner| {
        let window = Duration::from_secs(1);
        let config = RateLimitConfig::new(Algorithm::FixedCycle { limit: PLENTY, window });
        RateLimitLayer::new(config, env(world), inner)
    }),
    ("four layers", |world, inner| {
        let layers = ["bulkhead", "breaker", "retry without budget", "timeout"];
        layers.into_iter().fold(inner, |inner, name| build(name)(world, inner))
    }),
];

/// Every row by its name.
pub(crate) fn rows() -> Vec<&'static str> {
    all().into_iter().map(|(name, _)| name).collect()
}

fn all() -> Vec<(&'static str, Build<TokioWorld>)> {
    let samples = cascadia_patterns::samples().into_iter().flat_map(|(_, samples)| samples);
    MORE.into_iter().chain(samples.map(|sample| (sample.name, sample.usual))).collect()
}

fn build(row: &str) -> Build<TokioWorld> {
    let found = all().into_iter().find(|(name, _)| *name == row);
    found.expect("the names of rows are ours").1
}

pub(crate) fn timed(row: &str) -> Option<Timed> {
    crate::call::timed(|| Stack(build(row)(&TokioWorld::new(), call_fn(answer))))
}

fn env(world: &TokioWorld) -> Env<TokioWorld, u32, &'static str> {
    Env::new(*world, Stream::from_seed(1))
}
