//! Queues that shed, and who is refused before them.

use std::sync::Arc;

use cascadia_patterns::call::{Baggage, Call, Context, Failure, Layer, Reason};
use cascadia_patterns::shed::{
    CodelConfig, DagorConfig, DagorLayer, DisciplineConfig, OnWait, Order, QueueConfig, QueueLayer,
    WaitGauge,
};
use cascadia_runtime::Runtime;

use super::bench::{Bench, Log, Route, ms};
use super::server::{OK, Server, Step};

type Queue<R> = Arc<QueueLayer<R, Context, u32, &'static str>>;

fn queue<R: Runtime>(bench: &Bench<R>, order: Order, sheds: bool, script: &[Step]) -> Queue<R> {
    let codel = sheds.then(|| CodelConfig { target: ms(1), interval: ms(5) });
    let discipline = DisciplineConfig { order, codel };
    let config = QueueConfig { limit: 1, max_waiting: None, discipline };
    QueueLayer::new(config, None, bench.env(&Arc::default()), Server::new(bench, script))
}

/// The order in which calls are answered that come one after the other, behind one that works.
async fn served<R: Runtime>(bench: &Bench<R>, order: Order) -> Vec<u32> {
    let steps = [Step::OkAfter(ms(12)), Step::OkAfter(ms(1))];
    let (queue, log) = (queue(bench, order, false, &steps), Log::default());
    let mut calls = Vec::new();
    for number in 0..5 {
        let (call, log) = (Arc::clone(&queue).call(Context::default()), log.clone());
        calls.push(bench.world.spawn(async move {
            assert_eq!(call.await, OK);
            log.note(number);
        }));
        bench.settle().await;
    }
    for call in calls {
        assert_eq!(call.await, Ok(()));
    }
    assert_eq!((queue.in_flight(), queue.waiting()), (0, 0));
    log.notes()
}

pub(crate) async fn the_order_is_as_it_says<R: Runtime>(bench: Bench<R>) {
    let (fifo, lifo) = (served(&bench, Order::Fifo).await, served(&bench, Order::Lifo).await);
    let adaptive = served(&bench, Order::Adaptive { above: 2 }).await;
    if bench.exact {
        assert_eq!(fifo, [0, 1, 2, 3, 4]);
        assert_eq!(lifo, [0, 4, 3, 2, 1]);
        assert_eq!(adaptive, [0, 4, 3, 1, 2]);
    }
}

pub(crate) async fn a_queue_that_stands_is_shed<R: Runtime>(bench: Bench<R>) {
    let queue = queue(&bench, Order::Fifo, true, &[Step::OkAfter(ms(2))]);
    let route: Route = queue.clone();
    let calls: Vec<_> = (0..40).map(|_| bench.start(&route, Context::default())).collect();
    let (mut answered, mut shed) = (0, 0);
    for call in calls {
        match call.answer().await {
            OK => answered += 1,
            Err(Failure::Rejected(rejection)) => {
                assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
                shed += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(answered >= 3 && shed >= 20, "{answered} answered, {shed} shed");
    assert_eq!((queue.in_flight(), queue.waiting()), (0, 0));
}

pub(crate) async fn a_waiter_that_leaves_takes_nothing_along<R: Runtime>(bench: Bench<R>) {
    for order in [Order::Fifo, Order::Lifo, Order::Adaptive { above: 1 }] {
        let queue = queue(&bench, order, false, &[Step::Hang, Step::Ok]);
        let route: Route = queue.clone();
        let hung = bench.start(&route, Context::default());
        bench.settle().await;
        let waiters: Vec<_> = (0..3).map(|_| bench.start(&route, Context::default())).collect();
        bench.settle().await;
        assert_eq!((queue.in_flight(), queue.waiting()), (1, 3));
        waiters[1].abort();
        hung.abort();
        bench.settle().await;
        for (number, waiter) in waiters.into_iter().enumerate() {
            if number != 1 {
                assert_eq!(waiter.answer().await, OK);
            }
        }
        assert_eq!((queue.in_flight(), queue.waiting()), (0, 0));
    }
}

pub(crate) async fn the_less_important_is_refused_when_waits_are_long<R: Runtime>(bench: Bench<R>) {
    let config = DagorConfig { window_requests: 100, ..DagorConfig::default() };
    let gauge = WaitGauge::new(config);
    let server = Server::new(&bench, &[Step::Ok]);
    let route: Route = DagorLayer::new(gauge.clone(), bench.env(&Arc::default()), server);
    let ask = |priority| Context::new(Baggage { priority, ..Baggage::default() });
    for _ in 0..50 {
        assert_eq!(Arc::clone(&route).call(ask(0)).await, OK);
        assert_eq!(Arc::clone(&route).call(ask(1)).await, OK);
        gauge.on_wait(bench.world.now(), ms(50));
    }
    let answer = Arc::clone(&route).call(ask(1)).await;
    let Err(Failure::Rejected(rejection)) = answer else { panic!("{answer:?}") };
    assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
    assert_eq!(Arc::clone(&route).call(ask(0)).await, OK);
}
