//! The command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    cascadia::command_line()
}
