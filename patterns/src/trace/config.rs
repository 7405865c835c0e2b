/// Whose trace a request belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceConfig {
    /// Begins a trace even where the request brings one, as at an edge that strangers call; no.
    pub restart: bool,
    /// Traces that begin here are recorded; no.
    pub sampled: bool,
}
