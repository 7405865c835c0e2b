use proptest::prelude::*;

use crate::call::{Layer, Reason};
use crate::gate::{Ticket, Waitroom};
use crate::shed::queue::{Admission, Queue};
use crate::shed::{CodelConfig, DisciplineConfig, Order, QueueConfig};
use crate::testing::at;

fn queue(order: Order, codel: Option<CodelConfig>) -> Queue {
    let discipline = DisciplineConfig { order, codel };
    Queue::new(QueueConfig { limit: 1, max_waiting: None, discipline })
}

/// Fills the permit, and lets `count` wait, one each millisecond.
fn filled(order: Order, codel: Option<CodelConfig>, count: u64) -> (Queue, Vec<Ticket>) {
    let mut queue = queue(order, codel);
    assert_eq!(queue.on_call(at(0)), Admission::Granted);
    let place = |now| match queue.on_call(at(now)) {
        Admission::Queued(ticket) => ticket,
        other => panic!("{other:?}"),
    };
    let tickets = (0..count).map(place).collect();
    (queue, tickets)
}

/// A permit comes back: who has it now, and who was shed meanwhile.
fn released(queue: &mut Queue, now: u64) -> (Option<Ticket>, Vec<Ticket>) {
    queue.on_released(|| at(now), 0);
    let (mut granted, mut shed) = (None, Vec::new());
    while let Some((_, ticket)) = queue.poll_over() {
        match queue.on_polled(0, ticket) {
            Some(Ok(())) => granted = Some(ticket),
            Some(Err(rejection)) => {
                assert_eq!((rejection.by, rejection.reason), (Layer::SHED, Reason::OVERLOADED));
                assert!(rejection.safe_to_retry);
                shed.push(ticket);
            }
            None => panic!("its wait is over"),
        }
    }
    (granted, shed)
}

fn served(order: Order, count: u64) -> Vec<u64> {
    let (mut queue, _) = filled(order, None, count);
    (0..count).map(|turn| released(&mut queue, 100 + turn).0.unwrap().0).collect()
}

#[test]
fn the_order_is_as_it_says() {
    assert_eq!(served(Order::Fifo, 4), [0, 1, 2, 3]);
    assert_eq!(served(Order::Lifo, 4), [3, 2, 1, 0]);
    assert_eq!(served(Order::Adaptive { above: 2 }, 5), [4, 3, 2, 0, 1]);
}

/// Served last come, first served, the ones left behind have waited longest; they are the wait of
/// the queue, and are shed although they are not next.
#[test]
fn who_is_left_behind_is_shed() {
    let (mut queue, tickets) = filled(Order::Lifo, Some(CodelConfig::default()), 50);
    assert_eq!(released(&mut queue, 101), (Some(tickets[49]), vec![]));
    let [first, second, third] = [200, 201, 202].map(|now| match queue.on_call(at(now)) {
        Admission::Queued(ticket) => ticket,
        other => panic!("{other:?}"),
    });
    assert_eq!(released(&mut queue, 202), (Some(third), vec![]));
    assert_eq!(released(&mut queue, 203), (Some(second), tickets[..49].to_vec()));
    assert_eq!(released(&mut queue, 204), (Some(first), vec![]));
}

#[test]
fn a_full_queue_refuses() {
    let config = QueueConfig { limit: 1, max_waiting: Some(0), ..QueueConfig::default() };
    let mut queue = Queue::new(config);
    assert_eq!(queue.on_call(at(0)), Admission::Granted);
    let Admission::Rejected(rejection) = queue.on_call(at(0)) else { panic!() };
    assert_eq!(rejection.reason, Reason::FULL);
}

#[test]
fn who_leaves_with_a_permit_hands_it_on() {
    let (mut queue, tickets) = filled(Order::Fifo, None, 3);
    queue.on_left(at(10), 0, tickets[1]);
    queue.on_released(|| at(10), 0);
    queue.on_left(at(10), 0, tickets[0]);
    assert_eq!(queue.on_polled(0, tickets[2]), Some(Ok(())));
    while queue.poll_over().is_some() {}
    assert_eq!(released(&mut queue, 11), (None, vec![]));
    assert_eq!((queue.in_flight(), queue.waiting()), (0, 0));
}

proptest! {
    /// Permits are conserved, nobody waits for nothing, and everybody who waits learns his fate.
    #[test]
    fn nobody_is_forgotten(
        order in prop_oneof![
            Just(Order::Fifo), Just(Order::Lifo), (0u32..4).prop_map(|above| Order::Adaptive { above })
        ],
        sheds in any::<bool>(),
        events in prop::collection::vec((0u8..4, 0usize..8, 0u64..9), 0..400),
    ) {
        let mut queue = queue(order, sheds.then(CodelConfig::default));
        let (mut now, mut held, mut waiting) = (0, 0u32, Vec::new());
        for (event, which, gap) in events {
            now += gap;
            match event {
                0 | 1 => match queue.on_call(at(now)) {
                    Admission::Granted => held += 1,
                    Admission::Queued(ticket) => waiting.push(ticket),
                    Admission::Rejected(rejection) => prop_assert!(false, "{rejection:?}"),
                },
                2 if which < waiting.len() => queue.on_left(at(now), 0, waiting.remove(which)),
                3 if held > 0 => {
                    held -= 1;
                    queue.on_released(|| at(now), 0);
                }
                _ => {}
            }
            while let Some((_, ticket)) = queue.poll_over() {
                if which % 2 == 0 {
                    let place = waiting.iter().position(|waiting| *waiting == ticket).unwrap();
                    match queue.on_polled(0, waiting.remove(place)) {
                        Some(Ok(())) => held += 1,
                        Some(Err(_)) => prop_assert!(sheds),
                        None => prop_assert!(false, "its wait is over"),
                    }
                } else {
                    waiting.retain(|waiting| *waiting != ticket);
                    queue.on_left(at(now), 0, ticket);
                }
            }
            prop_assert_eq!(queue.in_flight(), held);
            prop_assert!(held <= 1);
            prop_assert_eq!(queue.waiting() as usize, waiting.len());
            prop_assert!(waiting.is_empty() || held == 1);
        }
    }
}
