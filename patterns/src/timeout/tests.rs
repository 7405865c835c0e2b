use std::future::pending;
use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use cascadia_runtime::{Runtime, Time, TokioWorld};
use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{Timed, TimeoutConfig, TimeoutLayer, dial_within};
use crate::bulkhead::{BulkheadConfig, BulkheadLayer};
use crate::call::{Baggage, Call, Context, Failure, Layer, call_fn};
use crate::testing::{Recorder, Server, Step, TestCall, TestOutcome, TestWorld, at, env, ms};

const TIMED_OUT: TestOutcome = Err(Failure::TimedOut(Layer::TIMEOUT));
/// It came after its deadline and was not sent.
const TOO_LATE: TestOutcome = Err(Failure::TimedOut(Layer::DEADLINE));

struct Bench {
    world: TestWorld,
    server: Arc<Server>,
    observe: Arc<Recorder>,
}

impl Bench {
    fn new(step: Step) -> Self {
        let world = TestWorld::new();
        Self { world, server: Server::new(world, &[step]), observe: Arc::default() }
    }

    async fn call(&self, after: Duration, deadline: Option<Time>) -> TestOutcome {
        let config = TimeoutConfig { after };
        let inner = Arc::clone(&self.server);
        let layer = TimeoutLayer::new(config, env(self.world, &self.observe), inner);
        layer.call(Context::new(Baggage { deadline, ..Baggage::default() })).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_exactly_at_the_deadline_wins() {
    let bench = Bench::new(Step::OkAfter(ms(10)));
    assert_eq!(bench.call(ms(10), None).await, Ok(7));
    assert_eq!(bench.observe.signals(), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_response_after_the_deadline_loses_and_the_work_is_dropped() {
    let bench = Bench::new(Step::OkAfter(ms(11)));
    assert_eq!(bench.call(ms(10), None).await, TIMED_OUT);
    assert_eq!(bench.world.now(), at(10));
    assert_eq!(bench.server.in_flight(), 0);
    assert_eq!(bench.observe.signals(), ["TimedOut"]);
    assert_eq!(bench.observe.times(), [at(10)]);
}

#[tokio::test(start_paused = true)]
async fn the_nearer_deadline_is_handed_on_and_waited_for() {
    let bench = Bench::new(Step::Hang);
    assert_eq!(bench.call(ms(10), Some(at(4))).await, TIMED_OUT);
    assert_eq!(bench.world.now(), at(4));
    assert_eq!(bench.call(ms(10), Some(at(50))).await, TIMED_OUT);
    assert_eq!(bench.world.now(), at(14));
    let deadlines: Vec<_> =
        bench.server.seen().iter().map(|context| context.baggage.deadline).collect();
    assert_eq!(deadlines, [Some(at(4)), Some(at(14))]);
}

#[tokio::test(start_paused = true)]
async fn what_is_late_already_is_not_begun() {
    let bench = Bench::new(Step::Ok);
    bench.world.sleep(ms(5)).await;
    assert_eq!(bench.call(ms(10), Some(at(4))).await, TOO_LATE);
    assert_eq!(bench.server.seen().len(), 0);
    assert_eq!(bench.call(ms(10), Some(at(5))).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_may_be_as_long_as_time_itself() {
    let bench = Bench::new(Step::OkAfter(ms(3)));
    assert_eq!(bench.call(Duration::MAX, None).await, Ok(7));
    assert_eq!(bench.server.seen()[0].baggage.deadline, Some(Time::MAX));
}

#[test]
fn zero_is_no_timeout() {
    assert_eq!(TimeoutConfig { after: ms(0) }.check().unwrap_err().field, "after");
    assert_eq!(TimeoutConfig::default().check(), Ok(()));
}

proptest! {
    /// A call ends with its answer or at the nearest deadline, whichever comes first; the server is
    /// told that deadline, and has nothing left to do once the caller has gone.
    #[test]
    fn a_call_ends_with_its_answer_or_at_its_deadline(
        begins in 0u64..20,
        after in 1u64..40,
        inherited in prop::option::of(0u64..60),
        takes_rest in any::<bool>(),
        work in prop::option::of(0u64..50),
        leaves in prop::option::of(0u64..50),
    ) {
        let own = begins + after;
        let deadline = expected_deadline(own, inherited, takes_rest);
        let is_late = begins > deadline;
        let end = work.map(|work| begins + work).filter(|end| !is_late && *end <= deadline);
        let expected = match end {
            Some(_) => Ok(7),
            None if is_late => TOO_LATE,
            None => TIMED_OUT,
        };
        let end = end.unwrap_or_else(|| deadline.max(begins));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let bench = Bench::new(work.map_or(Step::Hang, |work| Step::OkAfter(ms(work))));
            bench.world.sleep(ms(begins)).await;
            let config = TimeoutConfig { after: ms(after) };
            let inner = Arc::clone(&bench.server);
            let layer = TimeoutLayer::new(config, env(bench.world, &bench.observe), inner);
            let baggage = Baggage { deadline: inherited.map(at), ..Baggage::default() };
            let mut request = Context::new(baggage);
            request.attempt.takes_rest = takes_rest;
            let call = tokio::spawn(layer.call(request));
            if let Some(leaves) = leaves {
                bench.world.sleep(ms(leaves)).await;
                call.abort();
            }
            let outcome = call.await;
            assert!(leaves.is_some() || outcome.is_ok());
            if let Ok(outcome) = outcome {
                assert_eq!(outcome, expected);
                assert!(leaves.is_some() || bench.world.now() == at(end));
            }
            assert_eq!(bench.server.in_flight(), 0);
            let told: Vec<_> = bench.server.seen().iter().map(|seen| seen.baggage.deadline).collect();
            assert!(told.iter().all(|told| *told == Some(at(deadline))));
            assert!(leaves.is_some() || told.is_empty() == is_late);
        });
    }
}

fn expected_deadline(own: u64, inherited: Option<u64>, takes_rest: bool) -> u64 {
    match inherited {
        Some(inherited) if takes_rest => inherited,
        Some(inherited) => inherited.min(own),
        None => own,
    }
}

/// In resilience4j and Hystrix a thread goes on and keeps its permit, or not, depending on the kind
/// of bulkhead. Here it is one rule: the permit is back when the caller has stopped waiting.
#[tokio::test(start_paused = true)]
async fn a_permit_comes_back_at_the_timeout_though_the_work_goes_on_elsewhere() {
    let world = TestWorld::new();
    let observe = Arc::<Recorder>::default();
    let working = Arc::new(AtomicU32::new(0));
    let remote = Arc::clone(&working);
    let server: TestCall = call_fn(move |_: Context| {
        let working = Arc::clone(&remote);
        working.fetch_add(1, Ordering::SeqCst);
        tokio::spawn(async move {
            world.sleep(ms(50)).await;
            working.fetch_sub(1, Ordering::SeqCst);
        });
        pending()
    });
    let one = BulkheadConfig { limit: 1, ..BulkheadConfig::default() };
    let timeout =
        |inner| TimeoutLayer::new(TimeoutConfig { after: ms(10) }, env(world, &observe), inner);
    let bulkhead = |inner| BulkheadLayer::new(one, env(world, &observe), inner);
    let inside = bulkhead(Arc::clone(&server));
    let outside = bulkhead(timeout(server));
    let stacks: [TestCall; 2] = [timeout(inside.clone()), outside.clone()];
    for stack in stacks {
        assert_eq!(stack.call(Context::default()).await, TIMED_OUT);
    }
    assert_eq!((inside.in_flight(), outside.in_flight()), (0, 0));
    assert_eq!(working.load(Ordering::SeqCst), 2, "both servers are at work");
    world.sleep(ms(50)).await;
    assert_eq!(working.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_machine_that_does_not_answer_is_given_up() {
    let world = TokioWorld::new();
    let began = world.now();
    let dialled = dial_within(&world, ms(10), pending()).await;
    assert_eq!(dialled.err().map(|error| error.kind()), Some(ErrorKind::TimedOut));
    assert_eq!(world.now().since(began), ms(10));
}

#[tokio::test(start_paused = true)]
async fn every_byte_begins_the_time_of_silence_anew() {
    let world = TestWorld::new();
    let (near, mut far) = tokio::io::duplex(8);
    let mut near = Timed::new(world, near, ms(10));
    let talk = tokio::spawn(async move {
        for _ in 0..3 {
            world.sleep(ms(9)).await;
            far.write_all(b"x").await.unwrap();
        }
        pending::<()>().await;
    });
    let mut bytes = [0; 3];
    near.read_exact(&mut bytes).await.unwrap();
    world.sleep(ms(30)).await;
    let error = near.read_exact(&mut bytes).await.unwrap_err();
    assert_eq!((error.kind(), world.now()), (ErrorKind::TimedOut, at(67)));
    talk.abort();
}

#[tokio::test(start_paused = true)]
async fn a_write_that_nobody_takes_is_given_up() {
    let world = TestWorld::new();
    let (near, _far) = tokio::io::duplex(8);
    let mut near = Timed::new(world, near, ms(10));
    let error = near.write_all(&[0; 9]).await.unwrap_err();
    assert_eq!((error.kind(), world.now()), (ErrorKind::TimedOut, at(10)));
}
