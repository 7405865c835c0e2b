//! Cascadia simulates distributed systems with real resilience policies.
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

mod cli;
mod commands;
mod convert;
mod diagnose;
mod engine;
mod excerpt;
pub mod exit;
mod facade;
mod files;
mod output;
mod reproduce;
mod simulate;
mod sweep;
mod terminal;
mod trouble;

use std::process::ExitCode;

pub use cascadia_models::component;
pub use cascadia_models::run::RunError;
pub use cascadia_reports::result;
pub use cascadia_scenarios::{Registry, Wrong};

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
