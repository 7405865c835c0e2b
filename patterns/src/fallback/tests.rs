use std::cell::Cell;
use std::sync::Arc;

use cascadia_runtime::Runtime;
use proptest::prelude::*;

use crate::call::{
    Baggage, Call, Class, Classify, Context, Failure, Layer, Outcome, Request, call_fn,
};
use crate::env::Env;
use crate::fallback::{Chain, FallbackConfig, FallbackLayer};
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::testing::{Recorder, Server, Step, TestCall, TestOutcome, TestWorld, at, env, ms, safe};
use crate::timeout::{TimeoutConfig, TimeoutLayer};

const DOWN: TestOutcome = Err(Failure::Service("down"));
/// What a mark adds to an answer.
const DEGRADED: u32 = 100;
const TWO: FallbackConfig = FallbackConfig { limit: 2 };

type TestChain = Chain<Context, u32, &'static str>;

fn chain() -> TestChain {
    Chain::new(|answer: &mut u32| *answer += DEGRADED)
}

struct Bench {
    world: TestWorld,
    observe: Arc<Recorder>,
    layer: TestCall,
}

fn bench(script: &[Step], chain: TestChain) -> Bench {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let server = Server::new(world, script);
    let layer = FallbackLayer::new(env(world, &observe), server, chain);
    Bench { world, observe, layer }
}

impl Bench {
    async fn call(&self) -> TestOutcome {
        self.layer.clone().call(safe()).await
    }
}

