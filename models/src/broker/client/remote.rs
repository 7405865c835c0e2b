use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use cascadia_patterns::messaging::{BrokerError, DeliveryId, Fed, Group};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use super::told::Told;
use super::views::Views;
use super::waiting::Waiting;
use crate::broker::hub::Hub;
use crate::broker::words::{Answer, Ask, Asked, Said, Word};
use crate::component::{Connection, Life, PlaceId};

/// A broker, as one of its clients has it in one life.
pub(crate) struct Remote {
    pub(crate) life: Life,
    pub(crate) hub: Arc<Hub>,
    places: Arc<[PlaceId]>,
    pub(super) nodes: Vec<Connection>,
    state: Local<State>,
    /// Who leads what, as far as it knows.
    pub(super) views: Local<Views>,
}

#[derive(Default)]
struct State {
    waiting: Waiting,
    next_feed: u64,
    feeds: BTreeMap<u64, Arc<Local<Told>>>,
}

impl Remote {
    /// That of a name; none where there is no broker of this name.
    pub(super) fn new(life: &Life, name: &str) -> Option<Arc<Self>> {
        let hub = life.common::<Hub>(name)?;
        let places = hub.places(life);
        let nodes = places.iter().map(|place| life.connect(*place)).collect();
        let views = Local::new(Views::new(&hub.plan, places.len()));
        let (life, state) = (life.clone(), Local::default());
        Some(Arc::new(Self { life, hub, places, nodes, state, views }))
    }

    /// The name of the broker.
    pub(crate) fn name(&self) -> &str {
        &self.hub.plan.name
    }

    /// Whether somebody is one of its places.
    pub(crate) fn is_at(&self, place: PlaceId) -> bool {
        self.places.contains(&place)
    }

    /// One of the places says something.
    pub(crate) fn hear_message(&self, message: Box<dyn Any + Send>) {
        if let Ok(word) = message.downcast::<Word>() {
            self.hear(*word);
        }
    }

    fn hear(&self, word: Word) {
        match word {
            Word::Answer(number, answer) => {
                self.state.borrow_mut().waiting.answer(number, answer);
            }
            Word::Feed(feed, told) => self.tell(feed, told.into_iter().map(Ok)),
            Word::Broken(feed, why) => self.tell(feed, std::iter::once(Err(why))),
            Word::Group(feed, event) => {
                if let Some(told) = self.feed(feed) {
                    told.borrow_mut().tell_member(event);
                }
            }
            Word::Ask(_) | Word::Peer(_) => {}
        }
    }

    fn tell(&self, feed: u64, told: impl Iterator<Item = Result<Fed, BrokerError>>) {
        if let Some(feed) = self.feed(feed) {
            let (feed, now) = (&mut *feed.borrow_mut(), self.life.now());
            told.for_each(|told| feed.push(told, now));
        }
    }

    fn feed(&self, feed: u64) -> Option<Arc<Local<Told>>> {
        self.state.borrow_mut().feeds.get(&feed).cloned()
    }

    /// The process at one of the places has gone.
    pub(crate) fn reset(&self, place: PlaceId) {
        let Some(node) = self.places.iter().position(|at| *at == place) else { return };
        self.views.borrow_mut().doubt();
        let feeds: Vec<_> = {
            let state = &mut *self.state.borrow_mut();
            state.waiting.reset(node);
            state.feeds.values().cloned().collect()
        };
        feeds.iter().for_each(|told| told.borrow_mut().reset(node));
    }

    /// The ways to all places.
    pub(crate) fn connections(&self) -> &[Connection] {
        &self.nodes
    }

    /// A new feed is there, whose number this returns.
    pub(super) fn remember(&self, told: &Arc<Local<Told>>) -> u64 {
        let state = &mut *self.state.borrow_mut();
        state.next_feed += 1;
        state.feeds.insert(state.next_feed, Arc::clone(told));
        state.next_feed
    }

