use std::collections::BTreeSet;

use cascadia_scenarios::{Diagnostic, Options, Problems, Scenario, Severity, load};

use super::run::shown;
use crate::cli::{Cli, ValidateArgs};
use crate::diagnose::{Format, counted, render};
use crate::files::Text;
use crate::terminal::{error_look, print, tell};
use crate::trouble::Trouble;
use crate::{exit, files};

/// `cascadia validate`: every problem of every file and of every variant.
pub(crate) fn run(cli: &Cli, args: &ValidateArgs) -> Result<u8, Trouble> {
    let paths = files::expand(&args.paths)?;
    let mut found = Vec::new();
    for path in &paths {
        found.push(inspect(&files::read(path)?, args));
    }
    let text = render(&found, args.format, error_look(cli.color));
    if args.format == Format::Text {
        tell(text.trim_end_matches('\n'));
    } else {
        shown(print(&text))?;
    }
    let of = |problems: &Problems, severity| {
        problems.diagnostics.iter().filter(|one| one.severity == severity).count()
    };
    let invalid = found.iter().filter(|problems| of(problems, Severity::Error) > 0).count();
    if !cli.quiet && args.format == Format::Text {
        let warnings = found.iter().map(|problems| of(problems, Severity::Warning)).sum();
        let (files, warnings) = (counted(paths.len(), "file"), counted(warnings, "warning"));
        shown(print(&format!("{files}, {invalid} invalid, {warnings}\n")))?;
    }
    Ok(if invalid > 0 { exit::INVALID } else { exit::PASSED })
}

/// What is wrong with a file and with each of its variants, each thing once.
fn inspect(text: &Text, args: &ValidateArgs) -> Problems {
    let load = |variant| {
        let options = Options {
            variant,
            sets: args.changes.sets.clone(),
            force: args.changes.force,
            ..Options::default()
        };
        load(text.source.clone(), &options)
    };
    let loaded = load(None);
    let variants = loaded.as_ref().map(|scenario| scenario.variants.clone()).unwrap_or_default();
    let mut all = problems(loaded);
    let mut known: BTreeSet<_> = all.diagnostics.iter().map(key).collect();
    for variant in variants {
        let further = problems(load(Some(variant.name))).diagnostics;
        all.diagnostics.extend(further.into_iter().filter(|one| known.insert(key(one))));
    }
    text.shown(all)
}

fn problems(loaded: Result<Scenario, Problems>) -> Problems {
    loaded.map_or_else(
        |problems| problems,
        |scenario| Problems { sources: scenario.sources, diagnostics: scenario.warnings },
    )
}

/// What two problems with the same are one by: what is said of which place.
fn key(one: &Diagnostic) -> (&'static str, Option<(usize, usize, usize)>, String) {
    let place = one.labels.first().map(|label| (label.source, label.start, label.end));
    (one.code, place, one.message.clone())
}
