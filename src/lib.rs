//! Cascadia simulates distributed systems with real resilience policies.
//!
//! # The problem
//!
//! Systems rarely fall because a part failed; they fall because of what the others did about it, and stay
//! down when the part is well again. Whether retries, breakers and queues hold together can hardly be tried in
//! production and hardly be worked out on paper.
//!
//! A scenario says what there is (services, links, load), what goes wrong (faults), what protects
//! it (policies) and what must hold (checks). The command line runs it; this library does the
//! same from a test:
//!
//! ```
//! use cascadia::Scenario;
//!
//! let shop = Scenario::parse("shop.json", r#"{
//!   "version": 1, "name": "shop",
//!   "run": { "duration": "10s", "seed": 7 },
//!   "services": { "db": { "workers": 2, "endpoints": {
//!     "insert": [ { "compute": { "exp": { "mean": "5ms" } } } ] } } },
//!   "load": { "users": { "target": "db.insert", "open": { "poisson": "100/s" } } },
//!   "checks": { "users": [ "p99 < 100ms", "ok > 99%" ] }
//! }"#).unwrap();
//! let run = shop.run(7).unwrap();
//! assert!(run.passed(), "{run}");
//! assert_eq!(run.result().digest, shop.run(7).unwrap().result().digest);
//! ```
//!
//! # One run
//!
//! ```text
//!  file ──▶ scenarios ──▶ models, patterns on sim-core ──▶ convert ──▶ reports
//!           Scenario      Plan, Measured                    RunResult   summary, charts, page
//! ```
//!
//! `src/commands/run.rs` reads the file and the command line, and a test begins in `src/facade.rs`. Both load a
//! scenario (`scenarios/src/lib.rs`) and hand it to `src/simulate.rs`, which runs its plan
//! (`models/src/lib.rs`), evaluates the checks and makes the result of what was measured
//! (`src/convert/mod.rs`). `src/exemplars.rs` says which requests are followed in a second run of the same seed.
//! `src/sweep.rs` runs many seeds at once. What is shown of a result is made by
//! `reports/src/lib.rs` and written by `src/output/mod.rs`.
//!
//! # How to add what
//!
//! | | begins in the tour of |
//! |---|---|
//! | a policy | `patterns/src/lib.rs` |
//! | a component, a step, a metric, a verb of faults | `models/src/lib.rs` |
//! | a fault, a load, what else may be written | `scenarios/src/lib.rs` |
//! | a chart | `reports/src/lib.rs` |
//! | a world that real code runs in | `runtime/src/lib.rs` |
//!
//! A command is a file in `src/commands/mod.rs`'s folder, a variant of `Command` in `src/cli.rs`, and a line
//! in `src/lib.rs`. A component of a test's own needs no file at all: a [`Registry`] gives its kind a name, and
//! [`Scenario::parse_with`] reads files that have it. Nor does a consumer of its own: [`Scenario::consumer`] puts code
//! where the steps of the file are, and so do [`Scenario::saga`] and [`Scenario::participant`].

mod bill;
mod cli;
mod commands;
mod convert;
mod diagnose;
mod engine;
mod exemplars;
pub mod exit;
mod facade;
mod files;
mod output;
mod reproduce;
mod simulate;
mod sweep;
mod terminal;
mod trouble;
mod verify;

use std::process::ExitCode;

pub use cascadia_models::component;
pub use cascadia_models::own::{Fault, Handed};
pub use cascadia_models::run::RunError;
pub use cascadia_patterns::saga;
pub use cascadia_reports::result;
pub use cascadia_scenarios::{Bill, Cost, Item, Registry, Wrong};

pub use self::facade::{Invalid, Run, Scenario};
use crate::cli::{Cli, Command};

/// Runs the command line of this process.
pub fn command_line() -> ExitCode {
    let cli = Cli::of_process();
    let done = match &cli.command {
        Command::Run(args) => commands::run::run(&cli, args),
        Command::Check(args) => commands::check::run(&cli, args),
        Command::Validate(args) => commands::validate::run(&cli, args),
        Command::Schema { which } => commands::schema::run(*which),
        Command::New(args) => commands::new::run(args),
        Command::List => commands::list::run(),
        Command::Explain { code } => commands::explain::run(code),
        Command::Completions { shell } => commands::completions::run(*shell),
    };
    ExitCode::from(done.unwrap_or_else(|trouble| {
        terminal::tell(trouble.text.trim_end_matches('\n'));
        trouble.code
    }))
}
