//! Every duration that a setting, a deadline or a server may name, in every layer: whatever passes the check of a
//! configuration works, and nothing overflows.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Stream, Time};
use proptest::prelude::*;

use crate::balance::{BalanceConfig, BalanceLayer};
use crate::breaker::document::{DocumentConfig, DocumentLayer};
use crate::breaker::{BreakerConfig, BreakerLayer, HalfOpen, OpenWait, Slow, Window};
use crate::bulkhead::{BulkheadConfig, BulkheadLayer, PoolConfig};
use crate::call::{
    Baggage, BoxFuture, Call, Class, Classify, Context, DefaultClassifier, Failure, Layer,
    Pushback, Reason, Rejection,
};
use crate::cooldown::{CooldownConfig, CooldownLayer};
use crate::deadline::{DeadlineConfig, DeadlineLayer};
use crate::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::limit::{AimdConfig, Algorithm, GradientConfig, LimitConfig, LimitLayer};
use crate::messaging::Subscription;
use crate::messaging::group::GroupConfig;
use crate::messaging::inbox::InboxConfig;
use crate::messaging::outbox::OutboxConfig;
use crate::messaging::producer::ProducerConfig;
use crate::outlier::{EnvoyConfig, GrpcConfig, OutlierConfig, OutlierLayer};
use crate::raft::RaftConfig;
use crate::rate_limit::{self, Rate, RateLimitConfig, RateLimitLayer};
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::saga::orchestrator::OrchestratorConfig;
use crate::shed::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, Order, QueueConfig, QueueLayer,
    WaitGauge,
};
use crate::singleflight::{SingleflightConfig, SingleflightLayer};
use crate::testing::{TestCall, TestEnv, TestOutcome, TestWorld, ms, safe};
use crate::throttle::{ThrottleConfig, ThrottleLayer};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const DURATIONS: [Duration; 8] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_millis(1),
    Duration::from_secs(1),
    Duration::from_nanos(u64::MAX),
    Duration::from_nanos(i64::MAX as u64),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];

