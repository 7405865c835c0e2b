//! Requests that come fifty times, to a process that is killed.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use cascadia_patterns::idempotency::suite::{Orders, order};
use cascadia_patterns::store::Store;
use cascadia_runtime::{Stream, TokioWorld};

use crate::{Victim, told};

const FIRST: &str = "CASCADIA_CHILD_FIRST";
const LIFE: &str = "CASCADIA_CHILD_LIFE";
/// The longest that a life lasts when it has begun to work.
const LONGEST: Duration = Duration::from_millis(500);
/// More than any life has time for.
const ORDERS: u64 = 1_000_000;

/// Takes orders from the one on that its environment names, as the victim.
pub async fn child(store: Arc<dyn Store>) {
    let number = |name| told(name).map_or(0, |number| number.parse::<u64>().expect("a number"));
    let (first, stream) = (number(FIRST), Stream::from_seed(number(LIFE)));
    let tell = |order, answer: &str| crate::tell(format_args!("{order} {answer}"));
    order(TokioWorld::new(), store, stream, first..first + ORDERS, tell).await;
}

/// What was answered by processes that were killed one after the other.
#[derive(Debug)]
pub struct Killed {
    orders: Orders,
    lives: u64,
    draws: Stream,
}

impl Default for Killed {
    fn default() -> Self {
        Self { orders: Orders::default(), lives: 0, draws: Stream::from_seed(1) }
    }
}

impl Killed {
    /// Has so many children go on one after the other, and more of them where they come to little, as the machine has much to
    /// do.
    ///
    /// # Panics
    ///
    /// When they come to little all the same.
    pub fn lives(&mut self, count: u64, child: &str, environment: &[(&str, &str)]) {
        while self.lives < count || self.has_little(count) && self.lives < 10 * count {
            self.live(child, environment);
        }
        assert!(!self.has_little(count), "{} orders", self.orders.count());
    }

    fn has_little(&self, lives: u64) -> bool {
        self.orders.count() <= lives / 2
    }

    /// Has a child go on with the last order, and kills it at a moment that nobody knows.
    fn live(&mut self, child: &str, environment: &[(&str, &str)]) {
        self.lives += 1;
        let (first, life) = (self.orders.last().unwrap_or_default(), self.lives.to_string());
        let first = first.to_string();
        let told = [environment, &[(FIRST, &first), (LIFE, &life)]].concat();
        for line in Victim::start(child, &told).live(&mut self.draws, LONGEST) {
            let (order, answer) = line.split_once(' ').expect("an order and an answer");
            self.orders.told(order.parse().expect("a number"), answer);
        }
    }

    /// Asks once more for the last orders, which somebody may have died of, and holds what was answered to what is in the
    /// store.
    ///
    /// # Panics
    ///
    /// When something was answered twice and not alike, or has not had one effect.
    pub async fn check(self, store: Arc<dyn Store>) {
        let last = self.orders.last().unwrap_or_default();
        let orders = Arc::new(Mutex::new(self.orders));
        let own = Arc::clone(&orders);
        let tell = move |order, answer: &str| own.lock().expect("nobody fails").told(order, answer);
        let stream = Stream::from_seed(u64::MAX);
        let again = last.saturating_sub(3)..last + 2;
        order(TokioWorld::new(), Arc::clone(&store), stream, again, tell).await;
        let orders = orders.lock().expect("nobody fails").clone();
        assert_eq!(orders.last(), Some(last + 1));
        assert_eq!(orders.broken(&store).await, Ok(None));
    }
}
