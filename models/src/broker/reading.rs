//! What brokers and their clients say, to who looks at one message.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cascadia_patterns::messaging::group::GroupEvent;
use cascadia_patterns::messaging::{
    Batch, BrokerError, Delivery, DeliveryId, Fed, Message, Offset, Partition, Settle, Settled,
};

use super::hub::Hub;
use super::note::Note;
use super::spot::Spot;
use super::words::{Ask, Asked, Reply, Wish, Word};
use crate::capture::{Dissector, Mark, Said};
use crate::component::Body;
use crate::ids::PlaceId;

/// What was said so far of a message, as far as it tells what later words are about.
pub(super) struct Reading {
    hub: Arc<Hub>,
    spot: Spot,
    /// Where it is, and up to where that was acknowledged first.
    entries: BTreeMap<(Partition, Offset), Option<Offset>>,
    /// What was asked about it and not answered yet, by who asked.
    asked: BTreeMap<(PlaceId, u64), Partition>,
}

impl Reading {
    pub(super) fn new(hub: Arc<Hub>, spot: Spot) -> Self {
        hub.witness.borrow_mut().watch(spot);
        Self { hub, spot, entries: BTreeMap::new(), asked: BTreeMap::new() }
    }

    /// Which of a batch is the message.
    fn find<'a>(&self, batch: &'a Batch) -> Option<(usize, &'a Message)> {
        let mut messages = batch.messages.iter().map(|message| &**message).enumerate();
        messages.find(|(_, message)| self.is_it(message))
    }

    fn is_it(&self, message: &Message) -> bool {
        Note::read(message.bytes()).is_some_and(|note| note.spot == self.spot)
    }

    fn ask(&mut self, from: PlaceId, ask: &Ask) -> Said {
        let (kind, text, about) = match &ask.what {
            Asked::Publish(batch) => self.publish(batch),
            Asked::Settle(ids, settle) => self.settle(ids, settle),
            Asked::Identify => ("identify", String::new(), None),
            Asked::Attach(feed, _, credit) => {
                ("attach", format!("feed {feed}, credit {credit}"), None)
            }
            Asked::Seat(said, seats) => {
                ("seat", format!("feed {}: {}", said.feed, listed(seats.partitions.iter())), None)
            }
            Asked::Member(membership) => match &membership.wish {
                Wish::Join(has) => ("join", format!("it has {}", listed(has.iter())), None),
                Wish::Stay(generation) => ("heartbeat", format!("generation {generation}"), None),
                Wish::Leave => ("leave", String::new(), None),
            },
            Asked::Beat(feed) => ("heartbeat", format!("feed {feed}"), None),
            Asked::Credit(said, credit) => {
                ("credit", format!("feed {}: {credit}", said.feed), None)
            }
            Asked::Detach(feed) => ("detach", format!("feed {feed}"), None),
            Asked::Seek(_, partition, _) => ("seek", partition.to_string(), None),
            Asked::Lag(_, partition) => ("lag", partition.to_string(), None),
        };
        let is_about = about.is_some();
        if let (Some(number), Some(partition)) = (ask.number, about) {
            self.asked.insert((from, number), partition);
        }
        Said { kind, text, is_about }
    }

    fn publish(&self, batch: &Batch) -> (&'static str, String, Option<Partition>) {
        let count = batch.messages.len();
        let Some((at, message)) = self.find(batch) else {
            return ("publish", format!("{count} messages to {}", batch.to), None);
        };
        let of = format!("message {} of {count} to {}", at + 1, batch.to);
        ("publish", format!("{of}{}", key(message)), Some(batch.to.clone()))
    }

    fn settle(
        &mut self,
        ids: &[DeliveryId],
        settle: &Settle,
    ) -> (&'static str, String, Option<Partition>) {
        let kind = match settle {
            Settle::Ack | Settle::AckThrough => "ack",
            Settle::Requeue | Settle::RequeueAfter(_) => "requeue",
            Settle::Dead(_) => "reject",
            Settle::Working => "extend",
        };
        let is_through = *settle == Settle::AckThrough;
        let mut is_of = |id: &DeliveryId| {
            self.entries.iter_mut().any(|((partition, offset), through)| {
                if id.source.partition != *partition {
                    return false;
                }
                match is_through && id.offset >= *offset {
                    true => *through.get_or_insert(id.offset) == id.offset,
                    false => id.offset == *offset,
                }
            })
        };
        let of = ids.iter().find(|id| is_of(id));
        match of {
            Some(id) => (kind, delivery(id), Some(id.source.partition.clone())),
            None => (kind, format!("{} deliveries", ids.len()), None),
        }
    }

    fn answer(&mut self, to: PlaceId, number: u64, answer: &Result<Reply, BrokerError>) -> Said {
        let asked = self.asked.remove(&(to, number));
        let (kind, mut text) = match answer {
            Ok(Reply::Published(receipt)) => {
                let first =
                    receipt.first.map_or_else(String::new, |at| format!(", from offset {at}"));
                let counts = [
                    (receipt.added, "added"),
                    (receipt.duplicates, "known already"),
                    (receipt.dropped, "dropped"),
                ];
                let counts = counts.iter().filter(|(count, _)| *count > 0);
                let counts: Vec<_> =
                    counts.map(|(count, what)| format!("{count} {what}")).collect();
                ("confirm", format!("{}{first}", counts.join(", ")))
            }
            Ok(Reply::Settled(settled)) => {
                let words: BTreeSet<&str> = settled.iter().map(|one| outcome(*one)).collect();
                ("settled", words.into_iter().collect::<Vec<_>>().join(", "))
            }
            Ok(Reply::Member(Err(error))) => ("refuse", error.to_string()),
            Ok(_) => ("answer", String::new()),
            Err(error) => ("refuse", error.to_string()),
        };
        if let Some(partition) = &asked {
            text += &format!(", of {partition}");
        }
        Said { kind, text, is_about: asked.is_some() }
    }

    fn feed(&mut self, fed: &[Fed]) -> Said {
        let ours = fed.iter().find_map(|fed| match fed {
            Fed::Delivery(delivery) if self.is_it(&delivery.message) => Some(delivery),
            _ => None,
        });
        if let Some(Delivery { id, message, attempt, .. }) = ours {
            self.entries.insert((id.source.partition.clone(), id.offset), None);
            let text = format!("{}, attempt {attempt}{}", delivery(id), key(message));
            return Said { kind: "deliver", text, is_about: true };
        }
        let is_gap = fed.iter().all(|fed| matches!(fed, Fed::Gap(..)));
        let kind = if is_gap { "gap" } else { "deliver" };
        Said { kind, text: format!("{} messages", fed.len()), is_about: false }
    }
}

