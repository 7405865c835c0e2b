use std::sync::{Arc, Mutex};

use cascadia_runtime::Runtime;

use super::orchestrator::{start, store, willing};
use crate::messaging::Bytes;
use crate::messaging::tests::{Dated, run};
use crate::saga::Order;
use crate::saga::definition::{Step, Steps};
use crate::saga::state::Phase;
use crate::sync::lock;
use crate::testing::ms;

/// Whoever is told first answers first: were it any of them, two runs of one seed would differ.
#[test]
fn those_who_wait_for_an_end_are_told_in_the_order_in_which_they_came() {
    run(async {
        let (store, world) = (store(), Dated::new());
        let waits = Step { signal: Some("go".into()), ..Step::retriable("a", "shop") };
        let steps = Steps::new("order", 1).then(waits).build().unwrap();
        let one = Arc::new(start(&store, willing().definition(steps), 1));
        one.begin("7", "order", "").await.unwrap();
        let told = Arc::new(Mutex::new(Vec::new()));
        for number in 0..32 {
            let (one, told) = (Arc::clone(&one), Arc::clone(&told));
            drop(world.spawn(async move {
                assert_eq!(one.ended(&"7".into()).await, Ok(Phase::Completed));
                lock(&told).push(number);
            }));
        }
        world.sleep(ms(1)).await;
        let go = Order::Signal { name: "go".into(), body: Bytes::default() };
        one.order(&"7".into(), go).await.unwrap();
        world.sleep(ms(1_000)).await;
        assert_eq!(*lock(&told), (0..32).collect::<Vec<_>>());
    });
}
