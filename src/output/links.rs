use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The part of a path that is a symbolic link: any part of what is in the current folder, as that may have been checked
/// out, and of other paths the last one, as systems have links on the way.
pub(crate) fn link_in(path: &Path) -> Option<PathBuf> {
    let here = env::current_dir().unwrap_or_default();
    let within = path.is_relative() || path.starts_with(&here);
    let parts = path.ancestors().take(if within { usize::MAX } else { 1 });
    let mut parts = parts.take_while(|part| !part.as_os_str().is_empty() && *part != here);
    let is_link = |part: &&Path| fs::symlink_metadata(part).is_ok_and(|found| found.is_symlink());
    parts.find(is_link).map(Path::to_owned)
}

pub(super) fn refuse_links(path: &Path) -> io::Result<()> {
    match link_in(path) {
        Some(link) if link == path => Err(io::Error::other("it is a symbolic link")),
        Some(link) => {
            let link = link.display().to_string();
            let link = cascadia_reports::sinks::line(&link);
            Err(io::Error::other(format!("{link} is a symbolic link")))
        }
        None => Ok(()),
    }
}