    /// Those of some deliveries that were handled and wait to be acknowledged with others.
    pub(super) fn handled(&self, ids: &[DeliveryId]) -> Vec<DeliveryId> {
        let feeds = &self.state.borrow_mut().feeds;
        let waits = |id: &&DeliveryId| feeds.values().any(|told| told.borrow_mut().room.waits(id));
        ids.iter().filter(waits).cloned().collect()
    }

    /// Some deliveries of a group are settled. These of them waited to be acknowledged with others.
    pub(super) fn settled(&self, group: Option<&Group>, count: u64, handled: &[DeliveryId]) {
        let is_of = |told: &Arc<Local<Told>>| told.borrow_mut().group.as_ref() == group;
        let feeds = &self.state.borrow_mut().feeds;
        for (number, told) in feeds.iter().filter(|(_, told)| is_of(told)) {
            let has_changed = {
                let told = &mut *told.borrow_mut();
                told.settled(count, handled);
                std::mem::take(&mut told.room.has_changed)
            };
            if has_changed {
                (0..self.nodes.len()).for_each(|node| self.tell_room(*number, told, node));
            }
        }
    }

    /// Tells a place how many messages it may give to a feed, unless it knows.
    pub(super) fn tell_room(&self, feed: u64, told: &Local<Told>, node: usize) {
        let (number, most) = {
            let told = &mut *told.borrow_mut();
            let Some(most) = told.room.tell(node) else { return };
            (told.say(), most)
        };
        self.say(node, Asked::Credit(Said { feed, number }, most));
    }

    /// The consumers of some deliveries are done with them.
    pub(super) fn let_go(&self, ids: &[DeliveryId]) {
        for told in self.state.borrow_mut().feeds.values() {
            told.borrow_mut().let_go(ids);
        }
    }

    pub(super) fn forget(&self, feed: u64) {
        self.state.borrow_mut().feeds.remove(&feed);
    }

    /// Says something that wants no answer.
    pub(super) fn say(&self, node: usize, what: Asked) {
        let life = self.life.incarnation();
        self.nodes[node].send(Word::Ask(Ask { life, number: None, what }));
    }

    /// Asks something at once, and has its answer waited for so long.
    pub(super) fn ask(self: &Arc<Self>, node: usize, what: Asked, patience: Duration) -> Asking {
        let until = self.life.now() + patience;
        let (number, due) = self.state.borrow_mut().waiting.ask(node, until);
        due.into_iter().for_each(|due| self.expire_at(due));
        let (life, doubts) = (self.life.incarnation(), !matches!(what, Asked::View));
        self.nodes[node].send(Word::Ask(Ask { life, number: Some(number), what }));
        Asking { remote: Arc::clone(self), number, doubts }
    }

    /// Gives up then what was not answered until then.
    fn expire_at(self: &Arc<Self>, due: Time) {
        let remote = Arc::downgrade(self);
        self.life.sim.at(due, move || {
            let Some(remote) = remote.upgrade() else { return };
            let next = remote.state.borrow_mut().waiting.expire(remote.life.now());
            next.into_iter().for_each(|next| remote.expire_at(next));
        });
    }
}

/// A question, until its answer is taken or it is given up.
pub(super) struct Asking {
    remote: Arc<Remote>,
    number: u64,
    /// Somebody else may have to be asked.
    doubts: bool,
}

impl Future for Asking {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let Self { remote, number, doubts } = &mut *self;
        let waiter = || remote.life.sim.waiter(context);
        let answer = ready!(remote.state.borrow_mut().waiting.poll(*number, waiter));
        // Who was deposed says so, and who has died says nothing.
        *doubts &= matches!(answer, Err(BrokerError::Unavailable(_) | BrokerError::Unknown(_)));
        Poll::Ready(answer)
    }
}

impl Drop for Asking {
    fn drop(&mut self) {
        self.remote.state.borrow_mut().waiting.forget(self.number);
        if self.doubts {
            self.remote.views.borrow_mut().doubt();
        }
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Remote {}", self.hub.plan.name)
    }
}
