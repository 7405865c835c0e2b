//! Who flies, and what becomes of the others.

use super::bench;
use crate::call::{Baggage, Call, Context, Failure};
use crate::testing::{Step, TestWorld, end, ms, safe};
use cascadia_runtime::Runtime;

const SHARED: &str = "Count(shared)";
const TAKEN_OVER: &str = "Count(taken_over)";

#[tokio::test(start_paused = true)]
async fn a_thousand_equal_calls_are_one() {
    let (server, observe, layer) = bench(&[Step::OkAfter(ms(50))]);
    let calls: Vec<_> = (0..1_000).map(|_| tokio::spawn(layer.clone().call(safe()))).collect();
    for call in calls {
        assert_eq!(end(call).await.unwrap(), Ok(7));
    }
    assert_eq!((server.seen().len(), layer.flights()), (1, 0));
    assert_eq!(observe.signals(), vec![SHARED; 999]);
}

#[tokio::test(start_paused = true)]
async fn nobody_gets_an_answer_that_was_there_before() {
    let (server, _, layer) = bench(&[Step::Fail, Step::Ok]);
    assert_eq!(layer.clone().call(safe()).await, Err(Failure::Service("down")));
    assert_eq!(layer.call(safe()).await, Ok(7));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn other_keys_and_requests_with_an_effect_are_made_for_themselves() {
    let (server, _, layer) = bench(&[Step::OkAfter(ms(50))]);
    let other = Context::new(Baggage { priority: 1, ..safe().baggage });
    let requests = [safe(), other, Context::default(), Context::default()];
    let calls = requests.map(|request| tokio::spawn(layer.clone().call(request)));
    for call in calls {
        assert_eq!(end(call).await.unwrap(), Ok(7));
    }
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn when_the_first_leaves_the_next_goes_on_with_the_same_call() {
    let (server, observe, layer) = bench(&[Step::OkAfter(ms(50))]);
    let world = TestWorld::new();
    let calls = [(); 4].map(|()| tokio::spawn(layer.clone().call(safe())));
    world.sleep(ms(20)).await;
    calls[0].abort();
    world.sleep(ms(10)).await;
    calls[1].abort();
    let [_, _, third, fourth] = calls;
    assert_eq!(end(third).await.unwrap(), Ok(7));
    assert_eq!(end(fourth).await.unwrap(), Ok(7));
    assert_eq!(world.now(), cascadia_runtime::Time::ZERO + ms(50), "nothing began anew");
    assert_eq!((server.seen().len(), server.in_flight(), layer.flights()), (1, 0, 0));
    assert_eq!(observe.signals(), [SHARED, SHARED, SHARED, TAKEN_OVER, TAKEN_OVER]);
}

#[tokio::test(start_paused = true)]
async fn when_all_have_left_the_call_is_dropped() {
    let (server, _, layer) = bench(&[Step::Hang, Step::Ok]);
    let calls = [(); 3].map(|()| tokio::spawn(layer.clone().call(safe())));
    TestWorld::new().sleep(ms(10)).await;
    assert_eq!(server.in_flight(), 1);
    for call in calls {
        call.abort();
        assert!(call.await.unwrap_err().is_cancelled());
    }
    assert_eq!((server.in_flight(), layer.flights()), (0, 0));
    assert_eq!(layer.call(safe()).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_that_of_who_flies_and_the_others_make_another_call() {
    let (server, _, layer) = bench(&[Step::Panic, Step::OkAfter(ms(5))]);
    let calls = [(); 3].map(|()| tokio::spawn(layer.clone().call(safe())));
    let [first, second, third] = calls;
    assert!(end(first).await.unwrap_err().is_panic());
    assert_eq!(end(second).await.unwrap(), Ok(7));
    assert_eq!(end(third).await.unwrap(), Ok(7));
    assert_eq!((server.seen().len(), layer.flights()), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_long_after_a_call_that_hangs_does_not_wait_for_it() {
    let (server, _, layer) = bench(&[Step::Hang, Step::OkAfter(ms(5))]);
    let world = TestWorld::new();
    let hung = tokio::spawn(layer.clone().call(safe()));
    world.sleep(ms(100)).await;
    assert_eq!(layer.clone().call(safe()).await, Ok(7));
    assert_eq!(server.seen().len(), 2);
    hung.abort();
    assert!(hung.await.unwrap_err().is_cancelled());
    assert_eq!((server.in_flight(), layer.flights()), (0, 0));
}

/// The seat is given back by a call that nobody has polled.
#[tokio::test(start_paused = true)]
async fn the_first_may_leave_before_anybody_has_looked() {
    let (server, _, layer) = bench(&[Step::OkAfter(ms(5))]);
    let [first, second] = [(); 2].map(|()| layer.clone().call(safe()));
    drop(first);
    assert_eq!(second.await, Ok(7));
    assert_eq!((server.seen().len(), layer.flights()), (1, 0));
}
