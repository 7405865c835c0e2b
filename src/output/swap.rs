use std::fs;
use std::io;
use std::path::Path;

use super::fresh;

/// Puts the folder `new` in place of the folder `old`, whose content is then under the name of `new`. Where the system
/// can, there is one or the other at every moment.
pub(super) fn swap(new: &Path, old: &Path, parent: &Path) -> io::Result<()> {
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};

        if renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let aside = fresh::folder(parent)?;
    fs::rename(old, &aside)?;
    let moved = fs::rename(new, old);
    fs::rename(&aside, if moved.is_ok() { new } else { old })?;
    moved
}
