//! A stack of eight layers makes at most nine allocations a call: a boxed future for each layer and
//! one for the server. No layer needs another one: not a hedge before its copy is due, nor a
//! fallback that is not asked, nor a call that waits for its answer. One that only lets a call in
//! needs none at all.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Wakening, Poll, Waker};
use std::time::Duration;

use cascadia_patterns::balance::{BalanceConfig, BalanceLayer};
use cascadia_patterns::breaker::document::{DocumentConfig, DocumentLayer};
use cascadia_patterns::breaker::{BreakerConfig, BreakerLayer};
use cascadia_patterns::bulkhead::{BulkheadConfig, BulkheadLayer, KeyedBulkheadConfig, PoolConfig};
use cascadia_patterns::call::{Baggage, Call, Context, TraceId, call_fn};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::env::Env;
use cascadia_patterns::fallback::{Chain, FallbackConfig, FallbackLayer};
use cascadia_patterns::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use cascadia_patterns::limit::{
    self, AimdConfig, GradientConfig, LimitConfig, LimitLayer, VegasConfig,
};
use cascadia_patterns::outlier::{EnvoyConfig, GrpcConfig, OutlierConfig, OutlierLayer};
use cascadia_patterns::rate_limit::{self, Rate, RateLimitConfig, RateLimitLayer};
use cascadia_patterns::retry::{BudgetConfig, RetryConfig, RetryLayer};
use cascadia_patterns::shed::{DagorConfig, DagorLayer, QueueConfig, QueueLayer, WaitGauge};
use cascadia_patterns::singleflight::{SingleflightConfig, SingleflightLayer};
use cascadia_patterns::throttle::{ThrottleConfig, ThrottleLayer};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_patterns::trace::{TraceConfig, TraceLayer};
use cascadia_runtime::{Stream, TokioWorld};

use super::{ROUNDS, allocations};

pub(crate) type Route = Arc<dyn Call<Context, u32, &'static str>>;
type Layer = fn(Route) -> Route;

const HOUR: Duration = Duration::from_secs(3_600);

/// Stacks that have every layer between them, outermost first, and the allocations of a call.
const STACKS: [([Layer; 8], u64); 4] = [
    ([deadline, timeout, retry, breaker, bulkhead, balance, breaker, timeout], 8),
    ([fallback, hedge, retry, throttle, outlier_envoy, document, aimd, timeout], 9),
    ([trace, deadline, token_bucket, dagor, keyed, vegas, pool, queue], 5),
    ([hedge, outlier_grpc, gradient, gradient2, sliding_log, fallback, throttle, trace], 7),
];

pub(crate) fn env() -> Env<TokioWorld, u32, &'static str> {
    Env::new(TokioWorld::new(), Stream::from_seed(1))
}

fn deadline(inner: Route) -> Route {
    DeadlineLayer::new(DeadlineConfig::default(), env(), inner)
}

fn timeout(inner: Route) -> Route {
    TimeoutLayer::new(TimeoutConfig { after: HOUR }, env(), inner)
}

fn retry(inner: Route) -> Route {
    let budget = Some(BudgetConfig::default().into());
    RetryLayer::new(RetryConfig { budget, ..RetryConfig::default() }, env(), inner)
}

/// An answer is there long before a copy is due.
fn hedge(inner: Route) -> Route {
    let config = HedgeConfig { delay: HedgeDelay::Fixed(HOUR), ..HedgeConfig::default() };
    HedgeLayer::new(config, env(), inner)
}

fn fallback(inner: Route) -> Route {
    let other = call_fn(|_: Context| async { Ok(1) });
    let chain = Chain::new(|_: &mut u32| {}).call(FallbackConfig::default(), other).default(|_| 2);
    FallbackLayer::new(env(), inner, chain)
}

fn trace(inner: Route) -> Route {
    TraceLayer::new(TraceConfig::default(), env(), inner)
}

fn breaker(inner: Route) -> Route {
    BreakerLayer::new(BreakerConfig::default(), env(), inner)
}

fn document(inner: Route) -> Route {
    DocumentLayer::new(DocumentConfig::default(), env(), inner)
}

fn throttle(inner: Route) -> Route {
    ThrottleLayer::new(ThrottleConfig::default(), env(), inner)
}

fn bulkhead(inner: Route) -> Route {
    BulkheadLayer::new(BulkheadConfig::default(), env(), inner)
}

fn keyed(inner: Route) -> Route {
    let key = Box::new(|request: &Context| u64::from(request.baggage.priority));
    BulkheadLayer::keyed(KeyedBulkheadConfig::default(), key, env(), inner)
}

fn pool(inner: Route) -> Route {
    BulkheadLayer::pool(PoolConfig::default(), env(), inner)
}

fn limit(algorithm: limit::Algorithm, inner: Route) -> Route {
    LimitLayer::new(LimitConfig { algorithm, ..LimitConfig::default() }, env(), inner)
}

