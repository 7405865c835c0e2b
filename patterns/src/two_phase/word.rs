use std::sync::Arc;

use super::ids::TransactionId;
use crate::call::BoxFuture;

/// What a coordinator asks of a participant. It may come more than once, and late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The transaction.
    pub transaction: TransactionId,
    /// What it is for, as whoever had it begun called it.
    pub name: Arc<str>,
    /// What is to be done about it.
    pub what: What,
}

/// What is to be done about a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The work is to be done as far as it can be undone, and can be finished.
    Prepare,
    /// It is decided.
    Decide(Decision),
}

/// How a transaction ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// All do it.
    Commit,
    /// Nobody does it.
    Abort,
}

/// What a participant answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It will do as it is told.
    Yes,
    /// It will not do it.
    No,
    /// Another transaction has what it needs.
    Locked,
    /// It has done as it was told.
    Done,
    /// Nobody knows.
    Unknown,
}

/// Whoever has a branch of transactions.
pub trait Participant: Send + Sync + 'static {
    /// Does what is asked.
    fn ask(&self, ask: Ask) -> BoxFuture<Reply>;
}

impl<F, W> Participant for F
where
    F: Fn(Ask) -> W + Send + Sync + 'static,
    W: Future<Output = Reply> + Send + 'static,
{
    fn ask(&self, ask: Ask) -> BoxFuture<Reply> {
        Box::pin(self(ask))
    }
}
