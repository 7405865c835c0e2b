use std::ops::{Deref, DerefMut};

use cascadia_patterns::messaging::TopicSettings;

/// A topic of a file: its settings, and how many keep it.
pub(crate) struct Topic {
    pub(super) settings: TopicSettings,
    pub(super) replicas: u32,
    pub(super) min_insync: u32,
}

impl Default for Topic {
    fn default() -> Self {
        Self { settings: TopicSettings::default(), replicas: 1, min_insync: 1 }
    }
}

/// A file has its settings beside what is of the broker.
impl Deref for Topic {
    type Target = TopicSettings;

    fn deref(&self) -> &TopicSettings {
        &self.settings
    }
}

impl DerefMut for Topic {
    fn deref_mut(&mut self) -> &mut TopicSettings {
        &mut self.settings
    }
}
