use std::sync::Arc;

use async_nats::{Message, StatusCode, Subscriber};
use cascadia_patterns::messaging::BrokerError;
use futures_util::StreamExt as _;
use futures_util::future::join;

use crate::error::unavailable;
use crate::seat::Seat;

/// Where the messages of a feed come, and how many of them it has asked for and not had.
///
/// What was asked for stays asked for, as a server of 2.9 loses what is to come again as the only request ends: it is not there before
/// its time is over, and the message that was delivered last comes as if it were new. The same happens where the only request is of
/// one who is gone, as the server looks for those who are there when it has taken the message.
pub(crate) struct Asking {
    seat: Arc<Seat>,
    /// Where the server hears what is asked for.
    server: String,
    own: String,
    answers: Subscriber,
    /// How much has come.
    heard: u64,
    owed: usize,
}

impl Asking {
    pub(crate) async fn begin(seat: &Arc<Seat>) -> Result<Self, BrokerError> {
        let (info, own) = (seat.consumer.cached_info(), seat.client.new_inbox());
        Ok(Self {
            seat: Arc::clone(seat),
            server: format!("$JS.API.CONSUMER.MSG.NEXT.{}.{}", info.stream_name, info.name),
            answers: seat.client.subscribe(own.clone()).await.map_err(unavailable)?,
            own,
            heard: 0,
            owed: 0,
        })
    }

    /// How many messages may still come.
    pub(crate) const fn owed(&self) -> usize {
        self.owed
    }

    /// Asks for so many more.
    pub(crate) async fn ask(&mut self, more: usize) -> Result<(), BrokerError> {
        let (server, own) = (self.server.clone(), self.own.clone());
        let asked = format!(r#"{{"batch":{more}}}"#);
        let sent = self.seat.client.publish_with_reply(server, own, asked.into()).await;
        sent.map_err(unavailable)?;
        self.owed += more;
        Ok(())
    }

    /// The next message. Nothing where the server has said that what it was asked for is over.
    pub(crate) async fn next(&mut self) -> Result<Option<Message>, BrokerError> {
        let Some(answer) = self.answers.next().await else {
            return Err(unavailable("the connection was closed"));
        };
        self.heard += 1;
        match answer.status {
            None => {
                self.owed = self.owed.saturating_sub(1);
                Ok(Some(answer))
            }
            Some(status) if is_over(status, answer.description.as_deref()) => {
                self.owed = 0;
                Ok(None)
            }
            Some(status) => {
                let why = answer.description.unwrap_or_default();
                Err(unavailable(format!("{status} {why}")))
            }
        }
    }

    /// Asks for nothing any more. What had been sent meanwhile.
    ///
    /// A server does not take a request back: it forgets those that nobody listens for. So it is told to let nobody listen here when
    /// all has come that may, and is sent what is missing of that.
    pub(crate) async fn end(mut self) -> Result<Vec<Message>, BrokerError> {
        let missing = self.owed as u64 + 1;
        self.answers.unsubscribe_after(self.heard + missing).await.map_err(unavailable)?;
        for _ in 0..missing {
            let nothing = self.seat.client.publish(self.own.clone(), "".into()).await;
            nothing.map_err(unavailable)?;
        }
        let (all, swept) = join(self.answers.collect::<Vec<_>>(), self.seat.sweep()).await;
        swept?;
        Ok(all.into_iter().filter(|one| one.reply.is_some()).collect())
    }
}

/// Whether whoever is told that may ask again.
fn is_over(status: StatusCode, why: Option<&str>) -> bool {
    status == StatusCode::TIMEOUT || why == Some("Leadership Change")
}