impl Dissector for Reading {
    fn read(&mut self, (from, to): (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said> {
        let other = |kind, text| Said { kind, text, is_about: false };
        if let Some(Body::Reset) = sent.downcast_ref() {
            return Some(other("reset", "nobody is there any more".to_owned()));
        }
        Some(match sent.downcast_ref::<Word>()? {
            Word::Ask(ask) => self.ask(from, ask),
            Word::Answer(number, answer) => self.answer(to, *number, answer),
            Word::Feed(_, fed) => self.feed(fed),
            Word::Broken(_, why) => other("break", why.to_string()),
            Word::Group(_, GroupEvent::Assigned { generation, partitions, .. }) => {
                other("assign", format!("generation {generation}: {}", listed(partitions.iter())))
            }
            Word::Group(_, GroupEvent::Rejoin { .. }) => other("rejoin", String::new()),
            Word::Group(_, GroupEvent::Removed { .. }) => other("remove", String::new()),
        })
    }

    fn marks(&self) -> Vec<Mark> {
        self.hub.witness.borrow_mut().marks()
    }
}

const fn outcome(settled: Settled) -> &'static str {
    match settled {
        Settled::Done => "done",
        Settled::Late => "done, though late",
        Settled::Stale => "somebody else has it",
        Settled::Gone => "it is gone",
    }
}

fn key(message: &Message) -> String {
    let key = message.key.as_deref().map(String::from_utf8_lossy);
    key.map_or_else(String::new, |key| format!(", key {key}"))
}

fn delivery(id: &DeliveryId) -> String {
    format!("offset {} of {} for {}", id.offset, id.source.partition, id.source.group)
}

fn listed<'a>(partitions: impl Iterator<Item = &'a Partition>) -> String {
    let all: Vec<String> = partitions.map(ToString::to_string).collect();
    if all.is_empty() { "nothing".to_owned() } else { all.join(", ") }
}
