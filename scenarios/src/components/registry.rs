use std::collections::BTreeMap;
use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use cascadia_models::component::Build;
use serde_json::Value;

/// The kinds of components that a file may have, by name.
#[derive(Clone, Default)]
pub struct Registry(BTreeMap<String, Arc<Configure>>);

/// From the settings of a component to who builds it.
type Configure =
    dyn Fn(&Value) -> Result<Arc<dyn Build>, Wrong> + Send + Sync + UnwindSafe + RefUnwindSafe;

/// What is wrong with the settings of a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The setting, or none where all of them are.
    pub key: Option<String>,
    /// What is wrong with it.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Registry {
    /// Adds a kind, which replaces another of this name.
    #[must_use]
    pub fn with(
        mut self,
        kind: &str,
        configure: impl Fn(&Value) -> Result<Arc<dyn Build>, Wrong>
        + Send
        + Sync
        + UnwindSafe
        + RefUnwindSafe
        + 'static,
    ) -> Self {
        self.0.insert(kind.to_owned(), Arc::new(configure));
        self
    }

    pub(super) fn kinds(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn configure(
        &self,
        kind: &str,
        settings: &Value,
    ) -> Option<Result<Arc<dyn Build>, Wrong>> {
        self.0.get(kind).map(|configure| configure(settings))
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
