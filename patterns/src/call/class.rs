use std::time::Duration;

/// What a server says about another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pushback {
    /// Nothing.
    Silent,
    /// Not before so much time has passed.
    After(Duration),
    /// Not at all.
    Stop,
}

/// The judgement of an outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The call did its work.
    Success,
    /// The call failed.
    Failure {
        /// Trying again may help.
        retryable: bool,
        /// The server is overloaded (429, 503, RESOURCE_EXHAUSTED).
        overload: bool,
    },
    /// The outcome says nothing about the health of the server.
    Ignore,
}
