use std::fmt;
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::jetstream::consumer::PullConsumer;
use async_nats::jetstream::context::Context;
use async_nats::jetstream::message::AckKind;
use async_nats::{Client, Subject};
use cascadia_brokers::Origin;
use cascadia_patterns::messaging::{
    Abandoned, Backoff, BrokerError, LateAck, Message, Topic, header,
};

use crate::carried::to_publish;
use crate::error::{published, unavailable, unknown};
use crate::link::Life;

/// A member of a group.
pub(crate) struct Seat {
    pub(crate) context: Context,
    pub(crate) client: Client,
    pub(crate) consumer: PullConsumer,
    pub(crate) life: Life,
    pub(crate) topic: Topic,
    pub(crate) group: String,
    /// The topic of dead letters, and the name of its stream.
    pub(crate) dead: Option<(Topic, String)>,
    pub(crate) attempts: Option<u32>,
    pub(crate) backoff: Backoff,
    pub(crate) late_ack: LateAck,
    pub(crate) abandoned: Abandoned,
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat").field("group", &self.group).finish_non_exhaustive()
    }
}

impl Seat {
    /// Whether a message that was delivered so often and is not done is dead.
    pub(crate) fn is_spent(&self, deliveries: u32) -> bool {
        self.attempts.is_some_and(|most| deliveries >= most)
    }

    /// Has a message be dead: the letter is there before the message is gone. Whoever buries it again, as it is not known
    /// whether it was, writes no second letter as long as the stream knows messages again.
    pub(crate) async fn bury(
        &self,
        at: &Subject,
        origin: &Origin,
        deliveries: u32,
        reason: &str,
    ) -> Result<(), BrokerError> {
        if let Some((topic, stream)) = &self.dead {
            let letter = to_publish(&self.letter(origin, deliveries, reason))?;
            let sent = self.context.send_publish(stream.clone(), letter).await;
            let answer = sent.map_err(|error| published(topic, &error))?.await;
            answer.map_err(|error| published(topic, &error))?;
        }
        self.settle(at, AckKind::Term).await
    }

    /// Tells the server what becomes of a delivery, and waits until it has heard it. All answers come to one place: the
    /// client's own way makes one for each, and takes it for an answer that nobody was there to hear it.
    pub(crate) async fn settle(&self, at: &Subject, kind: AckKind) -> Result<(), BrokerError> {
        if matches!(kind, AckKind::Nak(_)) {
            self.sweep().await?;
        }
        let answer = self.client.request(at.clone(), kind.into()).await;
        answer.map(drop).map_err(|error| match error.kind() {
            RequestErrorKind::NoResponders => unavailable(error),
            _ => unknown(error),
        })
    }

    /// Gives deliveries back, after a rest perhaps. If that is lost, they come again when their time is over.
    pub(crate) async fn give_back(
        &self,
        all: impl IntoIterator<Item = Subject>,
        rest: Option<Duration>,
    ) -> Result<(), BrokerError> {
        let mut all = all.into_iter().peekable();
        if all.peek().is_some() {
            self.sweep().await?;
        }
        for at in all {
            let given = self.client.publish(at, AckKind::Nak(rest).into()).await;
            given.map_err(unavailable)?;
        }
        Ok(())
    }

    /// Has the server forget what those asked for who are gone, as it does when it is asked for the state of a group. What is refused
    /// would be lost at such a request.
    pub(crate) async fn sweep(&self) -> Result<(), BrokerError> {
        self.consumer.get_info().await.map(drop).map_err(unavailable)
    }

    fn letter(&self, origin: &Origin, deliveries: u32, reason: &str) -> Message {
        let of = Message::clone(&origin.message);
        let known = of.id.as_ref().map(|id| (header::DEAD_ID, id.to_string()));
        let told = [
            (header::DEAD_TOPIC, self.topic.to_string()),
            (header::DEAD_PARTITION, "0".to_owned()),
            (header::DEAD_OFFSET, origin.offset.to_string()),
            (header::DEAD_GROUP, self.group.clone()),
            (header::DEAD_ATTEMPTS, deliveries.to_string()),
            (header::DEAD_REASON, reason.to_owned()),
        ];
        let told = told.into_iter().chain(known);
        let letter = told.fold(of, |letter, (name, value)| letter.header(name, value));
        letter.id(format!("dead-{}-{}-{}", self.topic, origin.offset, self.group))
    }
}
