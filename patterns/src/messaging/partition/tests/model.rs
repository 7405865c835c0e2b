//! What a partition does for one group, said as simply as can be: a list that is gone through from the beginning each
//! time.

use cascadia_runtime::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Ready,
    Resting(Time),
    InFlight { token: u64, until: Time },
    Doomed,
    Done,
}

#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) body: u32,
    pub(super) key: Option<u8>,
    pub(super) is: Is,
    pub(super) attempts: u32,
    /// Of which it is written down that they have failed.
    pub(super) failed: u32,
    /// It was given up.
    pub(super) is_dead: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) items: Vec<Item>,
    /// As many may be shown.
    pub(super) durable: usize,
    pub(super) most: u32,
    pub(super) parks: bool,
}

impl Model {
    pub(super) fn publish(&mut self, body: u32, key: Option<u8>) {
        self.items.push(Item { body, key, is: Is::Ready, attempts: 0, failed: 0, is_dead: false });
    }

    /// The offset that is delivered next.
    pub(super) fn take(&mut self, token: u64, until: Time) -> Option<(u64, u32)> {
        let is_next = |at: &usize| {
            let item = &self.items[*at];
            let before = self.items[..*at].iter();
            let mut same = before.filter(|other| other.key.is_some() && other.key == item.key);
            let waits = self.parks && same.any(|other| other.is != Is::Done);
            item.is == Is::Ready && !waits
        };
        let at = (0..self.durable).find(is_next)?;
        let item = &mut self.items[at];
        item.attempts += 1;
        item.is = Is::InFlight { token, until };
        Some((at as u64, item.attempts))
    }

    pub(super) fn fail(&mut self, at: usize, until: Option<Time>) {
        let item = &mut self.items[at];
        item.failed = item.attempts;
        item.is = match until {
            _ if item.attempts >= self.most => {
                item.is_dead = true;
                Is::Doomed
            }
            Some(until) => Is::Resting(until),
            None => Is::Ready,
        };
    }

    pub(super) fn pass(&mut self, now: Time) {
        for at in 0..self.items.len() {
            match self.items[at].is {
                Is::Resting(until) if until <= now => self.items[at].is = Is::Ready,
                Is::InFlight { until, .. } if until <= now => self.fail(at, None),
                _ => {}
            }
        }
    }

    /// What was delivered in the last life is delivered again, and nobody knows that it was.
    pub(super) fn crash(&mut self, now: Time) {
        for item in &mut self.items {
            if let Is::InFlight { .. } = item.is {
                item.is = Is::Ready;
            }
            if item.is == Is::Ready {
                item.attempts = item.failed;
            }
        }
        self.durable = self.items.len();
        self.pass(now);
    }

    pub(super) fn left(&self) -> usize {
        self.items.iter().filter(|item| item.is != Is::Done).count()
    }
}
