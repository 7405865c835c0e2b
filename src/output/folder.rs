use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::latest::point;
use super::links::refuse_links;
use super::lock::Lock;
use super::ours::only_ours;
use super::swap::swap;
use super::{Bundle, fresh};

/// Where the result of a run goes.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The folder that it is in.
    parent: PathBuf,
    /// Whether `latest` beside it is to lead to it.
    is_latest: bool,
}

impl Folder {
    /// Proves that a result can be written there, before a long run rather than after it.
    pub(crate) fn prepare(path: &Path, is_latest: bool) -> io::Result<Self> {
        let folder = Self { path: path.to_owned(), parent: parent(path)?, is_latest };
        folder.look()?;
        fs::create_dir_all(&folder.parent)?;
        fs::remove_dir(fresh::folder(&folder.parent)?)?;
        Ok(folder)
    }

    /// Whether there is a result already. What else is there must not be lost.
    fn look(&self) -> io::Result<bool> {
        refuse_links(&self.path)?;
        match fs::symlink_metadata(&self.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
            Ok(found) if !found.is_dir() => Err(io::Error::other("it is no folder")),
            Ok(_) => only_ours(&self.path).map(|()| true),
        }
    }

    /// Puts a result there, in place of the one that may be there.
    pub(crate) fn write(&self, bundle: &Bundle) -> io::Result<()> {
        fs::create_dir_all(&self.parent)?;
        let lock = Lock::of(&self.parent)?;
        lock.clean(&self.parent);
        let fresh = fresh::folder(&self.parent)?;
        let put = bundle.write(&fresh).and_then(|()| self.put(&fresh));
        // What is left there is what was replaced, or else what could not be written.
        let _ = fs::remove_dir_all(&fresh);
        put?;
        if self.is_latest {
            point(&self.parent, &self.path);
        }
        Ok(())
    }

    fn put(&self, fresh: &Path) -> io::Result<()> {
        match self.look()? {
            true => swap(fresh, &self.path, &self.parent),
            false => fs::rename(fresh, &self.path),
        }
    }
}

/// The folder that something is in.
pub(super) fn parent(path: &Path) -> io::Result<PathBuf> {
    match (path.file_name(), path.parent()) {
        (Some(_), Some(parent)) if parent.as_os_str().is_empty() => Ok(PathBuf::from(".")),
        (Some(_), Some(parent)) => Ok(parent.to_owned()),
        _ => Err(io::Error::other("it has no name of its own")),
    }
}
