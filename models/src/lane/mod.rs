//! Ways on which components send on their own.

mod order;
mod post;

use std::any::Any;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::Local;

use self::order::{Loss, Order};
use self::post::Post;
use crate::component::{Body, Envelope, Lane, Outbox, Parcel, PlaceId, Sent};
use crate::network::{Message, MessageKind, Travel, Wire};
use crate::world::{Resident, World};

/// A way through a world.
pub(crate) struct WorldLane {
    world: Arc<World>,
    /// Who sends, and in which life.
    from: PlaceId,
    life: u64,
    outbox: Arc<Outbox>,
    wire: Wire,
    target: Arc<Resident>,
    /// What keeps the order, if that is kept.
    order: Option<Local<Order>>,
}

impl WorldLane {
    pub(crate) fn new(
        world: &Arc<World>,
        from: PlaceId,
        (wire, target): (Wire, Arc<Resident>),
        is_ordered: bool,
    ) -> Arc<Self> {
        let sender = world.directory.resident(from);
        Arc::new(Self {
            world: Arc::clone(world),
            from,
            life: sender.place.incarnation(),
            outbox: Arc::clone(&sender.outbox),
            wire,
            target,
            order: is_ordered.then(Local::default),
        })
    }

    fn travel(&self, key: u64, number: u32) -> Option<Travel> {
        let own = Message { key, kind: MessageKind::Own, number: number.into() };
        self.world.network.travel(&self.wire, &own)
    }

    /// Tells who looks on that something leaves, and when it comes, if ever.
    fn show(&self, key: u64, arrives: Option<Time>, sent: &dyn Any) {
        let way = (self.from, self.target.place.id);
        if let Some(mut recorder) = self.world.recorder(way) {
            recorder.sent(key, way, (self.world.now(), arrives), sent);
        }
    }

    /// Sends the first of those that wait, and then the others, until one is lost again.
    fn go_on(self: &Arc<Self>, order: &Local<Order>) {
        if self.is_over() {
            return end(order.borrow_mut().renew());
        }
        loop {
            let next = order.borrow_mut().next();
            let Some((post, tries)) = next else { return };
            if let Some(travel) = self.travel(post.key, tries) {
                self.leave(post, travel);
                continue;
            }
            self.show(post.key, None, &*post.message);
            let loss = order.borrow_mut().lost(post, tries + 1);
            return self.heed(order, loss);
        }
    }

    /// Whether who sends is no more.
    fn is_over(&self) -> bool {
        self.world.directory.resident(self.from).place.incarnation() != self.life
    }

    fn heed(self: &Arc<Self>, order: &Local<Order>, loss: Loss) {
        let sim = self.world.sim;
        match loss {
            Loss::Waits => {}
            Loss::Again(rest) => {
                let (me, epoch) = (Arc::downgrade(self), order.borrow_mut().epoch);
                sim.at(sim.now() + rest, move || {
                    if let Some(lane) = me.upgrade()
                        && let Some(order) = &lane.order
                        && order.borrow_mut().epoch == epoch
                    {
                        lane.go_on(order);
                    }
                });
            }
            Loss::GivenUp(given_up) => {
                end(given_up);
                if !self.is_over() {
                    let (there, here) = (self.target.place.id, self.from);
                    let sender = self.world.directory.resident(here);
                    sim.at(sim.now(), move || {
                        deliver(there, Body::Reset, &sender);
                    });
                }
            }
        }
    }

    /// Something is on its way.
    fn leave(self: &Arc<Self>, post: Post, travel: Travel) {
        let sim = self.world.sim;
        let order = self.order.as_ref().filter(|_| !travel.overtaken);
        let mut at = sim.now().after(travel.nanos);
        if let Some(order) = order {
            at = order.borrow_mut().due(at, Duration::from_nanos(travel.nanos));
        }
        self.show(post.key, Some(at), &*post.message);
        if let Some(nanos) = travel.again {
            self.show(post.key, Some(at.after(nanos)), &*post.message);
            let (lane, copy) = (Arc::clone(self), Body::Message(post.message.copy().open()));
            sim.at(at.after(nanos), move || {
                deliver(lane.from, copy, &lane.target);
            });
        }
        let lane = Arc::clone(self);
        match order {
            Some(order) => {
                order.borrow_mut().leave(post);
                sim.at(at, move || lane.arrive_next());
            }
            None => sim.at(at, move || match &lane.order {
                Some(order) => lane.arrive(order, post, true),
                None => lane.hand_over(post),
            }),
        }
    }

