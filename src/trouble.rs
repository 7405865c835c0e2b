use crate::exit;

/// Why a command could not do its work: an exit code and what to tell.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) code: u8,
    pub(crate) text: String,
}

impl Trouble {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: exit::USAGE, text: text.into() }
    }

    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self { code: exit::INVALID, text: text.into() }
    }

    pub(crate) fn internal(text: impl Into<String>) -> Self {
        Self { code: exit::INTERNAL, text: text.into() }
    }
}
