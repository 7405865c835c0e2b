use crate::ids::{Instance, LoadId};

/// Somebody who sends or receives messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// A source of load.
    Load(LoadId),
    /// A replica.
    Instance(Instance),
    /// A host of a network of byte streams that no plan knows of, from 0.
    Host(u32),
}

/// One side of what happens between two.
#[derive(Clone, Debug)]
pub struct Side(Option<Vec<Party>>);

impl Side {
    /// Everybody.
    pub fn everybody() -> Self {
        Self(None)
    }

    /// These.
    pub fn of(mut parties: Vec<Party>) -> Self {
        parties.sort_unstable();
        Self(Some(parties))
    }

    pub(super) fn contains(&self, party: Party) -> bool {
        self.0.as_ref().is_none_or(|parties| parties.binary_search(&party).is_ok())
    }
}
