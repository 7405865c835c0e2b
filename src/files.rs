//! Scenario files on disk.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cascadia_reports::summary::Look;
use cascadia_scenarios::{Options, Scenario, Source, load};

use crate::diagnose::{Format, render};
use crate::trouble::Trouble;

/// Reads a scenario file.
pub(crate) fn read(path: &Path) -> Result<Source, Trouble> {
    let name = path.display().to_string();
    if name == STDIN {
        return from_stdin();
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => Err(Trouble::usage(format!("cannot read {name}: {}", reason(path, &error)))),
    }
}

/// What stands for standard input in place of a path.
const STDIN: &str = "-";

/// What comes in at standard input, which is read once and may be asked for again.
fn from_stdin() -> Result<Source, Trouble> {
    static READ: OnceLock<Result<String, String>> = OnceLock::new();
    let read = || io::read_to_string(io::stdin()).map_err(|error| error.to_string());
    match READ.get_or_init(read) {
        Ok(text) => Ok(Source { name: "<stdin>".to_owned(), text: text.clone() }),
        Err(error) => Err(Trouble::usage(format!("cannot read standard input: {error}"))),
    }
}

fn reason(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match similar(path) {
            Some(other) => format!("there is no such file; did you mean {other}?"),
            None => "there is no such file; `cascadia list` shows the shipped scenarios and \
                     `cascadia new NAME` writes one"
                .to_owned(),
        },
        io::ErrorKind::IsADirectory => "it is a folder; `cascadia check` takes folders".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => error.to_string(),
    }
}

/// The file beside `path` whose name is most like it.
fn similar(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or_else(|| Path::new("."))).ok()?;
    let names =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_scenario(path));
    let likeness = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (strsim::jaro_winkler(&name, &wanted) * 1000.0) as u32
    };
    let best = names.max_by_key(|path| (likeness(path), std::cmp::Reverse(path.clone())))?;
    (likeness(&best) > 800).then(|| best.strip_prefix("./").unwrap_or(&best).display().to_string())
}

fn is_scenario(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    (name.ends_with(".json") || name.ends_with(".jsonc")) && !name.ends_with(".schema.json")
}

/// Files as they are, and the scenario files of folders, by name.
pub(crate) fn expand(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Trouble> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = fs::read_dir(path)
            .map_err(|error| Trouble::usage(format!("cannot read {}: {error}", path.display())))?;
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file() && is_scenario(path))
            .collect();
        if found.is_empty() {
            let name = path.display();
            return Err(Trouble::usage(format!("there is no scenario file in {name}")));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Loads a scenario; what is wrong with it comes back as text.
pub(crate) fn open(path: &Path, options: &Options, look: Look) -> Result<Scenario, Trouble> {
    let source = read(path)?;
    load(source, options).map_err(|problems| {
        Trouble::invalid(render(&problems.sources, &problems.diagnostics, Format::Text, look))
    })
}
