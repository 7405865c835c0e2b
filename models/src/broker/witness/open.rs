use std::sync::Weak;

use cascadia_runtime::Time;

/// A message that not all groups are done with.
pub(super) struct Open {
    /// What its publisher and the broker have of it.
    pub(super) body: Weak<[u8]>,
    /// What others have of it that was not copied from this: published once more, or read from an outbox.
    pub(super) copies: Vec<Weak<[u8]>>,
    /// When it was published.
    pub(super) at: Time,
    /// What it is about, where the order matters.
    pub(super) key: Option<u32>,
    /// Its publisher was told, or believes, that it is there.
    pub(super) promised: bool,
    /// A broker has had it.
    pub(super) arrived: bool,
    /// What each group of its topic has of it.
    pub(super) parts: Box<[Part]>,
}

/// What a group has of a message.
#[derive(Clone, Default)]
pub(super) struct Part {
    /// The group is done with it, one way or another.
    pub(super) is_over: bool,
    /// The broker will not deliver it again, and why.
    pub(super) closed: Option<Closed>,
    /// What its consumer has of it.
    pub(super) hand: Option<Weak<[u8]>>,
    /// Whom it was delivered to last.
    pub(super) to: Option<u32>,
}

/// Why a broker does not deliver a message again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::broker) enum Closed {
    /// Its consumer acknowledged it.
    Acknowledged,
    /// It was kept no longer.
    Trimmed,
    /// Its group began to read behind it.
    Skipped,
}

impl Part {
    /// A consumer has it.
    pub(super) fn is_in_hand(&self) -> bool {
        self.hand.as_ref().is_some_and(|hand| hand.strong_count() > 0)
    }
}

impl Open {
    pub(super) fn new(body: Weak<[u8]>, key: Option<u32>, at: Time) -> Self {
        let (copies, parts) = (Vec::new(), Box::default());
        Self { body, copies, at, key, promised: false, arrived: false, parts }
    }

    /// There is another of it.
    pub(super) fn copied(&mut self, body: Weak<[u8]>) {
        let is_known = |known: &Weak<[u8]>| known.ptr_eq(&body);
        if is_known(&self.body) || self.copies.iter().any(is_known) {
            return;
        }
        self.copies.retain(|copy| copy.strong_count() > 0);
        self.copies.push(body);
    }

    fn is_anywhere(&self) -> bool {
        self.body.strong_count() > 0 || self.copies.iter().any(|copy| copy.strong_count() > 0)
    }

    /// Why it is lost to a group.
    pub(super) fn why(&self, group: usize) -> String {
        let part = &self.parts[group];
        let to = part.to.map(|to| format!("consumer {to}"));
        match (part.closed, to) {
            (Some(Closed::Acknowledged), Some(to)) => {
                format!("{to} acknowledged it before it was done, and did not do it")
            }
            (Some(Closed::Skipped), _) => {
                "its group came later, and began with what came after it".to_owned()
            }
            (Some(_), _) => "the topic kept it no longer".to_owned(),
            (None, _) if self.arrived => "the broker had it and lost it".to_owned(),
            (None, _) => "it never came to the broker".to_owned(),
        }
    }

    /// Whether a group has not done it and never will.
    pub(super) fn is_gone(&self, part: &Part) -> bool {
        let comes = self.is_anywhere() && part.closed.is_none();
        !part.is_over && !part.is_in_hand() && !comes
    }

    pub(super) fn is_over(&self) -> bool {
        self.parts.iter().all(|part| part.is_over)
    }
}
