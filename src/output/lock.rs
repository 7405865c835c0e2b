use std::fs::{self, File};
use std::io;
use std::path::Path;

use super::fresh::is_fresh;
use super::ours::only_ours;

/// Held by who writes into a folder; the end of the process ends it. The folder itself is locked, so that no file is
/// left behind.
pub(super) struct Lock {
    /// Nothing where the file system has no locks.
    held: Option<File>,
}

impl Lock {
    /// Waits for its turn, which is short, as the others write what they have in memory.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        {
            use std::fs::TryLockError;
            use std::time::Duration;

            let file = File::open(folder)?;
            for _ in 0..6_000 {
                match file.try_lock() {
                    Ok(()) => return Ok(Self { held: Some(file) }),
                    Err(TryLockError::Error(_)) => return Ok(Self { held: None }),
                    Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(20)),
                }
            }
            Err(io::Error::new(io::ErrorKind::TimedOut, "somebody else is writing there"))
        }
        #[cfg(not(unix))]
        {
            let _ = folder;
            Ok(Self { held: None })
        }
    }

    /// Removes what others were writing into the folder when they were killed.
    pub(super) fn clean(&self, folder: &Path) {
        if self.held.is_none() {
            return;
        }
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        for entry in entries.filter(|entry| is_fresh(&entry.file_name())) {
            let path = entry.path();
            let _ = match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => only_ours(&path).and_then(|()| fs::remove_dir_all(&path)),
                false => fs::remove_file(&path),
            };
        }
    }
}
