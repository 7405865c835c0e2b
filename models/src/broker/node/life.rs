use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::messaging::partition::{Entry, Now, PartitionCore, Ticket};
use cascadia_patterns::messaging::{Batch, BrokerError, Offset, Partition, Token};
use cascadia_patterns::raft::Saved;
use cascadia_runtime::{Runtime as _, Time};
use slab::Slab;

use crate::broker::controller::{Metadata, Quorum};
use crate::broker::replica::Replica;

use super::clients::Clients;
use super::found::Found;
use super::groups::Groups;
use super::hosted::Hosted;
use super::leaving::Leaving;
use super::letters::Letters;
use super::touched::Touched;
use crate::broker::hub::Hub;
use crate::broker::kept::Kept;
use crate::component::{Connection, Life, PlaceId};
use crate::journal::Journal;
use crate::tcp::Host;

/// How long a feed may be silent (Kafka `session.timeout.ms`).
const SESSION: Duration = Duration::from_secs(45);

/// A place of a broker in one of its lives.
pub(in crate::broker) struct Alive {
    pub(super) hub: Arc<Hub>,
    pub(super) life: Life,
    pub(super) host: Host,
    /// All places of the broker, of which it is one.
    pub(super) nodes: Arc<[PlaceId]>,
    pub(super) own: usize,
    pub(super) hosted: Vec<Hosted>,
    /// Where in them a partition is.
    pub(super) found: Found,
    /// When each is looked after, which may be before it has something to do.
    pub(super) due: BTreeSet<(Time, usize)>,
    /// When it is woken for that.
    pub(super) woken: Option<Time>,
    pub(super) clients: Clients,
    pub(super) groups: Groups,
    /// To whom answers of which partition are owed, by tickets.
    pub(super) owed: Slab<(usize, Owed)>,
    pub(super) letters: Letters,
    pub(super) others: BTreeMap<usize, Connection>,
    /// Partitions that something has happened to.
    pub(super) touched: Touched,
    /// Partitions that have messages for a group of which nobody has room.
    pub(super) starved: BTreeSet<usize>,
    /// What leaves with this event, and what is written down in it: empty between events.
    pub(super) leaving: Leaving,
    pub(super) entries: Vec<Entry>,
    pub(super) forgotten: Vec<u64>,
    /// What is settled in a partition: empty between events.
    pub(super) pairs: Vec<(Offset, Token)>,
    /// Something is to be written.
    pub(super) is_dirty: bool,
    pub(super) is_writing: bool,
    /// What its disk cannot take at the moment.
    pub(super) trouble: Option<String>,
    pub(super) producers: u64,
    /// The newest group that was written.
    pub(super) written: u64,
    /// Of the partitions that others keep, too, what is done here.
    pub(super) replicas: BTreeMap<usize, Replica>,
    /// It as a member of the controller, where there is one.
    pub(super) quorum: Option<Quorum>,
    /// When it last told the controller that it is there.
    pub(super) beat: Option<Time>,
    pub(super) figures: Figures,
}

/// What is counted at a place.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Figures {
    pub(super) elections: u64,
    pub(super) refused: u64,
}

impl Figures {
    pub(super) const fn plus(self, other: Self) -> Self {
        let elections = self.elections + other.elections;
        Self { elections, refused: self.refused + other.refused }
    }
}

/// An answer that is owed.
pub(super) enum Owed {
    To(PlaceId, u64),
    Nobody,
    /// To itself: a dead letter.
    Letter(u64),
}

/// What is to be done next.
pub(super) struct Next {
    /// The disk is to be written.
    pub(super) starts: bool,
    /// What the controller decides is to be written.
    pub(super) governs: bool,
    /// It is to be woken.
    pub(super) due: Option<Time>,
}

