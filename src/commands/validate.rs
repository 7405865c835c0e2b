use cascadia_scenarios::{Diagnostic, Options, Source, load};

use super::run::shown;
use crate::bill::table;
use crate::cli::{Cli, ValidateArgs};
use crate::diagnose::{Format, render};
use crate::terminal::{error_look, print, tell};
use crate::trouble::Trouble;
use crate::{exit, files};

/// `cascadia validate`: every problem of every file and of every variant.
pub(crate) fn run(cli: &Cli, args: &ValidateArgs) -> Result<u8, Trouble> {
    let mut found: Vec<(Vec<Source>, Diagnostic)> = Vec::new();
    let mut bills = String::new();
    let mut invalid = 0;
    let paths = files::expand(&args.paths)?;
    for path in &paths {
        let source = files::read(path)?;
        invalid += usize::from(!inspect(&source, args, &mut found, &mut bills));
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
    if cli.verbose && args.format == Format::Text {
        shown(print(&bills))?;
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
    bills: &mut String,
) -> bool {
    let options = |variant| Options {
        variant,
        sets: args.changes.sets.clone(),
        force: args.changes.force,
        ..Options::default()
    };
    let mut add = |sources: Vec<Source>, diagnostics: Vec<Diagnostic>| {
        for one in diagnostics {
            if !found.iter().any(|(known, other)| known[0] == sources[0] && *other == one) {
                found.push((sources.clone(), one));
            }
        }
    };
    let scenario = match load(source.clone(), &options(None)) {
        Ok(scenario) => scenario,
        Err(problems) => {
            add(problems.sources, problems.diagnostics);
            return false;
        }
    };
    bills.push_str(&table(&source.name, &scenario.bill, &scenario.sources));
    add(scenario.sources.clone(), scenario.warnings.clone());
    let mut valid = true;
    for variant in &scenario.variants {
        match load(source.clone(), &options(Some(variant.name.clone()))) {
            Ok(scenario) => {
                let title = format!("{} --variant {}", source.name, variant.name);
                bills.push_str(&table(&title, &scenario.bill, &scenario.sources));
                add(scenario.sources, scenario.warnings);
            }
            Err(problems) => {
                add(problems.sources, problems.diagnostics);
                valid = false;
            }
        }
    }
    valid
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
