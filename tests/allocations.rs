//! What a call allocates: nothing in the cores, a boxed future a layer in a stack.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as Wakening, Poll, Waker};
use std::time::Duration;

use cascadia_patterns::balance::{BalanceConfig, BalanceKind, BalanceLayer, Pool};
use cascadia_patterns::breaker::{Breaker, BreakerConfig, BreakerLayer, Window};
use cascadia_patterns::bulkhead::{Admission, Bulkhead, BulkheadConfig, BulkheadLayer};
use cascadia_patterns::call::{Call, Class, Context, Pushback, call_fn};
use cascadia_patterns::deadline::{DeadlineConfig, DeadlineLayer};
use cascadia_patterns::env::Env;
use cascadia_patterns::retry::{
    BudgetConfig, Decision, Facts, RatioBudget, RetryConfig, RetryLayer, Tries,
};
use cascadia_patterns::timeout::{TimeoutConfig, TimeoutLayer};
use cascadia_runtime::{Stream, Time, TokioWorld};

/// The allocator of the system, with a count for each thread.
struct Counting;

thread_local!(static COUNT: Cell<u64> = const { Cell::new(0) });

// Safety: everything is left to the allocator of the system.
#[expect(unsafe_code, reason = "an allocator is unsafe to write")]
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        COUNT.set(COUNT.get() + 1);
        // Safety: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // Safety: as the caller promises.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const CALLS: u64 = 10_000;

/// Allocations of so many rounds of `call`, after some that may make room.
fn allocations(mut call: impl FnMut(Time)) -> u64 {
    let at = |round: u64| Time::from_nanos(round * 1_000_000);
    (0..CALLS).for_each(|round| call(at(round)));
    let before = COUNT.get();
    (CALLS..2 * CALLS).for_each(|round| call(at(round)));
    COUNT.get() - before
}

#[test]
fn a_breaker_allocates_nothing() {
    let windows = [Window::Count(100), Window::Time { span: Duration::from_secs(10), buckets: 10 }];
    for window in windows {
        let config = BreakerConfig { windows: vec![window], ..BreakerConfig::default() };
        let (mut core, mut stream) = (Breaker::new(config), Stream::from_seed(1));
        let mut round = 0;
        let count = allocations(|now| {
            round += 1;
            if let Ok(permit) = core.on_call(now, &mut stream) {
                match round % 3 {
                    0 => core.on_success(now, permit, &mut stream),
                    1 => core.on_failure(now, permit, false, &mut stream),
                    _ => core.on_abandoned(permit),
                }
            }
            core.poll_transition();
        });
        assert_eq!(count, 0, "{window:?}");
    }
}

#[test]
fn a_bulkhead_allocates_nothing() {
    let config = BulkheadConfig { limit: 1, max_wait: Duration::from_secs(1), max_waiting: None };
    let mut core = Bulkhead::new(config);
    let count = allocations(|now| {
        assert_eq!(core.on_call(now), Admission::Granted);
        let Admission::Queued { ticket, .. } = core.on_call(now) else { panic!("it has to wait") };
        assert_eq!(core.on_released(), Some(ticket));
        assert!(core.on_claimed(ticket));
        assert_eq!(core.on_released(), None);
    });
    assert_eq!(count, 0);
}

#[test]
fn a_retry_and_its_budget_allocate_nothing() {
    let mut budget = RatioBudget::new(BudgetConfig::default());
    let (mut stream, request) =
        (Stream::from_seed(1), Context { safe: true, ..Context::default() });
    let class = Class::Failure { retryable: true, overload: false };
    let count = allocations(|now| {
        let mut tries = Tries::new(RetryConfig::default(), &request);
        tries.on_try(now, Some(&mut budget));
        let facts = Facts {
            class,
            pushback: Pushback::Silent,
            untouched: false,
            timed_out: false,
            copied: true,
        };
        let decision = tries.on_outcome(now, facts, Some(&mut budget), &mut stream);
        assert_ne!(decision, Decision::Return);
    });
    assert_eq!(count, 0);
}

#[test]
fn a_balancer_allocates_nothing() {
    for kind in [
        BalanceKind::RoundRobin,
        BalanceKind::Random,
        BalanceKind::LeastConnections,
        BalanceKind::P2c,
    ] {
        let (mut pool, mut stream) = (Pool::new(kind.build(), 5), Stream::from_seed(1));
        let count = allocations(|now| {
            let index = pool.on_call(now, &[], &mut stream).expect("there are endpoints");
            pool.on_ended(index);
        });
        assert_eq!(count, 0, "{kind:?}");
    }
}

type Route = Arc<dyn Call<Context, u32, &'static str>>;

/// Eight layers: deadline, timeout, retry, breaker, bulkhead, balance, breaker and timeout.
fn eight() -> Route {
    let env = || Env::new(TokioWorld::new(), Stream::from_seed(1));
    let long = TimeoutConfig { after: Duration::from_secs(3_600) };
    let bulkhead = BulkheadConfig::default();
    let budget = Some(BudgetConfig::default().into());
    let retry = RetryConfig { budget, ..RetryConfig::default() };
    let server: Route = call_fn(|_: Context| async { Ok(7) });
    let route = TimeoutLayer::new(long, env(), server);
    let route = BreakerLayer::new(BreakerConfig::default(), env(), route);
    let route = BalanceLayer::new(BalanceConfig::default(), env(), vec![route]);
    let route = BulkheadLayer::new(bulkhead, env(), route);
    let route = BreakerLayer::new(BreakerConfig::default(), env(), route);
    let route = RetryLayer::new(retry, env(), route);
    let route = TimeoutLayer::new(long, env(), route);
    DeadlineLayer::new(DeadlineConfig::default(), env(), route)
}

#[test]
fn eight_layers_allocate_a_future_each_and_the_server_one() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let _entered = runtime.enter();
    let route = eight();
    let count = allocations(|_| {
        let call = pin!(Arc::clone(&route).call(Context { safe: true, ..Context::default() }));
        let answer = call.poll(&mut Wakening::from_waker(Waker::noop()));
        assert_eq!(answer, Poll::Ready(Ok(7)));
    });
    assert_eq!(count, 9 * CALLS);
}
