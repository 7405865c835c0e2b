use std::time::Duration;

use cascadia_runtime::Time;

use super::{Codel, DisciplineConfig, Order};

/// Decides who of a queue is next.
///
/// CoDel looks at who has waited longest, whatever the order: that is the wait of the queue. So it
/// also sheds those whom last come, first served has left behind.
#[derive(Debug)]
pub struct Discipline {
    order: Order,
    codel: Option<Codel>,
}

/// Who of a queue is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Who has waited longest.
    Oldest,
    /// Who came last.
    Newest,
    /// Nobody yet: who has waited longest is shed.
    Shed,
}

impl Discipline {
    /// For an empty queue.
    pub fn new(config: DisciplineConfig) -> Self {
        Self { order: config.order, codel: config.codel.map(Codel::new) }
    }

    /// A call found nobody before it, and does not wait.
    pub fn on_empty(&mut self, now: Time) {
        if let Some(codel) = &mut self.codel {
            codel.on_wait(now, Duration::ZERO);
        }
    }

    /// `waiting` calls wait, the first since `oldest`, and there is room for one.
    pub fn next(&mut self, now: Time, waiting: usize, oldest: Time) -> Next {
        let sheds = |codel: &mut Codel| codel.on_wait(now, now.since(oldest));
        if self.codel.as_mut().is_some_and(sheds) {
            return Next::Shed;
        }
        let newest = match self.order {
            Order::Fifo => false,
            Order::Lifo => true,
            Order::Adaptive { above } => waiting > above as usize,
        };
        if newest { Next::Newest } else { Next::Oldest }
    }
}
