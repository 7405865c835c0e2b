use std::time::Duration;

use cascadia_patterns::messaging::outbox::OutboxConfig;
use cascadia_runtime::Identity;

use super::elected::ElectedPlan;
use crate::ids::EndpointId;
use crate::laws::Law;

/// What a service keeps: rows with versions. Without, it keeps nothing.
#[derive(Clone, Debug)]
pub struct StorePlan {
    /// Who keeps what.
    pub keeping: Keeping,
    /// What reading a row takes.
    pub read: Access,
    /// What writing a row takes.
    pub write: Access,
    /// How what its transactions publish is relayed. Each broker has an outbox of its own, whose name is added to the
    /// prefix.
    pub outbox: OutboxConfig,
}

impl StorePlan {
    /// One that keeps rows in no time.
    pub fn rows() -> Self {
        let access = Access { before: Law::Constant(0.0), after: Law::Constant(0.0) };
        let outbox = OutboxConfig::new("outbox/");
        Self { keeping: Keeping::Rows, read: access.clone(), write: access, outbox }
    }

    /// One of its replicas leads, and alone is asked.
    pub(crate) const fn is_led(&self) -> bool {
        matches!(self.keeping, Keeping::Replicated { .. } | Keeping::Elected(_))
    }

    /// How its replicas elect who leads, if they do. What they keep is then on the disks of their
    /// places.
    pub const fn elected(&self) -> Option<&ElectedPlan> {
        match &self.keeping {
            Keeping::Elected(elected) => Some(elected),
            Keeping::Rows | Keeping::Quorum { .. } | Keeping::Replicated { .. } => None,
        }
    }

    /// What its endpoints do, the first of them in the order of the acts that it can be asked for, and
    /// after them those at which its replicas ask each other.
    pub(crate) fn roles(&self) -> Vec<(Act, Role)> {
        let acts = Act::ALL.into_iter().filter(|act| self.keeping.can(*act));
        match self.keeping {
            Keeping::Rows | Keeping::Replicated { .. } => {
                acts.map(|act| (act, Role::Keeper)).collect()
            }
            Keeping::Elected(_) => acts.map(|act| (act, Role::Elected)).collect(),
            Keeping::Quorum { .. } => {
                let acts: Vec<Act> = acts.collect();
                let inner = |at: usize| EndpointId((acts.len() + at) as u32);
                let outer = acts.iter().enumerate();
                let outer = outer.map(|(at, act)| (*act, Role::Coordinator(inner(at))));
                outer.chain(acts.iter().map(|act| (*act, Role::Member))).collect()
            }
        }
    }
}

/// What it takes to get at a row.
#[derive(Clone, Debug)]
pub struct Access {
    /// Until it is read or written.
    pub before: Law,
    /// From then on, until it is answered.
    pub after: Law,
}

/// Who keeps what, and who is asked.
#[derive(Clone, Debug)]
pub enum Keeping {
    /// One replica keeps all rows.
    Rows,
    /// Every replica keeps all rows. Whoever is asked asks all, and answers when so many have
    /// answered.
    Quorum {
        /// So many for a read.
        read: u32,
        /// So many for a write.
        write: u32,
    },
    /// One replica leads, which alone is asked; the others get what it writes. When it is down for a
    /// while, another of them leads.
    Replicated {
        /// How long it is down before another leads.
        failover: Duration,
        /// How long after it was written something is at another replica.
        lag: Law,
        /// So many others have it before that is acknowledged.
        synchronous: u32,
    },
    /// The replicas keep a log together, by Raft, and elect who leads, which alone is asked.
    Elected(ElectedPlan),
}

impl Keeping {
    /// Whether it can be asked for this.
    pub const fn can(&self, act: Act) -> bool {
        match self {
            Self::Rows | Self::Replicated { .. } | Self::Elected(_) => true,
            Self::Quorum { .. } => !matches!(act, Act::Compare | Act::Transact),
        }
    }
}

/// Which row a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOf {
    /// That of the user's request.
    Request,
    /// Always the same.
    Always(u64),
}

impl RowOf {
    /// The row of this name.
    pub fn named(name: &str) -> Self {
        Self::Always(Identity::new("row").name(name).words()[0])
    }
}

/// What is done to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// It is read.
    Read,
    /// It is written, whatever it was.
    Write,
    /// It is written if it is still what was read.
    Compare,
    /// Several are read and written together.
    Transact,
}

impl Act {
    /// All of them, in the order of their names.
    pub const ALL: [Self; 4] = [Self::Compare, Self::Read, Self::Transact, Self::Write];

    /// The endpoint of a store for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Compare => "compare_and_set",
            Self::Transact => "transaction",
        }
    }

    /// What it is to do so, in words.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Read => "read a row",
            Self::Write => "write a row",
            Self::Compare => "compare a row before it writes it",
            Self::Transact => "do several things at once",
        }
    }

    /// Whether asking for it twice does no harm.
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Read)
    }
}

/// Who does something to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Who alone keeps it.
    Keeper,
    /// Who leads others that keep it, too, if it does.
    Elected,
    /// Who asks every replica at this endpoint, and answers when enough have answered.
    Coordinator(EndpointId),
    /// One of those who are asked.
    Member,
}
