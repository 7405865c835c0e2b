use std::sync::Arc;

use cascadia_runtime::{Ended, Runtime, Stream, Time, Wall};

use crate::call::{
    Baggage, Call, Context, Failure, Layer, Outcome, Reason, Rejection, Request, call_fn,
};
use crate::env::Env;
use crate::retry::{Backoff, Budget, BudgetConfig, ConcurrentConfig, RetryConfig, RetryLayer};
use crate::testing::{Recorder, Server, Step, TestOutcome, TestWorld, at, env, ms, safe};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const DOWN: TestOutcome = Err(Failure::Service("down"));

struct Bench {
    world: TestWorld,
    server: Arc<Server>,
    observe: Arc<Recorder>,
    layer: Arc<RetryLayer<TestWorld, Context, u32, &'static str>>,
}

fn bench(script: &[Step], config: RetryConfig) -> Bench {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = RetryLayer::new(config, env(world, &observe), server.clone());
    Bench { world, server, observe, layer }
}

impl Bench {
    async fn call(&self, request: Context) -> TestOutcome {
        self.layer.clone().call(request).await
    }
}

fn config() -> RetryConfig {
    RetryConfig { backoff: Backoff::Fixed { delay: ms(10) }, ..RetryConfig::default() }
}

fn single_budget() -> Option<Budget> {
    Some(BudgetConfig { ratio: 0.0, min_per_second: 0.1, ..BudgetConfig::default() }.into())
}

#[tokio::test(start_paused = true)]
async fn tries_until_it_works_and_numbers_the_tries() {
    let bench = bench(&[Step::Fail, Step::Fail, Step::Ok], config());
    assert_eq!(bench.call(safe()).await, Ok(7));
    let attempts: Vec<_> =
        bench.server.seen().iter().map(|context| context.attempt.number).collect();
    assert_eq!((attempts, bench.world.now()), (vec![0, 1, 2], at(20)));
    let retrying = |attempt| format!("Retrying {{ attempt: {attempt}, delay: 10ms }}");
    let succeeded = "Count(retry_succeeded)".to_owned();
    assert_eq!(bench.observe.signals(), [retrying(1), retrying(2), succeeded]);
    assert_eq!(bench.observe.times(), [at(0), at(10), at(20)]);
}

