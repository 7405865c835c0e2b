use std::error::Error as _;

use cascadia_patterns::store::StoreError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// What an error means as long as `COMMIT` is not sent: nothing has happened.
pub(crate) fn meaning(error: Error) -> StoreError {
    match error.code() {
        Some(&SqlState::DISK_FULL) => StoreError::Full,
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => {
            StoreError::Corrupt(text(&error))
        }
        _ => StoreError::Unavailable(text(&error)),
    }
}

/// What an error means once it is sent.
pub(crate) fn unknown(error: Error) -> StoreError {
    StoreError::Unknown(text(&error))
}

/// An error says what kind it is, and its source what has happened.
fn text(error: &Error) -> String {
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

/// A table that is not as this store makes it.
pub(crate) fn strange(what: &str) -> StoreError {
    StoreError::Corrupt(format!("the tables of the store are not its own: {what}"))
}
