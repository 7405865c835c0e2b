use tokio::sync::oneshot;

use crate::messaging::error::BrokerError;
use crate::messaging::partition::Deceased;
use crate::messaging::receipt::Receipt;
use crate::messaging::settle::Settled;

/// Who waits for something.
#[derive(Debug)]
pub(super) enum Answer {
    Published(oneshot::Sender<Result<Receipt, BrokerError>>),
    Settled(oneshot::Sender<Vec<Settled>>),
    /// A partition, by its place, has a message that is now buried.
    Buried(usize, Deceased),
}

/// Something that somebody is to be told, when nobody holds the lock: whoever hears of it may be dropped for it, and
/// with it a feed.
#[derive(Debug)]
pub(super) enum Told {
    Published(oneshot::Sender<Result<Receipt, BrokerError>>, Result<Receipt, BrokerError>),
    Settled(oneshot::Sender<Vec<Settled>>, Vec<Settled>),
    Written(oneshot::Sender<()>),
    /// That there will be no answer.
    Unanswered(Answer),
    /// That nobody will know whether it is written.
    Unwritten(oneshot::Sender<()>),
}

impl Told {
    /// Whoever has given up waiting need not know.
    pub(super) fn tell(self) {
        match self {
            Self::Published(answer, result) => drop(answer.send(result)),
            Self::Settled(answer, settled) => drop(answer.send(settled)),
            Self::Written(barrier) => {
                let _ = barrier.send(());
            }
            Self::Unanswered(answer) => drop(answer),
            Self::Unwritten(barrier) => drop(barrier),
        }
    }
}

/// What somebody waits for: where the broker is gone, nobody knows.
pub(super) async fn answered<T>(answer: oneshot::Receiver<T>) -> Result<T, BrokerError> {
    answer.await.map_err(|_| BrokerError::Unknown("the broker has stopped".into()))
}
