//! Ways on which components send on their own.

use std::any::Any;
use std::collections::VecDeque;
use std::sync::{Arc, Weak};
use std::time::Duration;

use cascadia_runtime::{Runtime as _, Time};
use cascadia_sim_core::Local;

use crate::component::{Body, Envelope, Lane, Parcel, PlaceId, Sent};
use crate::network::{Message, MessageKind, Travel, Wire};
use crate::world::{Resident, World};

/// How long a connection waits at least before it sends again what was lost: else two round trips (RFC 8985, the
/// probe for a lost tail).
const SOON: Duration = Duration::from_millis(10);

/// How long it waits when that was lost, too, and twice as long each time after that (RFC 6298, with the
/// least of Linux).
const AGAIN: Duration = Duration::from_millis(200);

/// So often something is sent before the connection is given up, with all that waits behind it: some 13 s.
const TRIES: u32 = 8;

/// A way through a world.
pub(crate) struct WorldLane {
    me: Weak<Self>,
    world: Arc<World>,
    from: PlaceId,
    wire: Wire,
    target: Arc<Resident>,
    /// What keeps the order, if that is kept.
    order: Option<Local<Order>>,
}

#[derive(Default)]
struct Order {
    /// When the last of what was sent arrives.
    last: Time,
    /// What was lost, and what waits behind it.
    waiting: VecDeque<Post>,
    /// How often the first of these was sent.
    tries: u32,
    /// How long the last way took.
    way: Duration,
}

/// Something to be sent.
struct Post {
    key: u64,
    message: Box<dyn Parcel>,
    sent: Sent,
}

impl WorldLane {
    pub(crate) fn new(
        world: &Arc<World>,
        from: PlaceId,
        (wire, target): (Wire, Arc<Resident>),
        is_ordered: bool,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            me: me.clone(),
            world: Arc::clone(world),
            from,
            wire,
            target,
            order: is_ordered.then(Local::default),
        })
    }

    fn travel(&self, key: u64, number: u32) -> Option<Travel> {
        let own = Message { key, kind: MessageKind::Own, number: number.into() };
        self.world.network.travel(&self.wire, &own)
    }

    /// Sends the first of those that wait, and then the others, until one is lost again.
    fn go_on(&self, order: &Local<Order>) {
        loop {
            let (post, tries) = {
                let order = &mut *order.borrow_mut();
                let Some(post) = order.waiting.pop_front() else { return };
                (post, std::mem::take(&mut order.tries))
            };
            if let Some(travel) = self.travel(post.key, tries) {
                self.leave(post, travel);
                continue;
            }
            return self.lost(order, post, tries + 1);
        }
    }

    /// Tells who looks on that something leaves, and when it comes, if ever.
    fn show(&self, key: u64, arrives: Option<Time>, sent: &dyn Any) {
        let way = (self.from, self.target.place.id);
        if let Some(mut recorder) = self.world.recorder(way) {
            recorder.sent(key, way, (self.world.now(), arrives), sent);
        }
    }

    /// Something was lost, for the so-manieth time. It goes before all that is sent meanwhile.
    fn lost(&self, order: &Local<Order>, post: Post, tries: u32) {
        self.show(post.key, None, &*post.message);
        if tries >= TRIES {
            let given_up = std::mem::take(&mut order.borrow_mut().waiting);
            return given_up.into_iter().chain([post]).for_each(|post| post.sent.end(false));
        }
        let state = &mut *order.borrow_mut();
        state.waiting.push_front(post);
        state.tries = tries;
        let rest = match tries {
            1 => SOON.max(4 * state.way),
            _ => AGAIN * (1 << (tries - 2)),
        };
        let (sim, me) = (self.world.sim, self.me.clone());
        sim.at(sim.now() + rest, move || {
            if let Some(lane) = me.upgrade()
                && let Some(order) = &lane.order
            {
                lane.go_on(order);
            }
        });
    }

    /// Something is on its way.
    fn leave(&self, Post { key, message, sent }: Post, travel: Travel) {
        let sim = self.world.sim;
        let mut at = sim.now().after(travel.nanos);
        if let Some(order) = &self.order
            && !travel.overtaken
        {
            let order = &mut *order.borrow_mut();
            at = at.max(order.last);
            (order.last, order.way) = (at, Duration::from_nanos(travel.nanos));
        }
        self.show(key, Some(at), &*message);
        let (from, target) = (self.from, &self.target);
        if let Some(nanos) = travel.again {
            self.show(key, Some(at.after(nanos)), &*message);
            let (copy, target) = (Body::Message(message.copy().open()), Arc::clone(target));
            sim.at(at.after(nanos), move || {
                deliver(from, copy, &target);
            });
        }
        let back = self.order.is_some().then(|| (Arc::clone(&self.world), self.wire.clone()));
        let target = Arc::clone(target);
        sim.at(at, move || {
            let arrived = deliver(from, Body::Message(message.open()), &target);
            sent.end(arrived);
            if let Some((world, wire)) = back
                && !arrived
            {
                if let Some(mut recorder) = world.recorder((from, target.place.id)) {
                    recorder.unheard(key);
                }
                if target.refuses() {
                    refuse(&world, wire.reversed(), (&target, from), key);
                }
            }
        });
    }
}

impl Lane for WorldLane {
    fn send(&self, key: u64, message: Box<dyn Parcel>, sent: Sent) {
        let post = Post { key, message, sent };
        if let Some(order) = &self.order {
            let waiting = &mut order.borrow_mut().waiting;
            if !waiting.is_empty() {
                return waiting.push_back(post);
            }
        }
        match (self.travel(key, 0), &self.order) {
            (Some(travel), _) => self.leave(post, travel),
            (None, Some(order)) => self.lost(order, post, 1),
            (None, None) => post.sent.end(false),
        }
    }

    fn reset(&self, key: u64, sent: Sent) {
        let Some(travel) = self.travel(key, 0) else { return sent.end(false) };
        let (from, target) = (self.from, Arc::clone(&self.target));
        let at = self.world.sim.now().after(travel.nanos);
        self.show(key, Some(at), &Body::Reset);
        self.world.sim.at(at, move || sent.end(deliver(from, Body::Reset, &target)));
    }
}

/// The machine of a process that is gone tells who sent something.
fn refuse(world: &World, wire: Wire, (there, to): (&Resident, PlaceId), key: u64) {
    let refused = Message { key, kind: MessageKind::Own, number: u64::MAX };
    let Some(nanos) = world.network.delay(&wire, &refused) else { return };
    let (sender, from) = (world.directory.resident(to), there.place.id);
    let at = world.sim.now().after(nanos);
    if let Some(mut recorder) = world.recorder((from, to)) {
        recorder.sent(key, (from, to), (world.now(), Some(at)), &Body::Reset);
    }
    world.sim.at(at, move || {
        deliver(from, Body::Reset, &sender);
    });
}

fn deliver(from: PlaceId, body: Body, target: &Resident) -> bool {
    target.deliver(Envelope { from, to: target.place.id, body })
}
