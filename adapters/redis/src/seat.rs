use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use cascadia_brokers::Origin;
use cascadia_patterns::messaging::{
    Abandoned, AckMode, BrokerError, LateAck, Settle, Settled, Topic,
};
use redis::aio::MultiplexedConnection;
use redis::{RedisError, Script, ScriptInvocation, Value, cmd, from_redis_value};

use crate::entry::{message, offset, published};
use crate::link::Link;
use crate::scripts::{ACK, CLAIM, LEAVE, SETTLE};

/// A member of a group, as the server has to be told.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) topic: Topic,
    pub(crate) stream: String,
    pub(crate) settings: String,
    pub(crate) dead: Option<String>,
    pub(crate) group: String,
    pub(crate) member: String,
    pub(crate) ack: AckMode,
    pub(crate) ack_wait: Duration,
    pub(crate) attempts: Option<u32>,
    pub(crate) late_ack: LateAck,
    pub(crate) abandoned: Abandoned,
    /// Whether something was refused, and is to be claimed.
    pub(crate) refused: AtomicBool,
}

/// Names and values in turn.
type Fields = Vec<Vec<u8>>;
type Entry = (String, Fields);
type Taken = Vec<(String, Origin)>;

impl Seat {
    fn asks<'a>(&self, script: &'a Script) -> ScriptInvocation<'a> {
        let mut asked = script.key(&self.stream);
        asked.key(&self.settings).key(self.dead.as_ref().unwrap_or(&self.stream));
        asked.arg(&self.group).arg(&self.member).arg(self.ack_wait.as_millis() as u64);
        asked.arg(self.attempts.unwrap_or(0)).arg(self.topic.as_str());
        asked.arg(u8::from(self.dead.is_some()));
        asked
    }

    /// Whether something was refused since that was asked last: it is before what is new.
    pub(crate) fn has_refused(&self) -> bool {
        self.refused.swap(false, Ordering::AcqRel)
    }

    /// What nobody has settled in time.
    pub(crate) async fn claim(
        &self,
        connection: &mut MultiplexedConnection,
        room: usize,
    ) -> Result<Taken, RedisError> {
        let asked: Vec<Value> = self.asks(&CLAIM).arg(room).invoke_async(connection).await?;
        let one = |entry: Value| {
            let (id, attempt, fields): (String, u32, Fields) = from_redis_value(entry)?;
            Ok(origin(id, attempt, &fields))
        };
        asked.into_iter().map(one).collect()
    }

    /// What is new, as soon as there is something, but no later than so.
    pub(crate) async fn wait(
        &self,
        connection: &mut MultiplexedConnection,
        room: usize,
        at_most: Duration,
    ) -> Result<Taken, RedisError> {
        let mut asked = cmd("XREADGROUP");
        asked.arg("GROUP").arg(&self.group).arg(&self.member).arg("COUNT").arg(room);
        asked.arg("BLOCK").arg(at_most.as_millis().max(1) as u64);
        if self.ack == AckMode::OnDelivery {
            asked.arg("NOACK");
        }
        asked.arg("STREAMS").arg(&self.stream).arg(">");
        let read: Option<Vec<(String, Vec<Entry>)>> = asked.query_async(connection).await?;
        let entries = read.into_iter().flatten().flat_map(|(_, entries)| entries);
        Ok(entries.map(|(id, fields)| origin(id, 1, &fields)).collect())
    }

    pub(crate) async fn settle(
        &self,
        connection: &mut MultiplexedConnection,
        ids: &[&str],
        settle: &Settle,
    ) -> Result<Vec<Settled>, RedisError> {
        let (what, reason) = match settle {
            Settle::Ack => ("ack", ""),
            Settle::Dead(reason) => ("dead", &**reason),
            Settle::Working => ("working", ""),
            // The others are refused before.
            _ => ("requeue", ""),
        };
        let mut asked = self.asks(&SETTLE);
        asked.arg(what).arg(reason).arg(u8::from(self.late_ack == LateAck::Fence)).arg(ids);
        let told: Vec<String> = asked.invoke_async(connection).await?;
        if what == "requeue" {
            self.refused.store(true, Ordering::Release);
        }
        let meaning = |word: &String| match word.as_str() {
            "done" => Settled::Done,
            "late" => Settled::Late,
            "stale" => Settled::Stale,
            _ => Settled::Gone,
        };
        Ok(told.iter().map(meaning).collect())
    }

    /// Acknowledges what nobody else can have claimed yet.
    pub(crate) async fn ack(
        &self,
        connection: &mut MultiplexedConnection,
        ids: &[&str],
    ) -> Result<Vec<Settled>, RedisError> {
        let mut asked = ACK.key(&self.stream);
        asked.key(&self.settings).arg(&self.group).arg(ids);
        let fresh: usize = asked.invoke_async(connection).await?;
        // They are all there, unless the group has been forgotten.
        let answer = if fresh == 0 { Settled::Gone } else { Settled::Done };
        Ok(vec![answer; ids.len()])
    }

    /// Leaves, again until it is known to have happened. What is not given back is claimed when its time is over.
    pub(crate) async fn leave(&self, link: &Link) {
        for _ in 0..100 {
            if let Ok(mut connection) = link.connection().await {
                let left: Result<(), _> = self.asks(&LEAVE).invoke_async(&mut connection).await;
                match left.err() {
                    None => return,
                    Some(error) => {
                        let error = link.failed(&self.topic, error, crate::error::meaning).await;
                        if matches!(error, BrokerError::NoTopic(_)) {
                            return;
                        }
                    }
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

fn origin(id: String, attempt: u32, fields: &Fields) -> (String, Origin) {
    let (pairs, _) = fields.as_chunks::<2>();
    let message = message(pairs.iter().map(|[name, value]| (name.clone(), value.clone())));
    let (offset, published) = (offset(&id), published(&id));
    (id, Origin { offset, message: Arc::new(message), attempt, published })
}
