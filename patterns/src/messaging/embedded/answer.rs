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

/// What somebody waits for: where the broker is gone, nobody knows.
pub(super) async fn answered<T>(answer: oneshot::Receiver<T>) -> Result<T, BrokerError> {
    answer.await.map_err(|_| BrokerError::Unknown("the broker has stopped".into()))
}
