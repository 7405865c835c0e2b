//! Who leads which partition of a broker, decided by its places together.
//!
//! # The problem
//!
//! When a place is silent, somebody has to decide that another one leads, and nobody may decide otherwise meanwhile.
//! So what is decided is a log that a majority of the places keeps ([`raft`](cascadia_patterns::raft), on their disks, as
//! Kafka does it since it has no ZooKeeper: KRaft), and [`Metadata`] is what its commands make of it: who lives, and of
//! each partition who leads, in which *epoch*, and who is *in sync*. Every place has all of it, sooner or later.
//!
//! | command | proposed when | does |
//! |---|---|---|
//! | [`Register`](Command::Register) | a place is heard of in a new life, or again | it is put out of sync where others are in sync, and lives |
//! | [`Fence`](Command::Fence) | it was silent for 9 s (Kafka `broker.session.timeout.ms`) | it is put out of sync, and others lead |
//! | [`Alter`](Command::Alter) | who leads a partition wants others in sync | these are, if nothing has changed meanwhile and they live |
//!
//! The next leader is the first replica that lives and is in sync; where none is, nobody leads until one comes back, or, with
//! `unclean_election`, any that lives, which loses what it has not. A new leader is one of a higher epoch, and so is the
//! same place when it was started anew: what it had not synced is gone, and must not be written otherwise in the same
//! epoch.
//!
//! Places are heard of every 2 s (Kafka `broker.heartbeat.interval.ms`). At the beginning of a run all live in their first
//! life, and the first replica of each partition leads it. There is no election to bring leaders back to where they were
//! (Kafka `auto.leader.rebalance.enable`).

mod command;
mod metadata;
mod partition;
mod quorum;

pub(super) use self::command::Command;
pub(super) use self::metadata::Metadata;
pub(super) use self::partition::Partition;
pub(super) use self::quorum::{FILE, Follows, Quorum};
