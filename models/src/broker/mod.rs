//! Brokers: topics, kept by places with disks, over a network.
//!
//! # The problem
//!
//! What a broker promises holds between three parties, of which each sees a part: a publisher whose
//! answer was lost, a broker that had not synced, a consumer that acknowledged before it was done. A
//! test against one of them finds nothing, and a test against a real one cannot stop it between two
//! writes. Here the cores are those that run in production
//! ([`messaging`](cascadia_patterns::messaging)), and so are the clients; between them lie the links of
//! the plan, under them disks that lose what was not synced, and a witness sees every copy of every
//! message.
//!
//! # A message
//!
//! ```text
//!  a step of a service ─▶ producer ─▶ remote ═▶ node: partition ─▶ log ─▶ disk
//!                                                  │ delivers
//!  an endpoint of a service ◀─ consumer ◀─ feed ◀══╯
//! ```
//!
//! # Groups that share partitions
//!
//! Where each message is for whoever has room, the place of a partition knows all it has to. Where each
//! partition is for one member ([`Sharing::Partitions`](cascadia_patterns::messaging::Sharing)), somebody has to say
//! who, and members that are slow or cut off do not hear of it. So one place, by the hash of the group's name, runs
//! the [`GroupCore`](cascadia_patterns::messaging::group::GroupCore); it is in memory, so after a restart
//! all join again, in a higher generation. A feed says to the places of its partitions which it has and in which
//! generation. A place gives a partition to one feed at a time: to that of the highest generation it has heard of,
//! which takes what the one before had not settled; what that one says of it then counts for nothing. A place that
//! restarts knows no generation until it is told one.
//!
//! A member that is not done with some message within the poll interval leaves the group by itself and joins anew,
//! as Kafka's consumer does when it is not polled. It does so at once, and not when it is done with what it had.
//!
//! # Replicas
//!
//! A topic may be kept by several places ([`TopicPlan::replicas`]). One of them leads a partition, runs its core and
//! answers; the others have its entries (`models/src/broker/replica/mod.rs`). Who leads is decided by all places together
//! (`models/src/broker/controller/mod.rs`), and so is who keeps a group together when the place that would is gone: all
//! join there anew, in a higher generation. Clients ask any place who leads what, when somebody does not answer or says
//! that it is not the one; a feed is known to all places that keep something of its topics, and fed by those that lead.
//! In the ledger of a broker is what no place knows, and the laws of replicas: one leader in an epoch, one log behind the
//! watermark, and every leader has all of it, where disks are synced before anybody is answered and nobody leads who is
//! not in sync. Elsewhere it can be lost: with all replicas at once, or with the last that was in sync.
//!
//! # Connections
//!
//! What lies between places goes over connections, which keep the order and send again what a link loses. A
//! process that is gone is noticed at once, a machine that is gone when somebody's time is over.
//!
//! # An outbox
//!
//! A transaction of a store may publish: it writes the message beside its rows, and a relay at the place of
//! the store ([`outbox`](cascadia_patterns::messaging::outbox)) publishes it. So it is one of the broker's clients, over the
//! link of the store, and as dead as its place. What it has not published is left in the store.
//!
//! # A request
//!
//! Each replica that makes requests has a topic of its own for the replies, its inbox, which the plan adds to
//! those of the file: the client knows no other way to get its replies and nobody else's. A replica that
//! comes back reads on there, so replies to its earlier life come, too: they are late, counted and dropped.

mod book;
mod build;
mod client;
mod controller;
mod epochs;
mod hub;
mod kept;
mod listener;
mod node;
mod note;
mod outgoing;
mod peer_word;
mod posting;
mod publisher;
mod reading;
mod replica;
mod reply;
mod request_client;
mod sealed;
mod settings;
mod shelf;
mod spot;
mod subscriber;
mod told_in;
mod view;
mod witness;
mod words;

pub use self::build::Broker;
pub(crate) use self::client::Remote;
pub(crate) use self::listener::Listener;
pub use self::note::LEAST_BYTES;
pub(crate) use self::note::Note;
pub(crate) use self::outgoing::{Outgoing, Staged};
pub(crate) use self::posting::Posting;
pub(crate) use self::publisher::Publisher;
pub(crate) use self::request_client::RequestClient;
pub(crate) use self::sealed::Sealed;
pub(crate) use self::settings::inbox;
pub use self::settings::{BrokerPlan, Flush, GroupPlan, Promises, TopicPlan};
pub(crate) use self::spot::Spot;
pub(crate) use self::subscriber::Subscriber;
pub(crate) use self::told_in::told_in;
pub(crate) use self::witness::LAG;
