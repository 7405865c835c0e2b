use super::link::Link;
use super::party::Party;

/// The way from one to another, and the link on it.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(super) sender: Party,
    pub(super) receiver: Party,
    /// None has neither latency nor loss.
    pub(crate) link: Option<Link>,
}

impl Wire {
    /// The way back over the same link.
    pub(crate) fn reversed(self) -> Self {
        Self { sender: self.receiver, receiver: self.sender, link: self.link }
    }
}
