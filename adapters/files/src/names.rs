use std::io;

/// The longest name that every common file system takes.
const MOST_BYTES: usize = 255;

/// Names of files, and nothing that leads elsewhere.
pub(crate) fn check(name: &str) -> io::Result<()> {
    let is_path = name.contains(['/', '\\', '\0']) || matches!(name, "" | "." | "..");
    if is_path || name.len() > MOST_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!("{name:?} is not the name of a file"),
        ));
    }
    Ok(())
}
