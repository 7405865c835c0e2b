use cascadia_runtime::Time;

use super::{BudgetConfig, RetryBudget};

const SLOTS: u64 = 10;
/// One retry. Ratios are kept to a millionth of it; whole numbers of retries for each request, or
/// of requests for each retry, would make 0.6 of a retry one and 0.3 a third.
const RETRY: i64 = 1_000_000;

/// The share of the requests of the last `ttl`, in ten slots, and a reserve.
///
/// A request puts `ratio` in, a retry takes 1 out, and both are forgotten when their slot is `ttl`
/// old; the reserve is `min_per_second` · `ttl` and is always there. As in Finagle's
/// `RetryBudget`, which tower and linkerd follow.
#[derive(Clone, Debug)]
pub struct RatioBudget {
    deposit: i64,
    reserve: i64,
    width: u64,
    slots: [i64; SLOTS as usize],
    newest: u64,
}

impl RatioBudget {
    /// A budget with nothing but its reserve.
    pub fn new(config: BudgetConfig) -> Self {
        let reserve = config.min_per_second * config.ttl.as_secs_f64();
        Self {
            deposit: fixed(config.ratio),
            reserve: fixed(reserve),
            width: (config.ttl.as_nanos() / u128::from(SLOTS)) as u64,
            slots: [0; SLOTS as usize],
            newest: 0,
        }
    }

    /// What could be withdrawn at `now`, in whole retries.
    pub fn balance(&mut self, now: Time) -> u64 {
        self.slide(now);
        u64::try_from(self.millionths() / RETRY).unwrap_or(0)
    }

    fn millionths(&self) -> i64 {
        self.reserve + self.slots.iter().sum::<i64>()
    }

    /// Empties the slots that time has come round to; the slot of `now`.
    fn slide(&mut self, now: Time) -> &mut i64 {
        let newest = (now.as_nanos() / self.width).max(self.newest);
        let first = (self.newest + 1).max((newest + 1).saturating_sub(SLOTS));
        for slot in first..=newest {
            self.slots[(slot % SLOTS) as usize] = 0;
        }
        self.newest = newest;
        &mut self.slots[(newest % SLOTS) as usize]
    }
}

impl RetryBudget for RatioBudget {
    fn on_request(&mut self, now: Time) {
        let deposit = self.deposit;
        *self.slide(now) += deposit;
    }

    fn try_withdraw(&mut self, now: Time) -> bool {
        self.slide(now);
        let enough = self.millionths() >= RETRY;
        if enough {
            *self.slide(now) -= RETRY;
        }
        enough
    }

    /// Goes to the slot of the withdrawal, so that both are forgotten together.
    fn refund(&mut self, withdrawn: Time) {
        let slot = withdrawn.as_nanos() / self.width;
        if slot <= self.newest && self.newest - slot < SLOTS {
            self.slots[(slot % SLOTS) as usize] += RETRY;
        }
    }
}

fn fixed(retries: f64) -> i64 {
    libm::round(retries * RETRY as f64) as i64
}
