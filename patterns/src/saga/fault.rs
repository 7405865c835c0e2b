use std::fmt;
use std::sync::Arc;

/// Why a participant did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Its kind, by which a step tells what is worth another attempt.
    pub kind: Arc<str>,
    /// What it is, for people.
    pub why: Arc<str>,
}

impl Fault {
    /// One of a kind.
    pub fn new(kind: impl Into<Arc<str>>, why: impl Into<Arc<str>>) -> Self {
        Self { kind: kind.into(), why: why.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.why.is_empty() {
            true => f.write_str(&self.kind),
            false => write!(f, "{}: {}", self.kind, self.why),
        }
    }
}
