//! Names of the command line, as its help has them.

use std::collections::BTreeSet;

use super::Names;
use crate::support::{cascadia, root, stdout};

pub(super) fn names() -> Names {
    let top = help(&[]);
    let listed = top.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = listed.take_while(|line| !line.is_empty());
    let rows =
        listed.filter_map(|line| line.strip_prefix("  ")).filter(|row| !row.starts_with(' '));
    let commands: Vec<&str> = rows.filter_map(|row| row.split_whitespace().next()).collect();
    let of_each = |command: &&str| options(&format!("cascadia {command}"), &help(&[command]));
    let own = commands.iter().filter(|command| **command != "help").flat_map(of_each);
    Names::from([("Command line", own.chain(options("cascadia", &top)).collect())])
}

fn help(command: &[&str]) -> String {
    stdout(&cascadia(&root(), &[command, &["--help"]].concat()))
}

/// The command and its options.
fn options(command: &str, help: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '-';
    let lines = help.lines().map(str::trim_start).filter(|line| line.starts_with('-'));
    let words = lines.flat_map(|line| line.split(|letter| !is_part(letter)));
    let options = words.filter(|word| word.starts_with("--") && word.len() > 2);
    let options = options.map(|option| format!("{command} {option}"));
    options.chain([command.to_owned()]).collect()
}
