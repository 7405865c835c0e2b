//! Scenario files on disk.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use cascadia_reports::sinks::line;
use cascadia_reports::summary::Look;
use cascadia_scenarios::{
    Diagnostic, Label, MOST_BYTES, Options, Problems, Scenario, Severity, Source, codes, load,
};

use crate::diagnose::{Format, render};
use crate::exit;
use crate::output::link_in;
use crate::trouble::Trouble;

/// A scenario file, and whether what it says may be shown.
pub(crate) struct Text {
    pub(crate) source: Source,
    /// It was reached by a symbolic link. What the file is that a link of a stranger's leads to is not known, and a log
    /// is no place to find out.
    is_linked: bool,
}

/// Reads a scenario file.
pub(crate) fn read(path: &Path) -> Result<Text, Trouble> {
    if path.as_os_str() == STDIN {
        return from_stdin();
    }
    let (name, told) = (path.display().to_string(), shown(path));
    let refused =
        |error: &io::Error| Trouble::usage(format!("cannot read {told}: {}", reason(path, error)));
    let found = fs::metadata(path).map_err(|error| refused(&error))?;
    if !found.is_file() && !found.is_dir() {
        return Err(refused(&io::Error::other("it is no regular file")));
    }
    let most = MOST_BYTES as u64;
    let mut text = String::new();
    let file = fs::File::open(path).map_err(|error| refused(&error))?;
    if found.len() <= most {
        file.take(most + 1).read_to_string(&mut text).map_err(|error| refused(&error))?;
    }
    let length = found.len().max(text.len() as u64);
    if length > most {
        let text = format!("{told} has {length} bytes; at most {most} are read\n");
        return Err(Trouble::invalid(text));
    }
    Ok(Text { source: Source { name, text }, is_linked: link_in(path).is_some() })
}

impl Text {
    /// What is wrong with it, as it may be shown: of a file that was reached by a link, places and no word of it.
    pub(crate) fn shown(&self, problems: Problems) -> Problems {
        if !self.is_linked {
            return problems;
        }
        let blank = |c: char| if c == '\n' { c.to_string() } else { " ".repeat(c.len_utf8()) };
        let mut sources = problems.sources;
        sources[0].text = sources[0].text.chars().map(blank).collect();
        let diagnostics = problems.diagnostics.into_iter().map(|one| Diagnostic {
            message: title(one.code).to_owned(),
            labels: one
                .labels
                .into_iter()
                .map(|label| Label { text: String::new(), ..label })
                .collect(),
            help: Some(
                "the file was reached by a symbolic link, so nothing of it is quoted; name the file \
                 itself"
                    .to_owned(),
            ),
            ..one
        });
        Problems { diagnostics: diagnostics.collect(), sources }
    }
}

fn title(code: &str) -> &'static str {
    codes().find(|(known, _)| *known == code).map_or("", |(_, title)| title)
}

/// What stands for standard input in place of a path.
const STDIN: &str = "-";

/// What comes in at standard input, which is read once and may be asked for again. No more is read than of a file.
fn from_stdin() -> Result<Text, Trouble> {
    static READ: OnceLock<Result<String, String>> = OnceLock::new();
    let read = || {
        let mut text = String::new();
        let mut most = io::stdin().take(MOST_BYTES as u64 + 1);
        most.read_to_string(&mut text).map(|_| text).map_err(|error| error.to_string())
    };
    match READ.get_or_init(read) {
        Ok(text) if text.len() > MOST_BYTES => {
            let text =
                format!("standard input has more than the {MOST_BYTES} bytes that are read\n");
            Err(Trouble::invalid(text))
        }
        Ok(text) => {
            let source = Source { name: "<stdin>".to_owned(), text: text.clone() };
            Ok(Text { source, is_linked: false })
        }
        Err(error) => Err(Trouble::usage(format!("cannot read standard input: {error}"))),
    }
}

fn reason(path: &Path, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => match similar(path) {
            Some(other) => format!("there is no such file; did you mean {}?", line(&other)),
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

fn shown(path: &Path) -> String {
    line(&path.display().to_string()).into_owned()
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
            .map_err(|error| Trouble::usage(format!("cannot read {}: {error}", shown(path))))?;
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.is_file() && is_scenario(path))
            .collect();
        if found.is_empty() {
            return Err(Trouble::usage(format!("there is no scenario file in {}", shown(path))));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// Loads a scenario; what is wrong with it comes back as text.
pub(crate) fn open(path: &Path, options: &Options, look: Look) -> Result<Scenario, Trouble> {
    let text = read(path)?;
    load(text.source.clone(), options).map_err(|problems| {
        let code = code(&problems);
        Trouble { code, text: render(&[text.shown(problems)], Format::Text, look) }
    })
}

/// The code of an unknown variant.
const NO_VARIANT: &str = "S053";

/// Whether the scenario is invalid, or only what the command line says of it: a `--set`, or a variant that
/// it does not have.
pub(crate) fn code(problems: &Problems) -> u8 {
    let mut errors = problems.diagnostics.iter().filter(|one| one.severity == Severity::Error);
    let is_said = |one: &Diagnostic| {
        let mut labels = one.labels.iter();
        one.code == NO_VARIANT || labels.any(|label| label.primary && label.source > 0)
    };
    if errors.all(is_said) { exit::USAGE } else { exit::INVALID }
}