fn aimd(inner: Route) -> Route {
    limit(limit::Algorithm::Aimd(AimdConfig::default()), inner)
}

fn vegas(inner: Route) -> Route {
    limit(limit::Algorithm::Vegas(VegasConfig::default()), inner)
}

fn gradient(inner: Route) -> Route {
    limit(limit::Algorithm::Gradient(GradientConfig::default()), inner)
}

fn gradient2(inner: Route) -> Route {
    LimitLayer::new(LimitConfig::default(), env(), inner)
}

fn token_bucket(inner: Route) -> Route {
    let rate = Rate::per_second(1_000_000_000);
    let algorithm = rate_limit::Algorithm::TokenBucket { rate, burst: 1_000 };
    RateLimitLayer::new(RateLimitConfig::new(algorithm), env(), inner)
}

fn sliding_log(inner: Route) -> Route {
    let window = Duration::from_nanos(1);
    let algorithm = rate_limit::Algorithm::SlidingLog { limit: 1_000, window };
    RateLimitLayer::new(RateLimitConfig::new(algorithm), env(), inner)
}

fn dagor(inner: Route) -> Route {
    DagorLayer::new(WaitGauge::new(DagorConfig::default()), env(), inner)
}

fn queue(inner: Route) -> Route {
    QueueLayer::new(QueueConfig::default(), None, env(), inner)
}

fn singleflight(inner: Route) -> Route {
    let key = Box::new(|request: &Context| u64::from(request.baggage.priority));
    SingleflightLayer::new(SingleflightConfig::default(), key, env(), inner)
}

fn two(inner: Route) -> Arc<BalanceLayer<TokioWorld, Context, u32, &'static str>> {
    BalanceLayer::new(BalanceConfig::default(), env(), vec![inner.clone(), inner])
}

fn balance(inner: Route) -> Route {
    two(inner)
}

fn outlier_envoy(inner: Route) -> Route {
    OutlierLayer::new(OutlierConfig::Envoy(EnvoyConfig::default()), env(), two(inner))
}

fn outlier_grpc(inner: Route) -> Route {
    OutlierLayer::new(OutlierConfig::Grpc(GrpcConfig::default()), env(), two(inner))
}

/// Answers when it is looked at for the second time.
fn server() -> Route {
    call_fn(|_: Context| async {
        let mut came = false;
        std::future::poll_fn(|context| {
            context.waker().wake_by_ref();
            if std::mem::replace(&mut came, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        Ok(7)
    })
}

/// Runs `work` where there are timers.
pub(crate) fn on_tokio(work: impl FnOnce()) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    work();
}

#[test]
fn eight_layers_allocate_at_most_a_future_each_and_the_server_one() {
    on_tokio(|| {
        for (number, (layers, each)) in STACKS.iter().enumerate() {
            let route = layers.iter().rev().fold(server(), |inner, layer| layer(inner));
            let count = allocations(|now| {
                let trace = TraceId(u128::from(now.as_nanos()));
                let request = Context::new(Baggage { safe: true, trace, ..Baggage::default() });
                let mut call = pin!(Arc::clone(&route).call(request));
                let mut wakening = Wakening::from_waker(Waker::noop());
                assert_eq!(call.as_mut().poll(&mut wakening), Poll::Pending);
                assert_eq!(call.as_mut().poll(&mut wakening), Poll::Ready(Ok(7)));
            });
            assert_eq!(count, each * ROUNDS, "stack {number}");
        }
    });
}

/// A call that others may join needs what it shares with them besides the futures: a place for its
/// end, and one for those who wait.
#[test]
fn a_call_that_others_may_join_allocates_what_it_shares() {
    on_tokio(|| {
        let route = singleflight(server());
        let count = allocations(|_| {
            let request = Context::new(Baggage { safe: true, ..Baggage::default() });
            let mut call = pin!(Arc::clone(&route).call(request));
            let mut wakening = Wakening::from_waker(Waker::noop());
            assert_eq!(call.as_mut().poll(&mut wakening), Poll::Pending);
            assert_eq!(call.as_mut().poll(&mut wakening), Poll::Ready(Ok(7)));
        });
        assert_eq!(count, 4 * ROUNDS);
    });
}

/// A call that is dropped where it stands leaves nothing that the next one would have to allocate.
#[test]
fn nor_do_calls_allocate_more_that_are_dropped() {
    on_tokio(|| {
        for (number, (layers, each)) in STACKS.iter().enumerate() {
            let route = layers.iter().rev().fold(server(), |inner, layer| layer(inner));
            let count = allocations(|_| {
                let request = Context::new(Baggage { safe: true, ..Baggage::default() });
                let mut call = pin!(Arc::clone(&route).call(request));
                let mut wakening = Wakening::from_waker(Waker::noop());
                assert_eq!(call.as_mut().poll(&mut wakening), Poll::Pending);
            });
            assert_eq!(count, each * ROUNDS, "stack {number}");
        }
    });
}
