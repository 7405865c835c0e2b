//! Files of a result: all of them, or none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files to be written into one folder.
#[derive(Default)]
pub(crate) struct Bundle {
    files: Vec<(String, String)>,
}

impl Bundle {
    pub(crate) fn add(&mut self, name: impl Into<String>, text: String) {
        self.files.push((name.into(), text));
    }

    /// Writes every file beside its place first and moves them there only when all are written.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let written: io::Result<Vec<(PathBuf, PathBuf)>> =
            self.files.iter().map(|(name, text)| stage(&folder.join(name), text)).collect();
        let moved =
            written.and_then(|files| files.iter().try_for_each(|(from, to)| fs::rename(from, to)));
        if moved.is_err() {
            for (name, _) in &self.files {
                let _ = fs::remove_file(staged(&folder.join(name)));
            }
        }
        moved
    }
}

fn stage(path: &Path, text: &str) -> io::Result<(PathBuf, PathBuf)> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let staged = staged(path);
    fs::write(&staged, text)?;
    Ok((staged, path.to_owned()))
}

fn staged(path: &Path) -> PathBuf {
    path.with_extension("partial")
}

/// Makes `folder` and proves that it can be written to, before a long run rather than after it.
pub(crate) fn prepare(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(".writable");
    fs::write(&probe, "")?;
    fs::remove_file(probe)
}

/// Points `latest` beside `folder` to it, where the system has links.
pub(crate) fn link_latest(folder: &Path) {
    #[cfg(unix)]
    if let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) {
        let link = parent.join("latest");
        if fs::symlink_metadata(&link).is_ok_and(|found| found.is_symlink()) {
            let _ = fs::remove_file(&link);
        }
        let _ = std::os::unix::fs::symlink(name, link);
    }
    #[cfg(not(unix))]
    let _ = folder;
}
