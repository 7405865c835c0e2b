use cascadia_patterns::call::{Class, Kind, Pushback};

/// What an answer is called on the wire. By it policies tell whether another try may help and whether
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

    /// Nobody can answer now, which says nothing of how much there is to do.
    pub(crate) const UNAVAILABLE: Self = Self::Grpc(14);

    /// What kind of answer it means.
    pub fn kind(self) -> Kind {
        match self {
            Self::Http(status) => Kind::of_http(status),
            Self::Grpc(code) => Kind::of_grpc(code),
        }
    }

    pub(crate) fn class(self) -> Class {
        match self {
            Self::Http(_) => self.kind().class(),
            Self::Grpc(_) => self.kind().grpc_class(Pushback::Silent),
        }
    }

    /// Whether it proves that the request has had no effect.
    pub(crate) fn is_untouched(self) -> bool {
        matches!(self, Self::Http(_)) && self.kind().is_untouched()
    }
}
