//! What the command line takes.

use std::path::PathBuf;

use cascadia_reports::result::Engine;
use cascadia_scenarios::MOST_SEEDS;
use clap::error::{ContextKind, ContextValue};
use clap::{Args, CommandFactory, Error, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::diagnose::Format;
use crate::engine;
use crate::terminal::ColorChoice;

/// Simulates distributed systems with real resilience policies, reproducibly.
///
/// Exit codes: 0 passed, 1 internal defect, 2 usage and files, 3 invalid scenario, 4 a check
/// failed, 5 an invariant is broken, 6 not deterministic, 7 inconclusive, 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "cascadia", version, propagate_version = true)]
pub(crate) struct Cli {
    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: ColorChoice,
    /// Print less: nothing but problems.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    /// Print more: how fast a run went, to standard error; what runs cost, where files are validated.
    #[arg(long, short, global = true, conflicts_with = "quiet")]
    pub(crate) verbose: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

impl Cli {
    /// The command line of this process; one that makes no sense is told and ends it.
    pub(crate) fn of_process() -> Self {
        Self::try_parse().unwrap_or_else(|error| suggest(error).exit())
    }
}

/// Names the command that was meant where only letters are swapped, which clap does not see.
fn suggest(mut error: Error) -> Error {
    let meant = match (
        error.get(ContextKind::InvalidSubcommand),
        error.get(ContextKind::SuggestedSubcommand),
    ) {
        (Some(ContextValue::String(typed)), None) => Cli::command()
            .get_subcommands()
            .map(|command| command.get_name().to_owned())
            .find(|name| strsim::damerau_levenshtein(name, typed) == 1),
        _ => None,
    };
    if let Some(name) = meant {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![name]));
    }
    error
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run a scenario: verdict, charts, report.
    Run(RunArgs),
    /// Run scenarios for CI: quiet unless one fails.
    Check(CheckArgs),
    /// Find every mistake in scenario files without running them.
    Validate(ValidateArgs),
    /// Print the JSON Schema of scenario files or of results.
    Schema {
        /// Which schema.
        #[arg(value_enum, default_value_t)]
        which: SchemaKind,
    },
    /// Write a starter scenario.
    New(NewArgs),
    /// List the shipped scenarios.
    List,
    /// Explain a diagnostic code, such as S014.
    Explain {
        /// The code.
        code: String,
    },
    /// Print a completion script.
    Completions {
        /// The shell.
        #[arg(value_enum)]
        shell: Shell,
    },
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum SchemaKind {
    /// Of scenario files.
    #[default]
    Scenario,
    /// Of `result.json`.
    Results,
}

/// How a scenario is changed before it runs.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct Changes {
    /// Change a value, such as `policies.standard.retry.attempts=5`; `null` removes it.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub(crate) sets: Vec<String>,
    /// Run although the computed cost is over the limit.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// The scenario file; - is standard input.
    #[arg(required_unless_present = "help_metrics")]
    pub(crate) file: Option<PathBuf>,
    /// The seed; the scenario's own where it is not given.
    #[arg(long, value_parser = seed, conflicts_with = "seeds")]
    pub(crate) seed: Option<u64>,
    /// A range of seeds, such as 1..20, both included.
    #[arg(long, value_parser = seeds, value_name = "A..B")]
    pub(crate) seeds: Option<Seeds>,
    /// The variant of the scenario.
    #[arg(long)]
    pub(crate) variant: Option<String>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// The engine that moves the world; that of the build where it is not given.
    #[arg(long, value_parser = engine::parser())]
    pub(crate) engine: Option<Engine>,
    /// Where the results go; `cascadia-out/NAME-SEED` where it is not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Run one seed twice, and end with 6 where the second run is another one.
    #[arg(long, conflicts_with = "seeds")]
    pub(crate) verify: bool,
    /// Follow three requests, and show what their time was spent on, even if all is well. For that the seed is run
    /// once more, as it is whenever a check does not hold, or nothing is checked and a request failed.
    #[arg(long, conflicts_with = "seeds")]
    pub(crate) traces: bool,
    /// Print the scenario as it would be run, and stop.
    #[arg(long)]
    pub(crate) show_config: bool,
    /// Say what each figure of the summary means, and stop.
    #[arg(long)]
    pub(crate) help_metrics: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Scenario files, or folders of them.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// Run every variant too, against what it expects.
    #[arg(long)]
    pub(crate) variants: bool,
    /// The seed; each scenario's own where it is not given.
    #[arg(long, value_parser = seed, conflicts_with = "seeds")]
    pub(crate) seed: Option<u64>,
    /// A range of seeds, such as 1..20, both included.
    #[arg(long, value_parser = seeds, value_name = "A..B")]
    pub(crate) seeds: Option<Seeds>,
    #[command(flatten)]
    pub(crate) changes: Changes,
    /// The engine that moves the world; that of the build where it is not given.
    #[arg(long, value_parser = engine::parser())]
    pub(crate) engine: Option<Engine>,
    /// Write a JUnit report.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Scenario files, or folders of them; - is standard input.
    #[arg(required = true)]
    pub(crate) paths: Vec<PathBuf>,
    /// How diagnostics are written.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
    #[command(flatten)]
    pub(crate) changes: Changes,
}

#[derive(Debug, Args)]
pub(crate) struct NewArgs {
    /// The name of the new scenario; the file is NAME.json.
    #[arg(default_value = "scenario")]
    pub(crate) name: String,
    /// The shipped scenario to start from; `cascadia list` shows them.
    #[arg(long, default_value = "retry-storm")]
    pub(crate) template: String,
    /// Overwrite a file that is there.
    #[arg(long)]
    pub(crate) force: bool,
}

/// A range of seeds, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Seeds {
    pub(crate) fn list(self) -> Vec<u64> {
        (self.first..=self.last).collect()
    }
}

fn seed(text: &str) -> Result<u64, String> {
    let parsed = match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => text.parse(),
    };
    parsed.map_err(|_| "a seed is a whole number such as 42, or hexadecimal such as 0x2a".into())
}

fn seeds(text: &str) -> Result<Seeds, String> {
    let (first, last) = text.split_once("..").ok_or("a range of seeds is written as 1..20")?;
    let last = last.strip_prefix('=').unwrap_or(last);
    let seeds = Seeds { first: seed(first)?, last: seed(last)? };
    if seeds.last < seeds.first {
        return Err(format!("the range is empty; did you mean {last}..{first}?"));
    }
    if seeds.last - seeds.first >= MOST_SEEDS {
        return Err(format!("more than {MOST_SEEDS} seeds in one command"));
    }
    Ok(seeds)
}
