//! Copies of which the one that begins cancels the others.

use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::Runtime;

use crate::call::{Call, Context, Failure, call_fn};
use crate::hedge::{HedgeConfig, HedgeDelay, HedgeLayer};
use crate::testing::{Gauge, Recorder, TestCall, TestOutcome, TestWorld, at, end, env, ms, safe};

/// Servers whose queues are so long: copy n begins when its queue is over, says so, and works.
struct Servers {
    world: TestWorld,
    queues: Vec<Duration>,
    works: TestOutcome,
    waiting: Gauge,
    working: Gauge,
}

const WORK: Duration = Duration::from_millis(20);

fn servers(queues: &[u64], works: TestOutcome) -> (TestWorld, Arc<Servers>, TestCall) {
    let world = TestWorld::new();
    let queues = queues.iter().copied().map(ms).collect();
    let (waiting, working) = (Gauge::default(), Gauge::default());
    let servers = Arc::new(Servers { world, queues, works, waiting, working });
    let route = Arc::clone(&servers);
    let route = call_fn(move |request: Context| serve(Arc::clone(&route), request));
    let config = HedgeConfig { delay: HedgeDelay::Fixed(ms(5)), max: 2, ..HedgeConfig::tied() };
    (world, servers, HedgeLayer::new(config, env(world, &Arc::<Recorder>::default()), route))
}

async fn serve(servers: Arc<Servers>, request: Context) -> TestOutcome {
    let queued = servers.waiting.enter();
    servers.world.sleep(servers.queues[usize::from(request.attempt.copy)]).await;
    drop(queued);
    let _working = servers.working.enter();
    request.attempt.tie.expect("it is tied").begins(request.attempt.copy);
    servers.world.sleep(WORK).await;
    servers.works.clone()
}

#[tokio::test(start_paused = true)]
async fn the_copy_that_begins_cancels_the_others() {
    let (world, servers, hedge) = servers(&[100, 10, 100], Ok(7));
    let call = tokio::spawn(hedge.call(safe()));
    world.sleep(ms(14)).await;
    assert_eq!((servers.waiting.now(), servers.working.now()), (3, 0));
    world.sleep(ms(2)).await;
    assert_eq!((servers.waiting.now(), servers.working.now()), (0, 1), "begun after 15 ms");
    assert_eq!(call.await.unwrap(), Ok(7));
    assert_eq!(world.now(), at(5 + 10) + WORK);
}

/// This is what keeps the load from doubling: most calls begin before their copy is due.
#[tokio::test(start_paused = true)]
async fn what_begins_at_once_is_sent_once() {
    let (world, servers, hedge) = servers(&[4, 0, 0], Ok(7));
    assert_eq!(hedge.call(safe()).await, Ok(7));
    assert_eq!((world.now(), servers.working.most()), (at(4) + WORK, 1));
    assert_eq!(servers.waiting.entered(), 1);
}

/// Both queues are over in one instant, before either knows of the other.
#[tokio::test(start_paused = true)]
async fn of_two_that_begin_together_one_goes_on() {
    let (world, servers, hedge) = servers(&[20, 15, 100], Ok(7));
    let call = tokio::spawn(hedge.call(safe()));
    world.sleep(ms(21)).await;
    assert_eq!((servers.waiting.now(), servers.working.now()), (0, 1));
    assert_eq!(call.await.unwrap(), Ok(7));
}

#[tokio::test(start_paused = true)]
async fn if_the_one_that_began_fails_the_call_does() {
    let down = Err(Failure::Service("down"));
    let (world, servers, hedge) = servers(&[10, 100, 100], down.clone());
    assert_eq!(hedge.call(safe()).await, down);
    assert_eq!((world.now(), servers.waiting.entered()), (at(10) + WORK, 2));
}

#[tokio::test(start_paused = true)]
async fn a_copy_that_has_ended_cancels_nobody() {
    let world = TestWorld::new();
    let route: TestCall = call_fn(move |request: Context| async move {
        let tie = request.attempt.tie.expect("it is tied");
        if request.attempt.copy == 0 {
            // Its answer overtakes the word that it began.
            tokio::spawn(async move {
                world.sleep(ms(2)).await;
                tie.begins(0);
            });
            return Err(Failure::Service("down"));
        }
        world.sleep(ms(9)).await;
        Ok(7)
    });
    let hedge = HedgeLayer::new(HedgeConfig::tied(), env(world, &Arc::default()), route);
    let outcome = end(tokio::spawn(hedge.call(safe()))).await.unwrap();
    assert_eq!((outcome, world.now()), (Ok(7), at(9)));
}

#[tokio::test(start_paused = true)]
async fn a_tied_call_that_is_dropped_leaves_nothing_behind() {
    for leave in 0..40 {
        let (world, servers, hedge) = servers(&[30, 10, 30], Ok(7));
        let call = tokio::spawn(hedge.call(safe()));
        world.sleep(ms(leave)).await;
        call.abort();
        tokio::task::yield_now().await;
        assert_eq!((servers.waiting.now(), servers.working.now()), (0, 0), "after {leave} ms");
    }
}
