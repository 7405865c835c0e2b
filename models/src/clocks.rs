//! Wall clocks that are wrong.
//!
//! A machine has two clocks. One counts what has passed since it was started; it never goes back, and
//! means nothing elsewhere. The other shows a date, which is what can be written down and read again
//! by another process, and somebody sets it: a daemon that steps it, an operator, a machine that was
//! asleep. A breaker or a limit that goes by dates can then stick for an hour, or let everything
//! through for one (Hystrix and Polly read them, and so do many token buckets). So what waits here
//! goes by the first, and nothing in this file can change when anything happens; what keeps dates goes
//! by the second, and finds out here whether it can bear that.

use std::collections::BTreeMap;

use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::{Local, NodeId, Sim};

use crate::plan::Skew;

/// What makes the wall clocks of nodes wrong. It outlasts the lives there.
pub(crate) struct Clocks {
    sim: Sim,
    wrong: Local<BTreeMap<NodeId, Vec<Part>>>,
}

/// What a fault in force adds.
struct Part {
    fault: usize,
    since: Time,
    skew: Skew,
}

impl Clocks {
    pub(crate) fn new(sim: Sim) -> Self {
        Self { sim, wrong: Local::default() }
    }

    /// Fault number `fault` begins or ends at a node. Several add up, and each takes away only what
    /// it has added.
    pub(crate) fn turn(&self, node: NodeId, fault: usize, skew: Skew, begins: bool) {
        let now = self.sim.now();
        let wrong = &mut *self.wrong.borrow_mut();
        let parts = wrong.entry(node).or_default();
        match begins {
            true => parts.push(Part { fault, since: now, skew }),
            false => parts.retain(|part| part.fault != fault),
        }
        let Skew { ahead, gains } = sum(parts, now);
        self.sim.set_wall(node, ahead, gains);
    }
}

/// What they come to at `now`, and what is gained from then on.
fn sum(parts: &[Part], now: Time) -> Skew {
    let all = |of: fn(&Part, i128) -> i128| -> i128 {
        parts.iter().map(|part| of(part, now.since(part.since).as_nanos().cast_signed())).sum()
    };
    let ahead = all(|part, _| part.skew.ahead.into());
    let gained = all(|part, passed| passed * i128::from(part.skew.gains)) / 1_000_000_000;
    let gains = all(|part, _| part.skew.gains.into());
    Skew { ahead: narrow(ahead + gained), gains: narrow(gains) }
}

fn narrow(nanos: i128) -> i64 {
    nanos.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}
