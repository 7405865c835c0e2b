use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime, Time, TokioWorld};

use super::{TimeoutConfig, TimeoutLayer};
use crate::call::{Call, Context, Failure, Layer};
use crate::testing::{Recorder, Server, Step, TestOutcome, at, env, ms};

const TIMED_OUT: TestOutcome = Err(Failure::TimedOut(Layer::Timeout));

struct Bench {
    world: TokioWorld,
    server: Arc<Server>,
    observe: Arc<Recorder>,
}

impl Bench {
    fn new(step: Step) -> Self {
        let world = TokioWorld::new();
        Self { world, server: Server::new(world, &[step]), observe: Arc::default() }
    }

    async fn call(&self, after: Duration, deadline: Option<Time>) -> TestOutcome {
        let config = TimeoutConfig { after };
        let inner = Arc::clone(&self.server);
        let layer = TimeoutLayer::new(config, env(self.world, &self.observe), inner);
        layer.call(Context { deadline, ..Context::default() }).await
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
    let deadlines: Vec<_> = bench.server.seen().iter().map(|context| context.deadline).collect();
    assert_eq!(deadlines, [Some(at(4)), Some(at(14))]);
}

#[tokio::test(start_paused = true)]
async fn what_is_late_already_is_not_begun() {
    let bench = Bench::new(Step::Ok);
    bench.world.sleep(ms(5)).await;
    assert_eq!(bench.call(ms(10), Some(at(4))).await, TIMED_OUT);
    assert_eq!(bench.server.seen().len(), 0);
    assert_eq!(bench.call(ms(10), Some(at(5))).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_timeout_may_be_as_long_as_time_itself() {
    let bench = Bench::new(Step::OkAfter(ms(3)));
    assert_eq!(bench.call(Duration::MAX, None).await, Ok(7));
    assert_eq!(bench.server.seen()[0].deadline, Some(Time::MAX));
}

#[test]
fn zero_is_no_timeout() {
    assert_eq!(TimeoutConfig { after: ms(0) }.check().unwrap_err().field, "after");
    assert_eq!(TimeoutConfig::default().check(), Ok(()));
}
