//! Whatever comes, leaves and fails in whatever order.

use std::sync::Arc;

use cascadia_runtime::Runtime;
use proptest::prelude::*;

use super::bench;
use crate::call::{Baggage, Call, Context};
use crate::testing::{Step, TestWorld, ms};

#[derive(Clone, Copy, Debug)]
enum Event {
    Call { key: u8, safe: bool, deadline: Option<u64> },
    Leave(usize),
    Wait(u64),
}

fn event() -> impl Strategy<Value = Event> {
    let deadline = prop::option::of(0u64..80);
    prop_oneof![
        4 => (0u8..3, prop::bool::weighted(0.8), deadline)
            .prop_map(|(key, safe, deadline)| Event::Call { key, safe, deadline }),
        2 => (0usize..40).prop_map(Event::Leave),
        3 => (0u64..40).prop_map(Event::Wait),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1u64..60).prop_map(|after| Step::OkAfter(ms(after))),
        1 => Just(Step::Ok),
        1 => Just(Step::Fail),
        1 => Just(Step::Panic),
        1 => Just(Step::Hang),
    ]
}

/// Everybody ends who has not left and whose server does not hang, nothing is left behind, and no
/// more is under way for a key than the age of calls allows.
async fn check(script: Vec<Step>, events: Vec<Event>) {
    let (server, _, layer) = bench(&script);
    let world = TestWorld::new();
    let mut calls = Vec::new();
    let mut waited = 0;
    let mut effects = 0;
    for event in events {
        match event {
            Event::Call { key, safe, deadline } => {
                let deadline = deadline.map(|millis| world.now() + ms(millis));
                let request =
                    Context::new(Baggage { priority: key, safe, deadline, ..Baggage::default() });
                calls.push(tokio::spawn(Arc::clone(&layer).call(request)));
                effects += u32::from(!safe);
            }
            Event::Leave(at) if at < calls.len() => calls[at].abort(),
            Event::Leave(_) => {}
            Event::Wait(millis) => {
                waited += millis;
                world.sleep(ms(millis)).await;
            }
        }
        tokio::task::yield_now().await;
        let most = 3 * (1 + waited / 100) as u32 + effects;
        assert!(server.in_flight() <= most, "{} under way", server.in_flight());
    }
    world.sleep(ms(1_000)).await;
    for call in &calls {
        call.abort();
    }
    for call in calls {
        let _ = call.await;
    }
    assert_eq!((server.in_flight(), layer.flights()), (0, 0), "nothing is left");
    server.becomes(Step::Ok);
    let request = Context::new(Baggage { safe: true, ..Baggage::default() });
    assert_eq!(layer.call(request).await, Ok(7), "it works again");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nobody_is_forgotten_and_nothing_is_left(
        script in prop::collection::vec(step(), 1..8),
        events in prop::collection::vec(event(), 0..60),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = { runtime }.enable_time().start_paused(true).build().unwrap();
        runtime.block_on(check(script, events));
    }
}
