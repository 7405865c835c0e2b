use cascadia_patterns::call::{Class, Pushback};
use cascadia_patterns::wire::{grpc, http};

/// What an error is called on the wire. By it policies tell whether another try may help and whether
/// the server is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A status of HTTP.
    Http(u16),
    /// A code of gRPC.
    Grpc(u32),
}

impl Status {
    /// What was asked for goes against what is there.
    pub(crate) const CONFLICT: Self = Self::Http(409);

    pub(crate) fn class(self) -> Class {
        match self {
            Self::Http(status) => http::class(status),
            Self::Grpc(code) => grpc::class(code, Pushback::Silent),
        }
    }

    /// Whether it proves that the request has had no effect.
    pub(crate) fn is_untouched(self) -> bool {
        matches!(self, Self::Http(status) if http::is_untouched(status))
    }
}