#[tokio::test(start_paused = true)]
async fn gives_the_last_error_when_the_tries_are_used_up() {
    let bench = bench(&[Step::Fail], config());
    assert_eq!(bench.call(safe()).await, DOWN);
    assert_eq!(bench.server.seen().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn near_the_deadline_the_error_is_the_one_there_was() {
    let bench = bench(&[Step::Fail], config());
    let request = Context::new(Baggage { deadline: Some(at(15)), ..safe().baggage });
    assert_eq!(bench.call(request).await, DOWN);
    assert_eq!((bench.world.now(), bench.server.seen().len()), (at(10), 2));
    assert_eq!(bench.observe.signals()[1], "RetryDenied { reason: Deadline, trace: TraceId(0) }");
}

#[tokio::test(start_paused = true)]
async fn a_budget_is_shared_by_the_calls() {
    let bench = bench(&[Step::Fail], RetryConfig { budget: single_budget(), ..config() });
    assert_eq!(bench.call(safe()).await, DOWN);
    assert_eq!(bench.server.seen().len(), 2);
    assert_eq!(bench.call(safe()).await, DOWN);
    assert_eq!(bench.server.seen().len(), 3);
    let (level, denied) =
        ("Level(budget, 0.0)", "RetryDenied { reason: Budget, trace: TraceId(0) }");
    let signals = bench.observe.signals();
    assert_eq!((&*signals[0], signals[1].starts_with("Retrying")), (level, true));
    assert_eq!(signals[2..], [level, denied, level, denied]);
}

#[tokio::test(start_paused = true)]
async fn a_call_dropped_between_two_tries_gives_its_retry_back() {
    let bench = bench(&[Step::Fail], RetryConfig { budget: single_budget(), ..config() });
    let dropped = tokio::spawn(bench.layer.clone().call(safe()));
    tokio::task::yield_now().await;
    assert_eq!(bench.server.seen().len(), 1);
    dropped.abort();
    assert!(dropped.await.unwrap_err().is_cancelled());
    assert_eq!(bench.call(safe()).await, DOWN);
    assert_eq!(bench.server.seen().len(), 3, "the retry was there to be had");
}

#[tokio::test(start_paused = true)]
async fn every_call_pays_in_once_and_not_for_its_retries() {
    let budget = BudgetConfig { ratio: 1.0, min_per_second: 0.0, ..BudgetConfig::default() };
    let bench = bench(&[Step::Fail], RetryConfig { budget: Some(budget.into()), ..config() });
    for calls in 1..4 {
        assert_eq!(bench.call(safe()).await, DOWN);
        assert_eq!(bench.server.seen().len(), 2 * calls);
    }
}

/// A breaker that opened in between refuses the retry and says that it did nothing. The call did.
#[tokio::test(start_paused = true)]
async fn a_retry_that_is_refused_does_not_undo_the_try_before_it() {
    for (first, safe_to_retry) in [(Failure::Service("down"), false), (refused(), true)] {
        let server = call_fn(move |context: Context| {
            let outcome = if context.attempt.number == 0 { first.clone() } else { refused() };
            async move { Err::<u32, _>(outcome) }
        });
        let layer = RetryLayer::new(config(), env(TestWorld::new(), &Arc::default()), server);
        let Err(Failure::Rejected(rejection)) = layer.call(safe()).await else { panic!() };
        assert_eq!(rejection.safe_to_retry, safe_to_retry);
    }
}

fn refused() -> Failure<&'static str> {
    Failure::Rejected(Rejection::new(Layer::BREAKER, Reason::OPEN))
}

/// One retry at a time: a call that is dropped while it waits, or while its retry is under way,
/// must give its place to another.
#[tokio::test(start_paused = true)]
async fn a_dropped_call_leaves_nothing_under_way() {
    let budget = Some(Budget::Concurrent(ConcurrentConfig { share: 0.0, min: 1 }));
    for (leave, script) in [(5, &[Step::Fail][..]), (15, &[Step::Fail, Step::Hang, Step::Fail])] {
        let bench = bench(script, RetryConfig { budget, ..config() });
        let dropped = tokio::spawn(bench.layer.clone().call(safe()));
        bench.world.sleep(ms(leave)).await;
        dropped.abort();
        assert!(dropped.await.unwrap_err().is_cancelled());
        assert_eq!(bench.server.in_flight(), 0);
        let seen = bench.server.seen().len();
        assert_eq!(bench.call(safe()).await, DOWN);
        assert_eq!(bench.server.seen().len(), seen + 3, "its retries found the place free");
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_try_may_take_what_is_left() {
    let world = TestWorld::new();
    let observe = Arc::<Recorder>::default();
    let server = Server::new(world, &[Step::Hang, Step::OkAfter(ms(60))]);
    let per_try = TimeoutConfig { after: ms(20) };
    let per_try = TimeoutLayer::new(per_try, env(world, &observe), server.clone());
    let config = RetryConfig { attempts: 2, last_takes_rest: true, ..config() };
    let layer = RetryLayer::new(config, env(world, &observe), per_try);
    let overall = TimeoutLayer::new(TimeoutConfig { after: ms(100) }, env(world, &observe), layer);
    assert_eq!(overall.call(safe()).await, Ok(7));
    assert_eq!(world.now(), at(20 + 10 + 60));
    let deadlines: Vec<_> = server.seen().iter().map(|context| context.baggage.deadline).collect();
    assert_eq!(deadlines, [Some(at(20)), Some(at(100))]);
}

/// A world in which nobody may wait.
#[derive(Clone)]
struct Restless(TestWorld);

impl Runtime for Restless {
    type Sleep = <TestWorld as Runtime>::Sleep;
    type Task = <TestWorld as Runtime>::Task;

    fn now(&self) -> Time {
        self.0.now()
    }

    fn wall(&self) -> Wall {
        self.0.wall()
    }

    fn sleep_until(&self, _: Time) -> Self::Sleep {
        panic!("made a timer")
    }

    fn deadline(&self, _: Time) -> Self::Sleep {
        panic!("made a timer")
    }

    fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) -> Self::Task {
        self.0.spawn(task)
    }

    async fn blocking<T: Send + 'static>(
        &self,
        _: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Ended> {
        panic!("waited for work")
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_without_a_delay_makes_no_timer() {
    let inner = call_fn(|request: Context| async move {
        if request.attempt.number < 2 { Err(Failure::Service("down")) } else { Ok(7) }
    });
    let env = Env::new(Restless(TestWorld::new()), Stream::from_seed(1));
    let layer = RetryLayer::new(RetryConfig { backoff: Backoff::None, ..config() }, env, inner);
    assert_eq!(layer.call(safe()).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn an_unsafe_request_is_sent_once() {
    let bench = bench(&[Step::Fail], config());
    assert_eq!(bench.call(Context::default()).await, DOWN);
    assert_eq!(bench.server.seen().len(), 1);
    assert_eq!(bench.observe.signals(), ["RetryDenied { reason: Unsafe, trace: TraceId(0) }"]);
}

struct OnceOnly(Context);

impl Request for OnceOnly {
    fn context(&self) -> &Context {
        &self.0
    }

    fn context_mut(&mut self) -> &mut Context {
        &mut self.0
    }

    fn try_clone(&mut self) -> Option<Self> {
        None
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_copied_is_sent_once() {
    let observe = Arc::<Recorder>::default();
    let inner = call_fn(|_: OnceOnly| async { Outcome::<(), _>::Err(Failure::Service("down")) });
    let env: Env<_, (), &str> =
        Env { observe: observe.clone(), ..Env::new(TestWorld::new(), Stream::from_seed(1)) };
    let layer = RetryLayer::new(config(), env, inner);
    assert_eq!(layer.call(OnceOnly(safe())).await, Err(Failure::Service("down")));
    assert_eq!(observe.signals(), ["RetryDenied { reason: NotCloneable, trace: TraceId(0) }"]);
}
