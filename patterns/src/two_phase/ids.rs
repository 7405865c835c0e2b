use std::fmt;
use std::sync::Arc;

/// Which transaction, and who decides it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId {
    /// The coordinator, by a name that it keeps when it is restarted.
    pub by: Arc<str>,
    /// Which one of its: no other has the number, in any of its lives.
    pub number: u64,
}

impl TransactionId {
    pub(super) fn bytes(&self) -> Vec<u8> {
        [self.by.as_bytes(), b"/", &self.number.to_be_bytes()].concat()
    }

    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let (rest, number) = bytes.split_last_chunk::<8>()?;
        let by = std::str::from_utf8(rest.strip_suffix(b"/")?).ok()?;
        Some(Self { by: by.into(), number: u64::from_be_bytes(*number) })
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:016x}", self.by, self.number)
    }
}
