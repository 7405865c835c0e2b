use crate::call::BoxFuture;
use crate::saga::command::Command;
use crate::saga::outcome::Outcome;

/// Whoever does steps of sagas.
///
/// A command may come more than once, late, and after its undo. [`Ledger`](super::Ledger) is what makes the promises
/// of [`Outcome`] true; one that stands before a remote service says [`Unknown`](Outcome::Unknown) of what it has lost
/// sight of.
pub trait Participant: Send + Sync + 'static {
    /// Does what a command asks for.
    fn call(&self, command: Command) -> BoxFuture<Outcome>;
}

impl<F, W> Participant for F
where
    F: Fn(Command) -> W + Send + Sync + 'static,
    W: Future<Output = Outcome> + Send + 'static,
{
    fn call(&self, command: Command) -> BoxFuture<Outcome> {
        Box::pin(self(command))
    }
}