thread_local! {
    /// Those of a case, which are used in turn.
    static DRAWN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The next of them.
fn d() -> Duration {
    DRAWN.with_borrow_mut(|drawn| {
        drawn.rotate_left(1);
        DURATIONS[*drawn.last().expect("some are drawn")]
    })
}

/// A layer with extreme settings, if they pass its check.
type Make = fn(TestEnv, TestCall) -> Option<TestCall>;

const ALL: [(&str, Make); 18] = [
    ("breaker", |env, inner| {
        let windows = vec![
            Window::Time { span: d(), buckets: 3 },
            Window::Ewma { half_life: d() },
            Window::Count(2),
        ];
        let half_open = HalfOpen { max_wait: Some(d()), ..HalfOpen::default() };
        let slow = Some(Slow { threshold: d(), rate: 0.5 });
        let open = OpenWait { base: d(), max: d(), min: Some(d()), ..OpenWait::default() };
        let config =
            BreakerConfig { windows, slow, open, half_open, min_calls: 1, ..Default::default() };
        config.check().ok()?;
        Some(BreakerLayer::new(config, env, inner))
    }),
    ("document breaker", |env, inner| {
        let config = DocumentConfig { recovery: d(), ..DocumentConfig::default() };
        config.check().ok()?;
        Some(DocumentLayer::new(config, env, inner))
    }),
    ("bulkhead", |env, inner| {
        let config = BulkheadConfig { limit: 1, max_wait: d(), max_waiting: None };
        config.check().ok()?;
        Some(BulkheadLayer::new(config, env, inner))
    }),
    ("pool", |env, inner| {
        let config = PoolConfig { core: 1, max: 2, queue: 2, keepalive: d(), max_wait: d() };
        config.check().ok()?;
        Some(BulkheadLayer::pool(config, env, inner))
    }),
    ("cooldown", |env, inner| {
        let config = CooldownConfig { pause: d(), ..CooldownConfig::default() };
        config.check().ok()?;
        Some(CooldownLayer::new(config, env, inner))
    }),
    ("deadline", |env, inner| {
        let config = DeadlineConfig { min_remaining: d(), hop_margin: d() };
        config.check().ok()?;
        Some(DeadlineLayer::new(config, env, inner))
    }),
    ("hedge", |env, inner| {
        let config =
            HedgeConfig { delay: HedgeDelay::Fixed(d()), budget: None, ..HedgeConfig::default() };
        config.check().ok()?;
        Some(HedgeLayer::new(config, env, inner))
    }),
    ("hedge by quantile", |env, inner| {
        let delay = HedgeDelay::Quantile { share: 0.5, min: d(), min_calls: 1 };
        let config = HedgeConfig { delay, ..HedgeConfig::default() };
        config.check().ok()?;
        Some(HedgeLayer::new(config, env, inner))
    }),
    ("aimd", |env, inner| {
        let algorithm = Algorithm::Aimd(AimdConfig { timeout: d(), ..AimdConfig::default() });
        let window = crate::limit::Window { samples: 1, min: d(), max: d(), min_rtt: d() };
        let config = LimitConfig { algorithm, window: Some(window), ..LimitConfig::default() };
        config.check().ok()?;
        Some(LimitLayer::new(config, env, inner))
    }),
    ("gradient", |env, inner| {
        let (update, min_rtt_interval) = (d(), d());
        let gradient = GradientConfig { update, min_rtt_interval, ..GradientConfig::default() };
        let algorithm = Algorithm::Gradient(gradient);
        let config = LimitConfig { algorithm, ..LimitConfig::default() };
        config.check().ok()?;
        Some(LimitLayer::new(config, env, inner))
    }),
    ("outlier", |env, inner| {
        let config = OutlierConfig::Envoy(EnvoyConfig {
            interval: d(),
            base_ejection_time: d(),
            max_ejection_time: d(),
            max_ejection_time_jitter: d(),
            ..EnvoyConfig::default()
        });
        outlier(config, env, inner)
    }),
    ("grpc outlier", |env, inner| {
        let config = OutlierConfig::Grpc(GrpcConfig {
            interval: d(),
            base_ejection_time: d(),
            max_ejection_time: d(),
            ..GrpcConfig::default()
        });
        outlier(config, env, inner)
    }),
    ("rate limit", |env, inner| {
        let (limit, window) = (1, d());
        let rate = Rate { permits: 1, per: window };
        let algorithms = [
            rate_limit::Algorithm::TokenBucket { rate, burst: limit },
            rate_limit::Algorithm::Gcra { rate, burst: u32::MAX },
            rate_limit::Algorithm::SlidingLog { limit, window },
            rate_limit::Algorithm::SlidingCounter { limit, window },
            rate_limit::Algorithm::FixedCycle { limit, window },
        ];
        let algorithm = algorithms[window.subsec_nanos() as usize % algorithms.len()];
        let config = RateLimitConfig { algorithm, max_wait: d() };
        config.check().ok()?;
        Some(RateLimitLayer::new(config, env, inner))
    }),
    ("retry", |env, inner| {
        let (base, max, factor) = (d(), d(), 2.0);
        let kinds = [
            Backoff::Fixed { delay: max },
            Backoff::Linear { base, max },
            Backoff::Exponential { base, factor: f64::MAX, max },
            Backoff::FullJitter { base, factor, max },
            Backoff::EqualJitter { base, factor, max },
            Backoff::Decorrelated { base, max },
            Backoff::Proportional { base, factor, max, spread: 1.0 },
        ];
        let backoff = kinds[(base.as_nanos() + max.as_nanos()) as usize % kinds.len()];
        let (min_useful, max_retry_after) = (d(), Some(d()));
        let config = RetryConfig { backoff, min_useful, max_retry_after, ..RetryConfig::default() };
        config.check().ok()?;
        Some(RetryLayer::new(config, env, inner))
    }),
    ("queue", |env, inner| {
        let interval = d();
        let codel = Some(CodelConfig { target: interval / 2, interval });
        let discipline = DisciplineConfig { order: Order::Fifo, codel };
        let config = QueueConfig { limit: 1, discipline, ..QueueConfig::default() };
        config.check().ok()?;
        Some(QueueLayer::new(config, None, env, inner))
    }),
    ("dagor", |env, inner| {
        let config = DagorConfig { target: d(), window: d(), ..DagorConfig::default() };
        config.check().ok()?;
        Some(DagorLayer::new(WaitGauge::new(config), env, inner))
    }),
    ("singleflight", |env, inner| {
        let config = SingleflightConfig { max_age: d() };
        config.check().ok()?;
        Some(SingleflightLayer::new(config, Box::new(|_: &Context| 1), env, inner))
    }),
    ("throttle and timeout", |env, inner| {
        let (throttle, after) = (ThrottleConfig { window: d(), ..Default::default() }, d());
        let timeout = TimeoutConfig { after };
        throttle.check().ok()?;
        timeout.check().ok()?;
        let world = env.world;
        let inner = TimeoutLayer::new(timeout, env, inner);
        Some(ThrottleLayer::new(throttle, TestEnv::new(world, Stream::from_seed(2)), inner))
    }),
];

fn outlier(config: OutlierConfig, env: TestEnv, inner: TestCall) -> Option<TestCall> {
    config.check().ok()?;
    let of_balancer = TestEnv::new(env.world, Stream::from_seed(2));
    let endpoints = vec![Arc::clone(&inner), inner];
    let balance = BalanceLayer::new(BalanceConfig::default(), of_balancer, endpoints);
    Some(OutlierLayer::new(config, env, balance))
}

/// A server that names extreme times.
struct Says;

impl Classify<u32, &'static str> for Says {
    fn classify(&self, outcome: &TestOutcome) -> Class {
        DefaultClassifier.classify(outcome)
    }

    fn pushback(&self, _: &TestOutcome) -> Pushback {
        Pushback::After(d())
    }
}

