use std::path::Path;

/// Points `latest` in `parent` to `folder`, which is in it, where the system has links. What is there and is no such
/// link stays.
pub(super) fn point(parent: &Path, folder: &Path) {
    #[cfg(unix)]
    {
        use std::fs;
        use std::os::unix::fs::symlink;

        let link = parent.join("latest");
        let is_free = fs::symlink_metadata(&link).is_err();
        let is_ours = fs::read_link(&link).is_ok_and(|target| target.components().count() == 1);
        let Some(name) = folder.file_name().filter(|_| is_free || is_ours) else { return };
        if let Ok(made) = super::fresh::make(parent, |path| symlink(name, path))
            && fs::rename(&made, &link).is_err()
        {
            let _ = fs::remove_file(made);
        }
    }
    #[cfg(not(unix))]
    let _ = (parent, folder);
}
