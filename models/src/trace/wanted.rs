use crate::ids::LoadId;

/// Which requests of a load are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The load.
    pub load: LoadId,
    /// The keys of requests, each of which is sent.
    pub keys: Vec<u64>,
    /// One more, that ended in success and took about so many nanoseconds.
    pub about: Option<u64>,
}