impl Alive {
    pub(super) fn new(
        hub: Arc<Hub>,
        life: Life,
        kept: &mut Option<Kept>,
        (safe, saved): (u64, Option<(Journal, Saved)>),
    ) -> Self {
        let nodes = hub.places(&life);
        let own = nodes.iter().position(|place| *place == life.place().id()).unwrap_or(0);
        let host = life.host();
        let quorum = saved.map(|saved| {
            let metadata = Metadata::new(&hub.plan, nodes.len());
            let stream = life.stream("controller elections");
            Quorum::new((own, nodes.len()), saved, metadata, stream, life.now())
        });
        let mut alive = Self {
            hosted: Vec::new(),
            found: Found::default(),
            due: BTreeSet::new(),
            woken: None,
            clients: Clients::default(),
            groups: Groups::default(),
            owed: Slab::new(),
            letters: Letters::default(),
            others: BTreeMap::new(),
            touched: Touched::default(),
            starved: BTreeSet::new(),
            leaving: Leaving::default(),
            entries: Vec::new(),
            forgotten: Vec::new(),
            pairs: Vec::new(),
            is_dirty: false,
            is_writing: false,
            trouble: None,
            producers: 0,
            written: safe,
            replicas: BTreeMap::new(),
            quorum,
            beat: None,
            figures: Figures::default(),
            hub,
            life,
            host,
            nodes,
            own,
        };
        alive.host_all();
        let (partitions, hub, now) = (alive.hosted.len(), Arc::clone(&alive.hub), alive.now());
        let kept = kept.get_or_insert_with(|| Kept::new(partitions));
        kept.reopen(safe);
        for (at, hosted) in alive.hosted.iter_mut().enumerate() {
            if alive.replicas.contains_key(&at) {
                continue;
            }
            kept.entries(at).for_each(|entry| hosted.replay(entry));
            hosted.core.begin();
            hosted.read_all(&hub, now);
            alive.touched.insert(at);
        }
        alive.assign(kept);
        alive
    }

    /// Has the partitions that are kept here, empty.
    fn host_all(&mut self) {
        let now = self.now();
        let plan = Arc::clone(&self.hub.plan);
        for (topic, settings) in plan.topics.iter().enumerate() {
            for number in 0..settings.settings.partitions {
                let of = (topic, number);
                if !plan.replicas(of, self.nodes.len()).any(|place| place == self.own) {
                    continue;
                }
                let name = Partition::new(settings.name.clone(), number);
                let term = self.life.incarnation() + 1;
                let core = PartitionCore::new(name.clone(), settings.settings.clone(), term, now);
                if settings.replicas > 1 {
                    self.replicas.insert(self.hosted.len(), Replica::new(of));
                }
                self.found.insert(of, self.hosted.len());
                self.hosted.push(Hosted::new(topic, name, core));
            }
        }
    }

    pub(super) fn now(&self) -> Now {
        Now { time: self.life.now(), wall: self.host.wall() }
    }

    /// Where a partition is, if it is kept here, and led from here where others keep it, too.
    pub(super) fn find(&self, partition: &Partition) -> Option<usize> {
        let topic = self.hub.plan.topic(&partition.topic)?;
        self.found.get((topic, partition.number)).filter(|at| self.serves(*at))
    }

    /// Whether what is asked of a partition is answered here.
    pub(super) fn serves(&self, at: usize) -> bool {
        self.replicas.get(&at).is_none_or(Replica::is_led)
    }

    /// Why a partition is not found.
    pub(super) fn missing(&self, partition: Partition) -> BrokerError {
        let topic = self.hub.plan.topic(&partition.topic).map(|topic| &self.hub.plan.topics[topic]);
        match topic.is_some_and(|topic| topic.replicas > 1) {
            true => BrokerError::Unavailable("the partition is led elsewhere".to_owned()),
            false => BrokerError::NoTopic(partition.topic),
        }
    }

    pub(super) fn owe(&mut self, at: usize, owed: Owed) -> Ticket {
        Ticket(self.owed.insert((at, owed)) as u64)
    }

    /// Does what is due.
    pub(super) fn tick(&mut self, _: &mut Kept) {
        self.woken = None;
        let now = self.now();
        self.groups.on_tick(now.time);
        self.quorum.iter_mut().for_each(|quorum| quorum.on_tick(now.time));
        while let Some(&(at, hosted)) = self.due.first()
            && at <= now.time
        {
            self.due.pop_first();
            self.hosted[hosted].due = Time::MAX;
            if self.hosted[hosted].core.next_deadline() > now.time {
                self.mark_due(hosted);
                continue;
            }
            self.hosted[hosted].core.on_tick(now);
            self.touched.insert(hosted);
        }
    }

    /// Looks for those who were not heard of for long.
    pub(super) fn look_round(&mut self, _: &mut Kept) {
        let now = self.life.now();
        let since = Time::from_nanos(now.as_nanos().saturating_sub(SESSION.as_nanos() as u64));
        for attached in self.clients.silent(since) {
            self.detached(&attached);
        }
        self.post_again();
    }

    /// Publishes something of its own, or of somebody who is connected.
    pub(super) fn publish(&mut self, at: usize, batch: Batch, owed: Owed) {
        let (now, ticket) = (self.now(), self.owe(at, owed));
        self.hosted[at].core.publish(now, ticket, batch);
        self.touched.insert(at);
    }
}
