//! Diagnostics as people, editors and CI read them.
//!
//! A file that a program wrote can have one mistake ten thousand times, in a single line of a million characters. What
//! is shown of it must help all the same, and cost no more than the file: the first [`MOST`] problems and how many more
//! there are, of texts a few hundred characters, and of a source what is around a place.

mod excerpt;
mod position;
mod text;

use std::borrow::Cow;

use cascadia_reports::sinks::{annotation, json as safe_json};
use cascadia_reports::summary::Look;
use cascadia_scenarios::{Diagnostic, Label, Problems, Severity, Source};
use clap::ValueEnum;
use serde_json::{Value, json};

use self::position::Positions;

/// As many are shown to people.
const MOST: usize = 50;
/// So many characters of a text are shown, and so many of its end if there are more.
const SHOWN: usize = 400;
const END: usize = 80;

/// How diagnostics are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// Annotations of GitHub Actions.
    Github,
}

/// Writes what was found in some files. All of it is in the JSON, which programs read.
pub(crate) fn render(found: &[Problems], format: Format, look: Look) -> String {
    if format == Format::Json {
        let objects: Vec<Value> = found.iter().flat_map(objects).collect();
        return format!("{}\n", safe_json(format!("{:#}", Value::Array(objects))));
    }
    let (chosen, more) = chosen(found);
    let mut shown = String::new();
    for (problems, diagnostic) in chosen {
        shown += &match format {
            Format::Github => annotated(&problems.sources, diagnostic),
            _ => text::text(&problems.sources, diagnostic, look),
        };
    }
    shown
        + &more.map_or_else(String::new, |more| match format {
            Format::Github => annotation("notice", &[], &more),
            _ => format!("{more}\n"),
        })
}

/// The first of the errors, and of the warnings where there is room for them, in their order; and what else there is.
fn chosen(found: &[Problems]) -> (Vec<(&Problems, &Diagnostic)>, Option<String>) {
    let each = |problems: &'_ Problems| problems.diagnostics.len();
    let total: usize = found.iter().map(each).sum();
    let all = found
        .iter()
        .flat_map(|problems| problems.diagnostics.iter().map(move |one| (problems, one)));
    let is = |severity| move |(_, one): &(&Problems, &Diagnostic)| one.severity == severity;
    let errors = all.clone().filter(is(Severity::Error)).count();
    let room = [errors.min(MOST), (total - errors).min(MOST - errors.min(MOST))];
    let mut taken = [0, 0];
    let chosen = all.filter(|(_, one)| {
        let kind = usize::from(one.severity == Severity::Warning);
        taken[kind] += 1;
        taken[kind] <= room[kind]
    });
    let chosen = chosen.collect();
    let left = [(errors - room[0], "error"), (total - errors - room[1], "warning")];
    let left = left.into_iter().filter(|(count, _)| *count > 0);
    let left: Vec<String> = left.map(|(count, what)| counted(count, what)).collect();
    (chosen, (!left.is_empty()).then(|| format!("and {} more", left.join(" and "))))
}

/// So many of something, in words.
pub(crate) fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A text of which not more is shown than somebody reads.
fn clipped(text: &str) -> Cow<'_, str> {
    let Some((at, _)) = text.char_indices().nth(SHOWN) else { return Cow::Borrowed(text) };
    let end = text.char_indices().rev().nth(END).map_or(at, |(end, _)| end.max(at));
    Cow::Owned(format!("{} […] {}", &text[..at], &text[end..]))
}

fn objects(problems: &Problems) -> Vec<Value> {
    let positions: Vec<Positions<'_>> =
        problems.sources.iter().map(|source| Positions::of(&source.text)).collect();
    let label = |label: &Label| {
        let (line, column) = positions[label.source].at(label.start);
        json!({
            "file": problems.sources[label.source].name, "line": line, "column": column,
            "start": label.start, "end": label.end,
            "text": label.text, "primary": label.primary,
        })
    };
    let object = |diagnostic: &Diagnostic| {
        json!({
            "code": diagnostic.code,
            "severity": severity(diagnostic),
            "message": diagnostic.message,
            "variants": diagnostic.variants,
            "help": diagnostic.help,
            "labels": diagnostic.labels.iter().map(label).collect::<Vec<_>>(),
        })
    };
    problems.diagnostics.iter().map(object).collect()
}

const fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn annotated(sources: &[Source], diagnostic: &Diagnostic) -> String {
    let mut properties = Vec::new();
    if let Some(label) = diagnostic.labels.iter().find(|label| label.primary) {
        let source = &sources[label.source];
        let (line, column) = Positions::of(&source.text).at(label.start);
        properties.push(("file", source.name.clone()));
        properties.push(("line", line.to_string()));
        properties.push(("col", column.to_string()));
    }
    properties.push(("title", diagnostic.code.to_owned()));
    let help = diagnostic.help.as_ref().map(|help| format!("\nhelp: {}", clipped(help)));
    let text = format!("{}{}", clipped(&diagnostic.sentence()), help.unwrap_or_default());
    annotation(severity(diagnostic), &properties, &text)
}

#[cfg(test)]
mod tests;
