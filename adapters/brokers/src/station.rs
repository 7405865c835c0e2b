use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use cascadia_patterns::messaging::{
    AckMode, BrokerError, Delivery, DeliveryId, Fed, Source, Subscription, Token,
};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::held::{Held, Origin};
use crate::wanted::Wanted;

/// What a feed holds, between the task that fetches and the user who settles.
#[derive(Debug)]
pub struct Station<H> {
    term: u64,
    source: Arc<Source>,
    ack: AckMode,
    ack_wait: Duration,
    state: Mutex<State<H>>,
    changed: Notify,
}

#[derive(Debug)]
struct State<H> {
    next: u64,
    most: usize,
    held: BTreeMap<u64, Held<H>>,
    /// How many of those are late.
    late: usize,
    fed: VecDeque<Result<Fed, BrokerError>>,
    waker: Option<Waker>,
    /// Whether somebody was told that nothing is wanted, and waits for room.
    is_awaited: bool,
    is_drained: bool,
    is_over: bool,
    is_left: bool,
}

impl<H> State<H> {
    fn on_their_way(&self) -> usize {
        self.held.len() - self.late
    }

    /// Whether the user has so little left that more is worth a way to the server and back.
    fn is_low(&self) -> bool {
        self.fed.len() <= self.most / 2
    }

    /// What is held under a number is not any more.
    fn remove(&mut self, number: u64) {
        let removed = self.held.remove(&number);
        self.late -= usize::from(removed.is_some_and(|held| held.is_late));
    }