#[tokio::test(start_paused = true)]
async fn what_works_is_passed_on_unmarked() {
    let bench = bench(&[Step::Ok], chain().default(|_| 1));
    assert_eq!(bench.call().await, Ok(7));
    assert_eq!(bench.observe.signals(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_the_chain_is_marked_and_counted() {
    let bench = bench(&[Step::Fail], chain().default(|_| 1));
    assert_eq!(bench.call().await, Ok(1 + DEGRADED));
    assert_eq!(bench.observe.signals(), ["Count(fell_back)"]);
}

/// Over HTTP a server that is down has an answer: a 503. Only the classifier knows that it is none.
#[tokio::test(start_paused = true)]
async fn an_answer_that_is_a_failure_falls_back() {
    struct Busy;
    impl Classify<u32, &'static str> for Busy {
        fn classify(&self, outcome: &TestOutcome) -> Class {
            match outcome {
                Ok(7) => Class::Failure { retryable: true, overload: true },
                _ => Class::Success,
            }
        }
    }
    for (steps, expected, counted) in [
        (chain().default(|outcome| outcome.clone().unwrap()), 7 + DEGRADED, "Count(fell_back)"),
        (chain(), 7, "Count(fallback_failed)"),
    ] {
        let (world, observe) = (TestWorld::new(), Arc::default());
        let env = Env { classify: Arc::new(Busy), ..env(world, &observe) };
        let layer = FallbackLayer::new(env, Server::new(world, &[Step::Ok]), steps);
        assert_eq!(layer.call(safe()).await, Ok(expected));
        assert_eq!(observe.signals(), [counted]);
    }
}

/// As the bodies of axum are: a layer that asks for more cannot stand before a router.
#[tokio::test(start_paused = true)]
async fn what_it_carries_need_not_be_shared_between_threads() {
    struct Inbound(Context, Cell<u32>);
    impl Request for Inbound {
        fn context(&self) -> &Context {
            &self.0
        }
        fn context_mut(&mut self) -> &mut Context {
            &mut self.0
        }
        fn try_clone(&mut self) -> Option<Self> {
            Some(Self(self.0.clone(), self.1.clone()))
        }
    }
    let down = call_fn(|_: Inbound| async { Err::<Cell<u32>, _>(Failure::Service(Cell::new(1))) });
    let other = call_fn(|request: Inbound| async { Ok(request.1) });
    let chain = Chain::new(|_: &mut Cell<u32>| {}).call(TWO, other).default(|_| Cell::new(2));
    let env = Env::new(TestWorld::new(), cascadia_runtime::Stream::from_seed(1));
    let answer = FallbackLayer::new(env, down, chain).call(Inbound(safe(), Cell::new(3))).await;
    assert_eq!(answer, Ok(Cell::new(3)));
}

#[tokio::test(start_paused = true)]
async fn the_steps_are_asked_in_their_order() {
    for (stale, expected) in [(Some(3), 3), (None, 7)] {
        let other = Server::new(TestWorld::new(), &[Step::Ok]);
        let steps = chain().stale(move |_| stale).call(TWO, other).default(|_| 1);
        assert_eq!(format!("{steps:?}"), r#"["stale", "call", "default"]"#);
        assert_eq!(bench(&[Step::Fail], steps).call().await, Ok(expected + DEGRADED));
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_is_asked_once_and_the_first_failure_is_returned() {
    let other = call_fn(|_: Context| async { Err(Failure::TimedOut(Layer::TIMEOUT)) });
    let second = Server::new(TestWorld::new(), &[Step::Hang]);
    let asked = Server::new(TestWorld::new(), &[Step::Fail]);
    let bench = bench(&[Step::Fail], chain().call(TWO, other).call(TWO, asked.clone()));
    assert_eq!(bench.call().await, DOWN);
    assert_eq!((asked.seen().len(), second.seen().len()), (1, 0));
    assert_eq!(bench.observe.signals(), ["Count(fallback_failed)"]);
}

#[tokio::test(start_paused = true)]
async fn a_retry_around_it_does_not_repeat_what_fell_back() {
    let bench = bench(&[Step::Fail], chain().default(|_| 1));
    let retry = RetryConfig { backoff: Backoff::None, ..RetryConfig::default() };
    let retry = RetryLayer::new(retry, env(bench.world, &bench.observe), bench.layer.clone());
    assert_eq!(retry.call(safe()).await, Ok(1 + DEGRADED));
    assert_eq!(bench.observe.signals(), ["Count(fell_back)"]);
}

/// Without it, all calls of a service that fails would fall upon the one behind the fallback.
#[tokio::test(start_paused = true)]
async fn each_step_that_calls_has_a_bulkhead_of_its_own() {
    let (one, two) = (
        Server::new(TestWorld::new(), &[Step::Hang]),
        Server::new(TestWorld::new(), &[Step::Hang]),
    );
    let bench =
        bench(&[Step::Fail], chain().call(TWO, one.clone()).call(TWO, two.clone()).default(|_| 1));
    let calls: Vec<_> = (0..9).map(|_| tokio::spawn(bench.layer.clone().call(safe()))).collect();
    bench.world.sleep(ms(1)).await;
    assert_eq!((one.in_flight(), two.in_flight()), (2, 2));
    let ended = calls.iter().filter(|call| call.is_finished()).count();
    assert_eq!(ended, 5, "the others are answered with what needs nobody");
    calls.iter().for_each(|call| call.abort());
    tokio::task::yield_now().await;
    assert_eq!((one.in_flight(), two.in_flight()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn within_two_seconds_or_empty() {
    let (world, observe) = (TestWorld::new(), Arc::<Recorder>::default());
    let dead = Server::new(world, &[Step::Hang]);
    let timeout =
        TimeoutLayer::new(TimeoutConfig { after: ms(2_000) }, env(world, &observe), dead.clone());
    let steps = chain().default(|_| 0);
    let layer = FallbackLayer::new(env(world, &observe), timeout, steps);
    assert_eq!(layer.call(safe()).await, Ok(DEGRADED));
    assert_eq!((world.now(), dead.in_flight()), (at(2_000), 0));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_called_for_a_caller_whose_deadline_has_passed() {
    let other = Server::new(TestWorld::new(), &[Step::Ok]);
    let slow = call_fn({
        let world = TestWorld::new();
        move |_: Context| async move {
            world.sleep(ms(20)).await;
            Err::<u32, _>(Failure::Service("down"))
        }
    });
    let env = Env::new(TestWorld::new(), cascadia_runtime::Stream::from_seed(1));
    let layer = FallbackLayer::new(env, slow, chain().call(TWO, other.clone()));
    let request = Context::new(Baggage { deadline: Some(at(10)), ..safe().baggage });
    let outcome: Outcome<_, _> = layer.call(request).await;
    assert_eq!((outcome, other.seen().len()), (DOWN, 0));
}

#[test]
fn a_fallback_lets_someone_through() {
    assert_eq!(FallbackConfig { limit: 0 }.check().unwrap_err().field, "limit");
    assert_eq!(FallbackConfig::default().check(), Ok(()));
}

/// A step of a random chain, and what it answers.
#[derive(Clone, Copy, Debug)]
enum Link {
    Stale(Option<u32>),
    Call(Step),
    Default,
}

fn links() -> impl Strategy<Value = Vec<Link>> {
    let step = prop_oneof![
        Just(Step::Ok),
        Just(Step::Fail),
        (1u64..20).prop_map(|millis| Step::OkAfter(ms(millis))),
    ];
    let link = prop_oneof![
        1 => prop::option::of(Just(3)).prop_map(Link::Stale),
        3 => step.prop_map(Link::Call),
        1 => Just(Link::Default),
    ];
    prop::collection::vec(link, 0..5)
}

proptest! {
    /// The first step that has an answer gives it, marked; those before it are asked once, those
    /// after it never; and whoever leaves leaves nothing behind.
    #[test]
    fn the_first_step_with_an_answer_gives_it(
        works in any::<bool>(),
        links in links(),
        leaves in prop::option::of(0u64..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let world = TestWorld::new();
            let mut servers = Vec::new();
            let (mut steps, mut expected, mut asked) = (chain(), None, Vec::new());
            for link in &links {
                let silent = !works && expected.is_none();
                let answer = match *link {
                    Link::Stale(answer) => {
                        steps = steps.stale(move |_| answer);
                        answer
                    }
                    Link::Default => {
                        steps = steps.default(|_| 1);
                        Some(1)
                    }
                    Link::Call(step) => {
                        let server = Server::new(world, &[step]);
                        steps = steps.call(TWO, server.clone());
                        servers.push(server);
                        asked.push(usize::from(silent));
                        (!matches!(step, Step::Fail)).then_some(7)
                    }
                };
                expected = expected.or_else(|| answer.filter(|_| silent));
            }
            let primary = if works { Step::Ok } else { Step::Fail };
            let bench = bench(&[primary], steps);
            let call = tokio::spawn(bench.layer.clone().call(safe()));
            if let Some(leaves) = leaves {
                bench.world.sleep(ms(leaves)).await;
                call.abort();
            }
            if let Ok(outcome) = call.await {
                let fallen = expected.map_or(DOWN, |answer| Ok(answer + DEGRADED));
                assert_eq!(outcome, if works { Ok(7) } else { fallen });
                let seen: Vec<_> = servers.iter().map(|server| server.seen().len()).collect();
                assert_eq!(seen, asked);
                assert_eq!(bench.observe.signals().len(), usize::from(!works));
            } else {
                assert!(leaves.is_some());
            }
            assert!(servers.iter().all(|server| server.in_flight() == 0 && server.seen().len() <= 1));
        });
    }
}
