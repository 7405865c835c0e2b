use std::sync::Arc;

use cascadia_runtime::Runtime;

use crate::call::{Baggage, Call, Context, Failure, Layer, Reason, TraceId};
use crate::shed::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, OnWait, Order, QueueConfig, QueueLayer,
    WaitGauge,
};
use crate::testing::{Recorder, Server, Step, TestCall, TestWorld, at, end, env, ms, safe};

type TestQueue = QueueLayer<TestWorld, Context, u32, &'static str>;

struct Rig {
    world: TestWorld,
    observe: Arc<Recorder>,
    queue: Arc<TestQueue>,
}

fn rig(order: Order, codel: bool, script: &[Step], waits: Option<Arc<dyn OnWait>>) -> Rig {
    let (world, observe) = (TestWorld::new(), Arc::default());
    let discipline = DisciplineConfig { order, codel: codel.then(CodelConfig::default) };
    let config = QueueConfig { limit: 1, max_waiting: None, discipline };
    let server = Server::new(world, script);
    let queue = QueueLayer::new(config, waits, env(world, &observe), server);
    Rig { world, observe, queue }
}

#[tokio::test(start_paused = true)]
async fn a_queue_runs_off_and_leaks_nothing() {
    let rig = rig(Order::Fifo, false, &[Step::Panic, Step::OkAfter(ms(10))], None);
    let calls: Vec<_> = (0..4).map(|_| tokio::spawn(rig.queue.clone().call(safe()))).collect();
    tokio::task::yield_now().await;
    calls[2].abort();
    let mut ends = Vec::new();
    for call in calls {
        ends.push(end(call).await.map_err(|error| error.is_panic()));
    }
    assert_eq!(ends, [Err(true), Ok(Ok(7)), Err(false), Ok(Ok(7))]);
    assert_eq!(rig.world.now(), at(20));
    assert_eq!((rig.queue.in_flight(), rig.queue.waiting()), (0, 0));
}

/// Twice as much as the server can do. What is answered is answered fast.
#[tokio::test(start_paused = true)]
async fn under_overload_it_sheds_and_answers_the_others_fast() {
    let rig = rig(Order::Fifo, true, &[Step::OkAfter(ms(4))], None);
    let mut calls = Vec::new();
    for _ in 0..1_000 {
        let (call, world) = (rig.queue.clone().call(safe()), rig.world);
        let came = world.now();
        calls.push(tokio::spawn(async move { (call.await, world.now().since(came)) }));
        rig.world.sleep(ms(2)).await;
    }
    let (mut answered, mut shed, mut slow) = (0, 0, 0);
    for call in calls {
        match end(call).await.unwrap() {
            (Ok(_), took) => {
                answered += 1;
                slow += u32::from(took > ms(120));
            }
            (Err(Failure::Rejected(rejection)), _) => {
                assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
                shed += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(answered > 480 && shed > 450, "{answered} answered, {shed} shed");
    assert!(slow < 40, "{slow}");
    assert_eq!(rig.observe.signals().len(), shed);
}

#[tokio::test(start_paused = true)]
async fn a_queue_tells_a_shedder_how_long_its_calls_wait() {
    let gauge = WaitGauge::new(DagorConfig::default());
    let rig = rig(Order::Fifo, false, &[Step::OkAfter(ms(1))], Some(gauge.clone()));
    let layer: TestCall =
        DagorLayer::new(gauge, env(rig.world, &rig.observe), rig.queue.clone() as TestCall);
    let ask = |user| Context::new(Baggage { trace: TraceId(user), priority: 3, ..safe().baggage });
    // Calls come a fifth faster than they are served.
    let mut calls = Vec::new();
    for user in 0..4_000 {
        calls.push(tokio::spawn(layer.clone().call(ask(user))));
        if user % 6 != 0 {
            rig.world.sleep(ms(1)).await;
        }
    }
    let mut shed = 0;
    for call in calls {
        shed += u32::from(end(call).await.unwrap().is_err());
    }
    assert!(shed > 50, "{shed}");
    assert!(rig.observe.signals().iter().any(|signal| signal.starts_with("Level(refused")));
}

/// The other half of a trace says where it comes from, which must change nobody's fate.
#[tokio::test(start_paused = true)]
async fn who_is_shed_goes_by_the_random_half_of_a_trace() {
    let mut all = Vec::new();
    for high in [0, 1, 1 << 63] {
        let gauge = WaitGauge::new(DagorConfig::default());
        let world = TestWorld::new();
        let server: TestCall = Server::new(world, &[Step::Ok]);
        let layer: TestCall = DagorLayer::new(gauge.clone(), env(world, &Arc::default()), server);
        let mut fates = Vec::new();
        for number in 0..8_000_u128 {
            gauge.on_wait(at(0), ms(50));
            let trace = TraceId((high << 64) | (number % 500));
            fates.push(
                layer.clone().call(Context::new(Baggage { trace, ..safe().baggage })).await.is_ok(),
            );
        }
        assert!(fates.contains(&false) && fates[7_000..].contains(&true));
        all.push(fates);
    }
    assert!(all.iter().all(|fates| *fates == all[0]));
}
