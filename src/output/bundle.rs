use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// Files to be written into one folder.
#[derive(Default)]
pub(crate) struct Bundle {
    files: Vec<(String, String)>,
}

impl Bundle {
    pub(crate) fn add(&mut self, name: impl Into<String>, text: String) {
        self.files.push((name.into(), text));
    }

    /// Writes every file into a folder that has none of them.
    pub(super) fn write(&self, folder: &Path) -> io::Result<()> {
        self.files.iter().try_for_each(|(name, text)| {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            write_new(&path, text)
        })
    }
}

/// Writes a file that is not there, and leaves no half of it.
pub(super) fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    let written = file.write_all(text.as_bytes());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}
