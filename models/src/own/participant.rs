use std::fmt;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::sync::Arc;

use cascadia_patterns::call::BoxFuture;
use cascadia_patterns::saga::participant::{Effects, Judged, Turn};
use cascadia_patterns::store::StoreError;

/// What somebody's own code does for the steps of sagas at a service.
#[derive(Clone)]
pub struct OwnParticipant(Arc<dyn Effects + UnwindSafe + RefUnwindSafe>);

impl OwnParticipant {
    /// One that does this.
    pub fn new(effects: impl Effects + UnwindSafe + RefUnwindSafe) -> Self {
        Self(Arc::new(effects))
    }

    pub(crate) fn play(&self, turn: Turn) -> BoxFuture<Result<Judged, StoreError>> {
        self.0.play(turn)
    }
}

impl fmt::Debug for OwnParticipant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OwnParticipant")
    }
}
