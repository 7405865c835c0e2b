use std::io::ErrorKind;

use cascadia_patterns::store::StoreError;
use redb::Error;

/// What an error of redb means, where nothing has happened.
pub(crate) fn meaning(error: impl Into<Error>) -> StoreError {
    let error = error.into();
    let why = error.to_string();
    match &error {
        Error::Corrupted(_) => StoreError::Corrupt(why),
        Error::Io(io) => match io.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => StoreError::Full,
            // Of a file that is no database, or shorter than it was.
            ErrorKind::InvalidData | ErrorKind::UnexpectedEof => StoreError::Corrupt(why),
            _ => StoreError::Unavailable(why),
        },
        Error::TableTypeMismatch { .. }
        | Error::TableIsMultimap(_)
        | Error::TableDoesNotExist(_)
        | Error::TypeDefinitionChanged { .. } => StoreError::Corrupt(why),
        _ => StoreError::Unavailable(why),
    }
}
