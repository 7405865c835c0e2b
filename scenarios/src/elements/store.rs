use std::collections::BTreeMap;

use cascadia_models::laws;
use cascadia_models::plan::{Access, Keeping, OnCancel, StorePlan, Workers};
use cascadia_patterns::messaging::outbox::{OutboxConfig, ReadFrom};

use super::elected::Elected;
use super::service::{AtOnce, Queue, Service, Trace};
use crate::decode::{Text, choice, object, words};
use crate::labels::LabelValues;
use crate::laws::Law;
use crate::units::Duration;

object! {
    /// A store: a service that keeps rows, each with a version. What it has, it keeps through
    /// crashes. Steps read and write it.
    pub(crate) struct Store {
        /// Who keeps what.
        keeps: Keeps = Keeping::Rows,
        /// How long it takes until a row is read.
        read: Law,
        /// How long it takes until a row is written.
        write: Law,
        /// How long it takes from then on until that is answered.
        answer: Law = laws::Law::Constant(0.0),
        /// How many replicas it has.
        replicas: u32 = 1,
        /// Requests that one replica works on at the same time: a number or "unlimited".
        workers: AtOnce = Workers::Unlimited,
        /// Where requests wait for a worker.
        queue: Queue = Queue::default(),
        /// What becomes of a request whose caller has gone.
        on_cancel: OnCancel = OnCancel::Ignore,
        /// The policy that requests pass on arrival.
        inbound: Option<Text> => "none",
        /// What a worker works on a request that is refused, by the queue or by the inbound
        /// policy.
        refusal: Duration = std::time::Duration::ZERO,
        /// Labels for selectors; replica i gets element i of a list, over and over.
        labels: BTreeMap<String, LabelValues> => "none",
        /// How what its transactions publish is relayed.
        outbox: Option<Outbox> => "all defaults",
    }
}

object! {
    /// How a relay publishes what transactions have written to the outbox of a store. It lives and dies with the
    /// replica of the store, is told of what commits, and publishes at least once.
    pub(crate) struct Outbox {
        /// Where it reads on.
        reads: ReadFrom = ReadFrom::Start,
        /// The most messages that it reads, publishes and deletes together.
        batch: u32 = 100,
        /// How long it waits before it looks again after something failed.
        query_delay: Duration = std::time::Duration::from_secs(5),
        /// How long the broker may take for a batch. Then it is published again.
        timeout: Duration = std::time::Duration::from_secs(5),
        /// How long the relay may be silent before another one may take its place, which may be its own next life.
        lease: Duration = std::time::Duration::from_secs(30),
    }
}

words! {
    /// Where a relay reads on.
    "ReadFrom" for ReadFrom {
        /// At the first message that there is, as it deletes what it has published: nothing is overlooked.
        start => ReadFrom::Start,
        /// Behind the highest number that it has published, as one that polls by an ascending id. Numbers are given
        /// when messages are written, so what commits behind a higher one is never published: it is lost.
        last => ReadFrom::Last,
    }
}

impl Outbox {
    fn config(&self) -> OutboxConfig {
        let Self { reads, batch, query_delay, timeout, lease } = *self;
        let batch = batch as usize;
        OutboxConfig { reads, batch, query_delay, timeout, lease, ..OutboxConfig::new(OUTBOX) }
    }
}

/// What the keys of all messages begin with.
const OUTBOX: &str = "outbox/";

choice! {
    /// Who of a store keeps what.
    pub(crate) enum Keeps: Keeping {
        /// Its one replica keeps all rows.
        rows => Keeping::Rows,
        /// Every replica keeps all rows. Whoever is asked asks all of them, itself included, over
        /// the link of the store to itself, and answers as soon as enough have answered; the later
        /// of two writes wins. Nothing is repaired by reading, and there is no `compare_and_set`.
        quorum(Quorum) => |Quorum { read, write }| Keeping::Quorum { read, write },
        /// One replica leads, which alone is asked. The others get what it writes, in order and
        /// whatever their links; who comes back is brought up to date at once. When the leader is
        /// down for a while, whoever has most of what it wrote leads; the rest of that is lost.
        replicated(Replicated) => |Replicated { failover, lag, synchronous }| {
            Keeping::Replicated { failover, lag, synchronous }
        },
        /// The replicas keep a log by Raft, on a disk each, over the link of the store to itself, and
        /// elect who leads, which alone is asked. A write is acknowledged when a majority has it on
        /// disk, and a read when a majority still follows. Callers hear at once who was elected.
        elected[Elected] => |elected| Keeping::Elected(elected.plan()),
    }
    shown |keeping| matches!(keeping, Keeping::Rows).then(|| "rows".to_owned())
}

object! {
    /// How many replicas have to answer.
    pub(crate) struct Quorum {
        /// For a read.
        read: u32,
        /// For a write.
        write: u32,
    }
}

object! {
    /// How the others follow.
    pub(crate) struct Replicated {
        /// How long the leader is down before another one leads.
        failover: Duration,
        /// How long after it was written something is at another replica.
        lag: Law = laws::Law::Constant(0.0),
        /// So many others have what was written before that is acknowledged. Where fewer are up, it
        /// is not.
        synchronous: u32 = 0,
    }
}

impl Store {
    /// The service that it is, and what it keeps.
    pub(crate) fn parts(self) -> (Service, StorePlan) {
        let access = |before| Access { before, after: self.answer.clone() };
        let (read, write) = (access(self.read.clone()), access(self.write.clone()));
        let outbox = self.outbox.map_or_else(|| OutboxConfig::new(OUTBOX), |it| it.config());
        let plan = StorePlan { keeping: self.keeps, read, write, outbox };
        let service = Service {
            replicas: self.replicas,
            workers: self.workers,
            queue: self.queue,
            on_cancel: self.on_cancel,
            forward_deadline: true,
            inbound: self.inbound,
            refusal: self.refusal,
            trace: Trace::Forward,
            labels: self.labels,
            _endpoints: (),
            _consume: (),
        };
        (service, plan)
    }
}
