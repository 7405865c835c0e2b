use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Why a handler did not do its work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It may go well another time.
    Again(Arc<str>),
    /// It may go well after so long.
    Later(Duration, Arc<str>),
    /// It never will: the message is poison.
    Poison(Arc<str>),
}

impl Fault {
    /// That it may go well another time.
    pub fn again(why: impl Into<Arc<str>>) -> Self {
        Self::Again(why.into())
    }

    /// That it never will.
    pub fn poison(why: impl Into<Arc<str>>) -> Self {
        Self::Poison(why.into())
    }

    /// What is wrong.
    pub fn why(&self) -> &Arc<str> {
        match self {
            Self::Again(why) | Self::Later(_, why) | Self::Poison(why) => why,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.why())
    }
}

impl std::error::Error for Fault {}
