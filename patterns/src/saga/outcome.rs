use super::fault::Fault;
use super::ids::{Epoch, SagaId};
use crate::messaging::Bytes;

/// How a command ends.
///
/// | outcome | has happened | and a copy of the command that comes later |
/// |---|---|---|
/// | `Done` | yes | is answered the same |
/// | `Refused` | no | is refused, too: the participant has written it down |
/// | `Failed` | not yet | may do it |
/// | `Locked` | not yet | may do it |
/// | `Unknown` | nobody knows | may do it |
/// | `Fenced` | not by this command | is fenced, too |
///
/// So only a refusal needs no compensation. After a mere failure an earlier attempt, or a copy that the
/// network has made, may still be on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is done, now or by an earlier attempt, with this result.
    Done(Bytes),
    /// It is not done and never will be.
    Refused(Fault),
    /// This attempt has done nothing; another one may.
    Failed(Fault),
    /// Another saga has what it needs.
    Locked(SagaId),
    /// The command or its answer is lost, or late.
    Unknown,
    /// The participant knows of a later epoch: whoever asks is not in charge any more.
    Fenced(Epoch),
}
