//! Names that nobody has, for what is being written.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder that was not there.
pub(super) fn folder(parent: &Path) -> io::Result<PathBuf> {
    make(parent, |path| fs::create_dir(path))
}

/// Makes something under the first name that nobody has; where there is something, even a link to nowhere, `made`
/// must fail.
pub(super) fn make(
    parent: &Path,
    mut made: impl FnMut(&Path) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let process = std::process::id();
    for number in 0..u32::from(u16::MAX) {
        let path = parent.join(format!(".cascadia-{process}-{number}.partial"));
        match made(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| path),
        }
    }
    Err(io::Error::other("there are too many unfinished results in it"))
}

/// Whether a name is one of these.
pub(super) fn is_fresh(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let inner = name.strip_prefix(".cascadia-").and_then(|rest| rest.strip_suffix(".partial"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    inner
        .and_then(|inner| inner.split_once('-'))
        .is_some_and(|(process, number)| is_number(process) && is_number(number))
}
