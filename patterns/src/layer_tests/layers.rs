//! Every layer, in a world whose wall clock nobody may ask.

use std::sync::Arc;

use cascadia_runtime::Stream;

use crate::balance::{BalanceConfig, BalanceLayer};
use crate::breaker::document::{DocumentConfig, DocumentLayer};
use crate::breaker::{BreakerConfig, BreakerLayer, Window};
use crate::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use crate::call::Context;
use crate::deadline::{DeadlineConfig, DeadlineLayer};
use crate::env::Env;
use crate::fallback::{Chain, FallbackConfig, FallbackLayer};
use crate::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::limit::{
    AimdConfig, Algorithm, Gradient2Config, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use crate::outlier::{EnvoyConfig, OutlierConfig, OutlierLayer};
use crate::rate_limit::{Algorithm as Count, Rate, RateLimitConfig, RateLimitLayer};
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::shed::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, Order, QueueConfig, QueueLayer,
    WaitGauge,
};
use crate::testing::{Server, Step, TestCall, TestWorld, ms};
use crate::throttle::{ThrottleConfig, ThrottleLayer};
use crate::timeout::{TimeoutConfig, TimeoutLayer};
use crate::trace::{TraceConfig, TraceLayer};

pub(super) type LayerEnv = Env<TestWorld, u32, &'static str>;
/// Puts a layer around a call.
pub(super) type Build = fn(TestCall) -> TestCall;

pub(super) fn env() -> LayerEnv {
    Env::new(TestWorld::new(), Stream::from_seed(1))
}

/// What a fallback answers.
pub(super) const FALLEN: u32 = 1;

/// Each with room for one call, so that a permit that is lost is missed.
pub(super) const LAYERS: &[(&str, Build)] = &[
    ("timeout", |inner| TimeoutLayer::new(TimeoutConfig { after: ms(40) }, env(), inner)),
    ("deadline", |inner| {
        let config = DeadlineConfig { min_remaining: ms(1), hop_margin: ms(1) };
        DeadlineLayer::new(config, env(), inner)
    }),
    ("retry", retry),
    ("breaker", breaker),
    ("document breaker", |inner| DocumentLayer::new(DocumentConfig::default(), env(), inner)),
    ("throttle", throttle),
    ("bulkhead", |inner| BulkheadLayer::new(one(), env(), inner)),
    ("keyed bulkhead", |inner| {
        let config = KeyedBulkheadConfig { each: one(), max_keys: 1 };
        BulkheadLayer::keyed(
            config,
            Box::new(|request: &Context| request.depth.into()),
            env(),
            inner,
        )
    }),
    ("pool", |inner| {
        let config = PoolConfig { core: 1, max: 1, queue: 2, ..PoolConfig::default() };
        BulkheadLayer::pool(config, env(), inner)
    }),
    ("aimd", |inner| {
        limit(Algorithm::Aimd(AimdConfig { initial: 1, min: 1, ..Default::default() }), inner)
    }),
    ("vegas", |inner| {
        limit(Algorithm::Vegas(VegasConfig { initial: 1, ..Default::default() }), inner)
    }),
    ("gradient2", |inner| {
        let config = Gradient2Config { initial: 1, min: 1, ..Default::default() };
        limit(Algorithm::Gradient2(config), inner)
    }),
    ("gradient", |inner| {
        limit(Algorithm::Gradient(GradientConfig { min: 1, ..Default::default() }), inner)
    }),
    ("rate limit", rate_limit),
    ("queue", |inner| {
        let codel = Some(CodelConfig { target: ms(1), interval: ms(5) });
        let discipline = DisciplineConfig { order: Order::Adaptive { above: 1 }, codel };
        let config = QueueConfig { limit: 1, max_waiting: Some(3), discipline };
        QueueLayer::new(config, None, env(), inner)
    }),
    ("dagor", |inner| DagorLayer::new(WaitGauge::new(DagorConfig::default()), env(), inner)),
    ("hedge", |inner| hedge(HedgeConfig { budget: None, ..HedgeConfig::default() }, inner)),
    ("tied hedge", |inner| hedge(HedgeConfig::tied(), inner)),
    ("fallback", fallback),
    ("trace", |inner| TraceLayer::new(TraceConfig::default(), env(), inner)),
    ("balance", |inner| {
        BalanceLayer::new(BalanceConfig::default(), env(), vec![Arc::clone(&inner), inner])
    }),
    ("outlier", |inner| {
        let endpoints = vec![Arc::clone(&inner), inner];
        let balance = BalanceLayer::new(BalanceConfig::default(), env(), endpoints);
        let config = EnvoyConfig { max_ejection_percent: 1.0, ..EnvoyConfig::default() };
        OutlierLayer::new(OutlierConfig::Envoy(config), env(), balance)
    }),
];

fn retry(inner: TestCall) -> TestCall {
    let backoff = Backoff::FullJitter { base: ms(2), factor: 2.0, max: ms(8) };
    RetryLayer::new(RetryConfig { backoff, ..RetryConfig::default() }, env(), inner)
}

fn breaker(inner: TestCall) -> TestCall {
    let windows =
        vec![Window::Time { span: ms(100), buckets: 10 }, Window::Ewma { half_life: ms(50) }];
    let config = BreakerConfig { windows, min_calls: 3, ..BreakerConfig::default() };
    BreakerLayer::new(config, env(), inner)
}

fn throttle(inner: TestCall) -> TestCall {
    ThrottleLayer::new(ThrottleConfig { min_per_second: 0.0, ..Default::default() }, env(), inner)
}

fn one() -> BulkheadConfig {
    BulkheadConfig { limit: 1, max_wait: ms(10), max_waiting: Some(2) }
}

fn limit(algorithm: Algorithm, inner: TestCall) -> TestCall {
    LimitLayer::new(LimitConfig { algorithm, ..LimitConfig::default() }, env(), inner)
}

fn rate_limit(inner: TestCall) -> TestCall {
    let rate = Rate { permits: 1, per: ms(5) };
    let algorithm = Count::TokenBucket { rate, burst: 1 };
    RateLimitLayer::new(RateLimitConfig { algorithm, max_wait: ms(20) }, env(), inner)
}

fn hedge(config: HedgeConfig, inner: TestCall) -> TestCall {
    HedgeLayer::new(HedgeConfig { delay: HedgeDelay::Fixed(ms(3)), ..config }, env(), inner)
}

fn fallback(inner: TestCall) -> TestCall {
    let other = Server::new(TestWorld::new(), &[Step::Fail]);
    let chain = Chain::new(|_: &mut u32| {});
    let chain = chain.stale(|_| None).call(FallbackConfig { limit: 1 }, other);
    FallbackLayer::new(env(), inner, chain.default(|_| FALLEN))
}
