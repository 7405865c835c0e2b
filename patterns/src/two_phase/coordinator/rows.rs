use std::sync::Arc;

use super::config::Config;
use crate::messaging::codec::{open, read, seal, write};
use crate::store::{Commit, Key, Range, Value};
use crate::two_phase::ids::TransactionId;

/// The keys of coordinators.
#[derive(Clone, Debug)]
pub(super) struct Rows(pub(super) Key);

impl Rows {
    /// That a transaction commits, and whom it is of, until all have done it.
    pub(super) fn commit(&self, id: &TransactionId) -> Key {
        [&self.of(&id.by)[..], &id.bytes()].concat()
    }

    /// All that commit and are decided by a coordinator.
    pub(super) fn commits_of(&self, by: &str) -> Range {
        Range::prefix(self.of(by))
    }

    /// The transaction of a key of those.
    pub(super) fn id_of(&self, by: &str, key: &[u8]) -> Option<TransactionId> {
        TransactionId::read(key.strip_prefix(&self.of(by)[..])?)
    }

    /// That something of this name has committed, which is kept for good.
    pub(super) fn named(&self, name: &str) -> Key {
        [&self.0, b"name/".as_slice(), name.as_bytes()].concat()
    }

    /// Which life of a coordinator decides.
    pub(super) fn life(&self, by: &str) -> Key {
        [&self.0, b"life/".as_slice(), by.as_bytes()].concat()
    }

    fn of(&self, by: &str) -> Key {
        let length = (by.len() as u32).to_be_bytes();
        [&self.0, b"commit/".as_slice(), &length, by.as_bytes()].concat()
    }
}

/// What a commit of the store of coordinators says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A transaction commits, which is for this.
    Commits(TransactionId, Arc<str>),
    /// All have done it.
    Committed(TransactionId),
}

/// Where it is kept that something of this name has committed, for who knows that nobody will ever ask for it again.
pub fn rows_of(config: &Config, name: &str) -> Range {
    Range::only(Rows(config.prefix.clone()).named(name))
}

/// What a commit says of transactions, for whoever looks after the store of a coordinator of this configuration.
pub fn seen(config: &Config, commit: &Commit) -> Vec<Seen> {
    let rows = Rows(config.prefix.clone());
    let told = |(key, value): (&Key, &Option<Value>)| {
        let id = rows.id_of(&config.name, key)?;
        match value {
            Some(row) => Some(Seen::Commits(id, Decided::decode(row)?.name)),
            None => Some(Seen::Committed(id)),
        }
    };
    commit.writes.iter().filter_map(told).collect()
}

/// What a transaction is for, and whom it is of.
pub(super) struct Decided {
    pub(super) name: Arc<str>,
    pub(super) participants: Vec<Arc<str>>,
}

impl Decided {
    pub(super) fn encode(&self) -> Vec<u8> {
        seal(0, |out| {
            write::text(out, &self.name);
            write::list(out, &self.participants, |out, name| write::text(out, name));
        })
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut rest = open(0, bytes).ok()?;
        let name = read::text(&mut rest)?.into();
        let participants = read::list(&mut rest, |rest| read::text(rest).map(Into::into))?;
        Some(Self { name, participants })
    }
}
