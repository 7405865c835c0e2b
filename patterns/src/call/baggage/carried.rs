use std::sync::Arc;

use super::state::TraceState;

/// What a request carries along besides its trace. Shared by all that is sent on its behalf.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// The correlation id that the user sent.
    pub correlation: Option<Arc<str>>,
    /// What tracing systems on the way had to say.
    pub state: TraceState,
}
