use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use super::bundle::write_new;
use super::folder::parent;
use super::fresh;
use super::links::refuse_links;
use super::lock::Lock;

/// How much of a file shows whose it is.
const HEAD: u64 = 512;

/// Holds that a file may be written: it is not there, is empty, or begins like what was written there before.
pub(crate) fn may_be_written(path: &Path, is_ours: impl Fn(&str) -> bool) -> io::Result<()> {
    refuse_links(path)?;
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(found) if !found.is_file() => Err(io::Error::other("it is no regular file")),
        Ok(_) => {
            let mut head = Vec::new();
            File::open(path)?.take(HEAD).read_to_end(&mut head)?;
            match head.is_empty() || is_ours(&String::from_utf8_lossy(&head)) {
                true => Ok(()),
                false => {
                    Err(io::Error::other("there is something else in it, which would be lost"))
                }
            }
        }
    }
}

/// Writes a file, in place of the one that may be there.
pub(crate) fn write(path: &Path, text: &str) -> io::Result<()> {
    refuse_links(path)?;
    let parent = parent(path)?;
    fs::create_dir_all(&parent)?;
    let lock = Lock::of(&parent)?;
    lock.clean(&parent);
    let fresh = fresh::make(&parent, |path| write_new(path, text))?;
    let moved = fs::rename(&fresh, path);
    if moved.is_err() {
        let _ = fs::remove_file(&fresh);
    }
    moved
}
