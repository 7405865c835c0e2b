use cascadia_scenarios::{Options, Problems, Severity, Source, inspect, load};

use super::run::shown;
use crate::bill::table;
use crate::cli::{Cli, ValidateArgs};
use crate::diagnose::{Format, counted, render};
use crate::terminal::{error_look, print, tell};
use crate::trouble::Trouble;
use crate::{exit, files};

/// `cascadia validate`: every problem of every file and of every variant.
pub(crate) fn run(cli: &Cli, args: &ValidateArgs) -> Result<u8, Trouble> {
    let paths = files::expand(&args.paths)?;
    let options = Options {
        sets: args.changes.sets.clone(),
        force: args.changes.force,
        ..Options::default()
    };
    let (mut found, mut costs) = (Vec::new(), String::new());
    for path in &paths {
        let text = files::read(path)?;
        if cli.verbose {
            costs.push_str(&bills(&text.source, &options));
        }
        found.push(text.shown(inspect(text.source.clone(), &options)));
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
    if cli.verbose && args.format == Format::Text {
        shown(print(&costs))?;
    }
    if !cli.quiet && args.format == Format::Text {
        let warnings = found.iter().map(|problems| of(problems, Severity::Warning)).sum();
        let (files, warnings) = (counted(paths.len(), "file"), counted(warnings, "warning"));
        shown(print(&format!("{files}, {invalid} invalid, {warnings}\n")))?;
    }
    let wrong = found.iter().filter(|problems| of(problems, Severity::Error) > 0);
    Ok(wrong.map(files::code).max().unwrap_or(exit::PASSED))
}

/// What a run of a file costs, and of each of its variants that can be run.
fn bills(source: &Source, options: &Options) -> String {
    let Ok(base) = load(source.clone(), options) else { return String::new() };
    let mut bills = table(&source.name, &base.bill, &base.sources);
    for variant in &base.variants {
        let options = Options { variant: Some(variant.name.clone()), ..options.clone() };
        if let Ok(scenario) = load(source.clone(), &options) {
            let title = format!("{} --variant {}", source.name, variant.name);
            bills.push_str(&table(&title, &scenario.bill, &scenario.sources));
        }
    }
    bills
}
