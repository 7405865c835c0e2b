//! The [`Disk`] of the seam on real files: what is written against it in a simulation runs on a
//! machine.
//!
//! A real disk forgets more than one thinks. A file that was made and synced may be gone after a crash, as
//! its *name* was not: that stands in the folder, which is a file, too. Here a file that is made, or
//! removed, is so for good when the call returns. What was written to it is, when
//! [`sync`](File::sync) does.
//!
//! - *One process has the folder*, as long as it lives; another one is refused. Two that write one file
//!   spoil it, and a supervisor that is too quick starts a second.
//! - *Names are names*: no path leads out of the folder, and no link in it leads elsewhere.
//! - *After a failed sync nothing is known*: Linux forgets what it could not write and reports it once, so a
//!   second sync that works proves nothing ([fsync errors](https://wiki.postgresql.org/wiki/Fsync_Errors)).
//!   Whoever meets one must not acknowledge what was written before.
//!
//! It needs positional reads and writes, hence a Unix.

#![cfg(unix)]

mod names;
#[cfg(test)]
mod tests;

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cascadia_runtime::{Disk, File};

/// A folder of files, which one process has at a time.
#[derive(Clone, Debug)]
pub struct Files(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    /// Held open and locked; synced when a name in it comes or goes.
    held: fs::File,
}

impl Files {
    /// Takes a folder, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// [`ResourceBusy`](io::ErrorKind::ResourceBusy) when somebody else has it, and those of the file system.
    pub fn open(path: impl AsRef<Path>) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        let path = fs::canonicalize(path)?;
        let held = fs::File::open(&path)?;
        held.try_lock().map_err(|error| match error {
            TryLockError::WouldBlock => io::ErrorKind::ResourceBusy.into(),
            TryLockError::Error(error) => error,
        })?;
        if let Some(above) = path.parent() {
            fs::File::open(above)?.sync_all()?;
        }
        Ok(Self(Arc::new(Folder { path, held })))
    }
}

impl Folder {
    /// Where a file of this name is. Nothing but a file may be there.
    fn place(&self, name: &str) -> io::Result<PathBuf> {
        names::check(name)?;
        let path = self.path.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if !found.is_file() => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{name} is not a regular file"),
            )),
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(path),
        }
    }

    fn open_or_make(&self, name: &str) -> io::Result<fs::File> {
        let path = self.place(name)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true);
        // Made by its name alone, so that a link that came meanwhile is not followed.
        match options.clone().create_new(true).open(&path) {
            Ok(made) => {
                made.sync_all()?;
                self.held.sync_all()?;
                Ok(made)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(&path),
            Err(error) => Err(error),
        }
    }
}

impl Disk for Files {
    fn open(&self, name: &str) -> io::Result<Box<dyn File>> {
        Ok(Box::new(Open { file: self.0.open_or_make(name)?, _folder: Arc::clone(&self.0) }))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.0.place(name)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.0.held.sync_all(),
        }
    }

    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.0.path)? {
            let entry = entry?;
            let name = entry.file_name().into_string().ok();
            names.extend(name.filter(|name| names::check(name).is_ok()));
        }
        names.retain(|name| self.0.place(name).is_ok());
        names.sort();
        Ok(names)
    }
}

#[derive(Debug)]
struct Open {
    file: fs::File,
    /// Nobody else has it as long as a file is open.
    _folder: Arc<Folder>,
}

impl File for Open {
    fn size(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.file.read_exact_at(bytes, offset)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all_at(bytes, offset)
    }

    fn resize(&self, size: u64) -> io::Result<()> {
        self.file.set_len(size)
    }

    fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}