struct Server;

impl Call<Context, u32, &'static str> for Server {
    fn call(self: Arc<Self>, _: Context) -> BoxFuture<TestOutcome> {
        Box::pin(async {
            let retry_after = Some(d());
            let world = TestWorld::new();
            match d().subsec_nanos() % 4 {
                0 => Ok(7),
                1 => Err(Failure::Service("down")),
                2 => {
                    let mut rejection = Rejection::new(Layer::BREAKER, Reason::OPEN);
                    rejection.retry_after = retry_after;
                    Err(Failure::Rejected(rejection))
                }
                _ => {
                    world.sleep(ms(5)).await;
                    Err(Failure::TimedOut(Layer::TIMEOUT))
                }
            }
        })
    }

    fn inner(&self) -> Option<&dyn Call<Context, u32, &'static str>> {
        None
    }
}

async fn check(name: &str, make: Make) -> bool {
    let world = TestWorld::new();
    let env = TestEnv { classify: Arc::new(Says), ..TestEnv::new(world, Stream::from_seed(1)) };
    let Some(layer) = make(env, Arc::new(Server)) else { return false };
    for round in 0..4 {
        let deadlines = [None, Some(world.now() + d()), Some(Time::MAX)];
        let calls: Vec<_> = deadlines
            .into_iter()
            .map(|deadline| {
                let baggage = Baggage { deadline, ..safe().baggage };
                tokio::spawn(Arc::clone(&layer).call(Context::new(baggage)))
            })
            .collect();
        for call in calls {
            // Who waits for ever may be meant to; who panics is not.
            let abort = call.abort_handle();
            if let Ok(Err(ended)) = tokio::time::timeout(ms(60_000), call).await {
                assert!(!ended.is_panic(), "{name} in round {round}");
            }
            abort.abort();
        }
        tokio::time::sleep(ms(2_000)).await;
        layer.status(world.now());
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn no_duration_overflows(drawn in prop::collection::vec(0..DURATIONS.len(), 1..24)) {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
        DRAWN.set(drawn);
        runtime.block_on(async {
            for (name, make) in ALL {
                check(name, make).await;
            }
        });
    }
}

#[test]
fn configurations_of_what_is_no_layer_are_checked_whatever_they_say() {
    for [first, second, third] in threes() {
        let _ = ProducerConfig {
            linger: first,
            request_timeout: second,
            delivery_timeout: third,
            ..ProducerConfig::default()
        }
        .check();
        let (timeout, skew, lease) = (first, second, third);
        let _ = OutboxConfig { timeout, skew, lease, ..OutboxConfig::new("o/") }.check();
        let _ = OrchestratorConfig { lease, skew, sweep: first, ..OrchestratorConfig::new("s/") }
            .check();
        let inbox = InboxConfig { window: first, skew, ..InboxConfig::new("i/") };
        let subscription = Subscription {
            ack_wait: third,
            attempts: Some(3),
            ..Subscription::new("orders", "stock")
        };
        let _ = inbox.covers(&subscription);
        let _ = RaftConfig {
            election_timeout_min: first,
            election_timeout_max: second,
            heartbeat: third,
            ..RaftConfig::default()
        }
        .check();
        let _ = GroupConfig {
            session_timeout: first,
            rebalance_timeout: second,
            initial_delay: third,
            ..GroupConfig::default()
        }
        .check();
    }
}

/// Any three of them.
fn threes() -> impl Iterator<Item = [Duration; 3]> {
    let with = |first| DURATIONS.map(|second| DURATIONS.map(|third| [first, second, third]));
    DURATIONS.into_iter().flat_map(move |first| with(first).into_iter().flatten())
}

/// The longest of all passes all checks, or else says why not.
#[tokio::test(start_paused = true)]
async fn the_longest_duration_is_taken_by_every_layer() {
    DRAWN.set(vec![DURATIONS.len() - 1]);
    for (name, make) in ALL {
        assert!(check(name, make).await, "{name}");
    }
}
