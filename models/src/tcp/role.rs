use std::ops::{Index, IndexMut};

/// An end of a connection, and the direction away from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Who dialled.
    Dialler,
    /// Who listened.
    Listener,
}

impl Role {
    pub(super) const BOTH: [Self; 2] = [Self::Dialler, Self::Listener];

    pub(super) fn other(self) -> Self {
        match self {
            Self::Dialler => Self::Listener,
            Self::Listener => Self::Dialler,
        }
    }
}

/// One for each end.
pub(super) struct Pair<T>(pub(super) [T; 2]);

impl<T> Index<Role> for Pair<T> {
    type Output = T;

    fn index(&self, role: Role) -> &T {
        &self.0[role as usize]
    }
}

impl<T> IndexMut<Role> for Pair<T> {
    fn index_mut(&mut self, role: Role) -> &mut T {
        &mut self.0[role as usize]
    }
}
