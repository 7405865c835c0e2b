/// What makes a request the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyOf {
    /// It is another attempt, or another copy, of the same call.
    Request,
    /// It is about the same.
    Subject,
}

/// Within what a key is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// An endpoint.
    Endpoint,
    /// All endpoints together.
    Service,
}
