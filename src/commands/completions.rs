use clap::CommandFactory;
use clap_complete::{Shell, generate};

use super::run::shown;
use crate::cli::Cli;
use crate::terminal::print;
use crate::trouble::Trouble;

/// `cascadia completions`.
pub(crate) fn run(shell: Shell) -> Result<u8, Trouble> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "cascadia", &mut script);
    shown(print(&String::from_utf8_lossy(&script)))
}