    fn wake(&mut self) {
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl<H: Clone> Station<H> {
    pub(crate) fn new(term: u64, source: Source, subscription: &Subscription) -> Self {
        let state = State {
            next: 0,
            most: subscription.prefetch as usize,
            held: BTreeMap::new(),
            late: 0,
            fed: VecDeque::new(),
            waker: None,
            is_awaited: false,
            is_drained: false,
            is_over: false,
            is_left: false,
        };
        Self {
            term,
            source: Arc::new(source),
            ack: subscription.ack,
            ack_wait: subscription.ack_wait,
            state: Mutex::new(state),
            changed: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State<H>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Which feed of its broker it is of.
    pub const fn term(&self) -> u64 {
        self.term
    }

    /// What there is to do for the task of the feed. Who is told that it is nothing is told when there is room.
    pub fn wanted(&self) -> Wanted {
        let mut state = self.state();
        let held = match self.ack {
            AckMode::Explicit => state.on_their_way(),
            AckMode::OnDelivery => state.fed.len(),
        };
        let wanted = match state.most.saturating_sub(held) {
            _ if state.is_left => Wanted::Leave,
            0 => Wanted::Nothing,
            _ if state.is_drained => Wanted::Nothing,
            room => Wanted::Messages(room),
        };
        state.is_awaited |= wanted == Wanted::Nothing;
        wanted
    }

    /// How much may be held at a time: nothing any more where the feed is drained.
    pub fn credit(&self) -> u16 {
        let state = self.state();
        if state.is_drained || state.is_left {
            return 0;
        }
        u16::try_from(state.most).unwrap_or(u16::MAX)
    }

    /// Has the task of the feed look for what there is to do.
    pub fn stir(&self) {
        self.changed.notify_one();
    }

    /// Has the user ask again.
    pub fn wake(&self) {
        self.state().wake();
    }

    /// Waits until something else may be [wanted](Self::wanted).
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Waits for room that is worth a way to the server, or for the end of the feed, but no longer than so long.
    pub async fn room(&self, at_most: Duration) -> Wanted {
        let asked = self.asked();
        if asked == Wanted::Nothing {
            drop(tokio::time::timeout(at_most, self.changed()).await);
            return self.asked();
        }
        asked
    }

    /// How much there is to ask a server for that owes so much: nothing where the user has enough yet, or where no more would be
    /// asked for than is owed.
    pub fn lacking(&self, owed: usize) -> usize {
        let lacking = self.asked().room().saturating_sub(owed);
        if lacking > owed { lacking } else { 0 }
    }

    /// What there is to ask a server for: nothing where the user has enough yet, as asking for one after the other costs
    /// more than asking for all of them.
    fn asked(&self) -> Wanted {
        match self.wanted() {
            Wanted::Messages(_) if !self.state().is_low() => Wanted::Nothing,
            wanted => wanted,
        }
    }

    /// Hands messages to the user, all at once, as waking somebody costs more than a message does. Those that are
    /// acknowledged by their delivery are not held.
    pub fn deliver(&self, all: impl IntoIterator<Item = (H, Origin)>) {
        let all =
            all.into_iter().map(|(handle, origin)| (Arc::clone(&self.source), handle, origin));
        self.deliver_from(all);
    }

    /// Hands on messages of several partitions. The number of the first of these deliveries, which the others follow.
    pub fn deliver_from(&self, all: impl IntoIterator<Item = (Arc<Source>, H, Origin)>) -> u64 {
        let (mut state, until) = (self.state(), Instant::now() + self.ack_wait);
        let first = state.next;
        for (source, handle, origin) in all {
            let token = Token { term: self.term, number: state.next };
            state.next += 1;
            let id = DeliveryId { source, offset: origin.offset, token };
            let Origin { message, attempt, published, .. } = origin.clone();
            state.fed.push_back(Ok(Fed::Delivery(Delivery { id, message, attempt, published })));
            if self.ack == AckMode::Explicit {
                let held = Held { handle, origin, until, is_late: false };
                state.held.insert(token.number, held);
            }
        }
        if state.next > first {
            state.wake();
        }
        first
    }

    /// Tells the user what is no message.
    pub fn tell(&self, fed: Fed) {
        let mut state = self.state();
        state.fed.push_back(Ok(fed));
        state.wake();
    }

    /// What is held of these is not any more, and what of it was not fetched yet by the user is not delivered.
    pub fn revoke(&self, is_one: impl Fn(&H) -> bool) {
        let mut state = self.state();
        let State { held, late, fed, .. } = &mut *state;
        held.retain(|number, held| {
            let is_kept = !is_one(&held.handle);
            if !is_kept {
                *late -= usize::from(held.is_late);
                let is_other = |it: &Result<Fed, BrokerError>| {
                    !matches!(it, Ok(Fed::Delivery(it)) if it.id.token.number == *number)
                };
                fed.retain(is_other);
            }
            is_kept
        });
        state.wake();
        self.changed.notify_one();
    }

    /// Ends the feed with an error.
    pub fn fail(&self, error: BrokerError) {
        let mut state = self.state();
        if !state.is_over {
            state.is_over = true;
            state.fed.push_back(Err(error));
            state.wake();
        }
    }

    /// Whether the feed is gone, or has ended with an error.
    pub fn is_over(&self) -> bool {
        let state = self.state();
        state.is_left || state.is_over
    }

    /// What is held under a number.
    pub fn held(&self, number: u64) -> Option<Held<H>> {
        self.state().held.get(&number).cloned()
    }

    /// Whether so many are all that is held up to a number.
    pub fn is_all_until(&self, last: u64, count: usize) -> bool {
        self.state().held.range(..=last).count() == count
    }

    /// Settlements are known to have happened.
    pub fn conclude(&self, numbers: impl IntoIterator<Item = u64>) {
        let mut state = self.state();
        numbers.into_iter().for_each(|number| state.remove(number));
        if state.is_drained {
            // Whoever drains it waits for nothing else, perhaps.
            state.wake();
        }
        if std::mem::take(&mut state.is_awaited) {
            self.changed.notify_one();
        }
    }

    /// The time of a delivery begins anew.
    pub fn extend(&self, number: u64) {
        if let Some(held) = self.state().held.get_mut(&number) {
            held.until = Instant::now() + self.ack_wait;
        }
    }

    /// Makes late what was not settled in time, and forgets what has been late for as long again. What is late now.
    pub fn expire(&self) -> Vec<Held<H>> {
        let (now, mut expired) = (Instant::now(), Vec::new());
        let mut state = self.state();
        for held in state.held.values_mut().filter(|held| !held.is_late && held.until <= now) {
            held.is_late = true;
            expired.push(held.clone());
        }
        state.held.retain(|_, held| now < held.until + self.ack_wait);
        state.late = state.held.values().filter(|held| held.is_late).count();
        if !expired.is_empty() && state.is_drained {
            state.wake();
        }
        expired
    }

    /// All that is held, which is not any more.
    pub fn abandon(&self) -> Vec<Held<H>> {
        let mut state = self.state();
        state.late = 0;
        std::mem::take(&mut state.held).into_values().collect()
    }

    /// Whether there is nothing for the user, who is there and need not be woken.
    pub(crate) fn has_nothing(&self) -> bool {
        let mut state = self.state();
        state.waker = None;
        state.fed.is_empty()
    }

    pub(crate) fn poll(&self, context: &Context<'_>) -> Poll<Option<Result<Fed, BrokerError>>> {
        let mut state = self.state();
        let had_enough = !state.is_low();
        if let Some(fed) = state.fed.pop_front() {
            if had_enough && state.is_low() {
                self.changed.notify_one();
            }
            return Poll::Ready(Some(fed));
        }
        if state.is_over || state.is_drained && state.on_their_way() == 0 {
            return Poll::Ready(None);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }

    pub(crate) fn change(&self, most: Option<u32>, is_drained: bool, is_left: bool) {
        let mut state = self.state();
        state.most = most.map_or(state.most, |most| most as usize);
        state.is_drained |= is_drained;
        state.is_left |= is_left;
        state.wake();
        self.changed.notify_one();
    }
}
