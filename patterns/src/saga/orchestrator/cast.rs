use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::saga::definition::Definition;
use crate::saga::participant::Participant;

/// Whom an orchestrator asks, and which sagas it knows.
#[derive(Clone, Default)]
pub struct Cast {
    pub(super) participants: BTreeMap<Arc<str>, Arc<dyn Participant>>,
    pub(super) definitions: BTreeMap<(Arc<str>, u32), Arc<Definition>>,
}

impl Cast {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Somebody of this name does steps.
    #[must_use]
    pub fn participant(mut self, name: impl Into<Arc<str>>, it: impl Participant) -> Self {
        self.participants.insert(name.into(), Arc::new(it));
        self
    }

    /// There are sagas of this definition. The newest version of a name is what is started; those before it are kept
    /// for what has begun by them.
    #[must_use]
    pub fn definition(mut self, definition: Arc<Definition>) -> Self {
        let name = (Arc::clone(definition.name()), definition.version());
        self.definitions.insert(name, definition);
        self
    }
}

impl fmt::Debug for Cast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cast")
            .field("participants", &self.participants.keys())
            .field("definitions", &self.definitions.keys())
            .finish()
    }
}
