use cascadia_scenarios::{Diagnostic, Options, Source, load};

use super::run::shown;
use crate::cli::{Cli, ValidateArgs};
use crate::diagnose::{Format, render};
use crate::terminal::{error_look, print, tell};
use crate::trouble::Trouble;
use crate::{exit, files};

/// `cascadia validate`: every problem of every file and of every variant.
pub(crate) fn run(cli: &Cli, args: &ValidateArgs) -> Result<u8, Trouble> {
    let mut found: Vec<(Vec<Source>, Diagnostic)> = Vec::new();
    let mut invalid = 0;
    let paths = files::expand(&args.paths)?;
    for path in &paths {
        let source = files::read(path)?;
        invalid += usize::from(!inspect(&source, args, &mut found));
    }
    let text: String = match args.format {
        Format::Json => json(&found),
        format => {
            let look = error_look(cli.color);
            found
                .iter()
                .map(|(sources, one)| render(sources, std::slice::from_ref(one), format, look))
                .collect()
        }
    };
    if args.format == Format::Text {
        tell(text.trim_end_matches('\n'));
    } else {
        shown(print(&text))?;
    }
    let warnings =
        found.iter().filter(|(_, one)| one.severity == cascadia_scenarios::Severity::Warning);
    if !cli.quiet && args.format == Format::Text {
        let count = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
        let (files, warnings) = (count(paths.len(), "file"), count(warnings.count(), "warning"));
        shown(print(&format!("{files}, {invalid} invalid, {warnings}\n")))?;
    }
    Ok(if invalid > 0 { exit::INVALID } else { exit::PASSED })
}

/// Loads the file and each of its variants; returns whether all are valid.
fn inspect(
    source: &Source,
    args: &ValidateArgs,
    found: &mut Vec<(Vec<Source>, Diagnostic)>,
) -> bool {
    let options = |variant| Options {
        variant,
        sets: args.changes.sets.clone(),
        force: args.changes.force,
        ..Options::default()
    };
    let first = found.len();
    let scenario = match load(source.clone(), &options(None)) {
        Ok(scenario) => scenario,
        Err(problems) => {
            add(problems.sources, problems.diagnostics, first, found);
            return false;
        }
    };
    add(scenario.sources.clone(), scenario.warnings.clone(), first, found);
    let mut valid = true;
    for variant in &scenario.variants {
        match load(source.clone(), &options(Some(variant.name.clone()))) {
            Ok(scenario) => add(scenario.sources, scenario.warnings, first, found),
            Err(problems) => {
                add(problems.sources, problems.diagnostics, first, found);
                valid = false;
            }
        }
    }
    valid
}

/// Adds to those from `first` on, which are of the same file. What is wrong in several variants is told once.
fn add(
    sources: Vec<Source>,
    diagnostics: Vec<Diagnostic>,
    first: usize,
    found: &mut Vec<(Vec<Source>, Diagnostic)>,
) {
    for one in diagnostics {
        let is_alike = |other: &Diagnostic| {
            let variants = one.variants.clone();
            one == Diagnostic { variants, ..other.clone() }
        };
        match found[first..].iter_mut().find(|(_, other)| is_alike(other)) {
            // What is wrong in the file as it stands is wrong in its variants, too.
            Some((_, other)) if !other.variants.is_empty() => other.variants.extend(one.variants),
            Some(_) => {}
            None => found.push((sources.clone(), one)),
        }
    }
}

fn json(found: &[(Vec<Source>, Diagnostic)]) -> String {
    let look = cascadia_reports::summary::Look::default();
    let one = |(sources, one): &(Vec<Source>, Diagnostic)| {
        let text = render(sources, std::slice::from_ref(one), Format::Json, look);
        let parsed: Vec<serde_json::Value> =
            serde_json::from_str(&text).expect("it is our own JSON");
        parsed
    };
    let all: Vec<_> = found.iter().flat_map(one).collect();
    format!("{:#}\n", serde_json::Value::Array(all))
}
