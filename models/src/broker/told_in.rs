use std::any::Any;

use cascadia_patterns::messaging::partition::Change;
use cascadia_patterns::messaging::{Fed, Message};

use super::peer_word::PeerWord;
use super::replica::{Fetched, Found};
use super::sealed::unsealed;
use super::words::{Ask, Asked, Word};

/// The messages in what brokers and their clients say to each other, as they were before they were sealed, and how it is said.
pub(crate) fn told_in(sent: &dyn Any) -> Option<(&'static str, Vec<Message>)> {
    Some(match sent.downcast_ref::<Word>()? {
        Word::Ask(Ask { what: Asked::Publish(batch), .. }) => {
            ("publish", batch.messages.iter().map(|message| unsealed(message)).collect())
        }
        Word::Ask(Ask { what: Asked::Settle(..), .. }) => ("settle", Vec::new()),
        Word::Answer(..) => ("answer", Vec::new()),
        Word::Feed(_, fed) => {
            let delivered = fed.iter().filter_map(|fed| match fed {
                Fed::Delivery(delivery) => Some(unsealed(&delivery.message)),
                _ => None,
            });
            ("deliver", delivered.collect())
        }
        Word::Peer(PeerWord::Fetched(Fetched {
            found: Found::Entries { entries, .. }, ..
        })) => {
            let appended = entries.iter().filter_map(|entry| match &entry.change {
                Change::Appended(appended) => Some(appended),
                _ => None,
            });
            let messages = appended.flat_map(|of| &of.messages);
            ("fetched", messages.map(|message| unsealed(message)).collect())
        }
        _ => return None,
    })
}