    /// The first that is on its way over a connection arrives, whichever an engine calls first of those that arrive
    /// in one instant.
    fn arrive_next(self: &Arc<Self>) {
        let Some(order) = &self.order else { return };
        let first = order.borrow_mut().land();
        if let Some(post) = first {
            self.arrive(order, post, false);
        }
    }

    /// Something arrives over a connection.
    fn arrive(self: &Arc<Self>, order: &Local<Order>, post: Post, overtaken: bool) {
        let (epoch, peer) = {
            let order = &*order.borrow_mut();
            (order.epoch, order.peer)
        };
        let (life, is_there) = (self.target.place.incarnation(), self.target.is_there());
        if !is_there
            && let Some(mut recorder) = self.world.recorder((self.from, self.target.place.id))
        {
            recorder.unheard(post.key);
        }
        if epoch != post.epoch {
            post.sent.end(false);
        } else if !is_there && !self.target.refuses() {
            let loss = order.borrow_mut().unheard(post);
            self.heed(order, loss);
        } else if !is_there || peer.is_some_and(|peer| peer != life) {
            post.sent.end(false);
            self.refuse(post.key, peer);
        } else {
            let arrived = order.borrow_mut().arrive(post, life, overtaken);
            arrived.into_iter().for_each(|post| self.hand_over(post));
        }
    }

    fn hand_over(&self, Post { message, sent, .. }: Post) {
        sent.end(deliver(self.from, Body::Message(message.open()), &self.target));
    }

    /// The machine at the end tells who sends that it knows nothing of the connection, unless that is known
    /// by then.
    fn refuse(self: &Arc<Self>, key: u64, peer: Option<u64>) {
        let refused = Message { key, kind: MessageKind::Own, number: u64::MAX };
        let back = self.wire.clone().reversed();
        let Some(nanos) = self.world.network.delay(&back, &refused) else { return };
        let (there, lane) = (self.target.place.id, Arc::clone(self));
        let (life, at) = (self.target.place.incarnation(), self.world.now().after(nanos));
        if let Some(mut recorder) = self.world.recorder((there, self.from)) {
            recorder.sent(key, (there, self.from), (self.world.now(), Some(at)), &Body::Reset);
        }
        self.world.sim.at(at, move || {
            let is_known = peer.is_some_and(|peer| lane.outbox.is_gone(there, peer));
            if !is_known && !lane.is_over() {
                reset((there, life), &lane.world.directory.resident(lane.from));
            }
        });
    }
}

impl Lane for WorldLane {
    fn send(self: Arc<Self>, key: u64, message: Box<dyn Parcel>, sent: Sent) {
        let mut post = Post::new(key, message, sent);
        let Some(order) = &self.order else {
            return match self.travel(key, 0) {
                Some(travel) => self.leave(post, travel),
                None => post.sent.end(false),
            };
        };
        let peer = order.borrow_mut().peer;
        if peer.is_some_and(|life| self.outbox.is_gone(self.target.place.id, life)) {
            end(order.borrow_mut().renew());
        }
        let begun = order.borrow_mut().begin(post);
        match begun {
            Some(begun) => post = begun,
            None => return,
        }
        match self.travel(key, 0) {
            Some(travel) => self.leave(post, travel),
            None => {
                self.show(key, None, &*post.message);
                let loss = order.borrow_mut().lost(post, 1);
                self.heed(order, loss);
            }
        }
    }

    fn reset(&self, key: u64, sent: Sent) {
        let Some(travel) = self.travel(key, 0) else { return sent.end(false) };
        let (from, life, target) = (self.from, self.life, Arc::clone(&self.target));
        let at = self.world.sim.now().after(travel.nanos);
        self.show(key, Some(at), &Body::Reset);
        self.world.sim.at(at, move || sent.end(reset((from, life + 1), &target)));
    }
}

/// Somebody hears that the lives of another before this one are over.
fn reset((there, life): (PlaceId, u64), target: &Resident) -> bool {
    target.outbox.gone(there, life);
    deliver(there, Body::Reset, target)
}

fn deliver(from: PlaceId, body: Body, target: &Resident) -> bool {
    target.deliver(Envelope { from, to: target.place.id, body })
}

fn end(lost: VecDeque<Post>) {
    lost.into_iter().for_each(|post| post.sent.end(false));
}
