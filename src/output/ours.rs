use std::fs::{self, DirEntry};
use std::io;
use std::path::Path;

/// What a result consists of, beside its charts.
const FILES: [&str; 7] = [
    "result.json",
    "report.html",
    "summary.csv",
    "series.csv",
    "failures.csv",
    "policies.csv",
    "components.csv",
];
const CHARTS: &str = "charts";

/// Holds that a folder has nothing in it but a result, or a part of one.
pub(super) fn only_ours(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if name == CHARTS && kind.is_dir() {
            fs::read_dir(entry.path())?.try_for_each(|chart| keep(&chart?, is_chart))?;
        } else {
            keep(&entry, |name| FILES.contains(&name))?;
        }
    }
    Ok(())
}

fn is_chart(name: &str) -> bool {
    name.ends_with(".svg")
}

/// A regular file with a name of ours, or what a system puts into each folder that is looked at.
fn keep(entry: &DirEntry, is_ours: impl Fn(&str) -> bool) -> io::Result<()> {
    let name = entry.file_name();
    let name = name.to_string_lossy();
    if entry.file_type()?.is_file() && (is_ours(&name) || name == ".DS_Store") {
        return Ok(());
    }
    let name = cascadia_reports::sinks::line(&name).into_owned();
    Err(io::Error::other(format!("{name} in it is of no run, and would be lost")))
}
