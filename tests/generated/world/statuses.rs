//! What policies are to make of the errors of steps, by what they are called.

use serde_json::Value;

/// What a step calls its error: a number, a name or nothing.
#[derive(Clone)]
pub(crate) struct Status(pub(crate) Value);

impl Status {
    /// Whether it speaks against the server.
    pub(crate) fn blames_server(&self) -> bool {
        const CODES: [&str; 7] = [
            "UNKNOWN",
            "DEADLINE_EXCEEDED",
            "RESOURCE_EXHAUSTED",
            "ABORTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
        ];
        match (self.0.as_u64(), self.0.as_str()) {
            (Some(number), _) => number >= 500 || [408, 425, 429].contains(&number),
            (_, Some(name)) => CODES.contains(&name),
            _ => true,
        }
    }

    /// Whether another try may help.
    pub(crate) fn asks_for_retry(&self) -> bool {
        const STATUSES: [u64; 7] = [408, 425, 429, 500, 502, 503, 504];
        match (self.0.as_u64(), self.0.as_str()) {
            (Some(number), _) => STATUSES.contains(&number),
            (_, Some(name)) => name == "UNAVAILABLE",
            _ => true,
        }
    }
}
